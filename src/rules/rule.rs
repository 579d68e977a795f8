use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;

use super::{Change, IgnoreFindings, RuleSettings};
use crate::ast::{Instruction, Keywords, Run, Word};
use crate::diagnostic::{Diagnostic, Fix, Related, Severity};
use crate::semantic::{Model, Platform, Point, Scripts, Stage, Surroundings, Trigger};
use crate::shell::{Call, Script};
use crate::source::Span;

/// A rule: one concept, under one identity, and the page that explains it.
#[derive(Debug)]
pub struct Rule {
    /// The code that people know: hadolint's where it has the concept, else BuildKit's name, else one of our own.
    pub code: &'static str,
    /// The name in words.
    pub name: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// What kind of trouble it is about.
    pub category: Category,
    /// Whether it offers fixes.
    pub fixable: Fixable,
    /// What its safe fixes change.
    pub changes: &'static [Change],
    /// The version that brought it.
    pub since: &'static str,
    /// Whether it is here to stay as it is.
    pub stability: Stability,
    /// The presets that hold it, besides `all`, and `strict` where it is stable.
    pub presets: &'static [Preset],
    /// What other tools call it.
    pub aliases: &'static [Alias],
    /// Its page, in Markdown.
    pub documentation: &'static str,
    /// The programs that it is about: it looks at nothing where no `RUN` of a file calls one of them. Where there are none, it
    /// looks at every file.
    pub programs: &'static [&'static str],
    /// The instructions that it is about: it is shown no others, and looks at nothing where a file has none of them. Where there are
    /// none, it is shown all.
    pub keywords: Keywords,
    /// What looks for it.
    pub check: Check,
}

/// What a rule wants to see: the smallest thing that tells.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Each instruction, but not those in an `ONBUILD`.
    Instruction(fn(&Instruction<'_>, &mut Findings<'_, '_, '_>)),
    /// Each instruction, those in an `ONBUILD` too. As BuildKit defines it, those are looked at where they run, and what is
    /// found is reported at the `FROM`.
    Triggered(fn(&Instruction<'_>, &mut Findings<'_, '_, '_>)),
    /// Each `RUN`, those in an `ONBUILD` too.
    Run(fn(&Instruction<'_>, &Run<'_>, &mut Findings<'_, '_, '_>)),
    /// Each stage.
    Stage(for<'d, 'a> fn(&Stage<'d, 'a>, &mut Findings<'_, 'd, 'a>)),
    /// Each stage that has a name, with the name.
    NamedStage(for<'d, 'a> fn(&Stage<'d, 'a>, &Word<'a>, &mut Findings<'_, 'd, 'a>)),
    /// The file as a whole.
    File(fn(&mut Findings<'_, '_, '_>)),
    /// An ignore file, which is a file of its own.
    IgnoreFile(fn(&mut IgnoreFindings<'_, '_>)),
    /// Nothing: others find it while they do their work, like the parser its errors.
    Elsewhere,
}

/// What kind of trouble a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each says what it is")]
pub enum Category {
    Correctness,
    Security,
    Reproducibility,
    Size,
    Process,
    Context,
    Style,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Correctness,
        Self::Security,
        Self::Reproducibility,
        Self::Size,
        Self::Process,
        Self::Context,
        Self::Style,
    ];

    /// The category as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::Security => "security",
            Self::Reproducibility => "reproducibility",
            Self::Size => "size",
            Self::Process => "process",
            Self::Context => "context",
            Self::Style => "style",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether a rule offers fixes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixable {
    /// Never.
    Never,
    /// Where it is sure.
    Sometimes,
    /// With each finding.
    Always,
}

/// Whether a rule is here to stay.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stability {
    /// It stays as it is.
    Stable,
    /// It may still change, and runs only where it is asked for.
    Preview,
}

/// What another tool calls the concept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Alias {
    /// The same concept.
    Same(&'static str),
    /// A concept that is near enough for its id to be accepted.
    Near(&'static str),
}

impl Alias {
    /// The id as it is written: the tool, a slash, and the tool's own id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Same(id) | Self::Near(id) => id,
        }
    }
}

/// A set of rules, and whose definition is asked where tools define a concept differently.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// What is precise and worth an interruption.
    #[default]
    Recommended,
    /// hadolint's rules, as hadolint defines them.
    Hadolint,
    /// BuildKit's checks, as BuildKit defines them.
    Buildkit,
    /// All that is stable.
    Strict,
    /// All there is.
    All,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Recommended, Self::Hadolint, Self::Buildkit, Self::Strict, Self::All];

    /// The preset as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Hadolint => "hadolint",
            Self::Buildkit => "buildkit",
            Self::Strict => "strict",
            Self::All => "all",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no preset.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("`{0}` is no preset; there are `recommended`, `hadolint`, `buildkit`, `strict` and `all`")]
pub struct UnknownPreset(String);

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(text: &str) -> Result<Self, UnknownPreset> {
        let found = Self::ALL.into_iter().find(|preset| preset.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| UnknownPreset(text.to_owned()))
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Rule {}

impl Rule {
    /// Whether `preset` holds the rule.
    #[must_use]
    pub fn is_in(&self, preset: Preset) -> bool {
        match preset {
            Preset::All => true,
            Preset::Strict => self.stability == Stability::Stable,
            preset => self.presets.contains(&preset),
        }
    }

    /// Whether `id` names the rule: by code, by name, or as another tool does, with that tool's name or without, in any
    /// case.
    #[must_use]
    pub fn is_called(&self, id: &str) -> bool {
        let same = |own: &str| own.eq_ignore_ascii_case(id);
        let alias = |alias: &Alias| {
            let (_, own) = alias.id().split_once('/').unwrap_or(("", alias.id()));
            same(alias.id()) || same(own)
        };
        same(self.code) || same(self.name) || self.aliases.iter().any(alias)
    }

    /// Whether it is one of BuildKit's checks, alone or with others of our rules.
    #[must_use]
    pub fn is_check_of_buildkit(&self) -> bool {
        self.aliases.iter().any(|alias| alias.id().starts_with("buildkit/"))
    }

    /// The code as `preset` shows it: BuildKit's own name where BuildKit defines what is found.
    #[must_use]
    pub fn code_in(&self, preset: Preset) -> &'static str {
        if preset != Preset::Buildkit {
            return self.code;
        }
        let buildkit = self.aliases.iter().find_map(|alias| alias.id().strip_prefix("buildkit/"));
        buildkit.unwrap_or(self.code)
    }

    /// The severity as `preset` has it: all of BuildKit's checks are warnings.
    #[must_use]
    pub fn severity_in(&self, preset: Preset) -> Severity {
        if preset == Preset::Buildkit && self.is_check_of_buildkit() { Severity::Warning } else { self.severity }
    }

    /// The first line of the page, which says what the rule asks for.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.documentation.lines().next().unwrap_or_default().trim()
    }
}

/// What a rule may look at, and where it puts what it finds.
pub struct Findings<'f, 'd, 'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) preset: Preset,
    /// What the project tells the rules.
    pub(crate) settings: &'f RuleSettings,
    /// The platforms of base images, as far as they were told.
    pub(crate) image_platforms: &'f BTreeMap<String, Platform>,
    /// Where the instruction that is looked at runs, if it stands in an `ONBUILD`.
    pub(crate) triggered: Triggered<'f, 'd, 'a>,
    /// What the file means.
    pub(crate) model: &'f Model<'d, 'a>,
    /// The scripts of its instructions.
    pub(crate) scripts: &'f Scripts<'f, 'd, 'a>,
    /// The context of the build, where it is known.
    pub(crate) surroundings: Option<&'f Surroundings<'f, 'd, 'a>>,
    /// Where it is noted that the context was asked for, and is not known.
    pub(crate) lacks_context: Option<&'f Cell<bool>>,
    pub(crate) found: &'f mut Vec<Diagnostic>,
}

/// Where an instruction of an `ONBUILD` runs.
#[derive(Clone, Copy)]
pub(crate) enum Triggered<'f, 'd, 'a> {
    /// It stands in none.
    Not,
    /// In some other build.
    Elsewhere,
    /// In this stage, right after the `FROM`.
    Here(&'f Trigger<'d, 'a>, Span),
}

impl<'f, 'd, 'a> Findings<'f, 'd, 'a> {
    /// What holds before an instruction; nothing is known where it runs in some other build.
    pub(crate) fn point(&self, instruction: &Instruction<'_>) -> Option<Point<'f, 'd, 'a>> {
        match self.triggered {
            Triggered::Not => self.model.at(instruction),
            Triggered::Elsewhere => None,
            Triggered::Here(trigger, _) => Some(self.model.at_trigger(trigger)),
        }
    }

    /// The same for an instruction that runs right after the `FROM` at `from`, where all that is found is reported.
    pub(crate) fn with_trigger<'t>(&'t mut self, trigger: &'t Trigger<'d, 'a>, from: Span) -> Findings<'t, 'd, 'a> {
        Findings { triggered: Triggered::Here(trigger, from), found: &mut *self.found, ..*self }
    }

    /// The same for an instruction that runs in some other build.
    pub(crate) fn elsewhere(&mut self) -> Findings<'_, 'd, 'a> {
        Findings { triggered: Triggered::Elsewhere, found: &mut *self.found, ..*self }
    }

    /// Whose definition is asked.
    pub(crate) const fn preset(&self) -> Preset {
        self.preset
    }

    /// What the project tells the rules.
    pub(crate) const fn settings(&self) -> &'f RuleSettings {
        self.settings
    }

    /// What the file means.
    pub(crate) const fn model(&self) -> &'f Model<'d, 'a> {
        self.model
    }

    /// All scripts of a `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`, each read once however many rules ask.
    pub(crate) fn scripts(&self, instruction: &Instruction<'_>) -> &'f [Script<'d>] {
        self.scripts.of(instruction)
    }

    /// The shell that a comment says an instruction has.
    pub(crate) fn shell_that_is_said(&self, instruction: &Instruction<'_>) -> Option<&'d str> {
        self.scripts.shell_that_is_said(instruction)
    }

    /// All commands in the scripts of an instruction.
    ///
    /// hadolint sees those that are written there by name alone: none that another command runs, but for the modules of Python,
    /// none in a script in a script, and none whose name is a path or holds a variable. Who changes from hadolint gets what
    /// hadolint would have said, and no more.
    pub(crate) fn calls(&self, instruction: &Instruction<'_>) -> impl Iterator<Item = Call<'f>> + use<'f, 'd, 'a> {
        let hadolint = self.preset == Preset::Hadolint;
        let scripts = self.scripts(instruction);
        let scripts = if hadolint { scripts.get(..1).unwrap_or_default() } else { scripts };
        scripts.iter().flat_map(|script| script.calls()).filter(move |call| !hadolint || is_seen_by_hadolint(*call))
    }

    /// The context of the build, where it is known.
    pub(crate) fn surroundings(&self) -> Option<&'f Surroundings<'f, 'd, 'a>> {
        if let Some(lacks_context) = self.lacks_context {
            lacks_context.set(lacks_context.get() || self.surroundings.is_none());
        }
        self.surroundings
    }

    /// The platforms of base images, as far as they were told.
    pub(crate) const fn image_platforms(&self) -> &'f BTreeMap<String, Platform> {
        self.image_platforms
    }

    /// Notes a finding.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> Finding<'_> {
        let (span, fixable) = match self.triggered {
            Triggered::Here(_, from) => (from, false),
            Triggered::Not | Triggered::Elsewhere => (span, true),
        };
        Finding::note(self.rule, self.preset, self.found, span, message.into(), fixable)
    }
}

fn is_seen_by_hadolint(call: Call<'_>) -> bool {
    let is_written = |call: Call<'_>| call.name_argument().word().text().trim_matches(['"', '\'']) == call.name();
    is_written(call) && call.wrapped_in().is_none_or(|wrapper| wrapper.is("python") && is_written(wrapper))
}

/// A finding that was just noted.
pub(crate) struct Finding<'f> {
    diagnostic: Option<&'f mut Diagnostic>,
    /// Whether what is wrong stands where it is reported.
    fixable: bool,
}

impl<'f> Finding<'f> {
    /// Notes what a rule finds.
    pub(super) fn note(
        rule: &Rule,
        preset: Preset,
        found: &'f mut Vec<Diagnostic>,
        span: Span,
        message: Cow<'static, str>,
        fixable: bool,
    ) -> Self {
        found.push(Diagnostic {
            code: rule.code_in(preset),
            name: rule.name,
            severity: rule.severity_in(preset),
            span,
            message,
            help: None,
            fix: None,
            related: Vec::new(),
        });
        Self { diagnostic: found.last_mut(), fixable }
    }

    /// Says what to write instead.
    pub(crate) fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        self.with(|diagnostic| diagnostic.help = Some(help.into()))
    }

    /// Offers a way to mend it.
    pub(crate) fn fix(self, fix: Fix) -> Self {
        if !self.fixable {
            return self;
        }
        self.with(|diagnostic| diagnostic.fix = Some(fix))
    }

    /// Names another place that it has to do with; none where what is wrong is reported elsewhere.
    pub(crate) fn related(self, span: Span, message: impl Into<String>) -> Self {
        if !self.fixable {
            return self;
        }
        self.with(|diagnostic| diagnostic.related.push(Related { span, message: message.into() }))
    }

    fn with(mut self, change: impl FnOnce(&mut Diagnostic)) -> Self {
        if let Some(diagnostic) = &mut self.diagnostic {
            change(diagnostic);
        }
        self
    }
}

/// Declares the rule of a file. The documentation comment is the rule's page.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])+
        $code:literal $name:literal {
            severity: $severity:ident,
            category: $category:ident,
            fixable: $fixable:ident,
            since: $since:literal,
            stability: $stability:ident,
            presets: [$($preset:ident),*],
            aliases: [$($kind:ident($alias:literal)),* $(,)?],
            $(changes: [$($change:ident),* $(,)?],)?
            $(programs: [$($program:literal),* $(,)?],)?
            $(keywords: [$($keyword:ident),* $(,)?],)?
            check: $check:expr $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            code: $code,
            name: $name,
            severity: $crate::diagnostic::Severity::$severity,
            category: $crate::rules::Category::$category,
            fixable: $crate::rules::Fixable::$fixable,
            changes: &[$($($crate::rules::Change::$change),*)?],
            since: $since,
            stability: $crate::rules::Stability::$stability,
            presets: &[$($crate::rules::Preset::$preset),*],
            aliases: &[$($crate::rules::Alias::$kind($alias)),*],
            documentation: concat!($($doc, "\n"),+),
            programs: &[$($($program),*)?],
            keywords: $crate::ast::Keywords::of(&[$($($crate::ast::Keyword::$keyword),*)?]),
            check: $check,
        };
    };
}

pub(crate) use rule;
