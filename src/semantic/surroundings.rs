//! What is known of the world around a Dockerfile.

use std::cell::OnceCell;

use super::{Landings, Model};
use crate::context::Context;

/// A Dockerfile together with the context of its build.
///
/// ```
/// use plimsoll::context::{Context, Options};
/// use plimsoll::semantic::{Model, Surroundings};
///
/// let directory = tempfile::tempdir()?;
/// std::fs::write(directory.path().join("main.go"), "package main\n")?;
/// let context = Context::open(directory.path(), &Options::default())?;
///
/// let parsed = plimsoll::parse("FROM golang:1.25\nCOPY main.go /src/\n");
/// let model = Model::build(&parsed.dockerfile);
/// let surroundings = Surroundings::new(&model, &context);
/// assert_eq!(surroundings.landings().takes.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Surroundings<'s, 'd, 'a> {
    model: &'s Model<'d, 'a>,
    context: &'s Context,
    landings: OnceCell<Landings<'d, 'a>>,
}

impl<'s, 'd, 'a> Surroundings<'s, 'd, 'a> {
    /// Puts the two together.
    #[must_use]
    pub fn new(model: &'s Model<'d, 'a>, context: &'s Context) -> Self {
        Self { model, context, landings: OnceCell::new() }
    }

    /// What the Dockerfile means.
    #[must_use]
    pub const fn model(&self) -> &'s Model<'d, 'a> {
        self.model
    }

    /// What the build may read.
    #[must_use]
    pub const fn context(&self) -> &'s Context {
        self.context
    }

    /// What each instruction takes of it, and where that lands; found out when somebody asks for the first time.
    pub fn landings(&self) -> &Landings<'d, 'a> {
        self.landings.get_or_init(|| Landings::new(self.model, self.context))
    }
}
