//! The functions of bake files. A call of any other gives a value that nobody knows.

use hcl::eval::{Context, FuncArgs, FuncDef, ParamType};
use hcl::{Map, Value};

/// No text that anybody wrote gets longer.
const LONGEST: usize = 64 << 10;

type Answer = Result<Value, String>;
type Function = fn(FuncArgs) -> Answer;

/// Makes the functions known.
pub(super) fn declare_functions(context: &mut Context<'_>) {
    use ParamType::{Any, Bool, Number, String as Text};
    let list = || ParamType::array_of(Any);
    let fixed: [(&str, Function, Vec<ParamType>); 24] = [
        ("equal", |args| two(args, |one, other| Ok(Value::from(one == other))), vec![Any, Any]),
        ("notequal", |args| two(args, |one, other| Ok(Value::from(one != other))), vec![Any, Any]),
        ("and", |args| two(args, |one, other| Ok(Value::from(is_true(&one) && is_true(&other)))), vec![Bool, Bool]),
        ("or", |args| two(args, |one, other| Ok(Value::from(is_true(&one) || is_true(&other)))), vec![Bool, Bool]),
        ("not", |args| one(args, |value| Ok(Value::from(!is_true(&value)))), vec![Bool]),
        ("lower", |args| text(args, |text| text.to_lowercase()), vec![Text]),
        ("upper", |args| text(args, |text| text.to_uppercase()), vec![Text]),
        ("trimspace", |args| text(args, |text| text.trim().to_owned()), vec![Text]),
        ("chomp", |args| text(args, |text| text.trim_end_matches(['\n', '\r']).to_owned()), vec![Text]),
        (
            "trimprefix",
            |args| texts(args, |text, part| text.strip_prefix(part).unwrap_or(text).to_owned()),
            vec![Text, Text],
        ),
        (
            "trimsuffix",
            |args| texts(args, |text, part| text.strip_suffix(part).unwrap_or(text).to_owned()),
            vec![Text, Text],
        ),
        ("trim", |args| texts(args, |text, set| text.trim_matches(|c| set.contains(c)).to_owned()), vec![Text, Text]),
        ("replace", replace, vec![Text, Text, Text]),
        ("split", split, vec![Text, Text]),
        ("join", join, vec![Text, list()]),
        ("length", |args| one(args, length), vec![Any]),
        ("contains", |args| two(args, |list, value| Ok(Value::from(items(list).contains(&value)))), vec![list(), Any]),
        ("element", element, vec![list(), Number]),
        ("keys", |args| one(args, |value| Ok(entries(value).into_iter().map(|(key, _)| key).collect())), vec![Any]),
        (
            "values",
            |args| one(args, |value| Ok(entries(value).into_iter().map(|(_, value)| value).collect())),
            vec![Any],
        ),
        ("flatten", |args| one(args, |value| Ok(Value::Array(flat(value)))), vec![list()]),
        ("compact", |args| one(args, |value| Ok(items(value).into_iter().filter(is_some).collect())), vec![list()]),
        ("distinct", |args| one(args, |value| Ok(Value::Array(distinct(items(value))))), vec![list()]),
        ("lookup", lookup, vec![Any, Text, Any]),
    ];
    for (name, function, parameters) in fixed {
        context.declare_func(name, FuncDef::builder().params(parameters).build(function));
    }
    let variadic: [(&str, Function); 3] = [
        ("coalesce", |args| args.into_values().into_iter().find(is_some).ok_or_else(|| "all are empty".to_owned())),
        ("concat", |args| Ok(args.into_values().into_iter().flat_map(items).collect())),
        ("merge", |args| Ok(Value::Object(args.into_values().into_iter().flat_map(entries).collect()))),
    ];
    for (name, function) in variadic {
        context.declare_func(name, FuncDef::builder().variadic_param(Any).build(function));
    }
}

fn one(args: FuncArgs, answer: impl Fn(Value) -> Answer) -> Answer {
    args.into_values().into_iter().next().map_or_else(missing, answer)
}

fn two(args: FuncArgs, answer: impl Fn(Value, Value) -> Answer) -> Answer {
    let mut values = args.into_values().into_iter();
    match (values.next(), values.next()) {
        (Some(one), Some(other)) => answer(one, other),
        _ => missing(),
    }
}

fn missing() -> Answer {
    Err("an argument is missing".to_owned())
}

fn text(args: FuncArgs, answer: impl Fn(&str) -> String) -> Answer {
    one(args, |value| value.as_str().map_or_else(missing, |text| Ok(Value::from(answer(text)))))
}

fn texts(args: FuncArgs, answer: impl Fn(&str, &str) -> String) -> Answer {
    two(args, |one, other| match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => Ok(Value::from(answer(one, other))),
        _ => missing(),
    })
}

fn is_true(value: &Value) -> bool {
    value.as_bool() == Some(true)
}

/// Whether a value is neither null nor empty.
fn is_some(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

fn items(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

fn entries(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries,
        _ => Map::new(),
    }
}

fn length(value: Value) -> Answer {
    let length = match &value {
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        Value::String(text) => text.chars().count(),
        _ => return missing(),
    };
    Ok(Value::from(length))
}

fn flat(value: Value) -> Vec<Value> {
    let mut flat = Vec::new();
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items.into_iter().rev()),
            value => flat.push(value),
        }
    }
    flat
}

fn distinct(values: Vec<Value>) -> Vec<Value> {
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

fn replace(args: FuncArgs) -> Answer {
    let values = args.into_values();
    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    match texts[..] {
        // Between slashes it is a regular expression.
        [_, part, _] if part.len() > 1 && part.starts_with('/') && part.ends_with('/') => missing(),
        [text, part, with] if text.matches(part).count().saturating_mul(with.len()) > LONGEST => missing(),
        [text, part, with] => Ok(Value::from(text.replace(part, with))),
        _ => missing(),
    }
}

fn split(args: FuncArgs) -> Answer {
    two(args, |separator, text| match (separator.as_str(), text.as_str()) {
        (Some(""), Some(text)) => Ok(text.chars().map(String::from).collect()),
        (Some(separator), Some(text)) => Ok(text.split(separator).collect()),
        _ => missing(),
    })
}

fn join(args: FuncArgs) -> Answer {
    two(args, |separator, list| {
        let texts: Option<Vec<String>> = items(list).iter().map(|item| item.as_str().map(str::to_owned)).collect();
        match (separator.as_str(), texts) {
            (Some(separator), Some(texts)) => Ok(Value::from(texts.join(separator))),
            _ => missing(),
        }
    })
}

fn element(args: FuncArgs) -> Answer {
    two(args, |list, index| {
        let list = items(list);
        let index = index.as_u64().and_then(|index| usize::try_from(index).ok());
        // It begins anew after the last one.
        let found = index.and_then(|index| list.get(index.checked_rem(list.len())?).cloned());
        found.map_or_else(missing, Ok)
    })
}

fn lookup(args: FuncArgs) -> Answer {
    let mut values = args.into_values().into_iter();
    match (values.next(), values.next(), values.next()) {
        (Some(Value::Object(entries)), Some(Value::String(key)), Some(default)) => {
            Ok(entries.get(&key).cloned().unwrap_or(default))
        }
        _ => missing(),
    }
}
