//! What instructions, flags, mounts and directives are for, in a few lines each.

use crate::ast::{DirectiveKind, Keyword, MountType};

/// What an instruction is for.
#[derive(Debug)]
pub(crate) struct InstructionPage {
    pub(crate) keyword: Keyword,
    /// One sentence.
    pub(crate) summary: &'static str,
    /// How it is written.
    pub(crate) forms: &'static [&'static [Part]],
    /// What else there is to know, a sentence or two.
    pub(crate) details: &'static str,
    pub(crate) flags: &'static [FlagPage],
}

/// A part of a form, in order of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub(crate) label: &'static str,
    /// What stands there.
    pub(crate) text: &'static str,
    pub(crate) kind: PartKind,
}

/// How many words a part has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PartKind {
    /// Any number of flags.
    Flags,
    /// One word.
    Word,
    /// The rest of the line.
    Rest,
}

/// What a flag is for.
#[derive(Debug)]
pub(crate) struct FlagPage {
    pub(crate) name: &'static str,
    /// What stands after `=`, in words; nothing where a value is needless.
    pub(crate) value: &'static str,
    pub(crate) summary: &'static str,
    /// The values there are, or some that are usual, and what each means.
    pub(crate) values: &'static [(&'static str, &'static str)],
    pub(crate) repeatable: bool,
}

/// What a type of mount is for.
#[derive(Debug)]
pub(crate) struct MountPage {
    pub(crate) kind: MountType,
    pub(crate) summary: &'static str,
    pub(crate) keys: &'static [KeyPage],
}

/// What a key of a mount is for.
#[derive(Debug)]
pub(crate) struct KeyPage {
    /// The usual name first.
    pub(crate) names: &'static [&'static str],
    /// What stands after `=`, in words; nothing where a value is needless.
    pub(crate) value: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) values: &'static [(&'static str, &'static str)],
}

/// What a parser directive is for.
#[derive(Debug)]
pub(crate) struct DirectivePage {
    pub(crate) kind: DirectiveKind,
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) details: &'static str,
    pub(crate) values: &'static [(&'static str, &'static str)],
}

/// The page of an instruction.
pub(crate) fn instruction(keyword: Keyword) -> Option<&'static InstructionPage> {
    INSTRUCTIONS.iter().find(|page| page.keyword == keyword)
}

impl InstructionPage {
    /// The page of a flag.
    pub(crate) fn flag(&self, name: &str) -> Option<&'static FlagPage> {
        self.flags.iter().find(|flag| flag.name == name)
    }
}

/// The page of a type of mount.
pub(crate) fn mount(kind: MountType) -> Option<&'static MountPage> {
    MOUNTS.iter().find(|page| page.kind == kind)
}

impl MountPage {
    /// The page of a key, in any case.
    pub(crate) fn key(&self, name: &str) -> Option<&'static KeyPage> {
        self.keys.iter().find(|key| key.names.iter().any(|known| known.eq_ignore_ascii_case(name)))
    }
}

/// The page of a directive.
pub(crate) fn directive(kind: DirectiveKind) -> Option<&'static DirectivePage> {
    DIRECTIVES.iter().find(|page| page.kind == kind)
}

const fn word(label: &'static str, text: &'static str) -> Part {
    Part { label, text, kind: PartKind::Word }
}

const fn rest(label: &'static str, text: &'static str) -> Part {
    Part { label, text, kind: PartKind::Rest }
}

const FLAGS: Part = Part { label: "[--flag…]", text: "Flags come before all else.", kind: PartKind::Flags };
const SHELL_COMMAND: Part = rest("command…", "A line for the shell: `/bin/sh -c`, unless `SHELL` names another one.");
const EXEC_COMMAND: Part = rest(
    "[\"program\", \"argument\", …]",
    "An array of JSON strings, which is run as it is: no shell reads it, so that nothing expands variables.",
);

const fn flag(name: &'static str, value: &'static str, summary: &'static str) -> FlagPage {
    FlagPage { name, value, summary, values: &[], repeatable: false }
}

const CHOWN: FlagPage = flag(
    "chown",
    "user[:group]",
    "Whose the files are in the image, by name or number. Without it they are root's, whatever `USER` says.",
);
const CHMOD: FlagPage = FlagPage {
    values: &[
        ("644", "readable by all"),
        ("755", "executable by all"),
        ("600", "for the owner only"),
        ("u=rwX,go=rX", "symbolic: executable where it was, and directories"),
    ],
    ..flag(
        "chmod",
        "mode",
        "The permissions of the files in the image, in octal or symbols, instead of those of the source.",
    )
};
const BOOLEANS: &[(&str, &str)] = &[("true", "yes, as without a value"), ("false", "no")];
const LINK: FlagPage = FlagPage {
    values: BOOLEANS,
    ..flag(
        "link",
        "",
        "Makes a layer that does not depend on those before it, so that it is kept when they change. A link at the destination is then not followed.",
    )
};
const EXCLUDE: FlagPage = FlagPage {
    repeatable: true,
    ..flag(
        "exclude",
        "pattern",
        "Leaves out what matches, with patterns as in `.dockerignore`, from where the source begins.",
    )
};

const INTERVALS: &[(&str, &str)] = &[("10s", ""), ("30s", ""), ("1m", ""), ("5m", "")];

pub(crate) static INSTRUCTIONS: [InstructionPage; 18] = [
    InstructionPage {
        keyword: Keyword::From,
        summary: "Begins a stage with an image, an earlier stage, or nothing (`scratch`).",
        forms: &[&[
            FLAGS,
            word("image[:tag][@digest]", "An image, the name of an earlier stage, or `scratch`."),
            word("[AS", "The word `AS` announces a name."),
            word("name]", "What other stages call this one: small letters, digits, `_`, `-` and `.`."),
        ]],
        details: "Only an `ARG` may stand before the first `FROM`, and only `FROM`s see it, unless a stage declares it again.",
        flags: &[FlagPage {
            values: &[
                ("$BUILDPLATFORM", "the platform that builds: for compilers that cross-compile"),
                ("$TARGETPLATFORM", "the platform that is built for, which is the default"),
                ("linux/amd64", ""),
                ("linux/arm64", ""),
                ("linux/arm/v7", ""),
                ("linux/386", ""),
                ("linux/ppc64le", ""),
                ("linux/s390x", ""),
                ("linux/riscv64", ""),
                ("windows/amd64", ""),
            ],
            ..flag("platform", "os/architecture", "Which variant of the image is taken, where it has several.")
        }],
    },
    InstructionPage {
        keyword: Keyword::Run,
        summary: "Runs a command while the image is built, and keeps what it changes as a layer.",
        forms: &[
            &[FLAGS, SHELL_COMMAND],
            &[FLAGS, EXEC_COMMAND],
            &[FLAGS, rest("<<EOF … EOF", "A script of several lines.")],
        ],
        details: "`ARG`s and `ENV`s are its environment. What a later `RUN` deletes stays in the layer of the earlier one.",
        flags: &[
            FlagPage {
                repeatable: true,
                values: &[
                    ("type=bind,", "files of the context, a stage or an image"),
                    ("type=cache,", "a directory that is kept between builds"),
                    ("type=tmpfs,", "a directory in memory"),
                    ("type=secret,", "a secret that never gets into the image"),
                    ("type=ssh", "the socket of an SSH agent"),
                ],
                ..flag(
                    "mount",
                    "type=…,key=value…",
                    "Shows the command something that does not become part of the image.",
                )
            },
            FlagPage {
                values: &[
                    ("default", "that of the builder"),
                    ("none", "nothing but the loopback"),
                    ("host", "that of the host; the builder must allow it"),
                ],
                ..flag("network", "mode", "The network that the command sees.")
            },
            FlagPage {
                values: &[
                    ("sandbox", "those of a container, which is the default"),
                    ("insecure", "all; the builder must allow it"),
                ],
                ..flag("security", "mode", "The privileges that the command has.")
            },
            FlagPage {
                repeatable: true,
                ..flag("device", "name[,required]", "A device of the host that the command sees, by its CDI name.")
            },
        ],
    },
    InstructionPage {
        keyword: Keyword::Cmd,
        summary: "What a container runs, or the arguments that it gives to the `ENTRYPOINT`.",
        forms: &[&[EXEC_COMMAND], &[SHELL_COMMAND]],
        details: "The last one counts. `docker run IMAGE …` takes other words in its place.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Entrypoint,
        summary: "The program that a container runs; `CMD`, or the words of `docker run IMAGE …`, are its arguments.",
        forms: &[&[EXEC_COMMAND], &[SHELL_COMMAND]],
        details: "The last one counts. As a line for the shell it passes no arguments on, and the shell gets the signals. It takes \
                  back the base image's `CMD`.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Copy,
        summary: "Copies files and directories of the build context, a stage or an image.",
        forms: &[
            &[
                FLAGS,
                word(
                    "source…",
                    "Paths from the root of the context; they may have wildcards. Of a directory its content is copied.",
                ),
                DESTINATION,
            ],
            &[FLAGS, rest("[\"source\", …, \"destination\"]", "The same as JSON, for paths with white space.")],
            &[FLAGS, word("<<EOF", "A file whose lines follow."), DESTINATION],
        ],
        details: "What `.dockerignore` leaves out is not there to be copied.",
        flags: &[
            flag("from", "stage", "Copies from a stage, by name or number, from an image, or from a named context."),
            CHOWN,
            CHMOD,
            LINK,
            FlagPage {
                values: BOOLEANS,
                ..flag("parents", "", "Keeps the directories of each source, from a `/./` in it on, if it has one.")
            },
            EXCLUDE,
        ],
    },
    InstructionPage {
        keyword: Keyword::Add,
        summary: "Copies files of the build context, unpacks archives, and downloads from addresses and Git repositories.",
        forms: &[
            &[
                FLAGS,
                word("source…", "Paths from the root of the context, `https://…`, or a Git repository."),
                DESTINATION,
            ],
            &[FLAGS, rest("[\"source\", …, \"destination\"]", "The same as JSON, for paths with white space.")],
            &[FLAGS, word("<<EOF", "A file whose lines follow."), DESTINATION],
        ],
        details: "Local tar archives are unpacked, downloaded ones are not. For mere copying there is `COPY`.",
        flags: &[
            CHOWN,
            CHMOD,
            LINK,
            FlagPage { values: BOOLEANS, ..flag("keep-git-dir", "", "Keeps `.git` of a Git repository.") },
            flag(
                "checksum",
                "sha256:…",
                "Fails unless what is downloaded has this checksum; of a Git repository, the commit.",
            ),
            FlagPage {
                values: BOOLEANS,
                ..flag(
                    "unpack",
                    "",
                    "Whether an archive is unpacked: also a downloaded one with `true`, not even a local one with `false`.",
                )
            },
            EXCLUDE,
        ],
    },
    InstructionPage {
        keyword: Keyword::Env,
        summary: "Sets variables, for what follows in the build and for the container.",
        forms: &[
            &[rest("key=value…", "Several at once see what held before the first of them.")],
            &[word("key", "The old form: one variable."), rest("value", "The rest of the line, blanks included.")],
        ],
        details: "Stages that build on this one have them too. Who can read the image can read their values: they are no place for secrets.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Arg,
        summary: "Declares a variable that `docker build --build-arg name=value` sets, for the build only.",
        forms: &[&[word("name[=default]…", "A name, and the value that it has if none is given.")]],
        details: "It holds from here to the end of the stage, and an `ENV` of its name hides it. One before the first `FROM` is seen by \
                  `FROM`s only; `ARG name` in a stage takes its value over. The values can be read from the image's history.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Workdir,
        summary: "The directory in which what follows runs, and the container; it is made if there is none.",
        forms: &[&[rest("path", "An absolute path, or one from the working directory so far.")]],
        details: "Relative destinations of `COPY` and `ADD` start there; the patterns of `.dockerignore` do not.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::User,
        summary: "Who runs what follows, and the container.",
        forms: &[&[word("user[:group]", "Names that the image has, or numbers.")]],
        details: "`COPY` and `ADD` still make files that are root's: say `--chown`.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Expose,
        summary: "Says which ports the container listens on. It opens none: `docker run -p` does.",
        forms: &[&[rest("port[/protocol]…", "A port or a range, `tcp` unless it says `udp` or `sctp`.")]],
        details: "`docker run -P` publishes them all.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Volume,
        summary: "Directories of the container that are kept outside of it.",
        forms: &[
            &[rest("path…", "Paths in the image.")],
            &[rest("[\"path\", …]", "The same as JSON, for paths with white space.")],
        ],
        details: "What the build still changes in them afterwards may be lost.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Label,
        summary: "Says something about the image, for people and tools.",
        forms: &[&[rest("key=value…", "Any keys; there are usual ones that begin with `org.opencontainers.image.`.")]],
        details: "Of two with one key the later one counts, also over the base image's.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Healthcheck,
        summary: "How Docker finds out whether the container still works.",
        forms: &[
            &[
                FLAGS,
                word("CMD", "The word `CMD`."),
                rest("command", "It succeeds with 0 and fails with 1; a line for the shell, or an array."),
            ],
            &[word("NONE", "Takes back the base image's check.")],
        ],
        details: "The last one counts.",
        flags: &[
            FlagPage {
                values: INTERVALS,
                ..flag("interval", "duration", "The time from one check to the next: 30 s without it.")
            },
            FlagPage {
                values: INTERVALS,
                ..flag("timeout", "duration", "A check that takes longer has failed: 30 s without it.")
            },
            FlagPage {
                values: INTERVALS,
                ..flag(
                    "start-period",
                    "duration",
                    "How long failures do not count after the start: not at all without it.",
                )
            },
            FlagPage {
                values: INTERVALS,
                ..flag("start-interval", "duration", "The time between checks during the start period: 5 s without it.")
            },
            FlagPage {
                values: &[("3", "as without it")],
                ..flag("retries", "number", "So many failures in a row make the container unhealthy: 3 without it.")
            },
        ],
    },
    InstructionPage {
        keyword: Keyword::Shell,
        summary: "The shell that runs what is not an array, in what follows and in the container.",
        forms: &[&[rest(
            "[\"program\", \"argument\", …]",
            "The line comes as one more argument. It has to be an array.",
        )]],
        details: "Without it, it is `/bin/sh -c`, and on Windows `cmd /S /C`.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Stopsignal,
        summary: "The signal with which `docker stop` asks the container to end: `SIGTERM` without it.",
        forms: &[&[word("signal", "A name like `SIGQUIT`, or a number.")]],
        details: "",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Onbuild,
        summary: "An instruction that runs when another build begins with this image, right after its `FROM`.",
        forms: &[&[rest("instruction", "Any but `ONBUILD`, `FROM` and `MAINTAINER`.")]],
        details: "Nothing of it happens in this build.",
        flags: &[],
    },
    InstructionPage {
        keyword: Keyword::Maintainer,
        summary: "Who made the image. Deprecated.",
        forms: &[&[rest("name", "The rest of the line.")]],
        details: "Write `LABEL org.opencontainers.image.authors=\"…\"` instead.",
        flags: &[],
    },
];

const DESTINATION: Part = word(
    "destination",
    "A path in the image, from `WORKDIR` unless it begins with `/`. With a `/` at its end it is a directory, as it has to be for several sources.",
);

const fn key(names: &'static [&'static str], value: &'static str, summary: &'static str) -> KeyPage {
    KeyPage { names, value, summary, values: &[] }
}

const TARGET: KeyPage = key(
    &["target", "dst", "destination"],
    "path",
    "Where the command finds it, from `WORKDIR` unless it begins with `/`.",
);
const FROM: KeyPage = key(&["from"], "stage", "The stage, image or named context that it comes from.");
const MODE: KeyPage = key(&["mode"], "0755", "Its permissions, in octal.");
const UID: KeyPage = key(&["uid"], "number", "Whose it is: the number of a user, 0 without it.");
const GID: KeyPage = key(&["gid"], "number", "Whose it is: the number of a group, 0 without it.");
const READ_ONLY: KeyPage = key(&["readonly", "ro"], "", "The command can't write to it.");
const REQUIRED: KeyPage =
    key(&["required"], "", "The build fails where it is not given; otherwise the command goes without.");

pub(crate) static MOUNTS: [MountPage; 5] = [
    MountPage {
        kind: MountType::Bind,
        summary: "Files of the build context, a stage or an image, without copying them.",
        keys: &[
            TARGET,
            key(&["source", "src"], "path", "What is shown of it: a path from its root, all of it without one."),
            FROM,
            key(&["readwrite", "rw"], "", "The command may write; what it writes is lost."),
            READ_ONLY,
        ],
    },
    MountPage {
        kind: MountType::Cache,
        summary: "A directory that is kept between builds, for package managers and compilers.",
        keys: &[
            TARGET,
            key(&["id"], "name", "What tells caches apart: the target without it."),
            KeyPage {
                values: &[
                    ("shared", "builds use it at the same time, which is the default"),
                    ("private", "each build that runs at the same time has its own"),
                    ("locked", "builds wait for each other; what `apt` needs"),
                ],
                ..key(&["sharing"], "mode", "What happens where several builds use it at the same time.")
            },
            FROM,
            key(&["source", "src"], "path", "What of `from` the cache begins with."),
            MODE,
            UID,
            GID,
            READ_ONLY,
            key(&["readwrite", "rw"], "", "The command may write to it, as without this."),
        ],
    },
    MountPage {
        kind: MountType::Tmpfs,
        summary: "A directory in memory, empty at first and gone afterwards.",
        keys: &[
            TARGET,
            KeyPage {
                values: &[("64m", ""), ("1g", "")],
                ..key(&["size"], "bytes", "How large it may get: `64m`; without it, there is no bound.")
            },
        ],
    },
    MountPage {
        kind: MountType::Secret,
        summary: "A secret that `docker build --secret` gives: a file, or a variable, that never gets into the image.",
        keys: &[
            key(&["id"], "name", "The name of the secret: the last part of the target without it."),
            key(
                &["target", "dst", "destination"],
                "path",
                "The file: `/run/secrets/` and the id without it, unless `env` is said.",
            ),
            key(
                &["env"],
                "name",
                "A variable that holds it, instead of the file, or besides it where there is a target.",
            ),
            REQUIRED,
            KeyPage { summary: "Its permissions, in octal: 0400 without it.", ..MODE },
            UID,
            GID,
            key(&["source", "src"], "name", "Another word for `id`."),
        ],
    },
    MountPage {
        kind: MountType::Ssh,
        summary: "The socket of an SSH agent that `docker build --ssh` gives, for private repositories.",
        keys: &[
            key(&["id"], "name", "The name of the agent: `default` without it."),
            key(&["target", "dst", "destination"], "path", "The socket; `SSH_AUTH_SOCK` names it."),
            REQUIRED,
            KeyPage { summary: "Its permissions, in octal: 0600 without it.", ..MODE },
            UID,
            GID,
        ],
    },
];

pub(crate) static DIRECTIVES: [DirectivePage; 3] = [
    DirectivePage {
        kind: DirectiveKind::Syntax,
        name: "syntax",
        summary: "The frontend that reads the file, as an image.",
        details: "`docker/dockerfile:1` is the newest of version 1. Directives come first in the file, before all comments.",
        values: &[
            ("docker/dockerfile:1", "the newest of version 1"),
            ("docker/dockerfile:1-labs", "the same with what is still tried out"),
        ],
    },
    DirectivePage {
        kind: DirectiveKind::Escape,
        name: "escape",
        summary: "The character that continues lines and escapes characters: `\\` or `` ` ``.",
        details: "The backtick leaves the backslashes of Windows paths alone. Inside heredocs it is always `\\`.",
        values: &[("`", "for Windows paths"), ("\\", "as without the directive")],
    },
    DirectivePage {
        kind: DirectiveKind::Check,
        name: "check",
        summary: "Which of BuildKit's checks run: `skip=RULE,…` or `skip=all`; `error=true` makes their findings fail the build.",
        details: "Options are separated by `;`, and the value ends at the first space. `experimental=RULE,…` asks for experimental checks.",
        values: &[
            ("skip=", "checks that do not run"),
            ("skip=all", "no check runs"),
            ("error=true", "a finding fails the build"),
            ("experimental=all", "experimental checks run too"),
        ],
    },
];

/// The usual keys of labels, and what their values are.
pub(crate) const LABELS: [(&str, &str); 14] = [
    ("org.opencontainers.image.title", "a name for people"),
    ("org.opencontainers.image.description", "what is in it, for people"),
    ("org.opencontainers.image.version", "the version of what is in it"),
    ("org.opencontainers.image.revision", "the commit that it is built from"),
    ("org.opencontainers.image.source", "the address of its source code"),
    ("org.opencontainers.image.url", "where to learn more about it"),
    ("org.opencontainers.image.documentation", "where its documentation is"),
    ("org.opencontainers.image.licenses", "the licences, as SPDX has them"),
    ("org.opencontainers.image.authors", "who answers for it"),
    ("org.opencontainers.image.vendor", "who distributes it"),
    ("org.opencontainers.image.created", "when it was built, as RFC 3339 has it"),
    ("org.opencontainers.image.ref.name", "the name of the reference to it"),
    ("org.opencontainers.image.base.name", "the image that it is built on"),
    ("org.opencontainers.image.base.digest", "the digest of the image that it is built on"),
];

/// The signals that ask a program to end, or that some take for it.
pub(crate) const SIGNALS: [(&str, &str); 8] = [
    ("SIGTERM", "end; the default"),
    ("SIGINT", "end, as with Ctrl-C"),
    ("SIGQUIT", "end when all is done, for some servers"),
    ("SIGHUP", "read the configuration again, for many servers"),
    ("SIGUSR1", "whatever the program makes of it"),
    ("SIGUSR2", "whatever the program makes of it"),
    ("SIGWINCH", "end when all is done, for Apache"),
    ("SIGRTMIN+3", "shut down, for systemd"),
];

/// Shells as `SHELL` names them.
pub(crate) const SHELLS: [(&str, &str); 4] = [
    (r#"["/bin/bash", "-o", "pipefail", "-c"]"#, "bash, where a pipeline fails if a part of it does"),
    (r#"["/bin/ash", "-eo", "pipefail", "-c"]"#, "Alpine's shell, where a pipeline fails if a part of it does"),
    (r#"["/bin/sh", "-c"]"#, "the default of Linux"),
    (r#"["powershell", "-Command"]"#, "PowerShell, on Windows"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{MOUNT_KEYS, flag_names};

    #[test]
    fn nothing_is_missing() {
        let mut failures: Vec<String> = Vec::new();
        for keyword in Keyword::ALL {
            let Some(page) = instruction(keyword) else {
                failures.push(format!("{keyword} has no page"));
                continue;
            };
            let (mut pages, mut known): (Vec<&str>, Vec<&str>) =
                (page.flags.iter().map(|flag| flag.name).collect(), flag_names(keyword).collect());
            pages.sort_unstable();
            known.sort_unstable();
            if pages != known {
                failures.push(format!("{keyword} has {known:?}, and pages of {pages:?}"));
            }
        }
        for kind in MountType::ALL {
            if mount(kind).is_none() {
                failures.push(format!("{kind:?} has no page"));
            }
        }
        for key in MOUNT_KEYS.into_iter().filter(|key| *key != "type") {
            if !MOUNTS.iter().any(|page| page.key(key).is_some()) {
                failures.push(format!("no mount has a page of {key}"));
            }
        }
        for kind in [DirectiveKind::Syntax, DirectiveKind::Escape, DirectiveKind::Check] {
            if directive(kind).is_none() {
                failures.push(format!("{kind:?} has no page"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn keys_are_those_that_the_mounts_have() {
        let mut failures = Vec::new();
        for page in &MOUNTS {
            for name in page.keys.iter().flat_map(|key| key.names) {
                let value = match *name {
                    "readonly" | "ro" | "readwrite" | "rw" | "required" => "true",
                    "uid" | "gid" => "0",
                    "mode" => "0700",
                    "size" => "1m",
                    "sharing" => "locked",
                    _ => "x",
                };
                let id = if page.kind == MountType::Secret && *name == "mode" { ",id=a" } else { "" };
                let text = format!("FROM a\nRUN --mount=type={},{name}={value},target=/x{id} b\n", page.kind.as_str());
                let parsed = crate::parse(&text);
                failures.extend(parsed.errors.iter().map(|error| format!("{text}: {error}")));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
