//! From a text to all that is said of it.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use crate::context::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::parse::{Parsed, parse};
use crate::rules::{
    self, Check, Findings, IgnoreFindings, IgnoreSubject, Preset, Rule, RuleSettings, Running, Triggered,
};
use crate::selection::{Reason, RuleSet, Selection, Selector, UnknownRule};
use crate::semantic::{Inputs, Model, Platform, Scripts, Surroundings};
use crate::suppress::{CheckDirective, Ignores, Told, place};

/// Which rules speak up, and how loudly. Rules are named as a [`Selector`] names them.
///
/// ```
/// use plimsoll::diagnostic::Severity;
/// use plimsoll::{Linter, Options};
///
/// let options = Options {
///     ignore: vec!["size".to_owned(), "DL304".to_owned()],
///     severities: vec![("pin-*".to_owned(), Severity::Error)],
///     ..Options::default()
/// };
/// let found = Linter::new(options)?.lint("FROM alpine\n");
/// assert_eq!((found[0].code, found[0].severity), ("DL3006", Severity::Error));
/// # Ok::<(), plimsoll::UnknownRule>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// The set of rules, and whose definition is asked.
    pub preset: Preset,
    /// Rules that run, and no others; where it is empty, those of the preset.
    pub select: Vec<String>,
    /// Rules that run besides.
    pub extend_select: Vec<String>,
    /// Rules that do not run.
    pub ignore: Vec<String>,
    /// How bad the findings of some rules are. A rule that is named alone, not with others, runs then.
    pub severities: Vec<(String, Severity)>,
    /// What the project tells the rules.
    pub settings: RuleSettings,
}

impl Options {
    /// The same as a [`RuleSet`] takes it.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] where a text names no rule.
    pub fn selection(&self) -> Result<Selection, UnknownRule> {
        let read = |texts: &[String]| texts.iter().map(|text| text.parse()).collect::<Result<Vec<Selector>, _>>();
        let severity = |(text, severity): &(String, Severity)| Ok((text.parse()?, *severity));
        Ok(Selection {
            preset: Some(self.preset),
            select: if self.select.is_empty() { None } else { Some(read(&self.select)?) },
            extend_select: read(&self.extend_select)?,
            ignore: read(&self.ignore)?,
            severities: self.severities.iter().map(severity).collect::<Result<_, _>>()?,
        })
    }
}

/// Lints texts with the same options.
///
/// ```
/// use plimsoll::{Linter, Options};
///
/// let linter = Linter::new(Options::default()).unwrap();
/// let found = linter.lint("FROM alpine\n# plimsoll ignore=relative-workdir\nWORKDIR app\n");
/// assert_eq!(found.len(), 1);
/// assert_eq!((found[0].code, found[0].name), ("DL3006", "pin-base-image"));
/// ```
#[derive(Clone, Debug)]
pub struct Linter {
    preset: Preset,
    rules: Vec<Running>,
    /// Whether some of them do not look at the file, but tell what others met: errors, and ignores of nothing.
    tells_errors: bool,
    tells_ignores: bool,
    /// Of rules whose findings are not as bad as they say, or worse; by name.
    severities: HashMap<&'static str, Severity>,
    settings: RuleSettings,
    inputs: Inputs,
    image_platforms: BTreeMap<String, Platform>,
    experimental: bool,
    inline_ignores: bool,
    /// Whether only some rules were asked for, and not all of a preset.
    partial: bool,
}

/// What is found in a file.
#[derive(Default)]
pub(crate) struct Answer {
    /// In order of place.
    pub(crate) found: Vec<Diagnostic>,
    /// The rules that ran, and did not see all they would have had to: the context of the build.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "the command line alone tells what it can't tell"))]
    pub(crate) blind: Vec<&'static Rule>,
}

/// BuildKit's checks that run only where somebody asks for them.
static EXPERIMENTAL: [Running; 1] = [Running::new(&rules::invalid_definition_description::RULE)];

impl Linter {
    /// A linter with the rules that `options` asks for.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] where a text names no rule.
    pub fn new(options: Options) -> Result<Self, UnknownRule> {
        let rules = RuleSet::new(&[options.selection()?]);
        Ok(Self::with_rules(&rules, options.settings))
    }

    /// A linter with these rules.
    #[must_use]
    pub fn with_rules(rules: &RuleSet, settings: RuleSettings) -> Self {
        let preset = rules.preset();
        let running = || rules.iter().filter(|(_, choice)| choice.runs());
        let changed = running().filter(|(_, choice)| choice.severity_from.is_some());
        let partial = rules.iter().any(|(_, choice)| matches!(choice.reason, Reason::NotSelected(_)));
        // BuildKit's own answers are those of a build that is given nothing else.
        let inputs = if preset == Preset::Buildkit { Inputs::of_check() } else { Inputs::default() };
        let tells = |rule: &Rule| running().any(|(running, _)| running == rule);
        Self {
            preset,
            rules: running().map(|(rule, _)| Running::new(rule)).collect(),
            tells_errors: tells(&rules::syntax_error::RULE),
            tells_ignores: tells(&rules::unused_ignore::RULE),
            severities: changed.map(|(rule, choice)| (rule.name, choice.severity)).collect(),
            settings,
            inputs,
            image_platforms: BTreeMap::new(),
            experimental: false,
            inline_ignores: true,
            partial,
        }
    }

    /// What the build is given, as far as the linter knows.
    #[must_use]
    pub const fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The same, deaf to comments that silence findings.
    #[must_use]
    pub fn without_inline_ignores(self) -> Self {
        Self { inline_ignores: false, ..self }
    }

    /// The same, told what the build will be given.
    #[must_use]
    pub fn with_inputs(self, inputs: Inputs) -> Self {
        Self { inputs, ..self }
    }

    /// The same, told for which platforms base images are made, by the name that `FROM` uses.
    #[must_use]
    pub fn with_image_platforms(self, image_platforms: BTreeMap<String, Platform>) -> Self {
        Self { image_platforms, ..self }
    }

    /// The same, with BuildKit's experimental checks, which otherwise run where `# check=experimental=…` asks for them.
    #[must_use]
    pub fn with_experimental(self) -> Self {
        Self { experimental: true, ..self }
    }

    /// All that is said of `text`, in order of place.
    #[must_use]
    pub fn lint(&self, text: &str) -> Vec<Diagnostic> {
        self.lint_parsed(&parse(text))
    }

    /// All that is said of a tree, in order of place.
    #[must_use]
    pub fn lint_parsed(&self, parsed: &Parsed<'_>) -> Vec<Diagnostic> {
        self.lint_in(parsed, None)
    }

    /// All that is said of a tree, in order of place, where the context of its build is known.
    #[must_use]
    pub fn lint_in(&self, parsed: &Parsed<'_>, context: Option<&Context>) -> Vec<Diagnostic> {
        self.lint_telling(parsed, context).found
    }

    /// The same, with the rules that did not see all they would have had to.
    pub(crate) fn lint_telling(&self, parsed: &Parsed<'_>, context: Option<&Context>) -> Answer {
        let model = Model::with_inputs(&parsed.dockerfile, &self.inputs);
        let surroundings = context.map(|context| Surroundings::new(&model, context));
        let scripts = Scripts::new(&model);
        let directive = CheckDirective::of(&parsed.dockerfile);
        let mut found = Vec::new();
        if self.tells_errors {
            let has_own_rule = |error: &&SyntaxError| {
                let rule = match error.kind {
                    SyntaxErrorKind::NoStage(_) => &rules::instruction_before_from::RULE,
                    SyntaxErrorKind::OnbuildInstruction(_) => &rules::invalid_onbuild_instruction::RULE,
                    _ => return false,
                };
                self.runs(rule)
            };
            let errors = parsed.errors.iter().filter(|error| !has_own_rule(error));
            found.extend(errors.map(|error| Diagnostic {
                code: rules::syntax_error::RULE.code,
                name: rules::syntax_error::RULE.name,
                severity: rules::syntax_error::RULE.severity,
                span: error.span,
                message: error.to_string().into(),
                help: error.kind.help(),
                fix: rules::syntax_error::fix(error, &model),
                related: Vec::new(),
            }));
        }
        if let Some(option) = directive.invalid(self.preset)
            && self.tells_errors
        {
            let span = place(parsed.dockerfile.text, option);
            let message = format!("`{option}` is no option of the `check` directive");
            let help = "there are `skip=…`, `error=true` and `experimental=…`, with `;` between them";
            self.findings(&rules::syntax_error::RULE, &scripts, surroundings.as_ref(), &mut found)
                .report(span, message)
                .help(help);
        }
        let asked = |running: &&Running| {
            let aliases = running.rule.aliases;
            (self.experimental || aliases.iter().any(|alias| directive.asks_for(*alias))) && !self.runs(running.rule)
        };
        let mut blind: Vec<&'static Rule> = Vec::new();
        let lacks_context = Cell::new(false);
        let mut findings = self.findings(&rules::syntax_error::RULE, &scripts, surroundings.as_ref(), &mut found);
        findings.lacks_context = Some(&lacks_context);
        let rules = self.rules.iter().chain(EXPERIMENTAL.iter().filter(asked));
        for running in rules.filter(|running| running.is_about(&scripts)) {
            findings.rule = running.rule;
            running.run(&mut findings);
            if lacks_context.replace(false) {
                blind.push(running.rule);
            }
        }
        self.weigh(&mut found);
        let mut ignores = match self.inline_ignores {
            true => Ignores::read(&model, &directive, self.preset),
            false => Ignores::none(self.preset),
        };
        found.retain(|diagnostic| !ignores.silences(diagnostic));
        if self.tells_ignores {
            let unused = ignores.unused(|rule| self.told(rule, &blind));
            let mut findings = self.findings(&rules::unused_ignore::RULE, &scripts, surroundings.as_ref(), &mut found);
            for unused in unused {
                unused.problem.describe(findings.report(unused.span, unused.problem.message()), unused.fix);
            }
            self.weigh(&mut found);
        }
        if directive.makes_errors(self.preset) {
            for diagnostic in &mut found {
                if rules::find(diagnostic.name).is_some_and(Rule::is_check_of_buildkit) {
                    diagnostic.severity = Severity::Error;
                }
            }
        }
        // Rules run one after the other, so that findings of one place stay in the order of the rules.
        found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        Answer { found, blind }
    }

    /// All that is said of an ignore file, in order of place.
    #[must_use]
    pub fn lint_ignore_file(&self, subject: &IgnoreSubject<'_>) -> Vec<Diagnostic> {
        self.lint_ignore_file_telling(subject).found
    }

    /// The same, with the rules that did not see all they would have had to.
    pub(crate) fn lint_ignore_file_telling(&self, subject: &IgnoreSubject<'_>) -> Answer {
        let mut found = Vec::new();
        let mut blind: Vec<&'static Rule> = Vec::new();
        for rule in self.rules.iter().map(|running| running.rule) {
            if let Check::IgnoreFile(check) = rule.check {
                check(&mut IgnoreFindings { rule, preset: self.preset, subject, found: &mut found });
                if subject.lacked_something() {
                    blind.push(rule);
                }
            }
        }
        let mut ignores = match self.inline_ignores {
            true => Ignores::read_ignore_file(subject.file(), self.preset),
            false => Ignores::none(self.preset),
        };
        found.retain(|diagnostic| !ignores.silences(diagnostic));
        let rule = &rules::unused_ignore::RULE;
        if self.tells_ignores {
            let unused = ignores.unused(|rule| self.told(rule, &blind));
            let mut findings = IgnoreFindings { rule, preset: self.preset, subject, found: &mut found };
            for unused in unused {
                unused.problem.describe(findings.report(unused.span, unused.problem.message()), unused.fix);
            }
        }
        self.weigh(&mut found);
        found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        Answer { found, blind }
    }

    /// Gives findings the severities that somebody chose.
    fn weigh(&self, found: &mut [Diagnostic]) {
        if self.severities.is_empty() {
            return;
        }
        for diagnostic in found {
            if let Some(severity) = self.severities.get(diagnostic.name) {
                diagnostic.severity = *severity;
            }
        }
    }

    fn findings<'f, 'd, 'a>(
        &'f self,
        rule: &'static Rule,
        scripts: &'f Scripts<'f, 'd, 'a>,
        surroundings: Option<&'f Surroundings<'f, 'd, 'a>>,
        found: &'f mut Vec<Diagnostic>,
    ) -> Findings<'f, 'd, 'a> {
        let image_platforms = &self.image_platforms;
        let model = scripts.model();
        Findings {
            rule,
            preset: self.preset,
            settings: &self.settings,
            image_platforms,
            triggered: Triggered::Not,
            model,
            scripts,
            surroundings,
            lacks_context: None,
            found,
        }
    }

    /// What is known of the findings of a rule, or of all rules, where those that are `blind` did not see all.
    fn told(&self, rule: Option<&'static Rule>, blind: &[&'static Rule]) -> Told {
        let is_told = match rule {
            Some(rule) => self.runs(rule) && !blind.iter().any(|blind| std::ptr::eq(*blind, rule)),
            None => !self.partial && blind.is_empty(),
        };
        if is_told { Told::All } else { Told::Some }
    }

    /// Whether the rule is one of those that were asked for.
    pub(crate) fn runs(&self, rule: &'static Rule) -> bool {
        self.rules.iter().any(|running| std::ptr::eq(running.rule, rule))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::ast::Keywords;
    use crate::rules::ALL;

    /// All Dockerfiles among the fixtures of the rules.
    fn fixtures() -> Vec<String> {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
        let files = walkdir::WalkDir::new(rules).into_iter().map(Result::unwrap);
        let is_dockerfile = |entry: &walkdir::DirEntry| entry.file_name().to_string_lossy().ends_with("Dockerfile");
        files.filter(is_dockerfile).map(|entry| std::fs::read_to_string(entry.path()).unwrap()).collect()
    }

    /// What a rule says of its keywords hides nothing that it would find.
    #[test]
    fn rules_find_nothing_in_other_instructions() {
        let own: Vec<Running> = ALL.iter().copied().map(Running::new).collect();
        let all_seeing =
            |rule: &Rule| -> &'static Rule { Box::leak(Box::new(Rule { keywords: Keywords::default(), ..*rule })) };
        let all_seeing: Vec<Running> = ALL.iter().map(|rule| Running::new(all_seeing(rule))).collect();
        let fixtures = fixtures();
        assert!(fixtures.len() > 100, "{} fixtures", fixtures.len());
        let mut failures = Vec::new();
        for preset in Preset::ALL {
            let linter = |rules| {
                let linter = Linter::new(Options { preset, ..Options::default() }).unwrap();
                Linter { rules, tells_errors: false, ..linter }.without_inline_ignores()
            };
            let (linter, oracle) = (linter(own.clone()), linter(all_seeing.clone()));
            let all = |found: Vec<Diagnostic>| found.iter().map(|found| format!("{found:?}")).collect::<Vec<_>>();
            for text in &fixtures {
                let parsed = parse(text);
                let (found, expected) = (all(linter.lint_parsed(&parsed)), all(oracle.lint_parsed(&parsed)));
                let missing = expected.iter().filter(|one| !found.contains(one));
                failures.extend(missing.map(|one| format!("{preset}: {one} in\n{text}")));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
