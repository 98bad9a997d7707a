// SPDX-License-Identifier: LGPL-2.1-only
//! `include/seccomp-syscalls.h` is what the table says. `BLESS=1` writes the file.

use scmp::syscalls::{self, Row};
use std::fmt::Write;
use std::{env, fs};

const HEADER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/include/seccomp-syscalls.h");

/// Published by libseccomp, but no name of its table or ours: kept so that no source breaks.
const LEGACY_PSEUDO: [(&str, i32); 1] = [("oldwait4", -10146)];

/// Arm's private calls have their numbers under another prefix.
const ARM_PRIVATE: [&str; 6] = [
    "breakpoint",
    "cacheflush",
    "get_tls",
    "set_tls",
    "usr26",
    "usr32",
];

const TOP: &str = "\
/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Names of all system calls, for SCMP_SYS(). Generated from data/syscalls.csv by
 * tests/syscalls_header.rs (make headers): do not edit.
 */

#ifndef _SECCOMP_H
#error \"include seccomp.h, not seccomp-syscalls.h\"
#endif
";

fn render() -> String {
    let mut out = String::from(TOP);
    out += "\n/* __PNR_x stands for a call that some architecture lacks. */\n\n";
    let table =
        syscalls::rows().filter_map(|row| Some((syscalls::name(row), syscalls::pseudo(row)?)));
    let mut pseudo: Vec<_> = table.chain(LEGACY_PSEUDO).collect();
    pseudo.sort_by_key(|&(name, number)| (-number, name));
    for (name, number) in pseudo {
        writeln!(out, "#define __PNR_{name} {number}").unwrap();
    }
    out += "\n/* __SNR_x is the call's number here, or __PNR_x. */\n";
    for row in syscalls::rows() {
        push_native(&mut out, row);
    }
    out
}

fn push_native(out: &mut String, row: Row) {
    let name = syscalls::name(row);
    let mut branches = Vec::new();
    if ARM_PRIVATE.contains(&name) {
        branches.push(format!("__ARM_NR_{name}"));
    }
    branches.push(format!("__NR_{name}"));
    if syscalls::pseudo(row).is_none() {
        assert_eq!(branches.len(), 1, "{name}: private, yet everywhere");
        writeln!(out, "\n#define __SNR_{name} __NR_{name}").unwrap();
        return;
    }
    out.push('\n');
    for (i, number) in branches.iter().enumerate() {
        let keyword = if i == 0 { "if" } else { "elif" };
        writeln!(
            out,
            "#{keyword} defined({number})\n#define __SNR_{name} {number}"
        )
        .unwrap();
    }
    writeln!(out, "#else\n#define __SNR_{name} __PNR_{name}\n#endif").unwrap();
}

#[test]
fn header_is_generated_from_the_table() {
    let rendered = render();
    if env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::write(HEADER, &rendered).unwrap();
    }
    let file = fs::read_to_string(HEADER).unwrap_or_default();
    let differing = rendered
        .lines()
        .zip(file.lines())
        .find(|(ours, theirs)| ours != theirs);
    assert!(
        rendered == file,
        "{HEADER} is out of date, run `make headers`; first difference: {differing:?}"
    );
}
