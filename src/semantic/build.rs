//! How the model is built: in one pass over the instructions.

use std::borrow::Cow;

use super::base_image::{BaseImage, System, base_image};
use super::entrypoint::{Invocation, Setting};
use super::inputs::{BaseImages, Inputs};
use super::scope::{Binder, Bound, Scope, Scopes};
use super::shell::Shell;
use super::stage::{self, Base, Inherited, Names, Root, Stage, State, Trigger};
use super::variable::{BUILDER_ARGUMENTS, PLATFORM_ARGUMENTS, is_platform_argument, platform_argument};
use super::workdir::{may_be_absolute, resolve};
use super::{Budget, Lookup, Model, Platform, Syntax, Value, expand};
use crate::ast::{Arg, ArgItem, Dockerfile, Env, Instruction, Keyword, Kind, Malformed, Word};
use crate::grammar::lower_case;
use crate::source::Span;

/// What a trigger costs, in bytes of text.
const TRIGGER: usize = 512;

/// What [`State::workdir`] and [`State::user`] are most often; the numbers after these are places in lists.
const UNKNOWN: u32 = 0;
const ROOT: u32 = 1;
const LISTED: u32 = 2;

pub(super) struct Builder<'d, 'a> {
    dockerfile: &'d Dockerfile<'a>,
    inputs: &'d Inputs,
    facts: Facts<'d>,
    stages: Vec<Stage<'d, 'a>>,
    states: Vec<State<'d, 'a>>,
    names: Names<'d>,
    /// What holds before a `FROM`.
    global: State<'d, 'a>,
    /// The stage that is being read.
    open: Option<Open<'d, 'a>>,
}

/// The values that states refer to.
#[derive(Debug)]
pub(super) struct Facts<'d> {
    pub(super) syntax: Syntax,
    pub(super) budget: Budget,
    pub(super) scopes: Scopes<'d>,
    workdirs: Vec<Value<'d>>,
    users: Vec<Value<'d>>,
}

/// A stage that is being read.
struct Open<'d, 'a> {
    stage: Stage<'d, 'a>,
    state: State<'d, 'a>,
    /// Where its body begins.
    first: usize,
    /// Whether it has a `CMD` so far.
    has_command: bool,
}

impl<'d> Facts<'d> {
    /// What a name stands for.
    pub(super) fn look_up(&self, state: &State<'_, '_>, name: &str) -> Lookup<'_> {
        let bound = self.scopes.find(state.scope, name);
        match bound.map(|bound| self.scopes.value(bound)) {
            Some(Some(Value::Known(text))) => Lookup::Set(text),
            Some(Some(Value::Unknown)) => Lookup::Unknown,
            Some(None) | None => state.root.look_up(name),
        }
    }

    pub(super) fn expand<'w>(&self, state: &State<'_, '_>, word: &'w str) -> Value<'w> {
        expand(word, self.syntax, &self.budget, |name| self.look_up(state, name)).value
    }

    /// The working directory of a state.
    pub(super) fn workdir(&self, state: &State<'_, '_>) -> Value<'_> {
        listed(&self.workdirs, state.workdir, "/")
    }

    /// The user of a state.
    pub(super) fn user(&self, state: &State<'_, '_>) -> Value<'_> {
        listed(&self.users, state.user, "")
    }

    fn add_workdir(&mut self, value: Value<'d>) -> u32 {
        add(&mut self.workdirs, value)
    }

    fn add_user(&mut self, value: Value<'d>) -> u32 {
        add(&mut self.users, value)
    }
}

fn listed<'v>(list: &'v [Value<'_>], number: u32, root: &'static str) -> Value<'v> {
    match number {
        UNKNOWN => Value::Unknown,
        ROOT => Value::of(root),
        number => list.get((number - LISTED) as usize).map_or(Value::Unknown, Value::borrowed),
    }
}

fn add<'d>(list: &mut Vec<Value<'d>>, value: Value<'d>) -> u32 {
    let number = u32::try_from(list.len()).ok().and_then(|place| place.checked_add(LISTED));
    list.push(value);
    number.unwrap_or(UNKNOWN)
}

impl Root {
    pub(super) fn look_up(self, name: &str) -> Lookup<'static> {
        match self {
            Self::Builder if is_platform_argument(name) => Lookup::Unknown,
            Self::Builder => Lookup::Unset,
            Self::Empty if name == "PATH" => Lookup::Set(super::DEFAULT_PATH),
            Self::Empty | Self::Nothing => Lookup::Unset,
            Self::Image(image) => match image.and_then(|image| image.environment) {
                Some(names) if !names.contains(&name) => Lookup::Unset,
                _ => Lookup::Unknown,
            },
        }
    }
}

impl<'d, 'a> Builder<'d, 'a> {
    pub(super) fn new(dockerfile: &'d Dockerfile<'a>, inputs: &'d Inputs) -> Self {
        let platform_arguments = if inputs.platform.is_some() { PLATFORM_ARGUMENTS.len() } else { 0 };
        let bound = dockerfile.instructions.iter().map(|instruction| match &instruction.kind {
            Kind::Arg(arg) => arg.items.len(),
            Kind::Env(env) => env.pairs.len(),
            _ => 0,
        });
        let facts = Facts {
            syntax: Syntax::words(dockerfile.escape),
            budget: Budget::for_length(dockerfile.text.len()),
            scopes: Scopes::with_capacity(platform_arguments + bound.sum::<usize>()),
            workdirs: Vec::new(),
            users: Vec::new(),
        };
        let global = State {
            stage: None,
            scope: Scope::EMPTY,
            root: Root::Builder,
            workdir: UNKNOWN,
            user: UNKNOWN,
            shell: Shell::Unknown,
        };
        let states = Vec::with_capacity(dockerfile.instructions.len());
        let is_from = |instruction: &&Instruction<'_>| instruction.kind.keyword() == Some(Keyword::From);
        let stages = dockerfile.instructions.iter().filter(is_from).count();
        let mut builder = Self {
            dockerfile,
            inputs,
            facts,
            stages: Vec::with_capacity(stages),
            states,
            names: Names::default(),
            global,
            open: None,
        };
        if let Some(platform) = &inputs.platform {
            let last = dockerfile.instructions.iter().rev().find_map(|instruction| match &instruction.kind {
                Kind::From(from) => Some(from.name.as_ref()),
                _ => None,
            });
            let last = last.flatten().map(|name| lower_case(name));
            let target = inputs.target.as_deref().or(last.as_deref()).unwrap_or("default");
            for name in PLATFORM_ARGUMENTS {
                let value = match inputs.argument(name) {
                    Some(given) => given,
                    None if name == "TARGETSTAGE" => Value::of(target.to_owned()),
                    None => platform_argument(name, platform).map_or(Value::Unknown, Value::of),
                };
                builder.bind_global(name.into(), None, Bound::To(value));
            }
        }
        builder
    }

    pub(super) fn run(mut self) -> Model<'d, 'a> {
        for (index, instruction) in self.dockerfile.instructions.iter().enumerate() {
            if instruction.kind.keyword() == Some(Keyword::From) {
                self.close(index);
                self.begin(index, instruction);
                continue;
            }
            match &mut self.open {
                Some(open) => {
                    self.states.push(open.state);
                    apply(&mut self.facts, self.inputs, &self.global, open, instruction);
                }
                None => {
                    self.states.push(self.global);
                    match &instruction.kind {
                        Kind::Arg(arg) => self.global_arg(arg),
                        Kind::Malformed(malformed) if malformed.keyword == Some(Keyword::Arg) => {
                            self.global.scope = Scope::EMPTY;
                            self.global.root = Root::Image(None);
                        }
                        _ => {}
                    }
                }
            }
        }
        self.close(self.dockerfile.instructions.len());
        let Self { dockerfile, inputs, facts, mut stages, states, names, global, open: _ } = self;
        let edges = stage::edges(dockerfile, &stages, &names, inputs);
        let target = match &inputs.target {
            None => stages.len().checked_sub(1),
            Some(target) => match target.parse::<usize>() {
                Ok(number) => Some(number).filter(|number| *number < stages.len()),
                Err(_) => names.find(target),
            },
        };
        if let Some(target) = target {
            stage::mark_reachable(&mut stages, &edges, target);
        }
        Model { dockerfile, stages, edges, target, facts, states, global }
    }

    fn bind_global(&mut self, name: Cow<'d, str>, place: Option<Span>, value: Bound<'d>) {
        self.global.scope = self.facts.scopes.bind(self.global.scope, name, (Binder::Arg, place), value);
    }

    fn global_arg(&mut self, arg: &'d Arg<'a>) {
        for ArgItem { name, default, .. } in &arg.items {
            let value = match (self.inputs.argument(name.as_str()), default) {
                (Some(given), _) => Bound::To(given),
                (None, Some(default)) => Bound::To(self.facts.expand(&self.global, default)),
                (None, None) if self.inputs.complete => {
                    // What was set before stays; an argument that is not set is still declared.
                    match self.facts.scopes.find(self.global.scope, name) {
                        Some(_) => continue,
                        None => Bound::Unset,
                    }
                }
                (None, None) => Bound::To(Value::Unknown),
            };
            self.bind_global(name.as_str().into(), Some(name.span), value);
        }
    }

    /// Ends the stage that is being read, before the instruction of that number.
    fn close(&mut self, end: usize) {
        let Some(Open { mut stage, state, first, .. }) = self.open.take() else { return };
        stage.body = self.dockerfile.instructions.get(first..end).unwrap_or_default();
        stage.end = state;
        if let Some(name) = stage.name() {
            self.names.insert(name.as_str(), stage.index);
        }
        self.stages.push(stage);
    }

    fn begin(&mut self, index: usize, instruction: &'d Instruction<'a>) {
        let number = self.stages.len();
        let mut state = self.global;
        state.stage = u32::try_from(number).ok();
        self.states.push(state);
        let image = match &instruction.kind {
            Kind::From(from) => self.facts.expand(&self.global, &from.image.word),
            _ => Value::Unknown,
        };
        let is_context = image.known().is_some_and(|name| self.inputs.is_named_context(name));
        let image = if is_context { Value::Unknown } else { image };
        let base = match image.known() {
            None | Some("") => Base::Unknown,
            Some(name) => match self.names.find(name).filter(|_| lower_case(name) == name) {
                Some(stage) => Base::Stage(stage),
                None if name == "scratch" => Base::Scratch,
                None => Base::Image,
            },
        };
        let stage = Stage {
            index: number,
            instruction,
            body: &[],
            base,
            inherited: Inherited::default(),
            passes_on: Inherited::default(),
            image,
            triggers: Vec::new(),
            entrypoint: Setting::Unknown,
            command: Setting::Unknown,
            healthcheck: None,
            stopsignal: None,
            reaches_output: false,
            start: state,
            end: state,
            onbuild: Vec::new(),
            hidden: Vec::new(),
        };
        let mut open = Open { stage, state, first: index + 1, has_command: false };
        match base {
            Base::Stage(parent) => self.inherit(&mut open, parent),
            _ => self.begin_with_image(&mut open),
        }
        open.stage.start = open.state;
        self.open = Some(open);
    }

    fn begin_with_image(&mut self, open: &mut Open<'d, 'a>) {
        let State { scope, root, workdir, user, shell, .. } = &mut open.state;
        let known: Option<&'static BaseImage> = open.stage.image.known().and_then(base_image);
        *scope = Scope::EMPTY;
        if self.inputs.base_images == BaseImages::Empty || open.stage.base == Base::Scratch {
            let platform = open.stage.from().and_then(|from| from.platform());
            let platform = platform.map(|platform| self.facts.expand(&self.global, platform));
            let windows = open.stage.base != Base::Scratch
                && platform.is_some_and(|platform| {
                    platform.known().and_then(Platform::parse).is_some_and(|platform| platform.os == "windows")
                });
            // Windows finds programs without a PATH.
            *root = if windows { Root::Nothing } else { Root::Empty };
            (*workdir, *user, *shell) = (ROOT, ROOT, if windows { Shell::Cmd } else { Shell::Sh });
            (open.stage.entrypoint, open.stage.command) = (Setting::None, Setting::None);
            return;
        }
        *root = Root::Image(known);
        *user = if known.is_some_and(|image| image.user == Some("")) { ROOT } else { UNKNOWN };
        *shell = match known.map(|image| image.system) {
            Some(System::Linux) => Shell::Sh,
            Some(System::Windows) => Shell::Cmd,
            None => Shell::OfBase,
        };
        *workdir = match known.and_then(|image| image.workdir) {
            Some("/") => ROOT,
            Some(directory) => self.facts.add_workdir(Value::of(directory)),
            None => UNKNOWN,
        };
        (open.stage.entrypoint, open.stage.command) = (Setting::OfBase(known), Setting::OfBase(known));
    }

    fn inherit(&mut self, open: &mut Open<'d, 'a>, parent: usize) {
        let Some(parent) = self.stages.get(parent) else { return };
        let stage = open.state.stage;
        open.state = State { stage, ..parent.end };
        open.stage.entrypoint = parent.entrypoint;
        open.stage.command = parent.command;
        open.stage.healthcheck = parent.healthcheck;
        open.stage.stopsignal = parent.stopsignal;
        open.stage.inherited = parent.passes_on;
        open.stage.passes_on = parent.passes_on;
        for hidden in &parent.hidden {
            let Some(binding) = self.facts.scopes.binding(*hidden) else { continue };
            let (name, place) = (binding.name.clone(), binding.place);
            let found = self.facts.scopes.find(open.state.scope, &name);
            let last = found.and_then(|found| self.facts.scopes.binding(found));
            if last.is_some_and(|last| last.binder == Binder::Arg) && self.facts.budget.pay(TRIGGER) {
                let value = Bound::Like(*hidden);
                open.state.scope = self.facts.scopes.bind(open.state.scope, name, (Binder::Env, place), value);
            }
        }
        let triggers = &parent.onbuild;
        if triggers.is_empty() {
            return;
        }
        for instruction in triggers {
            if !self.facts.budget.pay(TRIGGER) {
                // Too many to follow: nobody knows what holds.
                open.state = State { stage, shell: Shell::Unknown, workdir: UNKNOWN, user: UNKNOWN, ..open.state };
                forget_variables(&mut open.state);
                return;
            }
            open.stage.triggers.push(Trigger { instruction, state: open.state });
            apply(&mut self.facts, self.inputs, &self.global, open, instruction);
        }
    }
}

/// After an instruction that may have set any variable.
fn forget_variables(state: &mut State<'_, '_>) {
    state.scope = Scope::EMPTY;
    state.root = Root::Image(None);
}

/// Does to a stage what an instruction says.
fn apply<'d, 'a>(
    facts: &mut Facts<'d>,
    inputs: &'d Inputs,
    global: &State<'d, 'a>,
    open: &mut Open<'d, 'a>,
    instruction: &'d Instruction<'a>,
) {
    let state = &mut open.state;
    match &instruction.kind {
        Kind::Env(env) => bind_env(facts, state, env),
        Kind::Arg(arg) => bind_args(facts, inputs, global, open, arg),
        Kind::Workdir(workdir) => {
            open.stage.passes_on.workdir = true;
            open.stage.passes_on.absolute_workdir |= may_be_absolute(workdir);
            let path = facts.expand(state, &workdir.path);
            let resolved = resolve(&facts.workdir(state), &path);
            state.workdir = facts.add_workdir(resolved);
        }
        Kind::User(user) => {
            let user = facts.expand(state, &user.user);
            state.user = facts.add_user(user);
        }
        Kind::Shell(shell) => {
            open.stage.passes_on.shell = true;
            state.shell = Shell::Set(&shell.words);
        }
        Kind::Entrypoint(_) => {
            open.stage.entrypoint = Invocation::of(instruction, state.shell).map_or(Setting::Unknown, Setting::Set);
            if !open.has_command {
                open.stage.command = Setting::None;
            }
        }
        Kind::Cmd(_) => {
            open.stage.command = Invocation::of(instruction, state.shell).map_or(Setting::Unknown, Setting::Set);
            open.has_command = true;
        }
        Kind::Healthcheck(healthcheck) => open.stage.healthcheck = Some(healthcheck),
        Kind::Stopsignal(stopsignal) => open.stage.stopsignal = Some(stopsignal),
        Kind::Onbuild(onbuild) => {
            if let Some(inner) = onbuild.instruction.as_deref().filter(|_| onbuild.chain.is_empty()) {
                open.stage.onbuild.push(inner);
            }
        }
        Kind::Malformed(malformed) => distrust(open, malformed),
        _ => {}
    }
}

/// What an instruction sets that can't be read is unknown.
fn distrust(open: &mut Open<'_, '_>, malformed: &Malformed<'_>) {
    let state = &mut open.state;
    match malformed.keyword {
        Some(Keyword::Env | Keyword::Arg) => forget_variables(state),
        Some(Keyword::Workdir) => state.workdir = UNKNOWN,
        Some(Keyword::User) => state.user = UNKNOWN,
        Some(Keyword::Shell) => state.shell = Shell::Unknown,
        Some(Keyword::Cmd) => open.stage.command = Setting::Unknown,
        Some(Keyword::Entrypoint) => open.stage.entrypoint = Setting::Unknown,
        _ => {}
    }
}

fn bind_env<'d>(facts: &mut Facts<'d>, state: &mut State<'d, '_>, env: &'d Env<'_>) {
    // All pairs see what held before the first.
    let before = *state;
    for pair in &env.pairs {
        let Value::Known(name) = facts.expand(&before, &pair.key) else {
            forget_variables(state);
            continue;
        };
        let value = facts.expand(&before, &pair.value);
        state.scope = facts.scopes.bind(state.scope, name, (Binder::Env, Some(pair.key.span)), Bound::To(value));
    }
}

fn bind_args<'d, 'a>(
    facts: &mut Facts<'d>,
    inputs: &'d Inputs,
    global: &State<'d, 'a>,
    open: &mut Open<'d, 'a>,
    arg: &'d Arg<'a>,
) {
    for ArgItem { name, default, .. } in &arg.items {
        let state = &mut open.state;
        if BUILDER_ARGUMENTS.contains(&name.as_str()) {
            continue;
        }
        let earlier = facts.scopes.find(state.scope, name);
        let value = match (inputs.argument(name.as_str()), default) {
            (Some(given), _) => Bound::To(given),
            (None, Some(default)) => Bound::To(facts.expand(state, default)),
            (None, None) => match inherited(facts, inputs, global, name) {
                Some(value) => value,
                // What was set before stays.
                None if earlier.is_some() => continue,
                None => Bound::Unset,
            },
        };
        if let Some(earlier) = earlier
            && facts.scopes.binding(earlier).is_some_and(|binding| binding.binder == Binder::Env)
        {
            open.stage.hidden.push(earlier);
        }
        let place = Some(name.span);
        state.scope = facts.scopes.bind(state.scope, name.as_str().into(), (Binder::Arg, place), value);
    }
}

/// What an `ARG` without a default has from the arguments before the first `FROM`; none where it has nothing.
fn inherited<'d>(facts: &Facts<'d>, inputs: &Inputs, global: &State<'d, '_>, name: &Word<'_>) -> Option<Bound<'d>> {
    match facts.scopes.find(global.scope, name) {
        Some(found) if facts.scopes.value(found).is_some() => Some(Bound::Like(found)),
        Some(_) => None,
        None if !inputs.complete || !matches!(global.root.look_up(name), Lookup::Unset) => {
            Some(Bound::To(Value::Unknown))
        }
        None => None,
    }
}
