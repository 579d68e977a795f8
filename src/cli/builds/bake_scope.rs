//! What expressions of bake files are evaluated in: the names that have values, and how much may be evaluated.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use hcl::Value;
use hcl::eval::Context;
use hcl::expr::{Expression, ObjectKey, TraversalOperator};

use super::bake_functions::declare_functions;

/// Variables, targets and functions refer to each other no deeper.
pub(super) const DEEPEST: usize = 64;
/// So much is evaluated in all files together: each value counts as much as it holds.
const MOST: usize = 1 << 22;
/// No value that anybody wrote holds more.
const LARGEST: usize = 64 << 10;

/// What targets say of others as texts, and lists and tables of them.
const TEXTS: [&str; 10] = [
    "args",
    "context",
    "contexts",
    "dockerfile",
    "dockerfile-inline",
    "inherits",
    "labels",
    "platforms",
    "tags",
    "target",
];

/// The names that are known at some place.
#[derive(Clone)]
pub(super) struct Scope {
    files: Rc<Files>,
    /// What is known only here: parameters, and what loops go through.
    locals: HashMap<String, Rc<Value>>,
}

/// What the files say, and what has come of it.
struct Files {
    definitions: Definitions,
    built_in: Context<'static>,
    /// The values of names that somebody asked for; none where nobody can tell.
    known: RefCell<HashMap<Name, Option<Value>>>,
    /// None where it was too much.
    left: Cell<Option<usize>>,
}

/// What the files define.
#[derive(Default)]
pub(super) struct Definitions {
    pub(super) variables: HashMap<String, Variable>,
    pub(super) functions: HashMap<String, Function>,
    /// What targets say themselves, which others may refer to.
    pub(super) targets: HashMap<String, BTreeMap<String, Expression>>,
}

/// A variable of a file.
#[derive(Default)]
pub(super) struct Variable {
    pub(super) default: Option<Expression>,
    /// What the environment says.
    pub(super) given: Option<String>,
}

/// A function of a file.
pub(super) struct Function {
    pub(super) parameters: Vec<String>,
    /// What all other arguments are called.
    pub(super) others: Option<String>,
    pub(super) result: Expression,
}

/// What has one value in all files.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Name {
    Variable(String),
    /// What a target says, or one entry of it.
    Attribute(String, String, Option<String>),
}

impl Scope {
    /// A scope in which all is known that the files define.
    pub(super) fn new(definitions: Definitions) -> Self {
        let mut built_in = Context::new();
        declare_functions(&mut built_in);
        let files = Files { definitions, built_in, known: RefCell::default(), left: Cell::new(Some(MOST)) };
        Self { files: Rc::new(files), locals: HashMap::new() }
    }

    /// The same with one more name.
    pub(super) fn with(&self, name: &str, value: Value) -> Option<Self> {
        self.spend(1 + self.locals.len())?;
        let mut scope = self.clone();
        scope.locals.insert(name.to_owned(), Rc::new(value));
        Some(scope)
    }

    pub(super) fn is_local(&self, name: &str) -> bool {
        self.locals.contains_key(name)
    }

    /// The functions that all files have.
    pub(super) fn built_in(&self) -> &Context<'static> {
        &self.files.built_in
    }

    /// A function of the files, and the scope that it is evaluated in.
    pub(super) fn function(&self, name: &str) -> Option<(&Function, Self)> {
        Some((self.files.definitions.functions.get(name)?, self.outside()))
    }

    fn outside(&self) -> Self {
        Self { files: Rc::clone(&self.files), locals: HashMap::new() }
    }

    /// None where more was evaluated than anybody wrote.
    pub(super) fn spend(&self, much: usize) -> Option<()> {
        let left = self.files.left.get().and_then(|left| left.checked_sub(much));
        self.files.left.set(left);
        left.map(|_| ())
    }

    /// The value, if it is no larger than it may be.
    pub(super) fn measured(&self, value: Value) -> Option<Value> {
        let size = size(&value);
        self.spend(size)?;
        (size <= LARGEST).then_some(value)
    }

    /// The value of a variable.
    pub(super) fn variable(&self, name: &str, depth: usize) -> Option<Value> {
        if let Some(local) = self.locals.get(name) {
            return Some(local.as_ref().clone());
        }
        let Variable { default, given } = self.files.definitions.variables.get(name)?;
        self.known(Name::Variable(name.to_owned()), depth, |outside, depth| match (default, given) {
            (Some(default), None) => outside.evaluated(default, depth),
            (Some(default), Some(given)) => like(&outside.evaluated(default, depth)?, given),
            // Who runs it sets it.
            (None, given) => given.clone().map(Value::from),
        })
    }

    /// What `target.NAME.ATTRIBUTE` stands for, and what is left of the operators.
    pub(super) fn reference<'o>(
        &self,
        operators: &'o [TraversalOperator],
        depth: usize,
    ) -> Option<(Value, &'o [TraversalOperator])> {
        let [TraversalOperator::GetAttr(target), TraversalOperator::GetAttr(attribute), rest @ ..] = operators else {
            return None;
        };
        let attributes = self.files.definitions.targets.get(target.as_str())?;
        TEXTS.contains(&attribute.as_str()).then_some(())?;
        // What it inherits does not count.
        let Some(mut expression) = attributes.get(attribute.as_str()) else { return Some((Value::Null, rest)) };
        let (mut key, mut rest) = (None, rest);
        // Of a table no more is evaluated than is asked for.
        if let (Expression::Object(entries), Some((first, others))) = (expression, rest.split_first())
            && let Some(name) = key_of(first)
        {
            expression = entries.iter().find(|(key, _)| is_key(key, name)).map(|(_, value)| value)?;
            (key, rest) = (Some(name.to_owned()), others);
        }
        let name = Name::Attribute(target.to_string(), attribute.to_string(), key);
        let value = self.known(name, depth, |outside, depth| Some(as_texts(outside.evaluated(expression, depth)?)))?;
        Some((value, rest))
    }

    fn known(&self, name: Name, depth: usize, value: impl FnOnce(&Self, usize) -> Option<Value>) -> Option<Value> {
        if let Some(known) = self.files.known.borrow().get(&name) {
            return known.clone();
        }
        // What refers to itself has no value.
        self.files.known.borrow_mut().insert(name.clone(), None);
        let value = value(&self.outside(), depth.checked_sub(1)?);
        self.files.known.borrow_mut().insert(name, value.clone());
        value
    }
}

/// The key that an operator asks for, where it is written there.
fn key_of(operator: &TraversalOperator) -> Option<&str> {
    match operator {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        TraversalOperator::Index(Expression::String(name)) => Some(name),
        _ => None,
    }
}

fn is_key(key: &ObjectKey, name: &str) -> bool {
    match key {
        ObjectKey::Identifier(own) => own.as_str() == name,
        ObjectKey::Expression(Expression::String(own)) => own == name,
        _ => false,
    }
}

/// How much a value holds.
pub(super) fn size(value: &Value) -> usize {
    let mut size = 0;
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        size += 1;
        match value {
            Value::String(text) => size += text.len(),
            Value::Array(items) => left.extend(items),
            Value::Object(entries) => {
                size += entries.keys().map(String::len).sum::<usize>();
                left.extend(entries.values());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    size
}

/// A text of the environment as a value of the same kind.
fn like(default: &Value, given: &str) -> Option<Value> {
    match default {
        Value::Null | Value::String(_) => Some(Value::from(given)),
        Value::Bool(_) => match given {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(Value::Bool(false)),
            _ => None,
        },
        Value::Number(_) => given.parse::<i64>().ok().map(Value::from),
        _ => None,
    }
}

/// A value as it is written into a text.
pub(super) fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value as targets keep it.
fn as_texts(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(as_texts).collect(),
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (key, as_texts(value))).collect(),
        Value::Null => Value::Null,
        value => as_text(value).map_or(Value::Null, Value::from),
    }
}
