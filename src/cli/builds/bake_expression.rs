//! Expressions of bake files: what is said of names is ours, and what comes of values alone is left to the library.

use hcl::eval::Evaluate;
use hcl::expr::{BinaryOp, Expression, ForExpr, FuncCall, ObjectKey, Operation, TemplateExpr};
use hcl::expr::{Traversal, TraversalOperator, UnaryOp};
use hcl::template::{Directive, Element, IfDirective, Interpolation, Template};
use hcl::{Identifier, Map, Value};

use super::bake_scope::{DEEPEST, Scope, as_text, size};

impl Scope {
    /// The value of an expression, if that can be told.
    pub(super) fn value(&self, expression: &Expression) -> Option<Value> {
        self.evaluated(expression, DEEPEST)
    }

    /// The value of an expression, which refers to others no deeper.
    pub(super) fn evaluated(&self, expression: &Expression, depth: usize) -> Option<Value> {
        let value = |expression: &Expression| self.evaluated(expression, depth);
        let value = match expression {
            Expression::Variable(name) => self.variable(name.as_str(), depth)?,
            Expression::Array(items) => Value::Array(items.iter().map(value).collect::<Option<_>>()?),
            Expression::Object(entries) => {
                let entry =
                    |(key, value): (&ObjectKey, _)| Some((self.key(key, depth)?, self.evaluated(value, depth)?));
                Value::Object(entries.iter().map(entry).collect::<Option<_>>()?)
            }
            Expression::Parenthesis(inside) => value(inside)?,
            Expression::Conditional(choice) => match self.is_true(&choice.cond_expr, depth)? {
                true => value(&choice.true_expr)?,
                false => value(&choice.false_expr)?,
            },
            Expression::Operation(operation) => self.calculated(operation, depth)?,
            Expression::FuncCall(call) => self.called(call, depth)?,
            Expression::Traversal(traversal) => self.traversed(traversal, depth)?,
            Expression::TemplateExpr(template) => self.filled(template, depth)?,
            Expression::ForExpr(each) => self.collected(each, depth)?,
            literal => Value::from(literal.clone()),
        };
        self.measured(value)
    }

    /// The key of an entry.
    pub(super) fn key(&self, key: &ObjectKey, depth: usize) -> Option<String> {
        match key {
            ObjectKey::Identifier(name) => Some(name.to_string()),
            ObjectKey::Expression(expression) => as_text(self.evaluated(expression, depth)?),
            _ => None,
        }
    }

    fn is_true(&self, condition: &Expression, depth: usize) -> Option<bool> {
        self.evaluated(condition, depth)?.as_bool()
    }

    fn calculated(&self, operation: &Operation, depth: usize) -> Option<Value> {
        let operation = match operation {
            Operation::Unary(unary) => UnaryOp::new(unary.operator, self.evaluated(&unary.expr, depth)?).into(),
            Operation::Binary(binary) => {
                let (left, right) =
                    (self.evaluated(&binary.lhs_expr, depth)?, self.evaluated(&binary.rhs_expr, depth)?);
                Operation::from(BinaryOp::new(left, binary.operator, right))
            }
        };
        operation.evaluate(self.built_in()).ok()
    }

    fn called(&self, call: &FuncCall, depth: usize) -> Option<Value> {
        let arguments = call.args.iter().map(|argument| self.evaluated(argument, depth));
        let mut arguments: Vec<Value> = arguments.collect::<Option<_>>()?;
        if call.expand_final {
            let Value::Array(items) = arguments.pop()? else { return None };
            arguments.extend(items);
        }
        let name = &call.name;
        let Some((function, mut inside)) = self.function(name.name.as_str()).filter(|_| !name.is_namespaced()) else {
            let args = arguments.into_iter().map(Expression::from).collect();
            let call = FuncCall { name: name.clone(), args, expand_final: false };
            return call.evaluate(self.built_in()).ok();
        };
        if arguments.len() < function.parameters.len() {
            return None;
        }
        let others = arguments.split_off(function.parameters.len());
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            inside = inside.with(parameter, argument)?;
        }
        match &function.others {
            Some(name) => inside = inside.with(name, Value::Array(others))?,
            None if !others.is_empty() => return None,
            None => {}
        }
        inside.evaluated(&function.result, depth.checked_sub(1)?)
    }

    fn traversed(&self, traversal: &Traversal, depth: usize) -> Option<Value> {
        let (value, operators) = match &traversal.expr {
            Expression::Variable(name) if name.as_str() == "target" && !self.is_local("target") => {
                self.reference(&traversal.operators, depth)?
            }
            expression => (self.evaluated(expression, depth)?, traversal.operators.as_slice()),
        };
        self.spend(operators.len().saturating_mul(size(&value)))?;
        let operator = |operator: &TraversalOperator| match operator {
            TraversalOperator::Index(index) => Some(TraversalOperator::Index(self.evaluated(index, depth)?.into())),
            operator => Some(operator.clone()),
        };
        let operators: Vec<TraversalOperator> = operators.iter().map(operator).collect::<Option<_>>()?;
        Traversal::new(value, operators).evaluate(self.built_in()).ok()
    }

    /// A text with what is interpolated in it.
    fn filled(&self, template: &TemplateExpr, depth: usize) -> Option<Value> {
        let text = match template {
            TemplateExpr::QuotedString(text) => text,
            TemplateExpr::Heredoc(heredoc) => &heredoc.template,
        };
        self.spend(text.len())?;
        let template = Template::from_expr(template).ok()?;
        match template.elements() {
            [Element::Interpolation(only)] => self.evaluated(&only.expr, depth),
            _ => self.filled_template(&template, depth)?.evaluate(self.built_in()).ok().map(Value::from),
        }
    }

    /// The same template without names.
    fn filled_template(&self, template: &Template, depth: usize) -> Option<Template> {
        let mut filled = Template::new();
        for element in template.elements() {
            filled = match element {
                Element::Literal(literal) => filled.add_literal(literal.as_str()),
                Element::Interpolation(Interpolation { expr, strip }) => {
                    let text = as_text(self.evaluated(expr, depth)?)?;
                    filled.add_interpolation(Interpolation::new(text).with_strip(*strip))
                }
                Element::Directive(directive) => match directive.as_ref() {
                    Directive::If(choice) => {
                        let is_true = self.is_true(&choice.cond_expr, depth)?;
                        let mut choice = choice.clone();
                        choice.cond_expr = is_true.into();
                        match &mut choice.false_template {
                            _ if is_true => {
                                choice.true_template = self.filled_template(&choice.true_template, depth)?
                            }
                            Some(template) => *template = self.filled_template(template, depth)?,
                            None => {}
                        }
                        filled.add_directive(choice)
                    }
                    Directive::For(each) => {
                        let once = |is_any: bool, template| {
                            let once = IfDirective::new(is_any, template);
                            once.with_if_strip(each.for_strip).with_endif_strip(each.endfor_strip)
                        };
                        let scopes =
                            self.iterations(each.key_var.as_ref(), &each.value_var, &each.collection_expr, depth)?;
                        if scopes.is_empty() {
                            filled = filled.add_directive(once(false, Template::new()));
                        }
                        for scope in scopes {
                            filled = filled.add_directive(once(true, scope.filled_template(&each.template, depth)?));
                        }
                        filled
                    }
                },
            };
        }
        Some(filled)
    }

    fn collected(&self, each: &ForExpr, depth: usize) -> Option<Value> {
        let (mut list, mut table) = (Vec::new(), Map::new());
        for scope in self.iterations(each.key_var.as_ref(), &each.value_var, &each.collection_expr, depth)? {
            if let Some(condition) = &each.cond_expr
                && !scope.is_true(condition, depth)?
            {
                continue;
            }
            let value = scope.evaluated(&each.value_expr, depth)?;
            let Some(key) = &each.key_expr else {
                list.push(value);
                continue;
            };
            let key = as_text(scope.evaluated(key, depth)?)?;
            match (each.grouping, table.get_mut(&key)) {
                (true, Some(Value::Array(values))) => values.push(value),
                (true, _) => _ = table.insert(key, Value::Array(vec![value])),
                (false, None) => _ = table.insert(key, value),
                // A key may not be there twice.
                (false, Some(_)) => return None,
            }
        }
        Some(if each.key_expr.is_some() { Value::Object(table) } else { Value::Array(list) })
    }

    /// The scopes of what is said of each item of a list, or each entry of a table.
    fn iterations(
        &self,
        key: Option<&Identifier>,
        value: &Identifier,
        collection: &Expression,
        depth: usize,
    ) -> Option<Vec<Self>> {
        let pairs: Vec<(Value, Value)> = match self.evaluated(collection, depth)? {
            Value::Array(items) => items.into_iter().enumerate().map(|(at, item)| (Value::from(at), item)).collect(),
            Value::Object(entries) => entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect(),
            _ => return None,
        };
        let scope = |(own_key, own_value)| match key {
            Some(key) => self.with(key, own_key)?.with(value, own_value),
            None => self.with(value, own_value),
        };
        pairs.into_iter().map(scope).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use super::super::bake_scope::{Definitions, Function, Variable};
    use super::*;

    fn expression(text: &str) -> Expression {
        text.parse().unwrap()
    }

    fn scope() -> Scope {
        let variable = |(name, default, given): (&str, &str, Option<&str>)| {
            let variable = Variable { default: Some(expression(default)), given: given.map(str::to_owned) };
            (name.to_owned(), variable)
        };
        let function = |(name, parameters, others, result): (&str, &[&str], Option<&str>, &str)| {
            let parameters = parameters.iter().map(|parameter| (*parameter).to_owned()).collect();
            let others = others.map(str::to_owned);
            (name.to_owned(), Function { parameters, others, result: expression(result) })
        };
        let target = |(name, attributes): (&str, &[(&str, &str)])| {
            let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), expression(value)));
            (name.to_owned(), attributes.collect::<BTreeMap<_, _>>())
        };
        let variables = [
            ("tag", "\"1.${minor}\"", None),
            ("minor", "2", Some("3")),
            ("loud", "false", Some("1")),
            ("list", "[\"a\", \"b\"]", None),
            ("table", "{ k = \"v\" }", None),
            ("one", "other", None),
            ("other", "one", None),
            ("of_target", "target.app.context", None),
        ];
        let functions: [(&str, &[&str], Option<&str>, &str); 6] = [
            ("greet", &["name"], None, "\"hello ${name}\""),
            ("twice", &["name"], None, "\"${greet(name)}, ${greet(name)}\""),
            ("joined", &["with"], Some("parts"), "join(with, parts)"),
            ("count", &[], Some("parts"), "length(parts)"),
            ("each", &["names"], None, "[for name in names : upper(greet(name))]"),
            ("again", &["n"], None, "again(n)"),
        ];
        let targets: [(&str, &[(&str, &str)]); 4] = [
            (
                "app",
                &[
                    ("context", "\"app\""),
                    ("args", "{ TAG = tag, \"NUMBER\" = 3, UNSET = unset, NONE = null, COPY = target.my-base.args.A }"),
                    ("tags", "[\"app:${target.app.args.TAG}\"]"),
                    ("no-cache", "true"),
                ],
            ),
            ("my-base", &[("args", "{ A = \"a\" }")]),
            ("first", &[("context", "target.second.context")]),
            ("second", &[("context", "\"${target.first.context}/x\"")]),
        ];
        Scope::new(Definitions {
            variables: variables.map(variable).into(),
            functions: HashMap::from(functions.map(function)),
            targets: targets.map(target).into(),
        })
    }

    #[test]
    fn values() {
        let cases = [
            ("tag", Some("1.3")),
            ("loud ? 1 : unset", Some("1")),
            ("loud && true", Some("true")),
            ("1 + 2 * minor", Some("7")),
            ("-minor", Some("-3")),
            ("\"${list}\"[1]", Some("b")),
            ("list[0]", Some("a")),
            ("table.k", Some("v")),
            ("table[\"k\"]", Some("v")),
            ("[{ k = 1 }, { k = 2 }][*].k", Some("[1,2]")),
            ("unset", None),
            ("one", None),
            ("list[2]", None),
            ("\"${list}.\"", None),
            // Functions.
            ("greet(\"you\")", Some("hello you")),
            ("twice(upper(\"you\"))", Some("hello YOU, hello YOU")),
            ("greet()", None),
            ("greet(\"a\", \"b\")", None),
            ("again(1)", None),
            ("nothing(1)", None),
            ("joined(\"-\")", Some("")),
            ("joined(\"-\", \"a\")", Some("a")),
            ("joined(\"-\", \"a\", tag)", Some("a-1.3")),
            ("joined(\"-\", list...)", Some("a-b")),
            ("joined()", None),
            ("count(1, list, null)", Some("3")),
            ("each(list)", Some("[\"HELLO A\",\"HELLO B\"]")),
            // Loops.
            ("[for item in list : upper(item)]", Some("[\"A\",\"B\"]")),
            ("[for at, item in list : item if at > 0]", Some("[\"b\"]")),
            ("{ for key, value in table : value => key }", Some("{\"v\":\"k\"}")),
            ("{ for item in list : \"k\" => item... }", Some("{\"k\":[\"a\",\"b\"]}")),
            ("{ for item in list : \"k\" => item }", None),
            ("\"%{ for item in list }${item},%{ endfor }.\"", Some("a,b,.")),
            ("\"%{ if loud }a%{ else }${unset}%{ endif }\"", Some("a")),
            ("\"a ${~ tag ~} b\"", Some("a1.3b")),
            // References to targets.
            ("target.app.context", Some("app")),
            ("of_target", Some("app")),
            ("target.app.args.TAG", Some("1.3")),
            ("target.app.args[\"TAG\"]", Some("1.3")),
            ("equal(target.app.args.NUMBER, \"3\")", Some("true")),
            ("target.app.args.UNSET", None),
            ("keys(target.app.args)", None),
            ("target.app.args.MISSING", None),
            ("target.app.args.COPY", Some("a")),
            ("target.my-base.args[\"A\"]", Some("a")),
            ("keys(target.my-base.args)", Some("[\"A\"]")),
            ("target.app.tags[0]", Some("app:1.3")),
            ("target.app.dockerfile == null", Some("true")),
            ("target.app.no-cache", None),
            ("target.app.labels.missing", None),
            ("target.missing.context", None),
            ("target.app", None),
            ("target", None),
            ("target.first.context", None),
            ("target.second.context", None),
            ("[for target in [{ app = { context = 1 } }] : target.app.context]", Some("[1]")),
        ];
        let scope = scope();
        let shown = |value: Value| as_text(value.clone()).unwrap_or_else(|| serde_json::to_string(&value).unwrap());
        let failures: Vec<String> = cases
            .into_iter()
            .map(|(text, expected)| (text, expected, scope.value(&expression(text)).map(shown)))
            .filter(|(_, expected, found)| found.as_deref() != *expected)
            .map(|(text, expected, found)| format!("{text}: {expected:?} expected, found {found:?}"))
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
