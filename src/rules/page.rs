//! The page of a rule, in Markdown, and the words that it has for things.

use std::fmt::{self, Write};

use super::{Alias, Category, Fixable, Preset, Rule, Stability};

impl Category {
    /// What its rules are about, in one sentence.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Correctness => "The build fails, or makes another image than the one that was meant.",
            Self::Security => "Secrets get out, or what comes in is not checked.",
            Self::Reproducibility => "The same Dockerfile makes another image tomorrow.",
            Self::Size => "The image holds what nobody needs, or takes longer to build.",
            Self::Process => "The container does not run, stop or tell how it is as it should.",
            Self::Context => "What a build is sent is not what the Dockerfile or the ignore file says.",
            Self::Style => "Another way to write it is easier to read.",
        }
    }
}

impl Alias {
    /// The tool, as the id begins: `hadolint`.
    #[must_use]
    pub fn tool(self) -> &'static str {
        self.id().split_once('/').map_or(self.id(), |(tool, _)| tool)
    }

    /// The id as the tool itself writes it.
    ///
    /// ```
    /// use plimsoll::rules::Alias;
    ///
    /// assert_eq!(Alias::Same("hadolint/DL3004").own_id(), "DL3004");
    /// assert_eq!(Alias::Near("tally/prefer-copy-chmod").own_id(), "tally/prefer-copy-chmod");
    /// ```
    #[must_use]
    pub fn own_id(self) -> &'static str {
        let Some((tool, own)) = self.id().split_once('/') else { return self.id() };
        let has_namespace = ["hadolint/", "buildkit/", "tally/"].iter().any(|namespace| own.starts_with(namespace));
        if tool == "tally" && !has_namespace { self.id() } else { own }
    }
}

/// A tool as it calls itself.
fn tool_name(tool: &'static str) -> &'static str {
    match tool {
        "buildkit" => "BuildKit",
        "checkov" => "Checkov",
        "kics" => "KICS",
        "semgrep" => "Semgrep",
        "trivy" => "Trivy",
        tool => tool,
    }
}

impl Rule {
    /// The page, in Markdown: what the rule asks for, the facts, and what it does, why, with an example, how to fix it, and when to
    /// ignore it.
    ///
    /// ```
    /// let rule = plimsoll::rules::find("DL3006").unwrap();
    /// assert!(rule.page().starts_with("# DL3006 pin-base-image\n\nName the version of a base image.\n\n- **Severity:** warning\n"));
    /// ```
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = String::new();
        // A `String` takes all that is written to it.
        let _ = self.write(&mut page);
        page
    }

    fn write(&self, page: &mut String) -> fmt::Result {
        writeln!(page, "# {} {}\n\n{}\n", self.code, self.name, self.summary())?;
        writeln!(page, "- **Severity:** {}", self.severity)?;
        writeln!(page, "- **Category:** {}", self.category)?;
        let fixes = match self.fixable {
            Fixable::Never => "none",
            Fixable::Sometimes => "where it is sure",
            Fixable::Always => "always",
        };
        writeln!(page, "- **Fix:** {fixes}")?;
        let presets = Preset::ALL.into_iter().filter(|preset| self.is_in(*preset));
        writeln!(page, "- **Presets:** {}", list(presets.map(Preset::as_str)))?;
        writeln!(page, "- **Since:** {}", self.since)?;
        if self.stability == Stability::Preview {
            writeln!(page, "- **Preview:** it may still change, and runs only where it is asked for")?;
        }
        self.write_aliases("In other tools", |alias| matches!(alias, Alias::Same(_)), page)?;
        self.write_aliases("Near it in other tools", |alias| matches!(alias, Alias::Near(_)), page)?;
        let body = self.documentation.lines().skip(1).map(|line| line.strip_prefix(' ').unwrap_or(line));
        let mut before = "";
        for line in body {
            let example = line.strip_prefix("```").and_then(|info| info.split_once(','));
            match example {
                Some((language, kind)) => {
                    let says = if kind == "bad" { "This is found:" } else { "This is fine:" };
                    let gap = if before.is_empty() { "" } else { "\n" };
                    writeln!(page, "{gap}{says}\n\n```{language}")?;
                }
                None => writeln!(page, "{line}")?,
            }
            // A heading stands by itself.
            if line.starts_with('#') {
                writeln!(page)?;
            }
            before = if line.starts_with('#') { "" } else { line };
        }
        Ok(())
    }

    fn write_aliases(&self, title: &str, wanted: fn(&Alias) -> bool, page: &mut String) -> fmt::Result {
        let aliases: Vec<String> = self
            .aliases
            .iter()
            .filter(|alias| wanted(alias))
            .map(|alias| format!("{} `{}`", tool_name(alias.tool()), alias.own_id()))
            .collect();
        if aliases.is_empty() {
            return Ok(());
        }
        writeln!(page, "- **{title}:** {}", aliases.join(", "))
    }
}

fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
