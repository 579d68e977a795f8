//! How long an editor waits: `cargo bench --bench lsp`.
//!
//! Drives the real binary over its standard input and output. For a file of 100 lines and for one of 5,000: the median of the
//! time from the start of the process to the first diagnostics, and of the time from a change to its diagnostics, over 50 edits
//! at different places. Beside them stands what linting the same text takes by itself, in this process.

#![allow(
    clippy::print_stdout,
    clippy::panic,
    reason = "a bench says what it measured, and stops when there is nothing to measure"
)]

use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use plimsoll::{Linter, Options};
use serde_json::{Value, json};

const EDITS: usize = 50;
const STARTS: usize = 20;
const URI: &str = "file:///nowhere/Dockerfile";

/// A stage as people write them, with something wrong in it here and there. `@` stands for its number.
const STAGE: &str = r#"FROM debian:13 AS stage@
ARG VERSION=1.@
ENV PATH=/opt/tool/bin:$PATH \
    HOME=/home/builder
WORKDIR /src
# What the build needs.
RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential \
        ca-certificates \
        curl \
    && rm -rf /var/lib/apt/lists/*
COPY package.json yarn.lock ./
RUN --mount=type=cache,target=/root/.cache \
    sudo yarn install --frozen-lockfile
COPY . .
RUN <<EOF
set -e
for file in *.c; do
    gcc -O2 -c "$file" -o "${file%.c}.o"
done
EOF
RUN curl -fsSL https://example.org/tool-${VERSION}.tar.gz | tar xz -C /opt
EXPOSE 8080
USER builder
CMD ["./run", "--port", "8080"]
"#;

fn text(lines: usize) -> String {
    let stage = STAGE.lines().count();
    (0..lines.div_ceil(stage)).map(|number| STAGE.replace('@', &number.to_string())).collect()
}

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        let Ok(mut child) = command.arg("server").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
            panic!("the server does not start")
        };
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { panic!("it has no pipes") };
        let mut server = Self { child, input, output: BufReader::new(output) };
        let capabilities = json!({ "textDocument": { "publishDiagnostics": { "versionSupport": true } } });
        server.send(&json!({ "id": 1, "method": "initialize", "params": { "capabilities": capabilities } }));
        server.tell("initialized", &json!({}));
        server
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let sent = write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len());
        assert!(sent.and_then(|()| self.input.flush()).is_ok(), "the server does not listen");
    }

    fn open(&mut self, text: &str) {
        let document = json!({ "uri": URI, "languageId": "dockerfile", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    fn change(&mut self, version: usize, line: usize, end: usize, text: &str) {
        let place = |character: usize| json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": place(0), "end": place(end) }, "text": text });
        let document = json!({ "uri": URI, "version": version });
        self.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// Waits for the diagnostics of that version.
    fn wait(&mut self, version: usize) {
        let wanted = format!("\"version\":{version}}}");
        loop {
            let body = self.message();
            if body.contains("publishDiagnostics") && body.contains(&wanted) {
                return;
            }
        }
    }

    fn message(&mut self) -> String {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).is_ok_and(|read| read > 0), "the server says nothing");
            match line.trim_end().split_once(": ") {
                Some((_, value)) => length = value.parse().unwrap_or_default(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        assert!(self.output.read_exact(&mut body).is_ok(), "the server says nothing");
        String::from_utf8_lossy(&body).into_owned()
    }

    fn stop(mut self) {
        drop(self.input);
        drop(self.child.wait());
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn start_to_diagnostics(text: &str) -> Duration {
    let once = |_| {
        let start = Instant::now();
        let mut server = Server::start();
        server.open(text);
        server.wait(1);
        let took = start.elapsed();
        server.stop();
        took
    };
    median((0..STARTS).map(once).collect())
}

fn change_to_diagnostics(text: &str) -> Duration {
    let lines = text.lines().count();
    let mut server = Server::start();
    server.open(text);
    server.wait(1);
    let mut times = Vec::new();
    for edit in 0..EDITS {
        // A character is typed at the beginning of a line, and taken away again.
        let line = edit / 2 * 7_919 % lines;
        let (end, with) = if edit % 2 == 0 { (0, "x") } else { (1, "") };
        let start = Instant::now();
        server.change(edit + 2, line, end, with);
        server.wait(edit + 2);
        times.push(start.elapsed());
        // People are not as fast as that.
        std::thread::sleep(Duration::from_millis(2));
    }
    server.stop();
    median(times)
}

fn lint(text: &str) -> Duration {
    let Ok(linter) = Linter::new(Options::default()) else { return Duration::ZERO };
    let once = |_| {
        let start = Instant::now();
        black_box(linter.lint(black_box(text)));
        start.elapsed()
    };
    median((0..EDITS).map(once).collect())
}

fn main() {
    println!(
        "{:>5}  {:>7}  {:>20}  {:>21}  {:>10}",
        "lines", "bytes", "start to diagnostics", "change to diagnostics", "lint alone"
    );
    for lines in [100, 5_000] {
        let text = text(lines);
        let shown = |took: Duration| format!("{:.2} ms", took.as_secs_f64() * 1e3);
        let (first, change, lint) = (start_to_diagnostics(&text), change_to_diagnostics(&text), lint(&text));
        let bytes = text.len();
        println!("{lines:>5}  {bytes:>7}  {:>20}  {:>21}  {:>10}", shown(first), shown(change), shown(lint));
    }
}
