// SPDX-License-Identifier: LGPL-2.1-only
//! What runc puts before a filter that does not let unnamed calls through: calls above the
//! highest one that the profile names on their architecture get ENOSYS, so that libcs fall
//! back on older calls.

use std::collections::BTreeMap;

use scmp::arch::X32_SYSCALL_BIT;
use scmp::bpf::{Program, op};
use scmp::{Arch, Error};

use crate::code::{Code, NUMBER_OFFSET, TOKEN_OFFSET};

/// `BPF_JMP | BPF_JSET | BPF_K`
const JUMP_SET: u16 = 0x45;

/// The highest number that each architecture's rules name.
pub type Highest = BTreeMap<&'static str, (Arch, u32)>;

/// The highest numbers of these names. Architectures without any are left out, and so are
/// those whose only named call is number 0.
pub fn highest<'a>(arches: &[Arch], names: impl Iterator<Item = &'a str> + Clone) -> Highest {
    let of = |&arch: &Arch| {
        let numbers = names.clone().filter_map(|name| arch.syscall_number(name));
        let number = numbers.max().filter(|number| *number > 0)?;
        Some((arch.name(), (arch, number as u32)))
    };
    arches.iter().filter_map(of).collect()
}

/// The program with such a start, which returns `enosys`, for at least one architecture.
///
/// # Errors
/// [`Error::ProgramTooLong`]
pub fn prepend(program: &Program, highest: &Highest, enosys: u32) -> Result<Program, Error> {
    let (mut code, filter) = Code::before(program);
    let enosys = code.result(enosys)?;
    let mut next = filter;
    for &(arch, number) in highest.values().rev() {
        let x32 = highest.get(Arch::X32.name());
        let start = match arch {
            // With x86_64, if that is there.
            Arch::X32 if highest.contains_key(Arch::X86_64.name()) => continue,
            Arch::X32 => {
                let above = code.test(op::JUMP_GREATER, number, enosys, filter)?;
                code.test(JUMP_SET, X32_SYSCALL_BIT, above, filter)?
            }
            Arch::X86_64 => {
                let of_x32 = match x32 {
                    Some(&(_, number)) => code.test(op::JUMP_GREATER, number, enosys, filter)?,
                    None => filter,
                };
                let above = code.test(op::JUMP_GREATER, number, enosys, filter)?;
                code.test(JUMP_SET, X32_SYSCALL_BIT, of_x32, above)?
            }
            // There, number 0 stands for numbers that the kernel does not know.
            Arch::S390 | Arch::S390x => {
                let above = code.test(op::JUMP_GREATER, number, enosys, filter)?;
                code.test(op::JUMP_EQUAL, 0, enosys, above)?
            }
            _ => code.test(op::JUMP_GREATER, number, enosys, filter)?,
        };
        debug_assert!(code.is_last(start));
        let section = code.load(NUMBER_OFFSET)?;
        code.test(op::JUMP_EQUAL, arch.audit_token(), section, next)?;
        next = code.load(TOKEN_OFFSET)?;
    }
    code.finish(program.endian())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::tests::verdict;
    use scmp::{Action, Filter};

    const ENOSYS: u32 = 0x5_0026;

    #[test]
    fn calls_above_the_highest_named_one_get_enosys() {
        let mut filter = Filter::new(Action::errno(1).unwrap()).unwrap();
        filter.remove_arch(Arch::native()).unwrap();
        for arch in [Arch::X86_64, Arch::X32, Arch::X86] {
            filter.add_arch(arch).unwrap();
        }
        let program = filter.program().unwrap().clone();
        let verdict = |program: &Program, arch, number| verdict(program, arch, number, [0; 6]);
        let names = ["read", "openat2", "no_such_call"].into_iter();
        let all = highest(&[Arch::X86_64, Arch::X86, Arch::X32], names.clone());
        let with = prepend(&program, &all, ENOSYS).unwrap();
        let default = 0x5_0001;
        let bit = X32_SYSCALL_BIT;
        let cases = [
            (Arch::X86_64, 437, default),
            (Arch::X86_64, 438, ENOSYS),
            (Arch::X86_64, !bit, ENOSYS),
            (Arch::X86_64, bit | 437, default),
            (Arch::X86_64, bit | 438, ENOSYS),
            (Arch::X86, 437, default),
            (Arch::X86, 438, ENOSYS),
            (Arch::Aarch64, 438, 0),
        ];
        for (arch, number, right) in cases {
            assert_eq!(verdict(&with, arch, number), right, "{arch:?} {number:#x}");
        }
        // Without x32, numbers of x32 are left to the filter.
        let without = prepend(&program, &highest(&[Arch::X86_64], names), ENOSYS).unwrap();
        assert_eq!(verdict(&without, Arch::X86_64, bit | 438), default);
        assert_eq!(verdict(&without, Arch::X86_64, 438), ENOSYS);
        // read is 0.
        assert!(highest(&[Arch::X86_64], ["read"].into_iter()).is_empty());
    }

    #[test]
    fn number_0_of_s390_gets_enosys() {
        let mut filter = Filter::new(Action::KillProcess).unwrap();
        filter.remove_arch(Arch::native()).unwrap();
        filter.add_arch(Arch::S390x).unwrap();
        let program = filter.program().unwrap().clone();
        let all = highest(&[Arch::S390x], ["read"].into_iter());
        let with = prepend(&program, &all, ENOSYS).unwrap();
        let of = |number| verdict(&with, Arch::S390x, number, [0; 6]);
        assert_eq!([0, 3, 4].map(of), [ENOSYS, 0x8000_0000, ENOSYS]);
    }
}
