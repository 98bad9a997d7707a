// SPDX-License-Identifier: LGPL-2.1-only
//! Names and numbers of system calls as the kernel sees them: also of calls that
//! libseccomp knows on an architecture only through `socketcall` or `ipc`.

use scmp::arch::Targets;
use scmp::{Arch, RuleMode, Syscall, syscalls};
use scmp_verify::text::architectures;
use serde::Serializer;

/// All names.
pub fn all() -> impl Iterator<Item = &'static str> {
    syscalls::rows().map(syscalls::name)
}

/// The name, if a call has it.
pub fn known(name: &str) -> Option<&'static str> {
    syscalls::row_by_name(name.as_bytes()).map(syscalls::name)
}

/// The call's own number on an architecture.
pub fn number(arch: Arch, name: &str) -> Option<u32> {
    match arch.syscall_number(name) {
        Some(number) if number >= 0 => Some(number as u32),
        _ => targets(arch, name)?
            .direct
            .filter(|number| *number as i32 >= 0),
    }
}

/// The numbers by which an architecture has a call: its own, and a multiplexer's.
pub fn targets(arch: Arch, name: &str) -> Option<Targets> {
    let native = Syscall::from(name).number().ok()?;
    arch.rule_targets(native, RuleMode::BestEffort, false).ok()
}

/// The name of a call with this number, if there is one.
pub fn name(arch: Arch, wanted: u32) -> Option<&'static str> {
    // Negative numbers are libseccomp's own, for calls that the architecture lacks.
    let found = arch.syscall_name(i32::try_from(wanted).ok()?);
    found.or_else(|| all().find(|name| number(arch, name) == Some(wanted)))
}

/// The architecture of a name.
///
/// # Errors
/// What is expected.
pub fn arch(text: &str) -> Result<Arch, String> {
    Arch::from_name(text)
        .ok_or_else(|| format!("not an architecture: expected {}", architectures()))
}

/// An architecture's name in JSON.
pub fn of_arch<S: Serializer>(arch: &Arch, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(arch.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_behind_a_multiplexer_have_their_own_number() {
        assert_eq!(number(Arch::X86, "socket"), Some(359));
        assert_eq!(name(Arch::X86, 359), Some("socket"));
        assert_eq!(number(Arch::X86_64, "socketcall"), None);
        assert_eq!(number(Arch::X86, "no_such_call"), None);
        assert_eq!(name(Arch::X86_64, 0x3fff_ffff), None);
    }

    #[test]
    fn pseudo_numbers_have_no_name() {
        let pseudo = Arch::X86_64.syscall_number("socketcall").unwrap();
        assert!(pseudo < 0);
        assert_eq!(name(Arch::X86_64, pseudo as u32), None);
    }
}
