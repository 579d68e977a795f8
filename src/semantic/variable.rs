//! The variables that exist without anybody declaring them.

use std::borrow::Cow;

use super::Platform;

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

/// Whether `name` is an argument that the builder sets.
pub(super) fn is_platform_argument(name: &str) -> bool {
    (name.starts_with("BUILD") || name.starts_with("TARGET")) && PLATFORM_ARGUMENTS.contains(&name)
}

/// The value of an argument that tells of a platform, when built on and for `platform`.
pub(super) fn platform_argument<'p>(name: &str, platform: &'p Platform) -> Option<Cow<'p, str>> {
    Some(match name {
        "BUILDPLATFORM" | "TARGETPLATFORM" => Cow::Owned(platform.name()),
        "BUILDOS" | "TARGETOS" => Cow::Borrowed(&platform.os),
        "BUILDARCH" | "TARGETARCH" => Cow::Borrowed(&platform.architecture),
        "BUILDVARIANT" | "TARGETVARIANT" => Cow::Borrowed(&platform.variant),
        "BUILDOSVERSION" | "TARGETOSVERSION" => Cow::Borrowed(""),
        _ => return None,
    })
}
