// SPDX-License-Identifier: LGPL-2.1-only
//! Facts on architectures that decisions depend on, written down a second time
//! from the kernel's headers.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use scmp::Arch;

/// `__X32_SYSCALL_BIT` of asm/unistd.h.
pub const X32_BIT: u32 = 0x4000_0000;

/// `AUDIT_ARCH_X86_64`: the kernel says it for x32 too.
pub const X86_64_TOKEN: u32 = 0xc000_003e;

pub struct Facts {
    /// `AUDIT_ARCH_*` of linux/audit.h.
    pub token: u32,
    /// All 64 bits of an argument count.
    pub wide: bool,
    /// Has `socketcall` and `ipc`.
    pub multiplexed: bool,
    /// The base that is added to the numbers of the table.
    pub base: u32,
}

pub fn facts(arch: Arch) -> Facts {
    let (token, wide, multiplexed, base) = match arch {
        Arch::X86 => (0x4000_0003, false, true, 0),
        Arch::X86_64 => (X86_64_TOKEN, true, false, 0),
        Arch::X32 => (X86_64_TOKEN, false, false, X32_BIT),
        Arch::Arm => (0x4000_0028, false, false, 0),
        Arch::Aarch64 => (0xc000_00b7, true, false, 0),
        Arch::Loongarch64 => (0xc000_0102, true, false, 0),
        Arch::M68k => (0x0000_0004, false, true, 0),
        Arch::Mips => (0x0000_0008, false, true, 4000),
        Arch::Mips64 => (0x8000_0008, true, false, 5000),
        Arch::Mips64n32 => (0xa000_0008, false, false, 6000),
        Arch::Mipsel => (0x4000_0008, false, true, 4000),
        Arch::Mipsel64 => (0xc000_0008, true, false, 5000),
        Arch::Mipsel64n32 => (0xe000_0008, false, false, 6000),
        Arch::Parisc => (0x0000_000f, false, false, 0),
        Arch::Parisc64 => (0x8000_000f, true, false, 0),
        Arch::Ppc => (0x0000_0014, false, true, 0),
        Arch::Ppc64 => (0x8000_0015, true, true, 0),
        Arch::Ppc64le => (0xc000_0015, true, true, 0),
        Arch::Riscv64 => (0xc000_00f3, true, false, 0),
        Arch::S390 => (0x0000_0016, false, true, 0),
        Arch::S390x => (0x8000_0016, true, true, 0),
        Arch::Sheb => (0x0000_002a, false, true, 0),
        Arch::Sh => (0x4000_002a, false, true, 0),
        _ => panic!("no facts about {arch}"),
    };
    Facts {
        token,
        wide,
        multiplexed,
        base,
    }
}

pub fn little_endian(arch: Arch) -> bool {
    facts(arch).token & 0x4000_0000 != 0
}

/// linux/net.h: the calls of `socketcall` from 1 on.
const SOCKET_CALLS: &str = "\
    socket bind connect listen accept getsockname getpeername socketpair send recv sendto \
    recvfrom shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg";

/// linux/ipc.h: the calls of `ipc`.
const IPC_CALLS: [(&str, u32); 12] = [
    ("semop", 1),
    ("semget", 2),
    ("semctl", 3),
    ("semtimedop", 4),
    ("msgsnd", 11),
    ("msgrcv", 12),
    ("msgget", 13),
    ("msgctl", 14),
    ("shmat", 21),
    ("shmdt", 22),
    ("shmget", 23),
    ("shmctl", 24),
];

/// The pseudo numbers of `socketcall` and of `ipc`, with those that no call has.
const MULTIPLEXED: [RangeInclusive<i32>; 2] = [-120..=-100, -224..=-200];

/// The multiplexer's number, without base, and what its first argument is for
/// the named call.
fn multiplexed_call(name: &str) -> Option<(u32, u32)> {
    let socket = SOCKET_CALLS.split(' ').position(|call| call == name);
    let ipc = IPC_CALLS.iter().find(|(call, _)| *call == name);
    match (socket, ipc) {
        (Some(position), _) => Some((102, position as u32 + 1)),
        (None, Some((_, call))) => Some((117, *call)),
        (None, None) => None,
    }
}

/// Numbers that calls of the multiplexed families also have of their own.
static DIRECT: LazyLock<HashMap<(Arch, &'static str), u32>> = LazyLock::new(|| {
    let mut direct = HashMap::new();
    for arch in Arch::all().filter(|&arch| facts(arch).multiplexed) {
        let base = facts(arch).base;
        for number in base..base + 600 {
            if let Some(name) = arch.syscall_name(number as i32) {
                direct.insert((arch, name), number);
            }
        }
    }
    direct
});

/// Whether the kernel can ever see the number; -1 apart.
pub fn is_callable(number: u32) -> bool {
    number <= i32::MAX as u32
}

/// A system call number, and for a multiplexer its first argument.
pub type Landing = (u32, Option<u32>);

/// The numbers that a call of the native architecture has on `arch`; `None`
/// if it can't be told.
pub fn landings(arch: Arch, number: i32) -> Option<Vec<Landing>> {
    if number == -1 {
        return Some(vec![(u32::MAX, None)]);
    }
    let Facts {
        multiplexed, base, ..
    } = facts(arch);
    let name = Arch::native().syscall_name(number);
    let call = name.filter(|_| multiplexed).and_then(multiplexed_call);
    if let (Some(name), Some((multiplexer, call))) = (name, call) {
        let mut all = vec![(base + multiplexer, Some(call))];
        all.extend(DIRECT.get(&(arch, name)).map(|&number| (number, None)));
        return Some(all);
    }
    if lacks_call(arch, number) {
        return None;
    }
    let number = if arch == Arch::native() {
        number
    } else {
        arch.syscall_number(name?.as_bytes())?
    };
    // A call that the architecture lacks has a negative number, which no
    // process can call.
    Some(vec![(number as u32, None)])
}

/// Whether a rule on the call is rewritten for a multiplexer on `arch`.
pub fn is_multiplexed(arch: Arch, number: i32) -> bool {
    lacks_call(arch, number)
        || landings(arch, number).is_some_and(|all| all.iter().any(|(_, call)| call.is_some()))
}

/// Whether the number is a multiplexer's that no call has: on hosts like i386 and s390x.
fn lacks_call(arch: Arch, number: i32) -> bool {
    arch == Arch::native()
        && facts(arch).multiplexed
        && arch.syscall_name(number).is_none()
        && MULTIPLEXED.iter().any(|all| all.contains(&number))
}
