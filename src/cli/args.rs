use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand};
use clap_complete::Shell;

use crate::config::{self, FailOn, required_label, threshold};
pub(super) use crate::render::OutputFormat;
use crate::rules::{LabelFormat, Preset};
use crate::semantic::Platform;

/// What a newcomer may want to do first.
const BEGIN: &str = "`plimsoll check` checks every Dockerfile and ignore file below the current directory. `plimsoll rule DL3006` shows why a \
                     rule is there. `plimsoll COMMAND --help` tells more of a command.";

/// Reads Dockerfiles exactly as BuildKit does, and says what will go wrong, where and why.
#[derive(Parser, Debug)]
#[command(name = "plimsoll", version, arg_required_else_help = true, after_help = BEGIN)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    Check(Check),
    Completions(Completions),
    Config(Config),
    Context(Context),
    Hadolint(Hadolint),
    Inspect(Inspect),
    #[command(hide = true)]
    Man(Man),
    Parse(Parse),
    Rule(Rule),
    #[cfg(feature = "lsp")]
    Server(Server),
    Why(Why),
}

/// Check Dockerfiles and ignore files.
///
/// Exits with 0 when there is nothing at or above --fail-on, with 1 when there is, and with 2 when a file can't be read or
/// the command is wrong.
#[derive(Args, Debug)]
pub(super) struct Check {
    /// Files and directories; `-` is standard input. Directories are searched for Dockerfile, Dockerfile.*, *.Dockerfile,
    /// Containerfile* and .dockerignore, except for what .gitignore leaves out.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) configuration: Configuration,

    /// The directory that is given to the builds: what they may read is then checked, too.
    #[arg(long, value_name = "DIR", conflicts_with = "no_context", help_heading = "Builds")]
    pub(super) context: Option<PathBuf>,

    /// Look at no directory. Otherwise a .dockerignore is held against the directory that it is in.
    #[arg(long, help_heading = "Builds")]
    pub(super) no_context: bool,

    /// Read these compose and bake files to know what builds are given. Otherwise those above and beside each Dockerfile are
    /// read, up to the root of the repository.
    #[arg(long, value_name = "FILE", conflicts_with = "no_builds", help_heading = "Builds")]
    pub(super) builds: Vec<PathBuf>,

    /// Look for no compose and bake files.
    #[arg(long, help_heading = "Builds")]
    pub(super) no_builds: bool,

    /// Fix what can be fixed without changing what the build does, and show what remains. Of standard input, the fixed text is
    /// written to standard output, and findings to standard error.
    #[arg(long, help_heading = "Fixes")]
    pub(super) fix: bool,

    /// With --fix and --diff, fix also where the build may do something else afterwards.
    #[arg(long, help_heading = "Fixes")]
    pub(super) unsafe_fixes: bool,

    /// Show what --fix would change, and write nothing, even with --fix. Exits with 1 when something would change.
    #[arg(long, conflicts_with_all = ["statistics", "output_format"], help_heading = "Fixes")]
    pub(super) diff: bool,

    /// Write comments that silence all that is found, each above its instruction, with a reason if one is given. Of standard
    /// input, the text with them is written to standard output, and findings to standard error.
    #[arg(long, value_name = "REASON", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with_all = ["fix", "diff"], help_heading = "Findings that may stay")]
    pub(super) add_ignores: Option<String>,

    /// Findings that are in this file are not reported.
    #[arg(long, value_name = "FILE", help_heading = "Findings that may stay")]
    pub(super) baseline: Option<PathBuf>,

    /// Write all that is found into the baseline, and take out what is gone.
    #[arg(long, requires = "baseline", conflicts_with = "add_ignores", help_heading = "Findings that may stay")]
    pub(super) update_baseline: bool,

    /// Take what is gone out of the baseline, and write nothing into it.
    #[arg(long, requires = "baseline", conflicts_with = "update_baseline", help_heading = "Findings that may stay")]
    pub(super) prune_baseline: bool,

    /// Check again whenever something changes, until Ctrl-C.
    #[arg(long, conflicts_with_all = ["fix", "diff", "add_ignores", "update_baseline", "prune_baseline"], help_heading = "Output")]
    pub(super) watch: bool,

    /// How findings are written. [default: full]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(super) output_format: Option<OutputFormat>,

    /// Whether to show colours. On its own a terminal gets them, unless NO_COLOR is set.
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(super) color: ColorChoice,

    /// The least severity that makes the command fail: error, warning, info, style or never. [default: warning]
    #[arg(long, value_name = "SEVERITY", help_heading = "Exit code")]
    pub(super) fail_on: Option<FailOn>,

    /// Pass over excluded files even when they are named, as pre-commit names them.
    #[arg(long, help_heading = "Configuration")]
    pub(super) force_exclude: bool,

    /// Exit with 0 even when there are findings.
    #[arg(long, help_heading = "Exit code")]
    pub(super) exit_zero: bool,

    /// The platform that a base image is made for, so that a `FROM` which asks for another is found; may be repeated.
    #[arg(long, value_name = "IMAGE=PLATFORM", value_parser = image_platform, help_heading = "Builds")]
    pub(super) image_platform: Vec<(String, Platform)>,

    /// Show how often each rule speaks up, instead of the findings.
    #[arg(long, help_heading = "Output")]
    pub(super) statistics: bool,

    /// The name to show for standard input.
    #[arg(long, default_value = "-", value_name = "NAME", help_heading = "Output")]
    pub(super) stdin_filename: String,
}

/// Which configuration holds, and what outweighs it.
#[derive(Args, Debug)]
pub(super) struct Configuration {
    /// The set of rules, and whose definition is asked where tools differ: recommended, hadolint, buildkit, strict or all.
    /// [default: recommended]
    #[arg(long, help_heading = "Rules")]
    pub(super) preset: Option<Preset>,

    /// Run only these rules. A rule is named by its code, its name or another tool's id; several by the beginning of a code
    /// (DL3), the beginning of an id and * (label-*), a category (security), or all.
    #[arg(long, value_delimiter = ',', value_name = "RULE", help_heading = "Rules")]
    pub(super) select: Vec<String>,

    /// Run these rules, too.
    #[arg(long, value_delimiter = ',', value_name = "RULE", help_heading = "Rules")]
    pub(super) extend_select: Vec<String>,

    /// Do not run these rules.
    #[arg(long, value_delimiter = ',', value_name = "RULE", help_heading = "Rules")]
    pub(super) ignore: Vec<String>,

    /// Pass over these files when a directory is searched; patterns as in .gitignore.
    #[arg(long, value_delimiter = ',', value_name = "PATTERN", help_heading = "Configuration")]
    pub(super) exclude: Vec<String>,

    /// The configuration, in place of the nearest plimsoll.toml or .hadolint.yaml.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Configuration")]
    pub(super) config: Option<PathBuf>,

    /// Take no configuration.
    #[arg(long, help_heading = "Configuration")]
    pub(super) no_config: bool,
}

/// Reads `image=platform`.
fn image_platform(text: &str) -> Result<(String, Platform), String> {
    let (image, platform) =
        text.rsplit_once('=').ok_or("write `image=platform`, like `example.com/app:1=linux/amd64`")?;
    let platform =
        Platform::parse(platform).ok_or_else(|| format!("`{platform}` is no platform, like `linux/amd64`"))?;
    Ok((image.to_owned(), platform))
}

/// Show what holds for a file, and who says so.
///
/// Exits with 0, and with 2 when a configuration is wrong or can't be read.
#[derive(Args, Debug)]
pub(super) struct Config {
    /// The file, which need not exist, or the directory that it would be in.
    #[arg(default_value = "Dockerfile", value_name = "FILE")]
    pub(super) file: PathBuf,

    #[command(flatten)]
    pub(super) configuration: Configuration,

    /// Write JSON, for programs.
    #[arg(long)]
    pub(super) json: bool,

    /// Write the plimsoll.toml by which the same holds as by a .hadolint.yaml.
    #[arg(long, value_name = "FILE", exclusive = true)]
    pub(super) from_hadolint: Option<PathBuf>,

    /// Write the JSON schema of plimsoll.toml, for editors.
    #[arg(long, exclusive = true)]
    pub(super) schema: bool,
}

/// Check Dockerfiles as hadolint does, with its options, its configuration and its variables.
///
/// Exits with 0 when there is nothing at or above the threshold, and with 1 when there is or when something can't be read.
/// `plimsoll check` finds the same configuration, and has more to say.
#[derive(Args, Debug)]
#[command(disable_version_flag = true)]
pub(super) struct Hadolint {
    /// The files; `-` is standard input.
    #[arg(value_name = "DOCKERFILE")]
    pub(super) files: Vec<PathBuf>,

    /// The configuration; otherwise that of the working directory, or the user's.
    #[arg(short, long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// How findings are written: tty, json, checkstyle, codeclimate, gitlab_codeclimate, gnu, codacy, sonarqube, sarif or
    /// junit. [default: tty]
    #[arg(short, long, value_name = "FORMAT", value_parser = hadolint_format)]
    pub(super) format: Option<HadolintFormat>,

    /// The least severity that makes the command fail: error, warning, info, style, ignore or none. [default: info]
    #[arg(short = 't', long, value_name = "THRESHOLD", value_parser = threshold)]
    pub(super) failure_threshold: Option<FailOn>,

    /// Exit with 0 even when there are findings.
    #[arg(long)]
    pub(super) no_fail: bool,

    /// Show no colours.
    #[arg(long)]
    pub(super) no_color: bool,

    /// Say on standard error which configuration holds.
    #[arg(short = 'V', long)]
    pub(super) verbose: bool,

    /// A rule whose findings are errors.
    #[arg(long, value_name = "RULECODE")]
    pub(super) error: Vec<String>,

    /// A rule whose findings are warnings.
    #[arg(long, value_name = "RULECODE")]
    pub(super) warning: Vec<String>,

    /// A rule whose findings are worth knowing.
    #[arg(long, value_name = "RULECODE")]
    pub(super) info: Vec<String>,

    /// A rule whose findings are matters of style.
    #[arg(long, value_name = "RULECODE")]
    pub(super) style: Vec<String>,

    /// A rule that does not run, besides those of the configuration.
    #[arg(long, value_name = "RULECODE")]
    pub(super) ignore: Vec<String>,

    /// A registry that images may come from.
    #[arg(long, value_name = "REGISTRY")]
    pub(super) trusted_registry: Vec<String>,

    /// A label that images have, and what its value is, like maintainer:text.
    #[arg(long, value_name = "LABELSCHEMA", value_parser = required_label)]
    pub(super) require_label: Vec<(String, LabelFormat)>,

    /// Let images have no other labels.
    #[arg(long)]
    pub(super) strict_labels: bool,

    /// Let comments silence nothing.
    #[arg(long)]
    pub(super) disable_ignore_pragma: bool,

    /// The name of the file to write into a report.
    #[arg(long, value_name = "FILEPATHINREPORT")]
    pub(super) file_path_in_report: Option<PathBuf>,

    /// Show the version.
    #[arg(short, long)]
    pub(super) version: bool,
}

/// A format as hadolint names it: nothing for `tty`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct HadolintFormat(pub(super) Option<OutputFormat>);

fn hadolint_format(text: &str) -> Result<HadolintFormat, String> {
    config::hadolint_format(text).map(HadolintFormat)
}

/// List what a build may read: its context after the ignore file, exactly as BuildKit is sent it.
///
/// Exits with 0, and with 2 when something can't be read or the ignore file is wrong; all else is listed then, too.
#[derive(Args, Debug)]
pub(super) struct Context {
    /// The directory that is given to the build.
    #[arg(default_value = ".", value_name = "DIR")]
    pub(super) directory: PathBuf,

    /// A Dockerfile, to list what it takes of the context, and where it puts it in the image; `-` is standard input.
    #[arg(short, long, value_name = "DOCKERFILE")]
    pub(super) file: Option<PathBuf>,

    /// The ignore file, in place of the one that a build finds: DOCKERFILE.dockerignore, else DIR/.dockerignore.
    #[arg(long, value_name = "FILE")]
    pub(super) ignore_file: Option<PathBuf>,

    /// Where the patterns of the ignore file start, a directory in DIR. In a build they start at DIR.
    #[arg(long, value_name = "DIR")]
    pub(super) workdir: Option<String>,

    /// Show the N largest files only; with --by-directory the N largest directories.
    #[arg(long, value_name = "N")]
    pub(super) largest: Option<usize>,

    /// Show how much is in each directory, not each file.
    #[arg(long)]
    pub(super) by_directory: bool,

    /// Write JSON, for programs.
    #[arg(long)]
    pub(super) json: bool,
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
    #[arg(value_name = "RULE")]
    pub(super) id: Option<String>,

    /// Write JSON, for programs.
    #[arg(long)]
    pub(super) json: bool,
}

/// Print what lets a shell complete the command line.
///
/// bash: `plimsoll completions bash > ~/.local/share/bash-completion/completions/plimsoll`
///
/// zsh: `plimsoll completions zsh > "${fpath[1]}/_plimsoll"`
///
/// fish: `plimsoll completions fish > ~/.config/fish/completions/plimsoll.fish`
///
/// PowerShell: `plimsoll completions powershell | Out-String | Invoke-Expression`, in $PROFILE
///
/// elvish: `plimsoll completions elvish > ~/.config/elvish/lib/plimsoll.elv`, and `use plimsoll` in rc.elv
#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

/// Write the manual: a page for the program, and one for each command.
#[derive(Args, Debug)]
pub(super) struct Man {
    /// The command whose page is printed; that of the program, if none is given.
    #[arg(value_name = "COMMAND", conflicts_with = "directory")]
    pub(super) name: Option<String>,

    /// Write all pages into this directory.
    #[arg(long, value_name = "DIR")]
    pub(super) directory: Option<PathBuf>,
}

/// Serve an editor: the language server, on standard input and output.
///
/// Exits with 0 when the editor asked it to shut down first, and with 1 when it did not.
#[cfg(feature = "lsp")]
#[derive(Args, Debug)]
pub(super) struct Server {
    /// What editors add to say that they speak on standard input and output, which is the only way there is.
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Say whether a path is in the build context, and which pattern decided.
///
/// Shows the lines of the ignore file that had a say, the deciding one marked. A path need not exist.
///
/// Exits with 0 when all paths are in the context, with 1 when one is out, and with 2 when a path can't be in the context, a
/// pattern is wrong, or something can't be read: as `git check-ignore` has it in reverse, which exits with 0 for a path that is
/// ignored.
#[derive(Args, Debug)]
pub(super) struct Why {
    /// Files and directories, as seen from the current directory; `-` reads them from standard input, one a line.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<OsString>,

    /// The build context.
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub(super) context: PathBuf,

    /// The Dockerfile, whose own ignore file `<FILE>.dockerignore` replaces the one of the context. [default: Dockerfile in the
    /// context]
    #[arg(short, long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// Use this ignore file, whichever is in force.
    #[arg(long, value_name = "FILE")]
    pub(super) ignore_file: Option<PathBuf>,

    /// Paths are paths in the image: say what of the context is there, as far as the Dockerfile tells, and why. A relative path
    /// starts at the last WORKDIR.
    #[arg(long)]
    pub(super) image: bool,

    /// Look for Podman's `.containerignore` first.
    #[arg(long)]
    pub(super) podman: bool,

    /// Let the patterns start at this directory of the context, as if it alone were the context.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "DIR")]
    pub(super) workdir: String,

    /// Write JSON, for programs.
    #[arg(long)]
    pub(super) json: bool,

    /// Paths on standard input end with a NUL, not with a line feed.
    #[arg(short = 'z')]
    pub(super) null: bool,
}
