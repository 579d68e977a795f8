use super::prelude::*;
use crate::ast::FlagKind;
use crate::semantic::{Lookup, State};

rule! {
    /// Leave out `--platform=$TARGETPLATFORM`.
    ///
    /// ## What it does
    /// Finds a `FROM --platform` that asks for the platform which is built for.
    ///
    /// ## Why
    /// That is the default. The flag makes a reader look for a reason.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM --platform=$TARGETPLATFORM alpine:3.22
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ```
    ///
    /// ## How to fix
    /// The fix takes the flag out.
    ///
    /// ## When to ignore
    /// Where the file must work with the builder from before BuildKit.
    "DL3065" "redundant-target-platform" {
        severity: Warning,
        category: Style,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3065"),
            Same("buildkit/RedundantTargetPlatform"),
            Same("tally/buildkit/RedundantTargetPlatform"),
            Same("droast/DF083"),
        ],
        changes: [TargetPlatform],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let Some(from) = stage.from() else { return };
    let Some(flag) = from.flags.iter().find(|flag| matches!(flag.kind, FlagKind::Platform)) else { return };
    let Some(value) = &flag.value else { return };
    let is_plain = matches!(value.as_str(), "$TARGETPLATFORM" | "${TARGETPLATFORM}");
    let before = findings.model().before_stages();
    let is_redundant = match findings.preset() {
        Preset::Buildkit => {
            let expansion = before.expand(value);
            let names = || expansion.references.iter().map(|reference| (reference.name, reference.state));
            names().count() > 0
                && names().all(|name| name == ("TARGETPLATFORM", State::Set))
                && matches!(before.variable("TARGETPLATFORM"), Lookup::Set(platform) if expansion.value.known() == Some(platform))
        }
        _ => is_plain,
    };
    if !is_redundant {
        return;
    }
    // Up to the next word, if that is in the same line.
    let after = Span::new(flag.span.end, stage.instruction.header.end).of(findings.model().dockerfile.text);
    let word = after.trim_start_matches([' ', '\t']);
    let blanks = Span::of_range(0..after.len() - word.len()).end;
    let is_fixable = is_plain && blanks > 0 && !word.starts_with(['\\', '`', '\n', '\r']);
    let finding = findings
        .report(flag.span, format!("`{value}` is what `FROM` takes anyhow"))
        .help("leave `--platform` out");
    if is_fixable {
        finding.fix(Fix {
            title: "take the flag out".into(),
            applicability: Applicability::Safe,
            edits: vec![Edit { span: Span::new(flag.span.start, flag.span.end + blanks), text: String::new() }],
        });
    }
}
