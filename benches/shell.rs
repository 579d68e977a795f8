//! How fast scripts are read: `cargo bench --bench shell`.
//!
//! In one run, in bytes per second: all scripts of the recorded Dockerfiles, and, to compare with, the parser on the files that
//! they are in; and hostile scripts, each kind at three sizes, where the throughput of all three must be about the same.
//!
//! The Dockerfiles are found by `PLIMSOLL_CONFORMANCE`, else in `../shared/conformance`.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use plimsoll::ast::Kind;
use plimsoll::shell::{Interpreter, Script, Text, scripts};
use plimsoll::{Parsed, parse};

/// The texts of the recorded Dockerfiles.
fn texts() -> Vec<String> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let folder = std::env::var_os("PLIMSOLL_CONFORMANCE").map_or(default, PathBuf::from).join("dockerfiles");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok()).collect()
}

fn read_all(parsed: &Parsed<'_>) -> usize {
    let mut count = 0;
    for instruction in &parsed.dockerfile.instructions {
        if let Kind::Run(run) = &instruction.kind {
            count += scripts(&run.command, &run.heredocs, Interpreter::default(), &|_| None).len();
        }
    }
    count
}

fn corpus(criterion: &mut Criterion) {
    let texts = texts();
    let parsed: Vec<Parsed<'_>> = texts.iter().map(|text| parse(text)).collect();
    let bytes: usize = parsed
        .iter()
        .flat_map(|parsed| &parsed.dockerfile.instructions)
        .filter(|instruction| matches!(instruction.kind, Kind::Run(_)))
        .map(|instruction| instruction.span.len() as usize)
        .sum();
    let mut group = criterion.benchmark_group("corpus");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("scripts", |bencher| {
        bencher.iter(|| parsed.iter().map(|parsed| read_all(black_box(parsed))).sum::<usize>());
    });
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("files", |bencher| {
        bencher.iter(|| texts.iter().map(|text| parse(black_box(text)).errors.len()).sum::<usize>());
    });
    group.finish();
}

fn hostile(criterion: &mut Criterion) {
    let kinds = [
        ("one long line", "apt-get install -y curl && "),
        ("subshells", "("),
        ("substitutions", "$("),
        ("quoted substitutions", "\"$("),
        ("quotes", "\"a' "),
        ("pipes", "|"),
        ("defaults", "${a:-"),
        ("loops", "for i in a; do "),
        ("assignments", "a=$b$b;b=$a;"),
        ("wrappers", "sudo "),
        ("heredocs", "$(cat <<a\n"),
        ("arithmetic", "$(("),
    ];
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    for (name, part) in kinds {
        for size in [62_500, 250_000, 1_000_000] {
            let text = part.repeat(size / part.len());
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(name, size), &text, |bencher, text| {
                bencher.iter(|| Script::read(Text::plain(black_box(text), 0), Interpreter::default(), &|_| None));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, corpus, hostile);
criterion_main!(benches);
