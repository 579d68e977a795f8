//! The files of the context that a container runs.

use std::io::Read as _;

use super::entrypoint::{Invocation, Setting};
use super::surroundings::Surroundings;
use super::variable::DEFAULT_PATH;
use super::workdir::resolve;
use super::{Model, Place, Stage, Value, Way};
use crate::ast::{Command, Flag, FlagKind, Instruction, Kind, Word};
use crate::context::{Entry, EntryKind};
use crate::expand::Lookup;
use crate::shell::{Argument, Call, Dialect, Runs, Script, scripts};
use crate::source::Span;

/// A file of the context that a container runs.
#[derive(Clone, Debug)]
pub struct Executed<'l, 'd, 'a> {
    /// The number of the stage whose image the container is made of.
    pub stage: usize,
    /// The path in the image.
    pub path: String,
    /// The file in the context.
    pub entry: Entry<'l>,
    /// Where the Dockerfile names it.
    pub span: Span,
    /// Who runs it.
    pub way: Runner,
    /// Whether the `ENTRYPOINT` names it, and not the `CMD`.
    pub is_entrypoint: bool,
    /// The instruction that brings it.
    pub brought_by: &'d Instruction<'a>,
    /// Whether a later instruction may have changed what is in it.
    pub may_be_changed: bool,
    /// Whether it may have been made executable on its way.
    pub may_be_executable: bool,
}

/// Who runs a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runner {
    /// The kernel, when the container starts.
    Kernel,
    /// A program that is run before it, like a shell or `tini`. They take a file without `#!` for a script of `sh`.
    Program,
    /// A shell that is named, and that reads it.
    Shell(Dialect),
}

/// How many stages are looked at; the last ones are what people run.
const STAGES: usize = 16;
/// How many commands of a script are looked at.
const CALLS: usize = 32;
/// How much of a file is read, in bytes.
const PREFIX: u64 = 65_536;

impl<'d, 'a> Surroundings<'_, 'd, 'a> {
    /// The files of the context that the containers run which are made of the stages, as far as that is certain.
    #[must_use]
    pub fn executed(&self) -> Vec<Executed<'_, 'd, 'a>> {
        let mut found = Vec::new();
        if self.landings().landings.is_empty() {
            return found;
        }
        for stage in self.model().stages.iter().rev().take(STAGES) {
            let is_own = |invocation: &Invocation<'d, 'a>| {
                stage.body.iter().any(|instruction| std::ptr::eq(instruction, invocation.instruction))
            };
            match (stage.entrypoint, stage.command) {
                (Setting::Set(entrypoint), command) if !is_empty(&entrypoint) => {
                    if !is_own(&entrypoint) && !matches!(command, Setting::Set(command) if is_own(&command)) {
                        continue;
                    }
                    let command = match command {
                        Setting::Set(command) => Some(command),
                        _ => None,
                    };
                    self.of_process(stage, entrypoint, command.filter(|_| !entrypoint.is_shell_form()), &mut found);
                }
                (entrypoint, Setting::Set(command)) if has_none(&entrypoint) && is_own(&command) => {
                    self.of_process(stage, command, None, &mut found);
                }
                _ => {}
            }
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|executed| seen.insert((executed.span, executed.path.clone())));
        found
    }

    /// The beginning of a file, as text; none where it can't be read, or is no text.
    #[must_use]
    pub fn beginning(&self, entry: &Entry<'_>) -> Option<String> {
        let file = std::fs::File::open(self.context().root().join(std::str::from_utf8(entry.path).ok()?)).ok()?;
        let mut bytes = Vec::new();
        file.take(PREFIX).read_to_end(&mut bytes).ok()?;
        if bytes.is_empty() || bytes.contains(&0) {
            return None;
        }
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn of_process<'s>(
        &'s self,
        stage: &Stage<'d, 'a>,
        first: Invocation<'d, 'a>,
        then: Option<Invocation<'d, 'a>>,
        found: &mut Vec<Executed<'s, 'd, 'a>>,
    ) {
        let Some(point) = self.model().at(first.instruction) else { return };
        let is_entrypoint = matches!(first.instruction.kind, Kind::Entrypoint(_));
        let read = match (first.command, then.map(|then| then.command)) {
            (Command::Exec(words), Some(Command::Exec(more))) => {
                let words: Vec<Word<'_>> = words.iter().chain(more).cloned().collect();
                let script = Script::of_exec(&words);
                let mut scripts = script.nested(&|_| None);
                scripts.insert(0, script);
                scripts
            }
            (command, _) => scripts(command, &[], first.shell.interpreter(), &|name| match point.variable(name) {
                Lookup::Set(text) => Some(text),
                Lookup::Unset | Lookup::Unknown => None,
            }),
        };
        for (number, script) in read.iter().enumerate() {
            for call in script.calls().take(CALLS) {
                // The words of an array are run by the kernel, and what is in them by somebody else.
                let is_first = number == 0 && script.is_exec() && call.wrapped_in().is_none();
                let (file, way) = match shell_script(call) {
                    Some(file) => (file, Runner::Shell(Dialect::of_program(call.name()))),
                    None if is_first => (call.name_argument(), Runner::Kernel),
                    None => (call.name_argument(), Runner::Program),
                };
                let is_entrypoint = is_entrypoint && first.instruction.header.contains(file.span());
                found.extend(self.find(stage, file, way, is_entrypoint));
            }
        }
    }

    fn find<'s>(
        &'s self,
        stage: &Stage<'d, 'a>,
        file: Argument<'_>,
        way: Runner,
        is_entrypoint: bool,
    ) -> Option<Executed<'s, 'd, 'a>> {
        let name = file.known().filter(|name| !name.is_empty() && !file.globs())?;
        let point = self.model().at_end(stage);
        let candidates: Vec<String> = if name.contains('/') || matches!(way, Runner::Shell(_)) {
            vec![resolve(&point.workdir(), &Value::of(name)).known()?.to_owned()]
        } else {
            if !self.lands_as(name) {
                return None;
            }
            let path = match point.variable("PATH") {
                Lookup::Set(path) => path,
                Lookup::Unset | Lookup::Unknown => DEFAULT_PATH,
            };
            path.split(':').take(16).map(|directory| format!("{directory}/{name}")).collect()
        };
        candidates.into_iter().find_map(|path| self.find_at(stage, path, file.span(), way, is_entrypoint))
    }

    /// Whether some file of the context has that name in the image.
    fn lands_as(&self, name: &str) -> bool {
        let is_it = |path: &str| path.strip_suffix(name).is_some_and(|above| above.ends_with('/'));
        self.landings().landings.iter().any(|landing| match &landing.place {
            Place::At(path) => is_it(path),
            Place::Either { inside, otherwise } => is_it(inside) || is_it(otherwise),
            Place::UnpackedInto(_) | Place::MaybeUnpackedInto(_) | Place::Unknown => false,
        })
    }

    fn find_at<'s>(
        &'s self,
        stage: &Stage<'d, 'a>,
        path: String,
        span: Span,
        way: Runner,
        is_entrypoint: bool,
    ) -> Option<Executed<'s, 'd, 'a>> {
        let landings = self.landings();
        let origins = landings.origins(self.model(), self.context(), stage.index, path.as_bytes());
        let origin = origins.first()?;
        let take = landings.takes.get(origin.take)?;
        // What is run is a file, so that a destination of its name is no directory.
        if take.way == Way::Mount || !origin.certain && take.destination.known() != Some(path.as_str()) {
            return None;
        }
        let entry = self.context().listing().find(&origin.path).filter(|entry| entry.kind == EntryKind::File)?;
        let mut executed = Executed {
            stage: stage.index,
            path,
            entry,
            span,
            way,
            is_entrypoint,
            brought_by: take.instruction,
            may_be_changed: false,
            may_be_executable: take.instruction.flags().iter().any(is_chmod),
        };
        for other in self.model().stages.get(take.stage..=stage.index).unwrap_or_default() {
            for instruction in other.body.iter().filter(|other| other.span.start > take.instruction.span.start) {
                executed.pass(self.model(), instruction);
            }
        }
        Some(executed)
    }
}

impl<'d, 'a> Executed<'_, 'd, 'a> {
    /// The name of the file in the image.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Notes what an instruction after the one that brought the file may do to it.
    fn pass(&mut self, model: &Model<'d, 'a>, instruction: &'d Instruction<'a>) {
        match &instruction.kind {
            Kind::Copy(copy) if copy.from().is_some() => {
                self.may_be_executable |= instruction.flags().iter().any(is_chmod);
            }
            Kind::Run(_) => {
                let Some(point) = model.at(instruction) else { return };
                for script in point.scripts(instruction) {
                    self.pass_script(&script);
                }
            }
            Kind::Malformed(_) => (self.may_be_changed, self.may_be_executable) = (true, true),
            _ => {}
        }
    }

    fn pass_script(&mut self, script: &Script<'_>) {
        let name = self.name().to_owned();
        if !script.dialect().is_read() && !script.is_exec() {
            (self.may_be_changed, self.may_be_executable) = (true, true);
            return;
        }
        let mut mentions = script.text().as_str().matches(&*name).count();
        for call in script.calls() {
            match call.name() {
                "chmod" => {
                    self.may_be_executable |= may_make_executable(call, &name);
                    mentions = mentions.saturating_sub(mentioned(call, &name));
                }
                "chown" | "chgrp" | "ls" | "test" | "[" => mentions = mentions.saturating_sub(mentioned(call, &name)),
                "sed" | "dos2unix" | "fromdos" | "mv" | "cp" | "perl" | "find" | "xargs" | "install" | "tr"
                | "rsync" => {
                    let may_be_it = |argument: Argument<'_>| {
                        argument.globs() || argument.known().is_none() || argument.may_be_several()
                    };
                    if call.arguments().any(may_be_it) || matches!(call.name(), "find" | "xargs") {
                        self.may_be_changed = true;
                        self.may_be_executable |= matches!(call.name(), "mv" | "cp" | "install" | "rsync");
                    }
                }
                _ => {}
            }
        }
        if mentions > 0 {
            (self.may_be_changed, self.may_be_executable) = (true, true);
        }
    }
}

fn mentioned(call: Call<'_>, name: &str) -> usize {
    call.arguments().map(|argument| argument.word().text().matches(name).count()).sum()
}

/// Whether a `chmod` may make a file of that name executable.
fn may_make_executable(call: Call<'_>, name: &str) -> bool {
    let mut operands = call.operands();
    let Some(mode) = operands.next() else { return true };
    let is_unknown = |argument: Argument<'_>| argument.known().is_none() || argument.may_be_several();
    let adds = match mode.known() {
        None => true,
        Some(mode) if mode.bytes().all(|byte| byte.is_ascii_digit()) => {
            mode.bytes().rev().take(3).any(|digit| (digit - b'0') % 2 == 1)
        }
        Some(mode) => mode.contains(['+', '=']) && mode.contains(['x', 'X', 's', 'u', 'g', 'o']),
    };
    let paths: Vec<Argument<'_>> = operands.collect();
    let reaches = paths.is_empty()
        || call.has("--recursive")
        || call.has("--reference")
        || paths.iter().any(|path| {
            let last = path.text().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            is_unknown(*path) || path.globs() || last == name || last == "{}"
        });
    adds && reaches
}

/// The file that a shell which is named reads as its script.
fn shell_script(call: Call<'_>) -> Option<Argument<'_>> {
    let is_shell = call.table().is_some_and(|table| table.runs == Runs::Script);
    let reads = is_shell && call.script_argument().is_none() && !call.has("-s") && !call.has("-c");
    call.operands().next().filter(|_| reads)
}

fn is_chmod(flag: &Flag<'_>) -> bool {
    matches!(flag.kind, FlagKind::Chmod)
}

fn is_empty(invocation: &Invocation<'_, '_>) -> bool {
    invocation.command.words().is_empty()
}

/// Whether an image surely has no entrypoint.
fn has_none(entrypoint: &Setting<'_, '_>) -> bool {
    match entrypoint {
        Setting::None => true,
        Setting::Set(invocation) => is_empty(invocation),
        Setting::OfBase(Some(image)) => image.entrypoint == Some(&[]),
        Setting::OfBase(None) | Setting::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{Interpreter, Text};

    #[test]
    fn chmods() {
        let cases = [
            ("chmod +x /run.sh", true),
            ("chmod a+x,o-w run.sh", true),
            ("chmod 0755 /run.sh", true),
            ("chmod 644 /run.sh", false),
            ("chmod 4744 /run.sh", true),
            ("chmod -x /run.sh", false),
            ("chmod +r /run.sh", false),
            ("chmod +x /other.sh", false),
            ("chmod +x /*.sh", true),
            ("chmod -R 755 /", true),
            ("chmod $MODE /run.sh", true),
            ("chmod +x $FILES", true),
        ];
        for (text, expected) in cases {
            let script = Script::read(Text::plain(text, 0), Interpreter::default(), &|_| None);
            let call = script.calls().next().unwrap();
            assert_eq!(may_make_executable(call, "run.sh"), expected, "{text}");
        }
    }
}
