// SPDX-License-Identifier: LGPL-2.1-only
//! Arguments: mostly such as make sense, and any others.

use std::ffi::{CString, c_int, c_uint};

use scmp::Arch;
use scmp_fuzz::Input;

use crate::api::ArgCmp;

const ACTIONS: [u32; 12] = [
    0x7fff_0000, // ALLOW
    0x0000_0000, // KILL_THREAD
    0x8000_0000, // KILL_PROCESS
    0x0005_0001, // ERRNO(1)
    0x0005_0026,
    0x0003_0000, // TRAP
    0x7ff0_0001, // TRACE(1)
    0x7ffc_0000, // LOG
    0x7fc0_0000, // NOTIFY
    0x0005_0fff, // beyond the largest errno
    0x0005_0ffe,
    0x0003_ffff,
];

pub fn action(input: &mut Input) -> u32 {
    match input.below(16) {
        15 => input.word(),
        _ => input.pick(&ACTIONS),
    }
}

const NAMES: [&str; 24] = [
    "read",
    "write",
    "ioctl",
    "openat",
    "open",
    "mmap",
    "mmap2",
    "socket",
    "connect",
    "accept4",
    "send",
    "recvmmsg",
    "socketcall",
    "ipc",
    "semop",
    "semtimedop",
    "shmget",
    "msgctl",
    "clone",
    "execve",
    "arm_fadvise64_64",
    "cacheflush",
    "rt_sigaction",
    "uprobe",
];

/// A number of the native architecture, a pseudo number, or any.
pub fn number(input: &mut Input) -> c_int {
    match input.below(16) {
        0 => input.word() as c_int,
        1 => -1,
        2 => -c_int::from(input.byte()),
        3 => -10_001 - c_int::from(input.byte()),
        4 => 0x4000_0000 | c_int::from(input.byte()),
        5 | 6 => c_int::from(input.short() & 0x1ff),
        _ => {
            let name = input.pick(&NAMES);
            Arch::native()
                .syscall_number(name.as_bytes())
                .expect("a known name")
        }
    }
}

pub fn arch(input: &mut Input) -> u32 {
    match input.byte() {
        255 => input.word(),
        254 => 0,
        place => {
            let all: Vec<Arch> = Arch::all().collect();
            all[usize::from(place) % all.len()].token()
        }
    }
}

pub fn attribute(input: &mut Input) -> c_uint {
    match input.below(14) {
        13 => input.word(),
        attribute => attribute as c_uint,
    }
}

pub fn attribute_value(input: &mut Input) -> u32 {
    match input.below(3) {
        0 => u32::from(input.byte() & 3),
        1 => action(input),
        _ => input.word(),
    }
}

/// A name without null bytes, in memory of its own size.
pub fn name(input: &mut Input) -> CString {
    let mut bytes = match input.below(4) {
        0 => {
            let length = input.below(48);
            input.bytes(length).to_vec()
        }
        1 => {
            let all: Vec<Arch> = Arch::all().collect();
            input.pick(&all).name().into()
        }
        2 => input.pick(&NAMES).into(),
        _ => Arch::X86_64
            .syscall_name(c_int::from(input.short() & 0x1ff))
            .unwrap_or("none")
            .into(),
    };
    if input.chance(10) && !bytes.is_empty() {
        let place = input.below(bytes.len());
        bytes[place] ^= input.byte();
    }
    bytes.retain(|&byte| byte != 0);
    CString::new(bytes).expect("no null bytes")
}

pub fn comparison(input: &mut Input) -> ArgCmp {
    let choice = input.byte();
    match choice {
        250.. => ArgCmp {
            arg: input.word(),
            op: input.word(),
            datum_a: input.double(),
            datum_b: input.double(),
        },
        _ => ArgCmp {
            arg: c_uint::from(choice % 7),
            op: c_uint::from(choice / 7 % 9),
            datum_a: input.datum(),
            datum_b: input.datum(),
        },
    }
}

/// Which allocation of a call is the first to fail.
pub fn failing_allocation(input: &mut Input) -> Option<usize> {
    match input.byte() {
        byte @ 192.. => Some(usize::from(byte & 31)),
        _ => None,
    }
}
