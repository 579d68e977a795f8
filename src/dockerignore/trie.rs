//! Which of many keys a text begins with.

/// A key and its number.
pub(super) type Numbered = (Vec<u8>, u32);

/// A trie of keys, each with a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Trie {
    /// The root, and then the nodes level by level, so that the children of a node stand side by side.
    nodes: Vec<Node>,
    /// The byte that leads to a node.
    labels: Vec<u8>,
    /// The numbers of the keys that end at a node, node after node.
    numbers: Vec<u32>,
    /// The root's child for each byte; 0 for none.
    first: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    first_child: u32,
    first_number: u32,
    children: u16,
    numbers: u32,
}

impl Trie {
    /// Takes keys and their numbers.
    pub(super) fn new(mut keys: Vec<Numbered>) -> Self {
        if keys.is_empty() {
            return Self::default();
        }
        keys.sort();
        let mut trie = Self { nodes: vec![Node::default()], labels: vec![0], numbers: Vec::new(), first: vec![0; 256] };
        // The keys below each node, in the order of the nodes.
        let mut below: Vec<(usize, &[Numbered])> = vec![(0, &keys)];
        let mut at = 0;
        while let Some((depth, keys)) = below.get(at).copied() {
            let ended = keys.partition_point(|(key, _)| key.len() == depth);
            let (ended, mut longer) = keys.split_at_checked(ended).unwrap_or((keys, &[]));
            let mut node = Node {
                first_child: index(trie.nodes.len()),
                first_number: index(trie.numbers.len()),
                children: 0,
                numbers: index(ended.len()),
            };
            trie.numbers.extend(ended.iter().map(|(_, number)| *number));
            while let Some(label) = longer.first().and_then(|(key, _)| key.get(depth)).copied() {
                let same = longer.partition_point(|(key, _)| key.get(depth) == Some(&label));
                let (same, other) = longer.split_at_checked(same).unwrap_or((longer, &[]));
                if let Some(first) = trie.first.get_mut(usize::from(label)).filter(|_| depth == 0) {
                    *first = index(trie.nodes.len());
                }
                trie.nodes.push(Node::default());
                trie.labels.push(label);
                below.push((depth + 1, same));
                node.children += 1;
                longer = other;
            }
            if let Some(place) = trie.nodes.get_mut(at) {
                *place = node;
            }
            at += 1;
        }
        trie
    }

    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Calls `found` with the number of each key with which `text` begins.
    pub(super) fn find(&self, text: impl IntoIterator<Item = u8>, mut found: impl FnMut(u32)) {
        let mut text = text.into_iter();
        let Some(byte) = text.next() else { return };
        let Some(mut at) = self.first.get(usize::from(byte)).map(|at| *at as usize).filter(|at| *at > 0) else {
            return;
        };
        while let Some(node) = self.nodes.get(at) {
            if node.numbers > 0 {
                let start = node.first_number as usize;
                let numbers = self.numbers.get(start..start + node.numbers as usize);
                numbers.unwrap_or_default().iter().for_each(|number| found(*number));
            }
            let start = node.first_child as usize;
            let Some(byte) = text.next() else { return };
            let labels = self.labels.get(start..start + usize::from(node.children)).unwrap_or_default();
            let Some(child) = labels.iter().position(|label| *label == byte) else { return };
            at = start + child;
        }
    }
}

fn index(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_beginnings() {
        let keys = ["a", "ab", "abc", "b", "abd", "ab"];
        let trie = Trie::new((0..).zip(keys).map(|(number, key)| (key.as_bytes().to_vec(), number)).collect());
        for (text, expected) in [("abcd", vec![0, 1, 5, 2]), ("ab", vec![0, 1, 5]), ("x", vec![]), ("b", vec![3])] {
            let mut found = Vec::new();
            trie.find(text.bytes(), |number| found.push(number));
            assert_eq!(found, expected, "{text}");
        }
    }
}
