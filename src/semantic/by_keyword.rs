//! The instructions of a file by their keywords.

use crate::ast::{Keyword, Keywords, Kind};

/// Which instructions have which keyword: the first of each, and from each the next.
#[derive(Debug)]
pub(super) struct ByKeyword {
    first: [u32; Keyword::ALL.len()],
    last: [u32; Keyword::ALL.len()],
    next: Vec<u32>,
    /// The keywords of all instructions, those in an `ONBUILD` too.
    pub(super) all: Keywords,
}

/// There is no other: a file is too short for so many.
const NONE: u32 = u32::MAX;

impl ByKeyword {
    /// None yet, with room for so many instructions.
    pub(super) fn with_capacity(instructions: usize) -> Self {
        let none = [NONE; Keyword::ALL.len()];
        Self { first: none, last: none, next: Vec::with_capacity(instructions), all: Keywords::default() }
    }

    /// Adds the next instruction of the file.
    pub(super) fn add(&mut self, kind: &Kind<'_>) {
        let number = u32::try_from(self.next.len()).unwrap_or(NONE);
        self.next.push(NONE);
        let Some(keyword) = kind.keyword() else { return };
        self.all.insert(keyword);
        if let Kind::Onbuild(onbuild) = kind {
            let inner = onbuild.instruction.as_ref().and_then(|inner| inner.kind.keyword());
            inner.into_iter().for_each(|keyword| self.all.insert(keyword));
        }
        let Some(last) = self.last.get_mut(keyword as usize) else { return };
        let before = match self.next.get_mut(*last as usize) {
            Some(next) => Some(next),
            None => self.first.get_mut(keyword as usize),
        };
        if let Some(before) = before {
            *before = number;
        }
        *last = number;
    }

    /// The numbers of the instructions with a keyword, in order.
    pub(super) fn numbers(&self, keyword: Keyword) -> impl Iterator<Item = usize> {
        let mut at = self.first.get(keyword as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let number = at as usize;
            at = *self.next.get(number)?;
            Some(number)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_instruction_is_found_by_its_keyword() {
        let text = "ARG a\nFROM a\nrun a\nRUN\nthis is none\nONBUILD USER a\nCMD a\nFROM b\nWORKDIR a\nRUN b\n";
        let parsed = crate::parse(text);
        let instructions = &parsed.dockerfile.instructions;
        let mut by_keyword = ByKeyword::with_capacity(0);
        instructions.iter().for_each(|instruction| by_keyword.add(&instruction.kind));
        for keyword in Keyword::ALL {
            let is_one = |number: &usize| instructions[*number].kind.keyword() == Some(keyword);
            let expected: Vec<usize> = (0..instructions.len()).filter(is_one).collect();
            assert_eq!(by_keyword.numbers(keyword).collect::<Vec<_>>(), expected, "{keyword}");
        }
        assert!(by_keyword.all.hold(Keyword::User) && !by_keyword.all.hold(Keyword::Copy));
    }
}
