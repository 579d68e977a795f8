use super::prelude::*;
use super::verification::{assignments, is_checked, is_off, switches_off, take_out_option};
use crate::shell::{Call, GivenOption};

rule! {
    /// Check whom a download comes from.
    ///
    /// ## What it does
    /// Finds a command of a `RUN` that is told not to check certificates: `curl --insecure`, `wget --no-check-certificate`,
    /// `pip --trusted-host`, `git -c http.sslVerify=false`, `--setopt=sslverify=0`, and variables like `GIT_SSL_NO_VERIFY`
    /// that are set for one command, one `RUN`, or by `ARG`. What is fetched from the machine itself is passed over, and
    /// what is checked by a checksum or a signature in the same `RUN`. Settings that stay in the image are another rule's,
    /// `tls-check-off-in-image`.
    ///
    /// ## Why
    /// Whoever sits between the build and the server can give it anything, and the build runs it.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN curl -k -o tool https://example.org/tool
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN curl -o tool https://example.org/tool
    /// ```
    ///
    /// ## How to fix
    /// Take the option out, and install what checking needs: `ca-certificates`, or the certificate of your own authority.
    /// The fix for `curl` and `wget` does the former; it is unsafe, for the server may have no valid certificate.
    ///
    /// ## When to ignore
    /// Where the server is on a network that nobody else can reach.
    "PL1041" "tls-check-off" {
        severity: Warning,
        category: Security,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [
            Same("checkov/CKV2_DOCKER_2"),
            Same("checkov/CKV2_DOCKER_3"),
            Same("checkov/CKV2_DOCKER_4"),
            Near("checkov/CKV2_DOCKER_15"),
        ],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    match &instruction.kind {
        Kind::Arg(arg) => {
            for item in &arg.items {
                if item.default.as_ref().is_some_and(|value| switches_off(&item.name, value)) {
                    report_variable(item.name.span, &item.name, findings);
                }
            }
        }
        Kind::Run(_) if !is_checked(instruction, findings) => {
            for call in findings.calls(instruction) {
                look_at(call, findings);
            }
            for script in findings.scripts(instruction) {
                for (place, name, value) in assignments(script) {
                    if switches_off(name, value) {
                        report_variable(place, name, findings);
                    }
                }
            }
        }
        _ => {}
    }
}

fn report_variable(place: Span, name: &str, findings: &mut Findings<'_, '_, '_>) {
    findings
        .report(place, format!("`{name}` switches off the check of certificates"))
        .help("take it out, and install the certificate of the authority that is missing");
}

fn look_at(call: Call<'_>, findings: &mut Findings<'_, '_, '_>) {
    let off = |option: &GivenOption<'_>| match (call.program(), option.flag()) {
        ("curl", Some(_)) => ["--insecure", "--proxy-insecure", "--doh-insecure"].iter().any(|name| option.is(name)),
        ("wget", Some(_)) => option.is("--no-check-certificate"),
        ("pip" | "pipx", _) => option.is("--trusted-host"),
        ("uv", Some(_)) => option.is("--allow-insecure-host"),
        ("conda", Some(_)) => option.is("--insecure"),
        ("yum" | "dnf" | "microdnf" | "tdnf", Some(_)) if call.subcommand() != Some("config-manager") => {
            option.is("--setopt") && option.value().is_some_and(is_sslverify_off)
        }
        ("apt-get" | "apt", Some(_)) => {
            option.is("--option") && option.value().is_some_and(|value| value.contains("Verify-Peer=false"))
        }
        ("git", Some(_)) => {
            let setting = option.value().and_then(|value| value.split_once('='));
            option.is("-c") && setting.is_some_and(|(key, value)| is_off(key, value))
        }
        ("npm" | "yarn" | "pnpm", _) => {
            option.is("--no-strict-ssl") || option.is("--strict-ssl") && option.value() == Some("false")
        }
        _ => false,
    };
    let Some(option) = call.options().find(off) else { return };
    let is_local = |address: &str| ["://localhost", "://127.0.0.1", "://[::1]"].iter().any(|host| address.contains(host));
    if call.operands().any(|operand| is_local(operand.text())) {
        return;
    }
    let text = findings.model().dockerfile.text;
    let place = option.value_span().map_or(option.span(), |value| option.span().cover(value));
    let finding = findings
        .report(place, format!("`{}` is told not to check certificates", call.name()))
        .help("take the option out, and install the certificate of the authority that is missing");
    if matches!(call.program(), "curl" | "wget")
        && let Some(fix) = take_out_option(call, option, text)
    {
        finding.fix(fix);
    }
}

fn is_sslverify_off(setting: &str) -> bool {
    let Some((key, value)) = setting.split_once('=') else { return false };
    let is_off = ["0", "false", "no", "off"].iter().any(|no| value.eq_ignore_ascii_case(no));
    is_off && (key == "sslverify" || key.ends_with(".sslverify"))
}
