//! What holds for the tree of any text. Checked on the corpus, on hostile files and by fuzzing.

use std::collections::HashSet;

use crate::ast::{Dockerfile, Flag, FlagKind, ItemKind, Kind, Word};
use crate::parse::Parsed;
use crate::source::Span;

/// What does not hold for `parsed`: nothing, unless there is a defect.
///
/// - The texts of the items, one after another, are the text.
/// - Every span is in bounds and begins and ends between characters.
/// - Instructions, comments and errors are in order; what belongs to an instruction stands in it.
/// - No error is noted twice.
#[must_use]
pub fn violations(parsed: &Parsed<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let dockerfile = &parsed.dockerfile;
    items(dockerfile, &mut found);
    let text = dockerfile.text;
    let mut check = |what: &str, span: Span, within: Span| {
        if text.get(span.range()).is_none() {
            found.push(format!("{what} at {span:?} is out of bounds or splits a character"));
        } else if !within.contains(span) {
            found.push(format!("{what} at {span:?} is not in {within:?}"));
        }
    };
    let all = Span::of_range(0..text.len());
    let mut last = 0;
    for instruction in &dockerfile.instructions {
        check("an instruction", instruction.span, all);
        check("a header", instruction.header, instruction.span);
        check("a keyword", instruction.keyword.span, instruction.header);
        check("an instruction in order", Span::empty(instruction.span.start), Span::new(last, all.end));
        last = instruction.span.end;
        words(&instruction.kind, &mut |word| check("a word", word.span, instruction.header));
        for flag in instruction.flags() {
            check("a flag", flag.span, instruction.header);
        }
        for heredoc in instruction.heredocs() {
            check("a marker", heredoc.marker, instruction.header);
            check("a body", heredoc.body, all);
        }
    }
    for comment in &dockerfile.comments {
        check("a comment", comment.span, all);
    }
    for directive in &dockerfile.directives {
        check("a directive", directive.span, all);
        check("a directive's value", directive.value.span, directive.span);
    }
    let mut last = 0;
    for error in &parsed.errors {
        check("an error", error.span, all);
        check("an error in order", Span::empty(error.span.start), Span::new(last, all.end));
        last = error.span.start;
    }
    let mut noted = HashSet::new();
    found.extend(
        parsed
            .errors
            .iter()
            .filter(|error| !noted.insert(format!("{error:?}")))
            .map(|error| format!("twice: {error:?}")),
    );
    found
}

fn items(dockerfile: &Dockerfile<'_>, found: &mut Vec<String>) {
    let mut end = 0;
    let (mut comments, mut directives, mut instructions) = (0, 0, 0);
    for item in &dockerfile.items {
        if item.span.start != end || item.span.is_empty() {
            found.push(format!("the item at {:?} does not follow the one that ends at {end}", item.span));
        }
        end = item.span.end;
        let (span, counted, index) = match item.kind {
            ItemKind::ByteOrderMark | ItemKind::Blank => continue,
            ItemKind::Comment(index) => {
                (dockerfile.comments.get(index as usize).map(|comment| comment.span), &mut comments, index)
            }
            ItemKind::Directive(index) => {
                (dockerfile.directives.get(index as usize).map(|directive| directive.span), &mut directives, index)
            }
            ItemKind::Instruction(index) => {
                let instruction = dockerfile.instructions.get(index as usize);
                (instruction.map(|instruction| instruction.span), &mut instructions, index)
            }
        };
        if span.is_none_or(|span| !item.span.contains(span)) || index < *counted {
            found.push(format!("the item at {:?} does not hold what it names: {:?}", item.span, item.kind));
        }
        *counted = index + 1;
    }
    if end as usize != dockerfile.text.len() {
        found.push(format!("the items end at {end}, the text at {}", dockerfile.text.len()));
    }
}

/// Calls `each` with the words of an instruction that stand in its header.
fn words<'k, 'a>(kind: &'k Kind<'a>, each: &mut impl FnMut(&'k Word<'a>)) {
    let mut flags = |flags: &'k [Flag<'a>]| {
        for flag in flags {
            each(&flag.name);
            flag.value.iter().for_each(&mut *each);
            if let FlagKind::Mount(mount) = &flag.kind {
                mount
                    .options
                    .iter()
                    .flat_map(|option| [Some(&option.key), option.value.as_ref()])
                    .flatten()
                    .for_each(&mut *each);
            }
        }
    };
    flags(kind.flags());
    match kind {
        Kind::Add(add) => add.sources.iter().map(|source| source.word()).chain([&add.destination]).for_each(each),
        Kind::Arg(arg) => arg.items.iter().flat_map(|item| [&item.word, &item.name]).for_each(each),
        Kind::Cmd(cmd) => cmd.command.words().iter().for_each(each),
        Kind::Copy(copy) => copy.sources.iter().map(|source| source.word()).chain([&copy.destination]).for_each(each),
        Kind::Entrypoint(entrypoint) => entrypoint.command.words().iter().for_each(each),
        Kind::Env(env) => env.pairs.iter().flat_map(|pair| [&pair.key, &pair.value]).for_each(each),
        Kind::Label(label) => label.pairs.iter().flat_map(|pair| [&pair.key, &pair.value]).for_each(each),
        Kind::Expose(expose) => expose.ports.iter().map(|port| &port.word).for_each(each),
        Kind::From(from) => {
            let image = &from.image;
            [Some(&image.word), image.registry.as_ref(), Some(&image.name), image.tag.as_ref(), image.digest.as_ref()]
                .into_iter()
                .chain([from.as_keyword.as_ref(), from.name.as_ref()])
                .flatten()
                .for_each(each);
        }
        Kind::Healthcheck(healthcheck) => each(&healthcheck.kind),
        Kind::Maintainer(maintainer) => each(&maintainer.name),
        // An ONBUILD's inner instruction is never an ONBUILD, so this goes one level deep.
        Kind::Onbuild(onbuild) => {
            onbuild.chain.iter().map(|prefix| &prefix.keyword).for_each(&mut *each);
            if let Some(inner) = onbuild.instruction.as_deref()
                && !matches!(inner.kind, Kind::Onbuild(_))
            {
                each(&inner.keyword);
            }
        }
        Kind::Run(run) => run.command.words().iter().for_each(each),
        Kind::Shell(shell) => shell.words.iter().for_each(each),
        Kind::Stopsignal(stopsignal) => each(&stopsignal.signal),
        Kind::User(user) => each(&user.user),
        Kind::Volume(volume) => volume.paths.iter().for_each(each),
        Kind::Workdir(workdir) => each(&workdir.path),
        Kind::Malformed(malformed) => malformed.words.iter().for_each(each),
    }
}
