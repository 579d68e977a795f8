use super::Script;

/// The programs that scripts call, as a filter: it may say yes of one that they don't call, and never no of one that they do.
///
/// ```
/// use plimsoll::shell::{Interpreter, Programs, Script, Text};
///
/// let script = Script::read(Text::plain("sudo pip3 install x", 0), Interpreter::default(), &|_| None);
/// let mut programs = Programs::default();
/// programs.add(&script);
/// assert!(programs.may_hold("sudo") && programs.may_hold("pip") && programs.may_hold("pip3"));
/// assert!(!programs.may_hold("yum"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Programs(u128);

impl Programs {
    /// Adds all that a script calls, by the name that is written and by the one to ask for.
    pub fn add(&mut self, script: &Script<'_>) {
        for call in script.calls() {
            self.0 |= Self::bit(call.name());
            if let Some(usual) = call.table().and_then(|table| table.names.first()) {
                self.0 |= Self::bit(usual);
            }
        }
    }

    /// Whether there may be a call of this program.
    #[must_use]
    pub fn may_hold(self, program: &str) -> bool {
        self.0 & Self::bit(program) != 0
    }

    /// One of 128, by the length and a few letters.
    fn bit(name: &str) -> u128 {
        let bytes = name.as_bytes();
        let letter = |at: usize| usize::from(bytes.get(at).copied().unwrap_or_default());
        let last = letter(bytes.len().saturating_sub(1));
        1 << ((bytes.len() + letter(0) * 5 + letter(1) * 11 + letter(2) * 3 + last * 23) % 128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::tables;

    /// Most names that tables know are told from one another.
    #[test]
    fn names_are_spread() {
        let names: Vec<&str> = tables().flat_map(|table| table.names.iter().copied()).collect();
        let bits: std::collections::HashSet<u128> = names.iter().map(|name| Programs::bit(name)).collect();
        assert!(bits.len() * 2 > names.len().min(128), "{} bits for {} names", bits.len(), names.len());
    }
}
