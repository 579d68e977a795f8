//! The instructions of a file by their keywords.

use crate::ast::{Instruction, Keyword, Keywords, Kind};

/// Which instructions have which keyword: the first of each, and from each the next.
#[derive(Debug)]
pub(super) struct ByKeyword {
    first: [u32; Keyword::ALL.len()],
    next: Vec<u32>,
    /// The keywords of all instructions, those in an `ONBUILD` too.
    pub(super) all: Keywords,
}

/// There is no other: a file is too short for so many.
const NONE: u32 = u32::MAX;

impl ByKeyword {
    pub(super) fn of(instructions: &[Instruction<'_>]) -> Self {
        let mut all = Keywords::default();
        let mut first = [NONE; Keyword::ALL.len()];
        let mut next = vec![NONE; instructions.len()];
        // From the last one on, so that the next is known.
        for ((number, instruction), next) in instructions.iter().enumerate().zip(&mut next).rev() {
            let Some(keyword) = instruction.kind.keyword() else { continue };
            all.insert(keyword);
            if let Kind::Onbuild(onbuild) = &instruction.kind {
                let inner = onbuild.instruction.as_ref().and_then(|inner| inner.kind.keyword());
                inner.into_iter().for_each(|keyword| all.insert(keyword));
            }
            if let Some(first) = first.get_mut(keyword as usize) {
                *next = std::mem::replace(first, u32::try_from(number).unwrap_or(NONE));
            }
        }
        Self { first, next, all }
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
        let by_keyword = ByKeyword::of(instructions);
        for keyword in Keyword::ALL {
            let is_one = |number: &usize| instructions[*number].kind.keyword() == Some(keyword);
            let expected: Vec<usize> = (0..instructions.len()).filter(is_one).collect();
            assert_eq!(by_keyword.numbers(keyword).collect::<Vec<_>>(), expected, "{keyword}");
        }
        assert!(by_keyword.all.hold(Keyword::User) && !by_keyword.all.hold(Keyword::Copy));
    }
}
