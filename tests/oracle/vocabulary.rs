// SPDX-License-Identifier: LGPL-2.1-only
//! The names, numbers and functions from which random sequences of calls are drawn.

use std::collections::HashMap;

use scmp::{Arch, syscalls};

/// The names, numbers and functions that a library knows, or that both of two know.
#[derive(Debug)]
pub struct Vocabulary {
    pub arches: Vec<Arch>,
    /// Names of system calls, with their number on the native architecture.
    pub names: Vec<(String, i32)>,
    /// Numbers that no system call has anywhere.
    pub nameless: Vec<i32>,
    pub attributes: Vec<i32>,
    /// `seccomp_export_bpf_mem`, `seccomp_precompute`, transactions.
    pub functions: Vec<String>,
    pub known: HashMap<String, i32>,
}

/// [`Vocabulary::nameless`], if a library agrees. -215 is among the numbers of ipc(2).
pub const NAMELESS: [i32; 7] = [
    1000,
    9999,
    0x4000_0000,
    0x7fff_ffff,
    -50_000,
    i32::MIN,
    -215,
];

/// [`Vocabulary::functions`], if a library has them.
pub const FUNCTIONS: [&str; 3] = ["export_bpf_mem", "precompute", "transaction_start"];

impl Vocabulary {
    /// What this library knows.
    pub fn whole() -> Vocabulary {
        let number = |name: &str| Arch::native().syscall_number(name.as_bytes());
        let names = syscalls::rows().map(syscalls::name);
        let names: Vec<(String, i32)> = names
            .filter_map(|name| Some((name.to_string(), number(name)?)))
            .collect();
        Vocabulary {
            arches: Arch::all().collect(),
            known: names.iter().cloned().collect(),
            names,
            nameless: NAMELESS.to_vec(),
            attributes: (1..=10).collect(),
            functions: FUNCTIONS.map(String::from).to_vec(),
        }
    }

    pub fn has_function(&self, name: &str) -> bool {
        self.functions.iter().any(|function| function == name)
    }

    /// The number of a call that both libraries know.
    pub fn number(&self, name: &str) -> Option<i32> {
        self.known.get(name).copied()
    }
}
