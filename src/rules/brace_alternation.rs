use super::prelude::*;

/// A pattern is taken apart into at most so many.
const MOST_ALTERNATIVES: usize = 16;

rule! {
    /// Write a line for each alternative.
    ///
    /// ## What it does
    /// Finds `{a,b}` in a pattern of an ignore file.
    ///
    /// ## Why
    /// Shells and many tools read two alternatives there. Docker does not: the braces and the comma stand for themselves, so
    /// that the pattern matches no file that is there.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// **/*.{log,tmp}
    /// ```
    /// ```dockerignore,good
    /// **/*.log
    /// **/*.tmp
    /// ```
    ///
    /// ## How to fix
    /// Write a line for each alternative.
    ///
    /// ## When to ignore
    /// Where a name has braces in it. `\{` says so.
    "PL1030" "brace-alternation" {
        severity: Warning,
        category: Context,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::IgnoreFile(check),
    }
}

fn check(findings: &mut IgnoreFindings<'_, '_>) {
    for pattern in &findings.subject().file().patterns {
        let Some(braces) = first_alternation(&pattern.written) else { continue };
        let name = String::from_utf8_lossy(pattern.cleaned());
        if findings.subject().has(&name) == Some(true) {
            continue;
        }
        let message = format!("`{}` is no alternation: Docker takes the braces for a part of the name", braces);
        let finding = findings.report(pattern.span, message);
        match alternatives(&pattern.written) {
            Some(all) => {
                let shown = all.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
                let finding = finding.help(format!("write a line for each: {shown}"));
                finding.fix(IgnoreFindings::rewriting(pattern, all.join("\n")));
            }
            None => {
                finding.help("write a line for each alternative");
            }
        }
    }
}

/// The first `{…,…}`, with no other brace in it. One of digits only repeats what is before it.
fn first_alternation(written: &str) -> Option<&str> {
    let mut from = 0;
    while let Some(at) = written.get(from..)?.find('{') {
        let start = from + at;
        let rest = written.get(start + 1..)?;
        let end = rest.find(['{', '}'])?;
        let inner = rest.get(..end)?;
        let is_escaped = written.get(..start)?.ends_with('\\');
        let is_count = inner.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
        if rest.get(end..)?.starts_with('}') && inner.contains(',') && !is_escaped && !is_count {
            return written.get(start..start + end + 2);
        }
        from = start + 1;
    }
    None
}

/// The pattern once for each choice; none where there are too many, or braces are left.
fn alternatives(written: &str) -> Option<Vec<String>> {
    let mut done = vec![written.to_owned()];
    while let Some(braces) = done.first().and_then(|one| first_alternation(one)).map(str::to_owned) {
        let inner = braces.trim_start_matches('{').trim_end_matches('}');
        let choices: Vec<&str> = inner.split(',').map(str::trim).collect();
        if done.len() * choices.len() > MOST_ALTERNATIVES {
            return None;
        }
        done = done.iter().flat_map(|one| choices.iter().map(|choice| one.replacen(&braces, choice, 1))).collect();
    }
    done.iter().all(|one| !one.contains(['{', '}']) && !one.trim_start_matches('!').is_empty()).then_some(done)
}
