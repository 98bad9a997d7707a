// SPDX-License-Identifier: LGPL-2.1-only
//! `include/seccomp-syscalls.h` is what the table says. `BLESS=1` writes the file.

use scmp::syscalls::{self, Abi, Row};
use std::fmt::Write;
use std::{env, fs};

const HEADER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/include/seccomp-syscalls.h");

/// Published by libseccomp, but no name of its table or ours: kept so that no source breaks.
const LEGACY_PSEUDO: [(&str, i32); 1] = [("oldwait4", -10146)];

/// Kernel headers have these as `__ARM_NR_name`.
const ARM_PRIVATE: [&str; 6] = [
    "breakpoint",
    "cacheflush",
    "get_tls",
    "set_tls",
    "usr26",
    "usr32",
];

/// How the preprocessor knows an ABI, and where the kernel's numbers start there. Of the
/// conditions that hold the first counts.
#[rustfmt::skip]
const ABIS: [(Abi, &str, &str); 18] = [
    (Abi::X86, "defined(__i386__)", "0"),
    (Abi::X32, "defined(__x86_64__) && defined(__ILP32__)", "0x40000000"),
    (Abi::X8664, "defined(__x86_64__)", "0"),
    (Abi::Arm, "defined(__arm__)", "0"),
    (Abi::Aarch64, "defined(__aarch64__)", "0"),
    (Abi::Loongarch64, "defined(__loongarch__) && __loongarch_grlen == 64", "0"),
    (Abi::M68k, "defined(__m68k__)", "0"),
    (Abi::Mips, "defined(__mips__) && _MIPS_SIM == 1 /* o32 */", "4000"),
    (Abi::Mips64n32, "defined(__mips__) && _MIPS_SIM == 2 /* n32 */", "6000"),
    (Abi::Mips64, "defined(__mips__) && _MIPS_SIM == 3 /* n64 */", "5000"),
    (Abi::Parisc64, "defined(__hppa__) && defined(__LP64__)", "0"),
    (Abi::Parisc, "defined(__hppa__)", "0"),
    (Abi::Ppc64, "defined(__powerpc64__)", "0"),
    (Abi::Ppc, "defined(__powerpc__)", "0"),
    (Abi::Riscv64, "defined(__riscv) && __riscv_xlen == 64", "0"),
    (Abi::S390x, "defined(__s390x__)", "0"),
    (Abi::S390, "defined(__s390__)", "0"),
    (Abi::Sh, "defined(__sh__)", "0"),
];

const TOP: &str = "\
/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Names of all system calls, for SCMP_SYS(). Generated from crates/scmp/data/syscalls.csv by
 * tests/syscalls_header.rs (make headers): do not edit.
 */

#ifndef _SECCOMP_H
#error \"include seccomp.h, not seccomp-syscalls.h\"
#endif
";

const PICKING: &str = "
/*
 * Internal. _SCMP_NR() takes a call's number on every ABI, in the order of the columns of
 * crates/scmp/data/syscalls.csv, and gives that of the ABI compiled for. An ABI that lacks the call
 * has the pseudo number there. _SCMP_NR_ALL() is for calls with one number on all ABIs.
 */
";

const NATIVE: &str = "
/*
 * __SNR_x is the number of the call named x on the ABI compiled for, or __PNR_x if the ABI lacks
 * it. The kernel's header comes first; where it lacks the call, it may be too old, and the
 * library's number is taken.
 */

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
    push_picking(&mut out);
    out += NATIVE;
    for row in syscalls::rows() {
        push_native(&mut out, row);
    }
    out
}

/// Defines `_SCMP_NR()` and `_SCMP_NR_ALL()`.
fn push_picking(out: &mut String) {
    *out += PICKING;
    for (i, (column, condition, first)) in ABIS.into_iter().enumerate() {
        let (keyword, name) = (["elif", "if"][usize::from(i == 0)], column.name());
        let upto = column as usize + 1;
        let columns: Vec<_> = Abi::ALL[..upto].iter().map(|one| one.name()).collect();
        let columns = columns.join(", ");
        let others = ["", ", ..."][usize::from(upto < Abi::ALL.len())];
        let picked = match first {
            "0" => name.to_string(),
            _ => format!("_SCMP_NR_FROM({first}, {name})"),
        };
        writeln!(
            out,
            "#{keyword} {condition}\n#define _SCMP_NR({columns}{others}) {picked}"
        )
        .unwrap();
    }
    let same = vec!["n"; Abi::ALL.len()].join(", ");
    writeln!(
        out,
        "#else /* no ABI of the library's */\n#define _SCMP_NR(...) __NR_SCMP_UNDEF\n#endif\n\
         #define _SCMP_NR_FROM(first, n) ((n) < 0 ? (n) : (first) + (n))\n\
         #define _SCMP_NR_ALL(n) _SCMP_NR({same})"
    )
    .unwrap();
}

/// The row's numbers, as `_SCMP_NR()` or `_SCMP_NR_ALL()` takes them.
fn numbers(row: Row) -> String {
    let pseudo = || syscalls::pseudo(row).expect("a row that lacks somewhere has one");
    let number =
        |&column| syscalls::number(row, column).map_or_else(pseudo, |number| number as i32);
    let numbers: Vec<i32> = Abi::ALL.iter().map(number).collect();
    if numbers.iter().all(|&number| number == numbers[0]) {
        return format!("_SCMP_NR_ALL({})", numbers[0]);
    }
    let numbers: Vec<_> = numbers.iter().map(i32::to_string).collect();
    format!("_SCMP_NR({})", numbers.join(", "))
}

fn push_native(out: &mut String, row: Row) {
    let (name, numbers) = (syscalls::name(row), numbers(row));
    let mut keyword = "if";
    let private = ARM_PRIVATE.contains(&name).then_some("__ARM_NR_");
    for prefix in private.into_iter().chain(["__NR_"]) {
        writeln!(
            out,
            "#{keyword} defined({prefix}{name})\n#define __SNR_{name} {prefix}{name}"
        )
        .unwrap();
        keyword = "elif";
    }
    writeln!(out, "#else\n#define __SNR_{name} {numbers}\n#endif").unwrap();
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
