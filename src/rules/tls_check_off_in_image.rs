use super::prelude::*;
use super::verification::{is_off, switches_off, written_setting};

rule! {
    /// Leave the check of certificates on in the image.
    ///
    /// ## What it does
    /// Finds what switches the check of certificates off for all that runs later: an `ENV` like
    /// `NODE_TLS_REJECT_UNAUTHORIZED=0`, `PYTHONHTTPSVERIFY=0`, `GIT_SSL_NO_VERIFY=1`, `NPM_CONFIG_STRICT_SSL=false` or
    /// `PIP_TRUSTED_HOST=…`, and a command that writes such a setting: `npm config set strict-ssl false`, `git config
    /// --global http.sslVerify false`, `yum-config-manager --save --setopt=sslverify=0`.
    ///
    /// ## Why
    /// It stays in the image: in every container, and in every image that is built on it, whoever sits between it and the
    /// server can read and change all that is sent, passwords too.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM node:24
    /// ENV NODE_TLS_REJECT_UNAUTHORIZED=0
    /// ```
    /// ```dockerfile,good
    /// FROM node:24
    /// COPY authority.pem /etc/ssl/authority.pem
    /// ENV NODE_EXTRA_CA_CERTS=/etc/ssl/authority.pem
    /// ```
    ///
    /// ## How to fix
    /// Take it out, and install the certificate of the authority that is missing: with `update-ca-certificates`,
    /// `NODE_EXTRA_CA_CERTS`, `PIP_CERT`, or `git config http.sslCAInfo`.
    ///
    /// ## When to ignore
    /// Never.
    "PL1042" "tls-check-off-in-image" {
        severity: Warning,
        category: Security,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [
            Same("checkov/CKV2_DOCKER_5"),
            Same("checkov/CKV2_DOCKER_6"),
            Same("checkov/CKV2_DOCKER_12"),
            Same("checkov/CKV2_DOCKER_13"),
            Same("checkov/CKV2_DOCKER_14"),
            Same("checkov/CKV2_DOCKER_15"),
            Same("checkov/CKV2_DOCKER_16"),
        ],
        check: Check::Triggered(check),
    }
}

const HELP: &str = "take it out, and install the certificate of the authority that is missing";

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    match &instruction.kind {
        Kind::Env(env) => {
            for pair in &env.pairs {
                let value = findings.point(instruction).and_then(|point| Some(point.value(&pair.value).known()?.to_owned()));
                if switches_off(&pair.key, value.as_deref().unwrap_or(&pair.value)) {
                    findings
                        .report(
                            pair.key.span.cover(pair.value.span),
                            format!("`{}` switches off the check of certificates in the image", pair.key.as_str()),
                        )
                        .help(HELP);
                }
            }
        }
        Kind::Run(_) => {
            for call in findings.calls(instruction) {
                let saves = call.is("yum-config-manager") || call.subcommand() == Some("config-manager");
                let setopt = call.options().filter(|option| saves && option.is("--setopt")).filter_map(|option| option.value());
                let mut settings = setopt.filter_map(|value| value.split_once('=')).chain(written_setting(call));
                let is_repository = |key: &str| key == "sslverify" || key.ends_with(".sslverify");
                if settings.any(|(key, value)| is_off(key, value) || is_repository(key) && is_off("http.sslverify", value)) {
                    findings
                        .report(call.span(), format!("`{}` switches off the check of certificates in the image", call.name()))
                        .help(HELP);
                }
            }
        }
        _ => {}
    }
}
