use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Severity;
use crate::rules::Preset;
use crate::semantic::Platform;

/// Reads Dockerfiles exactly as BuildKit does, and says what will go wrong, where and why.
#[derive(Parser, Debug)]
#[command(name = "plimsoll", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    Check(Check),
    Inspect(Inspect),
    Parse(Parse),
    Rule(Rule),
}

/// Check Dockerfiles.
///
/// Exits with 0 when there is nothing at or above --fail-on, with 1 when there is, and with 2 when a file can't be read or
/// the command is wrong.
#[derive(Args, Debug)]
pub(super) struct Check {
    /// Files and directories; `-` is standard input. Directories are searched for Dockerfile, Dockerfile.*, *.Dockerfile and
    /// Containerfile*, except for what .gitignore leaves out.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The set of rules, and whose definition is asked where tools differ: recommended, hadolint, buildkit, strict or all.
    #[arg(long, default_value_t = Preset::Recommended)]
    pub(super) preset: Preset,

    /// Run only these rules; by code, name, or another tool's id.
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub(super) select: Vec<String>,

    /// Do not run these rules.
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub(super) ignore: Vec<String>,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t = OutputFormat::Full, value_name = "FORMAT")]
    pub(super) output_format: OutputFormat,

    /// The least severity that makes the command fail: error, warning, info or style.
    #[arg(long, default_value_t = Severity::Warning, value_name = "SEVERITY")]
    pub(super) fail_on: Severity,

    /// Exit with 0 even when there are findings.
    #[arg(long)]
    pub(super) exit_zero: bool,

    /// The platform that a base image is made for, so that a `FROM` which asks for another is found; may be repeated.
    #[arg(long, value_name = "IMAGE=PLATFORM", value_parser = image_platform)]
    pub(super) image_platform: Vec<(String, Platform)>,

    /// Show how often each rule speaks up, instead of the findings.
    #[arg(long)]
    pub(super) statistics: bool,

    /// The name to show for standard input.
    #[arg(long, default_value = "-", value_name = "NAME")]
    pub(super) stdin_filename: String,
}

/// Reads `image=platform`.
fn image_platform(text: &str) -> Result<(String, Platform), String> {
    let (image, platform) =
        text.rsplit_once('=').ok_or("write `image=platform`, like `example.com/app:1=linux/amd64`")?;
    let platform =
        Platform::parse(platform).ok_or_else(|| format!("`{platform}` is no platform, like `linux/amd64`"))?;
    Ok((image.to_owned(), platform))
}

/// How findings are written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OutputFormat {
    /// With the lines they are about.
    Full,
    /// A line each.
    Concise,
    /// For programs.
    Json,
}

/// Show the stages of a Dockerfile, what each leaves, and what `docker run` executes.
///
/// What can't be known, like the user of a base image that is not well known, is shown as unknown.
#[derive(Args, Debug)]
pub(super) struct Inspect {
    /// The file; `-` is standard input.
    #[arg(default_value = "Dockerfile", value_name = "FILE")]
    pub(super) file: PathBuf,

    /// The stage that is built, by name or number; the last one, unless it is given.
    #[arg(long, value_name = "STAGE")]
    pub(super) target: Option<String>,

    /// A build argument; without a value, that of the environment is taken.
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(super) build_arg: Vec<String>,

    /// The platform that is built for and on.
    #[arg(long, value_name = "PLATFORM")]
    pub(super) platform: Option<String>,

    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,

    /// The arguments after the image in `docker run`.
    #[arg(last = true, value_name = "ARGS")]
    pub(super) arguments: Vec<String>,
}

/// Print the tree of a Dockerfile as JSON.
#[derive(Args, Debug)]
pub(super) struct Parse {
    /// The file; `-` is standard input.
    pub(super) file: PathBuf,
}

/// Print the page of a rule, or the list of all.
#[derive(Args, Debug)]
pub(super) struct Rule {
    /// The rule's code or name, or another tool's id.
    pub(super) id: Option<String>,
}
