// SPDX-License-Identifier: LGPL-2.1-only
//! What is known of system calls beyond their numbers, read from the files in `data`.
//! `data/README.md` says where each comes from.

pub mod arguments;
pub mod constants;
pub mod tables;

use scmp::Arch;
use scmp::syscalls::{self, Abi, KernelVersion};

/// The first Linux release that has a call on an architecture; `None` if it lacks the call.
pub fn first_kernel(arch: Arch, call: &str) -> Option<KernelVersion> {
    syscalls::first_kernel(syscalls::row_by_name(call.as_bytes())?, arch.abi())
}

/// The first Linux release that allows a call without running filters (`kernel/seccomp.c`,
/// `seccomp_uprobe_exception`): the kernel's own probes make these calls.
pub fn unfiltered_since(arch: Arch, call: &str) -> Option<&'static str> {
    match (arch, call) {
        (Arch::X86_64, "uretprobe") => Some("6.14"),
        (Arch::X86_64, "uprobe") => Some("6.18"),
        _ => None,
    }
}

/// The lines of a file in `data` as cells: without comments and the header line. Only the
/// last cell may contain commas.
fn rows<const CELLS: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; CELLS]> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| {
        let cells: Vec<&str> = line.splitn(CELLS, ',').collect();
        cells
            .try_into()
            .unwrap_or_else(|_| panic!("too few cells: {line}"))
    })
}

fn abi(name: &str) -> Option<Abi> {
    let mut abis = Abi::ALL.iter().copied();
    abis.find(|abi| abi.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_architecture_has_the_numbers_of_its_abi() {
        for arch in Arch::all() {
            let mut bases = Vec::new();
            for row in syscalls::rows() {
                let call = arch.syscall_number(syscalls::name(row)).unwrap();
                // Negative: lacking, or reached through a multiplexer.
                if call >= 0 {
                    let bare = syscalls::number(row, arch.abi()).unwrap();
                    bases.push(i64::from(call) - i64::from(bare));
                }
            }
            assert!(bases.iter().all(|base| *base == bases[0]), "{arch}");
        }
    }
}
