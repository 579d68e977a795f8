//! The walk through a context beside what the system needs at least, and beside other walkers.
//!
//! The trees are those of the folder that `PLIMSOLL_TREES` names, else of `target/trees`, one directory each with an ignore
//! file in it: `python3 ../shared/bench/mktrees.py target/trees` writes three.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used, reason = "a benchmark that can't read its trees fails")]

use std::ffi::{CString, OsStr};
use std::hint::black_box;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use plimsoll::context::{Context, Options, unpruned};
use plimsoll::dockerignore::{Ignore, IgnoreFile};

/// A directory and those in it that are entered.
struct Floor {
    name: CString,
    directories: Vec<Floor>,
}

impl Floor {
    /// All directories at or below `path` that `enters` lets in.
    fn new(path: &Path, enters: &dyn Fn(&Path) -> bool) -> Self {
        let mut directories: Vec<PathBuf> = std::fs::read_dir(path)
            .unwrap()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().unwrap().is_dir())
            .map(|entry| entry.path())
            .filter(|path| enters(path))
            .collect();
        directories.sort();
        let name = path.file_name().unwrap().as_encoded_bytes();
        let name = CString::new(name).unwrap();
        Self { name, directories: directories.iter().map(|path| Self::new(path, enters)).collect() }
    }

    /// Opens each directory relative to its parent, lets the system fill a buffer with what is in it, and counts.
    #[cfg(target_os = "linux")]
    fn count(&self, root: &Path) -> usize {
        use rustix::fs::{CWD, Mode, OFlags, RawDir, openat};

        fn read(fd: &rustix::fd::OwnedFd, directory: &Floor, buffer: &mut Vec<u8>) -> usize {
            let mut count = 0;
            let mut entries = RawDir::new(fd, buffer.spare_capacity_mut());
            while let Some(entry) = entries.next() {
                black_box(entry.unwrap().file_type());
                count += 1;
            }
            for directory in &directory.directories {
                let fd = openat(fd, &directory.name, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
                count += read(&fd, directory, buffer);
            }
            count
        }

        let fd = openat(CWD, root, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
        read(&fd, self, &mut Vec::with_capacity(32 << 10))
    }

    #[cfg(not(target_os = "linux"))]
    fn count(&self, root: &Path) -> usize {
        let own = std::fs::read_dir(root).unwrap().count();
        let below = |directory: &Floor| directory.count(&root.join(directory.name.to_str().unwrap()));
        own + self.directories.iter().map(below).sum::<usize>()
    }
}

fn std_walk(root: &Path) -> usize {
    let mut count = 0;
    let mut directories = vec![root.to_path_buf()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory).unwrap() {
            let entry = entry.unwrap();
            count += 1;
            if entry.file_type().unwrap().is_dir() {
                directories.push(entry.path());
            }
        }
    }
    count
}

fn trees() -> Vec<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/trees");
    let folder = std::env::var_os("PLIMSOLL_TREES").map_or(default, PathBuf::from);
    let mut trees: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}; `mktrees.py` writes the trees", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    trees.sort();
    trees
}

fn benches(criterion: &mut Criterion) {
    for tree in trees() {
        let name = tree.file_name().unwrap_or(OsStr::new("tree")).to_string_lossy().into_owned();
        let one = NonZero::<usize>::MIN;
        let two = one.saturating_add(1);
        let file = std::fs::read(tree.join(".dockerignore")).unwrap_or_default();
        let ignore = Ignore::new(&IgnoreFile::parse_bytes(".dockerignore", &file)).unwrap();
        let all = Floor::new(&tree, &|_| true);
        // A directory that is entered is none of which the matcher says that nothing in it can be kept.
        let pruned = Floor::new(&tree, &|path| {
            let path = path.strip_prefix(&tree).unwrap().as_os_str().as_encoded_bytes();
            !ignore.decide(path).unwrap().ignored || ignore.may_keep_below(path)
        });
        let open = |sizes, threads| {
            let options = Options { sizes, threads, ..Options::default() };
            Context::open(&tree, &options).unwrap().listing().len()
        };
        let mut group = criterion.benchmark_group(&name);
        group.sample_size(20).throughput(Throughput::Elements(all.count(&tree) as u64));
        group.bench_function("floor, all entered", |b| b.iter(|| all.count(&tree)));
        group.bench_function("floor, no ignored entered", |b| b.iter(|| pruned.count(&tree)));
        group.bench_function("ours", |b| b.iter(|| open(false, one)));
        group.bench_function("ours, two threads", |b| b.iter(|| open(false, two)));
        group.bench_function("ours, with sizes", |b| b.iter(|| open(true, one)));
        group.bench_function("ours, with sizes, two threads", |b| b.iter(|| open(true, two)));
        group.bench_function("ours, no ignore file", |b| b.iter(|| unpruned(&tree, None, false, one).unwrap().len()));
        group.bench_function("std::fs::read_dir", |b| b.iter(|| std_walk(&tree)));
        group.bench_function("walkdir", |b| {
            b.iter(|| walkdir::WalkDir::new(&tree).into_iter().map(Result::unwrap).count())
        });
        group.bench_function("walkdir, sorted", |b| {
            b.iter(|| walkdir::WalkDir::new(&tree).sort_by_file_name().into_iter().map(Result::unwrap).count());
        });
        group.bench_function("ignore, bare", |b| {
            b.iter(|| {
                let walk = ignore::WalkBuilder::new(&tree).standard_filters(false).follow_links(false).build();
                walk.map(Result::unwrap).count()
            });
        });
        group.finish();
    }
}

criterion_group!(context, benches);
criterion_main!(context);
