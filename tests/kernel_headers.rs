// SPDX-License-Identifier: LGPL-2.1-only
//! `crates/scmp/data/syscalls.csv` against a second source: the kernel headers on this machine.
//!
//! On x86_64 its own (Debian's linux-libc-dev) must be there. The others come with
//! linux-libc-dev-{arm64,armhf,hppa,m68k,mips,powerpc,riscv64,s390x,sh4}-cross and are
//! skipped if absent.

use scmp::Arch;
use scmp::syscalls::{self, Column};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

struct Source {
    column: Column,
    /// Where to search for headers.
    roots: &'static [&'static str],
    header: &'static str,
    /// What the target's compiler, or the header that includes this one, would define.
    defines: &'static [&'static str],
}

const X86: &[&str] = &["/usr/include/x86_64-linux-gnu", "/usr/include"];
/// Of a cross compiler, or of a host of that kind.
const ARM: &[&str] = &[
    "/usr/arm-linux-gnueabihf/include",
    "/usr/include/arm-linux-gnueabihf",
    "/usr/include",
];
const AARCH64: &[&str] = &[
    "/usr/aarch64-linux-gnu/include",
    "/usr/include/aarch64-linux-gnu",
    "/usr/include",
];
const M68K: &[&str] = &["/usr/m68k-linux-gnu/include"];
const MIPS: &[&str] = &["/usr/mips-linux-gnu/include"];
const PARISC: &[&str] = &["/usr/hppa-linux-gnu/include"];
const PPC: &[&str] = &[
    "/usr/powerpc-linux-gnu/include",
    "/usr/powerpc64le-linux-gnu/include",
    "/usr/include/powerpc64le-linux-gnu",
    "/usr/include",
];
const RISCV64: &[&str] = &[
    "/usr/riscv64-linux-gnu/include",
    "/usr/include/riscv64-linux-gnu",
    "/usr/include",
];
const S390: &[&str] = &[
    "/usr/s390x-linux-gnu/include",
    "/usr/include/s390x-linux-gnu",
    "/usr/include",
];
const SH: &[&str] = &["/usr/sh4-linux-gnu/include"];

const LP64: &[&str] = &["__LP64__", "__SIZEOF_LONG__=8", "__SIZEOF_POINTER__=8"];

/// Debian 12 has no loongarch64 package, but that ABI is the generic one with these two
/// options. The first entry has the headers of x86 say that long has 64 bits.
const LOONGARCH64: &[&str] = &[
    "__x86_64__",
    "__ARCH_WANT_SYS_CLONE",
    "__ARCH_WANT_SYS_CLONE3",
];

#[rustfmt::skip]
const SOURCES: [Source; 18] = [
    Source { column: Column::X86, roots: X86, header: "asm/unistd_32.h", defines: &[] },
    Source { column: Column::X8664, roots: X86, header: "asm/unistd_64.h", defines: &[] },
    Source { column: Column::X32, roots: X86, header: "asm/unistd_x32.h", defines: &["__X32_SYSCALL_BIT=0"] },
    Source { column: Column::Arm, roots: ARM, header: "asm/unistd.h", defines: &["__ARM_EABI__"] },
    Source { column: Column::Aarch64, roots: AARCH64, header: "asm/unistd.h", defines: LP64 },
    Source { column: Column::Loongarch64, roots: X86, header: "asm-generic/unistd.h", defines: LOONGARCH64 },
    Source { column: Column::M68k, roots: M68K, header: "asm/unistd_32.h", defines: &[] },
    Source { column: Column::Mips, roots: MIPS, header: "asm/unistd_o32.h", defines: &["__NR_Linux=0"] },
    Source { column: Column::Mips64, roots: MIPS, header: "asm/unistd_n64.h", defines: &["__NR_Linux=0"] },
    Source { column: Column::Mips64n32, roots: MIPS, header: "asm/unistd_n32.h", defines: &["__NR_Linux=0"] },
    Source { column: Column::Parisc, roots: PARISC, header: "asm/unistd_32.h", defines: &[] },
    Source { column: Column::Parisc64, roots: PARISC, header: "asm/unistd_64.h", defines: &[] },
    Source { column: Column::Ppc, roots: PPC, header: "asm/unistd_32.h", defines: &[] },
    Source { column: Column::Ppc64, roots: PPC, header: "asm/unistd_64.h", defines: &[] },
    Source { column: Column::Riscv64, roots: RISCV64, header: "asm/unistd.h", defines: LP64 },
    Source { column: Column::S390, roots: S390, header: "asm/unistd_32.h", defines: &[] },
    Source { column: Column::S390x, roots: S390, header: "asm/unistd_64.h", defines: &[] },
    Source { column: Column::Sh, roots: SH, header: "asm/unistd_32.h", defines: &[] },
];

/// Macros of the headers that are no call: bases, masks, counts and gaps.
fn is_call(name: &str) -> bool {
    const OTHERS: [&str; 7] = [
        "Linux",
        "BASE",
        "OABI_SYSCALL_BASE",
        "SYSCALL_BASE",
        "SYSCALL_MASK",
        "arch_specific_syscall",
        "syscalls",
    ];
    let gap = |prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|n| n.parse::<u32>().is_ok())
    };
    !OTHERS.contains(&name) && !gap("reserved") && !gap("unused")
}

/// In a header, rightly not in the table.
const NOT_OURS: [(Column, &str); 2] = [
    // A second name of arm_sync_file_range.
    (Column::Arm, "sync_file_range2"),
    // Later kernels have it for 32-bit processes only.
    (Column::Parisc64, "_llseek"),
];

/// In the table, newer than a header of 6.1, though the number fills a gap below its newest.
const NOT_YET_THEIRS: [(Column, &str); 12] = [
    (Column::X8664, "uretprobe"),
    (Column::X8664, "uprobe"),
    (Column::X32, "uretprobe"),
    (Column::X32, "uprobe"),
    (Column::Loongarch64, "fstat"),
    (Column::Loongarch64, "newfstatat"),
    (Column::Parisc, "cacheflush"),
    (Column::Parisc64, "cacheflush"),
    (Column::Riscv64, "riscv_hwprobe"),
    (Column::S390, "memfd_secret"),
    (Column::S390x, "memfd_secret"),
    (Column::Sh, "sync_file_range2"),
];

/// Numbers from here on are an ABI's own (x32's 512 to 547, arm's private ones): no measure
/// of a header's age.
const OWN: u32 = 512;

/// The calls that a header defines, by name.
fn calls(source: &Source) -> Result<BTreeMap<String, u32>, String> {
    let mut cpp = Command::new("cc");
    cpp.args(["-E", "-dM", "-undef", "-nostdinc"]);
    cpp.args(source.roots.iter().map(|root| format!("-I{root}")));
    cpp.args(source.defines.iter().map(|define| format!("-D{define}")));
    cpp.args(["-x", "c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = cpp.spawn().map_err(|e| format!("cc: {e}"))?;
    let include = format!("#include <{}>\n", source.header);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(include.as_bytes())
        .unwrap();
    let output = child.wait_with_output().map_err(|e| format!("cc: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let macros = text
        .lines()
        .filter_map(|line| line.strip_prefix("#define ")?.split_once(' '));
    let macros: BTreeMap<&str, &str> = macros.collect();
    let mut calls = BTreeMap::new();
    for (name, body) in &macros {
        let Some(call) = name
            .strip_prefix("__NR_")
            .or(name.strip_prefix("__ARM_NR_"))
        else {
            continue;
        };
        if is_call(call) {
            let number = evaluate(body, &macros).ok_or(format!("{name}: what is {body}?"))?;
            calls.insert(call.to_owned(), number);
        }
    }
    Ok(calls)
}

/// A sum of numbers and macros, in any parentheses.
fn evaluate(body: &str, macros: &BTreeMap<&str, &str>) -> Option<u32> {
    let bare: String = body.chars().filter(|c| !"() ".contains(*c)).collect();
    bare.split('+')
        .map(
            |term| match (term.strip_prefix("0x"), term.parse(), macros.get(term)) {
                (Some(hex), ..) => u32::from_str_radix(hex, 16).ok(),
                (_, Ok(number), _) => Some(number),
                (.., Some(body)) => evaluate(body, macros),
                _ => None,
            },
        )
        .sum()
}

/// Everything that the header and the column disagree on, and how many calls are newer.
fn compare(column: Column, theirs: &BTreeMap<String, u32>) -> (Vec<String>, usize) {
    let mut wrong = Vec::new();
    for (name, &number) in theirs {
        let name = name.as_str();
        let ours =
            syscalls::row_by_name(name.as_bytes()).and_then(|row| syscalls::number(row, column));
        if ours != Some(number) && !NOT_OURS.contains(&(column, name)) {
            wrong.push(format!("{name}: header {number}, table {ours:?}"));
        }
    }
    let newest = theirs
        .values()
        .copied()
        .filter(|&number| number < OWN)
        .max();
    let mut newer = 0;
    for row in syscalls::rows() {
        let (name, number) = (syscalls::name(row), syscalls::number(row, column));
        let Some(number) = number.filter(|_| !theirs.contains_key(name)) else {
            continue;
        };
        let late = Some(number) > newest && number < OWN;
        if late || NOT_YET_THEIRS.contains(&(column, name)) {
            newer += 1;
        } else {
            wrong.push(format!("{name}: table {number}, not in the header"));
        }
    }
    (wrong, newer)
}

#[test]
fn every_column_has_a_source() {
    for (source, &column) in SOURCES.iter().zip(Column::ALL) {
        assert_eq!(source.column, column);
    }
    assert_eq!(SOURCES.len(), Column::ALL.len());
}

#[test]
fn table_agrees_with_kernel_headers() {
    let mut wrong = Vec::new();
    for source in &SOURCES {
        let name = source.column.name();
        let found = |root: &&str| Path::new(root).join(source.header).exists();
        if !source.roots.iter().any(found) {
            assert!(
                source.roots != X86 || Arch::native() != Arch::X86_64,
                "{name}: linux-libc-dev must be installed"
            );
            println!(
                "{name}: skipped: no {} in {:?}",
                source.header, source.roots
            );
            continue;
        }
        match calls(source) {
            Ok(theirs) => {
                let (bad, newer) = compare(source.column, &theirs);
                println!(
                    "{name}: {} calls checked, {newer} newer than the header",
                    theirs.len()
                );
                wrong.extend(bad.into_iter().map(|what| format!("{name}: {what}")));
            }
            Err(e) => wrong.push(format!("{name}: {e}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
