// SPDX-License-Identifier: LGPL-2.1-only
//! Where the programs of this crate are.

/// The path of the program with this name.
pub fn path(name: &str) -> &'static str {
    match name {
        "scmp_sys_resolver" => env!("CARGO_BIN_EXE_scmp_sys_resolver"),
        "scmp_bpf_disasm" => env!("CARGO_BIN_EXE_scmp_bpf_disasm"),
        "scmp_bpf_sim" => env!("CARGO_BIN_EXE_scmp_bpf_sim"),
        "scmp_arch_detect" => env!("CARGO_BIN_EXE_scmp_arch_detect"),
        "scmp_api_level" => env!("CARGO_BIN_EXE_scmp_api_level"),
        _ => panic!("{name}: no such program"),
    }
}
