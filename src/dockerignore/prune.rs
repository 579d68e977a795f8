//! Which ignored directories the walk need not enter.

use super::trie::Trie;

/// So many bytes of a prefix are compared; what begins like this may be entered in vain.
const TELLING: usize = 256;

/// How the paths that a negation matches begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Beginning {
    /// There is one path.
    Exact(Vec<u8>),
    /// All begin like this; and that is all that is known.
    Prefix(Vec<u8>),
}

/// The negations of a matcher, as far as they say which directories hold something that is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Negations {
    /// What the build compares directories with, sorted.
    compared: Vec<Vec<u8>>,
    /// Whether the build enters every ignored directory.
    build_enters_all: bool,
    /// The beginnings of what they match, sorted.
    beginnings: Vec<Vec<u8>>,
    /// The beginnings after which anything may follow.
    prefixes: Trie,
    /// Whether one may match anywhere, as far as is known. So it is with one that can't be asked, for then it depends on where
    /// the build looks whether it fails.
    match_anywhere: bool,
}

impl Negations {
    /// Takes negations, cleaned, without their `!`, each with its beginning; none for one that can't be asked.
    pub(super) fn new<'p>(negations: impl Iterator<Item = (&'p [u8], Option<Beginning>)>) -> Self {
        let mut made = Self::default();
        let mut prefixes = Vec::new();
        for (pattern, beginning) in negations {
            let compared = pattern.strip_suffix(b"/**").unwrap_or(pattern);
            let compared = compared.strip_suffix(b"/*").unwrap_or(compared);
            made.build_enters_all |= compared.iter().any(|byte| br"*[]?^\".contains(byte));
            made.compared.push([compared, b"/"].concat());
            match beginning {
                Some(Beginning::Exact(path)) => made.beginnings.push(path),
                Some(Beginning::Prefix(start)) if !start.is_empty() => {
                    prefixes.push((start.iter().copied().take(TELLING).collect(), 0));
                    made.beginnings.push(start);
                }
                Some(Beginning::Prefix(_)) | None => made.match_anywhere = true,
            }
        }
        made.compared.sort();
        made.beginnings.sort();
        made.prefixes = Trie::new(prefixes);
        made
    }

    /// Whether an ignored directory may hold something that is kept.
    ///
    /// The build enters it if a negation looks as if it names something in it, which leaves out what an odd one would match
    /// (`ab{1}/*` in `ab`); we do so only if, besides, one really can.
    pub(super) fn may_keep_below(&self, directory: &[u8]) -> bool {
        let build_enters = self.build_enters_all || one_is_below(&self.compared, directory);
        build_enters
            && (self.match_anywhere || one_is_below(&self.beginnings, directory) || self.one_may_go_on(directory))
    }

    /// Whether a prefix is the beginning of a directory's path.
    fn one_may_go_on(&self, directory: &[u8]) -> bool {
        let mut found = false;
        self.prefixes.find(directory.iter().copied(), |_| found = true);
        found
    }
}

/// Whether one of some sorted paths is in a directory, or is the directory with a `/`.
fn one_is_below(sorted: &[Vec<u8>], directory: &[u8]) -> bool {
    let first = sorted.partition_point(|path| path.iter().lt(directory.iter().chain(b"/")));
    let path = sorted.get(first).and_then(|path| path.strip_prefix(directory));
    path.is_some_and(|rest| rest.first() == Some(&b'/'))
}
