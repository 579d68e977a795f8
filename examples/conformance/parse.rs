//! The tree and the typed instructions, as the reference has them.
#![allow(
    clippy::indexing_slicing,
    reason = "fields are added to objects made here, and texts begin with their keywords"
)]

use std::borrow::Cow;

use plimsoll::ast::{
    Command, CopySource, Delimiter, Dockerfile, Flag, Form, HealthcheckTest, Heredoc, Instruction, Kind, Mount, Pair,
    Word,
};
use plimsoll::{LineIndex, Parsed, Rejection, Source, SyntaxError, parse};
use serde_json::{Value, json};

/// What the reference's record of a file holds, said by us.
pub(crate) fn record(name: &str, bytes: &[u8]) -> Value {
    let decoded = std::str::from_utf8(bytes);
    let source = decoded.map_or_else(|_| Source::decode(bytes), |text| Ok(Source::from(text)));
    let Ok(source) = source else {
        return json!({"name": name, "ok": false, "invalid_utf8": true, "instructions": null, "nodes": null});
    };
    let parsed = parse(source.text());
    let rejected = |rejection| parsed.errors.iter().find(|error| error.rejection == rejection).map(ToString::to_string);
    let error = rejected(Rejection::Parsing);
    let ok = error.is_none();
    let writer = Writer { dockerfile: &parsed.dockerfile, lines: LineIndex::new(source.text()) };
    json!({
        "name": name,
        "ok": ok,
        "error": error,
        "error_lines": error_lines(&writer.lines, &parsed),
        "invalid_utf8": decoded.is_err(),
        "escape_token": ok.then(|| parsed.dockerfile.escape.char()),
        "nodes": ok.then(|| writer.nodes()),
        "instructions": ok.then(|| match rejected(Rejection::Typing) {
            Some(error) => json!({"ok": false, "error": error}),
            None => writer.instructions(),
        }),
    })
}

fn error_lines(lines: &LineIndex, parsed: &Parsed<'_>) -> Vec<u32> {
    parsed.errors.iter().map(|error: &SyntaxError| lines.line(error.span.start)).collect()
}

struct Writer<'d, 'a> {
    dockerfile: &'d Dockerfile<'a>,
    lines: LineIndex,
}

impl Writer<'_, '_> {
    fn nodes(&self) -> Vec<Value> {
        self.dockerfile.instructions.iter().map(|instruction| self.node(instruction)).collect()
    }

    fn lines_of(&self, instruction: &Instruction<'_>) -> (u32, u32) {
        (self.lines.line(instruction.span.start), self.lines.line(instruction.span.end))
    }

    fn comments(&self, instruction: &Instruction<'_>) -> Vec<Cow<'_, str>> {
        self.dockerfile.comments_of(instruction).iter().map(|comment| comment.attached_text()).collect()
    }

    fn node(&self, instruction: &Instruction<'_>) -> Value {
        let (start, end) = self.lines_of(instruction);
        let original = self.dockerfile.logical_line(instruction);
        let children = match &instruction.kind {
            Kind::Onbuild(_) => children(instruction, &original),
            _ => Vec::new(),
        };
        json!({
            "value": &*instruction.keyword,
            "original": original,
            "flags": flags(instruction.flags()),
            "attributes": if is_json(&instruction.kind) { vec!["json"] } else { vec![] },
            "prev_comment": self.comments(instruction),
            "start_line": start,
            "end_line": end,
            "args": arguments(&instruction.kind),
            "heredocs": instruction.heredocs().iter().map(heredoc).collect::<Vec<_>>(),
            "children": children,
        })
    }

    fn instructions(&self) -> Value {
        let mut meta_args = Vec::new();
        let mut stages: Vec<(Value, Vec<Value>)> = Vec::new();
        for instruction in &self.dockerfile.instructions {
            let (start, end) = self.lines_of(instruction);
            let comments = self.comments(instruction);
            let code = self.dockerfile.logical_line(instruction);
            if let Kind::From(from) = &instruction.kind {
                let name = from.name.as_ref().map(|name| name.to_lowercase()).unwrap_or_default();
                stages.push((
                    json!({
                        "name": name,
                        "base_name": &*from.image.word,
                        "original_cmd": &*instruction.keyword,
                        "platform": text(from.platform()),
                        "source_code": code.trim(),
                        "doc_comment": doc_comment(&comments, &name),
                        "comments": comments,
                        "start_line": start,
                        "end_line": end,
                    }),
                    Vec::new(),
                ));
                continue;
            }
            let command = json!({
                "name": &*instruction.keyword,
                "code": code.trim(),
                "json": self.typed(instruction, &code, &comments),
                "comments": comments,
                "start_line": start,
                "end_line": end,
            });
            match stages.last_mut() {
                Some((_, commands)) => commands.push(command),
                None => meta_args.push(command),
            }
        }
        let stages: Vec<Value> = stages
            .into_iter()
            .map(|(mut stage, commands)| {
                stage["commands"] = Value::Array(commands);
                stage
            })
            .collect();
        json!({"ok": true, "meta_args": meta_args, "stages": stages})
    }

    fn typed(&self, instruction: &Instruction<'_>, code: &str, comments: &[Cow<'_, str>]) -> Value {
        let heredocs = instruction.heredocs();
        match &instruction.kind {
            Kind::Env(env) => json!({"env": pairs(&env.pairs)}),
            Kind::Label(label) => json!({"labels": pairs(&label.pairs)}),
            Kind::Arg(arg) => {
                let items = arg.items.iter().map(|item| {
                    json!({
                        "key": &*item.name,
                        "value": item.default.as_deref(),
                        "doc_comment": doc_comment(comments, &item.name),
                    })
                });
                json!({"args": items.collect::<Vec<_>>()})
            }
            Kind::Add(add) => json!({
                "sources": paths(&add.sources),
                "dest": &*add.destination,
                "source_contents": contents(&add.sources, heredocs),
                "chown": text(add.chown()),
                "chmod": text(add.chmod()),
                "link": add.link().unwrap_or_default(),
                "exclude": add.excludes().map(|word| &**word).collect::<Vec<_>>(),
                "keep_git_dir": add.keep_git_dir(),
                "checksum": text(add.checksum()),
                "unpack": add.unpack(),
            }),
            Kind::Copy(copy) => json!({
                "sources": paths(&copy.sources),
                "dest": &*copy.destination,
                "source_contents": contents(&copy.sources, heredocs),
                "from": text(copy.from()),
                "chown": text(copy.chown()),
                "chmod": text(copy.chmod()),
                "link": copy.link().unwrap_or_default(),
                "exclude": copy.excludes().map(|word| &**word).collect::<Vec<_>>(),
                "parents": copy.parents().unwrap_or_default(),
            }),
            Kind::Run(run) => {
                let mut typed = command(&run.command, heredocs, false);
                typed["network"] = json!(run.network().unwrap_or_default().as_str());
                typed["security"] = json!(run.security().unwrap_or_default().as_str());
                typed["devices"] = run
                    .devices()
                    .map(|device| json!({"name": text(device.name.as_ref()), "required": device.required}))
                    .collect();
                typed["mounts"] = run.mounts().map(mount).collect();
                typed
            }
            Kind::Cmd(cmd) => command(&cmd.command, heredocs, false),
            Kind::Entrypoint(entrypoint) => command(&entrypoint.command, heredocs, true),
            Kind::Healthcheck(healthcheck) => {
                let test: Vec<&str> = match &healthcheck.test {
                    HealthcheckTest::None => vec!["NONE"],
                    HealthcheckTest::Command(command) => {
                        let kind = if command.is_exec() { "CMD" } else { "CMD-SHELL" };
                        std::iter::once(kind).chain(command.words().iter().map(|word| &**word)).collect()
                    }
                };
                json!({
                    "test": test,
                    "interval_ns": healthcheck.interval().unwrap_or_default(),
                    "timeout_ns": healthcheck.timeout().unwrap_or_default(),
                    "start_period_ns": healthcheck.start_period().unwrap_or_default(),
                    "start_interval_ns": healthcheck.start_interval().unwrap_or_default(),
                    "retries": healthcheck.retries().unwrap_or_default(),
                })
            }
            Kind::Expose(expose) => {
                let mut ports: Vec<&str> = expose.ports.iter().map(|port| &*port.word).collect();
                ports.sort_unstable();
                json!({"ports": ports})
            }
            Kind::User(user) => json!({"user": &*user.user}),
            Kind::Volume(volume) => {
                json!({"volumes": volume.paths.iter().map(|path| path.trim()).collect::<Vec<_>>()})
            }
            Kind::Workdir(workdir) => json!({"path": &*workdir.path}),
            Kind::Stopsignal(stopsignal) => json!({"signal": &*stopsignal.signal}),
            Kind::Shell(shell) => json!({"shell": words(&shell.words)}),
            Kind::Onbuild(_) => {
                let mut expression = code.trim_start()["ONBUILD".len()..].trim_start_matches(is_go_blank).to_owned();
                for heredoc in heredocs {
                    expression += &format!("\n{}{}", heredoc.content, heredoc.name);
                }
                json!({"expression": expression})
            }
            Kind::Maintainer(maintainer) => json!({"maintainer": &*maintainer.name}),
            Kind::From(_) | Kind::Malformed(_) => Value::Null,
        }
    }
}

/// What `\s` means in Go's regular expressions.
fn is_go_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0C')
}

fn text<'w>(word: Option<&'w Word<'_>>) -> &'w str {
    word.map(|word| &**word).unwrap_or_default()
}

fn words<'w>(words: &'w [Word<'_>]) -> Vec<&'w str> {
    words.iter().map(|word| &**word).collect()
}

fn flags(flags: &[Flag<'_>]) -> Vec<String> {
    flags
        .iter()
        .map(|flag| match &flag.value {
            Some(value) => format!("--{}={value}", flag.name),
            None => format!("--{}", flag.name),
        })
        .collect()
}

fn is_json(kind: &Kind<'_>) -> bool {
    match kind {
        Kind::Run(run) => run.command.is_exec(),
        Kind::Cmd(cmd) => cmd.command.is_exec(),
        Kind::Entrypoint(entrypoint) => entrypoint.command.is_exec(),
        Kind::Healthcheck(healthcheck) => match &healthcheck.test {
            HealthcheckTest::None => false,
            HealthcheckTest::Command(command) => command.is_exec(),
        },
        Kind::Add(add) => add.form == Form::Exec,
        Kind::Copy(copy) => copy.form == Form::Exec,
        Kind::Volume(volume) => volume.form == Form::Exec,
        Kind::Shell(_) => true,
        Kind::Malformed(malformed) => malformed.form == Form::Exec,
        _ => false,
    }
}

fn arguments<'k>(kind: &'k Kind<'_>) -> Vec<&'k str> {
    match kind {
        Kind::Add(add) => sources(&add.sources).chain([&*add.destination]).collect(),
        Kind::Copy(copy) => sources(&copy.sources).chain([&*copy.destination]).collect(),
        Kind::Arg(arg) => arg.items.iter().map(|item| &*item.word).collect(),
        Kind::Cmd(cmd) => words(cmd.command.words()),
        Kind::Entrypoint(entrypoint) => words(entrypoint.command.words()),
        Kind::Run(run) => words(run.command.words()),
        Kind::Env(env) => pair_arguments(&env.pairs),
        Kind::Label(label) => pair_arguments(&label.pairs),
        Kind::Expose(expose) => expose.ports.iter().map(|port| &*port.word).collect(),
        Kind::From(from) => {
            let parts = [Some(&from.image.word), from.as_keyword.as_ref(), from.name.as_ref()];
            parts.into_iter().flatten().map(|word| &**word).collect()
        }
        Kind::Healthcheck(healthcheck) => {
            let command = match &healthcheck.test {
                HealthcheckTest::None => &[],
                HealthcheckTest::Command(command) => command.words(),
            };
            std::iter::once(&healthcheck.kind).chain(command).map(|word| &**word).collect()
        }
        Kind::Maintainer(maintainer) => vec![&maintainer.name],
        Kind::Onbuild(_) => Vec::new(),
        Kind::Shell(shell) => words(&shell.words),
        Kind::Stopsignal(stopsignal) => vec![&stopsignal.signal],
        Kind::User(user) => vec![&user.user],
        Kind::Volume(volume) => words(&volume.paths),
        Kind::Workdir(workdir) => vec![&workdir.path],
        // The reference leaves out what follows a keyword that it does not know.
        Kind::Malformed(malformed) if malformed.keyword.is_none() => vec![""],
        Kind::Malformed(malformed) => words(&malformed.words),
    }
}

fn sources<'s>(sources: &'s [CopySource<'_>]) -> impl Iterator<Item = &'s str> {
    sources.iter().map(|source| &**source.word())
}

fn pair_arguments<'p>(pairs: &'p [Pair<'_>]) -> Vec<&'p str> {
    let arguments = pairs.iter().flat_map(|pair| {
        let delimiter = match pair.delimiter {
            Delimiter::Equals => "=",
            Delimiter::Blank => "",
        };
        [&*pair.key, &*pair.value, delimiter]
    });
    arguments.collect()
}

/// The inner nodes of an `ONBUILD`, each the only child of the one before.
fn children(instruction: &Instruction<'_>, original: &str) -> Vec<Value> {
    let Kind::Onbuild(onbuild) = &instruction.kind else { return Vec::new() };
    let node = |keyword: &str, original: &str, child_flags: Vec<String>, json: bool, arguments: Vec<&str>| {
        json!({
            "value": keyword, "original": original, "flags": child_flags,
            "attributes": if json { vec!["json"] } else { vec![] },
            "prev_comment": [], "start_line": 0, "end_line": 0, "args": arguments, "heredocs": [], "children": [],
        })
    };
    let mut rest = inner(original, &instruction.keyword, instruction.flags());
    let mut nodes = Vec::new();
    for prefix in &onbuild.chain {
        nodes.push(node(&prefix.keyword, rest, flags(&prefix.flags), false, Vec::new()));
        rest = inner(rest, &prefix.keyword, &prefix.flags);
    }
    if let Some(last) = &onbuild.instruction {
        let (kind, keyword) = (&last.kind, &last.keyword);
        let arguments = arguments(kind);
        nodes.push(node(keyword, rest, flags(last.flags()), is_json(kind), arguments));
    }
    let nested = nodes.into_iter().rev().reduce(|child, mut parent| {
        parent["children"] = json!([child]);
        parent
    });
    nested.into_iter().collect()
}

/// What follows the keyword and the flags.
fn inner<'o>(original: &'o str, keyword: &str, flags: &[Flag<'_>]) -> &'o str {
    let mut rest = original.trim()[keyword.len()..].trim();
    for _ in flags {
        rest = rest.split_once(char::is_whitespace).map_or("", |(_, rest)| rest).trim();
    }
    rest
}

fn heredoc(heredoc: &Heredoc<'_>) -> Value {
    json!({
        "name": heredoc.name,
        "file_descriptor": heredoc.file_descriptor,
        "expand": heredoc.expand,
        "chomp": heredoc.chomp,
        "content": heredoc.content,
    })
}

/// The first comment that begins with the name, without the name.
fn doc_comment(comments: &[Cow<'_, str>], name: &str) -> String {
    let about = |comment: &Cow<'_, str>| Some(comment.strip_prefix(name)?.strip_prefix(' ')?.to_owned());
    if name.is_empty() { String::new() } else { comments.iter().find_map(about).unwrap_or_default() }
}

fn pairs(pairs: &[Pair<'_>]) -> Vec<Value> {
    let typed = |pair: &Pair<'_>| {
        let no_delim = pair.delimiter == Delimiter::Blank;
        json!({"key": &*pair.key, "value": &*pair.value, "no_delim": no_delim})
    };
    pairs.iter().map(typed).collect()
}

fn paths<'s>(sources: &'s [CopySource<'_>]) -> Vec<&'s str> {
    let path = |source: &'s CopySource<'_>| match source {
        CopySource::Path(word) => Some(&**word),
        CopySource::Heredoc(_) => None,
    };
    sources.iter().filter_map(path).collect()
}

fn contents(sources: &[CopySource<'_>], heredocs: &[Heredoc<'_>]) -> Vec<Value> {
    let content = |source: &CopySource<'_>| match source {
        CopySource::Path(_) => None,
        CopySource::Heredoc(source) => {
            let heredoc = source.index.and_then(|index| heredocs.get(index as usize));
            let content = heredoc.map(|heredoc| heredoc.content).unwrap_or_default();
            let data = if source.chomp { chomped(content) } else { content.to_owned() };
            Some(json!({"path": source.name, "data": data, "expand": source.expand}))
        }
    };
    sources.iter().filter_map(content).collect()
}

/// The lines without the tabs before them.
fn chomped(content: &str) -> String {
    content.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
}

fn command(command: &Command<'_>, heredocs: &[Heredoc<'_>], empty_is_nil: bool) -> Value {
    let files: Vec<Value> = heredocs
        .iter()
        .map(|heredoc| json!({"name": heredoc.name, "data": heredoc.content, "chomp": heredoc.chomp}))
        .collect();
    json!({
        "cmd_line": words(command.words()),
        "cmd_line_nil": empty_is_nil && command.words().is_empty(),
        "prepend_shell": !command.is_exec(),
        "files": files,
    })
}

fn mount(mount: &Mount<'_>) -> Value {
    json!({
        "type": mount.kind.unwrap_or_default().as_str(),
        "from": text(mount.from.as_ref()),
        "source": text(mount.source.as_ref()),
        "target": text(mount.target.as_ref()),
        "readonly": mount.readonly,
        "size": mount.size.unwrap_or_default(),
        "id": text(mount.id.as_ref()),
        "sharing": mount.sharing.map(|sharing| sharing.as_str()).unwrap_or_default(),
        "required": mount.required,
        "env": mount.env.as_deref(),
        "mode": mount.mode,
        "uid": mount.uid,
        "gid": mount.gid,
    })
}
