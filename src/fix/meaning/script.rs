//! What differs between two scripts.

use std::collections::HashSet;

use crate::rules::Change;
use crate::shell::{NodeKind, NodeRef, Operator, Script};
use crate::source::Span;

/// What differs between the scripts of an instruction and those that became of them, which are not written alike; none where it
/// is more than a rule may change.
pub(super) fn compare(before: &[Script<'_>], after: &[Script<'_>]) -> Option<Vec<Change>> {
    if before.len() != after.len() || before.is_empty() {
        return None;
    }
    let mut found = HashSet::new();
    // Scripts in scripts come after those that they are written in, where they are words.
    let (mut words, mut scripts) = (0, 0);
    for (number, (one, other)) in before.iter().zip(after).enumerate() {
        let is_same = one.text().as_str() == other.text().as_str();
        scripts += usize::from(number > 0 && !is_same);
        if one.dialect() != other.dialect() || one.is_exec() != other.is_exec() {
            return None;
        }
        if !is_same {
            words += differing(one, other, &mut found)?;
        }
    }
    // Where only blanks differ, no rule says so.
    (words == scripts && !found.is_empty()).then(|| found.into_iter().collect())
}

/// Notes what differs; says in how many places a script stands that is another one. None where more differs.
fn differing(before: &Script<'_>, after: &Script<'_>, found: &mut HashSet<Change>) -> Option<usize> {
    // What is not read can't be compared.
    if !before.dialect().is_read() && !before.is_exec() {
        return None;
    }
    let (one, other) = (Read::new(before), Read::new(after));
    let (mut at, mut now, mut scripts) = (0, 0, 0);
    loop {
        match (one.nodes.get(at), other.nodes.get(now)) {
            (None, None) => return Some(scripts),
            (Some(old), Some(new))
                if one.look(*old) == other.look(*new) && one.is_script(*old) == other.is_script(*new) =>
            {
                if one.is_script(*old) && old.text() != new.text() {
                    scripts += 1;
                    (at, now) = (one.end(*old), other.end(*new));
                } else {
                    (at, now) = (at + 1, now + 1);
                }
            }
            (old, Some(new)) if is_last_and(*new) && old.is_none_or(|old| ends_statement(*old)) => {
                // What is put in ends with the command after the `&&`.
                let command = new.next_sibling().filter(|command| command.kind() == NodeKind::Pipeline)?;
                found.insert(Change::AppendedCommands);
                now = other.end(command);
            }
            (_, Some(new)) if is_option(*new) && !other.is_name(*new) => {
                found.insert(Change::AddedOptions);
                now += 1;
            }
            (Some(old), Some(new)) if one.is_name(*old) && other.is_name(*new) => {
                found.insert(Change::CommandName);
                (at, now) = (at + 1, now + 1);
            }
            _ => return None,
        }
    }
}

/// Whether a node is a plain word that is an option of a simple command.
fn is_option(node: NodeRef<'_>) -> bool {
    let of_command = node.parent().is_some_and(|parent| parent.kind() == NodeKind::Simple);
    let is_option = node.text().strip_prefix('-').is_some_and(|name| !name.trim_start_matches('-').is_empty());
    node.kind() == NodeKind::Word && node.is_leaf() && of_command && is_option
}

/// Whether a node is an `&&` of the last statement of the script.
fn is_last_and(node: NodeRef<'_>) -> bool {
    let Some(statement) = node.parent().filter(|parent| parent.kind() == NodeKind::Statement) else { return false };
    let later = std::iter::successors(statement.next_sibling(), |node| node.next_sibling());
    node.kind() == NodeKind::Operator(Operator::And)
        && statement.parent().is_some_and(|list| list.parent().is_none())
        && !later.into_iter().any(|later| later.kind() == NodeKind::Statement)
}

/// Whether no command of a statement comes after a node that follows one.
fn ends_statement(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), NodeKind::Operator(Operator::Semicolon) | NodeKind::Comment)
}

/// The parts of a node's text/// The parts of a node's text that are not in the nodes that it holds.
fn own_texts<'s>(node: NodeRef<'s>) -> Vec<&'s str> {
    if node.is_leaf() {
        return vec![node.text()];
    }
    let (text, start) = (node.text(), node.range().start);
    // Blanks between a sign and what belongs to it mean nothing; in a text they do.
    let is_loose = matches!(
        node.kind(),
        NodeKind::Redirection(_) | NodeKind::CommandSubstitution | NodeKind::ProcessSubstitution | NodeKind::Backquoted
    );
    let mut parts = Vec::new();
    let mut end = 0;
    let places = node
        .children()
        .map(|child| (child.range().start.saturating_sub(start), child.range().end.saturating_sub(start)));
    for (from, to) in places.chain([(node.range().len(), 0)]) {
        let part = Span::new(end, from).of(text);
        parts.push(if is_loose { part.trim() } else { part });
        end = to;
    }
    parts
}

/// A script, with what has to be known of its nodes.
struct Read<'s> {
    nodes: Vec<NodeRef<'s>>,
    depths: Vec<u32>,
    /// The words that are scripts, and those that are names of commands.
    scripts: HashSet<u32>,
    names: HashSet<u32>,
}

impl<'s> Read<'s> {
    fn new(script: &'s Script<'_>) -> Self {
        let nodes: Vec<NodeRef<'s>> = script.nodes().collect();
        let mut depths: Vec<u32> = Vec::with_capacity(nodes.len());
        for node in &nodes {
            let of_parent = node.parent().and_then(|parent| depths.get(parent.index() as usize));
            depths.push(of_parent.map_or(0, |depth| depth + 1));
        }
        let scripts = script.calls().filter_map(|call| call.script_argument()).map(|word| word.word().index());
        let backquoted = nodes.iter().filter(|node| node.kind() == NodeKind::Backquoted && node.is_leaf());
        let names = script.calls().map(|call| call.name_argument().word().index());
        Self {
            scripts: scripts.chain(backquoted.map(|node| node.index())).collect(),
            names: names.collect(),
            depths,
            nodes,
        }
    }

    /// What must be alike: the kind, the depth and, of what is no script, the text that is not in the nodes that it holds.
    fn look(&self, node: NodeRef<'s>) -> (NodeKind, Option<&u32>, Vec<&'s str>) {
        let texts = match node.kind().is_token() && !self.is_script(node) {
            true => own_texts(node),
            false => Vec::new(),
        };
        (node.kind(), self.depths.get(node.index() as usize), texts)
    }

    fn is_script(&self, node: NodeRef<'_>) -> bool {
        self.scripts.contains(&node.index())
    }

    fn is_name(&self, node: NodeRef<'_>) -> bool {
        node.kind() == NodeKind::Word && node.is_leaf() && self.names.contains(&node.index())
    }

    /// The number of the node after all that is in `node`.
    fn end(&self, node: NodeRef<'_>) -> usize {
        node.descendants().last().unwrap_or(node).index() as usize + 1
    }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test whose data is wrong fails")]
mod tests {
    use super::*;
    use crate::ast::Kind;
    use crate::shell::{Interpreter, scripts};

    fn difference(before: &str, after: &str) -> Option<Vec<Change>> {
        let texts = [before, after].map(|command| format!("RUN {command}\n"));
        let parsed = [crate::parse(&texts[0]), crate::parse(&texts[1])];
        let read = [0, 1].map(|number: usize| {
            let Kind::Run(run) = &parsed[number].dockerfile.instructions[0].kind else { panic!() };
            scripts(&run.command, &run.heredocs, Interpreter::default(), &|_| None)
        });
        compare(&read[0], &read[1])
    }

    #[test]
    fn scripts_that_differ() {
        let options = || Some(vec![Change::AddedOptions]);
        let cases = [
            ("a  b", "a b", None),
            ("a  b", "a -y b", options()),
            ("A=b c", "A=b c -y", options()),
            ("A=b c", "B=b c -y", None),
            ("A=b c", "A=d c -y", None),
            ("a ${b:-c}", "a -y ${b:-c}", options()),
            ("a ${b:-c}", "a -y ${b:+c}", None),
            ("a ${b:-c}", "a -y ${d:-c}", None),
            ("a \"b  c\"", "a -y \"b c\"", None),
            ("a \"b $c  d\"", "a -y \"b $c d\"", None),
            ("a >b", "a -y > b", options()),
            ("a >b", "a -y >> b", None),
            ("a 2>b", "a -y >b", None),
            ("a $(b)", "a -y $( b )", options()),
            ("a $((b + c))", "a -y $((b - c))", None),
            ("a() { b c; }", "d() { b -y c; }", None),
            ("[[ a == b ]] && c", "[[ a != b ]] && c -y", None),
            ("for a in b; do c; done", "for d in b; do c -y; done", None),
            ("case a in b) c;; esac", "case a in d) c -y;; esac", None),
            ("a <<X\nb $c\nX", "a -y <<X\nb $c\nX", options()),
            ("a <<X\nb $c\nX", "a -y <<X\nd $c\nX", None),
            ("a {b,c}", "a -y {b,d}", None),
            ("a ~b", "a -y ~c", None),
            ("a *.b", "a -y ?.b", None),
            ("a b", "a -y b", options()),
            ("a b && c", "a b --yes && c -x", options()),
            ("a b", "a b c", None),
            ("a b", "a", None),
            ("a -y b", "a b", None),
            ("a b", "a -y; b", None),
            ("a b && c", "a b; c", None),
            ("a b && c", "a b && c && d", Some(vec![Change::AppendedCommands])),
            ("a b", "a b && c d | e", Some(vec![Change::AppendedCommands])),
            ("a b", "a b && c; d", None),
            ("a b", "a b || c", None),
            ("a b", "a b; c", None),
            ("(a b)", "(a b && c)", None),
            ("if a; then b; fi", "if a; then b && c; fi", None),
            ("a; b", "a; b && c", Some(vec![Change::AppendedCommands])),
            ("a; b", "a && c; b", None),
            ("a; b;", "a; b && c;", Some(vec![Change::AppendedCommands])),
            ("a; b # c", "a; b && d # c", Some(vec![Change::AppendedCommands])),
            ("a; b # c", "a; b && d # e", None),
            ("a", "a && b && c", Some(vec![Change::AppendedCommands])),
            ("a", "a && b || c", None),
            ("a || b", "a && c || b", None),
            ("a &", "a && b &", None),
            ("a", "a && b &", None),
            ("<<X\na b\nX", "<<X\na b && c\nX", Some(vec![Change::AppendedCommands])),
            ("a > b", "a > b && c", Some(vec![Change::AppendedCommands])),
            ("a b", "a - b", None),
            ("a b && c", "a b && -y c", None),
            ("A=b c", "A=b -y c", None),
            ("sudo a", "sudo -y a", options()),
            ("a \"$b\"", "a -y \"$b\"", options()),
            ("a \"$b\"", "a -y \"$c\"", None),
            ("a $(b c)", "a $(b -y c)", options()),
            ("a $(b c)", "a $(b -y d)", None),
            ("a | b", "a -x | b", options()),
            ("apt install a", "apt-get install a", Some(vec![Change::CommandName])),
            ("sudo apt install a", "sudo apt-get install a", Some(vec![Change::CommandName])),
            ("echo apt", "echo apt-get", None),
            ("sh -c 'a b'", "sh -c 'a -y b'", options()),
            ("sh -c 'a b'", "sh -c 'a c'", None),
            ("sh -c 'a b' && sh -c \"c $d\"", "sh -c 'a b' && sh -c \"c -y $d\"", options()),
            ("python -c 'a b'", "python -c 'a -y b'", None),
            ("[\"a\", \"b\"]", "[\"a\", \"-y\", \"b\"]", options()),
            ("[\"a\", \"b\"]", "[\"a\", \"-y\", \"c\"]", None),
            ("[\"a\", \"b\"]", "a b", None),
            ("<<X\na b\nX", "<<X\na -y b\nX", options()),
            ("<<X\na b\nX", "<<X\na -y b\nc\nX", None),
            ("a b # c", "a -y b # c", options()),
            ("a b # c", "a b # d", None),
            ("a b > c", "a b -y > c", options()),
            ("a b > c", "a b > -c", None),
            ("if a; then b c; fi", "if a; then b -y c; fi", options()),
            ("for a in b; do c; done", "for a in -y b; do c; done", None),
        ];
        let failures: Vec<String> = cases
            .into_iter()
            .map(|(before, after, expected)| (before, after, expected, difference(before, after)))
            .filter(|(_, _, expected, found)| expected != found)
            .map(|(before, after, expected, found)| {
                format!("{before:?} {after:?}: {expected:?} expected, {found:?} found")
            })
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
