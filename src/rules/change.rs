use serde::Serialize;

/// What a safe fix of a rule may change in what a file says. All else must be read as before, or the fix is dropped.
///
/// What is written in another way and read as the same is no change: the case of a keyword, an empty line that goes, quotes
/// around a value, the case of a stage's name wherever it is written, a relative path where it is known to what.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// A command of a `RUN` gets further options, `apt-get install` gets `-y`. All its words stay, and all other commands.
    AddedOptions,
    /// A `RUN` goes on with `&&` and further commands, `yum install` with `yum clean all`.
    AppendedCommands,
    /// A command of a `RUN` is run under another name, `apt` as `apt-get`.
    CommandName,
    /// An `ADD` becomes a `COPY` of the same sources to the same place.
    AddToCopy,
    /// A `FROM` loses its `--platform=$TARGETPLATFORM`, which it has anyhow.
    TargetPlatform,
    /// A `CMD`, `ENTRYPOINT` or `HEALTHCHECK` goes that a later one of the stage replaces.
    ReplacedInstruction,
    /// A comment comes, goes or says something else, or a `# check=` does.
    Comments,
}
