//! The variables that exist without anybody declaring them.

use std::sync::OnceLock;

use super::inputs::Inputs;
use crate::ast::{Dockerfile, Kind};
use crate::expand::Lookup;

/// The names of the arguments that the builder sets before the first `FROM`: the platforms and the target stage.
pub const PLATFORM_ARGUMENTS: [&str; 11] = [
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
];

/// The names of the arguments that every `RUN` has without an `ARG`, where they are given to the build.
pub const PROXY_ARGUMENTS: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// The arguments that are read by the builder and never become variables.
pub(super) const BUILDER_ARGUMENTS: [&str; 2] = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"];

/// The `PATH` of an image that sets none.
pub const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The arguments that the builder sets before the first `FROM`, as far as they are known.
#[derive(Debug)]
pub(super) struct BuilderArguments<'d> {
    inputs: &'d Inputs,
    dockerfile: &'d Dockerfile<'d>,
    /// The name of the target, and that of the platform, once they are asked for.
    target_stage: OnceLock<String>,
    platform: OnceLock<String>,
}

impl<'d> BuilderArguments<'d> {
    /// Those of a build that is given `inputs`.
    pub(super) fn new(inputs: &'d Inputs, dockerfile: &'d Dockerfile<'d>) -> Self {
        Self { inputs, dockerfile, target_stage: OnceLock::new(), platform: OnceLock::new() }
    }

    /// The value of one; unknown where nobody says what is built on and for.
    pub(super) fn look_up(&self, name: &str) -> Lookup<'_> {
        let is_one = (name.starts_with("BUILD") || name.starts_with("TARGET")) && PLATFORM_ARGUMENTS.contains(&name);
        if !is_one {
            return Lookup::Unset;
        }
        let Some(platform) = &self.inputs.platform else { return Lookup::Unknown };
        let given = self.inputs.argument(name);
        if given != Lookup::Unset {
            return given;
        }
        Lookup::Set(match name {
            "BUILDPLATFORM" | "TARGETPLATFORM" => self.platform.get_or_init(|| platform.name()),
            "BUILDOS" | "TARGETOS" => &platform.os,
            "BUILDARCH" | "TARGETARCH" => &platform.architecture,
            "BUILDVARIANT" | "TARGETVARIANT" => &platform.variant,
            "BUILDOSVERSION" | "TARGETOSVERSION" => "",
            "TARGETSTAGE" => self.target_stage.get_or_init(|| self.target()),
            _ => return Lookup::Unknown,
        })
    }

    /// The name of the stage that is built: the last one, where none is named.
    fn target(&self) -> String {
        let mut names = self.dockerfile.instructions.iter().rev().filter_map(|instruction| match &instruction.kind {
            Kind::From(from) => Some(from.name.as_ref()),
            _ => None,
        });
        match (&self.inputs.target, names.next().flatten()) {
            (Some(target), _) => target.clone(),
            (None, Some(name)) => name.to_lowercase(),
            (None, None) => "default".to_owned(),
        }
    }
}
