//! The rules, each in a file of its own.
//!
//! To add one is to touch three places: the file, its line in the list below, and its folder in `fixtures/rules`.

mod rule;

pub use rule::{Alias, Category, Check, Findings, Fixable, Preset, Rule, Stability, UnknownPreset};

/// What a rule's file needs.
mod prelude {
    pub(super) use super::rule::rule;
    pub(super) use super::{Check, Findings, Preset};
    pub(super) use crate::ast::{Instruction, Kind};
    pub(super) use crate::diagnostic::{Applicability, Edit, Fix};
    pub(super) use crate::semantic::{Base, Stage};
}

/// Declares the modules and lists their rules, so that none can be declared and not be run.
macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(#[allow(missing_docs, reason = "the rule in it is documented")] pub mod $module;)+

        /// All rules, by module.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),+];
    };
}

rules! {
    copy_many_needs_slash,
    duplicate_stage_name,
    exec_form_command,
    multiple_cmd,
    multiple_entrypoint,
    no_latest_tag,
    no_maintainer,
    pin_base_image,
    relative_workdir,
    syntax_error,
    unused_ignore,
    use_copy_not_add,
}

/// The rule that `id` names: by code, name, or as another tool does, in any case.
///
/// ```
/// use plimsoll::rules;
///
/// assert_eq!(rules::find("dl3006").unwrap().name, "pin-base-image");
/// assert_eq!(rules::find("MaintainerDeprecated").unwrap().code, "DL4000");
/// assert!(rules::find("DL9999").is_none());
/// ```
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.is_called(id))
}
