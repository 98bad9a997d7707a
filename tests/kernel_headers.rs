// SPDX-License-Identifier: LGPL-2.1-only
//! `crates/scmp/data/syscalls.csv` against a second source: the kernel headers on this machine.
//! They also say which calls their release has, as `crates/scmp/data/first-kernel.csv` does.
//!
//! On x86_64 its own (Debian's linux-libc-dev) must be there. The others come with
//! linux-libc-dev-{arm64,armhf,hppa,m68k,mips,powerpc,riscv64,s390x,sh4}-cross and are
//! skipped if absent.

use scmp::Arch;
use scmp::syscalls::{self, Abi, KernelVersion};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

struct Source {
    abi: Abi,
    /// Whose headers they are, of a cross compiler or of a host of that kind.
    triplets: &'static str,
    header: &'static str,
    /// What the target's compiler, or the header that includes this one, would define.
    defines: &'static [&'static str],
}

impl Source {
    /// Where to search for headers.
    fn roots(&self) -> impl Iterator<Item = String> {
        let of = |triplet| {
            [
                format!("/usr/{triplet}/include"),
                format!("/usr/include/{triplet}"),
            ]
        };
        let folders = self.triplets.split(' ').flat_map(of);
        folders.chain(["/usr/include".to_owned()])
    }
}

const X86: &str = "x86_64-linux-gnu";
const LP64: &[&str] = &["__LP64__", "__SIZEOF_LONG__=8", "__SIZEOF_POINTER__=8"];

/// Debian 12 has no loongarch64 package, but that ABI is the generic one with these
/// options. The first entry has the headers of x86 say that long has 64 bits.
const LOONGARCH64: &[&str] = &[
    "__x86_64__",
    "__ARCH_WANT_SYS_CLONE",
    "__ARCH_WANT_SYS_CLONE3",
    "NEW_STAT_SINCE_6_11",
];

#[rustfmt::skip]
const SOURCES: [Source; 18] = [
    Source { abi: Abi::X86, triplets: X86, header: "asm/unistd_32.h", defines: &[] },
    Source { abi: Abi::X8664, triplets: X86, header: "asm/unistd_64.h", defines: &[] },
    Source { abi: Abi::X32, triplets: X86, header: "asm/unistd_x32.h", defines: &["__X32_SYSCALL_BIT=0"] },
    Source { abi: Abi::Arm, triplets: "arm-linux-gnueabihf", header: "asm/unistd.h", defines: &["__ARM_EABI__"] },
    Source { abi: Abi::Aarch64, triplets: "aarch64-linux-gnu", header: "asm/unistd.h", defines: LP64 },
    Source { abi: Abi::Loongarch64, triplets: X86, header: "asm-generic/unistd.h", defines: LOONGARCH64 },
    Source { abi: Abi::M68k, triplets: "m68k-linux-gnu", header: "asm/unistd_32.h", defines: &[] },
    Source { abi: Abi::Mips, triplets: "mips-linux-gnu", header: "asm/unistd_o32.h", defines: &["__NR_Linux=0"] },
    Source { abi: Abi::Mips64, triplets: "mips-linux-gnu", header: "asm/unistd_n64.h", defines: &["__NR_Linux=0"] },
    Source { abi: Abi::Mips64n32, triplets: "mips-linux-gnu", header: "asm/unistd_n32.h", defines: &["__NR_Linux=0"] },
    Source { abi: Abi::Parisc, triplets: "hppa-linux-gnu", header: "asm/unistd_32.h", defines: &[] },
    Source { abi: Abi::Parisc64, triplets: "hppa-linux-gnu", header: "asm/unistd_64.h", defines: &[] },
    Source { abi: Abi::Ppc, triplets: "powerpc-linux-gnu powerpc64le-linux-gnu", header: "asm/unistd_32.h", defines: &[] },
    Source { abi: Abi::Ppc64, triplets: "powerpc-linux-gnu powerpc64le-linux-gnu", header: "asm/unistd_64.h", defines: &[] },
    Source { abi: Abi::Riscv64, triplets: "riscv64-linux-gnu", header: "asm/unistd.h", defines: LP64 },
    Source { abi: Abi::S390, triplets: "s390x-linux-gnu", header: "asm/unistd_32.h", defines: &[] },
    Source { abi: Abi::S390x, triplets: "s390x-linux-gnu", header: "asm/unistd_64.h", defines: &[] },
    Source { abi: Abi::Sh, triplets: "sh4-linux-gnu", header: "asm/unistd_32.h", defines: &[] },
];

/// Macros of the headers that are no call: bases, masks, counts and gaps.
fn is_call(name: &str) -> bool {
    const OTHERS: &str =
        "Linux BASE OABI_SYSCALL_BASE SYSCALL_BASE SYSCALL_MASK arch_specific_syscall syscalls";
    let gap = |prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|n| n.parse::<u32>().is_ok())
    };
    !OTHERS.split(' ').any(|other| other == name) && !gap("reserved") && !gap("unused")
}

/// In a header, rightly not in the table.
const NOT_OURS: [(Abi, &str); 2] = [
    // A second name of arm_sync_file_range.
    (Abi::Arm, "sync_file_range2"),
    // Later kernels have it for 32-bit processes only.
    (Abi::Parisc64, "_llseek"),
];

/// What a header says.
struct Header {
    release: KernelVersion,
    /// Numbers by name.
    calls: BTreeMap<String, u32>,
}

fn read(source: &Source) -> Result<Header, String> {
    let mut cpp = Command::new("cc");
    cpp.args(["-E", "-dM", "-undef", "-nostdinc"]);
    cpp.args(source.roots().map(|root| format!("-I{root}")));
    cpp.args(source.defines.iter().map(|define| format!("-D{define}")));
    cpp.args(["-x", "c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = cpp.spawn().map_err(|e| format!("cc: {e}"))?;
    let include = format!(
        "#include <linux/version.h>
        #if defined(NEW_STAT_SINCE_6_11) && LINUX_VERSION_CODE >= 0x060b00
        #define __ARCH_WANT_NEW_STAT
        #endif
        #include <{}>\n",
        source.header
    );
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
    let code = macros.get("LINUX_VERSION_CODE");
    let code: u16 = code
        .and_then(|code| Some((code.parse::<u32>().ok()? >> 8) as u16))
        .ok_or("no LINUX_VERSION_CODE")?;
    let (major, minor) = (code >> 8, code & 0xff);
    let release = KernelVersion { major, minor };
    Ok(Header { release, calls })
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

/// Everything that the header and the tables disagree on, and how many calls are newer.
fn compare(abi: Abi, header: &Header) -> (Vec<String>, usize) {
    let (theirs, release) = (&header.calls, header.release);
    let mut wrong = Vec::new();
    for (name, &number) in theirs {
        let name = name.as_str();
        let row = syscalls::row_by_name(name.as_bytes());
        let ours = row.and_then(|row| syscalls::number(row, abi));
        if ours != Some(number) && !NOT_OURS.contains(&(abi, name)) {
            wrong.push(format!("{name}: header {number}, table {ours:?}"));
        }
        let first = row.and_then(|row| syscalls::first_kernel(row, abi));
        if let Some(first) = first.filter(|first| *first > release) {
            wrong.push(format!(
                "{name}: in a header of {release}, but said to be of {first}"
            ));
        }
    }
    let mut newer = 0;
    for row in syscalls::rows() {
        let (name, first) = (syscalls::name(row), syscalls::first_kernel(row, abi));
        let Some(first) = first.filter(|_| !theirs.contains_key(name)) else {
            continue;
        };
        if first > release {
            newer += 1;
        } else {
            wrong.push(format!(
                "{name}: of {first}, but not in a header of {release}"
            ));
        }
    }
    (wrong, newer)
}

#[test]
fn every_abi_has_a_source() {
    for (source, &abi) in SOURCES.iter().zip(Abi::ALL) {
        assert_eq!(source.abi, abi);
    }
    assert_eq!(SOURCES.len(), Abi::ALL.len());
}

#[test]
fn table_agrees_with_kernel_headers() {
    let mut wrong = Vec::new();
    for source in &SOURCES {
        let name = source.abi.name();
        let found = |root: String| Path::new(&root).join(source.header).exists();
        if !source.roots().any(found) {
            assert!(
                source.triplets != X86 || Arch::native() != Arch::X86_64,
                "{name}: linux-libc-dev must be installed"
            );
            println!(
                "{name}: skipped: no {} of {}",
                source.header, source.triplets
            );
            continue;
        }
        match read(source) {
            Ok(header) => {
                let (bad, newer) = compare(source.abi, &header);
                let (checked, release) = (header.calls.len(), header.release);
                println!("{name}: {checked} calls of {release} checked, {newer} are newer");
                wrong.extend(bad.into_iter().map(|what| format!("{name}: {what}")));
            }
            Err(e) => wrong.push(format!("{name}: {e}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
