//! Which variables are set where.
//!
//! A scope is the number of the binding that was made last; each binding knows the one before it. So a stage takes over the
//! scope of the stage that it builds on for nothing, and the scope of every instruction can be kept. Where a scope gets
//! deep, the bindings are also in a tree that shares what two scopes have in common, so that none is looked for long.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Value;
use crate::source::Span;

/// The variables at some place: the last binding that was made, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Scope(u32);

impl Scope {
    /// The scope with nothing in it.
    pub(super) const EMPTY: Self = Self(0);
}

/// What makes a binding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Binder {
    /// `ARG`, or the builder itself.
    Arg,
    /// `ENV`
    Env,
}

/// A name that was bound.
#[derive(Clone, Debug)]
pub(super) struct Binding<'d> {
    pub(super) name: Cow<'d, str>,
    pub(super) binder: Binder,
    pub(super) value: Bound<'d>,
    /// Where the name stands that is bound; none where the builder binds it.
    pub(super) place: Option<Span>,
    before: Scope,
    /// How many bindings there are in the scope.
    depth: u32,
    /// The tree of the scope, where it is deep.
    tree: Tree,
}

/// What a name is bound to.
#[derive(Clone, Debug)]
pub(super) enum Bound<'d> {
    /// A value of its own.
    To(Value<'d>),
    /// What another binding has.
    Like(Scope),
    /// Nothing: an `ARG` that got no value.
    Unset,
}

/// Scopes that are deeper than this have a tree.
const SHALLOW: u32 = 64;

/// All bindings of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Scopes<'d> {
    bindings: Vec<Binding<'d>>,
    /// The number of each name, once there is a deep scope.
    names: HashMap<Cow<'d, str>, u32>,
    trees: Trees,
}

impl<'d> Scopes<'d> {
    pub(super) fn binding(&self, scope: Scope) -> Option<&Binding<'d>> {
        self.bindings.get((scope.0 as usize).checked_sub(1)?)
    }

    /// The scope with one binding more.
    pub(super) fn bind(
        &mut self,
        before: Scope,
        name: Cow<'d, str>,
        (binder, place): (Binder, Option<Span>),
        value: Bound<'d>,
    ) -> Scope {
        let (depth, tree) = self.binding(before).map_or((0, Tree::default()), |last| (last.depth, last.tree));
        let scope = Scope(u32::try_from(self.bindings.len()).map_or(u32::MAX, |length| length.saturating_add(1)));
        let mut binding = Binding { name, binder, value, place, before, depth: depth + 1, tree };
        if binding.depth > SHALLOW {
            let mut tree = tree;
            if tree.is_empty() {
                // The first tree of the scope: all that came before goes into it.
                let mut earlier: Vec<(Cow<'d, str>, Scope)> = Vec::new();
                let mut at = before;
                while let Some(binding) = self.binding(at) {
                    earlier.push((binding.name.clone(), at));
                    at = binding.before;
                }
                for (name, scope) in earlier.into_iter().rev() {
                    tree = self.insert(tree, name, scope);
                }
            }
            binding.tree = self.insert(tree, binding.name.clone(), scope);
        }
        if self.bindings.is_empty() {
            // Most files have no more.
            self.bindings.reserve(12);
        }
        self.bindings.push(binding);
        scope
    }

    fn insert(&mut self, tree: Tree, name: Cow<'d, str>, scope: Scope) -> Tree {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let number = *self.names.entry(name).or_insert(next);
        self.trees.with(tree, number, scope.0)
    }

    /// What `name` was bound to last.
    pub(super) fn find(&self, scope: Scope, name: &str) -> Option<Scope> {
        let tree = self.binding(scope)?.tree;
        if !tree.is_empty() {
            let found = Scope(self.trees.get(tree, *self.names.get(name)?));
            return (found != Scope::EMPTY).then_some(found);
        }
        let mut at = scope;
        while let Some(binding) = self.binding(at) {
            if binding.name == name {
                return Some(at);
            }
            at = binding.before;
        }
        None
    }

    /// What a name is bound to in the end; none where it has no value.
    pub(super) fn value(&self, mut scope: Scope) -> Option<&Value<'d>> {
        loop {
            match &self.binding(scope)?.value {
                Bound::To(value) => return Some(value),
                // A binding is only ever like one that was made before it.
                Bound::Like(earlier) if earlier.0 < scope.0 => scope = *earlier,
                Bound::Like(_) | Bound::Unset => return None,
            }
        }
    }

    /// The binding that a binding has its value from, which may be itself.
    pub(super) fn source(&self, mut scope: Scope) -> Option<&Binding<'d>> {
        loop {
            let binding = self.binding(scope)?;
            match binding.value {
                Bound::Like(earlier) if earlier.0 < scope.0 => scope = earlier,
                _ => return Some(binding),
            }
        }
    }

    /// The bindings of a scope, the last one first; a name that was bound twice comes twice.
    pub(super) fn iter(&self, scope: Scope) -> impl Iterator<Item = (Scope, &Binding<'d>)> {
        let mut at = scope;
        std::iter::from_fn(move || {
            let scope = at;
            let binding = self.binding(scope)?;
            at = binding.before;
            Some((scope, binding))
        })
    }
}

/// Trees from numbers to numbers that share their branches.
#[derive(Clone, Debug, Default)]
struct Trees {
    nodes: Vec<[u32; 16]>,
}

/// A tree: the number of its root, counted from 1, and how many levels there are below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Tree {
    root: u32,
    levels: u32,
}

impl Tree {
    const fn is_empty(self) -> bool {
        self.root == 0
    }

    /// Whether the tree is high enough to hold a key.
    const fn reaches(self, key: u32) -> bool {
        self.levels >= 7 || key >> (4 * (self.levels + 1)) == 0
    }
}

impl Trees {
    fn slot(key: u32, level: u32) -> usize {
        (key >> (4 * level) & 15) as usize
    }

    fn get(&self, tree: Tree, key: u32) -> u32 {
        if !tree.reaches(key) {
            return 0;
        }
        let mut at = tree.root;
        for level in (0..=tree.levels).rev() {
            at = self.child(at, Self::slot(key, level));
        }
        at
    }

    /// The node of that number; none where it is 0.
    fn node(&self, node: u32) -> Option<&[u32; 16]> {
        self.nodes.get((node as usize).checked_sub(1)?)
    }

    fn child(&self, node: u32, slot: usize) -> u32 {
        self.node(node).and_then(|node| node.get(slot)).copied().unwrap_or_default()
    }

    /// The tree with one entry more.
    fn with(&mut self, mut tree: Tree, key: u32, value: u32) -> Tree {
        while !tree.reaches(key) {
            // What there is becomes the first branch of a higher tree.
            let root = self.copy(0);
            self.set(root, 0, tree.root);
            tree = Tree { root, levels: tree.levels + 1 };
        }
        let root = self.copy(tree.root);
        let mut at = root;
        for level in (1..=tree.levels).rev() {
            let slot = Self::slot(key, level);
            let child = self.copy(self.child(at, slot));
            self.set(at, slot, child);
            at = child;
        }
        self.set(at, Self::slot(key, 0), value);
        Tree { root, ..tree }
    }

    fn copy(&mut self, node: u32) -> u32 {
        let copied = self.node(node).copied().unwrap_or_default();
        self.nodes.push(copied);
        u32::try_from(self.nodes.len()).unwrap_or_default()
    }

    fn set(&mut self, node: u32, slot: usize, value: u32) {
        let node = (node as usize).checked_sub(1).and_then(|node| self.nodes.get_mut(node));
        if let Some(slot) = node.and_then(|node| node.get_mut(slot)) {
            *slot = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    proptest! {
        /// The tree finds what a walk from binding to binding finds.
        #[test]
        fn deep_scopes_find_what_shallow_ones_do(steps in prop::collection::vec((0..6_usize, 0..180_usize), 0..240)) {
            let mut scopes = Scopes::default();
            let mut made = vec![Scope::EMPTY];
            for (name, before) in steps {
                // Mostly one after the other, sometimes a branch.
                let before = if before < 170 { made.len() - 1 } else { before % made.len() };
                made.push(scopes.bind(made[before], NAMES[name].into(), (Binder::Env, None), Bound::Unset));
            }
            for scope in made {
                for name in NAMES {
                    let walked = scopes.iter(scope).find(|(_, binding)| binding.name == name).map(|(at, _)| at);
                    prop_assert_eq!(scopes.find(scope, name), walked);
                }
            }
        }
    }
}
