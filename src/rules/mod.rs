//! The rules, each in a file of its own.
//!
//! To add one is to touch three places: the file, its line in the list below, and its folder in `fixtures/rules`.

mod ignore_findings;
mod packages;
mod rule;
mod verification;

pub use ignore_findings::{IgnoreFindings, IgnoreSubject};
pub use rule::{Alias, Category, Check, Findings, Fixable, Preset, Rule, Stability, UnknownPreset};
pub(crate) use rule::{Finding, Triggered};

/// What a rule's file needs.
mod prelude {
    pub(super) use super::rule::rule;
    pub(super) use super::{Check, Findings, IgnoreFindings, Preset};
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
    apt_get_yes,
    clean_dnf_cache,
    clean_yarn_cache,
    clean_yum_cache,
    clean_zypper_cache,
    consistent_instruction_casing,
    constant_platform,
    copy_ignored_file,
    copy_many_needs_slash,
    copy_source_missing,
    dnf_yes,
    duplicate_stage_name,
    exec_form_command,
    expose_invalid_format,
    expose_proto_casing,
    from_as_casing,
    invalid_base_image_platform,
    invalid_default_arg_in_from,
    invalid_definition_description,
    invalid_ignore_pattern,
    legacy_key_value_format,
    multiple_cmd,
    multiple_entrypoint,
    multiple_healthcheck,
    no_apk_cache,
    no_download_into_shell,
    no_empty_continuation,
    no_install_recommends,
    no_latest_tag,
    no_maintainer,
    no_pip_cache,
    no_zypper_dist_upgrade,
    pin_apk_packages,
    pin_apt_packages,
    pin_base_image,
    pin_dnf_packages,
    pin_gem_packages,
    pin_go_packages,
    pin_npm_packages,
    pin_pip_packages,
    pin_yum_packages,
    pin_zypper_packages,
    redundant_target_platform,
    relative_workdir,
    remove_apt_lists,
    reserved_stage_name,
    secrets_in_arg_or_env,
    signature_check_off,
    stage_name_casing,
    syntax_error,
    tls_check_off,
    tls_check_off_in_image,
    undefined_arg_in_from,
    undefined_var,
    unused_ignore,
    update_alone,
    use_apt_get,
    use_copy_not_add,
    useradd_no_log_init,
    wget_progress,
    yum_yes,
    zypper_yes,
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
