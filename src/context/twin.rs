//! Paths that differ in case only.

use std::collections::HashMap;

use super::listing::Listing;

/// The entries of a listing by their paths in lower case.
#[derive(Clone, Debug)]
pub struct Twins<'l> {
    listing: &'l Listing,
    numbers: HashMap<Vec<u8>, usize>,
}

impl<'l> Twins<'l> {
    /// The path that is like `path` but for the case of letters, and the only one.
    #[must_use]
    pub fn of(&self, path: &[u8]) -> Option<&'l [u8]> {
        let number = self.numbers.get(&lower_case(path))?;
        self.listing.get(*number).map(|entry| entry.path).filter(|found| *found != path)
    }
}

impl Listing {
    /// Finds entries whatever the case of their letters is.
    ///
    /// Takes time and memory in proportion to the length of the listing.
    #[must_use]
    pub fn twins(&self) -> Twins<'_> {
        let mut numbers = HashMap::with_capacity(self.len());
        for (number, entry) in self.iter().enumerate() {
            numbers.entry(lower_case(entry.path)).or_insert(number);
        }
        Twins { listing: self, numbers }
    }
}

fn lower_case(path: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(path) {
        Ok(path) => path.to_lowercase().into_bytes(),
        Err(_) => path.to_ascii_lowercase(),
    }
}
