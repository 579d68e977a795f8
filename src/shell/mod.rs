//! The shell inside `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`.
mod parser;
mod text;
mod tree;

pub use text::Text;
pub use tree::*;

/// A script.
pub struct Script<'t> { text: Text<'t>, nodes: Vec<tree::Node>, bodies: Vec<(u32,u32)> }
impl<'t> Script<'t> {
    /// r
    pub fn read(text: Text<'t>) -> Self { let t = parser::parse(text.as_str()); Self{text, nodes: t.nodes, bodies: t.bodies} }
    /// n
    pub fn nodes(&self) -> impl Iterator<Item=NodeRef<'_>> { (0..self.nodes.len() as u32).map(|index| NodeRef{script:self,index}) }
}
