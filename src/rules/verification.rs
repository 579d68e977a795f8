//! What the rules about switched off checks share.

use super::Findings;
use crate::ast::Instruction;
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::shell::{Call, GivenOption, NodeKind, Script};
use crate::source::Span;

/// Whether a value switches something off.
type IsOff = fn(&str) -> bool;

/// The variables that switch off the check of certificates, each with what says whether a value does.
const VARIABLES: [(&str, IsOff); 11] = [
    ("PYTHONHTTPSVERIFY", is_zero),
    ("NODE_TLS_REJECT_UNAUTHORIZED", is_zero),
    ("NPM_CONFIG_STRICT_SSL", is_false),
    ("YARN_STRICT_SSL", is_false),
    ("YARN_ENABLE_STRICT_SSL", is_false),
    ("GIT_SSL_NO_VERIFY", is_something),
    ("PIP_TRUSTED_HOST", is_something),
    ("UV_INSECURE_HOST", is_something),
    ("GOINSECURE", is_something),
    ("CONDA_SSL_VERIFY", is_false),
    ("BUNDLE_SSL_VERIFY_MODE", is_zero),
];

fn is_zero(value: &str) -> bool {
    value == "0"
}

fn is_false(value: &str) -> bool {
    ["0", "false", "no", "off"].iter().any(|no| value.eq_ignore_ascii_case(no))
}

fn is_something(value: &str) -> bool {
    !value.is_empty() && !is_false(value)
}

/// Whether a variable with this value switches off the check of certificates.
pub(super) fn switches_off(name: &str, value: &str) -> bool {
    VARIABLES.iter().any(|(known, is_off)| known.eq_ignore_ascii_case(name) && is_off(value.trim_matches(['"', '\''])))
}

/// The assignments of a script, before a command too: the place, the name and the value of each.
pub(super) fn assignments<'s>(script: &'s Script<'_>) -> impl Iterator<Item = (Span, &'s str, &'s str)> {
    script.nodes().filter(|node| node.kind() == NodeKind::Assignment).filter_map(|node| {
        let (name, value) = node.text().split_once('=')?;
        Some((node.span(), name, value))
    })
}

/// Whether what an instruction downloads is checked in another way: by a checksum, or by a signature.
pub(super) fn is_checked(instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> bool {
    findings.calls(instruction).any(|call| {
        let checks = || call.arguments().any(|argument| is_check(argument.text()));
        match call.name() {
            "gpg" | "gpg2" | "gpgv" => {
                call.is("gpgv") || call.arguments().any(|argument| argument.text() == "--verify")
            }
            "cosign" | "minisign" | "signify" => true,
            name => name.ends_with("sum") && checks(),
        }
    })
}

/// Whether an argument is `-c` or its like, alone or among other letters.
fn is_check(argument: &str) -> bool {
    argument.starts_with("--check")
        || argument.starts_with('-') && !argument.starts_with("--") && argument.contains('c')
}

/// A setting of `npm`, `yarn`, `git`, `conda` or `pip` that a command writes for all that come after it: the key and the value.
pub(super) fn written_setting(call: Call<'_>) -> Option<(&str, &str)> {
    let mut words = call.arguments().map(|argument| argument.text()).filter(|word| !word.starts_with('-'));
    let (key, value) = match (call.program(), words.next()?) {
        ("npm" | "yarn" | "pnpm", "config") => match words.next()? {
            "set" | "put" => (words.next()?, words.next()),
            _ => return None,
        },
        ("npm" | "pnpm", "set") => (words.next()?, words.next()),
        ("git", "config") => match words.next()? {
            "set" => (words.next()?, words.next()),
            key => (key, words.next()),
        },
        ("conda" | "pip", "config") => match words.next()? {
            "set" => (words.next()?, words.next()),
            key => (key, words.next()),
        },
        _ => return None,
    };
    match value {
        Some(value) => Some((key, value)),
        None => key.split_once('='),
    }
}

/// Whether such a setting switches off the check of certificates.
pub(super) fn is_off(key: &str, value: &str) -> bool {
    let key = key.to_ascii_lowercase();
    match key.as_str() {
        "strict-ssl" | "strict_ssl" | "enablestrictssl" | "ssl_verify" | "http.sslverify" => is_false(value),
        "global.trusted-host" | "install.trusted-host" => is_something(value),
        // `http.https://example.org/.sslVerify`
        _ => key.starts_with("http.") && key.ends_with(".sslverify") && is_false(value),
    }
}

/// A fix that takes an option out which has no value; none where the option does not stand there so.
pub(super) fn take_out_option(call: Call<'_>, option: GivenOption<'_>, text: &str) -> Option<Fix> {
    let argument = option.argument();
    let is_written = argument.word().is_leaf() && argument.span().of(text) == argument.text();
    if call.script().is_exec() || option.value().is_some() || !is_written {
        return None;
    }
    Some(Fix {
        title: format!("take out `{}{}`", if others(option) { "-" } else { "" }, option.written()).into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: without_blank(option, text), text: String::new() }],
    })
}

/// An option with the blank before it, or alone where it is one letter of several.
fn without_blank(option: GivenOption<'_>, text: &str) -> Span {
    let argument = option.argument();
    if others(option) {
        return option.span();
    }
    let span = argument.span();
    let blank = Span::new(span.start.saturating_sub(1), span.start);
    if blank.of(text) == " " { blank.cover(span) } else { span }
}

/// Whether an option of one letter shares its argument with others.
fn others(option: GivenOption<'_>) -> bool {
    option.argument().text().trim_start_matches('-').len() > option.written().trim_start_matches('-').len()
}
