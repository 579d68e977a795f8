//! Where the files of a context end up in the image.

use std::collections::HashSet;
use std::ops::Range;

use serde::Serialize;

use super::stage::{Base, Stage};
use super::take::{Take, Way};
use super::{Model, Value};
use crate::ast::{Instruction, Kind, Word};
use crate::context::path::{below_root, join, split, strip};
use crate::context::wildcard::{has_wildcard, matches};
use crate::context::{Context, EntryKind, Listing};
use crate::dockerignore::{Ignore, ParentResults, PatternError};

/// Where each file of a context ends up, in whichever stage.
///
/// ```
/// use plimsoll::context::{Context, Options};
/// use plimsoll::semantic::{Landings, Model, Place};
///
/// let directory = tempfile::tempdir()?;
/// std::fs::create_dir(directory.path().join("public"))?;
/// std::fs::write(directory.path().join("public/main.css"), "")?;
/// let context = Context::open(directory.path(), &Options::default())?;
///
/// let parsed = plimsoll::parse("FROM node:22\nWORKDIR /app\nCOPY . .\n");
/// let model = Model::build(&parsed.dockerfile);
/// let landings = Landings::new(&model, &context);
/// let number = context.listing().position(b"public/main.css").unwrap();
/// assert_eq!(landings.of(number)[0].place, Place::At("/app/public/main.css".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Landings<'d, 'a> {
    /// What takes files of the context, in order of the stages.
    pub takes: Vec<Take<'d, 'a>>,
    /// Where they land, in order of the entries.
    pub landings: Vec<Landing>,
    /// What is taken, but can't be.
    pub problems: Vec<TakeProblem<'d, 'a>>,
}

/// Where an entry of a context ends up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Landing {
    /// The number of the entry, in the order sent.
    pub entry: usize,
    /// Which of the takes it is.
    pub take: usize,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Whether that is sure; an `--exclude` whose variables are unknown may leave it out.
    pub certain: bool,
}

/// A place in the image. Bytes of paths that are not UTF-8 are U+FFFD.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "place", content = "path")]
pub enum Place {
    /// An absolute path.
    At(String),
    /// One of two: whether the image has a directory at the destination is not known, since somebody else built it or a
    /// command did.
    Either {
        /// Where it is if there is such a directory.
        inside: String,
        /// Where it is if there is none.
        otherwise: String,
    },
    /// It is an archive, and what it holds is put into this directory.
    UnpackedInto(String),
    /// It is compressed: if there is a tar archive inside, it is unpacked into the directory, else it is a file there.
    MaybeUnpackedInto(String),
    /// The destination depends on variables that are not known.
    Unknown,
}

/// What is taken, but can't be: the build fails.
#[derive(Clone, Debug)]
pub struct TakeProblem<'d, 'a> {
    /// Which of the takes it is.
    pub take: usize,
    /// The source or the pattern.
    pub word: Option<&'d Word<'a>>,
    /// What is wrong with it.
    pub kind: TakeProblemKind,
}

/// What is wrong with what is taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TakeProblemKind {
    /// There is nothing of that name in the context.
    Missing {
        /// The path from the root of the context.
        path: Vec<u8>,
    },
    /// It has wildcards, and nothing matches them. The build goes on.
    NothingMatches,
    /// BuildKit does not take the pattern of an `--exclude` or a `--parents`.
    Pattern(PatternError),
}

impl<'d, 'a> Landings<'d, 'a> {
    /// Finds out where the files of `context` land.
    #[must_use]
    pub fn new(model: &Model<'d, 'a>, context: &Context) -> Self {
        let takes = model.takes();
        let mut finder = Finder { context, listing: context.listing(), landings: Vec::new(), problems: Vec::new() };
        let mut images: Vec<Image> = Vec::with_capacity(model.stages.len());
        let mut next = takes.iter().enumerate().peekable();
        for stage in &model.stages {
            let mut image = Image::of(stage, &images);
            for (instruction, triggered) in instructions(stage) {
                let mut took = false;
                while let Some((number, take)) =
                    next.next_if(|(_, take)| take.stage == stage.index && std::ptr::eq(take.instruction, instruction))
                {
                    took = true;
                    finder.land(number, take, &mut image, &images);
                }
                if !took {
                    image.run(model, instruction, triggered);
                }
            }
            images.push(image);
        }
        let Finder { mut landings, problems, .. } = finder;
        landings.sort_by_key(|landing| (landing.entry, landing.take));
        Self { takes, landings, problems }
    }

    /// Where an entry ends up.
    #[must_use]
    pub fn of(&self, entry: usize) -> &[Landing] {
        let first = self.landings.partition_point(|landing| landing.entry < entry);
        let end = self.landings.partition_point(|landing| landing.entry <= entry);
        self.landings.get(first..end).unwrap_or_default()
    }
}

/// The instructions of a stage, and whether they are triggered.
fn instructions<'s, 'd, 'a>(
    stage: &'s Stage<'d, 'a>,
) -> impl Iterator<Item = (&'d Instruction<'a>, Option<&'s super::Trigger<'d, 'a>>)> {
    let triggered = stage.triggers.iter().map(|trigger| (trigger.instruction, Some(trigger)));
    triggered.chain(stage.body.iter().map(|instruction| (instruction, None)))
}

/// What is known of the directories of an image while it is built.
struct Image {
    base: Option<usize>,
    directories: HashSet<Vec<u8>>,
    /// Whether there are no others.
    complete: bool,
}

impl Image {
    /// Stages that build on each other are looked through up to this depth.
    const DEPTH: usize = 64;

    fn of(stage: &Stage<'_, '_>, images: &[Self]) -> Self {
        let base = match stage.base {
            Base::Stage(base) => Some(base),
            _ => None,
        };
        let complete = match stage.base {
            Base::Scratch => true,
            Base::Stage(base) => images.get(base).is_some_and(|image| image.complete),
            Base::Image | Base::Unknown => false,
        };
        Self { base, directories: HashSet::new(), complete }
    }

    /// Whether there is a directory; `None` where that is not known.
    fn has(&self, path: &[u8], images: &[Self]) -> Option<bool> {
        if path.is_empty() {
            return Some(true);
        }
        let mut image = self;
        for _ in 0..Self::DEPTH {
            if image.directories.contains(path) {
                return Some(true);
            }
            match image.base.and_then(|base| images.get(base)) {
                Some(base) => image = base,
                None => return self.complete.then_some(false),
            }
        }
        None
    }

    /// Remembers a directory and those that hold it.
    fn add(&mut self, path: &[u8]) {
        let mut path = path;
        while !path.is_empty() && self.directories.insert(path.to_vec()) {
            path = split(path).0;
        }
    }

    /// Takes in what an instruction does that takes nothing of the context.
    fn run<'d, 'a>(
        &mut self,
        model: &Model<'d, 'a>,
        instruction: &'d Instruction<'a>,
        trigger: Option<&super::Trigger<'d, 'a>>,
    ) {
        let resolve = |word: &str| {
            let point = trigger.map(|trigger| model.at_trigger(trigger)).or_else(|| model.at(instruction));
            point.and_then(|point| point.resolve(word).known().map(|path| below_root(path.as_bytes())))
        };
        match &instruction.kind {
            Kind::Workdir(workdir) => match resolve(&workdir.path) {
                Some(path) => self.add(&path),
                None => self.complete = false,
            },
            Kind::Copy(copy) => {
                self.complete = false;
                if copy.destination.ends_with('/')
                    && let Some(path) = resolve(&copy.destination)
                {
                    self.add(&path);
                }
            }
            Kind::Add(_) | Kind::Run(_) | Kind::Malformed(_) => self.complete = false,
            _ => {}
        }
    }
}

struct Finder<'c, 'd, 'a> {
    context: &'c Context,
    listing: &'c Listing,
    landings: Vec<Landing>,
    problems: Vec<TakeProblem<'d, 'a>>,
}

/// What a directory of the context goes through on its way into the image.
struct Sieve {
    include: Option<Ignore>,
    exclude: Option<Ignore>,
    /// Whether there are patterns that are not known.
    uncertain: bool,
}

impl<'d, 'a> Finder<'_, 'd, 'a> {
    /// Finds out what a take takes, and where it puts it.
    fn land(&mut self, number: usize, take: &Take<'d, 'a>, image: &mut Image, images: &[Image]) {
        let destination = take.destination.known().map(|path| below_root(path.as_bytes()));
        if let Some(destination) = &destination
            && take.way != Way::Mount
        {
            image.add(if take.into_directory { destination } else { split(destination).0 });
        }
        for source in &take.sources {
            let Some(path) = source.path.known() else {
                image.complete = false;
                continue;
            };
            let (base, include) = base_and_pattern(path, take.parents);
            let sieve = self.sieve(number, take, source.word, include);
            let found = match take.way {
                Way::Mount => vec![below_root(base)],
                _ => resolve_wildcards(self.listing, base),
            };
            if found.is_empty() {
                self.problems.push(TakeProblem {
                    take: number,
                    word: source.word,
                    kind: TakeProblemKind::NothingMatches,
                });
            }
            for path in found {
                match resolve_links(self.listing, &path) {
                    Some((_, EntryKind::Directory, real)) => {
                        self.land_directory(number, take, &real, destination.as_deref(), &sieve, image);
                    }
                    Some((Some(entry), _, real)) => {
                        let place = match &destination {
                            Some(destination) => self.file_place(take, &path, &real, destination, image, images),
                            None => Place::Unknown,
                        };
                        image.complete &= destination.is_some();
                        self.landings.push(Landing { entry, take: number, place, certain: true });
                    }
                    _ => {
                        let kind = TakeProblemKind::Missing { path };
                        self.problems.push(TakeProblem { take: number, word: source.word, kind });
                    }
                }
            }
        }
    }

    fn sieve(
        &mut self,
        number: usize,
        take: &Take<'d, 'a>,
        word: Option<&'d Word<'a>>,
        include: Option<Vec<u8>>,
    ) -> Sieve {
        let mut compile = |patterns: Vec<Vec<u8>>| match Ignore::from_patterns(patterns) {
            Ok(ignore) => Some(ignore),
            Err(error) => {
                self.problems.push(TakeProblem { take: number, word, kind: TakeProblemKind::Pattern(error) });
                None
            }
        };
        let excludes = take.excludes.iter().filter_map(Value::known).map(|pattern| pattern.as_bytes().to_vec());
        let excludes: Vec<Vec<u8>> = excludes.collect();
        Sieve {
            uncertain: excludes.len() < take.excludes.len(),
            include: include.and_then(|pattern| compile(vec![pattern])),
            exclude: if excludes.is_empty() { None } else { compile(excludes) },
        }
    }

    /// The content of a directory goes into the destination, in whatever way that is written.
    fn land_directory(
        &mut self,
        number: usize,
        take: &Take<'d, 'a>,
        directory: &[u8],
        destination: Option<&[u8]>,
        sieve: &Sieve,
        image: &mut Image,
    ) {
        match destination {
            Some(destination) if take.way != Way::Mount => image.add(destination),
            Some(_) => {}
            None => image.complete = false,
        }
        let place = |path: &[u8]| match destination {
            Some(destination) => Place::At(text(&join(destination, path))),
            None => Place::Unknown,
        };
        let mut put = |landings: &mut Vec<Landing>, entry: usize, path: &[u8], kind: EntryKind| {
            landings.push(Landing { entry, take: number, place: place(path), certain: !sieve.uncertain });
            if let (EntryKind::Directory, Some(destination)) = (kind, destination) {
                image.add(&join(destination, path));
            }
        };
        // The directories that an entry is in, and whether they are put in already.
        let mut above: Vec<Above> = Vec::new();
        for entry in self.listing.below(directory) {
            let Some(found) = self.listing.get(entry) else { continue };
            let Some(path) = strip(found.path, directory) else { continue };
            while above.pop_if(|above| strip(path, &above.path).is_none()).is_some() {}
            let parent = above.last();
            let (included, include) = ask(sieve.include.as_ref(), path, parent.map(|above| &above.include), true);
            let (excluded, exclude) = ask(sieve.exclude.as_ref(), path, parent.map(|above| &above.exclude), false);
            let kept = included && !excluded;
            if kept {
                for above in above.iter_mut().filter(|above| !above.put) {
                    above.put = true;
                    put(&mut self.landings, above.entry, &above.path, EntryKind::Directory);
                }
                put(&mut self.landings, entry, path, found.kind);
            }
            if found.kind == EntryKind::Directory {
                above.push(Above { entry, path: path.to_vec(), put: kept, include, exclude });
            }
        }
    }

    /// Where a file goes, or what is none and no directory.
    fn file_place(
        &self,
        take: &Take<'_, '_>,
        path: &[u8],
        real: &[u8],
        destination: &[u8],
        image: &mut Image,
        images: &[Image],
    ) -> Place {
        if take.way == Way::Mount {
            return Place::At(text(destination));
        }
        if matches!(take.way, Way::Add { unpack: true }) {
            match archive(&self.context.root().join(&*String::from_utf8_lossy(real))) {
                Archive::Tar => {
                    image.complete = false;
                    image.add(destination);
                    return Place::UnpackedInto(text(destination));
                }
                Archive::Compressed => {
                    image.complete = false;
                    return Place::MaybeUnpackedInto(text(destination));
                }
                Archive::None => {}
            }
        }
        let inside = join(destination, split(path).1);
        match if take.into_directory { Some(true) } else { image.has(destination, images) } {
            Some(true) => Place::At(text(&inside)),
            Some(false) => Place::At(text(destination)),
            None => Place::Either { inside: text(&inside), otherwise: text(destination) },
        }
    }
}

struct Above {
    entry: usize,
    path: Vec<u8>,
    put: bool,
    include: ParentResults,
    exclude: ParentResults,
}

/// Whether patterns match a path, or `without` where there are none.
fn ask(patterns: Option<&Ignore>, path: &[u8], parent: Option<&ParentResults>, without: bool) -> (bool, ParentResults) {
    let mut results = ParentResults::default();
    let Some(patterns) = patterns else { return (without, results) };
    let root = patterns.root();
    let matched = patterns.walk(path, parent.unwrap_or(&root), &mut results).unwrap_or(false);
    (matched, results)
}

/// A path in the image.
fn text(below_root: &[u8]) -> String {
    format!("/{}", String::from_utf8_lossy(below_root))
}

/// What is copied from, and with `--parents` the pattern of what is copied: `/./` stands between them, and without it all is
/// pattern.
pub(super) fn base_and_pattern(path: &str, parents: bool) -> (&[u8], Option<Vec<u8>>) {
    match (parents, path.split_once("/./")) {
        (false, _) => (path.as_bytes(), None),
        (true, Some((base, pattern))) => (base.as_bytes(), Some(below_root(pattern.as_bytes()))),
        (true, None) => (b"", Some(below_root(path.as_bytes()))),
    }
}

/// The parts of a path before and after its first name with a wildcard.
pub(super) fn split_wildcards(path: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    let path = below_root(path);
    let names: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
    match names.iter().position(|name| has_wildcard(name)) {
        Some(first) => (
            names.get(..first).unwrap_or_default().join(&b'/'),
            Some(names.get(first..).unwrap_or_default().join(&b'/')),
        ),
        None => (path, None),
    }
}

/// The paths that a source stands for; without wildcards that is itself, whether there is such a path or not.
fn resolve_wildcards(listing: &Listing, source: &[u8]) -> Vec<Vec<u8>> {
    let (base, pattern) = split_wildcards(source);
    let Some(pattern) = pattern else { return vec![base] };
    let Some((_, EntryKind::Directory, base)) = resolve_links(listing, &base) else { return Vec::new() };
    let mut found = Vec::new();
    let Range { mut start, end } = listing.below(&base);
    while start < end {
        let Some(entry) = listing.get(start) else { break };
        start += 1;
        if strip(entry.path, &base).is_some_and(|path| matches(&pattern, path)) {
            found.push(entry.path.to_vec());
            if entry.kind == EntryKind::Directory {
                // All of it is taken with it.
                start = listing.below(entry.path).end.max(start);
            }
        }
    }
    found
}

/// Follows links within the context: the number of the entry, none for the root, what it is, and its path.
fn resolve_links(listing: &Listing, path: &[u8]) -> Option<(Option<usize>, EntryKind, Vec<u8>)> {
    /// As many as Go follows.
    const MOST: usize = 255;
    let mut path = below_root(path);
    for _ in 0..=MOST {
        if path.is_empty() {
            return Some((None, EntryKind::Directory, path));
        }
        // The first part that is a link, if there is one.
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at).chain([path.len()]);
        let mut link = None;
        let mut last = None;
        for end in ends {
            let part = path.get(..end).unwrap_or_default();
            let number = listing.position(part)?;
            let entry = listing.get(number)?;
            if entry.kind == EntryKind::Link {
                link = Some((end, entry.target?));
                break;
            }
            last = Some((number, entry.kind));
        }
        let Some((end, target)) = link else {
            let (number, kind) = last?;
            return Some((Some(number), kind, path));
        };
        let rest = path.get(end..).unwrap_or_default();
        let directory = if target.starts_with(b"/") { b"" } else { split(path.get(..end).unwrap_or_default()).0 };
        path = below_root(&[directory, b"/", target, rest].concat());
    }
    None
}

enum Archive {
    None,
    Tar,
    Compressed,
}

/// Whether a file is an archive, by how it begins, as BuildKit sees it; its name does not matter.
fn archive(path: &std::path::Path) -> Archive {
    use std::io::Read;

    const COMPRESSED: [&[u8]; 4] = [b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];
    let mut start = Vec::with_capacity(512);
    let is_file = std::fs::metadata(path).is_ok_and(|status| status.is_file());
    let read = is_file && std::fs::File::open(path).is_ok_and(|file| file.take(512).read_to_end(&mut start).is_ok());
    if !read {
        return Archive::None;
    }
    if COMPRESSED.iter().any(|magic| start.starts_with(magic)) {
        return Archive::Compressed;
    }
    // The header's checksum counts its own eight bytes as blanks.
    let written = start.get(148..156).and_then(|digits| std::str::from_utf8(digits).ok());
    let written = written.and_then(|digits| u64::from_str_radix(digits.trim_matches([' ', '\0']), 8).ok());
    let counted =
        start.iter().enumerate().map(|(at, byte)| u64::from(if (148..156).contains(&at) { b' ' } else { *byte }));
    if start.len() == 512 && written == Some(counted.sum()) { Archive::Tar } else { Archive::None }
}
