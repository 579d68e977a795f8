//! Platforms, as `--platform` names them.

use std::fmt;

/// An operating system and an architecture, by their usual names.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Platform {
    /// `linux`, `windows`, …
    pub os: String,
    /// `amd64`, `arm64`, …
    pub architecture: String,
    /// `v7`, or nothing.
    pub variant: String,
}

impl Default for Platform {
    fn default() -> Self {
        Self { os: "linux".to_owned(), architecture: "amd64".to_owned(), variant: String::new() }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

const SYSTEMS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

const ARCHITECTURES: [&str; 25] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "loongarch64",
];

impl Platform {
    /// As `--platform` names it: `linux/arm/v7`.
    pub(super) fn name(&self) -> String {
        let Self { os, architecture, variant } = self;
        if variant.is_empty() {
            [os, "/", architecture].concat()
        } else {
            [os, "/", architecture, "/", variant].concat()
        }
    }

    /// Reads `os`, `architecture`, `os/architecture` or `os/architecture/variant`; other names for the same thing are
    /// made the usual ones. What is left out is that of `linux/amd64`.
    ///
    /// ```
    /// use plimsoll::semantic::Platform;
    ///
    /// assert_eq!(Platform::parse("linux/aarch64").unwrap().to_string(), "linux/arm64");
    /// assert_eq!(Platform::parse("arm64").unwrap().os, "linux");
    /// assert!(Platform::parse("linux/a/b/c").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let part = |part: &&str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        };
        // The system may have a version behind it: `windows(10.0.17763)`.
        let system = |text: &str| text.split_once('(').map_or(text, |(system, _)| system).to_ascii_lowercase();
        match parts.as_slice() {
            [one] => {
                let os = system(one);
                if SYSTEMS.contains(&os.as_str()) || os == "macos" {
                    let os = if os == "macos" { "darwin".to_owned() } else { os };
                    return Some(Self { os, ..Self::default() });
                }
                let (architecture, variant) = architecture(one, "");
                let known = part(one) && ARCHITECTURES.contains(&architecture.as_str());
                known.then(|| Self { architecture, variant, ..Self::default() })
            }
            [os, rest @ ..] if rest.len() <= 2 && rest.iter().all(part) && part(&system(os).as_str()) => {
                let os = match system(os).as_str() {
                    "macos" => "darwin".to_owned(),
                    os => os.to_owned(),
                };
                let (architecture, variant) =
                    architecture(rest.first().unwrap_or(&""), rest.get(1).copied().unwrap_or_default());
                Some(Self { os, architecture, variant })
            }
            _ => None,
        }
    }
}

/// The usual names of an architecture and its variant.
fn architecture(name: &str, variant: &str) -> (String, String) {
    let (name, variant) = (name.to_ascii_lowercase(), variant.to_ascii_lowercase());
    let of = |name: &str, variant: &str| (name.to_owned(), variant.to_owned());
    match (name.as_str(), variant.as_str()) {
        ("i386", _) => of("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => of("amd64", ""),
        ("x86_64" | "x86-64", variant) => of("amd64", variant),
        ("aarch64" | "arm64", "8" | "v8" | "v8.0") => of("arm64", ""),
        ("aarch64", variant) => of("arm64", variant),
        ("armhf", _) => of("arm", "v7"),
        ("armel", _) => of("arm", "v6"),
        ("arm", "" | "7") => of("arm", "v7"),
        ("arm", "5" | "6" | "8") => ("arm".to_owned(), format!("v{variant}")),
        _ => (name, variant),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms() {
        let cases = [
            ("linux/amd64", Some("linux/amd64")),
            ("linux/x86_64", Some("linux/amd64")),
            ("LINUX/ARM64/v8", Some("linux/arm64")),
            ("linux/arm/v7", Some("linux/arm/v7")),
            ("linux/arm", Some("linux/arm/v7")),
            ("linux/arm/v6", Some("linux/arm/v6")),
            ("linux/armhf", Some("linux/arm/v7")),
            ("windows(10.0.17763)/amd64", Some("windows/amd64")),
            ("macos/arm64", Some("darwin/arm64")),
            ("linux", Some("linux/amd64")),
            ("arm64", Some("linux/arm64")),
            ("linux/anything", Some("linux/anything")),
            ("nonsense", None),
            ("", None),
            ("linux/", None),
            ("linux/a b", None),
            ("a/b/c/d", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Platform::parse(text).map(|platform| platform.to_string()).as_deref(), expected, "{text}");
        }
    }
}
