//! Questions from the image's side.

use std::ffi::OsString;
use std::path::PathBuf;

use super::args::Why;
use super::why::{Asked, InImage, is_directory, shown, text};
use super::{Streams, files};
use crate::context::{Context, IgnoreSource, Options};
use crate::dockerignore::IgnoreFile;
use crate::semantic::{Landings, Model};
use crate::source::{LineIndex, Source};

/// The paths of the context that are at paths of the image, and whether there is one for each; where there is none, that is
/// told.
pub(super) fn asked(
    arguments: &Why,
    ignore_file: &IgnoreFile,
    names: &[OsString],
    streams: &mut Streams<'_>,
) -> Result<(Vec<Asked>, bool), String> {
    let file: PathBuf = arguments.file.clone().unwrap_or_else(|| arguments.context.join("Dockerfile"));
    let fail = |reason: files::Unreadable| format!("{}: {reason}", file.display());
    let bytes = files::read(&file).map_err(fail)?;
    let source = Source::decode(&bytes).map_err(|error| fail(error.into()))?;
    let parsed = crate::parse(source.text());
    let lines = LineIndex::new(source.text());
    let model = Model::build(&parsed.dockerfile);
    let options = Options {
        ignore: IgnoreSource::Given(ignore_file.clone()),
        patterns_start: arguments.workdir.clone(),
        ..Options::default()
    };
    let context = Context::open(&arguments.context, &options).map_err(|error| error.to_string())?;
    let landings = Landings::new(&model, &context);
    let target = model.target.and_then(|target| model.stages.get(target));
    let target = target.ok_or_else(|| format!("{}: it has no stage that is built", file.display()))?;
    let (mut asked, mut all) = (Vec::new(), true);
    for name in names {
        let name = name.to_string_lossy();
        let path = match name.starts_with('/') {
            true => name.to_string(),
            false => match model.at_end(target).workdir().known() {
                Some(workdir) => format!("{workdir}/{name}"),
                None => {
                    return Err(format!("{name}: the last WORKDIR is not known; write a path that begins with `/`"));
                }
            },
        };
        let origins = landings.origins(&model, &context, target.index, path.as_bytes());
        if origins.is_empty() {
            all = false;
            let path = text(path.as_bytes());
            let file = file.strip_prefix("./").unwrap_or(&file).display();
            writeln!(streams.err, "{path}: {file} puts nothing of the context there")
                .map_err(|error| error.to_string())?;
        }
        for origin in origins {
            let Some(take) = landings.takes.get(origin.take) else { continue };
            let instruction = take.instruction.header.of(source.text()).lines().next().unwrap_or_default();
            let is_directory = is_directory(&context.root().join(&*String::from_utf8_lossy(&origin.path)));
            asked.push(Asked {
                is_directory,
                in_image: Some(InImage {
                    path: text(path.as_bytes()),
                    line: lines.line(take.instruction.span.start),
                    instruction: shown(instruction),
                    certain: origin.certain,
                }),
                path: origin.path,
            });
        }
    }
    Ok((asked, all))
}
