//! The rules, each in a file of its own.
//!
//! To add one is to touch three places: the file, its line in the list below, and its folder in `fixtures/rules`.

mod ignore_findings;
mod label_values;
mod packages;
mod rule;
mod settings;
mod verification;

pub use ignore_findings::{IgnoreFindings, IgnoreSubject};
pub use rule::{Alias, Category, Check, Findings, Fixable, Preset, Rule, Stability, UnknownPreset};
pub(crate) use rule::{Finding, Triggered};
pub use settings::{LabelFormat, RuleSettings};

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
    add_not_unpack,
    apt_get_yes,
    clean_dnf_cache,
    clean_yarn_cache,
    clean_yum_cache,
    clean_zypper_cache,
    consecutive_run,
    consistent_instruction_casing,
    constant_platform,
    copy_from_itself,
    copy_ignored_file,
    copy_many_needs_slash,
    copy_relative_destination,
    copy_source_missing,
    copy_whole_filesystem,
    dnf_yes,
    duplicate_stage_name,
    empty_label,
    env_refers_to_itself,
    exec_form_command,
    expose_invalid_format,
    expose_proto_casing,
    from_as_casing,
    heredoc_without_errexit,
    ignored_inline,
    instruction_before_from,
    instruction_in_script,
    interactive_command,
    invalid_base_image_platform,
    invalid_default_arg_in_from,
    invalid_definition_description,
    invalid_ignore_pattern,
    invalid_onbuild_instruction,
    invalid_port,
    label_email,
    label_hash,
    label_key,
    label_license,
    label_outside_schema,
    label_time,
    label_url,
    label_version,
    last_user_is_root,
    legacy_key_value_format,
    missing_label,
    multiple_cmd,
    multiple_entrypoint,
    multiple_healthcheck,
    no_apk_cache,
    no_download_into_shell,
    no_empty_continuation,
    no_healthcheck,
    no_install_recommends,
    no_latest_tag,
    no_maintainer,
    no_pip_cache,
    no_sudo,
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
    pipefail,
    redundant_target_platform,
    relative_workdir,
    remove_apt_lists,
    reserved_stage_name,
    secrets_in_arg_or_env,
    signature_check_off,
    stage_name_casing,
    swallowed_command,
    syntax_error,
    tls_check_off,
    tls_check_off_in_image,
    trusted_registry,
    undefined_arg_in_from,
    undefined_var,
    unknown_stage,
    unused_ignore,
    update_alone,
    use_apt_get,
    use_copy_not_add,
    use_shell_not_ln,
    use_workdir,
    user_by_name,
    useradd_no_log_init,
    wget_and_curl,
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
