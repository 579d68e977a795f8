//! What there is to say of what stands at a place.

use crate::ast::{CopySource, Flag, FlagKind, Instruction, Keyword, Kind, Word};
use crate::cli::context::amount;
use crate::cli::inspect::arguments;
use crate::lsp::document::Reading;
use crate::rules;
use crate::semantic::{
    Base, Binder, Lookup, PLATFORM_ARGUMENTS, PROXY_ARGUMENTS, Point, Process, Setting, Stage, base_image,
    expanded_words,
};
use crate::source::Span;
use crate::suppress::{ids_in_comment, ids_in_directive};

use super::cursor::{comment_at, directive_at, innermost, instruction_at, place_of, point_after, touches};
use super::markdown::{code, line};
use super::occurrences::{Occurrence, Role, Symbol, at, occurrences, variables_in};
use super::reference::{self, InstructionPage};
use super::takes::Takes;

/// What there is to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Hover {
    /// What it is about.
    pub(crate) span: Span,
    /// In Markdown.
    pub(crate) markdown: String,
}

/// So many files are listed.
const MOST_FILES: usize = 10;

/// What there is to say of what stands at a place.
pub(crate) fn hover(reading: &Reading<'_, '_>, offset: u32) -> Option<Hover> {
    let dockerfile = &reading.parsed.dockerfile;
    if let Some(directive) = directive_at(dockerfile, offset) {
        let id = ids_in_directive(dockerfile).find_map(|id| rule_at(reading.text, id, 0, offset));
        return id.or_else(|| {
            let page = reference::directive(directive.kind)?;
            let markdown = format!("**# {}=** - {}\n\n{}", page.name, page.summary, page.details);
            Some(Hover { span: directive.span, markdown })
        });
    }
    if let Some(comment) = comment_at(dockerfile, offset) {
        let start = place_of(reading.text, comment.text, 0).start;
        return ids_in_comment(comment.text).find_map(|id| rule_at(comment.text, id, start, offset));
    }
    let outer = instruction_at(dockerfile, offset)?;
    let found = occurrences(reading);
    if let Some(occurrence) = at(reading.text, &found, offset) {
        return match occurrence.symbol {
            Symbol::Stage(stage) => of_stage(reading, &found, stage, occurrence.span),
            Symbol::Variable(_) => of_variable(reading, outer, occurrence),
        };
    }
    let instruction = innermost(outer, offset);
    let page = instruction.kind.keyword().and_then(reference::instruction);
    let keyword = [outer, instruction].into_iter().find(|candidate| touches(candidate.keyword.span, offset));
    if let Some(keyword) = keyword {
        let page = keyword.kind.keyword().and_then(reference::instruction)?;
        let more = of_effect(reading, keyword).map(|more| format!("\n\n---\n\n{more}")).unwrap_or_default();
        return Some(Hover { span: keyword.keyword.span, markdown: of_instruction(page) + &more });
    }
    if let Some(flag) = instruction.flags().iter().find(|flag| touches(flag.span, offset)) {
        return undeclared(reading, outer, instruction, offset).or_else(|| of_flag(page?, flag, offset));
    }
    undeclared(reading, outer, instruction, offset).or_else(|| of_argument(reading, instruction, offset))
}

/// The page of a rule, where its id stands at a place.
pub(super) fn rule_at(text: &str, id: &str, start: u32, offset: u32) -> Option<Hover> {
    let span = place_of(text, id, start);
    let rule = Some(id).filter(|_| touches(span, offset)).and_then(rules::find)?;
    // Nobody colours the languages that the examples are marked with.
    let markdown = rule.page().replace(",bad\n", "\n").replace(",good\n", "\n");
    Some(Hover { span, markdown })
}

fn of_instruction(page: &InstructionPage) -> String {
    let form = |parts: &&[reference::Part]| {
        let words: Vec<&str> = parts.iter().map(|part| part.label).collect();
        format!("{} {}", page.keyword, words.join(" "))
    };
    let forms: Vec<String> = page.forms.iter().map(form).collect();
    let flags: Vec<String> = page
        .flags
        .iter()
        .map(|flag| {
            if flag.value.is_empty() {
                format!("`--{}`", flag.name)
            } else {
                format!("`--{}={}`", flag.name, flag.value)
            }
        })
        .collect();
    let mut text = format!(
        "**{}** - {}\n\n```dockerfile\n{}\n```\n\n{}",
        page.keyword,
        page.summary,
        forms.join("\n"),
        page.details
    );
    if !flags.is_empty() {
        text += &format!("\n\nFlags: {}", flags.join(", "));
    }
    text
}

fn of_flag(page: &InstructionPage, flag: &Flag<'_>, offset: u32) -> Option<Hover> {
    let known = page.flag(&flag.name)?;
    if let FlagKind::Mount(mount) = &flag.kind {
        let part = |word: &Word<'_>| touches(word.span, offset);
        let option = mount.options.iter().find(|option| part(&option.key) || option.value.as_ref().is_some_and(part));
        let mount = mount.kind.and_then(reference::mount);
        if let (Some(option), Some(mount)) = (option, mount) {
            let span = option.value.as_ref().map_or(option.key.span, |value| option.key.span.cover(value.span));
            if option.key.eq_ignore_ascii_case("type") {
                let keys: Vec<String> = mount.keys.iter().map(|key| format!("`{}`", key.names.join("`, `"))).collect();
                let kind = mount.kind.as_str();
                let markdown = format!("**type={kind}** - {}\n\nKeys: {}", mount.summary, keys.join(", "));
                return Some(Hover { span, markdown });
            }
            let key = mount.key(&option.key)?;
            let value = option.value.as_ref().map(|value| meaning(key.values, value)).unwrap_or_default();
            return Some(Hover { span, markdown: format!("**{}** - {}{value}", option.key.as_str(), key.summary) });
        }
    }
    let value = flag.value.as_ref().map(|value| meaning(known.values, value)).unwrap_or_default();
    let value_name = if known.value.is_empty() { String::new() } else { format!("={}", known.value) };
    Some(Hover { span: flag.span, markdown: format!("**--{}{value_name}** - {}{value}", known.name, known.summary) })
}

/// What a value means, where there is something to say.
fn meaning(values: &[(&str, &str)], value: &str) -> String {
    let known = values.iter().find(|(known, text)| known.eq_ignore_ascii_case(value) && !text.is_empty());
    known.map(|(known, text)| format!("\n\n{}: {text}", code(known))).unwrap_or_default()
}

fn of_variable(reading: &Reading<'_, '_>, instruction: &Instruction<'_>, occurrence: Occurrence) -> Option<Hover> {
    let name = occurrence.span.of(reading.text);
    let point = match occurrence.role {
        Role::Declaration => point_after(reading, instruction)?,
        _ => point_for(reading, instruction)?,
    };
    let declaration = point.declaration(name);
    let mut text = format!("**{name}**{}", value_of(&point, name));
    let place = |span: Span| {
        let declaring = instruction_at(&reading.parsed.dockerfile, span.start);
        let first = declaring.map_or("", |instruction| instruction.header.of(reading.text)).lines().next();
        format!("line {}, {}", line(reading.text, span.start), code(first.unwrap_or_default()))
    };
    match declaration {
        Some(found) if found.value_from != found.span => {
            text += &format!("\n\nDeclared on {}; the value is from {}.", place(found.span), place(found.value_from));
        }
        Some(found) if found.span != occurrence.span => text += &format!("\n\nFrom {}.", place(found.span)),
        Some(_) => {}
        None => text += &format!("\n\nDeclared on {}.", place(occurrence.declaration)),
    }
    match declaration.map(|declaration| declaration.binder) {
        Some(Binder::Arg) => {
            text += &format!("\n\n{} sets it, for the build only.", code(&format!("--build-arg {name}=…")))
        }
        Some(Binder::Env) => text += "\n\nContainers have it too.",
        None => {}
    }
    Some(Hover { span: occurrence.span, markdown: text })
}

/// What holds for the words of an instruction: of what a container runs, what holds in the end.
fn point_for<'r, 'd>(reading: &Reading<'r, 'd>, instruction: &Instruction<'_>) -> Option<Point<'r, 'd, 'd>> {
    let point = reading.model.at(instruction)?;
    match instruction.kind.keyword() {
        Some(Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck) => {
            Some(point.stage().map_or(point, |stage| reading.model.at_end(stage)))
        }
        _ => Some(point),
    }
}

/// ` = value`, as far as it is known.
fn value_of(point: &Point<'_, '_, '_>, name: &str) -> String {
    match point.variable(name) {
        Lookup::Set("") => " is empty".to_owned(),
        Lookup::Set(value) => format!(" = {}", code(value)),
        Lookup::Unset => " is not set".to_owned(),
        Lookup::Unknown => ": the value is not known here".to_owned(),
    }
}

/// A variable that the file does not declare.
fn undeclared(
    reading: &Reading<'_, '_>,
    outer: &Instruction<'_>,
    instruction: &Instruction<'_>,
    offset: u32,
) -> Option<Hover> {
    let point = reading.model.at(outer)?;
    let mut found: Option<(String, Span)> = None;
    expanded_words(instruction, |word| {
        let variables = variables_in(word, point.syntax());
        found = found.take().or(variables.into_iter().find(|(_, span)| touches(*span, offset)));
    });
    let (name, span) = found?;
    let in_from = outer.kind.keyword() == Some(Keyword::From) || point.stage().is_none();
    let text = if PLATFORM_ARGUMENTS.contains(&name.as_str()) {
        let scope = if in_from {
            String::new()
        } else {
            format!(" A stage has to declare it: {}.", code(&format!("ARG {name}")))
        };
        format!("**{name}** is set by the builder.{scope}")
    } else if PROXY_ARGUMENTS.contains(&name.as_str()) {
        format!("**{name}** is a proxy setting that the build may be given, and that is not kept.")
    } else {
        match point.variable(&name) {
            Lookup::Set(value) => format!("**{name}** = {}", code(value)),
            Lookup::Unset => format!("**{name}** is not set here."),
            Lookup::Unknown => format!("**{name}** is not set in this file; the base image may set it."),
        }
    };
    Some(Hover { span, markdown: text })
}

/// What an instruction does here, besides what all of its kind do.
fn of_effect(reading: &Reading<'_, '_>, instruction: &Instruction<'_>) -> Option<String> {
    match &instruction.kind {
        Kind::Cmd(_) | Kind::Entrypoint(_) => of_process(reading, instruction),
        Kind::Copy(_) | Kind::Add(_) => of_take(reading, instruction),
        Kind::Workdir(_) => {
            let after = point_after(reading, instruction)?;
            Some(format!("The directory is {} from here on.", code(after.workdir().known()?)))
        }
        Kind::From(_) => {
            let stage = reading.model.stages.iter().find(|stage| stage.instruction.span == instruction.span)?;
            Some(describe(reading, stage))
        }
        _ => None,
    }
}

/// What `docker run` executes.
fn of_process(reading: &Reading<'_, '_>, instruction: &Instruction<'_>) -> Option<String> {
    let stage = reading.model.at(instruction)?.stage()?;
    let is_entrypoint = matches!(instruction.kind, Kind::Entrypoint(_));
    let setting = if is_entrypoint { stage.entrypoint } else { stage.command };
    if let Setting::Set(last) = setting
        && last.instruction.span != instruction.span
    {
        let line = line(reading.text, last.instruction.span.start);
        return Some(format!("It does not count: there is another {} on line {line}.", code(&instruction.keyword)));
    }
    Some(process(stage))
}

fn process(stage: &Stage<'_, '_>) -> String {
    let process = Process::of(stage.entrypoint, stage.command, &[]);
    if process.argv.is_empty() {
        return "`docker run IMAGE` executes nothing: it needs a command.".to_owned();
    }
    let mut text = format!("`docker run IMAGE` executes\n\n```sh\n{}\n```", arguments(&process.argv));
    if !process.ignored.is_empty() {
        text += &format!(
            "\n\nand ignores {}, for the entrypoint is a line for the shell.",
            code(&arguments(&process.ignored))
        );
    }
    text
}

/// What a `COPY` or an `ADD` takes of the context, and where it lands.
fn of_take(reading: &Reading<'_, '_>, instruction: &Instruction<'_>) -> Option<String> {
    let takes = Takes::of(reading)?;
    let taken = takes.by(instruction)?;
    let totals = takes.totals(&taken);
    let into = taken.take.destination.known().map(|path| format!(" It lands in {}.", code(path))).unwrap_or_default();
    if totals == crate::context::Totals::default() {
        return Some("It takes nothing of the context.".to_owned());
    }
    let mut text = format!("It takes **{}** of the context.{into}\n", amount(&totals));
    for (path, place) in takes.files(&taken, MOST_FILES) {
        text += &format!("\n- {} → {}", code(&path), code(&place));
    }
    let rest = (totals.files + totals.links + totals.others).saturating_sub(MOST_FILES as u64);
    if rest > 0 {
        text += &format!("\n- and {}", crate::size::counted(rest, "other", "others"));
    }
    Some(text)
}

/// What a word that is no flag says.
fn of_argument(reading: &Reading<'_, '_>, instruction: &Instruction<'_>, offset: u32) -> Option<Hover> {
    let header = || Some(instruction.header).filter(|header| touches(*header, offset));
    match &instruction.kind {
        Kind::From(from) if touches(from.image.word.span, offset) => {
            let stage = reading.model.stages.iter().find(|stage| stage.instruction.span == instruction.span)?;
            Some(Hover { span: from.image.word.span, markdown: of_image(stage)? })
        }
        Kind::Cmd(_) | Kind::Entrypoint(_) => {
            Some(Hover { span: header()?, markdown: of_process(reading, instruction)? })
        }
        Kind::Copy(copy) => of_copied(reading, instruction, (&copy.sources, &copy.destination), offset),
        Kind::Add(add) => of_copied(reading, instruction, (&add.sources, &add.destination), offset),
        _ => None,
    }
}

fn of_copied<'i>(
    reading: &Reading<'_, '_>,
    instruction: &'i Instruction<'_>,
    (sources, destination): (&'i [CopySource<'i>], &'i Word<'i>),
    offset: u32,
) -> Option<Hover> {
    let source = sources.iter().map(CopySource::word).find(|word| touches(word.span, offset));
    let span = source.or(Some(destination).filter(|word| touches(word.span, offset)))?.span;
    if let Some(markdown) = of_take(reading, instruction) {
        return Some(Hover { span, markdown });
    }
    let path = reading.model.at(instruction)?.resolve(destination).known().map(code)?;
    (span == destination.span).then(|| Hover { span, markdown: format!("{path} in the image") })
}

/// What is known of the image that a stage begins with.
fn of_image(stage: &Stage<'_, '_>) -> Option<String> {
    let reference = stage.image.known().filter(|reference| !reference.is_empty())?;
    if stage.base == Base::Scratch {
        return Some("**scratch** is the empty image: no file, no shell.".to_owned());
    }
    let mut text = format!("**{reference}** is an image.");
    let Some(image) = base_image(reference) else { return Some(text) };
    let words = |words: &[&str]| if words.is_empty() { "none".to_owned() } else { code(&words.join(" ")) };
    let facts = [
        image.entrypoint.map(|entrypoint| ("entrypoint", words(entrypoint))),
        image.command.map(|command| ("command", words(command))),
        image.workdir.map(|workdir| ("working directory", code(workdir))),
        image.user.map(|user| ("user", if user.is_empty() { "root".to_owned() } else { code(user) })),
    ];
    text += "\n";
    for (name, value) in facts.into_iter().flatten() {
        text += &format!("\n- {name}: {value}");
    }
    Some(text)
}

fn of_stage(reading: &Reading<'_, '_>, found: &[Occurrence], stage: usize, span: Span) -> Option<Hover> {
    let stage = reading.model.stages.get(stage)?;
    let name = stage.name().map_or_else(|| format!("stage {}", stage.index), |name| format!("stage {}", name.as_str()));
    let uses = found
        .iter()
        .filter(|occurrence| occurrence.symbol == Symbol::Stage(stage.index) && occurrence.role != Role::Declaration);
    let lines: Vec<String> =
        uses.map(|occurrence| line(reading.text, occurrence.span.start).to_string()).take(8).collect();
    let uses = if lines.is_empty() { String::new() } else { format!("\n- used on line {}", lines.join(", ")) };
    let from = stage.instruction.header.of(reading.text).lines().next().unwrap_or_default();
    let place = line(reading.text, stage.instruction.span.start);
    let markdown = format!("**{name}**, line {place}: {}\n\n{}{uses}", code(from), describe(reading, stage));
    Some(Hover { span, markdown })
}

/// What a stage leaves, as a list.
fn describe(reading: &Reading<'_, '_>, stage: &Stage<'_, '_>) -> String {
    let mut facts: Vec<String> = Vec::new();
    let Some(own) = reading.model.stages.get(stage.index) else { return String::new() };
    let end = reading.model.at_end(own);
    match own.base {
        Base::Stage(base) => {
            let name = reading.model.stages.get(base).and_then(|base| base.name());
            facts.push(format!("begins with stage {}", name.map_or_else(|| base.to_string(), |name| code(name))));
        }
        Base::Scratch => facts.push("begins with nothing".to_owned()),
        Base::Image => facts.extend(own.image.known().map(|image| format!("begins with the image {}", code(image)))),
        Base::Unknown => {}
    }
    facts.extend(end.workdir().known().map(|workdir| format!("working directory {}", code(workdir))));
    facts.extend(
        end.user().known().map(|user| format!("user {}", if user.is_empty() { "root".to_owned() } else { code(user) })),
    );
    let process = Process::of(own.entrypoint, own.command, &[]);
    if !process.argv.is_empty() {
        facts.push(format!("runs {}", code(&arguments(&process.argv))));
    }
    if !own.reaches_output {
        facts.push("not needed for the image that is built".to_owned());
    }
    facts.iter().map(|fact| format!("- {fact}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_as_written, in_context, in_file, written};
    use super::*;

    fn answer(reading: &Reading<'_, '_>, offset: u32) -> String {
        let Some(Hover { span, markdown }) = hover(reading, offset) else { return "nothing".to_owned() };
        let text = markdown.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ");
        format!("{} | {text}", span.of(reading.text))
    }

    #[test]
    fn variables() {
        check_as_written(
            &[
                (
                    "ARG T=1\nFROM a:$‸T\n",
                    "T | **T** = `1` / From line 1, `ARG T=1`. / `--build-arg T=…` sets it, for the build only.",
                ),
                (
                    "ARG T=1\nFROM a\nARG T\nRUN b $‸T\n",
                    "T | **T** = `1` / Declared on line 3, `ARG T`; the value is from line 1, `ARG T=1`. / `--build-arg T=…` sets it, for the build only.",
                ),
                (
                    "ARG T=1\nFROM a\nARG ‸T\nRUN b $T\n",
                    "T | **T** = `1` / Declared on line 3, `ARG T`; the value is from line 1, `ARG T=1`. / `--build-arg T=…` sets it, for the build only.",
                ),
                ("FROM a\nENV Q=é\nENV ‸P=a:$Q\n", "P | **P** = `a:é` / Containers have it too."),
                (
                    "FROM a\nENV P=1\nCMD é ‸$P\nENV P=2\n",
                    "P | **P** = `2` / From line 4, `ENV P=2`. / Containers have it too.",
                ),
                (
                    "FROM a\nARG ‸P\n",
                    "P | **P**: the value is not known here / `--build-arg P=…` sets it, for the build only.",
                ),
                ("FROM a\nCOPY $‸P /\n", "P | **P** is not set in this file; the base image may set it."),
                ("FROM alpine\nCOPY $‸P /\n", "P | **P** is not set here."),
                ("FROM --platform=$‸BUILDPLATFORM a\n", "BUILDPLATFORM | **BUILDPLATFORM** is set by the builder."),
                (
                    "FROM scratch\nCOPY $‸TARGETARCH /\n",
                    "TARGETARCH | **TARGETARCH** is set by the builder. A stage has to declare it: `ARG TARGETARCH`.",
                ),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn stages_and_images() {
        check_as_written(
            &[
                (
                    "FROM node:22 AS ‸x\nWORKDIR /é\nUSER app\nCMD [\"a\", \"b c\"]\nFROM b\nCOPY --from=x /a /\n",
                    "x | **stage x**, line 1: `FROM node:22 AS x` / - begins with the image `node:22` / - working directory `/é` / - user `app` / - runs `docker-entrypoint.sh a 'b c'` / - used on line 6",
                ),
                (
                    "FROM node:22 AS x\nFROM ‸x\n",
                    "x | **stage x**, line 1: `FROM node:22 AS x` / - begins with the image `node:22` / - working directory `/` / - user root / - runs `docker-entrypoint.sh node` / - used on line 2",
                ),
                (
                    "FROM ‸nginx:1\n",
                    "nginx:1 | **nginx:1** is an image. / - entrypoint: `/docker-entrypoint.sh` / - command: `nginx -g daemon off;` / - working directory: `/` / - user: root",
                ),
                ("FROM ‸scratch\n", "scratch | **scratch** is the empty image: no file, no shell."),
                ("FROM ‸a/b\n", "a/b | **a/b** is an image."),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn what_runs() {
        check_as_written(
            &[
                (
                    "FROM alpine\nENTRYPOINT [\"é‸\", \"b\"]\nCMD [\"c d\"]\n",
                    r#"ENTRYPOINT ["é", "b"] | `docker run IMAGE` executes / ```sh / é b 'c d' / ```"#,
                ),
                (
                    "FROM alpine\nENTRYPOINT é ‸b\nCMD [\"c\"]\n",
                    "ENTRYPOINT é b | `docker run IMAGE` executes / ```sh / /bin/sh -c 'é b' / ``` / and ignores `c`, for the entrypoint is a line for the shell.",
                ),
                ("FROM alpine\nCMD ‸a\nCMD b\n", "CMD a | It does not count: there is another `CMD` on line 3."),
                (
                    "FROM a\nCMD ‸a\n",
                    "CMD a | `docker run IMAGE` executes / ```sh / (the base image's entrypoint) (the base image's shell) a / ```",
                ),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn pages() {
        check_as_written(
            &[
                (
                    "FROM a\n‸STOPSIGNAL 9\n",
                    "STOPSIGNAL | **STOPSIGNAL** - The signal with which `docker stop` asks the container to end: `SIGTERM` without it. / ```dockerfile / STOPSIGNAL signal / ```",
                ),
                (
                    "FROM a\nONBUILD ‸USER a\n",
                    "USER | **USER** - Who runs what follows, and the container. / ```dockerfile / USER user[:group] / ``` / `COPY` and `ADD` still make files that are root's: say `--chown`.",
                ),
                (
                    "FROM a\nCOPY --‸chown=1 a b\n",
                    "--chown=1 | **--chown=user[:group]** - Whose the files are in the image, by name or number. Without it they are root's, whatever `USER` says.",
                ),
                (
                    "FROM a\nRUN --network=‸none b\n",
                    "--network=none | **--network=mode** - The network that the command sees. / `none`: nothing but the loopback",
                ),
                (
                    "FROM a\nRUN --mount=‸type=cache,target=/a b\n",
                    "type=cache | **type=cache** - A directory that is kept between builds, for package managers and compilers. / Keys: `target`, `dst`, `destination`, `id`, `sharing`, `from`, `source`, `src`, `mode`, `uid`, `gid`, `readonly`, `ro`, `readwrite`, `rw`",
                ),
                (
                    "FROM a\nRUN --mount=type=cache,target=/a,sharing=‸locked b\n",
                    "sharing=locked | **sharing** - What happens where several builds use it at the same time. / `locked`: builds wait for each other; what `apt` needs",
                ),
                ("FROM a\nRUN --mount=ty‸ b\n", "nothing"),
                (
                    "# ‸syntax=docker/dockerfile:1\n",
                    "# syntax=docker/dockerfile:1 | **# syntax=** - The frontend that reads the file, as an image. / `docker/dockerfile:1` is the newest of version 1. Directives come first in the file, before all comments.",
                ),
                ("FROM a\n# ‸é\n", "nothing"),
                ("FROM a\nRUN ‸é\n", "nothing"),
            ],
            |text| in_file(text, answer),
        );
        for text in
            ["FROM a\n# plimsoll ignore=DL3006,‸dl4000; é\nRUN b\n", "# check=skip=‸MaintainerDeprecated\nFROM a\n"]
        {
            let found = in_file(text, answer);
            assert!(found.contains("# DL4000 no-maintainer"), "{text}: {found}");
        }
    }

    #[test]
    fn what_is_taken() {
        let files = [("a/b.txt", "123"), ("a/c.txt", "12"), ("d", "1234"), (".dockerignore", "c\n")];
        check_as_written(
            &[
                (
                    "FROM a\nWORKDIR /é\n‸COPY a .\n",
                    r#"COPY | **COPY** - Copies files and directories of the build context, a stage or an image. / ```dockerfile / COPY [--flag…] source… destination / COPY [--flag…] ["source", …, "destination"] / COPY [--flag…] <<EOF destination / ``` / What `.dockerignore` leaves out is not there to be copied. / Flags: `--from=stage`, `--chown=user[:group]`, `--chmod=mode`, `--link`, `--parents`, `--exclude=pattern` / --- / It takes **2 files, 5 B** of the context. It lands in `/é`. / - `a/b.txt` → `/é/b.txt` / - `a/c.txt` → `/é/c.txt`"#,
                ),
                (
                    "FROM a\nWORKDIR /é\nCOPY ‸a d ./\n",
                    "a | It takes **3 files, 9 B** of the context. It lands in `/é`. / - `a/b.txt` → `/é/b.txt` / - `a/c.txt` → `/é/c.txt` / - `d` → `/é/d`",
                ),
                ("FROM a\nCOPY nope‸ /\n", "nope | It takes nothing of the context."),
            ],
            |text| in_context(&written(&files), text, answer),
        );
    }
}
