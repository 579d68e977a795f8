//! From a text to all that is said of it.

use thiserror::Error;

use crate::ast::Dockerfile;
use crate::diagnostic::Diagnostic;
use crate::parse::{Parsed, parse};
use crate::rules::{self, Check, Findings, Preset, Rule};
use crate::semantic::Model;
use crate::suppress::Ignores;

/// Which rules speak up.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// The set of rules, and whose definition is asked.
    pub preset: Preset,
    /// Ids of rules that run, and no others; where it is empty, those of the preset.
    pub select: Vec<String>,
    /// Ids of rules that do not run.
    pub ignore: Vec<String>,
}

/// An id that no rule has.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("there is no rule `{0}`; `plimsoll rule` lists them all")]
pub struct UnknownRule(pub String);

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
    rules: Vec<&'static Rule>,
}

impl Linter {
    /// A linter with the rules that `options` asks for.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] where an id is no rule's.
    pub fn new(options: Options) -> Result<Self, UnknownRule> {
        let Options { preset, select, ignore } = options;
        if let Some(unknown) = select.iter().chain(&ignore).find(|id| rules::find(id).is_none()) {
            return Err(UnknownRule(unknown.clone()));
        }
        let is_listed = |rule: &Rule, ids: &[String]| ids.iter().any(|id| rule.is_called(id));
        let runs = |rule: &&'static Rule| {
            let asked = if select.is_empty() { rule.is_in(preset) } else { is_listed(rule, &select) };
            asked && !is_listed(rule, &ignore)
        };
        Ok(Self { preset, rules: rules::ALL.iter().copied().filter(runs).collect() })
    }

    /// All that is said of `text`, in order of place.
    #[must_use]
    pub fn lint(&self, text: &str) -> Vec<Diagnostic> {
        self.lint_parsed(&parse(text))
    }

    /// All that is said of a tree, in order of place.
    #[must_use]
    pub fn lint_parsed(&self, parsed: &Parsed<'_>) -> Vec<Diagnostic> {
        let model = Model::build(&parsed.dockerfile);
        let mut found = Vec::new();
        if self.runs(&rules::syntax_error::RULE) {
            found.extend(parsed.errors.iter().map(|error| Diagnostic {
                code: rules::syntax_error::RULE.code,
                name: rules::syntax_error::RULE.name,
                severity: rules::syntax_error::RULE.severity,
                span: error.span,
                message: error.to_string(),
                help: error.kind.help(),
                fix: None,
            }));
        }
        for rule in &self.rules {
            let findings = Findings { rule, preset: self.preset, model: &model, found: &mut found };
            check(rule, findings, &parsed.dockerfile);
        }
        let mut ignores = Ignores::read(&model);
        found.retain(|diagnostic| !ignores.silences(diagnostic));
        if self.runs(&rules::unused_ignore::RULE) {
            let mut findings =
                Findings { rule: &rules::unused_ignore::RULE, preset: self.preset, model: &model, found: &mut found };
            for (span, id, known) in ignores.unused() {
                let message = match known {
                    true => format!("nothing is silenced by `{id}` here"),
                    false => format!("there is no rule `{id}`"),
                };
                findings.report(span, message).help("take it out; `plimsoll rule` lists the rules");
            }
        }
        // Rules run one after the other, so that findings of one place stay in the order of the rules.
        found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        found
    }

    fn runs(&self, rule: &'static Rule) -> bool {
        self.rules.iter().any(|running| std::ptr::eq(*running, rule))
    }
}

fn check<'d, 'a>(rule: &Rule, mut findings: Findings<'_, 'd, 'a>, dockerfile: &'d Dockerfile<'a>) {
    match rule.check {
        Check::Instruction(check) => {
            for instruction in &dockerfile.instructions {
                check(instruction, &mut findings);
            }
        }
        Check::Stage(check) => {
            for stage in &findings.model().stages {
                check(stage, &mut findings);
            }
        }
        Check::File(check) => check(&mut findings),
        Check::Elsewhere => {}
    }
}
