use super::Finding;
use super::prelude::*;

rule! {
    /// Take out ignores that silence nothing.
    ///
    /// ## What it does
    /// Finds a `# plimsoll ignore=…` or `# plimsoll file-ignore=…` that names a rule which has nothing to say there, or
    /// that nobody knows, and one that is not written as it must be to work: `ignroe=`, or no `=` at all. A rule that did
    /// not run, or that would have had to know the context of the build, is not spoken of.
    ///
    /// ## Why
    /// It was needed once, or never worked. It will hide the next finding of that rule, which nobody has seen.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// # plimsoll ignore=DL3006
    /// FROM alpine:3.22
    /// ```
    /// ```dockerfile,good
    /// # plimsoll ignore=DL3006
    /// FROM alpine
    /// ```
    ///
    /// ## How to fix
    /// Take the id out, or the comment. `--fix` does.
    ///
    /// ## When to ignore
    /// Where the file is linted with several configurations.
    "PL1000" "unused-ignore" {
        severity: Info,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        changes: [Comments],
        check: Check::Elsewhere,
    }
}

/// What is wrong with a comment that should silence something, or with an id in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Useless<'t> {
    /// Nothing is silenced by the id.
    SilencesNothing(&'t str),
    /// There is no such rule; perhaps this one is meant.
    UnknownRule(&'t str, Option<&'static str>),
    /// No instruction, or no pattern, follows.
    NothingFollows(&'static str),
    /// That is nothing that a comment can say; perhaps this is meant.
    UnknownKey(&'t str, Option<&'static str>),
    /// There is no `=` after this key.
    MissingMark(&'static str),
    /// `:` stands after the name of the tool.
    Colon,
    /// No rule is named.
    NoId,
    /// A reason without `;` before it.
    ReasonWithoutMark,
}

impl Useless<'_> {
    /// What is wrong, in one sentence.
    pub(crate) fn message(self) -> String {
        match self {
            Self::SilencesNothing(id) => format!("nothing is silenced by `{id}` here"),
            Self::UnknownRule(id, _) => format!("there is no rule `{id}`"),
            Self::NothingFollows(what) => format!("no {what} follows that this could be for"),
            Self::UnknownKey(key, _) => format!("`{key}` silences nothing"),
            Self::MissingMark(key) => format!("`{key}` has no `=` after it, so that it silences nothing"),
            Self::Colon => "with `:` after `plimsoll` the comment silences nothing".to_owned(),
            Self::NoId => "the comment names no rule, so that it silences nothing".to_owned(),
            Self::ReasonWithoutMark => "what follows is read as a reason, but has no `;` before it".to_owned(),
        }
    }

    fn help(self) -> String {
        match self {
            Self::SilencesNothing(_) => "take it out".to_owned(),
            Self::UnknownRule(_, Some(id)) => format!("did you mean `{id}`?"),
            Self::UnknownRule(_, None) => "take it out; `plimsoll rule` lists the rules".to_owned(),
            Self::NothingFollows(what) => {
                format!("write it above the {what}, or `file-ignore=` for the whole file")
            }
            Self::UnknownKey(_, Some(key)) => format!("did you mean `{key}`?"),
            Self::UnknownKey(_, None) => {
                "write `# plimsoll ignore=…`, or `# plimsoll file-ignore=…` for the whole file".to_owned()
            }
            Self::MissingMark(key) => format!("write `# plimsoll {key}=…`"),
            Self::Colon => "write `# plimsoll ignore=…`".to_owned(),
            Self::NoId => "write the rule's code or name, or `all`".to_owned(),
            Self::ReasonWithoutMark => "write `# plimsoll ignore=ID; reason`".to_owned(),
        }
    }

    /// Says what to do about it.
    pub(crate) fn describe(self, finding: Finding<'_>, fix: Option<Fix>) {
        let finding = finding.help(self.help());
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    }
}
