//! What an argument of a package manager asks for. Each is a small language with no nesting, and so nom's.

use nom::branch::alt;
use nom::bytes::complete::{take_till, take_till1, take_while1};
use nom::character::complete::{char, space0};
use nom::combinator::{opt, recognize, rest};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use super::value::HOLE;
use super::{Argument, Call};

/// How packages are named.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ecosystem {
    /// `name[:architecture][=version|/release]`
    Apt,
    /// `name[@repository][=version]`, with `~`, `<` and `>` too
    Apk,
    /// `name[extra]==version`, with all other operators, `name @ address`, addresses and paths
    Pip,
    /// `[@scope/]name[@version]`, addresses, repositories and paths
    Npm,
    /// `name[:version]`
    Gem,
    /// `path[@version]`, and paths of this module
    Go,
    /// `name[-version[-release]][.architecture]`, files and addresses
    Rpm,
    /// `name[=version]`, with `<` and `>` too
    Zypper,
    /// `name[@version]`
    Cargo,
}

impl Ecosystem {
    /// How the packages are named that a command installs, and which of its operands are not packages but verbs: the first ones.
    fn of(call: Call<'_>) -> Option<(Self, usize)> {
        let verb = |verb: &str| usize::from(call.operands().next().is_some_and(|first| first.known() == Some(verb)));
        let found = match (call.program(), call.subcommand()?) {
            ("apt-get" | "apt" | "aptitude", "install" | "reinstall") => (Self::Apt, 0),
            ("apk", "add") => (Self::Apk, 0),
            ("pip", "install" | "download" | "wheel") | ("pipx", "install") | ("uv", "add") => (Self::Pip, 0),
            ("uv", "pip" | "tool") if verb("install") == 1 => (Self::Pip, 1),
            ("npm" | "pnpm", "install") | ("yarn" | "pnpm", "add") => (Self::Npm, 0),
            ("yarn", "global") if verb("add") == 1 => (Self::Npm, 1),
            ("gem", "install") => (Self::Gem, 0),
            ("go", "install" | "get" | "run") => (Self::Go, 0),
            ("yum" | "dnf" | "microdnf" | "tdnf", "install" | "reinstall" | "localinstall") => (Self::Rpm, 0),
            ("zypper", "install") => (Self::Zypper, 0),
            ("cargo", "install" | "binstall") => (Self::Cargo, 0),
            _ => return None,
        };
        Some(found)
    }
}

impl<'s> Call<'s> {
    /// The packages that it installs, each with the argument that asks for it; none where it installs none.
    ///
    /// ```
    /// use plimsoll::shell::{Constraint, Interpreter, Script, Text};
    ///
    /// let text = "apk add --virtual .deps curl git=~2";
    /// let script = Script::read(Text::plain(text, 0), Interpreter::default(), &|_| None);
    /// let packages: Vec<_> = script.calls().next().unwrap().packages().collect();
    /// assert_eq!((packages[0].1.name, packages[0].1.constraint), ("curl", Constraint::None));
    /// assert_eq!((packages[1].1.name, packages[1].1.constraint), ("git", Constraint::Range("2")));
    /// assert_eq!(packages[1].0.span().of(text), "git=~2");
    /// ```
    pub fn packages(self) -> impl Iterator<Item = (Argument<'s>, Package<'s>)> {
        let found = Ecosystem::of(self);
        // What follows the package of a `go run` is for the program.
        let most = if self.is("go") && self.subcommand() == Some("run") { 1 } else { usize::MAX };
        found.into_iter().flat_map(move |(ecosystem, verbs)| {
            let operands = self.operands().skip(verbs).take(most);
            operands.map(move |operand| (operand, Package::read(ecosystem, operand.text())))
        })
    }
}

/// What an argument of a package manager asks for.
///
/// ```
/// use plimsoll::shell::{Constraint, Ecosystem, Package};
///
/// let package = Package::read(Ecosystem::Npm, "@angular/cli@17.0.1");
/// assert_eq!((package.name, package.constraint), ("@angular/cli", Constraint::Exact("17.0.1")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Package<'p> {
    /// The name; of a file, an address or a repository, all of it.
    pub name: &'p str,
    /// Which version is asked for.
    pub constraint: Constraint<'p>,
}

/// Which version of a package is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Constraint<'p> {
    /// Any.
    None,
    /// This one.
    Exact(&'p str),
    /// One of several.
    Range(&'p str),
    /// What this name stands for on the day of the build: `latest`.
    Tag(&'p str),
    /// The one of this release of the distribution.
    Release(&'p str),
    /// None is named, for it is a file, an address or a repository; what follows `#` or `@` there, if anything.
    Source(Option<&'p str>),
    /// It depends on what is not known.
    Unknown,
}

impl<'p> Package<'p> {
    /// Reads an argument, in which [`HOLE`] stands for what is not known.
    #[must_use]
    pub fn read(ecosystem: Ecosystem, text: &'p str) -> Self {
        let package = match ecosystem {
            Ecosystem::Apt => apt(text),
            Ecosystem::Apk => with_operator(text, &[".apk"]),
            Ecosystem::Zypper => with_operator(text, &[".rpm"]),
            Ecosystem::Pip => pip(text),
            Ecosystem::Npm => npm(text),
            Ecosystem::Gem => gem(text),
            Ecosystem::Go => go(text),
            Ecosystem::Rpm => rpm(text),
            Ecosystem::Cargo => at_version(text),
        };
        match package.constraint {
            Constraint::None if text.contains(HOLE) => Self { constraint: Constraint::Unknown, ..package },
            _ => package,
        }
    }

    const fn source(text: &'p str) -> Self {
        Self { name: text, constraint: Constraint::Source(None) }
    }
}

/// Whether it is a path or an address.
fn is_place(text: &str) -> bool {
    text.starts_with(['/', '~'])
        || matches!(text, "." | "..")
        || text.starts_with("./")
        || text.starts_with("../")
        || text.contains("://")
}

/// `=`, `<`, `>`, `~`, `!` and what is made of them.
fn operator(text: &str) -> IResult<&str, &str> {
    take_while1(|c| matches!(c, '=' | '<' | '>' | '~' | '!')).parse_complete(text)
}

/// A version after an operator that asks for that one.
fn exact(version: &str) -> Constraint<'_> {
    if version.contains('*') { Constraint::Range(version) } else { Constraint::Exact(version) }
}

fn apt(text: &str) -> Package<'_> {
    if is_place(text) || text.ends_with(".deb") {
        return Package::source(text);
    }
    let name = take_till::<_, _, nom::error::Error<&str>>(|c| matches!(c, '=' | '/'));
    let version = preceded(char('='), rest).map(exact);
    let release = preceded(char('/'), rest).map(Constraint::Release);
    match (name, opt(alt((version, release)))).parse_complete(text) {
        Ok((_, (name, constraint))) => Package { name, constraint: constraint.unwrap_or(Constraint::None) },
        Err(_) => Package { name: text, constraint: Constraint::None },
    }
}

fn with_operator<'p>(text: &'p str, files: &[&str]) -> Package<'p> {
    if is_place(text) || files.iter().any(|ending| text.ends_with(ending)) {
        return Package::source(text);
    }
    let name = take_till::<_, _, nom::error::Error<&str>>(|c| matches!(c, '=' | '<' | '>' | '~' | '@'));
    let repository = opt(preceded(char('@'), take_till(|c| matches!(c, '=' | '<' | '>' | '~'))));
    match (name, repository, opt((operator, rest))).parse_complete(text) {
        Ok((_, (name, _, Some(("=" | "==", version))))) => Package { name, constraint: exact(version) },
        Ok((_, (name, _, Some((_, version))))) => Package { name, constraint: Constraint::Range(version) },
        Ok((_, (name, _, None))) => Package { name, constraint: Constraint::None },
        Err(_) => Package { name: text, constraint: Constraint::None },
    }
}

fn pip(text: &str) -> Package<'_> {
    let text = text.split_once(';').map_or(text, |(text, _)| text.trim_end());
    if is_place(text) || text.starts_with("git+") {
        let revision = text.split_once('#').map_or(text, |(text, _)| text);
        let revision = revision.rsplit_once('/').and_then(|(_, last)| last.split_once('@'));
        return Package { name: text, constraint: Constraint::Source(revision.map(|(_, revision)| revision)) };
    }
    let file = text.split_once('[').map_or(text, |(text, _)| text);
    if is_place(file)
        || [".whl", ".tar.gz", ".zip", ".tar.bz2"].iter().any(|ending| file.ends_with(ending))
        || file.contains('/')
    {
        return Package::source(text);
    }
    let name = take_till1::<_, _, nom::error::Error<&str>>(|c: char| {
        matches!(c, '=' | '<' | '>' | '~' | '!' | '[' | '@' | '(') || c.is_whitespace()
    });
    let extras = opt(recognize(delimited(char('['), take_till(|c| c == ']'), char(']'))));
    let address = preceded((space0, char('@'), space0), rest).map(|address| Constraint::Source(Some(address)));
    let versions =
        preceded((space0, opt(char('(')), space0), (operator, space0, rest)).map(|(operator, _, versions)| {
            match operator {
                "==" | "===" if !versions.contains(',') => exact(versions.trim_end_matches(')')),
                _ => Constraint::Range(versions),
            }
        });
    match (name, extras, opt(alt((address, versions)))).parse_complete(text) {
        Ok((_, (name, _, constraint))) => Package { name, constraint: constraint.unwrap_or(Constraint::None) },
        Err(_) => Package { name: text, constraint: Constraint::None },
    }
}

/// `name@version`, where the name may begin with `@`.
fn at_version(text: &str) -> Package<'_> {
    let after_scope = usize::from(text.starts_with('@'));
    match text.get(after_scope..).and_then(|rest| rest.find('@')).map(|at| at + after_scope) {
        Some(at) => {
            let version = text.get(at + 1..).unwrap_or_default();
            Package { name: text.get(..at).unwrap_or_default(), constraint: version_or_tag(version) }
        }
        None => Package { name: text, constraint: Constraint::None },
    }
}

/// What stands after `@`: a version, several, or a name.
fn version_or_tag(version: &str) -> Constraint<'_> {
    let bare = version.strip_prefix(['v', '=']).unwrap_or(version);
    let numbers = bare.split(['-', '+']).next().unwrap_or(bare);
    let parts = || numbers.split('.');
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if version.contains(HOLE) {
        return Constraint::Exact(version);
    }
    if parts().count() == 3 && parts().all(number) {
        return Constraint::Exact(version);
    }
    let range = bare.starts_with(|c: char| c.is_ascii_digit() || "^~<>=*".contains(c)) || bare == "x";
    if range { Constraint::Range(version) } else { Constraint::Tag(version) }
}

fn npm(text: &str) -> Package<'_> {
    let is_archive = [".tgz", ".tar.gz", ".tar"].iter().any(|ending| text.ends_with(ending));
    let prefixes = ["git+", "git@", "github:", "gitlab:", "bitbucket:", "gist:", "file:"];
    let is_repository = !text.starts_with('@') && text.contains('/') || prefixes.iter().any(|p| text.starts_with(p));
    if is_place(text) || is_archive || is_repository {
        let revision = text.split_once('#').map(|(_, revision)| revision);
        return Package { name: text, constraint: Constraint::Source(revision) };
    }
    let package = at_version(text);
    match package.constraint {
        Constraint::Tag(target) => match target.strip_prefix("npm:") {
            Some(target) => Package { name: package.name, constraint: at_version(target).constraint },
            None => package,
        },
        _ => package,
    }
}

fn gem(text: &str) -> Package<'_> {
    if is_place(text) || text.ends_with(".gem") {
        return Package::source(text);
    }
    match text.split_once(':') {
        Some((name, version)) if version.starts_with(['~', '<', '>', '!']) => {
            Package { name, constraint: Constraint::Range(version) }
        }
        Some((name, version)) => Package { name, constraint: exact(version) },
        None => Package { name: text, constraint: Constraint::None },
    }
}

fn go(text: &str) -> Package<'_> {
    if is_place(text) || text.starts_with("...") || text.ends_with(".go") || matches!(text, "all" | "std" | "cmd") {
        return Package::source(text);
    }
    match text.split_once('@') {
        Some((name, version)) => {
            let names_version = version.starts_with('v') || version.contains(HOLE);
            let is_commit = version.len() >= 7 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
            let constraint = match version {
                _ if names_version || is_commit => version_or_commit(version),
                _ if version.starts_with(['<', '>']) => Constraint::Range(version),
                _ => Constraint::Tag(version),
            };
            Package { name, constraint }
        }
        None => Package { name: text, constraint: Constraint::None },
    }
}

/// `v1` and `v1.2` stand for the last of their kind.
fn version_or_commit(version: &str) -> Constraint<'_> {
    let short = version.starts_with('v') && version.matches('.').count() < 2 && !version.contains(HOLE);
    if short { Constraint::Range(version) } else { Constraint::Exact(version) }
}

fn rpm(text: &str) -> Package<'_> {
    if is_place(text) || text.ends_with(".rpm") {
        return Package::source(text);
    }
    if let Some((name, version)) = text.split_once('=') {
        return Package { name: name.trim_end(), constraint: exact(version.trim_start_matches(['=', ' '])) };
    }
    // A release begins with a digit too, and further parts there are none: `java-1.8.0-openjdk` is a name.
    let is_number = |part: &str| {
        let digit = part.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '*' | HOLE));
        digit && part.chars().all(|c| c.is_ascii_alphanumeric() || ".~^_:+*".contains(c) || c == HOLE)
    };
    let is_version = |version: &str| match version.split_once('-') {
        Some((version, release)) => is_number(version) && is_number(release),
        None => is_number(version),
    };
    let dashes = text.match_indices('-').map(|(at, _)| at);
    for at in dashes {
        let (name, version) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        if !name.is_empty() && is_version(version) {
            return Package { name, constraint: exact(version) };
        }
    }
    Package { name: text, constraint: Constraint::None }
}

#[cfg(test)]
mod tests {
    use super::Constraint::{Exact, None as Any, Range, Release, Source, Tag, Unknown};
    use super::Ecosystem::{Apk, Apt, Cargo, Gem, Go, Npm, Pip, Rpm, Zypper};
    use super::*;

    #[test]
    fn packages() {
        let cases = [
            (Apt, "curl", "curl", Any),
            (Apt, "curl=7.1-2", "curl", Exact("7.1-2")),
            (Apt, "curl=7.*", "curl", Range("7.*")),
            (Apt, "libc6:i386=2.1", "libc6:i386", Exact("2.1")),
            (Apt, "curl/bookworm", "curl", Release("bookworm")),
            (Apt, "./a.deb", "./a.deb", Source(None)),
            (Apt, "curl\0", "curl\0", Unknown),
            (Apt, "curl=\0", "curl", Exact("\0")),
            (Apk, "curl", "curl", Any),
            (Apk, "curl@edge", "curl", Any),
            (Apk, "curl@edge=1.2-r0", "curl", Exact("1.2-r0")),
            (Apk, "curl~1.2", "curl", Range("1.2")),
            (Apk, "curl=~1.2", "curl", Range("1.2")),
            (Apk, "curl>=1", "curl", Range("1")),
            (Apk, "x.apk", "x.apk", Source(None)),
            (Pip, "requests", "requests", Any),
            (Pip, "requests==2.31", "requests", Exact("2.31")),
            (Pip, "requests==2.*", "requests", Range("2.*")),
            (Pip, "requests >= 2, < 3", "requests", Range("2, < 3")),
            (Pip, "a[b,c]~=1.0; python_version < '3'", "a", Range("1.0")),
            (Pip, "a @ https://x/y.whl", "a @ https://x/y.whl", Source(Option::None)),
            (Pip, "git+https://github.com/a/b@v1", "git+https://github.com/a/b@v1", Source(Some("v1"))),
            (Pip, ".[dev]", ".[dev]", Source(None)),
            (Pip, ".", ".", Source(None)),
            (Pip, "dist/a.whl", "dist/a.whl", Source(None)),
            (Npm, "express", "express", Any),
            (Npm, "express@4.18.2", "express", Exact("4.18.2")),
            (Npm, "express@^4", "express", Range("^4")),
            (Npm, "express@latest", "express", Tag("latest")),
            (Npm, "@a/b", "@a/b", Any),
            (Npm, "@a/b@1.0.0-rc.1", "@a/b", Exact("1.0.0-rc.1")),
            (Npm, "a@npm:b@1.2.3", "a", Exact("1.2.3")),
            (Npm, "user/repo#v1", "user/repo#v1", Source(Some("v1"))),
            (Npm, "./x", "./x", Source(None)),
            (Npm, "a@\0", "a", Exact("\0")),
            (Gem, "rails", "rails", Any),
            (Gem, "rails:7.0.1", "rails", Exact("7.0.1")),
            (Gem, "rails:~>7", "rails", Range("~>7")),
            (Go, "golang.org/x/tools/gopls", "golang.org/x/tools/gopls", Any),
            (Go, "a.b/c@v1.2.3", "a.b/c", Exact("v1.2.3")),
            (Go, "a.b/c@v1", "a.b/c", Range("v1")),
            (Go, "a.b/c@latest", "a.b/c", Tag("latest")),
            (Go, "./...", "./...", Source(None)),
            (Rpm, "httpd", "httpd", Any),
            (Rpm, "httpd-2.4.6", "httpd", Exact("2.4.6")),
            (Rpm, "java-1.8.0-openjdk", "java-1.8.0-openjdk", Any),
            (Rpm, "gcc-c++", "gcc-c++", Any),
            (Rpm, "gcc-c++-4.8", "gcc-c++", Exact("4.8")),
            (Rpm, "https://x/y.rpm", "https://x/y.rpm", Source(None)),
            (Rpm, "a-\0", "a", Exact("\0")),
            (Zypper, "vim=9", "vim", Exact("9")),
            (Zypper, "vim>9", "vim", Range("9")),
            (Cargo, "ripgrep@14.1.0", "ripgrep", Exact("14.1.0")),
            (Cargo, "ripgrep", "ripgrep", Any),
        ];
        let failures: Vec<String> = cases
            .into_iter()
            .map(|(ecosystem, text, name, constraint)| {
                (Package::read(ecosystem, text), ecosystem, Package { name, constraint })
            })
            .filter(|(found, _, expected)| found != expected)
            .map(|(found, ecosystem, expected)| format!("{ecosystem:?}: {found:?} is not {expected:?}"))
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
