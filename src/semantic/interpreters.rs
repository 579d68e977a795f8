//! Which interpreters a base image lacks, as of November 2026. Only what has been so for years is written down here.

use super::stage::{Base, Stage};
use super::{Model, Point};
use crate::ast::{Instruction, Kind};
use crate::shell::{Call, Script};

/// Shells that Alpine and busybox do not bring.
const SHELLS: [&str; 5] = ["bash", "zsh", "ksh", "mksh", "fish"];
/// Languages that bare images do not bring.
const LANGUAGES: [&str; 8] = ["python", "python2", "python3", "perl", "ruby", "node", "php", "lua"];
/// Images of languages whose `alpine` tags are Alpine and the language, nothing else that is a shell.
const ON_ALPINE: [&str; 5] = ["node", "python", "golang", "rust", "ruby"];
/// What is often installed on Alpine and brings no further shell or language.
const PLAIN_PACKAGES: [&str; 34] = [
    "ca-certificates",
    "curl",
    "wget",
    "tzdata",
    "openssl",
    "jq",
    "su-exec",
    "tini",
    "dumb-init",
    "libc6-compat",
    "libstdc++",
    "gettext",
    "make",
    "gcc",
    "g++",
    "musl-dev",
    "libc-dev",
    "build-base",
    "openssh-client",
    "unzip",
    "zip",
    "tar",
    "xz",
    "gzip",
    "coreutils",
    "shadow",
    "sqlite",
    "sqlite-libs",
    "busybox-extras",
    "libffi-dev",
    "openssl-dev",
    "zlib-dev",
    "libpq",
    "gcompat",
];

impl<'d, 'a> Model<'d, 'a> {
    /// The base image of a stage, where that is known not to have an interpreter, and nothing in the Dockerfile may bring it.
    ///
    /// The interpreter is what a `#!` names: a path, or a name after `env`.
    #[must_use]
    pub fn lacks_interpreter(&self, stage: &Stage<'d, 'a>, interpreter: &str) -> Option<String> {
        let name = interpreter.rsplit('/').next().unwrap_or_default();
        let root = self.lineage(stage).last()?;
        let base = match root.base {
            Base::Scratch => {
                Lacking { name: "scratch".to_owned(), apk: false, lacks: name != "env" || interpreter.contains('/') }
            }
            Base::Image => of_image(root.image.known()?, name)?,
            Base::Stage(_) | Base::Unknown => return None,
        };
        let may_be_brought = self.lineage(stage).any(|stage| {
            let triggered = stage.triggers.iter().map(|trigger| trigger.instruction);
            stage.body.iter().chain(triggered).any(|instruction| {
                self.at(instruction).is_none_or(|point| may_bring(instruction, &point, name, base.apk))
            })
        });
        (base.lacks && !may_be_brought).then_some(base.name)
    }
}

struct Lacking {
    name: String,
    /// Whether its packages are Alpine's.
    apk: bool,
    lacks: bool,
}

fn of_image(image: &str, interpreter: &str) -> Option<Lacking> {
    let without_digest = image.split('@').next().unwrap_or_default();
    let (repository, tag) = match without_digest.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (without_digest, ""),
    };
    let repository = repository.strip_prefix("docker.io/").unwrap_or(repository);
    let repository = repository.strip_prefix("library/").unwrap_or(repository);
    let is_shell = SHELLS.contains(&interpreter);
    let is_language = LANGUAGES.contains(&interpreter);
    let is_alpine_tag = tag.split(['-', '.']).any(|part| {
        part.strip_prefix("alpine").is_some_and(|version| version.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let (lacks, apk) = match repository {
        "alpine" => (is_shell || is_language, true),
        "busybox" => (is_shell || is_language, false),
        _ if ON_ALPINE.contains(&repository) && is_alpine_tag => (is_shell, true),
        _ => match repository.strip_prefix("gcr.io/distroless/") {
            Some(kind) if !tag.contains("debug") => {
                let is_bare = ["static", "base", "cc"].iter().any(|bare| kind.split('-').next() == Some(bare));
                (is_shell || matches!(interpreter, "sh" | "dash" | "ash") || is_bare && is_language, false)
            }
            _ => return None,
        },
    };
    Some(Lacking { name: image.to_owned(), apk, lacks })
}

/// Whether an instruction may put an interpreter into the image.
fn may_bring(instruction: &Instruction<'_>, point: &Point<'_, '_, '_>, name: &str, apk: bool) -> bool {
    match &instruction.kind {
        Kind::Malformed(_) => true,
        // What comes from the context or another image into a directory of programs may be anything.
        Kind::Copy(copy) => may_be_program(point, &copy.destination, name),
        Kind::Add(add) => may_be_program(point, &add.destination, name),
        Kind::Run(_) => point.scripts(instruction).iter().any(|script| may_install(script, name, apk)),
        _ => false,
    }
}

fn may_be_program(point: &Point<'_, '_, '_>, destination: &str, name: &str) -> bool {
    let resolved = point.resolve(destination);
    let Some(path) = resolved.known() else { return true };
    let is_root = destination.ends_with('/') || destination == ".";
    let last = path.rsplit('/').next().unwrap_or_default();
    match path {
        // A file that keeps its name is no interpreter, but a directory may hold one.
        "/" => !is_root,
        "/bin" | "/usr" | "/usr/bin" | "/usr/local" | "/opt" | "/sbin" => true,
        _ => last == name,
    }
}

fn may_install(script: &Script<'_>, name: &str, apk: bool) -> bool {
    if !script.dialect().is_read() && !script.is_exec() || script.text().as_str().contains(name) {
        return true;
    }
    let is_plain = |call: Call<'_>| {
        call.operands().all(|package| {
            package.known().is_some_and(|package| {
                let package = package.split(['=', '~', '<', '>', '@']).next().unwrap_or_default();
                PLAIN_PACKAGES.contains(&package)
            })
        })
    };
    script.calls().any(|call| match call.name() {
        "apk" if apk => call.subcommand() == Some("add") && !is_plain(call),
        "apk" | "apt-get" | "apt" | "dnf" | "yum" | "microdnf" | "make" | "tar" | "unzip" | "sh" | "ash" | "cp"
        | "mv" | "ln" | "git" | "pip" | "pip3" | "npm" | "install" => {
            // What is fetched or linked may be an interpreter, where it goes to the programs.
            !matches!(call.name(), "pip" | "pip3" | "npm" | "git") && !apk
                || call.arguments().any(|argument| {
                    argument.known().is_none_or(|argument| argument == "/" || argument.contains("/bin"))
                })
        }
        other => other.contains('\0') || other.ends_with(".sh"),
    })
}
