//! All places where that is named which stands at a place.

use crate::lsp::document::Reading;
use crate::source::Span;

use super::occurrences::{Role, at, occurrences};

/// A place where a name stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mention {
    /// Where.
    pub(crate) span: Span,
    /// Whether it gets a value there, or is declared.
    pub(crate) writes: bool,
    /// Whether it is declared there.
    pub(crate) declares: bool,
}

/// All places where that is named which stands at a place, in order. References, and what is highlighted.
pub(crate) fn mentions(reading: &Reading<'_, '_>, offset: u32) -> Vec<Mention> {
    let found = occurrences(reading);
    let Some(asked) = at(reading.text, &found, offset) else { return Vec::new() };
    let same = found.iter().filter(|occurrence| occurrence.symbol == asked.symbol);
    same.map(|occurrence| Mention {
        span: occurrence.span,
        writes: matches!(occurrence.role, Role::Declaration | Role::Assignment),
        declares: occurrence.role == Role::Declaration,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_file, shown};
    use super::*;

    fn answer(reading: &Reading<'_, '_>, offset: u32) -> String {
        let mention = |mention: &Mention| {
            let mark = match (mention.declares, mention.writes) {
                (true, _) => "!",
                (false, true) => "=",
                (false, false) => "",
            };
            format!("{}{mark}", shown(reading.text, mention.span))
        };
        mentions(reading, offset).iter().map(mention).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn all_mentions() {
        check(
            &[
                (
                    "FROM a AS x\nFROM x\nCOPY --from=‸x /a /\nRUN --mount=type=bind,from=X,target=/b c\n",
                    "1:x! 2:x 3:x 4:X",
                ),
                ("FROM a AS ‸x\nFROM b\nCOPY --from=0 /a /\n", "1:x! 3:0"),
                (
                    "ARG T=1\nFROM a:$T AS x\nARG T\nRUN $T\nFROM b\nARG T=2\nRUN ‸${T} && T=3 make && T=4\nRUN $T\nFROM x\nRUN $T\n",
                    "1:T! 2:T 3:T! 4:T 6:T! 7:T 7:T= 8:T 10:T",
                ),
                ("FROM a\nENV ‸P=1 Q=$P\nENV P=$P:2\nRUN echo $P\nFROM b\nENV P=3\n", "2:P! 3:P! 3:P 4:P"),
                ("FROM a\nENV P=1\nRUN \\\n# é\n  for P in a; do echo $P $((‸P+1)); done\n", "2:P! 5:P= 5:P 5:P"),
                ("FROM a\nENV P=1\nRUN export P=2; unset ‸P\n", "2:P! 3:P= 3:P="),
                ("FROM a\nRUN echo $‸P\n", ""),
            ],
            |text| in_file(text, answer),
        );
    }
}
