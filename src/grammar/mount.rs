//! The values of `--mount` and `--device`.

use crate::ast::{Device, Mount, MountOption, MountType, Sharing, Word};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::nearest::nearest;

use super::Context;
use super::fields::fields;
use super::word::lower_case;

pub(crate) const KEYS: [&str; 19] = [
    "type",
    "from",
    "source",
    "src",
    "target",
    "dst",
    "destination",
    "readonly",
    "ro",
    "readwrite",
    "rw",
    "required",
    "size",
    "id",
    "sharing",
    "mode",
    "uid",
    "gid",
    "env",
];

/// Reads the value of a `--mount`; nothing where it is not made of fields.
///
/// BuildKit checks only the fields and `from` before it builds; what else is wrong ends the build, or not, if a variable
/// makes it right.
pub(super) fn mount<'a>(context: &mut Context<'_, 'a, '_>, value: &Word<'a>) -> Option<Mount<'a>> {
    let Ok(fields) = fields(value) else {
        context.error_at(SyntaxErrorKind::NotFields, value.span, Rejection::Typing);
        return None;
    };
    let mut mount = Mount {
        kind: Some(MountType::Bind),
        from: None,
        source: None,
        target: None,
        readonly: true,
        required: false,
        id: None,
        sharing: None,
        size: None,
        env: None,
        mode: None,
        uid: None,
        gid: None,
        options: Vec::with_capacity(fields.len()),
    };
    let mut readonly = None;
    for field in &fields {
        let (key, value) = field.key_value(value);
        option(context, &mut mount, &mut readonly, &key, value.as_ref());
        mount.options.push(MountOption { key, value });
    }
    mount.readonly = readonly.unwrap_or(!matches!(mount.kind, Some(MountType::Cache | MountType::Tmpfs)));
    check(context, &mount, value);
    Some(mount)
}

fn option<'a>(
    context: &mut Context<'_, 'a, '_>,
    mount: &mut Mount<'a>,
    readonly: &mut Option<bool>,
    key: &Word<'a>,
    value: Option<&Word<'a>>,
) {
    let name = lower_case(key);
    let Some(value) = value else {
        match &*name {
            "readonly" | "ro" => *readonly = Some(true),
            "readwrite" | "rw" => *readonly = Some(false),
            "required" => {
                if may_require(context, mount, key) {
                    mount.required = true;
                }
            }
            _ if KEYS.contains(&&*name) => {
                let error = SyntaxErrorKind::MountOptionWithoutValue(key.as_str().into());
                context.error_at(error, key.span, Rejection::Building);
            }
            _ => unknown(context, key, &name),
        }
        return;
    };
    if name == "from" {
        // A `$` at the very end is no variable.
        if value.find('$').is_some_and(|at| at + 1 != value.len()) {
            context.error_at(SyntaxErrorKind::MountFromVariable, value.span, Rejection::Typing);
        }
        mount.from = Some(value.clone());
        return;
    }
    // What holds a variable has a value only when the stage is built.
    let fixed = !value.contains('$');
    let invalid = |context: &mut Context<'_, 'a, '_>, expected, nearest| {
        if fixed {
            let error = SyntaxErrorKind::InvalidFlagValue { value: value.as_str().into(), expected, nearest };
            context.error_at(error, value.span, Rejection::Building);
        }
    };
    match &*name {
        "type" => {
            let lower = lower_case(value);
            mount.kind = MountType::ALL.into_iter().find(|kind| kind.as_str() == lower);
            if mount.kind.is_none() {
                let near = nearest(value, MountType::ALL.map(MountType::as_str));
                invalid(context, "a type of mount: there are `bind`, `cache`, `tmpfs`, `secret` and `ssh`", near);
            }
        }
        "source" | "src" => mount.source = Some(value.clone()),
        "target" | "dst" | "destination" => mount.target = Some(value.clone()),
        "id" => mount.id = Some(value.clone()),
        "env" => mount.env = Some(value.clone()),
        "readonly" | "ro" | "readwrite" | "rw" | "required" => match boolean(value) {
            Some(said) if name == "required" => {
                if may_require(context, mount, key) {
                    mount.required = said;
                }
            }
            Some(said) => *readonly = Some(said == matches!(&*name, "readonly" | "ro")),
            None => invalid(context, "a boolean: write `true` or `false`", None),
        },
        "size" => match size(value) {
            Some(bytes) => mount.size = Some(bytes),
            None => invalid(context, "a size, like `64m`", None),
        },
        "sharing" => {
            let lower = lower_case(value);
            mount.sharing = Sharing::ALL.into_iter().find(|mode| mode.as_str() == lower);
            if mount.sharing.is_none() {
                let near = nearest(value, Sharing::ALL.map(Sharing::as_str));
                invalid(context, "a way of sharing: there are `shared`, `private` and `locked`", near);
            }
        }
        "mode" => match unsigned(value, 8) {
            Some(mode) => mount.mode = Some(mode),
            None => invalid(context, "a mode in octal, like `0755`", None),
        },
        "uid" | "gid" => match unsigned(value, 10) {
            Some(uid) if name == "uid" => mount.uid = Some(uid),
            Some(gid) => mount.gid = Some(gid),
            None => invalid(context, "the number of a user or group", None),
        },
        _ => unknown(context, key, &name),
    }
}

fn unknown(context: &mut Context<'_, '_, '_>, key: &Word<'_>, name: &str) {
    let error = SyntaxErrorKind::UnknownMountOption { key: key.as_str().into(), nearest: nearest(name, KEYS) };
    context.error_at(error, key.span, Rejection::Building);
}

/// Whether the mount's type, as far as it is read, can be `required`; an error where it can't.
fn may_require(context: &mut Context<'_, '_, '_>, mount: &Mount<'_>, key: &Word<'_>) -> bool {
    let refused = mount.kind.filter(|kind| !matches!(kind, MountType::Secret | MountType::Ssh));
    if let Some(kind) = refused {
        for_type(context, kind, key);
    }
    refused.is_none()
}

fn for_type(context: &mut Context<'_, '_, '_>, kind: MountType, key: &Word<'_>) {
    let error = SyntaxErrorKind::MountOptionForType { mount_type: kind.as_str(), key: key.as_str().into() };
    context.error_at(error, key.span, Rejection::Building);
}

/// What can be said only of all options together.
fn check<'a>(context: &mut Context<'_, 'a, '_>, mount: &Mount<'a>, value: &Word<'a>) {
    let Some(kind) = mount.kind else { return };
    for option in &mount.options {
        let allowed = match &*lower_case(&option.key) {
            "mode" | "uid" | "gid" => matches!(kind, MountType::Secret | MountType::Ssh | MountType::Cache),
            "sharing" => kind == MountType::Cache,
            "size" => kind == MountType::Tmpfs,
            "from" => kind != MountType::Secret,
            "env" => kind == MountType::Secret,
            _ => true,
        };
        if !allowed && option.value.is_some() {
            for_type(context, kind, &option.key);
        }
    }
    if kind == MountType::Secret {
        if mount.source.is_none() && mount.target.is_none() && mount.id.is_none() {
            context.error_at(SyntaxErrorKind::SecretWithoutName, value.span, Rejection::Building);
        }
        if mount.source.is_some() && mount.id.is_some() {
            context.error_at(SyntaxErrorKind::SecretNamedTwice, value.span, Rejection::Building);
        }
    }
}

/// Reads the value of a `--device`; nothing where it is not made of fields.
pub(super) fn device<'a>(context: &mut Context<'_, 'a, '_>, value: &Word<'a>) -> Option<Device<'a>> {
    let Ok(fields) = fields(value) else {
        context.error_at(SyntaxErrorKind::NotFields, value.span, Rejection::Typing);
        return None;
    };
    let mut device = Device::default();
    for field in &fields {
        let (key, said) = field.key_value(value);
        match (&*lower_case(&key), said) {
            ("required", None) => device.required = true,
            ("required", Some(said)) => match boolean(&said) {
                Some(required) => device.required = required,
                None => {
                    let expected = "a boolean: write `true` or `false`";
                    let error =
                        SyntaxErrorKind::InvalidFlagValue { value: said.as_str().into(), expected, nearest: None };
                    context.error_at(error, said.span, Rejection::Typing);
                }
            },
            ("name", Some(_)) if device.name.is_some() => {
                context.error_at(SyntaxErrorKind::DeviceNamedTwice, key.span, Rejection::Typing);
            }
            ("name", Some(name)) => device.name = Some(name),
            // A field that is no option is the name, `=` and all.
            _ if device.name.is_none() => device.name = Some(field.whole(value)),
            _ => {
                let error = SyntaxErrorKind::UnknownDeviceOption(key.as_str().into());
                context.error_at(error, key.span, Rejection::Typing);
            }
        }
    }
    Some(device)
}

/// A boolean as Go reads it.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// A number without sign, as Go reads it.
fn unsigned(text: &str, radix: u32) -> Option<u32> {
    let digits = text.bytes().all(|digit| char::from(digit).is_digit(radix));
    (digits && !text.is_empty()).then(|| u32::from_str_radix(text, radix).ok()).flatten()
}

/// A size in bytes: a number and, if wanted, a unit, of which each is 1024 of the one before.
fn size(text: &str) -> Option<i64> {
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.' || c == ' ')?;
    let (number, unit) = text.split_at(end + 1);
    let number = number.strip_suffix(' ').unwrap_or(number);
    let number: f64 = number.parse().ok().filter(|number: &f64| *number >= 0.0)?;
    let unit = unit.to_lowercase();
    let factor = |letter: char| {
        let power = ['k', 'm', 'g', 't', 'p'].into_iter().position(|known| known == letter)?;
        Some(1024_f64.powi(i32::try_from(power).ok()? + 1))
    };
    let mut letters = unit.chars();
    let factor = match letters.next() {
        None => 1.0,
        Some('b') if letters.as_str().is_empty() => 1.0,
        Some(letter) if matches!(letters.as_str(), "" | "b" | "ib") => factor(letter)?,
        Some(_) => return None,
    };
    Some((number * factor) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let cases = [
            ("10", Some(10)),
            ("1k", Some(1024)),
            ("1.5MB", Some(1_572_864)),
            ("2 GiB", Some(2 << 30)),
            ("7b", Some(7)),
            ("1x", None),
            ("1kx", None),
            ("-1", None),
            ("k", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(size(text), expected, "{text}");
        }
    }
}
