//! One Dockerfile and all of its builds.

use std::collections::HashMap;

use crate::cli::builds::BuildOrigin;
use crate::cli::contexts::Known;
use crate::diagnostic::Diagnostic;
use crate::lint::{Answer, Linter};
use crate::parse::Parsed;
use crate::rules::{self, Category, unused_ignore};
use crate::semantic::Inputs;
use crate::source::Span;

/// Lints a Dockerfile as each of its builds reads it. What holds in all of them is said once; of what holds in some, it is said
/// in which.
pub(super) fn lint_builds(linter: &Linter, builds: &[Known], parsed: &Parsed<'_>) -> Answer {
    let mut answers = Vec::new();
    for known in builds {
        let inputs = inputs(linter.inputs(), known);
        answers.push((known, linter.clone().with_inputs(inputs).lint_telling(parsed, known.context())));
    }
    let mut merged = Answer { found: Vec::new(), blind: Vec::new() };
    let mut places: HashMap<(&'static str, Span, String), usize> = HashMap::new();
    let mut origins: Vec<Vec<&BuildOrigin>> = Vec::new();
    for (known, answer) in answers {
        for diagnostic in answer.found {
            let key = (diagnostic.name, diagnostic.span, diagnostic.message.clone());
            let place = *places.entry(key).or_insert_with(|| {
                merged.found.push(diagnostic);
                origins.push(Vec::new());
                origins.len() - 1
            });
            if let Some(origins) = origins.get_mut(place) {
                origins.push(&known.build.origin);
            }
        }
        merged.blind.extend(answer.blind);
    }
    merged.blind.sort_by_key(|rule| rule.name);
    merged.blind.dedup_by_key(|rule| rule.name);
    let mut origins = origins.into_iter();
    merged.found.retain_mut(|diagnostic| {
        let origins = origins.next().unwrap_or_default();
        let in_all = origins.len() >= builds.len();
        if !in_all || is_about_context(diagnostic) {
            tell(diagnostic, &origins);
        }
        // An ignore that silences something in one build is not useless.
        in_all || diagnostic.name != unused_ignore::RULE.name
    });
    merged.found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    merged
}

/// What is given to a build, with what is assumed of all of them.
fn inputs(all: &Inputs, known: &Known) -> Inputs {
    let own = known.build.inputs();
    let mut build_arguments = all.build_arguments.clone();
    build_arguments.extend(own.build_arguments);
    Inputs {
        build_arguments,
        unknown_arguments: own.unknown_arguments,
        named_contexts: own.named_contexts,
        target: own.target.or_else(|| all.target.clone()),
        platform: own.platform.or_else(|| all.platform.clone()),
        ..all.clone()
    }
}

fn is_about_context(diagnostic: &Diagnostic) -> bool {
    rules::find(diagnostic.name).is_some_and(|rule| rule.category == Category::Context)
}

/// Says in which builds a finding holds.
fn tell(diagnostic: &mut Diagnostic, origins: &[&BuildOrigin]) {
    let named: Vec<String> = origins.iter().filter_map(|origin| origin.shown()).collect();
    let Some((last, others)) = named.split_last() else { return };
    let builds = match others {
        [] => format!("in the build of {last}"),
        others => format!("in the builds of {} and {last}", others.join(", ")),
    };
    diagnostic.help = Some(match diagnostic.help.take() {
        Some(help) => format!("{help}; this is so {builds}"),
        None => format!("this is so {builds}"),
    });
}
