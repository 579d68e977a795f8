//! The rules, each in a file of its own.
//!
//! To add one is to touch three places: the file, its line in the list below, and its folder in `fixtures/rules`.

mod change;
mod edits;
mod ignore_findings;
mod label_values;
mod packages;
mod page;
mod rule;
mod run;
mod settings;
mod verification;

pub use change::Change;
pub use ignore_findings::{IgnoreFindings, IgnoreSubject, Role};
pub use rule::{Alias, Category, Check, Findings, Fixable, Preset, Rule, Stability, UnknownPreset};
pub(crate) use rule::{Finding, Triggered};
pub(crate) use run::Running;
pub use settings::{LabelFormat, RuleSettings, UnknownLabelFormat};

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
    add_not_unpack,
    apt_get_yes,
    arg_out_of_scope,
    brace_alternation,
    broken_exec_form,
    chmod_after_copy,
    clean_dnf_cache,
    clean_yarn_cache,
    clean_yum_cache,
    clean_zypper_cache,
    comment_read_as_pattern,
    consecutive_run,
    consistent_instruction_casing,
    constant_platform,
    copy_all_without_ignore_file,
    copy_build_rubbish,
    copy_case_mismatch,
    copy_directory_as_file,
    copy_from_itself,
    copy_ignored_file,
    copy_many_needs_slash,
    copy_relative_destination,
    copy_secret,
    copy_source_missing,
    copy_whole_filesystem,
    dnf_yes,
    duplicate_stage_name,
    empty_label,
    entrypoint_resets_cmd,
    entrypoint_without_exec,
    env_refers_to_itself,
    env_shadows_arg,
    exec_form_command,
    expose_invalid_format,
    expose_proto_casing,
    from_as_casing,
    gitignore_anchoring,
    heredoc_without_errexit,
    ignore_pattern_case,
    ignored_inline,
    image_path_pattern,
    instruction_before_from,
    instruction_in_script,
    interactive_command,
    invalid_base_image_platform,
    invalid_default_arg_in_from,
    invalid_definition_description,
    invalid_expansion,
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
    negated_class,
    negation_forces_walk,
    negation_without_effect,
    nested_ignore_file,
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
    script_interpreter_missing,
    script_not_executable,
    script_with_crlf,
    script_without_shebang,
    secrets_in_arg_or_env,
    shadowed_ignore_pattern,
    shell_cmd_as_arguments,
    shell_entrypoint_ignores_cmd,
    signature_check_off,
    stage_name_casing,
    swallowed_command,
    syntax_error,
    tls_check_off,
    tls_check_off_in_image,
    trusted_registry,
    unavailable_stage,
    undefined_arg_in_from,
    undefined_var,
    unknown_stage,
    unmatched_ignore_pattern,
    unused_arg,
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
    write_below_volume,
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
    called(id).first().copied()
}

/// All rules that `id` names, for what is one concept to another tool may be several here.
pub(crate) fn called(id: &str) -> &'static [&'static Rule] {
    use std::collections::HashMap;
    use std::sync::LazyLock;

    static BY_ID: LazyLock<HashMap<String, Vec<&'static Rule>>> = LazyLock::new(|| {
        let mut by_id: HashMap<String, Vec<&'static Rule>> = HashMap::new();
        for rule in ALL.iter().copied() {
            let aliases = rule.aliases.iter().flat_map(|alias| {
                let own = alias.id().split_once('/').map(|(_, own)| own);
                own.into_iter().chain([alias.id()])
            });
            for id in [rule.code, rule.name].into_iter().chain(aliases) {
                let rules = by_id.entry(id.to_ascii_lowercase()).or_default();
                if !rules.iter().any(|known| std::ptr::eq(*known, rule)) {
                    rules.push(rule);
                }
            }
        }
        by_id
    });
    BY_ID.get(&id.to_ascii_lowercase()).map(Vec::as_slice).unwrap_or_default()
}
