use super::prelude::*;
use crate::ast::Word;

rule! {
    /// Give secrets to the build as secrets, not in `ARG` or `ENV`.
    ///
    /// ## What it does
    /// Finds an `ARG` or an `ENV` whose name, taken apart at `_`, has a part like `password`, `token` or `key`, unless
    /// another part says that it is something else: `public`, `file`, `version`. BuildKit looks at the arguments of stages
    /// only; we look at those before the first `FROM` too, and pass over values that are empty or a path. As hadolint defines
    /// it, a name that holds `password`, `token` or the like anywhere is a finding.
    ///
    /// ## Why
    /// What is in `ENV` is in the image, and `docker history` shows the values of `ARG`: whoever has the image has the
    /// secret.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ARG API_TOKEN
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN --mount=type=secret,id=api_token,env=API_TOKEN ./deploy.sh
    /// ```
    ///
    /// ## How to fix
    /// While building, mount it: `RUN --mount=type=secret,id=…`. While running, give it to the container.
    ///
    /// ## When to ignore
    /// Where the value is no secret, though its name sounds like one.
    "DL3064" "secrets-in-arg-or-env" {
        severity: Warning,
        category: Security,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3064"),
            Same("buildkit/SecretsUsedInArgOrEnv"),
            Same("tally/buildkit/SecretsUsedInArgOrEnv"),
            Near("trivy/DS-0031"),
            Near("semgrep/secret-in-build-arg"),
            Near("droast/DF013"),
            Near("droast/DF014"),
        ],
        keywords: [Arg, Env],
        check: Check::Triggered(check),
    }
}

const SECRETS: [&str; 10] =
    ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// What a name that holds one of those also holds, where it is something else.
const OTHERS: [&str; 3] = ["public", "file", "version"];

/// The same, for us.
const MORE_OTHERS: [&str; 17] = [
    "alias", "path", "dir", "name", "id", "url", "type", "mode", "enabled", "server", "method", "length", "ttl", "admin",
    // The keys by which downloads are checked are public.
    "gpg", "pgp", "fingerprint",
];

/// Values that are no secret, whatever the name.
const SETTINGS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "0", "1"];

/// What hadolint looks for anywhere in a name.
const PARTS: [&str; 7] = ["api_key", "client_key", "password", "private", "secret", "token", "username"];

/// Names that hadolint knows besides.
const NAMES: [&str; 1] = ["aws_access_key_id"];

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    match &instruction.kind {
        Kind::Arg(arg) => {
            for item in &arg.items {
                if is_secret(&item.name, item.default.as_ref(), findings.preset()) {
                    let in_stage = findings.point(instruction).is_none_or(|point| point.stage().is_some());
                    if in_stage || findings.preset() != Preset::Buildkit {
                        report(&item.name, &item.name, "ARG", findings);
                    }
                }
            }
        }
        Kind::Env(env) => {
            for pair in &env.pairs {
                let expanded = match pair.key.bytes().any(|byte| byte == b'$') {
                    true => findings.point(instruction).and_then(|point| Some(point.value(&pair.key).known()?.to_owned())),
                    false => None,
                };
                let name = expanded.as_deref().unwrap_or(&pair.key);
                if is_secret(name, Some(&pair.value), findings.preset()) {
                    report(name, &pair.key, "ENV", findings);
                }
            }
        }
        _ => {}
    }
}

/// Whether a part of a name says that it is a secret.
fn sounds_secret(part: &[u8]) -> bool {
    // Most parts are as long as none of the words that begin as they do.
    let may_be_one = match part.len() {
        3 => b"k".as_slice(),
        4 => b"a",
        5 => b"pt",
        6 => b"aps",
        8 => b"p",
        10 | 11 => b"c",
        _ => b"",
    };
    part.first().is_some_and(|first| may_be_one.contains(&first.to_ascii_lowercase()))
        && SECRETS.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()))
}

fn is_secret(name: &str, value: Option<&Word<'_>>, preset: Preset) -> bool {
    if preset == Preset::Hadolint {
        let name = name.to_ascii_lowercase();
        return NAMES.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part));
    }
    let parts = || name.as_bytes().split(|byte| *byte == b'_');
    let has = |words: &[&str]| parts().any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes())));
    if !parts().any(sounds_secret) || has(&OTHERS) {
        return false;
    }
    if preset == Preset::Buildkit {
        return true;
    }
    let value = value.map(|value| value.trim_matches(['"', '\'']));
    let is_setting = |value: &str| SETTINGS.iter().any(|setting| value.eq_ignore_ascii_case(setting));
    let is_open = |value: &str| value.is_empty() || value.starts_with(['/', '.']) || is_setting(value);
    !has(&MORE_OTHERS) && !value.is_some_and(is_open)
}

fn report(name: &str, place: &Word<'_>, keyword: &str, findings: &mut Findings<'_, '_, '_>) {
    findings
        .report(place.span, format!("`{name}` sounds like a secret, and whoever has the image can read {keyword}"))
        .help("mount it where it is needed: `RUN --mount=type=secret,id=…`");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_sound_secret() {
        let silent: Vec<&str> = SECRETS.into_iter().filter(|word| !sounds_secret(word.as_bytes())).collect();
        assert!(silent.is_empty(), "{silent:?}");
        assert!(sounds_secret(b"Token") && !sounds_secret(b"tokens") && !sounds_secret(b"path") && !sounds_secret(b""));
    }
}
