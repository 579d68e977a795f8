//! What differs between two instructions.

use std::collections::HashSet;

use super::script;
use super::word::{same_ports, same_value};
use crate::ast::{
    Command, CopySource, Escape, Flag, FlagKind, Healthcheck, HealthcheckTest, Heredoc, Image, Instruction, Kind, Run,
    Word,
};
use crate::rules::Change;
use crate::semantic::{Point, Value};
use crate::shell::Script;

/// An instruction, and what became of it.
pub(super) struct Pair<'p> {
    pub(super) before: &'p Instruction<'p>,
    pub(super) after: &'p Instruction<'p>,
    pub(super) escape: Escape,
    /// The names of the stages, in small letters.
    pub(super) names: &'p HashSet<String>,
    /// What holds before each; nothing where it runs in some other build.
    pub(super) points: Option<[Point<'p, 'p, 'p>; 2]>,
}

/// What differs between two instructions.
pub(super) enum Difference {
    /// Nothing: they are read alike.
    Nothing,
    /// What a fix may change, if its rule says so.
    Changes(Vec<Change>),
    /// More than a fix may change.
    More,
}

/// What differs between two instructions; `scripts` gives all scripts of both.
///
/// What follows from an instruction and those before it is not compared: where all of them are the same, that is the same too.
pub(super) fn compare<'s>(
    pair: &Pair<'_>,
    scripts: impl FnOnce() -> (&'s [Script<'s>], &'s [Script<'s>]),
) -> Difference {
    let mut found = Found::default();
    pair.kinds(&pair.before.kind, &pair.after.kind, &mut found);
    if found.scripts && !found.more {
        let (before, after) = scripts();
        match script::compare(before, after) {
            Some(changes) => found.changes.extend(changes),
            None => found.more = true,
        }
    }
    match (found.more, found.changes.is_empty()) {
        (true, _) => Difference::More,
        (false, true) => Difference::Nothing,
        (false, false) => Difference::Changes(found.changes),
    }
}

#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    /// Whether the scripts are written in another way, so that they have to be compared.
    scripts: bool,
    more: bool,
}

impl Found {
    fn need(&mut self, is_same: bool) {
        self.more |= !is_same;
    }
}

impl Pair<'_> {
    fn kinds(&self, before: &Kind<'_>, after: &Kind<'_>, found: &mut Found) {
        match (before, after) {
            (Kind::Onbuild(one), Kind::Onbuild(other)) => {
                // It runs in some other build, of which nothing is known.
                let inner = Self { points: None, ..*self };
                self.flags(&one.flags, &other.flags, found);
                found.need(one.chain.len() == other.chain.len());
                match (&one.instruction, &other.instruction) {
                    // What stands in an ONBUILD is never an ONBUILD.
                    (Some(one), Some(other)) => inner.plain(&one.kind, &other.kind, found),
                    (one, other) => found.need(one.is_none() && other.is_none()),
                }
            }
            (before, after) => self.plain(before, after, found),
        }
    }

    /// Compares what is no `ONBUILD`.
    fn plain(&self, before: &Kind<'_>, after: &Kind<'_>, found: &mut Found) {
        match (before, before.flags(), after.flags()) {
            (Kind::From(_), [only], []) => {
                found.need(is_target_platform(only));
                found.changes.push(Change::TargetPlatform);
            }
            (_, one, other) => self.flags(one, other, found),
        }
        match (before, after) {
            (Kind::From(one), Kind::From(other)) => {
                self.image(&one.image, &other.image, found);
                let name = |name: &Option<Word<'_>>| name.as_ref().map(|name| name.to_lowercase());
                found.need(name(&one.name) == name(&other.name));
            }
            (Kind::Run(one), Kind::Run(other)) => {
                self.run(one, other, found);
            }
            (Kind::Cmd(one), Kind::Cmd(other)) => found.need(same_commands(&one.command, &other.command)),
            (Kind::Entrypoint(one), Kind::Entrypoint(other)) => found.need(same_commands(&one.command, &other.command)),
            (Kind::Healthcheck(one), Kind::Healthcheck(other)) => self.healthcheck(one, other, found),
            (Kind::Add(one), Kind::Add(other)) => {
                self.copied((&one.sources, &one.heredocs), (&other.sources, &other.heredocs), found);
                found.need(self.same_destination(&one.destination, &other.destination));
            }
            (Kind::Copy(one), Kind::Copy(other)) => {
                self.copied((&one.sources, &one.heredocs), (&other.sources, &other.heredocs), found);
                found.need(self.same_destination(&one.destination, &other.destination));
            }
            (Kind::Add(one), Kind::Copy(other)) => {
                found.changes.push(Change::AddToCopy);
                self.copied((&one.sources, &one.heredocs), (&other.sources, &other.heredocs), found);
                found.need(self.same_destination(&one.destination, &other.destination));
            }
            (Kind::Env(one), Kind::Env(other)) => self.pairs(&one.pairs, &other.pairs, found),
            (Kind::Label(one), Kind::Label(other)) => self.pairs(&one.pairs, &other.pairs, found),
            (Kind::Arg(one), Kind::Arg(other)) => {
                found.need(one.items.len() == other.items.len());
                for (one, other) in one.items.iter().zip(&other.items) {
                    found.need(one.name.as_str() == other.name.as_str());
                    match (&one.default, &other.default) {
                        (Some(one), Some(other)) => self.value(one, other, found),
                        (one, other) => found.need(one.is_none() && other.is_none()),
                    }
                }
            }
            (Kind::Expose(one), Kind::Expose(other)) => {
                found.need(one.ports.len() == other.ports.len());
                for (one, other) in one.ports.iter().zip(&other.ports) {
                    found.need(same_ports(&one.word, &other.word, self.escape));
                }
            }
            (Kind::Volume(one), Kind::Volume(other)) => self.values(&one.paths, &other.paths, found),
            (Kind::User(one), Kind::User(other)) => self.value(&one.user, &other.user, found),
            (Kind::Workdir(one), Kind::Workdir(other)) => found.need(self.same_path(&one.path, &other.path)),
            (Kind::Stopsignal(one), Kind::Stopsignal(other)) => self.value(&one.signal, &other.signal, found),
            (Kind::Shell(one), Kind::Shell(other)) => found.need(same_texts(&one.words, &other.words)),
            (Kind::Maintainer(one), Kind::Maintainer(other)) => found.need(one.name.as_str() == other.name.as_str()),
            (Kind::Malformed(one), Kind::Malformed(other)) => {
                found.need(one.keyword == other.keyword && one.form == other.form);
                found.need(same_texts(&one.words, &other.words) && same_heredocs(&one.heredocs, &other.heredocs));
            }
            _ => found.more = true,
        }
    }

    fn value(&self, before: &str, after: &str, found: &mut Found) {
        found.need(same_value(before, after, self.escape));
    }

    /// Whether two destinations are the same place, and both a directory or both what there may be.
    fn same_destination(&self, before: &str, after: &str) -> bool {
        let ends_as_directory =
            |path: &str| matches!(path.trim_end_matches(['"', '\'']).rsplit('/').next(), Some("" | "." | ".."));
        same_value(before, after, self.escape)
            || ends_as_directory(before) == ends_as_directory(after) && self.same_path(before, after)
    }

    /// Whether two paths lead to the same place.
    fn same_path(&self, before: &str, after: &str) -> bool {
        if same_value(before, after, self.escape) {
            return true;
        }
        let [old, new] = match &self.points {
            Some([old, new]) => [old.resolve(before), new.resolve(after)],
            None => return false,
        };
        let place = |path: &Value<'_>| path.known().map(|path| path.trim_end_matches('/').to_owned());
        place(&old).is_some() && place(&old) == place(&new)
    }

    fn values(&self, before: &[Word<'_>], after: &[Word<'_>], found: &mut Found) {
        found.need(before.len() == after.len());
        for (one, other) in before.iter().zip(after) {
            self.value(one, other, found);
        }
    }

    fn pairs(&self, before: &[crate::ast::Pair<'_>], after: &[crate::ast::Pair<'_>], found: &mut Found) {
        found.need(before.len() == after.len());
        for (one, other) in before.iter().zip(after) {
            self.value(&one.key, &other.key, found);
            self.value(&one.value, &other.value, found);
        }
    }

    /// Which stage an image is, is compared for all stages at once.
    fn image(&self, before: &Image<'_>, after: &Image<'_>, found: &mut Found) {
        found.need(self.same_source(&before.word, &after.word));
    }

    /// Whether two words name the same image or stage.
    fn same_source(&self, before: &str, after: &str) -> bool {
        before == after || before.to_lowercase() == after.to_lowercase() && self.names.contains(&before.to_lowercase())
    }

    fn flags(&self, before: &[Flag<'_>], after: &[Flag<'_>], found: &mut Found) {
        found.need(before.len() == after.len());
        for (one, other) in before.iter().zip(after) {
            found.need(one.name.as_str() == other.name.as_str());
            found.need(std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind));
            let texts = (one.value.as_ref().map(Word::as_str), other.value.as_ref().map(Word::as_str));
            found.need(match (&one.kind, &other.kind, texts) {
                (_, _, (one, other)) if one == other => true,
                (FlagKind::From, _, (Some(one), Some(other))) => self.same_source(one, other),
                (FlagKind::Mount(one), FlagKind::Mount(other), _) => {
                    let options = one.options.iter().zip(&other.options);
                    one.options.len() == other.options.len()
                        && options.into_iter().all(|(one, other)| {
                            let texts = (one.value.as_ref(), other.value.as_ref());
                            one.key.as_str() == other.key.as_str()
                                && match texts {
                                    (Some(one_value), Some(other)) if one.key.eq_ignore_ascii_case("from") => {
                                        self.same_source(one_value, other)
                                    }
                                    (one, other) => one.map(Word::as_str) == other.map(Word::as_str),
                                }
                        })
                }
                (
                    FlagKind::Chown | FlagKind::Chmod | FlagKind::Checksum | FlagKind::Exclude,
                    _,
                    (Some(one), Some(other)),
                ) => same_value(one, other, self.escape),
                _ => false,
            });
        }
    }

    fn copied(
        &self,
        before: (&[CopySource<'_>], &[Heredoc<'_>]),
        after: (&[CopySource<'_>], &[Heredoc<'_>]),
        found: &mut Found,
    ) {
        found.need(before.0.len() == after.0.len() && same_heredocs(before.1, after.1));
        for (one, other) in before.0.iter().zip(after.0) {
            match (one, other) {
                (CopySource::Path(one), CopySource::Path(other)) => self.value(one, other, found),
                (CopySource::Heredoc(one), CopySource::Heredoc(other)) => {
                    let facts = |source: &crate::ast::HeredocSource<'_>| (source.index, source.expand, source.chomp);
                    found.need(facts(one) == facts(other) && one.name == other.name);
                }
                _ => found.more = true,
            }
        }
    }

    fn run(&self, before: &Run<'_>, after: &Run<'_>, found: &mut Found) {
        found.need(std::mem::discriminant(&before.command) == std::mem::discriminant(&after.command));
        let facts = |run: &Run<'_>| {
            let facts = run
                .heredocs
                .iter()
                .map(|heredoc| (heredoc.name.clone(), heredoc.file_descriptor, heredoc.expand, heredoc.chomp));
            facts.collect::<Vec<_>>()
        };
        found.need(facts(before) == facts(after));
        found.scripts |= !same_texts(before.command.words(), after.command.words());
        found.scripts |= !same_heredocs(&before.heredocs, &after.heredocs);
    }

    fn healthcheck(&self, before: &Healthcheck<'_>, after: &Healthcheck<'_>, found: &mut Found) {
        self.flags(&before.flags, &after.flags, found);
        match (&before.test, &after.test) {
            (HealthcheckTest::None, HealthcheckTest::None) => {}
            (HealthcheckTest::Command(one), HealthcheckTest::Command(other)) => found.need(same_commands(one, other)),
            _ => found.more = true,
        }
    }
}

/// What a container runs is never changed.
fn same_commands(before: &Command<'_>, after: &Command<'_>) -> bool {
    std::mem::discriminant(before) == std::mem::discriminant(after) && same_texts(before.words(), after.words())
}

fn is_target_platform(flag: &Flag<'_>) -> bool {
    let value = flag.value.as_ref().map(Word::as_str);
    matches!(flag.kind, FlagKind::Platform) && matches!(value, Some("$TARGETPLATFORM" | "${TARGETPLATFORM}"))
}

fn same_texts(before: &[Word<'_>], after: &[Word<'_>]) -> bool {
    before.len() == after.len() && before.iter().zip(after).all(|(one, other)| one.as_str() == other.as_str())
}

fn same_heredocs(before: &[Heredoc<'_>], after: &[Heredoc<'_>]) -> bool {
    let facts = |heredoc: &Heredoc<'_>| (heredoc.file_descriptor, heredoc.expand, heredoc.chomp);
    before.len() == after.len()
        && before
            .iter()
            .zip(after)
            .all(|(one, other)| facts(one) == facts(other) && one.name == other.name && one.content == other.content)
}
