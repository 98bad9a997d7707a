// SPDX-License-Identifier: LGPL-2.1-only
//! Which format an input has.

use std::ffi::OsStr;
use std::path::Path;

use super::{Format, bpf, json, minijail, profile, seccompiler};

/// The format that the contents have, or the end of the file's name where they don't show it.
///
/// # Errors
/// What the contents are instead, if that is known.
pub fn detect(file: Option<&Path>, bytes: &[u8]) -> Result<Format, &'static str> {
    const UNKNOWN: &str = "the format is not known: expected a profile, a policy, JSON, or a \
                           program as bytes or text (`--from FORMAT` says which)";
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err("UTF-16: expected UTF-8"),
        [0xef, 0xbb, 0xbf, ..] => return Err("it begins with a byte order mark: expected none"),
        _ => {}
    }
    let text = std::str::from_utf8(bytes).ok();
    if text.is_some_and(is_kafel) {
        return Err("a policy of kafel, which scmp does not read");
    }
    match file.and_then(Path::extension).and_then(OsStr::to_str) {
        Some("profile") => return Ok(Format::Profile),
        Some("policy") => return Ok(Format::Minijail),
        _ => {}
    }
    if json::is_object(bytes) {
        return Ok(match seccompiler::is_likely(bytes) {
            true => Format::Seccompiler,
            false => Format::Oci,
        });
    }
    let raw = || match bpf::byte_order(bytes) {
        Some(_) => Ok(Format::Raw),
        None => Err(UNKNOWN),
    };
    let Some(text) = text.filter(|text| !text.contains('\0')) else {
        return raw();
    };
    let meaningful = |line: &&str| !line.is_empty() && !line.starts_with(['#', '/']);
    let first = text
        .lines()
        .map(str::trim)
        .find(meaningful)
        .ok_or(UNKNOWN)?;
    let is_hex = |c: char| c.is_ascii_hexdigit() || c.is_ascii_whitespace();
    match first {
        _ if text.chars().all(is_hex) => Ok(Format::Hex),
        first if bpf::is_initialiser(first) || first.contains("struct sock_filter") => {
            Ok(Format::C)
        }
        first if bpf::is_listing(first) => Ok(Format::Listing),
        first if profile::is_statement(first) => Ok(Format::Profile),
        first if minijail::is_statement(first) => Ok(Format::Minijail),
        _ => Err(UNKNOWN),
    }
}

/// Whether a text begins, after comments and definitions, like a policy of kafel
/// (<https://github.com/google/kafel>): with `POLICY name {`, `ALLOW {` or `USE name`.
fn is_kafel(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(end) = [("//", "\n"), ("#", "\n"), ("/*", "*/")]
        .into_iter()
        .find_map(|(start, end)| rest.starts_with(start).then_some(end))
    {
        let behind = rest.split_once(end).map_or("", |(_, behind)| behind);
        rest = behind.trim_start();
    }
    let words = [
        "POLICY",
        "USE",
        "DEFAULT",
        "ALLOW",
        "LOG",
        "DENY",
        "ERRNO",
        "KILL",
        "KILL_PROCESS",
        "KILL_THREAD",
        "TRAP",
        "TRACE",
        "USER_NOTIF",
    ];
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let (word, behind) = rest.split_at(end);
    let next = behind.trim_start().chars().next();
    words.contains(&word) && next.is_some_and(|next| is_part(next) || matches!(next, '{' | '('))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(name: &str, text: &str) -> Result<Format, &'static str> {
        detect(Some(Path::new(name)), text.as_bytes())
    }

    #[test]
    fn policies_of_kafel_are_not_minijails() {
        for text in [
            "POLICY sample {\n\tALLOW { write { fd == 1 } }\n}\nUSE sample DEFAULT KILL\n",
            "#define STDIN 0\n// one\n/* two */ ALLOW { read }\nDEFAULT KILL\n",
            "ERRNO(1) { ptrace } DEFAULT ALLOW",
        ] {
            let why = detected("a.policy", text).unwrap_err();
            assert!(why.starts_with("a policy of kafel"), "{why}");
        }
        let minijail = "# ALLOW {\nread: 1\n";
        assert_eq!(detected("a.policy", minijail), Ok(Format::Minijail));
        assert_eq!(detected("a", "ALLOW: 1"), Ok(Format::Minijail));
        assert_eq!(detected("a", "allow: 1"), Ok(Format::Minijail));
        for text in ["default allow", "allow read", "errno 1 read"] {
            assert_eq!(detected("a", text), Ok(Format::Profile));
        }
    }

    #[test]
    fn declarations_of_c_are_known() {
        let array = "{\n{ 6, 0, 0, 9 },\n};\n";
        for start in [
            "/* f */\nstruct sock_filter f[] = ",
            "static struct sock_filter f[1] =\n",
        ] {
            assert_eq!(
                detected("a", &format!("{start}{array}")),
                Ok(Format::C),
                "{start}"
            );
        }
    }

    #[test]
    fn other_encodings_are_named() {
        let of = |bytes: &[u8]| detect(Some(Path::new("a.profile")), bytes).unwrap_err();
        assert!(of(b"\xff\xfed\0").contains("UTF-16"));
        assert!(of(b"\xef\xbb\xbfdefault allow").contains("byte order mark"));
    }
}
