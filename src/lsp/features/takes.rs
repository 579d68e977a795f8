//! What an instruction takes of the context, and where that lands.

use std::collections::HashMap;

use crate::ast::Instruction;
use crate::context::{Entry, EntryKind, Totals};
use crate::lsp::document::Reading;
use crate::semantic::{Landings, Place, Take, Way};

/// What the `COPY`s and `ADD`s of a file take of the context.
pub(super) struct Takes<'r, 'd> {
    landings: &'r Landings<'d, 'd>,
    /// The numbers of the entries that each takes, in order.
    taken: Vec<Vec<usize>>,
    /// The first take of each instruction, by where that begins.
    by_place: HashMap<u32, usize>,
    reading: &'r Reading<'r, 'd>,
}

/// What one instruction takes.
pub(super) struct Taken<'t, 'd> {
    pub(super) take: &'t Take<'d, 'd>,
    number: usize,
    entries: &'t [usize],
}

impl<'r, 'd> Takes<'r, 'd> {
    /// None where the context is not known.
    pub(super) fn of(reading: &'r Reading<'r, 'd>) -> Option<Self> {
        let landings = reading.surroundings?.landings();
        let mut taken: Vec<Vec<usize>> = vec![Vec::new(); landings.takes.len()];
        for landing in &landings.landings {
            if let Some(entries) = taken.get_mut(landing.take) {
                entries.push(landing.entry);
            }
        }
        let mut by_place = HashMap::new();
        for (number, take) in landings.takes.iter().enumerate().filter(|(_, take)| take.way != Way::Mount) {
            by_place.entry(take.instruction.span.start).or_insert(number);
        }
        Some(Self { landings, taken, by_place, reading })
    }

    /// What an instruction takes; of one in an `ONBUILD`, the first time that it runs.
    pub(super) fn by(&self, instruction: &Instruction<'_>) -> Option<Taken<'_, 'd>> {
        let number = *self.by_place.get(&instruction.span.start)?;
        let (take, entries) = (self.landings.takes.get(number)?, self.taken.get(number)?);
        Some(Taken { take, number, entries })
    }

    fn entries<'t>(&'t self, taken: &Taken<'t, 'd>) -> impl Iterator<Item = (usize, Entry<'t>)> {
        let listing = self.reading.surroundings.map(|surroundings| surroundings.context().listing());
        taken.entries.iter().filter_map(move |number| Some((*number, listing?.get(*number)?)))
    }

    /// How much an instruction takes.
    pub(super) fn totals(&self, taken: &Taken<'_, 'd>) -> Totals {
        let mut totals = Totals::default();
        self.entries(taken).for_each(|(_, entry)| totals.add(&entry));
        totals
    }

    /// The first files that it takes, and where each lands.
    pub(super) fn files(&self, taken: &Taken<'_, 'd>, most: usize) -> Vec<(String, String)> {
        let files = self.entries(taken).filter(|(_, entry)| entry.kind != EntryKind::Directory).take(most);
        let place = |number: usize| {
            let landing = self.landings.of(number).iter().find(|landing| landing.take == taken.number);
            landing.map_or_else(String::new, |landing| shown(&landing.place))
        };
        files.map(|(number, entry)| (entry.path_text().into_owned(), place(number))).collect()
    }
}

/// A place for people.
fn shown(place: &Place) -> String {
    match place {
        Place::At(path) => path.clone(),
        Place::Either { otherwise, .. } => format!("{otherwise} (or inside it)"),
        Place::UnpackedInto(path) => format!("unpacked into {path}"),
        Place::MaybeUnpackedInto(path) => format!("{path} (unpacked, if it is a tar archive)"),
        Place::Unknown => "unknown".to_owned(),
    }
}
