//! What expressions of bake files are evaluated in: variables, and functions, those of the file too.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use hcl::Value;
use hcl::eval::{Context, Evaluate};
use hcl::expr::{Conditional, Expression, FuncCall, Operation, TemplateExpr};
use hcl::template::{Element, Template};

use super::bake_functions::declare_functions;

/// Functions call each other no deeper.
const DEEPEST: usize = 16;
/// So many calls are followed in all files together.
const MOST: usize = 10_000;

/// The variables and functions that are known at some place.
#[derive(Clone)]
pub(super) struct Scope {
    context: Context<'static>,
    functions: Rc<Functions>,
}

/// The functions that the files define.
struct Functions {
    by_name: HashMap<String, Function>,
    /// How many calls may still be followed.
    left: Cell<usize>,
}

/// A function of a file.
pub(super) struct Function {
    pub(super) parameters: Vec<String>,
    pub(super) result: Expression,
}

impl Scope {
    /// A scope without variables.
    pub(super) fn new(functions: HashMap<String, Function>) -> Self {
        let mut context = Context::new();
        declare_functions(&mut context);
        Self { context, functions: Rc::new(Functions { by_name: functions, left: Cell::new(MOST) }) }
    }

    /// Makes a variable known.
    pub(super) fn declare(&mut self, name: &str, value: impl Into<Value>) {
        self.context.declare_var(name, value);
    }

    /// The value of an expression, if that can be told.
    pub(super) fn value(&self, expression: &Expression) -> Option<Value> {
        self.value_at(expression, DEEPEST)
    }

    fn value_at(&self, expression: &Expression, depth: usize) -> Option<Value> {
        if self.functions.by_name.is_empty() {
            return expression.evaluate(&self.context).ok();
        }
        self.resolved(expression, depth).evaluate(&self.context).ok()
    }

    /// The expression with the values of calls in their place. A call without a value stays, and nothing comes of it later.
    fn resolved(&self, expression: &Expression, depth: usize) -> Expression {
        let resolved = |expression: &Expression| self.resolved(expression, depth);
        match expression {
            Expression::Array(items) => Expression::Array(items.iter().map(resolved).collect()),
            Expression::Object(entries) => {
                Expression::Object(entries.iter().map(|(key, value)| (key.clone(), resolved(value))).collect())
            }
            Expression::Parenthesis(inside) => Expression::Parenthesis(Box::new(resolved(inside))),
            Expression::Conditional(choice) => {
                let Conditional { cond_expr, true_expr, false_expr } = choice.as_ref();
                Conditional::new(resolved(cond_expr), resolved(true_expr), resolved(false_expr)).into()
            }
            Expression::Operation(operation) => {
                let mut operation = operation.clone();
                match operation.as_mut() {
                    Operation::Unary(unary) => unary.expr = resolved(&unary.expr),
                    Operation::Binary(binary) => {
                        binary.lhs_expr = resolved(&binary.lhs_expr);
                        binary.rhs_expr = resolved(&binary.rhs_expr);
                    }
                }
                Expression::Operation(operation)
            }
            Expression::FuncCall(call) => {
                let mut call = call.clone();
                call.args = call.args.iter().map(resolved).collect();
                match self.called(&call, depth) {
                    Some(value) => value.into(),
                    None => Expression::FuncCall(call),
                }
            }
            Expression::TemplateExpr(template) => self.filled(template, depth).unwrap_or_else(|| expression.clone()),
            _ => expression.clone(),
        }
    }

    /// What comes of a call of a function of the file.
    fn called(&self, call: &FuncCall, depth: usize) -> Option<Value> {
        let function = self.functions.by_name.get(call.name.name.as_str()).filter(|_| !call.expand_final)?;
        let depth = depth.checked_sub(1)?;
        self.functions.left.set(self.functions.left.get().checked_sub(1)?);
        let mut inside = self.clone();
        for (name, argument) in function.parameters.iter().zip(&call.args) {
            inside.declare(name, argument.evaluate(&self.context).ok()?);
        }
        let is_complete = function.parameters.len() == call.args.len();
        is_complete.then(|| inside.value_at(&function.result, depth)).flatten()
    }

    /// A text with what is interpolated in it; none where it is more than that.
    fn filled(&self, template: &TemplateExpr, depth: usize) -> Option<Expression> {
        let template = Template::from_expr(template).ok()?;
        let mut text = String::new();
        for element in template.elements() {
            match element {
                Element::Literal(literal) => text.push_str(literal),
                Element::Interpolation(interpolation) => {
                    text.push_str(&as_text(self.value_at(&interpolation.expr, depth)?)?);
                }
                Element::Directive(_) => return None,
            }
        }
        Some(Expression::from(text))
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
