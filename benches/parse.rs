//! How fast text becomes a tree: `cargo bench --bench parse`.
//!
//! In one run, in bytes per second: a plain scan for line feeds (no parser is faster), the crate `parse-dockerfile`, and
//! this crate, on the recorded Dockerfiles and on a file of about 1 MB made of them; and this crate on hostile files, each
//! kind at four sizes, where the throughput of all four must be about the same.
//!
//! The Dockerfiles are found by `PLIMSOLL_CONFORMANCE`, else in `../shared/conformance`; the generator of hostile files by
//! `PLIMSOLL_BENCH`, else in `../shared/bench`.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn folder(variable: &str, name: &str) -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    std::env::var_os(variable).map_or(default, PathBuf::from)
}

/// The texts of the files in a folder, by name.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut texts: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.to_owned(), std::fs::read_to_string(path).ok()?))
        })
        .collect();
    texts.sort();
    texts
}

/// A plain scan for lines.
fn lines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).fold(0, |sum, feed| sum ^ feed)
}

fn is_accepted(text: &str) -> bool {
    parse_dockerfile::parse(text).is_ok() && plimsoll::parse(text).errors.is_empty()
}

/// Texts, one after the other, as one of about `length` bytes that both parsers accept. What one of them rejects in the
/// middle would flatter it, for it stops there.
fn joined(texts: &[&str], length: usize) -> String {
    // No stage may have the name of an earlier one, a directive would hold for all that follows, and a continuation at the
    // end would swallow the next line.
    let joinable = |text: &&&str| {
        let names_stages = text.to_ascii_uppercase().contains(" AS ");
        let has_directives = !plimsoll::parse(text).dockerfile.directives.is_empty();
        !names_stages && !has_directives && !text.trim_end().ends_with('\\')
    };
    let mut joined = String::new();
    for text in texts.iter().filter(joinable).cycle().take(16 * texts.len()) {
        let before = joined.len();
        joined.push_str(text);
        joined.push('\n');
        if joined.len() > length {
            return joined;
        }
        if !is_accepted(&joined) {
            joined.truncate(before);
        }
    }
    joined
}

fn corpus(criterion: &mut Criterion) {
    let texts = texts(&folder("PLIMSOLL_CONFORMANCE", "conformance").join("dockerfiles"));
    // What the other parser rejects at its first error would flatter it.
    let texts: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).filter(|text| is_accepted(text)).collect();
    if texts.is_empty() {
        return;
    }
    let joined = joined(&texts, 1_000_000);
    let one = [joined.as_str()];
    for (name, texts) in [("corpus", texts.as_slice()), ("one file of 1 MB", &one)] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
        group.bench_function("line scan", |bencher| {
            bencher.iter(|| texts.iter().map(|text| lines(black_box(text))).fold(0, |sum, lines| sum ^ lines));
        });
        group.bench_function("parse-dockerfile", |bencher| {
            bencher.iter(|| {
                for text in texts {
                    black_box(parse_dockerfile::parse(black_box(text)).ok());
                }
            });
        });
        group.bench_function("plimsoll", |bencher| {
            bencher.iter(|| {
                for text in texts {
                    black_box(plimsoll::parse(black_box(text)));
                }
            });
        });
        group.finish();
    }
}

fn hostile(criterion: &mut Criterion) {
    let generator = folder("PLIMSOLL_BENCH", "bench").join("mkadv.py");
    let hostile = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/hostile");
    let made = Command::new("python3").arg(generator).arg(&hostile).output();
    if !made.is_ok_and(|output| output.status.success()) {
        return;
    }
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    for (name, text) in texts(&hostile) {
        let (kind, size) = name.split_once('.').unwrap_or((&name, ""));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new(kind, size), &text, |bencher, text| {
            bencher.iter(|| plimsoll::parse(black_box(text)));
        });
    }
    group.finish();
}

criterion_group!(benches, corpus, hostile);
criterion_main!(benches);
