//! The shell inside `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`.
//!
//! [`scripts`] reads all that an instruction gives to a shell. Each [`Script`] is a tree of what is written, with the place of
//! each [node](NodeRef) in the Dockerfile, and a list of the [commands](Script::calls) in it with their options, operands and
//! subcommands told apart, so that a rule asks what it wants to know and reads no flag itself:
//!
//! ```
//! use plimsoll::ast::Kind;
//! use plimsoll::shell::{Interpreter, scripts};
//!
//! let text = "FROM debian\nRUN deps='curl git' \\\n && sudo apt-get install -yq $deps vim=2:9.1\n";
//! let parsed = plimsoll::parse(text);
//! let Kind::Run(run) = &parsed.dockerfile.instructions[1].kind else { panic!() };
//!
//! let scripts = scripts(&run.command, &run.heredocs, Interpreter::default(), &|_| None);
//! let install = scripts[0].calls().find(|call| call.is("apt-get")).unwrap();
//! assert_eq!(install.subcommand(), Some("install"));
//! assert!(install.has("--yes"));
//! assert_eq!(install.wrapped_in().unwrap().name(), "sudo");
//!
//! let packages: Vec<&str> = install.operands().filter_map(|operand| operand.known()).collect();
//! assert_eq!(packages, ["curl", "git", "vim=2:9.1"]);
//! assert_eq!(install.operands().last().unwrap().span().of(text), "vim=2:9.1");
//! ```
//!
//! The grammar is bash's, which holds that of `sh`: what only bash reads is read whichever shell it is for, and the [`Dialect`]
//! says which that is. What can't be read is an [error node](NodeKind::Error), and the rest is read on.

mod analysis;
mod arguments;
mod call;
mod command;
mod dialect;
mod facts;
mod invariants;
mod nested;
mod package;
mod parser;
mod programs;
mod script;
mod switches;
mod text;
mod tree;
mod value;
mod variables;

pub use call::{Argument, Call, GivenOption};
pub use command::{Flag, Runs, Style, Subcommand, Table, Takes, table, tables};
pub use dialect::{Dialect, Interpreter};
pub use invariants::violations;
pub use nested::scripts;
pub use package::{Constraint, Ecosystem, Package};
pub use programs::Programs;
pub use script::{Lookup, Script};
pub use switches::{Switch, Switches};
pub use text::Text;
pub use tree::{Keyword, NodeKind, NodeRef, Operator, Parameter, Redirection, Unreadable};
pub use value::HOLE;
