//! What may be typed at a place.

use std::collections::HashSet;

use crate::ast::Keyword;
use crate::lsp::document::Reading;
use crate::semantic::{Lookup, PLATFORM_ARGUMENTS, Point, well_known_images};
use crate::shell::NodeKind;
use crate::source::Span;

use super::completion_flags::flags;
use super::completion_rules::comments;
use super::markdown::code;
use super::occurrences::is_name;
use super::paths;
use super::reference::{self, LABELS, SHELLS, SIGNALS};
use super::typed::{Line, Typed, line_start, typed};

/// Something that may be typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Completion {
    /// What is shown.
    pub(crate) label: String,
    /// What it is.
    pub(crate) kind: CompletionKind,
    /// A few words.
    pub(crate) detail: String,
    /// More, in Markdown.
    pub(crate) documentation: Option<String>,
    /// What is replaced; it holds the place that was asked about, and stays on its line.
    pub(crate) replace: Span,
    /// What stands there afterwards.
    pub(crate) insert: String,
    /// Whether there is something to be typed right behind it, so that the editor may ask again.
    pub(crate) goes_on: bool,
}

/// What something is that may be typed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "each says what it is")]
pub(crate) enum CompletionKind {
    Keyword,
    Flag,
    Key,
    Value,
    Stage,
    Image,
    Variable,
    File,
    Directory,
    Directive,
    Rule,
}

/// Where something may be typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// What is replaced.
    pub(super) replace: Span,
}

impl Slot {
    /// From `start` to the end of the word at `offset`, of which `is_of_word` says the characters.
    pub(super) fn new(text: &str, start: u32, offset: u32, is_of_word: impl Fn(char) -> bool) -> Self {
        let after = text.get(offset as usize..).unwrap_or_default();
        let length = after.find(|c: char| !is_of_word(c)).unwrap_or(after.len());
        let rest = Span::of_range(0..length).end;
        Self { replace: Span::new(start.min(offset), offset + rest) }
    }

    /// Something to type there.
    pub(super) fn item(self, kind: CompletionKind, text: &str, detail: &str) -> Completion {
        Completion {
            label: text.to_owned(),
            kind,
            detail: detail.to_owned(),
            documentation: None,
            replace: self.replace,
            insert: text.to_owned(),
            goes_on: false,
        }
    }
}

/// A character of names.
pub(super) fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// What may be typed at a place, the likeliest first.
pub(crate) fn complete(reading: &Reading<'_, '_>, offset: u32) -> Vec<Completion> {
    match typed(&reading.parsed.dockerfile, offset) {
        Typed::Comment { before, at_top } => comments(reading, before, at_top, offset),
        Typed::Heredoc(instruction) => {
            let point = reading.model.at(instruction);
            point.and_then(|point| variables(reading, &point, None, offset)).unwrap_or_default()
        }
        Typed::Line(line) => of_line(reading, &line, offset),
    }
}

fn of_line(reading: &Reading<'_, '_>, line: &Line<'_>, offset: u32) -> Vec<Completion> {
    let Some(keyword) = line.keyword else {
        return if line.arguments.is_empty() && line.flags.is_empty() {
            keywords(reading, line, offset)
        } else {
            Vec::new()
        };
    };
    let point = line.instruction.and_then(|instruction| reading.model.at(instruction));
    let is_run = matches!(keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck);
    let is_literal = matches!(keyword, Keyword::Shell | Keyword::Maintainer) || is_run && line.is_array;
    if let Some(found) = point.filter(|_| !is_literal).and_then(|point| variables(reading, &point, Some(line), offset))
    {
        return found;
    }
    if line.may_be_flag() && line.word.starts_with('-') {
        return flags(reading, line, keyword, offset);
    }
    arguments(reading, line, keyword, point.as_ref(), offset)
}

/// Keywords, in the letters of the others.
fn keywords(reading: &Reading<'_, '_>, line: &Line<'_>, offset: u32) -> Vec<Completion> {
    let instructions = reading.parsed.dockerfile.instructions.as_slice();
    let others = || instructions.iter().filter(|other| Some(other.span) != line.instruction.map(|own| own.span));
    let small = others().filter(|other| other.keyword.starts_with(|c: char| c.is_ascii_lowercase())).count();
    let is_small = small * 2 > others().count();
    let in_stage = reading.model.stages.iter().any(|stage| stage.instruction.span.start < line.start);
    let mut keywords: Vec<Keyword> = reference::INSTRUCTIONS.iter().map(|page| page.keyword).collect();
    if line.in_onbuild {
        keywords.retain(|keyword| !matches!(keyword, Keyword::Onbuild | Keyword::From | Keyword::Maintainer));
    } else if !in_stage {
        keywords.retain(|keyword| matches!(keyword, Keyword::From | Keyword::Arg));
    }
    let slot = Slot::new(reading.text, line.start, offset, char::is_alphabetic);
    let completion = |keyword: Keyword| {
        let page = reference::instruction(keyword)?;
        let text = if is_small { keyword.as_str().to_lowercase() } else { keyword.as_str().to_owned() };
        let mut item = slot.item(CompletionKind::Keyword, &text, page.summary);
        item.documentation = Some(page.details.to_owned()).filter(|details| !details.is_empty());
        item.insert += " ";
        item.goes_on = true;
        Some(item)
    };
    keywords.into_iter().filter_map(completion).collect()
}

/// Variables, where a `$` or `${` was typed.
fn variables(
    reading: &Reading<'_, '_>,
    point: &Point<'_, '_, '_>,
    line: Option<&Line<'_>>,
    offset: u32,
) -> Option<Vec<Completion>> {
    let start = line_start(reading.text, offset);
    let before = Span::new(start, offset).of(reading.text);
    let (prefix, name) = before.rsplit_once('$')?;
    let (braced, name) = name.strip_prefix('{').map_or((false, name), |name| (true, name));
    let escape = reading.parsed.dockerfile.escape.char();
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') || prefix.ends_with(escape) {
        return None;
    }
    let slot = Slot::new(reading.text, offset - Span::of_range(0..name.len()).end, offset, |c| {
        c.is_alphanumeric() || c == '_'
    });
    let is_closed = reading.text.get(slot.replace.end as usize..).is_some_and(|after| after.starts_with('}'));
    let closing = if braced && !is_closed { "}" } else { "" };
    let item = |name: &str, detail: &str| {
        let mut item = slot.item(CompletionKind::Variable, name, detail);
        item.insert += closing;
        item
    };
    let mut items: Vec<Completion> = Vec::new();
    let runs_later = |keyword| matches!(keyword, Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck);
    for (name, binder, value) in point.variables() {
        if line.and_then(|line| line.keyword).is_some_and(runs_later) && binder == crate::semantic::Binder::Arg {
            continue;
        }
        let detail = match value.map(|value| value.known()) {
            Some(Some(value)) => format!("= {}", code(value)),
            Some(None) => "the value is not known here".to_owned(),
            None => "is not set".to_owned(),
        };
        items.push(item(name, &detail));
    }
    let mut known: HashSet<String> = items.iter().map(|item| item.label.clone()).collect();
    // Those of a script itself.
    let instruction =
        line.and_then(|line| line.instruction).filter(|_| line.and_then(|line| line.keyword) == Some(Keyword::Run));
    for script in instruction.map(|instruction| reading.scripts.of(instruction)).unwrap_or_default() {
        for node in script.nodes().filter(|node| node.kind() == NodeKind::Assignment && node.span().end < offset) {
            let name = node.text().split(['=', '+', '[']).next().unwrap_or_default();
            if is_name(name) && known.insert(name.to_owned()) {
                items.push(item(name, "set in the script"));
            }
        }
    }
    let is_global = line.is_some_and(|line| line.keyword == Some(Keyword::From)) || point.stage().is_none();
    for name in PLATFORM_ARGUMENTS.iter().filter(|_| is_global) {
        if known.insert((*name).to_owned()) {
            items.push(item(name, "set by the builder"));
        }
    }
    if !is_global && !known.contains("PATH") {
        let detail = match point.variable("PATH") {
            Lookup::Set(value) => format!("= {}", code(value)),
            Lookup::Unset | Lookup::Unknown => "of the base image".to_owned(),
        };
        items.push(item("PATH", &detail));
    }
    Some(items)
}

/// What may follow the flags.
fn arguments(
    reading: &Reading<'_, '_>,
    line: &Line<'_>,
    keyword: Keyword,
    point: Option<&Point<'_, '_, '_>>,
    offset: u32,
) -> Vec<Completion> {
    let slot = Slot::new(reading.text, line.start, offset, |c| !c.is_whitespace() && !matches!(c, '"' | ',' | ']'));
    let listed = |kind: CompletionKind, values: &[(&str, &str)]| -> Vec<Completion> {
        values.iter().map(|(value, text)| slot.item(kind, value, text)).collect()
    };
    match (keyword, line.arguments.as_slice()) {
        (Keyword::From, []) => {
            let mut items = stages(reading, line, slot, false);
            items.push(slot.item(CompletionKind::Image, "scratch", "the empty image"));
            items.extend(
                well_known_images()
                    .filter(|name| *name != "scratch")
                    .map(|name| slot.item(CompletionKind::Image, name, "")),
            );
            items
        }
        (Keyword::From, [_]) => listed(CompletionKind::Keyword, &[("AS", "names the stage")]),
        (Keyword::Copy | Keyword::Add, before) => {
            let from = line.flag("from").filter(|from| !from.is_empty());
            let mut items = match from {
                Some(from) => of_stage(reading, from, slot, before.is_empty()),
                None => files(reading, line, offset),
            };
            if !before.is_empty()
                && let Some(workdir) = point.and_then(|point| point.workdir().known().map(str::to_owned))
            {
                items.extend(listed(
                    CompletionKind::Directory,
                    &[("./", &workdir), (&format!("{}/", workdir.trim_end_matches('/')), "WORKDIR")],
                ));
            }
            items
        }
        (Keyword::Arg, _) if !line.word.contains('=') => undeclared(reading, point, slot),
        (Keyword::Label, _) if !line.word.contains('=') => {
            let mut items = listed(CompletionKind::Key, &LABELS);
            items.iter_mut().for_each(|item| item.insert += "=");
            items
        }
        (Keyword::Healthcheck, []) => listed(
            CompletionKind::Keyword,
            &[("CMD", "the command follows"), ("NONE", "takes back the base image's check")],
        ),
        (Keyword::Stopsignal, []) => listed(CompletionKind::Value, &SIGNALS),
        (Keyword::Shell, []) if line.word.is_empty() || line.word == "[" => listed(CompletionKind::Value, &SHELLS),
        _ => Vec::new(),
    }
}

/// Earlier stages; by number those that have no name, where a number may stand.
pub(super) fn stages(reading: &Reading<'_, '_>, line: &Line<'_>, slot: Slot, by_number: bool) -> Vec<Completion> {
    let own = line.instruction.map_or(line.start, |instruction| instruction.span.start);
    let own =
        reading.model.stages.iter().rfind(|stage| stage.instruction.span.start <= own).map_or(0, |stage| stage.index);
    // The stage of this instruction is the last one, and none takes from itself.
    let earlier = reading.model.stages.iter().take(own).rev();
    let item = |stage: &crate::semantic::Stage<'_, '_>| {
        let from = stage.instruction.header.of(reading.text).lines().next().unwrap_or_default().to_owned();
        match stage.name() {
            Some(name) => Some(slot.item(CompletionKind::Stage, &name.to_lowercase(), &from)),
            None if by_number => Some(slot.item(CompletionKind::Stage, &stage.index.to_string(), &from)),
            None => None,
        }
    };
    let mut known: HashSet<String> = HashSet::new();
    // Of two with one name the later one is meant.
    earlier.filter_map(item).filter(|item| known.insert(item.label.clone())).collect()
}

/// What is known of a stage that files are copied from.
fn of_stage(reading: &Reading<'_, '_>, from: &str, slot: Slot, is_source: bool) -> Vec<Completion> {
    let named = |stage: &&crate::semantic::Stage<'_, '_>| {
        stage.name().is_some_and(|name| name.eq_ignore_ascii_case(from)) || from == stage.index.to_string()
    };
    let Some(stage) = reading.model.stages.iter().rev().find(named).filter(|_| is_source) else { return Vec::new() };
    let end = reading.model.at_end(stage);
    let workdir = end.workdir().known().map(|workdir| format!("{}/", workdir.trim_end_matches('/')));
    workdir
        .map(|workdir| slot.item(CompletionKind::Directory, &workdir, "the WORKDIR of the stage"))
        .into_iter()
        .collect()
}

/// The files of the context that a path may go on with.
fn files(reading: &Reading<'_, '_>, line: &Line<'_>, offset: u32) -> Vec<Completion> {
    let Some(context) = paths::context(reading) else { return Vec::new() };
    let quotes = line.word.len() - line.word.trim_start_matches(['[', '"', '\'']).len();
    let typed = line.word.get(quotes..).unwrap_or_default();
    let start = line.start + Span::of_range(0..quotes).end;
    paths::complete(context.listing(), typed, start, offset, reading.text)
}

/// What may be declared: arguments from before the first stage, and those of the builder.
fn undeclared(reading: &Reading<'_, '_>, point: Option<&Point<'_, '_, '_>>, slot: Slot) -> Vec<Completion> {
    let Some(point) = point.filter(|point| point.stage().is_some()) else { return Vec::new() };
    let global = reading.model.before_stages();
    let mut items: Vec<Completion> = Vec::new();
    for (name, _, value) in global.variables() {
        if point.declaration(name).is_none() && !PLATFORM_ARGUMENTS.contains(&name) {
            let value = value.and_then(|value| value.known()).map(|value| format!("= {}", code(value)));
            items.push(slot.item(CompletionKind::Variable, name, &value.unwrap_or_default()));
        }
    }
    let builders = PLATFORM_ARGUMENTS.iter().filter(|name| point.declaration(name).is_none());
    items.extend(builders.map(|name| slot.item(CompletionKind::Variable, name, "set by the builder")));
    items
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_context, in_file, written};
    use super::*;

    /// What is replaced, and the first items, each with what is typed where that is something else.
    fn answer(reading: &Reading<'_, '_>, offset: u32) -> String {
        let items = complete(reading, offset);
        let Some(first) = items.first() else { return "nothing".to_owned() };
        let shown = |item: &Completion| {
            assert!(item.replace.start <= offset && offset <= item.replace.end, "{item:?}");
            if item.insert == item.label { item.label.clone() } else { format!("{}({})", item.label, item.insert) }
        };
        let shown: Vec<String> = items.iter().take(12).map(shown).collect();
        let more = if items.len() > 12 { " …" } else { "" };
        format!("{:?}: {}{more}", first.replace.of(reading.text), shown.join(" "))
    }

    #[test]
    fn keywords_and_flags() {
        check(
            &[
                ("‸", r#""": FROM(FROM ) ARG(ARG )"#),
                ("ARG é=1\nfr‸\n", r#""fr": FROM(FROM ) ARG(ARG )"#),
                (
                    "FROM a\nC‸\nRUN b\n",
                    r#""C": FROM(FROM ) RUN(RUN ) CMD(CMD ) ENTRYPOINT(ENTRYPOINT ) COPY(COPY ) ADD(ADD ) ENV(ENV ) ARG(ARG ) WORKDIR(WORKDIR ) USER(USER ) EXPOSE(EXPOSE ) VOLUME(VOLUME ) …"#,
                ),
                (
                    "from a\nrun b\n‸\n",
                    r#""": from(from ) run(run ) cmd(cmd ) entrypoint(entrypoint ) copy(copy ) add(add ) env(env ) arg(arg ) workdir(workdir ) user(user ) expose(expose ) volume(volume ) …"#,
                ),
                (
                    "FROM a\nONBUILD ‸\n",
                    r#""": RUN(RUN ) CMD(CMD ) ENTRYPOINT(ENTRYPOINT ) COPY(COPY ) ADD(ADD ) ENV(ENV ) ARG(ARG ) WORKDIR(WORKDIR ) USER(USER ) EXPOSE(EXPOSE ) VOLUME(VOLUME ) LABEL(LABEL ) …"#,
                ),
                ("FROM a\nCOPY é --‸\n", "nothing"),
                (
                    "FROM a\nCOPY --link --‸ a b\n",
                    r#""--": --from(--from=) --chown(--chown=) --chmod(--chmod=) --parents --exclude(--exclude=)"#,
                ),
                ("FROM a\nCOPY --ch‸own=1 a b\n", r#""--chown": --from --chown --chmod --link --parents --exclude"#),
                (
                    "FROM a\nRUN --mount=a --m‸",
                    r#""--m": --mount(--mount=) --network(--network=) --security(--security=) --device(--device=)"#,
                ),
                ("FROM a\nRUN --network=‸", r#""": default none host"#),
                (
                    "FROM --platform=‸ a",
                    r#""": $BUILDPLATFORM $TARGETPLATFORM linux/amd64 linux/arm64 linux/arm/v7 linux/386 linux/ppc64le linux/s390x linux/riscv64 windows/amd64"#,
                ),
                ("FROM a\nHEALTHCHECK --interval=‸ CMD b", r#""": 10s 30s 1m 5m"#),
                ("FROM a\nHEALTHCHECK ‸", r#""": CMD NONE"#),
                (
                    "FROM a\nSTOPSIGNAL SIG‸",
                    r#""SIG": SIGTERM SIGINT SIGQUIT SIGHUP SIGUSR1 SIGUSR2 SIGWINCH SIGRTMIN+3"#,
                ),
                (
                    "FROM a\nSHELL ‸",
                    r#""": ["/bin/bash", "-o", "pipefail", "-c"] ["/bin/ash", "-eo", "pipefail", "-c"] ["/bin/sh", "-c"] ["powershell", "-Command"]"#,
                ),
                (
                    "FROM a\nLABEL org.open‸",
                    r#""org.open": org.opencontainers.image.title(org.opencontainers.image.title=) org.opencontainers.image.description(org.opencontainers.image.description=) org.opencontainers.image.version(org.opencontainers.image.version=) org.opencontainers.image.revision(org.opencontainers.image.revision=) org.opencontainers.image.source(org.opencontainers.image.source=) org.opencontainers.image.url(org.opencontainers.image.url=) org.opencontainers.image.documentation(org.opencontainers.image.documentation=) org.opencontainers.image.licenses(org.opencontainers.image.licenses=) org.opencontainers.image.authors(org.opencontainers.image.authors=) org.opencontainers.image.vendor(org.opencontainers.image.vendor=) org.opencontainers.image.created(org.opencontainers.image.created=) org.opencontainers.image.ref.name(org.opencontainers.image.ref.name=) …"#,
                ),
                ("FROM a\nMAINTAINER ‸", "nothing"),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn mounts() {
        check(
            &[
                (
                    "FROM a\nRUN --mount=‸",
                    r#""": type(type=) target(target=) source(source=) from(from=) readwrite readonly"#,
                ),
                ("FROM a\nRUN --mount=type=‸", r#""": bind cache tmpfs secret ssh"#),
                (
                    "FROM a\nRUN --mount=type=cache,‸ é\n",
                    r#""": target(target=) id(id=) sharing(sharing=) from(from=) source(source=) mode(mode=) uid(uid=) gid(gid=) readonly readwrite"#,
                ),
                (
                    "FROM a\nRUN --mount=type=cache,target=/a,sha‸ring=x b\n",
                    r#""sharing": id(id=) sharing(sharing=) from(from=) source(source=) mode(mode=) uid(uid=) gid(gid=) readonly readwrite"#,
                ),
                ("FROM a\nRUN --mount=type=cache,sharing=‸", r#""": shared private locked"#),
                ("FROM a AS x\nFROM b\nRUN --mount=from=‸,target=/a c\n", r#""": x"#),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn stages_and_images() {
        check(
            &[
                (
                    "FROM a AS x\nFROM ‸",
                    r#""": x scratch alpine debian ubuntu busybox amazonlinux fedora centos rockylinux almalinux oraclelinux …"#,
                ),
                ("FROM a AS x\nFROM b AS é\nFROM c\nCOPY --from=‸", r#""": é x"#),
                ("FROM a AS X\nFROM b\nFROM c\nBROKEN\nCOPY --from=x‸ /a /b\nFROM d AS later\n", r#""x": 1 x"#),
                ("FROM a ‸", r#""": AS"#),
                ("FROM a AS x\nWORKDIR /é\nFROM b\nCOPY --from=x ‸", r#""": /é/"#),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn variables_in_scope() {
        check(
            &[
                (
                    "ARG É=1\nARG T=1\nFROM $‸",
                    r#""": T É BUILDPLATFORM BUILDOS BUILDOSVERSION BUILDARCH BUILDVARIANT TARGETPLATFORM TARGETOS TARGETOSVERSION TARGETARCH TARGETVARIANT …"#,
                ),
                ("ARG T=1\nFROM a\nRUN $‸\n", r#""": PATH"#),
                ("ARG T=1\nFROM a\nARG T\nENV E=é\nRUN echo \\\n  \"${‸\"\n", r#""": E(E}) T(T}) PATH(PATH})"#),
                ("FROM alpine\nENV EA=1\nWORKDIR /${E‸A}/b\n", r#""EA": EA PATH"#),
                ("FROM a\nARG A=1\nENV E=1\nCMD echo $‸\n", r#""": E PATH"#),
                ("FROM a\nENV E=1\nCMD [\"$‸\"]\n", "nothing"),
                ("FROM a\nENV E=1\nRUN S=1; echo $‸\n", r#""": E S PATH"#),
                ("FROM a\nENV E=1\nRUN \\$‸\n", "nothing"),
                ("FROM a\nENV E=1\nCOPY <<F /\né $‸\nF\n", r#""": E PATH"#),
                (
                    "ARG T=1\nARG U=1\nFROM a\nARG T\nARG ‸\n",
                    r#""": U BUILDPLATFORM BUILDOS BUILDOSVERSION BUILDARCH BUILDVARIANT TARGETPLATFORM TARGETOS TARGETOSVERSION TARGETARCH TARGETVARIANT TARGETSTAGE"#,
                ),
                ("ARG ‸\n", "nothing"),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn files_of_the_context() {
        let files =
            [("main.go", "a"), ("src/é.txt", ""), ("src/b.txt", ""), ("src/lib/c.md", ""), (".dockerignore", "*.md\n")];
        check(
            &[
                ("FROM a\nCOPY ‸", r#""": src/ .dockerignore main.go"#),
                ("FROM a\nWORKDIR /w\nCOPY main.go ‸", r#""": src/ .dockerignore main.go ./ /w/"#),
                ("FROM a\nCOPY src/‸ /\n", r#""": lib/ b.txt é.txt"#),
                ("FROM a\nCOPY ./src/b.‸txt /\n", r#""b.txt": lib/ b.txt é.txt"#),
                ("FROM a\nCOPY [\"src/‸\", \"/\"]\n", r#""": lib/ b.txt é.txt"#),
                ("FROM a\nRUN --mount=type=bind,source=sr‸", r#""sr": src/ .dockerignore main.go"#),
                ("FROM a\nCOPY --from=b ‸", "nothing"),
            ],
            |text| in_context(&written(&files), text, answer),
        );
    }

    #[test]
    fn directives_and_rules() {
        check(
            &[
                (
                    "#‸",
                    r#""": syntax(syntax=) escape(escape=) check(check=) plimsoll ignore= plimsoll file-ignore= hadolint ignore= hadolint stage ignore= hadolint global ignore= check=skip="#,
                ),
                (
                    "# syntax=a\n# e‸\n",
                    r#""e": escape(escape=) check(check=) plimsoll ignore= plimsoll file-ignore= hadolint ignore= hadolint stage ignore= hadolint global ignore= check=skip="#,
                ),
                ("# escape=‸", r#""": ` \"#),
                ("# check=‸", r#""": skip= skip=all error=true experimental=all"#),
                (
                    "# check=error=true;skip=Stage‸",
                    r#""Stage": ConsistentInstructionCasing CopyIgnoredFile DuplicateStageName ExposeInvalidFormat ExposeProtoCasing FromAsCasing FromPlatformFlagConstDisallowed InvalidBaseImagePlatform InvalidDefaultArgInFrom InvalidDefinitionDescription JSONArgsRecommended LegacyKeyValueFormat …"#,
                ),
                (
                    "FROM a\n# ‸\n",
                    r#""": plimsoll ignore= plimsoll file-ignore= hadolint ignore= hadolint stage ignore= hadolint global ignore= check=skip="#,
                ),
                (
                    "FROM a\n# plimsoll ignore=DL3006,‸; é\n",
                    r#""": ConsistentInstructionCasing CopyIgnoredFile DL1000 DL1001 DL3000 DL3001 DL3002 DL3003 DL3004 DL3006 DL3007 DL3008 …"#,
                ),
                (
                    "FROM a\n# hadolint ignore=‸\n",
                    r#""": DL1000 DL1001 DL3000 DL3001 DL3002 DL3003 DL3004 DL3006 DL3007 DL3008 DL3009 DL3010 …"#,
                ),
                (
                    "FROM a\n# check=skip=‸\n",
                    r#""": ConsistentInstructionCasing CopyIgnoredFile DuplicateStageName ExposeInvalidFormat ExposeProtoCasing FromAsCasing FromPlatformFlagConstDisallowed InvalidBaseImagePlatform InvalidDefaultArgInFrom InvalidDefinitionDescription JSONArgsRecommended LegacyKeyValueFormat …"#,
                ),
                ("FROM a\n# é=‸\n", "nothing"),
            ],
            |text| in_file(text, answer),
        );
    }
}
