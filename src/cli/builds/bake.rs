//! Builds in `docker-bake.hcl` and `docker-bake.json`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::thread;

use hcl::edit::Span as _;
use hcl::edit::parser::parse_body;
use hcl::edit::structure::{Block as HclBlock, Body};
use hcl::expr::{Expression, ObjectKey, TemplateExpr};
use serde_json::Value as Json;

use super::bake_scope::{DEEPEST, Definitions, Function, Scope, Variable, as_text};
use super::description::{Description, Text};
use super::environment::Environment;
use super::{Broken, BuildOrigin, Problem, WrittenBuild, line};
use crate::source::LineIndex;

/// What `docker buildx bake` reads, one laid over the other.
pub(super) const NAMES: [&str; 4] =
    ["docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl"];

/// More than this is no bake file that anybody wrote.
const LONGEST: usize = 256 << 10;
/// Expressions are read and evaluated with recursion: what the longest file can drive fits into it.
const STACK: usize = 64 << 20;
/// A matrix gives no more builds than this.
const MOST: usize = 256;

/// The builds of the files, laid one over the other.
pub(super) fn read(
    files: &[PathBuf],
    directory: &Path,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Vec<WrittenBuild> {
    if files.is_empty() {
        return Vec::new();
    }
    let read = || {
        let mut problems = Vec::new();
        let definition = Definition::read(files, environment, &mut problems);
        let mut builds = definition.builds(directory);
        if let (None, Some(file)) = (definition.scope.spend(0), files.first()) {
            let reason = "it refers to more than can be followed, and is passed over".to_owned();
            problems.push(Problem { file: file.clone(), line: None, reason });
            builds.clear();
        }
        (builds, problems)
    };
    let done = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read).ok()?;
        thread.join().ok()
    });
    match (done, files.first()) {
        (Some((builds, found)), _) => {
            problems.extend(found);
            builds
        }
        (None, Some(file)) => {
            let reason = "it can't be evaluated, and is passed over".to_owned();
            problems.push(Problem { file: file.clone(), line: None, reason });
            Vec::new()
        }
        (None, None) => Vec::new(),
    }
}

/// A part of a file that has a name: a target, a group, a variable.
struct Block {
    kind: String,
    name: String,
    origin: BuildOrigin,
    attributes: BTreeMap<String, Expression>,
}

/// All that the files say.
struct Definition {
    blocks: Vec<Block>,
    /// Which of the blocks are targets of a name.
    targets: HashMap<String, Vec<usize>>,
    scope: Scope,
}

impl Definition {
    fn read(files: &[PathBuf], environment: &Environment, problems: &mut Vec<Problem>) -> Self {
        let mut blocks = Vec::new();
        for file in files {
            let text = match super::text_of(file) {
                Ok(text) if text.len() <= LONGEST => text,
                Ok(_) => {
                    let reason = "it holds more than 256 KiB, and is passed over".to_owned();
                    problems.push(Problem { file: file.clone(), line: None, reason });
                    continue;
                }
                Err(reason) => {
                    problems.push(Problem { file: file.clone(), line: None, reason });
                    continue;
                }
            };
            let is_json = file.extension().is_some_and(|ending| ending == "json");
            let found = if is_json { blocks_of_json(&text, file) } else { blocks_of_hcl(&text, file) };
            match found {
                Ok(found) => blocks.extend(found),
                Err(broken) => problems.push(broken.in_file(file)),
            }
        }
        let mut targets: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, block) in blocks.iter().enumerate().filter(|(_, block)| block.kind == "target") {
            targets.entry(block.name.clone()).or_default().push(place);
        }
        let scope = Scope::new(definitions(&blocks, environment));
        Self { blocks, targets, scope }
    }

    fn targets(&self, name: &str) -> impl DoubleEndedIterator<Item = &Block> {
        self.targets.get(name).into_iter().flatten().filter_map(|place| self.blocks.get(*place))
    }

    /// The builds that somebody means to run: those of groups, and those that are not only there to be inherited from.
    fn builds(&self, directory: &Path) -> Vec<WrittenBuild> {
        let lists = |kind: &'static str, key: &'static str| {
            let blocks = self.blocks.iter().filter(move |block| block.kind == kind);
            let lists = blocks.filter_map(move |block| block.attributes.get(key));
            lists.flat_map(|list| texts(list, &self.scope)).flatten().collect::<HashSet<String>>()
        };
        let (grouped, inherited) = (lists("group", "targets"), lists("target", "inherits"));
        let mut seen = HashSet::new();
        let mut builds = Vec::new();
        let mut resolved = HashMap::new();
        for block in self.blocks.iter().filter(|block| block.kind == "target") {
            let name = block.name.as_str();
            let is_base = name.starts_with('_') || inherited.contains(name);
            if !seen.insert(name) || is_base && !grouped.contains(name) {
                continue;
            }
            for scope in self.matrix(name) {
                let target = self.target(name, &scope, &mut resolved, DEEPEST);
                let own = block.attributes.get("name").and_then(|own| text(own, &scope));
                let origin = BuildOrigin { name: own.or_else(|| Some(name.to_owned())), ..block.origin.clone() };
                builds.extend(target.build(directory, origin));
                if builds.len() >= MOST {
                    return builds;
                }
            }
        }
        builds
    }

    /// What holds in each of the builds that a target stands for.
    fn matrix(&self, name: &str) -> Vec<Scope> {
        let mut scopes = vec![self.scope.clone()];
        let Some(matrix) = self.targets(name).rev().find_map(|block| block.attributes.get("matrix")) else {
            return scopes;
        };
        for (variable, values) in entries(matrix, &self.scope) {
            let Some(hcl::Value::Array(values)) = values else { continue };
            let (variable, values) = (variable.as_str(), values.as_slice());
            let with =
                scopes.iter().flat_map(|scope| values.iter().map(move |value| scope.with(variable, value.clone())));
            scopes = with.take(MOST).flatten().collect();
        }
        scopes
    }

    fn target(
        &self,
        name: &str,
        scope: &Scope,
        resolved: &mut HashMap<String, Description>,
        depth: usize,
    ) -> Description {
        let mut target = Description::default();
        let Some(depth) = depth.checked_sub(1) else { return target };
        let inherits = self.targets(name).rev().find_map(|block| block.attributes.get("inherits"));
        for base in inherits.map(|list| texts(list, scope)).unwrap_or_default().into_iter().flatten() {
            if !resolved.contains_key(&base) {
                // Who inherits from itself gets nothing from itself.
                resolved.insert(base.clone(), Description::default());
                let found = self.target(&base, &self.scope, resolved, depth);
                resolved.insert(base.clone(), found);
            }
            // A name and a value take up some bytes.
            let base = resolved.get(&base).filter(|base| scope.spend(16 * (1 + base.arguments.len())).is_some());
            if let Some(base) = base {
                target.lay_over(base.clone());
            }
        }
        for block in self.targets(name) {
            target.lay_over(description(block, scope));
        }
        target
    }
}

/// What a block says of a build.
fn description(block: &Block, scope: &Scope) -> Description {
    let text = |key: &str| match block.attributes.get(key).map(|value| scope.value(value))? {
        // As if nothing were said.
        Some(hcl::Value::Null) => None,
        value => Some(value.and_then(as_text)),
    };
    let pairs = |key: &str| block.attributes.get(key).map(|value| entries(value, scope)).unwrap_or_default();
    // `null` takes nothing away from what is inherited.
    let given = |(name, value): (String, Option<hcl::Value>)| match value {
        Some(hcl::Value::Null) => None,
        value => Some((name, value.and_then(as_text))),
    };
    Description {
        context: text("context"),
        dockerfile: text("dockerfile"),
        is_inline: block.attributes.contains_key("dockerfile-inline"),
        target: text("target"),
        arguments: pairs("args").into_iter().filter_map(given).collect(),
        platforms: block.attributes.get("platforms").map(|list| texts(list, scope)),
        named_contexts: pairs("contexts").into_iter().map(|(name, _)| name).collect(),
    }
}

fn blocks_of_hcl(text: &str, file: &Path) -> Result<Vec<Block>, Broken> {
    let body = parse_body(text)
        .map_err(|error| Broken { line: line(error.location().line()), reason: error.message().to_owned() })?;
    let lines = LineIndex::new(text);
    let of = |block: &HclBlock| {
        let label = block.labels.first().map(|label| label.as_str().to_owned());
        let at = block.span().map_or(0, |span| line(span.start));
        let origin = BuildOrigin { file: file.to_path_buf(), line: lines.line(at), name: label.clone() };
        let kind = block.ident.as_str().to_owned();
        Block { kind, name: label.unwrap_or_default(), origin, attributes: attributes(&block.body) }
    };
    let mut blocks: Vec<Block> = body.blocks().map(of).collect();
    // What stands outside of all blocks is a variable, too.
    let globals = attributes(&body);
    blocks.extend(globals.into_iter().map(|(name, value)| Block {
        kind: "global".to_owned(),
        name,
        origin: BuildOrigin::default(),
        attributes: BTreeMap::from([("default".to_owned(), value)]),
    }));
    Ok(blocks)
}

fn attributes(body: &Body) -> BTreeMap<String, Expression> {
    body.attributes().map(|attribute| (attribute.key.as_str().to_owned(), attribute.value.clone().into())).collect()
}

fn blocks_of_json(text: &str, file: &Path) -> Result<Vec<Block>, Broken> {
    let root: Json = serde_json::from_str(text).map_err(|error| {
        let reason = error.to_string();
        Broken { line: line(error.line()), reason: reason.split(" at line ").next().unwrap_or_default().to_owned() }
    })?;
    let lines = LineIndex::new(text);
    let mut blocks = Vec::new();
    for (kind, named) in root.as_object().into_iter().flatten() {
        for (name, values) in named.as_object().into_iter().flatten() {
            // JSON does not tell where it stands.
            let at = text.find(&format!("\"{name}\"")).unwrap_or_default();
            let origin = BuildOrigin { file: file.to_path_buf(), line: lines.line(line(at)), name: Some(name.clone()) };
            let values = values.as_object().into_iter().flatten();
            let attributes = values.map(|(key, value)| (key.clone(), expression(value))).collect();
            blocks.push(Block { kind: kind.clone(), name: name.clone(), origin, attributes });
        }
    }
    Ok(blocks)
}

/// A value of JSON, whose texts are templates.
fn expression(json: &Json) -> Expression {
    match json {
        Json::Null => Expression::Null,
        Json::Bool(value) => Expression::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Expression::from(integer),
            (None, Some(float)) => Expression::from(float),
            (None, None) => Expression::Null,
        },
        Json::String(text) if text.contains("${") || text.contains("%{") => TemplateExpr::from(text.as_str()).into(),
        Json::String(text) => Expression::from(text.as_str()),
        Json::Array(values) => Expression::Array(values.iter().map(expression).collect()),
        Json::Object(values) => {
            values.iter().map(|(key, value)| (ObjectKey::from(key.as_str()), expression(value))).collect()
        }
    }
}

/// What expressions may name.
fn definitions(blocks: &[Block], environment: &Environment) -> Definitions {
    let mut definitions = Definitions::default();
    let mut named = HashSet::new();
    for block in blocks {
        let name = block.name.clone();
        let default = block.attributes.get("default").cloned();
        match block.kind.as_str() {
            "variable" => {
                let variable = definitions.variables.entry(name).or_default();
                variable.default = default.or(variable.default.take());
                variable.given = environment.get(&block.name).map(str::to_owned);
            }
            "function" => definitions.functions.extend(function(block).map(|function| (name, function))),
            "target" => {
                // Which of several holds depends on what was asked for before, and of a matrix all are called otherwise.
                let is_one = named.insert(block.name.as_str()) && !block.attributes.contains_key("matrix");
                match is_one {
                    true => definitions.targets.insert(name, block.attributes.clone()),
                    false => definitions.targets.remove(&name),
                };
            }
            _ => {}
        }
    }
    // What stands outside of all blocks outweighs what variables say of themselves.
    for block in blocks.iter().filter(|block| block.kind == "global") {
        let default = block.attributes.get("default").cloned();
        definitions.variables.entry(block.name.clone()).or_default().default = default;
    }
    let own = Variable { default: Some(Expression::from(".")), given: None };
    definitions.variables.insert("BAKE_CMD_CONTEXT".to_owned(), own);
    definitions
}

fn function(block: &Block) -> Option<Function> {
    let parameter = |parameter: &Expression| match parameter {
        Expression::Variable(name) => Some(name.as_str().to_owned()),
        Expression::String(name) => Some(name.clone()),
        _ => None,
    };
    let Expression::Array(parameters) = block.attributes.get("params")? else { return None };
    let parameters = parameters.iter().map(parameter).collect::<Option<_>>()?;
    let others = match block.attributes.get("variadic_params") {
        Some(others) => Some(parameter(others)?),
        None => None,
    };
    Some(Function { parameters, others, result: block.attributes.get("result")?.clone() })
}

fn text(expression: &Expression, scope: &Scope) -> Text {
    scope.value(expression).and_then(as_text)
}

/// The items of a list; one that nobody knows, where that is all that is known of it.
fn texts(expression: &Expression, scope: &Scope) -> Vec<Text> {
    if let Expression::Array(items) = expression {
        return items.iter().map(|item| text(item, scope)).collect();
    }
    match scope.value(expression) {
        Some(hcl::Value::Array(values)) => values.into_iter().map(as_text).collect(),
        _ => vec![None],
    }
}

/// The entries of an object, each evaluated by itself.
fn entries(expression: &Expression, scope: &Scope) -> Vec<(String, Option<hcl::Value>)> {
    if let Expression::Object(object) = expression {
        let entry = |(key, value): (&ObjectKey, _)| Some((scope.key(key, DEEPEST)?, scope.value(value)));
        return object.iter().filter_map(entry).collect();
    }
    match scope.value(expression) {
        Some(hcl::Value::Object(object)) => object.into_iter().map(|(key, value)| (key, Some(value))).collect(),
        _ => Vec::new(),
    }
}
