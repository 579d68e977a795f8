//! The rules, each in a file of its own.
//!
//! To add one is to touch three places: the file, its line in the list below, and its folder in `fixtures/rules`.

mod ignore_findings;
mod rule;

pub use ignore_findings::{IgnoreFindings, IgnoreSubject, Role};
pub use rule::{Alias, Category, Check, Findings, Fixable, Preset, Rule, Stability, UnknownPreset};
pub(crate) use rule::{Finding, Triggered};

/// What a rule's file needs.
mod prelude {
    pub(super) use super::rule::rule;
    pub(super) use super::{Check, Findings, IgnoreFindings, IgnoreSubject, Preset};
    pub(super) use crate::ast::{Instruction, Kind};
    pub(super) use crate::diagnostic::{Applicability, Edit, Fix};
    pub(super) use crate::semantic::{Base, Stage};
    pub(super) use crate::source::Span;
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
    arg_out_of_scope,
    brace_alternation,
    broken_exec_form,
    chmod_after_copy,
    comment_read_as_pattern,
    consistent_instruction_casing,
    constant_platform,
    copy_all_without_ignore_file,
    copy_build_rubbish,
    copy_case_mismatch,
    copy_directory_as_file,
    copy_ignored_file,
    copy_many_needs_slash,
    copy_secret,
    copy_source_missing,
    duplicate_stage_name,
    entrypoint_resets_cmd,
    entrypoint_without_exec,
    env_shadows_arg,
    exec_form_command,
    expose_invalid_format,
    expose_proto_casing,
    from_as_casing,
    gitignore_anchoring,
    ignore_pattern_case,
    image_path_pattern,
    invalid_base_image_platform,
    invalid_default_arg_in_from,
    invalid_definition_description,
    invalid_ignore_pattern,
    legacy_key_value_format,
    multiple_cmd,
    multiple_entrypoint,
    multiple_healthcheck,
    negated_class,
    negation_forces_walk,
    negation_without_effect,
    nested_ignore_file,
    no_empty_continuation,
    no_latest_tag,
    no_maintainer,
    pin_base_image,
    redundant_target_platform,
    relative_workdir,
    reserved_stage_name,
    script_interpreter_missing,
    script_not_executable,
    script_with_crlf,
    script_without_shebang,
    secrets_in_arg_or_env,
    shadowed_ignore_pattern,
    shell_cmd_as_arguments,
    shell_entrypoint_ignores_cmd,
    stage_name_casing,
    syntax_error,
    undefined_arg_in_from,
    undefined_var,
    unmatched_ignore_pattern,
    unused_arg,
    unused_ignore,
    use_copy_not_add,
    write_below_volume,
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
