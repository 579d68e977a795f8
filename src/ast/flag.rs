use serde::Serialize;

use super::Word;
use crate::source::Span;

/// A flag of an instruction.
///
/// ```text
/// COPY --from=build /a /b
///      ^^^^^^^^^^^^ span
///        ^^^^ name
///             ^^^^^ value
/// ```
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Flag<'a> {
    /// The flag with its dashes and its value.
    pub span: Span,
    /// The name, without dashes.
    pub name: Word<'a>,
    /// What follows `=`, quotes and escapes undone; nothing where there is no `=`.
    pub value: Option<Word<'a>>,
    /// What it says.
    pub kind: FlagKind<'a>,
}

/// What a flag says. Where this holds nothing, [`Flag::value`] is there and says it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagKind<'a> {
    /// `FROM --platform=`
    Platform,
    /// `COPY --from=`
    From,
    /// `COPY --chown=`, `ADD --chown=`
    Chown,
    /// `COPY --chmod=`, `ADD --chmod=`
    Chmod,
    /// `ADD --checksum=`
    Checksum,
    /// `COPY --exclude=`, `ADD --exclude=`; may be repeated
    Exclude,
    /// `COPY --link`, `ADD --link`
    Link(bool),
    /// `COPY --parents`
    Parents(bool),
    /// `ADD --keep-git-dir`
    KeepGitDir(bool),
    /// `ADD --unpack`
    Unpack(bool),
    /// `RUN --mount=`; may be repeated
    Mount(Box<Mount<'a>>),
    /// `RUN --device=`; may be repeated
    Device(Device<'a>),
    /// `RUN --network=`
    Network(NetworkMode),
    /// `RUN --security=`
    Security(SecurityMode),
    /// `HEALTHCHECK --interval=`, in nanoseconds
    Interval(i64),
    /// `HEALTHCHECK --timeout=`, in nanoseconds
    Timeout(i64),
    /// `HEALTHCHECK --start-period=`, in nanoseconds
    StartPeriod(i64),
    /// `HEALTHCHECK --start-interval=`, in nanoseconds
    StartInterval(i64),
    /// `HEALTHCHECK --retries=`
    Retries(i32),
    /// A flag that the instruction has, with a value that it can't take; an error says so.
    Invalid,
    /// A flag that the instruction does not have. `ARG`, `STOPSIGNAL` and `HEALTHCHECK NONE` tolerate it.
    Unknown,
}

/// The network that a `RUN` sees.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NetworkMode {
    /// The build's own network.
    #[default]
    Default,
    /// None but the loopback.
    None,
    /// The host's.
    Host,
}

impl NetworkMode {
    /// The mode as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::None => "none",
            Self::Host => "host",
        }
    }
}

/// The privileges that a `RUN` has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SecurityMode {
    /// Those of a container.
    #[default]
    Sandbox,
    /// All of them.
    Insecure,
}

impl SecurityMode {
    /// The mode as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Insecure => "insecure",
        }
    }
}

/// `RUN --device=`
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Device<'a> {
    /// The device's name, where one is given.
    pub name: Option<Word<'a>>,
    /// Whether the build fails without it.
    pub required: bool,
}

/// `RUN --mount=`, with the values as they are written: variables are not expanded.
///
/// ```text
/// --mount=type=cache,target=/root/.cache
///         ^^^^^^^^^^ ^^^^^^^^^^^^^^^^^^^ options
///              ^^^^^ kind
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Mount<'a> {
    /// `type=`, bind unless said otherwise; `None` where the value is no known type or holds a variable.
    pub kind: Option<MountType>,
    /// `from=`
    pub from: Option<Word<'a>>,
    /// `source=`, `src=`
    pub source: Option<Word<'a>>,
    /// `target=`, `dst=`, `destination=`
    pub target: Option<Word<'a>>,
    /// Whether the mount can't be written to: `readonly`, `ro`, `readwrite`, `rw`, or else what its type has.
    pub readonly: bool,
    /// `required`
    pub required: bool,
    /// `id=`
    pub id: Option<Word<'a>>,
    /// `sharing=`
    pub sharing: Option<Sharing>,
    /// `size=`, in bytes
    pub size: Option<i64>,
    /// `env=`
    pub env: Option<Word<'a>>,
    /// `mode=`, read as octal
    pub mode: Option<u32>,
    /// `uid=`
    pub uid: Option<u32>,
    /// `gid=`
    pub gid: Option<u32>,
    /// All options in order, unknown ones too.
    pub options: Vec<MountOption<'a>>,
}

/// One `key=value` of a `--mount`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MountOption<'a> {
    /// The key as it is written.
    pub key: Word<'a>,
    /// What follows `=`.
    pub value: Option<Word<'a>>,
}

/// The type of a mount.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MountType {
    /// Files of the context or of an image.
    #[default]
    Bind,
    /// A directory that is kept between builds.
    Cache,
    /// A directory in memory.
    Tmpfs,
    /// A secret of the builder's.
    Secret,
    /// A socket of an SSH agent.
    Ssh,
}

impl MountType {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Bind, Self::Cache, Self::Tmpfs, Self::Secret, Self::Ssh];

    /// The type as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Cache => "cache",
            Self::Tmpfs => "tmpfs",
            Self::Secret => "secret",
            Self::Ssh => "ssh",
        }
    }
}

/// Who may use a cache mount at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sharing {
    /// Anyone.
    Shared,
    /// Each its own.
    Private,
    /// One after the other.
    Locked,
}

impl Sharing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shared, Self::Private, Self::Locked];

    /// The mode as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Private => "private",
            Self::Locked => "locked",
        }
    }
}
