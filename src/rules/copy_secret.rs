use std::io::Read as _;

use super::prelude::*;
use crate::context::path::split;
use crate::context::{Context, Entry, EntryKind};

rule! {
    /// Copy no passwords and keys into the image.
    ///
    /// ## What it does
    /// Finds a `COPY` or an `ADD` that takes files which hold secrets: a `.env` with passwords in it, private keys, and what
    /// `npm`, `pip`, `git`, `docker`, `kubectl` and the clients of clouds keep to log in. It looks into the files, and leaves
    /// templates like `.env.example`, public keys and what lies among tests alone. It speaks up only where the context is
    /// known.
    ///
    /// ## Why
    /// Whoever can pull the image can read them, even if a later instruction removes them: they stay in the layer.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY . /app/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY src /app/
    /// ```
    ///
    /// ## How to fix
    /// Leave the file out in the ignore file. What the build needs, give it with `RUN --mount=type=secret`; what the program
    /// needs, when the container starts.
    ///
    /// ## When to ignore
    /// Where the file holds nothing that must stay secret.
    "PL1015" "copy-secret" {
        severity: Error,
        category: Security,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [Near("trivy/DS-0031")],
        keywords: [Add, Copy, Run],
        check: Check::File(check),
    }
}

/// How many are named.
const NAMED: usize = 3;
/// How much of a file is looked at, in bytes.
const PREFIX: u64 = 65_536;
/// Where what looks like a secret is none.
const HARMLESS: [&str; 16] = [
    "test", "tests", "testdata", "testing", "test-data", "__tests__", "spec", "specs", "fixtures", "example", "examples",
    "sample", "samples", "node_modules", "vendor", "site-packages",
];

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    let context = surroundings.context();
    for taken in surroundings.landings().taken(context) {
        let secrets: Vec<String> = taken
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::File)
            .filter_map(|entry| Some((entry, suspicion(entry)?)))
            .filter(|(entry, suspicion)| suspicion.holds(entry, context))
            .map(|(entry, _)| format!("`{}`", entry.path_text()))
            .collect();
        if secrets.is_empty() {
            continue;
        }
        let more = match secrets.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = secrets.get(..NAMED).unwrap_or(&secrets).join(", ");
        let keyword = taken.take.instruction.keyword.to_uppercase();
        findings
            .report(taken.span(), format!("{keyword} puts secrets into the image: {named}{more}"))
            .help("leave them out in the ignore file; give what the build needs with `RUN --mount=type=secret`");
    }
}

/// What a file may be, by its path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Suspicion {
    /// It always holds secrets.
    Certain,
    /// Variables, some of which may be secrets.
    Variables,
    /// A key, which may be a public one.
    Key,
    /// It holds secrets if one of these is in it.
    Holds(&'static [&'static str]),
}

fn suspicion(entry: &Entry<'_>) -> Option<Suspicion> {
    let path = std::str::from_utf8(entry.path).ok()?;
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    if above.split('/').any(|part| HARMLESS.contains(&part)) {
        return None;
    }
    let directory = above.rsplit('/').next().unwrap_or_default();
    let suspicion = match name {
        ".netrc" | "_netrc" => Suspicion::Holds(&["password "]),
        ".git-credentials" | ".pgpass" | ".vault-token" => Suspicion::Certain,
        ".npmrc" => Suspicion::Holds(&["_authToken=", "_password=", "_auth=", "_authToken =", "_password =", "_auth ="]),
        ".yarnrc.yml" => Suspicion::Holds(&["npmAuthToken: ", "npmAuthIdent: "]),
        ".pypirc" | "pip.conf" => Suspicion::Holds(&["password=", "password =", "password:"]),
        ".dockercfg" => Suspicion::Holds(&["\"auth\""]),
        "config.json" if directory == ".docker" => Suspicion::Holds(&["\"auth\"", "\"identitytoken\""]),
        "credentials" if directory == ".aws" => Suspicion::Holds(&["aws_secret_access_key"]),
        "config" if directory == ".kube" => Suspicion::Holds(&["client-key-data:", "token:", "password:"]),
        "kubeconfig" | "kubeconfig.yaml" | "kubeconfig.yml" => {
            Suspicion::Holds(&["client-key-data:", "token:", "password:"])
        }
        "application_default_credentials.json" => Suspicion::Holds(&["\"refresh_token\"", "\"private_key\""]),
        "config" if directory == ".git" => Suspicion::Holds(&["://"]),
        _ => by_ending(name)?,
    };
    Some(suspicion)
}

fn by_ending(name: &str) -> Option<Suspicion> {
    let lower = name.to_ascii_lowercase();
    if lower == ".env" || lower.starts_with(".env.") || lower.ends_with(".env") {
        let is_template = ["example", "sample", "template", "dist", "default", "defaults", "test", "tpl", "schema"];
        let is_template = lower.split(['.', '-', '_']).any(|part| is_template.contains(&part));
        return (!is_template).then_some(Suspicion::Variables);
    }
    let is_key = matches!(lower.as_str(), "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519")
        || [".pem", ".key", ".ppk"].iter().any(|ending| lower.ends_with(ending));
    if is_key {
        return Some(Suspicion::Key);
    }
    let is_account = lower.ends_with(".json")
        && ["credential", "service-account", "service_account", "serviceaccount", "gcp", "firebase"]
            .iter()
            .any(|part| lower.contains(part));
    is_account.then_some(Suspicion::Holds(&["\"private_key\": \"-----BEGIN", "\"private_key\":\"-----BEGIN"]))
}

impl Suspicion {
    /// Whether the file is what it seems to be.
    fn holds(self, entry: &Entry<'_>, context: &Context) -> bool {
        let Some(content) = beginning(context, entry.path) else { return false };
        match self {
            Self::Certain => content.lines().any(|line| !line.trim().is_empty() && !line.starts_with(['#', '\0'])),
            Self::Key => ["PRIVATE KEY-----", "PuTTY-User-Key-File"].iter().any(|mark| content.contains(mark)),
            Self::Variables => content.lines().any(is_secret_variable),
            // An address with a password in it.
            Self::Holds(["://"]) => content.lines().any(|line| {
                let after = line.split_once("://").map(|(_, after)| after.split('/').next().unwrap_or_default());
                after.and_then(|host| host.rsplit_once('@')).is_some_and(|(user, _)| user.contains(':'))
            }),
            Self::Holds(marks) => content
                .lines()
                .filter(|line| !line.trim_start().starts_with(['#', ';']))
                .any(|line| marks.iter().any(|mark| has_value(line, mark))),
        }
    }
}

/// Whether something stands in a line after a mark that is not a variable.
fn has_value(line: &str, mark: &str) -> bool {
    line.split_once(mark).is_some_and(|(_, value)| {
        let value = value.trim_start_matches([' ', '"', '\'', '=', ':']).trim_start();
        !value.is_empty() && !value.starts_with(['$', '<', '%', '{'])
    })
}

/// Whether a line of a `.env` sets something that has the name of a secret.
fn is_secret_variable(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("export ");
    let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { return false };
    let name = name.trim().to_ascii_uppercase();
    let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let mut parts = name.split(['_', '-', '.']);
    let is_public = ["PUBLIC", "VITE", "REACT", "NEXT"].contains(&name.split('_').next().unwrap_or_default());
    let is_secret = parts.clone().any(|part| matches!(part, "SECRET" | "PASSWORD" | "PASSWD" | "PASS" | "TOKEN" | "CREDENTIALS"))
        || name.ends_with("API_KEY")
        || name.ends_with("APIKEY")
        || name.contains("SECRET_KEY")
        || name.contains("PRIVATE_KEY")
        || name.contains("ACCESS_KEY");
    let is_about = matches!(
        parts.next_back(),
        Some("FILE" | "PATH" | "URL" | "NAME" | "TTL" | "EXPIRE" | "EXPIRES" | "EXPIRATION" | "LENGTH" | "ENABLED" | "TYPE" | "ID")
    );
    let lower = value.to_ascii_lowercase();
    let is_placeholder = value.is_empty()
        || value.starts_with(['$', '<', '{', '%', '/'])
        || matches!(lower.as_str(), "true" | "false" | "null" | "none" | "postgres" | "root" | "admin" | "password" | "secret")
        || ["your", "change", "example", "xxx", "replace", "todo", "dummy", "placeholder", "..."]
            .iter()
            .any(|part| lower.contains(part));
    is_secret && !is_public && !is_about && !is_placeholder
}

/// The beginning of a file.
fn beginning(context: &Context, path: &[u8]) -> Option<String> {
    debug_assert!(!split(path).1.is_empty(), "a file has a name");
    let file = std::fs::File::open(context.root().join(std::str::from_utf8(path).ok()?)).ok()?;
    let mut bytes = Vec::new();
    file.take(PREFIX).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        let cases = [
            ("DB_PASSWORD=fg7sd6f8", true),
            ("export API_KEY='0123-abcd'", true),
            ("STRIPE_SECRET = sk_live_0123 # of the shop", true),
            ("AWS_SECRET_ACCESS_KEY=0123abcd", true),
            ("# DB_PASSWORD=fg7sd6f8", false),
            ("DB_PASSWORD=", false),
            ("DB_PASSWORD=changeme", false),
            ("DB_PASSWORD=${PASSWORD}", false),
            ("DB_PASSWORD=<yours>", false),
            ("PASSWORD_FILE=/run/secrets/password", false),
            ("TOKEN_TTL=3600", false),
            ("NEXT_PUBLIC_API_KEY=0123abcd", false),
            ("PORT=80", false),
            ("KEYBOARD=de", false),
        ];
        for (line, expected) in cases {
            assert_eq!(is_secret_variable(line), expected, "{line}");
        }
    }

    #[test]
    fn names() {
        let cases = [
            (".env", Some(Suspicion::Variables)),
            ("production.env", Some(Suspicion::Variables)),
            (".env.example", None),
            (".env-sample", None),
            ("id_rsa", Some(Suspicion::Key)),
            ("id_rsa.pub", None),
            ("server.KEY", Some(Suspicion::Key)),
            ("keyboard.json", None),
            ("environment", None),
        ];
        for (name, expected) in cases {
            assert_eq!(by_ending(name), expected, "{name}");
        }
    }
}
