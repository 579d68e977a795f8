//! How the model is built: in one pass over the instructions.

use super::base_image::{BaseImage, System, base_image};
use super::by_keyword::ByKeyword;
use super::entrypoint::{Invocation, Setting};
use super::facts::{Facts, ROOT, UNKNOWN};
use super::inputs::{BaseImages, Inputs};
use super::scope::{Binder, Bound, Scope};
use super::shell::Shell;
use super::stage::{self, Base, Inherited, Names, Root, Stage, State, Trigger};
use super::variable::{BUILDER_ARGUMENTS, BuilderArguments};
use super::workdir::{may_be_absolute, resolve};
use super::{Lookup, Model, Platform, Value};
use crate::ast::{Arg, ArgItem, Copy, Dockerfile, Env, Instruction, Keyword, Kind, Malformed, Run, Word};
use crate::grammar::lower_case;

/// What a trigger costs, in bytes of text.
const TRIGGER: usize = 512;

pub(super) struct Builder<'d, 'a> {
    dockerfile: &'d Dockerfile<'a>,
    inputs: &'d Inputs,
    by_keyword: ByKeyword,
    facts: Facts<'d>,
    /// The last one is being read.
    stages: Vec<Stage<'d, 'a>>,
    states: Vec<State<'d, 'a>>,
    names: Names<'d>,
    /// The instructions that may take files from elsewhere, with the number of their stage.
    takers: Vec<(usize, &'d Instruction<'a>)>,
    /// What holds before a `FROM`.
    global: State<'d, 'a>,
    /// What holds in the stage that is being read.
    state: State<'d, 'a>,
    /// Where its body begins.
    first: usize,
    /// Whether it has a `CMD` so far.
    has_command: bool,
}

impl<'d, 'a> Builder<'d, 'a> {
    pub(super) fn new(dockerfile: &'d Dockerfile<'a>, inputs: &'d Inputs) -> Self {
        let global = State {
            stage: None,
            scope: Scope::EMPTY,
            root: Root::Builder,
            workdir: UNKNOWN,
            user: UNKNOWN,
            shell: Shell::Unknown,
        };
        Self {
            dockerfile,
            inputs,
            facts: Facts::new(dockerfile, BuilderArguments::new(inputs, dockerfile)),
            // Most files have one or two.
            stages: Vec::with_capacity(2),
            by_keyword: ByKeyword::with_capacity(dockerfile.instructions.len()),
            states: Vec::with_capacity(dockerfile.instructions.len()),
            names: Names::default(),
            takers: Vec::new(),
            global,
            state: global,
            first: 0,
            has_command: false,
        }
    }

    pub(super) fn run(mut self) -> Model<'d, 'a> {
        for (index, instruction) in self.dockerfile.instructions.iter().enumerate() {
            self.by_keyword.add(&instruction.kind);
            if is_from(&instruction.kind) {
                self.close(index);
                self.begin(index, instruction);
            } else if self.stages.is_empty() {
                self.states.push(self.global);
                self.apply_before_stages(instruction);
            } else {
                self.states.push(self.state);
                self.apply(instruction);
            }
        }
        self.close(self.dockerfile.instructions.len());
        let Self { dockerfile, inputs, by_keyword, facts, mut stages, states, names, takers, global, .. } = self;
        let edges = stage::edges(&takers, dockerfile.escape, stages.len(), &names, inputs);
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
        Model { dockerfile, by_keyword, stages, edges, target, facts, states, global }
    }

    fn apply_before_stages(&mut self, instruction: &'d Instruction<'a>) {
        match &instruction.kind {
            Kind::Arg(arg) => self.global_arg(arg),
            Kind::Malformed(malformed) if malformed.keyword == Some(Keyword::Arg) => {
                forget_variables(&mut self.global);
            }
            _ => {}
        }
    }

    fn global_arg(&mut self, arg: &'d Arg<'a>) {
        for ArgItem { name, default, .. } in &arg.items {
            let value = match (self.inputs.argument(name).value(), default) {
                (Some(given), _) => Bound::To(given),
                (None, Some(default)) => Bound::To(self.facts.expand(&self.global, default)),
                (None, None) if self.inputs.complete => {
                    // What was set before stays; an argument that is not set is still declared.
                    match self.facts.scopes.find(self.global.scope, name) {
                        None if self.facts.look_up(&self.global, name) == Lookup::Unset => Bound::Unset,
                        _ => continue,
                    }
                }
                (None, None) => Bound::To(Value::Unknown),
            };
            let binder = (Binder::Arg, Some(name.span));
            self.global.scope = self.facts.scopes.bind(self.global.scope, name.as_str().into(), binder, value);
        }
    }

    /// Ends the stage that is being read, before the instruction of that number.
    fn close(&mut self, end: usize) {
        if let Some(stage) = self.stages.last_mut() {
            stage.body = self.dockerfile.instructions.get(self.first..end).unwrap_or_default();
            stage.end = self.state;
        }
    }

    fn begin(&mut self, index: usize, instruction: &'d Instruction<'a>) {
        let number = self.stages.len();
        self.state = State { stage: u32::try_from(number).ok(), ..self.global };
        self.states.push(self.state);
        (self.first, self.has_command) = (index + 1, false);
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
        self.stages.push(Stage {
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
            start: self.state,
            end: self.state,
            onbuild: Vec::new(),
            hidden: Vec::new(),
        });
        match base {
            Base::Stage(parent) => self.inherit(parent),
            _ => self.begin_with_image(),
        }
        if let Some(stage) = self.stages.last_mut() {
            stage.start = self.state;
            if let Some(name) = stage.name() {
                self.names.insert(name, number);
            }
        }
    }

    fn begin_with_image(&mut self) {
        let Some(stage) = self.stages.last_mut() else { return };
        let State { scope, root, workdir, user, shell, .. } = &mut self.state;
        *scope = Scope::EMPTY;
        if self.inputs.base_images == BaseImages::Empty || stage.base == Base::Scratch {
            let platform = stage.from().and_then(|from| from.platform());
            let platform = platform.map(|platform| self.facts.expand(&self.global, platform));
            let windows = stage.base != Base::Scratch
                && platform.is_some_and(|platform| {
                    platform.known().and_then(Platform::parse).is_some_and(|platform| platform.os == "windows")
                });
            // Windows finds programs without a PATH.
            *root = if windows { Root::Nothing } else { Root::Empty };
            (*workdir, *user, *shell) = (ROOT, ROOT, if windows { Shell::Cmd } else { Shell::Sh });
            (stage.entrypoint, stage.command) = (Setting::None, Setting::None);
            return;
        }
        let known: Option<&'static BaseImage> = stage.image.known().and_then(base_image);
        *root = Root::Image(known);
        *user = if known.is_some_and(|image| image.user == Some("")) { ROOT } else { UNKNOWN };
        *shell = match known.map(|image| image.system) {
            Some(System::Linux) => Shell::Sh,
            Some(System::Windows) => Shell::Cmd,
            None => Shell::OfBase,
        };
        *workdir = match known.and_then(|image| image.workdir) {
            Some("/") => ROOT,
            Some(directory) => self.facts.list(Value::of(directory)),
            None => UNKNOWN,
        };
        (stage.entrypoint, stage.command) = (Setting::OfBase(known), Setting::OfBase(known));
    }

    fn inherit(&mut self, parent: usize) {
        let Some((stage, earlier)) = self.stages.split_last_mut() else { return };
        let Some(parent) = earlier.get(parent) else { return };
        self.state = State { stage: self.state.stage, ..parent.end };
        stage.entrypoint = parent.entrypoint;
        stage.command = parent.command;
        stage.healthcheck = parent.healthcheck;
        stage.stopsignal = parent.stopsignal;
        stage.inherited = parent.passes_on;
        stage.passes_on = parent.passes_on;
        for hidden in &parent.hidden {
            let Some(binding) = self.facts.scopes.binding(*hidden) else { continue };
            let (name, place) = (binding.name.clone(), binding.place);
            let found = self.facts.scopes.find(self.state.scope, &name);
            let last = found.and_then(|found| self.facts.scopes.binding(found));
            if last.is_some_and(|last| last.binder == Binder::Arg) && self.facts.budget.pay(TRIGGER) {
                let value = Bound::Like(*hidden);
                self.state.scope = self.facts.scopes.bind(self.state.scope, name, (Binder::Env, place), value);
            }
        }
        for instruction in parent.onbuild.clone() {
            if !self.facts.budget.pay(TRIGGER) {
                // Too many to follow: nobody knows what holds.
                self.state = State { shell: Shell::Unknown, workdir: UNKNOWN, user: UNKNOWN, ..self.state };
                forget_variables(&mut self.state);
                return;
            }
            if let Some(stage) = self.stages.last_mut() {
                stage.triggers.push(Trigger { instruction, state: self.state });
            }
            self.apply(instruction);
        }
    }

    /// Does to the stage that is being read what an instruction says.
    fn apply(&mut self, instruction: &'d Instruction<'a>) {
        let Some(stage) = self.stages.last_mut() else { return };
        let (facts, state) = (&mut self.facts, &mut self.state);
        match &instruction.kind {
            Kind::Env(env) => bind_env(facts, state, env),
            Kind::Arg(arg) => {
                for item in &arg.items {
                    let hidden = bind_arg(facts, self.inputs, &self.global, state, item);
                    stage.hidden.extend(hidden);
                }
            }
            Kind::Workdir(workdir) => {
                stage.passes_on.workdir = true;
                stage.passes_on.absolute_workdir |= may_be_absolute(workdir);
                let path = facts.expand(state, &workdir.path);
                let resolved = resolve(&facts.workdir(state), &path);
                state.workdir = facts.list(resolved);
            }
            Kind::User(user) => {
                let user = facts.expand(state, &user.user);
                state.user = facts.list(user);
            }
            Kind::Shell(shell) => {
                stage.passes_on.shell = true;
                state.shell = Shell::Set(&shell.words);
            }
            Kind::Entrypoint(_) => {
                stage.entrypoint = Invocation::of(instruction, state.shell).map_or(Setting::Unknown, Setting::Set);
                if !self.has_command {
                    stage.command = Setting::None;
                }
            }
            Kind::Cmd(_) => {
                stage.command = Invocation::of(instruction, state.shell).map_or(Setting::Unknown, Setting::Set);
                self.has_command = true;
            }
            Kind::Healthcheck(healthcheck) => stage.healthcheck = Some(healthcheck),
            Kind::Stopsignal(stopsignal) => stage.stopsignal = Some(stopsignal),
            Kind::Onbuild(onbuild) => {
                if let Some(inner) = onbuild.instruction.as_deref().filter(|_| onbuild.chain.is_empty()) {
                    stage.onbuild.push(inner);
                }
            }
            Kind::Copy(Copy { flags, .. }) | Kind::Run(Run { flags, .. }) if !flags.is_empty() => {
                self.takers.push((stage.index, instruction));
            }
            Kind::Malformed(malformed) => distrust(stage, state, malformed),
            _ => {}
        }
    }
}

/// Whether it is a `FROM`, be it one that can't be read.
fn is_from(kind: &Kind<'_>) -> bool {
    match kind {
        Kind::From(_) => true,
        Kind::Malformed(malformed) => malformed.keyword == Some(Keyword::From),
        _ => false,
    }
}

/// After an instruction that may have set any variable.
fn forget_variables(state: &mut State<'_, '_>) {
    state.scope = Scope::EMPTY;
    state.root = Root::Image(None);
}

/// What an instruction sets that can't be read is unknown.
fn distrust(stage: &mut Stage<'_, '_>, state: &mut State<'_, '_>, malformed: &Malformed<'_>) {
    match malformed.keyword {
        Some(Keyword::Env | Keyword::Arg) => forget_variables(state),
        Some(Keyword::Workdir) => state.workdir = UNKNOWN,
        Some(Keyword::User) => state.user = UNKNOWN,
        Some(Keyword::Shell) => state.shell = Shell::Unknown,
        Some(Keyword::Cmd) => stage.command = Setting::Unknown,
        Some(Keyword::Entrypoint) => stage.entrypoint = Setting::Unknown,
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

/// Binds an argument of a stage, and tells which variable of an `ENV` that hides.
fn bind_arg<'d>(
    facts: &mut Facts<'d>,
    inputs: &'d Inputs,
    global: &State<'d, '_>,
    state: &mut State<'d, '_>,
    ArgItem { name, default, .. }: &'d ArgItem<'_>,
) -> Option<Scope> {
    if BUILDER_ARGUMENTS.contains(&name.as_str()) {
        return None;
    }
    let earlier = facts.scopes.find(state.scope, name);
    let value = match (inputs.argument(name).value(), default) {
        (Some(given), _) => Bound::To(given),
        (None, Some(default)) => Bound::To(facts.expand(state, default)),
        (None, None) => match inherited(facts, inputs, global, name) {
            Some(value) => value,
            // What was set before stays.
            None if earlier.is_some() => return None,
            None => Bound::Unset,
        },
    };
    state.scope = facts.scopes.bind(state.scope, name.as_str().into(), (Binder::Arg, Some(name.span)), value);
    let is_env = |scope: &Scope| facts.scopes.binding(*scope).is_some_and(|binding| binding.binder == Binder::Env);
    earlier.filter(is_env)
}

/// What an `ARG` without a default has from the arguments before the first `FROM`; none where it has nothing.
fn inherited<'d>(facts: &Facts<'d>, inputs: &Inputs, global: &State<'d, '_>, name: &Word<'_>) -> Option<Bound<'d>> {
    if let Some(found) = facts.scopes.find(global.scope, name) {
        return facts.scopes.value(found).is_some().then_some(Bound::Like(found));
    }
    match facts.look_up_unbound(global.root, name) {
        Lookup::Set(text) => Some(Bound::To(Value::of(text.to_owned()))),
        Lookup::Unset if inputs.complete => None,
        Lookup::Unset | Lookup::Unknown => Some(Bound::To(Value::Unknown)),
    }
}
