//! One Dockerfile and all of its builds.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Build, BuildOrigin};
use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::lint::{Answer, Linter};
use crate::parse::Parsed;
use crate::rules::{self, Category, unused_ignore};
use crate::source::Span;

/// Lints a Dockerfile as each of its builds reads it. What holds in all of them is said once; of what holds in some, it is said
/// in which.
pub(crate) fn lint(linter: &Linter, builds: &[(&Build, Option<&Context>)], parsed: &Parsed<'_>) -> Answer {
    let mut answers = Vec::new();
    for &(build, context) in builds {
        let answer = match *build == Build::default() {
            true => linter.lint_telling(parsed, context),
            false => linter.clone().with_inputs(build.inputs(linter.inputs())).lint_telling(parsed, context),
        };
        answers.push((build, answer));
    }
    let mut merged = Answer { found: Vec::new(), blind: Vec::new() };
    let mut places: HashMap<(&'static str, Span, Cow<'static, str>), usize> = HashMap::new();
    let mut origins: Vec<Vec<&BuildOrigin>> = Vec::new();
    if let [(build, answer)] = answers.as_mut_slice()
        && build.origin == BuildOrigin::default()
    {
        return std::mem::take(answer);
    }
    for (build, answer) in answers {
        for diagnostic in answer.found {
            let key = (diagnostic.name, diagnostic.span, diagnostic.message.clone());
            let place = *places.entry(key).or_insert_with(|| {
                merged.found.push(diagnostic);
                origins.push(Vec::new());
                origins.len() - 1
            });
            // One build may say the same twice.
            if let Some(origins) = origins.get_mut(place)
                && !origins.last().is_some_and(|last| std::ptr::eq(*last, &build.origin))
            {
                origins.push(&build.origin);
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
        Some(help) => format!("{help}; this is so {builds}").into(),
        None => format!("this is so {builds}").into(),
    });
}
