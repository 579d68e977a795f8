//! Which ignored directories the walk need not enter.

/// The negations of a matcher, as far as they say which directories hold something that is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Negations {
    negations: Vec<Negation>,
    /// Whether the build itself enters every ignored directory.
    build_enters_all: bool,
    /// Whether one can't be asked, so that whether the build fails depends on where it looks.
    has_wrong: bool,
}

#[derive(Clone, Debug)]
struct Negation {
    /// What the build compares directories with.
    compared: Vec<u8>,
    beginning: Beginning,
}

/// How the paths that a negation matches begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Beginning {
    /// There is one path.
    Exact(Vec<u8>),
    /// All begin like this; and that is all that is known.
    Prefix(Vec<u8>),
}

impl Negations {
    /// Adds a negation, cleaned, without its `!`; `beginning` is none where it can't be asked.
    pub(super) fn push(&mut self, pattern: &[u8], beginning: Option<Beginning>) {
        let compared = pattern.strip_suffix(b"/**").unwrap_or(pattern);
        let compared = compared.strip_suffix(b"/*").unwrap_or(compared);
        self.build_enters_all |= compared.iter().any(|byte| br"*[]?^\".contains(byte));
        self.has_wrong |= beginning.is_none();
        let beginning = beginning.unwrap_or(Beginning::Prefix(Vec::new()));
        let mut compared = compared.to_vec();
        compared.push(b'/');
        self.negations.push(Negation { compared, beginning });
    }

    /// Whether an ignored directory may hold something that is kept.
    ///
    /// The build enters it if a negation looks as if it names something in it, which leaves out what an odd one would match
    /// (`ab{1}/*` in `ab`); we do so only if, besides, one really can.
    pub(super) fn may_keep_below(&self, directory: &[u8]) -> bool {
        let is_parent_of = |path: &[u8]| path.strip_prefix(directory).is_some_and(|rest| rest.first() == Some(&b'/'));
        let build_enters =
            self.build_enters_all || self.negations.iter().any(|negation| is_parent_of(&negation.compared));
        let may_match = || {
            self.negations.iter().any(|negation| match &negation.beginning {
                Beginning::Exact(path) => is_parent_of(path),
                Beginning::Prefix(start) => is_parent_of(start) || directory.starts_with(start),
            })
        };
        build_enters && (self.has_wrong || may_match())
    }
}
