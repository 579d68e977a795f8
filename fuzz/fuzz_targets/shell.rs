//! Any text is a script: no panic, every place is one, and the same text is read the same way twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::ast::Kind;
use plimsoll::shell::{Dialect, Interpreter, Script, Switches, Text, scripts, violations};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let bash = Interpreter { dialect: Dialect::Bash, switches: Switches::default() };
    let script = Script::read(Text::plain(text, 0), bash, &|_| None);
    assert_eq!(violations(&script, text), Vec::<String>::new());
    let again = Script::read(Text::plain(text, 0), bash, &|_| None);
    let kinds = |script: &Script<'_>| script.nodes().map(|node| (node.kind(), node.range())).collect::<Vec<_>>();
    assert_eq!(kinds(&script), kinds(&again));

    // The same in a Dockerfile: continued, and as a heredoc.
    for text in [format!("RUN {}", text.replace('\n', "\\\n")), format!("RUN <<-X\n{text}\nX\n"), text.to_owned()] {
        let parsed = plimsoll::parse(&text);
        for instruction in &parsed.dockerfile.instructions {
            let Kind::Run(run) = &instruction.kind else { continue };
            for script in scripts(&run.command, &run.heredocs, Interpreter::default(), &|_| Some("a b")) {
                assert_eq!(violations(&script, &text), Vec::<String>::new());
            }
        }
    }
});
