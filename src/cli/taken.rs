use std::io::{self, Write};

use serde::Serialize;

use super::context::readable;
use crate::ast::Kind;
use crate::context::{Context, Listing, Totals};
use crate::semantic::{Landing, Landings, Model, Place, Take, TakeProblem, TakeProblemKind, Way};
use crate::size::counted;
use crate::source::LineIndex;

/// What a Dockerfile takes of a context.
pub(super) struct Taken<'d, 'a> {
    name: &'d str,
    model: &'d Model<'d, 'a>,
    lines: LineIndex,
    landings: Landings<'d, 'a>,
    /// What BuildKit sends; none where that is not known, or nothing can be sent.
    pub(super) sent: Option<Listing>,
    /// Why it is not known.
    unknown: Option<String>,
}

/// Where an entry lands.
#[derive(Serialize)]
pub(super) struct Landed<'l> {
    #[serde(flatten)]
    place: &'l Place,
    /// The name of the stage, else its number.
    stage: String,
    /// The line of the instruction, from 1.
    line: u32,
    certain: bool,
    /// How it gets there.
    way: &'static str,
}

/// What is printed of a Dockerfile. Fields are only ever added.
#[derive(Serialize)]
pub(super) struct Json<'t> {
    path: &'t str,
    /// How much is sent; null where that is not known.
    sent: Option<Totals>,
    unknown: Option<&'t str>,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    line: u32,
    message: String,
}

impl<'d, 'a> Taken<'d, 'a> {
    pub(super) fn new(name: &'d str, model: &'d Model<'d, 'a>, context: &Context) -> Self {
        let lines = LineIndex::new(model.dockerfile.text);
        let landings = Landings::new(model, context);
        let asked = model.asked(&landings.takes);
        let mut unknown = asked.has_unknown.then(|| {
            let sources = landings.takes.iter().flat_map(|take| &take.sources);
            let word = sources.filter(|source| source.path.known().is_none()).find_map(|source| source.word);
            word.map_or_else(String::new, |word| {
                format!("line {} takes `{}`, and the value is not known", lines.line(word.span.start), word.as_str())
            })
        });
        let mut sent = None;
        if unknown.is_none() {
            match context.transfer(asked.known.iter().map(|path| path.as_bytes())) {
                Ok(listing) => sent = Some(listing),
                Err(error) => unknown = Some(error.to_string()),
            }
        }
        Self { name, model, lines, landings, sent, unknown }
    }

    /// Where an entry lands.
    pub(super) fn landed(&self, entry: usize) -> Vec<Landed<'_>> {
        self.landings.of(entry).iter().filter_map(|landing| self.landing(landing)).collect()
    }

    fn landing<'l>(&self, landing: &'l Landing) -> Option<Landed<'l>> {
        let take = self.landings.takes.get(landing.take)?;
        let way = match take.way {
            Way::Copy => "copy",
            Way::Add { .. } => "add",
            Way::Mount => "mount",
        };
        Some(Landed {
            place: &landing.place,
            stage: self.stage(take),
            line: self.line(take),
            certain: landing.certain,
            way,
        })
    }

    fn line(&self, take: &Take<'_, '_>) -> u32 {
        self.lines.line(take.instruction.span.start)
    }

    fn stage(&self, take: &Take<'_, '_>) -> String {
        let name = self.model.stages.get(take.stage).and_then(|stage| stage.name());
        name.map_or_else(|| take.stage.to_string(), |name| name.as_str().to_owned())
    }

    /// Where an entry lands, for people, a line each.
    pub(super) fn places(&self, entry: usize) -> Vec<String> {
        let several = self.model.stages.len() > 1;
        let place = |landed: &Landed<'_>| {
            let mut text = match landed.place {
                Place::At(path) => path.clone(),
                Place::Either { otherwise, .. } => format!("{otherwise} (or inside it)"),
                Place::UnpackedInto(path) => format!("unpacked into {path}"),
                Place::MaybeUnpackedInto(path) => format!("{path} (unpacked, if it is a tar archive)"),
                Place::Unknown => format!("unknown (line {})", landed.line),
            };
            if landed.way == "mount" {
                text += " (mounted)";
            }
            if !landed.certain {
                text += " (unless --exclude leaves it out)";
            }
            if several {
                let is_number = landed.stage.bytes().all(|byte| byte.is_ascii_digit());
                text += &format!(" in {}{}", if is_number { "stage " } else { "" }, landed.stage);
            }
            text
        };
        let mut places: Vec<String> = self.landed(entry).iter().map(place).collect();
        // Who copies a file to one place twice means the same.
        places.dedup();
        places
    }

    /// Tells of sources that find nothing.
    pub(super) fn tell_problems(&self, context: &Context, err: &mut dyn Write) -> io::Result<()> {
        for Problem { line, message } in self.problems(context) {
            writeln!(err, "warning: {}:{line}: {}", self.name, readable(&message))?;
        }
        Ok(())
    }

    fn problems(&self, context: &Context) -> Vec<Problem> {
        let problem = |problem: &TakeProblem<'_, '_>| {
            let take = self.landings.takes.get(problem.take)?;
            let word = problem.word.map_or("", |word| word.as_str());
            let message = match &problem.kind {
                TakeProblemKind::NothingMatches => format!("nothing in the context matches `{word}`"),
                TakeProblemKind::Pattern(error) => format!("the pattern is wrong, and the build fails: {}", error.kind),
                TakeProblemKind::Missing { path } => {
                    let decision = context.decide(path).ok();
                    let deciding = decision.as_ref().filter(|decision| decision.ignored).and_then(|of| of.deciding());
                    match deciding.map(|say| say.pattern) {
                        Some(pattern) => format!(
                            "`{word}` is left out by line {} of {}, `{}`, and so the build fails",
                            pattern.line, pattern.file, pattern.written
                        ),
                        None => format!("there is no `{word}` in the context, and so the build fails"),
                    }
                }
            };
            let at = problem.word.map_or(take.instruction.span.start, |word| word.span.start);
            Some(Problem { line: self.lines.line(at), message })
        };
        self.landings.problems.iter().filter_map(problem).collect()
    }

    pub(super) fn summarize(&self, amount: impl Fn(&Totals) -> String, err: &mut dyn Write) -> io::Result<()> {
        match (&self.unknown, &self.sent) {
            (Some(unknown), _) => {
                let unknown = readable(unknown);
                writeln!(err, "How much of it {} takes is not known: {unknown}. At most it is all of it.", self.name)
            }
            (None, Some(sent)) if !sent.is_empty() => {
                writeln!(err, "{}: what BuildKit sends of it for {}.", amount(&sent.totals()), self.name)
            }
            _ => writeln!(err, "Nothing: what BuildKit sends of it for {}.", self.name),
        }
    }

    pub(super) fn json(&self, context: &Context) -> Json<'_> {
        Json {
            path: self.name,
            sent: self.sent.as_ref().map(Listing::totals),
            unknown: self.unknown.as_deref(),
            problems: self.problems(context),
        }
    }
}

/// What is wrong with a Dockerfile, in one line.
pub(super) fn broken(name: &str, parsed: &crate::Parsed<'_>) -> Option<String> {
    let first = parsed.errors.first()?;
    let line = LineIndex::new(parsed.dockerfile.text).line(first.span.start);
    let others = match parsed.errors.len() - 1 {
        0 => String::new(),
        others => format!(", and {}", counted(others as u64, "other", "others")),
    };
    let malformed =
        parsed.dockerfile.instructions.iter().any(|instruction| matches!(instruction.kind, Kind::Malformed(_)));
    let effect = if malformed { "; what that line takes is not counted" } else { "" };
    Some(format!("warning: {name}:{line}: {}{others}{effect}", readable(&first.to_string())))
}
