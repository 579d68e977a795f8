//! What each pattern of an ignore file does to the files that are there.

use crate::context::path::strip;
use crate::context::{Entry, EntryKind, Totals};
use crate::dockerignore::{Ignore, IgnoreFile, ParentResults, Pattern};
use crate::lsp::document::IgnoreReading;

use super::cursor::touches;

/// So many entries are named.
const MOST: usize = 10;

/// What the patterns of an ignore file do.
#[derive(Debug)]
pub(super) struct Effects {
    /// What each pattern of [`Ignore::patterns`] does.
    pub(super) patterns: Vec<Effect>,
    /// What a build may read.
    pub(super) kept: Totals,
    /// What is left out.
    pub(super) left_out: Totals,
}

/// What a pattern does: it decides about these entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Effect {
    /// How much it leaves out, or brings back.
    pub(super) totals: Totals,
    /// The first of them, of those that are in a directory which is among them none.
    pub(super) first: Vec<String>,
    /// How many there are of which each could have been named.
    pub(super) outermost: u64,
}

/// The patterns that can be asked: none of those that no build takes.
pub(super) fn usable(file: &IgnoreFile) -> Ignore {
    let mut wrong = file.errors.iter().map(|error| error.line).peekable();
    if wrong.peek().is_none() {
        return Ignore::new(file).unwrap_or_else(|_| Ignore::empty());
    }
    let wrong: Vec<u32> = wrong.collect();
    let patterns = file.patterns.iter().filter(|pattern| wrong.binary_search(&pattern.line).is_err());
    let right = IgnoreFile { patterns: patterns.cloned().collect(), errors: Vec::new(), ..file.clone() };
    Ignore::new(&right).unwrap_or_else(|_| Ignore::empty())
}

/// The pattern at a place, and its number among those that can be asked.
pub(super) fn pattern_at(ignore: &Ignore, offset: u32) -> Option<(usize, &Pattern)> {
    ignore.patterns().iter().enumerate().find(|(_, pattern)| touches(pattern.span, offset))
}

/// A directory that the walk is in.
struct Above<'t> {
    entry: Entry<'t>,
    results: ParentResults,
    decided_by: Option<usize>,
    ignored: bool,
    /// Whether something in it is sent, and so it is, too.
    holds_kept: bool,
}

/// What the patterns do to the files that are there; none where these are not known.
///
/// Takes time in proportion to how many entries there are.
pub(super) fn effects(reading: &IgnoreReading<'_>, ignore: &Ignore) -> Option<Effects> {
    let listing = reading.tree?.listing();
    let mut effects = Effects {
        patterns: vec![Effect::default(); ignore.patterns().len()],
        kept: Totals::default(),
        left_out: Totals::default(),
    };
    let root = ignore.root();
    let mut above: Vec<Above<'_>> = Vec::new();
    let mut results = ParentResults::default();
    for entry in listing.iter() {
        while let Some(left) = above.pop_if(|above| strip(entry.path, above.entry.path).is_none()) {
            effects.leave(&left);
        }
        let parent = above.last();
        // A build would end at a pattern that can't be asked; the path is in then.
        let ignored =
            ignore.walk(entry.path, parent.map_or(&root, |parent| &parent.results), &mut results).unwrap_or(false);
        let decided_by = ignore.deciding(&results);
        if let Some(effect) = decided_by.and_then(|by| effects.patterns.get_mut(by))
            && parent.is_none_or(|parent| parent.decided_by != decided_by)
        {
            effect.outermost += 1;
            if effect.first.len() < MOST {
                let slash = if entry.kind == EntryKind::Directory { "/" } else { "" };
                effect.first.push(format!("{}{slash}", entry.path_text()));
            }
        }
        if !ignored {
            for above in above.iter_mut().rev() {
                if std::mem::replace(&mut above.holds_kept, true) {
                    break;
                }
            }
        }
        if entry.kind == EntryKind::Directory {
            above.push(Above { entry, results: results.clone(), decided_by, ignored, holds_kept: false });
        } else {
            effects.add(&entry, ignored, decided_by);
        }
    }
    while let Some(left) = above.pop() {
        effects.leave(&left);
    }
    Some(effects)
}

impl Effects {
    fn leave(&mut self, directory: &Above<'_>) {
        let ignored = directory.ignored && !directory.holds_kept;
        // An ignored directory that is sent is no pattern's doing.
        let decided_by = directory.decided_by.filter(|_| ignored == directory.ignored);
        self.add(&directory.entry, ignored, decided_by);
    }

    fn add(&mut self, entry: &Entry<'_>, ignored: bool, decided_by: Option<usize>) {
        if ignored {
            self.left_out.add(entry)
        } else {
            self.kept.add(entry)
        }
        if let Some(effect) = decided_by.and_then(|by| self.patterns.get_mut(by)) {
            effect.totals.add(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_ignore_file, written};
    use super::*;
    use crate::context::{Context, IgnoreSource, Options};

    /// The sum is what the walk of a build lists.
    #[test]
    fn what_is_kept_is_what_is_listed() {
        let files = [
            ("a/b/c.md", "1"),
            ("a/b/d.txt", "22"),
            ("a/e/f.md", "333"),
            ("g.md", "4444"),
            ("node_modules/h/i.js", "55555"),
            ("j", ""),
        ];
        let patterns = [
            "",
            "**\n",
            "**\n!a/b/c.md\n",
            "*.md\n**/*.md\n!a/b\n",
            "node_modules\na/**\n!a/e/**\n[\n",
            "a\n!a/b/*.txt\n",
        ];
        for text in patterns {
            in_ignore_file(&written(&files), text, |reading, _| {
                let ignore = usable(reading.file);
                let found = effects(reading, &ignore).unwrap();
                let options = Options { ignore: IgnoreSource::Given(reading.file.clone()), ..Options::default() };
                let context = Context::open(reading.tree.unwrap().root(), &options).unwrap();
                assert_eq!(found.kept, context.listing().totals(), "{text}");
                let all = reading.tree.unwrap().listing().totals();
                assert_eq!(found.kept.files + found.left_out.files, all.files, "{text}");
                assert_eq!(found.kept.directories + found.left_out.directories, all.directories, "{text}");
            });
        }
    }
}
