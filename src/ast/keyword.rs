use std::fmt;

use serde::Serialize;

/// The 18 instructions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "each is its own documentation")]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

impl Keyword {
    /// All of them, by name.
    pub const ALL: [Self; 18] = [
        Self::Add,
        Self::Arg,
        Self::Cmd,
        Self::Copy,
        Self::Entrypoint,
        Self::Env,
        Self::Expose,
        Self::From,
        Self::Healthcheck,
        Self::Label,
        Self::Maintainer,
        Self::Onbuild,
        Self::Run,
        Self::Shell,
        Self::Stopsignal,
        Self::User,
        Self::Volume,
        Self::Workdir,
    ];

    /// The keyword in capitals.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Arg => "ARG",
            Self::Cmd => "CMD",
            Self::Copy => "COPY",
            Self::Entrypoint => "ENTRYPOINT",
            Self::Env => "ENV",
            Self::Expose => "EXPOSE",
            Self::From => "FROM",
            Self::Healthcheck => "HEALTHCHECK",
            Self::Label => "LABEL",
            Self::Maintainer => "MAINTAINER",
            Self::Onbuild => "ONBUILD",
            Self::Run => "RUN",
            Self::Shell => "SHELL",
            Self::Stopsignal => "STOPSIGNAL",
            Self::User => "USER",
            Self::Volume => "VOLUME",
            Self::Workdir => "WORKDIR",
        }
    }

    /// The keyword that `word` is, in any case.
    ///
    /// ```
    /// use plimsoll::ast::Keyword;
    ///
    /// assert_eq!(Keyword::lookup("from"), Some(Keyword::From));
    /// assert_eq!(Keyword::lookup("FORM"), None);
    /// ```
    #[must_use]
    pub fn lookup(word: &str) -> Option<Self> {
        // Nearly all keywords of real files have three or four letters.
        let found = match *word.as_bytes() {
            [a, b, c] => match &[a, b, c].map(|letter| letter.to_ascii_uppercase()) {
                b"RUN" => Some(Self::Run),
                b"ENV" => Some(Self::Env),
                b"ARG" => Some(Self::Arg),
                b"CMD" => Some(Self::Cmd),
                b"ADD" => Some(Self::Add),
                _ => None,
            },
            [a, b, c, d] => match &[a, b, c, d].map(|letter| letter.to_ascii_uppercase()) {
                b"COPY" => Some(Self::Copy),
                b"FROM" => Some(Self::From),
                b"USER" => Some(Self::User),
                _ => None,
            },
            _ => Self::ALL.into_iter().find(|keyword| keyword.as_str().eq_ignore_ascii_case(word)),
        };
        found.or_else(|| if word.is_ascii() { None } else { Self::folded(word) })
    }

    /// The keyword in other letters: U+212A, the Kelvin sign, is a `k` in lower case, for the reference as for Unicode.
    fn folded(word: &str) -> Option<Self> {
        let lower = word.to_lowercase();
        Self::ALL.into_iter().find(|keyword| keyword.as_str().eq_ignore_ascii_case(&lower))
    }
}

/// A set of keywords.
///
/// ```
/// use plimsoll::ast::{Keyword, Keywords};
///
/// let mut keywords = Keywords::of(&[Keyword::Copy, Keyword::Add]);
/// assert!(keywords.hold(Keyword::Add) && !keywords.hold(Keyword::Run));
/// keywords.insert(Keyword::Run);
/// assert!(keywords.hold_any_of(Keywords::of(&[Keyword::Run, Keyword::User])));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Keywords(u32);

impl Keywords {
    /// Those that are named.
    #[must_use]
    pub const fn of(mut keywords: &[Keyword]) -> Self {
        let mut all = Self(0);
        while let [first, rest @ ..] = keywords {
            all.insert(*first);
            keywords = rest;
        }
        all
    }

    /// One more.
    pub const fn insert(&mut self, keyword: Keyword) {
        self.0 |= 1 << keyword as u32;
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `keyword` is one of them.
    #[must_use]
    pub const fn hold(self, keyword: Keyword) -> bool {
        self.0 & 1 << keyword as u32 != 0
    }

    /// They, by name.
    pub fn iter(self) -> impl Iterator<Item = Keyword> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let keyword = Keyword::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*keyword)
        })
    }

    /// Whether some of `others` are among them.
    #[must_use]
    pub const fn hold_any_of(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
