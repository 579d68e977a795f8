use super::error::PatternError;
use super::matcher::{Ignore, parents};
use super::pattern::Pattern;
use super::results::ParentResults;

/// Whether the walk leaves a path out, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision<'i> {
    /// Whether it is left out.
    pub ignored: bool,
    /// Every pattern that had a say, in the order in which they spoke, the deciding one last. Empty where no pattern matches,
    /// and so the path is in.
    pub said: Vec<Say<'i>>,
    /// The patterns with `!` that match the path or a directory that holds it, and yet had no say: the walk passed them over
    /// there, since nothing before them had left it out.
    pub passed_over: Vec<Say<'i>>,
    /// The ignored directory that holds the path and that the walk does not enter: what was said of it decides.
    pub not_entered: Option<&'i [u8]>,
}

/// What a pattern says of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Say<'i> {
    /// The pattern.
    pub pattern: &'i Pattern,
    /// What it matches: the path, or a directory that holds it.
    pub matched: &'i [u8],
}

impl<'i> Decision<'i> {
    /// What decided: the last that was said.
    #[must_use]
    pub fn deciding(&self) -> Option<Say<'i>> {
        self.said.last().copied()
    }
}

impl Ignore {
    /// Whether the walk leaves a path out, and which pattern decided: the answer that a build acts on.
    ///
    /// ```
    /// # use plimsoll::dockerignore::{Ignore, IgnoreFile};
    /// let file = IgnoreFile::parse(".dockerignore", "build\n*.log\n!important.log\n");
    /// let ignore = Ignore::new(&file).unwrap();
    /// let decision = ignore.decide(b"build/out/a.log").unwrap();
    /// assert!(decision.ignored);
    /// let deciding = decision.deciding().unwrap();
    /// assert_eq!((deciding.pattern.written.as_str(), deciding.matched), ("build", &b"build"[..]));
    /// let kept = ignore.decide(b"important.log").unwrap();
    /// let said: Vec<&str> = kept.said.iter().map(|say| say.pattern.written.as_str()).collect();
    /// assert_eq!((kept.ignored, said), (false, vec!["*.log", "!important.log"]));
    /// ```
    ///
    /// # Errors
    ///
    /// Where a pattern that is wrong had to be asked, for the path or for a directory that holds it. The build fails there.
    pub fn decide<'d>(&'d self, path: &'d [u8]) -> Result<Decision<'d>, PatternError> {
        let (mut known, mut results) = (self.root(), ParentResults::default());
        let mut matched: Vec<Option<&'d [u8]>> = vec![None; self.patterns().len()];
        let mut passed_over = matched.clone();
        let (mut ignored, mut not_entered) = (false, None);
        for step in parents(path).chain([path]) {
            ignored = self.walk(step, &known, &mut results)?;
            for (at, (matched, passed_over)) in matched.iter_mut().zip(&mut passed_over).enumerate() {
                *matched = results.contains(at).then(|| matched.unwrap_or(step));
                if matched.is_none() && passed_over.is_none() && self.would_keep(at, step) {
                    *passed_over = Some(step);
                }
            }
            std::mem::swap(&mut known, &mut results);
            if ignored && step.len() < path.len() && !self.may_keep_below(step) {
                not_entered = Some(step);
                break;
            }
        }
        let say = |matched: Vec<Option<&'d [u8]>>| {
            let patterns = self.patterns().iter().zip(matched);
            patterns.filter_map(|(pattern, matched)| Some(Say { pattern, matched: matched? })).collect::<Vec<_>>()
        };
        let said = say(matched);
        let mut passed_over = say(passed_over);
        passed_over.retain(|over| said.iter().all(|say| say.pattern != over.pattern));
        Ok(Decision { ignored, said, passed_over, not_entered })
    }
}
