//! The question from the image's side: what of the context is at a path of the image.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::landing::{base_and_pattern, split_wildcards};
use super::stage::{Base, Source};
use super::take::{Take, Way};
use super::{Landings, Model, Place};
use crate::ast::{CopySource, Kind};
use crate::context::path::{below_root, join, split, strip};
use crate::context::wildcard::matches;
use crate::context::{Context, EntryKind};
use crate::dockerignore::Ignore;

/// A path of the context that may be at a path of the image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Which of the takes of [`Landings::takes`] puts it there.
    pub take: usize,
    /// The path from the root of the context. It need not exist, and it may be left out.
    pub path: Vec<u8>,
    /// Whether it is sure that the take puts it there, given that it is in the context.
    pub certain: bool,
}

impl<'d, 'a> Landings<'d, 'a> {
    /// What of the context is at `path` of the image that a stage builds, as far as the Dockerfile tells; the last one to be
    /// put there first.
    ///
    /// Stages that it builds on are looked into, and those that it copies from. What commands make of it is not known.
    #[must_use]
    pub fn origins(&self, model: &Model<'d, 'a>, context: &Context, stage: usize, path: &[u8]) -> Vec<Origin> {
        let mut search =
            Search { landings: self, model, context, found: Vec::new(), open: Vec::new(), seen: HashSet::new() };
        search.ask(stage, below_root(path));
        while let Some((stage, path)) = search.open.pop() {
            search.look(stage, &path);
        }
        search.found
    }
}

struct Search<'s, 'd, 'a> {
    landings: &'s Landings<'d, 'a>,
    model: &'s Model<'d, 'a>,
    context: &'s Context,
    found: Vec<Origin>,
    /// Paths of stages that are still to be looked at.
    open: Vec<(usize, Vec<u8>)>,
    seen: HashSet<(usize, Vec<u8>)>,
}

impl Search<'_, '_, '_> {
    fn ask(&mut self, stage: usize, path: Vec<u8>) {
        if self.seen.insert((stage, path.clone())) {
            self.open.push((stage, path));
        }
    }

    fn add(&mut self, take: usize, path: Vec<u8>, certain: bool) {
        if self.is_in_file(&path) {
            return;
        }
        if !self.found.iter().any(|origin| origin.take == take && origin.path == path) {
            self.found.push(Origin { take, path, certain });
        }
    }

    /// Looks at what a stage puts at a path, the last instruction first.
    fn look(&mut self, number: usize, path: &[u8]) {
        let landings = self.landings;
        let takes = &landings.takes;
        let first = takes.partition_point(|take| take.stage < number);
        let end = takes.partition_point(|take| take.stage <= number);
        let landed = self.landed(first..end, path);
        for take in (first..end).rev() {
            if let Some(taken) = takes.get(take).filter(|taken| taken.way != Way::Mount) {
                let entries = landed.get(&take).map(Vec::as_slice).unwrap_or_default();
                self.look_at(take, taken, path, entries);
            }
        }
        let Some(stage) = self.model.stages.get(number) else { return };
        if let Base::Stage(base) = stage.base {
            self.ask(base, path.to_vec());
        }
        let edges = self.model.edges.as_slice();
        let first = edges.partition_point(|edge| edge.stage < number);
        for edge in edges.get(first..).unwrap_or_default().iter().take_while(|edge| edge.stage == number) {
            let (Kind::Copy(copy), Source::Stage(source)) = (&edge.instruction.kind, edge.source) else { continue };
            let Some(point) = self.model.at(edge.instruction) else { continue };
            let Some(destination) = point.resolve(&copy.destination).known().map(|path| below_root(path.as_bytes()))
            else {
                continue;
            };
            let mut asked = Vec::new();
            for word in &copy.sources {
                let CopySource::Path(word) = word else { continue };
                let value = point.value(word);
                let Some(from) = value.known() else { continue };
                let from = below_root(from.as_bytes());
                let name = split(&from).1;
                if path == destination {
                    asked.push(from);
                } else if let Some(below) = strip(path, &destination) {
                    // It is a file that keeps its name, or else a directory.
                    if below == name {
                        asked.push(from.clone());
                    }
                    asked.push(join(&from, below));
                }
            }
            asked.into_iter().for_each(|path| self.ask(source, path));
        }
    }

    /// The entries of the context that some takes put at a path, and whether that is sure, by the number of the take.
    fn landed(&self, takes: Range<usize>, path: &[u8]) -> HashMap<usize, Vec<(usize, bool)>> {
        let shown = format!("/{}", String::from_utf8_lossy(path));
        let mut landed: HashMap<usize, Vec<(usize, bool)>> = HashMap::new();
        for landing in self.landings.landings.iter().filter(|landing| takes.contains(&landing.take)) {
            let certain = match &landing.place {
                Place::At(place) if *place == shown => landing.certain,
                Place::Either { inside, otherwise } if *inside == shown || *otherwise == shown => false,
                _ => continue,
            };
            landed.entry(landing.take).or_default().push((landing.entry, certain));
        }
        landed
    }

    fn look_at(&mut self, number: usize, take: &Take<'_, '_>, path: &[u8], landed: &[(usize, bool)]) {
        for (entry, certain) in landed.iter().rev() {
            if let Some(entry) = self.context.listing().get(*entry) {
                self.add(number, entry.path.to_vec(), *certain);
            }
        }
        // What would be there if it were in the context.
        let Some(destination) = take.destination.known().map(|path| below_root(path.as_bytes())) else { return };
        let below = strip(path, &destination);
        if below.is_none() && path != destination {
            return;
        }
        for source in take.sources.iter().rev() {
            let Some(source) = source.path.known() else { continue };
            let (base, pattern) = base_and_pattern(source, take.parents);
            if let Some(pattern) = pattern {
                let takes = |below: &[u8]| {
                    let asked = Ignore::from_patterns([pattern]).ok()?;
                    Some(asked.decide(below).ok()?.ignored)
                };
                if let Some(below) = below
                    && takes(below) == Some(true)
                {
                    self.add(number, join(&below_root(base), below), take.excludes.is_empty());
                }
                continue;
            }
            let (base, wildcards) = split_wildcards(base);
            match (wildcards, below) {
                (Some(wildcards), Some(below)) => {
                    let is_one_name = !wildcards.contains(&b'/') && !below.contains(&b'/');
                    if is_one_name && matches(&wildcards, below) {
                        self.add(number, join(&base, below), false);
                    }
                }
                (Some(_), None) => {}
                (None, below) => match (self.kind(&base), below) {
                    (Some(EntryKind::Directory), below) => {
                        self.add(number, join(&base, below.unwrap_or_default()), take.excludes.is_empty());
                    }
                    (_, Some(below)) if below == split(&base).1 => self.add(number, base, take.into_directory),
                    (None, Some(below)) => self.add(number, join(&base, below), false),
                    (_, None) if !take.into_directory => self.add(number, base, false),
                    _ => {}
                },
            }
        }
    }

    /// Whether a path would be below something that is no directory.
    fn is_in_file(&self, path: &[u8]) -> bool {
        let mut above = split(path).0;
        loop {
            match self.kind(above) {
                None => above = split(above).0,
                Some(kind) => return !matches!(kind, EntryKind::Directory | EntryKind::Link),
            }
        }
    }

    /// What a path is, ignored or not.
    fn kind(&self, path: &[u8]) -> Option<EntryKind> {
        if path.is_empty() {
            return Some(EntryKind::Directory);
        }
        if let Some(entry) = self.context.listing().find(path) {
            return Some(entry.kind);
        }
        let path = std::str::from_utf8(path).ok()?;
        let status = std::fs::symlink_metadata(self.context.root().join(path)).ok()?;
        Some(if status.is_dir() { EntryKind::Directory } else { EntryKind::File })
    }
}
