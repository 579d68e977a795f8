use serde::Serialize;

use super::{Device, Flag, FlagKind, Instruction, Keyword, Mount, NetworkMode, SecurityMode, Word};
use crate::source::Span;

/// The 18 instructions, and the lines that are none.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "instruction", rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "each is documented at its struct")]
pub enum Kind<'a> {
    Add(Add<'a>),
    Arg(Arg<'a>),
    Cmd(Cmd<'a>),
    Copy(Copy<'a>),
    Entrypoint(Entrypoint<'a>),
    Env(Env<'a>),
    Expose(Expose<'a>),
    From(From<'a>),
    Healthcheck(Healthcheck<'a>),
    Label(Label<'a>),
    Maintainer(Maintainer<'a>),
    Onbuild(Onbuild<'a>),
    Run(Run<'a>),
    Shell(Shell<'a>),
    Stopsignal(Stopsignal<'a>),
    User(User<'a>),
    Volume(Volume<'a>),
    Workdir(Workdir<'a>),
    Malformed(Malformed<'a>),
}

impl<'a> Kind<'a> {
    /// The flags, in order, unknown ones too.
    #[must_use]
    pub fn flags(&self) -> &[Flag<'a>] {
        match self {
            Self::Add(add) => &add.flags,
            Self::Arg(arg) => &arg.flags,
            Self::Cmd(cmd) => &cmd.flags,
            Self::Copy(copy) => &copy.flags,
            Self::Entrypoint(entrypoint) => &entrypoint.flags,
            Self::Env(env) => &env.flags,
            Self::Expose(expose) => &expose.flags,
            Self::From(from) => &from.flags,
            Self::Healthcheck(healthcheck) => &healthcheck.flags,
            Self::Label(label) => &label.flags,
            Self::Maintainer(maintainer) => &maintainer.flags,
            Self::Onbuild(onbuild) => &onbuild.flags,
            Self::Run(run) => &run.flags,
            Self::Shell(shell) => &shell.flags,
            Self::Stopsignal(stopsignal) => &stopsignal.flags,
            Self::User(user) => &user.flags,
            Self::Volume(volume) => &volume.flags,
            Self::Workdir(workdir) => &workdir.flags,
            Self::Malformed(malformed) => &malformed.flags,
        }
    }

    /// The heredocs, in order; those of an `ONBUILD` are its inner instruction's.
    #[must_use]
    pub fn heredocs(&self) -> &[Heredoc<'a>] {
        match self {
            Self::Add(add) => &add.heredocs,
            Self::Copy(copy) => &copy.heredocs,
            Self::Run(run) => &run.heredocs,
            Self::Malformed(malformed) => &malformed.heredocs,
            Self::Onbuild(onbuild) => match onbuild.instruction.as_deref().map(|inner| &inner.kind) {
                // An inner instruction is never an ONBUILD: those are in the chain.
                Some(Self::Onbuild(_)) | None => &[],
                Some(inner) => inner.heredocs(),
            },
            _ => &[],
        }
    }

    /// The keyword, where the line begins with one.
    #[must_use]
    pub const fn keyword(&self) -> Option<Keyword> {
        Some(match self {
            Self::Add(_) => Keyword::Add,
            Self::Arg(_) => Keyword::Arg,
            Self::Cmd(_) => Keyword::Cmd,
            Self::Copy(_) => Keyword::Copy,
            Self::Entrypoint(_) => Keyword::Entrypoint,
            Self::Env(_) => Keyword::Env,
            Self::Expose(_) => Keyword::Expose,
            Self::From(_) => Keyword::From,
            Self::Healthcheck(_) => Keyword::Healthcheck,
            Self::Label(_) => Keyword::Label,
            Self::Maintainer(_) => Keyword::Maintainer,
            Self::Onbuild(_) => Keyword::Onbuild,
            Self::Run(_) => Keyword::Run,
            Self::Shell(_) => Keyword::Shell,
            Self::Stopsignal(_) => Keyword::Stopsignal,
            Self::User(_) => Keyword::User,
            Self::Volume(_) => Keyword::Volume,
            Self::Workdir(_) => Keyword::Workdir,
            Self::Malformed(malformed) => return malformed.keyword,
        })
    }
}

/// The value of the first flag that is of a kind.
macro_rules! flag_values {
    ($($(#[$doc:meta])* $name:ident: $kind:ident;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> Option<&Word<'a>> {
            self.flags.iter().find(|flag| matches!(flag.kind, FlagKind::$kind))?.value.as_ref()
        }
    )+};
}

/// What the first flag of a kind holds.
macro_rules! flag_facts {
    ($($(#[$doc:meta])* $name:ident: $kind:ident -> $type:ty;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> Option<$type> {
            self.flags.iter().find_map(|flag| match flag.kind {
                FlagKind::$kind(fact) => Some(fact),
                _ => None,
            })
        }
    )+};
}

/// How arguments are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// As words.
    Shell,
    /// As an array of JSON strings.
    Exec,
}

/// What is run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "form", content = "words", rename_all = "kebab-case")]
pub enum Command<'a> {
    /// Nothing is written, which BuildKit tolerates.
    Empty,
    /// A script for the shell.
    Shell(Word<'a>),
    /// Begins with `[` but is no array in JSON, so BuildKit gives it to the shell.
    BrokenExec(Word<'a>),
    /// The program and its arguments.
    Exec(Vec<Word<'a>>),
}

impl<'a> Command<'a> {
    /// The script or the arguments as they are.
    #[must_use]
    pub fn words(&self) -> &[Word<'a>] {
        match self {
            Self::Empty => &[],
            Self::Shell(script) | Self::BrokenExec(script) => std::slice::from_ref(script),
            Self::Exec(arguments) => arguments,
        }
    }

    /// Whether it is an array of JSON strings.
    #[must_use]
    pub const fn is_exec(&self) -> bool {
        matches!(self, Self::Exec(_))
    }
}

/// A file that is written into the Dockerfile.
///
/// ```text
/// RUN 3<<-"EOF" cat
///     ^^^^^^^^^ marker; file_descriptor 3, chomp, not expand
///     hello
/// ^^^^^^^^ body, with its line feed
/// EOF
/// ^^^ terminator
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Heredoc<'a> {
    /// The word that announces it.
    pub marker: Span,
    /// The name, quotes undone.
    pub name: Box<str>,
    /// The number before `<<`, 0 without one.
    pub file_descriptor: u64,
    /// Whether variables in it are expanded: no part of the name is quoted.
    pub expand: bool,
    /// Whether tabs at the start of its lines are dropped: `<<-`.
    pub chomp: bool,
    /// Its lines.
    pub body: Span,
    /// The text of its lines, tabs kept.
    pub content: &'a str,
    /// The line that ends it, without its line feed; none where the file ends before.
    pub terminator: Option<Span>,
}

/// `ADD [--flag…] source… destination`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Add<'a> {
    /// The flags.
    pub flags: Vec<Flag<'a>>,
    /// How the arguments are written.
    pub form: Form,
    /// What is added.
    pub sources: Vec<CopySource<'a>>,
    /// Where it goes.
    pub destination: Word<'a>,
    /// The heredocs among the sources.
    pub heredocs: Vec<Heredoc<'a>>,
}

impl<'a> Add<'a> {
    flag_values! {
        /// `--chown=`
        chown: Chown;
        /// `--chmod=`
        chmod: Chmod;
        /// `--checksum=`
        checksum: Checksum;
    }
    flag_facts! {
        /// `--link`
        link: Link -> bool;
        /// `--keep-git-dir`
        keep_git_dir: KeepGitDir -> bool;
        /// `--unpack`
        unpack: Unpack -> bool;
    }

    /// `--exclude=`, each of them
    pub fn excludes(&self) -> impl Iterator<Item = &Word<'a>> {
        excludes(&self.flags)
    }
}

/// `COPY [--flag…] source… destination`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Copy<'a> {
    /// The flags.
    pub flags: Vec<Flag<'a>>,
    /// How the arguments are written.
    pub form: Form,
    /// What is copied.
    pub sources: Vec<CopySource<'a>>,
    /// Where it goes.
    pub destination: Word<'a>,
    /// The heredocs among the sources.
    pub heredocs: Vec<Heredoc<'a>>,
}

impl<'a> Copy<'a> {
    flag_values! {
        /// `--from=`
        from: From;
        /// `--chown=`
        chown: Chown;
        /// `--chmod=`
        chmod: Chmod;
    }
    flag_facts! {
        /// `--link`
        link: Link -> bool;
        /// `--parents`
        parents: Parents -> bool;
    }

    /// `--exclude=`, each of them
    pub fn excludes(&self) -> impl Iterator<Item = &Word<'a>> {
        excludes(&self.flags)
    }
}

fn excludes<'f, 'a>(flags: &'f [Flag<'a>]) -> impl Iterator<Item = &'f Word<'a>> {
    flags.iter().filter(|flag| matches!(flag.kind, FlagKind::Exclude)).filter_map(|flag| flag.value.as_ref())
}

/// What a `COPY` or an `ADD` takes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopySource<'a> {
    /// A path, a pattern or an address.
    Path(Word<'a>),
    /// A heredoc.
    Heredoc(Box<HeredocSource<'a>>),
}

/// A word of a `COPY` or an `ADD` that names a heredoc.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HeredocSource<'a> {
    /// The word.
    pub word: Word<'a>,
    /// Which of the instruction's heredocs it is: the last one of its name. There is none where the word looks like a
    /// marker, but the line's quotes keep BuildKit from reading a body.
    pub index: Option<u32>,
    /// The name of the file.
    pub name: Box<str>,
    /// Whether variables in it are expanded.
    pub expand: bool,
    /// Whether tabs at the start of its lines are dropped.
    pub chomp: bool,
}

impl<'a> CopySource<'a> {
    /// The word as it is written.
    #[must_use]
    pub const fn word(&self) -> &Word<'a> {
        match self {
            Self::Path(word) => word,
            Self::Heredoc(heredoc) => &heredoc.word,
        }
    }
}

/// `ARG name[=default]…`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Arg<'a> {
    /// The flags; BuildKit tolerates any and heeds none.
    pub flags: Vec<Flag<'a>>,
    /// What is declared; at least one.
    pub items: Vec<ArgItem<'a>>,
}

/// One `name` or `name=default` of an `ARG`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ArgItem<'a> {
    /// The whole.
    pub word: Word<'a>,
    /// The name.
    pub name: Word<'a>,
    /// What follows `=`.
    pub default: Option<Word<'a>>,
}

/// `CMD command`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Cmd<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// What is run.
    pub command: Command<'a>,
}

/// `ENTRYPOINT command`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Entrypoint<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// What is run.
    pub command: Command<'a>,
}

/// `ENV key=value…` or `ENV key value`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Env<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// What is set; at least one.
    pub pairs: Vec<Pair<'a>>,
}

/// `LABEL key=value…` or `LABEL key value`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Label<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// What is set; at least one.
    pub pairs: Vec<Pair<'a>>,
}

/// A key and its value, quotes and variables kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Pair<'a> {
    /// What stands before the delimiter.
    pub key: Word<'a>,
    /// What stands after it.
    pub value: Word<'a>,
    /// What stands between them.
    pub delimiter: Delimiter,
}

/// What separates a key from its value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Delimiter {
    /// `key=value`
    Equals,
    /// `key value`, the old form, which takes the whole line as one pair.
    Blank,
}

/// `EXPOSE port…`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Expose<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// The ports; at least one.
    pub ports: Vec<Port<'a>>,
}

/// One port or range of an `EXPOSE`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Port<'a> {
    /// The whole.
    pub word: Word<'a>,
    /// What it says.
    pub value: PortValue,
}

/// What a word of an `EXPOSE` says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortValue {
    /// `80`, `80/udp`, `8000-8010/tcp`
    Ports {
        /// The first port.
        first: u16,
        /// The last port, the same where there is one only.
        last: u16,
        /// The protocol.
        protocol: Protocol,
    },
    /// A variable is in it, or quotes.
    Unknown,
    /// It is no port; the build will fail.
    Invalid,
}

/// The protocol of a port.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// The default.
    #[default]
    Tcp,
    /// User datagrams.
    Udp,
    /// Stream control.
    Sctp,
}

/// `FROM [--platform=…] image [AS name]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct From<'a> {
    /// The flags.
    pub flags: Vec<Flag<'a>>,
    /// What the stage begins with.
    pub image: Box<Image<'a>>,
    /// The word `AS` as it is written.
    pub as_keyword: Option<Word<'a>>,
    /// The stage's name as it is written; stages are found by name in any case.
    pub name: Option<Word<'a>>,
}

impl<'a> From<'a> {
    flag_values! {
        /// `--platform=`
        platform: Platform;
    }
}

/// An image reference, or the name of a stage.
///
/// ```text
/// ghcr.io/a/b:1.2@sha256:0123…
/// ^^^^^^^ registry
///         ^^^ name
///             ^^^ tag
///                 ^^^^^^^^^^^^ digest
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Image<'a> {
    /// The whole.
    pub word: Word<'a>,
    /// The registry with its port: what stands before the first `/` and holds a `.`, a `:` or is `localhost`.
    pub registry: Option<Word<'a>>,
    /// The repository's path.
    pub name: Word<'a>,
    /// What follows `:`.
    pub tag: Option<Word<'a>>,
    /// What follows `@`.
    pub digest: Option<Word<'a>>,
}

/// `HEALTHCHECK [--flag…] CMD command` or `HEALTHCHECK NONE`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Healthcheck<'a> {
    /// The flags.
    pub flags: Vec<Flag<'a>>,
    /// The word `CMD` or `NONE` as it is written.
    pub kind: Word<'a>,
    /// What is run.
    pub test: HealthcheckTest<'a>,
}

impl Healthcheck<'_> {
    flag_facts! {
        /// `--interval=`, in nanoseconds
        interval: Interval -> i64;
        /// `--timeout=`, in nanoseconds
        timeout: Timeout -> i64;
        /// `--start-period=`, in nanoseconds
        start_period: StartPeriod -> i64;
        /// `--start-interval=`, in nanoseconds
        start_interval: StartInterval -> i64;
        /// `--retries=`
        retries: Retries -> i32;
    }
}

/// How the health of a container is checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HealthcheckTest<'a> {
    /// Not at all, whatever the base image says.
    None,
    /// With a command.
    Command(Command<'a>),
}

/// `MAINTAINER name`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Maintainer<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// Who it is.
    pub name: Word<'a>,
}

/// `ONBUILD instruction`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Onbuild<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// Further `ONBUILD`s right after the first, which BuildKit rejects. Kept flat, so that no file can nest them deep.
    pub chain: Vec<OnbuildPrefix<'a>>,
    /// What an image that is built from this one runs first; never an `ONBUILD`. None where the line ends before.
    pub instruction: Option<Box<Instruction<'a>>>,
}

/// An `ONBUILD` in an `ONBUILD`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OnbuildPrefix<'a> {
    /// The word as it is written.
    pub keyword: Word<'a>,
    /// The flags.
    pub flags: Vec<Flag<'a>>,
}

/// `RUN [--flag…] command`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Run<'a> {
    /// The flags.
    pub flags: Vec<Flag<'a>>,
    /// What is run.
    pub command: Command<'a>,
    /// The heredocs.
    pub heredocs: Vec<Heredoc<'a>>,
}

impl<'a> Run<'a> {
    flag_facts! {
        /// `--network=`
        network: Network -> NetworkMode;
        /// `--security=`
        security: Security -> SecurityMode;
    }

    /// `--mount=`, each of them that could be read
    pub fn mounts(&self) -> impl Iterator<Item = &Mount<'a>> {
        self.flags.iter().filter_map(|flag| match &flag.kind {
            FlagKind::Mount(mount) => Some(&**mount),
            _ => None,
        })
    }

    /// `--device=`, each of them that could be read
    pub fn devices(&self) -> impl Iterator<Item = &Device<'a>> {
        self.flags.iter().filter_map(|flag| match &flag.kind {
            FlagKind::Device(device) => Some(device),
            _ => None,
        })
    }
}

/// `SHELL ["program", "argument"…]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Shell<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// The shell; at least one word.
    pub words: Vec<Word<'a>>,
}

/// `STOPSIGNAL signal`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Stopsignal<'a> {
    /// The flags; BuildKit tolerates any and heeds none.
    pub flags: Vec<Flag<'a>>,
    /// The signal, by name or number.
    pub signal: Word<'a>,
}

/// `USER user[:group]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct User<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// Who, with the group.
    pub user: Word<'a>,
}

/// `VOLUME path…`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Volume<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// How the arguments are written.
    pub form: Form,
    /// The paths; at least one.
    pub paths: Vec<Word<'a>>,
}

/// `WORKDIR path`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Workdir<'a> {
    /// The flags; there are none to give.
    pub flags: Vec<Flag<'a>>,
    /// The directory.
    pub path: Word<'a>,
}

/// A line that is no instruction as it stands; an error says why.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Malformed<'a> {
    /// What the line begins with, where that is a keyword.
    pub keyword: Option<Keyword>,
    /// The flags.
    pub flags: Vec<Flag<'a>>,
    /// How the arguments are written.
    pub form: Form,
    /// The arguments, as far as they can be told apart.
    pub words: Vec<Word<'a>>,
    /// The heredocs.
    pub heredocs: Vec<Heredoc<'a>>,
}
