//! What the image of a stage says of itself.

use std::collections::HashSet;

use super::{Base, Model, Point, Value};
use crate::ast::{Instruction, Kind};

/// The ports of an image, as `EXPOSE` has them: `80/tcp`, `8000-8010/udp`.
pub type Ports<'m> = Vec<Value<'m>>;
/// The volumes of an image.
pub type Volumes<'m> = Vec<Value<'m>>;
/// The labels of an image.
pub type Labels<'m> = Vec<(Value<'m>, Value<'m>)>;

/// What the image of a stage says of itself, besides what [`Model::at_end`] tells; nothing of what its base image says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Image<'m> {
    /// The ports in order, each once.
    pub ports: Ports<'m>,
    /// The volumes in order, each once.
    pub volumes: Volumes<'m>,
    /// The labels in order; of two with one key the later value.
    pub labels: Labels<'m>,
    /// Whether there may be more, for the base image is one that nobody looks into here.
    pub has_unknown_base: bool,
}

impl<'d, 'a> Model<'d, 'a> {
    /// What the images of all stages say of themselves, the stages that they build on included.
    ///
    /// Takes time in proportion to the length of the file and of what is found.
    #[must_use]
    pub fn images(&self) -> Vec<Image<'d>> {
        let mut images: Vec<Image<'d>> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let mut image = match stage.base {
                Base::Stage(base) => images.get(base).cloned().unwrap_or_default(),
                Base::Scratch => Image::default(),
                Base::Image | Base::Unknown => Image { has_unknown_base: true, ..Image::default() },
            };
            for trigger in &stage.triggers {
                add(&mut image, trigger.instruction, &self.at_trigger(trigger));
            }
            for instruction in stage.body {
                if let Some(point) = self.at(instruction) {
                    add(&mut image, instruction, &point);
                }
            }
            image.ports = once(image.ports);
            image.volumes = once(image.volumes);
            image.labels.reverse();
            let mut seen = HashSet::new();
            image.labels.retain(|(key, _)| key.known().is_none_or(|key| seen.insert(key.to_owned())));
            image.labels.reverse();
            images.push(image);
        }
        images
    }
}

fn add<'d>(image: &mut Image<'d>, instruction: &'d Instruction<'_>, point: &Point<'_, '_, '_>) {
    match &instruction.kind {
        Kind::Expose(expose) => {
            for port in &expose.ports {
                match point.words(&port.word) {
                    None => image.ports.push(Value::Unknown),
                    Some(words) => image.ports.extend(words.iter().map(|port| Value::of(port_with_protocol(port)))),
                }
            }
        }
        Kind::Volume(volume) => image.volumes.extend(volume.paths.iter().map(|path| point.value(path))),
        Kind::Label(label) => {
            let pairs = label.pairs.iter().map(|pair| (point.value(&pair.key), point.value(&pair.value)));
            image.labels.extend(pairs);
        }
        _ => {}
    }
}

/// The values without those that come again.
fn once<'v>(values: Vec<Value<'v>>) -> Vec<Value<'v>> {
    let mut seen = HashSet::new();
    values.into_iter().filter(|value| value.known().is_none_or(|text| seen.insert(text.to_owned()))).collect()
}

fn port_with_protocol(port: &str) -> String {
    let port = port.rsplit(':').next().unwrap_or(port);
    match port.split_once('/') {
        Some((port, protocol)) => format!("{port}/{}", protocol.to_ascii_lowercase()),
        None => format!("{port}/tcp"),
    }
}
