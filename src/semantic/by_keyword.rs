//! The instructions of a file by their keywords.

use crate::ast::{Instruction, Keyword, Keywords, Kind};

/// Which instructions have which keyword.
#[derive(Debug)]
pub(super) struct ByKeyword {
    /// The numbers of those that have one, in order of the keywords, and then of the file.
    numbers: Vec<u32>,
    /// Where those of each keyword end.
    ends: [u32; Keyword::ALL.len()],
    /// The keywords of all instructions, those in an `ONBUILD` too.
    pub(super) all: Keywords,
}

impl ByKeyword {
    pub(super) fn of(instructions: &[Instruction<'_>]) -> Self {
        let mut all = Keywords::default();
        let mut ends = [0_u32; Keyword::ALL.len()];
        let keywords = || instructions.iter().map(|instruction| instruction.kind.keyword());
        for keyword in keywords().flatten() {
            all.insert(keyword);
            if let Some(end) = ends.get_mut(keyword as usize) {
                *end += 1;
            }
        }
        // How many there are before those of a keyword; each that is put in its place moves the end.
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let mut numbers = vec![0; before as usize];
        for (number, keyword) in (0..).zip(keywords()) {
            let Some(end) = keyword.and_then(|keyword| ends.get_mut(keyword as usize)) else { continue };
            if let Some(place) = numbers.get_mut(*end as usize) {
                *place = number;
            }
            *end += 1;
        }
        let mut by_keyword = Self { numbers, ends, all };
        for number in by_keyword.numbers(Keyword::Onbuild).to_vec() {
            if let Some(Kind::Onbuild(onbuild)) = instructions.get(number as usize).map(|instruction| &instruction.kind)
            {
                let inner = onbuild.instruction.as_ref().and_then(|inner| inner.kind.keyword());
                inner.into_iter().for_each(|keyword| by_keyword.all.insert(keyword));
            }
        }
        by_keyword
    }

    /// The numbers of the instructions with a keyword, in order.
    pub(super) fn numbers(&self, keyword: Keyword) -> &[u32] {
        let end = |number: usize| self.ends.get(number).copied().unwrap_or_default() as usize;
        let first = (keyword as usize).checked_sub(1).map_or(0, end);
        self.numbers.get(first..end(keyword as usize)).unwrap_or_default()
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
            let expected: Vec<u32> = (0..)
                .zip(instructions)
                .filter(|(_, instruction)| instruction.kind.keyword() == Some(keyword))
                .map(|(number, _)| number)
                .collect();
            assert_eq!(by_keyword.numbers(keyword), expected, "{keyword}");
        }
        assert!(by_keyword.all.hold(Keyword::User) && !by_keyword.all.hold(Keyword::Copy));
    }
}
