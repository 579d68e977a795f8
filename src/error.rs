//! What is wrong with the text of a Dockerfile.

use std::borrow::Cow;

use serde::Serialize;
use thiserror::Error;

use crate::ast::Keyword;
use crate::nearest::nearest;
use crate::source::Span;

/// Something that BuildKit does not accept, and where it stands. The rest of the file is read all the same.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{kind}")]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// The bytes that are wrong.
    pub span: Span,
    /// When BuildKit says so.
    pub rejection: Rejection,
}

/// When BuildKit rejects a file that holds an error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rejection {
    /// When it reads the lines: it has no tree of such a file.
    Parsing,
    /// When it types the instructions.
    Typing,
    /// When it builds the stage.
    Building,
    /// When it builds an image from the one that is built: the instruction stands in an `ONBUILD`.
    Trigger,
}

/// What is wrong.
///
/// The message says what is wrong in one sentence; [`SyntaxErrorKind::help`] says what to write instead.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[allow(missing_docs, reason = "the message of each is its documentation")]
pub enum SyntaxErrorKind {
    #[error("a Dockerfile must hold at least one instruction")]
    NoInstructions,
    #[error("the line is {0} bytes long, and BuildKit reads at most 65535")]
    LineTooLong(u32),
    #[error("the `{0}` directive is given twice")]
    DuplicateDirective(&'static str),
    #[error("`{0}` can't be the escape character")]
    InvalidEscape(Box<str>),
    #[error("the heredoc `{0}` has no end")]
    UnterminatedHeredoc(Box<str>),
    #[error("the word after `<<` has an unbalanced quote or `${{`")]
    HeredocName,

    #[error("`{keyword}` is not an instruction")]
    UnknownInstruction { keyword: Box<str> },
    #[error("`{0}` stands before the first `FROM`")]
    NoStage(Keyword),
    #[error("{instruction} has no flag `--{flag}`")]
    UnknownFlag { instruction: Keyword, flag: Box<str>, nearest: Option<&'static str> },
    #[error("`--{0}` is given twice")]
    DuplicateFlag(Box<str>),
    #[error("`--{0}` needs a value")]
    MissingFlagValue(Box<str>),
    #[error("`--{flag}` is either true or false, not `{value}`")]
    NotABoolean { flag: Box<str>, value: Box<str> },
    #[error("`{value}` is not {expected}")]
    InvalidFlagValue { value: Box<str>, expected: &'static str, nearest: Option<&'static str> },
    #[error("`{0}` is shorter than the shortest interval, 1ms")]
    IntervalTooShort(Box<str>),

    #[error("{instruction} needs {expected}")]
    MissingArgument { instruction: Keyword, expected: &'static str },
    #[error("{instruction} takes {expected}, and this is more")]
    TooManyArguments { instruction: Keyword, expected: &'static str },
    #[error("the JSON array of {0} holds something that is no string")]
    JsonNotStrings(Keyword),
    #[error("{0} must be written as a JSON array")]
    NotJson(Keyword),
    #[error("{0} can't be written as a JSON array with nothing in it")]
    EmptyJson(Keyword),

    #[error("{instruction} needs `=` between the name and the value: `{word}` has none")]
    MissingEquals { instruction: Keyword, word: Box<str> },
    #[error("{0} needs a name before `=`")]
    BlankName(Keyword),
    #[error("FROM takes an image and, if wanted, `AS name`")]
    FromArguments,
    #[error("`{0}` can't be the name of a stage")]
    StageName(Box<str>),
    #[error("a heredoc can't be the destination of {0}")]
    HeredocDestination(Keyword),
    #[error("a path of VOLUME is empty")]
    EmptyVolume,
    #[error("HEALTHCHECK begins with `CMD` or `NONE`, not `{0}`")]
    HealthcheckKind(Box<str>),
    #[error("`HEALTHCHECK NONE` takes no arguments")]
    HealthcheckNoneArguments,
    #[error("ONBUILD can't run {0}")]
    OnbuildInstruction(Keyword),

    #[error("the mount has an option without a value: `{0}`")]
    MountOptionWithoutValue(Box<str>),
    #[error("a mount has no option `{key}`")]
    UnknownMountOption { key: Box<str>, nearest: Option<&'static str> },
    #[error("a mount of type {mount_type} has no option `{key}`")]
    MountOptionForType { mount_type: &'static str, key: Box<str> },
    #[error("`from=` of a mount can't hold a variable")]
    MountFromVariable,
    #[error("a secret mount needs `id`, `source` or `target`")]
    SecretWithoutName,
    #[error("a secret mount can't have both `id` and `source`")]
    SecretNamedTwice,
    #[error("the options are not comma-separated fields, for a quote is out of place")]
    NotFields,
    #[error("the device's name is given twice")]
    DeviceNamedTwice,
    #[error("a device has no option `{0}`")]
    UnknownDeviceOption(Box<str>),
}

impl SyntaxErrorKind {
    /// What to write instead, where that can be said.
    #[must_use]
    pub fn help(&self) -> Option<Cow<'static, str>> {
        let meant = |nearest: &Option<&'static str>, dashes: &str| {
            nearest.map(|nearest| Cow::from(format!("did you mean `{dashes}{nearest}`?")))
        };
        Some(match self {
            Self::NoInstructions => "begin with `FROM image`".into(),
            Self::LineTooLong(_) => "break the line with a continuation, or put the text into a file".into(),
            Self::DuplicateDirective(name) => format!("keep one `# {name}=…`").into(),
            Self::InvalidEscape(_) => "write `# escape=\\` or ``# escape=` ``".into(),
            Self::UnterminatedHeredoc(name) => {
                format!("end it with a line that holds `{name}` and nothing else, or quote `<<` if no heredoc is meant")
                    .into()
            }
            Self::HeredocName => "close the quote, or quote `<<` if no heredoc is meant".into(),
            Self::UnknownInstruction { keyword } => match nearest(keyword, Keyword::ALL.map(Keyword::as_str)) {
                Some(nearest) => format!("did you mean `{nearest}`?").into(),
                None => "if this continues the line before, end that line with `\\`; \
                         else begin with an instruction like `RUN`"
                    .into(),
            },
            Self::NoStage(_) => "only `ARG` may stand there: begin the file with `FROM image`".into(),
            Self::UnknownFlag { nearest: near, instruction, .. } => meant(near, "--").unwrap_or_else(|| {
                format!("leave it out, or write it after the first argument if it is not {instruction}'s own").into()
            }),
            Self::DuplicateFlag(flag) => format!("keep one `--{flag}`").into(),
            Self::MissingFlagValue(flag) => format!("write `--{flag}=value`").into(),
            Self::NotABoolean { flag, .. } => format!("write `--{flag}`, `--{flag}=true` or `--{flag}=false`").into(),
            Self::InvalidFlagValue { nearest: near, .. } => return meant(near, ""),
            Self::IntervalTooShort(_) => "write a longer one, like `30s`".into(),
            Self::MissingArgument { .. } | Self::MountOptionForType { .. } => return None,
            Self::TooManyArguments { .. } => "take the surplus out".into(),
            Self::JsonNotStrings(_) => "put each element in double quotes".into(),
            Self::NotJson(Keyword::Shell) => r#"write `SHELL ["/bin/bash", "-c"]`"#.into(),
            Self::NotJson(_) => r#"write `["program", "argument"]`, with double quotes"#.into(),
            Self::EmptyJson(_) => r#"write `["program", "argument"]`"#.into(),
            Self::MissingEquals { word, .. } => {
                format!("write `{word}=value`, or put quotes around the value that it belongs to").into()
            }
            Self::BlankName(_) => "write `name=value`".into(),
            Self::FromArguments => "write `FROM image` or `FROM image AS name`".into(),
            Self::StageName(_) => "begin with a letter and use only letters, digits, `-`, `_` and `.`".into(),
            Self::HeredocDestination(_) => "name a path after the heredoc".into(),
            Self::EmptyVolume => "name a path, like `/data`".into(),
            Self::HealthcheckKind(_) => "write `HEALTHCHECK CMD command` or `HEALTHCHECK NONE`".into(),
            Self::HealthcheckNoneArguments => "write `HEALTHCHECK NONE` alone, or `HEALTHCHECK CMD command`".into(),
            Self::OnbuildInstruction(Keyword::Onbuild) => "write one `ONBUILD`".into(),
            Self::OnbuildInstruction(_) => "leave it out".into(),
            Self::MountOptionWithoutValue(option) => format!("write `{option}=value`").into(),
            Self::UnknownMountOption { nearest: near, .. } => return meant(near, ""),
            Self::MountFromVariable => "give the image a name with `FROM image AS name`, and write `from=name`".into(),
            Self::SecretWithoutName => "write `type=secret,id=name`".into(),
            Self::SecretNamedTwice => "keep `id`".into(),
            Self::NotFields => "quote a whole field, `\"key=a,b\"`, or nothing".into(),
            Self::DeviceNamedTwice => "keep one name".into(),
            Self::UnknownDeviceOption(_) => "a device has `name` and `required`".into(),
        })
    }
}
