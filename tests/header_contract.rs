// SPDX-License-Identifier: LGPL-2.1-only
//! `include/seccomp.h` is valid C and C++, says what the crate says, and (feature `capi`)
//! declares what `src` defines.

use scmp::Arch;
use scmp::syscalls::{self, Abi};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What `differs(SCMP_A0(op, a))` leaves out is zero, on purpose.
const STRICT: &str = "-Wall -Wextra -Werror -Wno-missing-field-initializers";

/// A program's words, from the environment variable of that name.
fn words(variable: &str, otherwise: &str) -> Vec<String> {
    let set = std::env::var(variable).unwrap_or_else(|_| otherwise.to_string());
    set.split_whitespace().map(str::to_string).collect()
}

/// Runs a compiler on a text; `Err` is what it said. The command begins with cc or g++,
/// which stand for CC and CXX.
fn compile(command: &str, source: &str) -> Result<String, String> {
    // The checkout may have spaces in its name; a NUL is in no name.
    let folder = env!("CARGO_TARGET_TMPDIR");
    let whole = command.replace(folder, "\0");
    let (name, options) = whole.split_once(' ').unwrap();
    let variable = if name == "cc" { "CC" } else { "CXX" };
    let program = words(variable, name);
    let mut compiler = Command::new(&program[0]);
    compiler
        .args(&program[1..])
        .args(options.split(' ').map(|word| word.replace('\0', folder)))
        .arg("-Iinclude")
        .arg("-")
        .current_dir(ROOT);
    compiler
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = compiler
        .spawn()
        .unwrap_or_else(|e| panic!("{command}: {e}"));
    // A compiler that rejects its options does not read.
    let _ = child.stdin.take().unwrap().write_all(source.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{command}\n{said}"))
    }
}

fn must_compile(command: &str, source: &str) {
    if let Err(said) = compile(command, source) {
        panic!("{said}");
    }
}

/// With more options, each after a space.
fn must_be_strict_c(options: &str, source: &str) {
    must_compile(
        &format!("cc -x c -std=c11 {STRICT} -fsyntax-only{options}"),
        source,
    );
}

/// The functions that every build of the library exports.
fn exported() -> BTreeSet<&'static str> {
    let list = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/symbols.txt"));
    let lines = list.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// Names of the functions that preprocessed C declares.
fn declared(c: &str) -> BTreeSet<&str> {
    let word = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let before_parens = c
        .split('(')
        .map(|piece| piece.trim_end().rsplit(|c| !word(c)).next().unwrap());
    before_parens
        .filter(|name| name.starts_with("seccomp_"))
        .collect()
}

#[test]
fn header_alone_compiles_without_a_warning() {
    let include = "#include <seccomp.h>\n";
    for standard in ["c99", "c11", "c17", "gnu17"] {
        must_compile(
            &format!("cc -x c -std={standard} -pedantic -Wall -Wextra -Werror -fsyntax-only"),
            include,
        );
    }
    must_compile(
        "g++ -x c++ -std=c++17 -pedantic -Wall -Wextra -Werror -fsyntax-only",
        include,
    );
}

#[test]
fn a_switch_over_the_operators_of_2_6_1_has_them_all() {
    let source = "#include <seccomp.h>\n\
                  int f(enum scmp_compare op);\n\
                  int f(enum scmp_compare op) {\n\
                  switch (op) {\n\
                  case SCMP_CMP_NE: case SCMP_CMP_LT: case SCMP_CMP_LE: case SCMP_CMP_EQ:\n\
                  case SCMP_CMP_GE: case SCMP_CMP_GT: case SCMP_CMP_MASKED_EQ: return 1;\n\
                  }\nreturn 0;\n}\n";
    // An installed header is one of the system.
    match compile(
        "cc -x c -isystem include -Wall -Werror -fsyntax-only",
        source,
    ) {
        Err(said) if said.contains("_SCMP_CMP_MIN") => {
            println!("skipped: the compiler expects reserved names, too, as clang and gcc 11 do");
        }
        result => _ = result.unwrap(),
    }
}

#[test]
fn ints_may_be_negative_in_cpp() {
    let source = "#include <seccomp.h>\n\
                  scmp_arg_cmp f() { return SCMP_A0_INT(SCMP_CMP_EQ, -100); }\n";
    must_compile(
        &format!("g++ -x c++ -std=c++17 {STRICT} -fsyntax-only"),
        source,
    );
}

#[test]
fn header_declares_the_exported_functions() {
    let text = compile("cc -x c -E -P", "#include <seccomp.h>\n").unwrap();
    assert_eq!(declared(&text), exported());
}

#[test]
fn macros_have_their_values() {
    let source = include_str!("../tests-c/header/macros.c");
    for standard in ["c11", "c17"] {
        let program = format!("{}/header-macros-{standard}", env!("CARGO_TARGET_TMPDIR"));
        must_compile(
            &format!("cc -x c -std={standard} {STRICT} -o {program}"),
            source,
        );
        // EMULATOR runs what this machine can't.
        let run = [words("EMULATOR", ""), vec![program]].concat();
        let status = Command::new(&run[0]).args(&run[1..]).status().unwrap();
        assert!(status.success(), "{run:?}");
        // The same with kernel headers that are too old for most of it.
        must_compile(
            &format!("cc -x c -std={standard} {STRICT} -fsyntax-only -Itests-c/header/old"),
            source,
        );
    }
}

/// The macros that a compiler for the architecture defines, the column of its numbers, and
/// their base.
type Target = (Arch, &'static [&'static str], Abi, u32);

const O32: &[&str] = &["__mips__", "_MIPS_SIM=1"];
const N32: &[&str] = &["__mips__", "_MIPS_SIM=2"];
const N64: &[&str] = &["__mips__", "_MIPS_SIM=3", "__LP64__"];
const PPC64: &[&str] = &["__powerpc__", "__powerpc64__", "__LP64__"];

#[rustfmt::skip]
const TARGETS: [Target; 23] = [
    (Arch::X86, &["__i386__"], Abi::X86, 0),
    (Arch::X86_64, &["__x86_64__", "__LP64__"], Abi::X8664, 0),
    (Arch::X32, &["__x86_64__", "__ILP32__"], Abi::X32, 0x4000_0000),
    (Arch::Arm, &["__arm__", "__ARM_EABI__"], Abi::Arm, 0),
    (Arch::Aarch64, &["__aarch64__", "__LP64__"], Abi::Aarch64, 0),
    (Arch::Loongarch64, &["__loongarch__", "__loongarch_grlen=64"], Abi::Loongarch64, 0),
    (Arch::M68k, &["__m68k__"], Abi::M68k, 0),
    (Arch::Mips, O32, Abi::Mips, 4000),
    (Arch::Mips64, N64, Abi::Mips64, 5000),
    (Arch::Mips64n32, N32, Abi::Mips64n32, 6000),
    (Arch::Mipsel, O32, Abi::Mips, 4000),
    (Arch::Mipsel64, N64, Abi::Mips64, 5000),
    (Arch::Mipsel64n32, N32, Abi::Mips64n32, 6000),
    (Arch::Parisc, &["__hppa__"], Abi::Parisc, 0),
    (Arch::Parisc64, &["__hppa__", "__LP64__"], Abi::Parisc64, 0),
    (Arch::Ppc, &["__powerpc__"], Abi::Ppc, 0),
    (Arch::Ppc64, PPC64, Abi::Ppc64, 0),
    (Arch::Ppc64le, PPC64, Abi::Ppc64, 0),
    (Arch::Riscv64, &["__riscv", "__riscv_xlen=64"], Abi::Riscv64, 0),
    (Arch::S390, &["__s390__"], Abi::S390, 0),
    (Arch::S390x, &["__s390__", "__s390x__"], Abi::S390x, 0),
    (Arch::Sheb, &["__sh__"], Abi::Sh, 0),
    (Arch::Sh, &["__sh__"], Abi::Sh, 0),
];

/// Has the compiler check that `SCMP_SYS(name)` of every name is the architecture's number, or
/// the pseudo number where it has none.
fn push_all_numbers(source: &mut String, &(arch, _, column, base): &Target) {
    for row in syscalls::rows() {
        let (name, pseudo) = (syscalls::name(row), syscalls::pseudo(row));
        let own = syscalls::number(row, column).map(|number| (number + base) as i32);
        let number = own.or(pseudo).unwrap();
        // The kernel's header of arm has a second name for arm_sync_file_range.
        let second = arch == Arch::Arm && name == "sync_file_range2";
        let unless = if second {
            "#ifndef __NR_sync_file_range2"
        } else {
            "#if 1"
        };
        writeln!(
            source,
            "{unless}\n#ifndef __SNR_{name}\n#error {name}\n#endif\n\
             #if __SNR_{name} != {number}\n#error {name}\n#endif\n\
             _Static_assert((__SNR_{name}) == {number}, \"{name}\");\n#endif"
        )
        .unwrap();
        // The library means the same: a multiplexed call may resolve to its pseudo number.
        let resolved = arch.syscall_number(name.as_bytes()).unwrap();
        assert!(resolved == number || Some(resolved) == pseudo, "{name}");
        assert_eq!(arch.syscall_name(resolved), arch.syscall_name(number));
    }
}

#[test]
fn every_name_has_its_number_without_kernel_headers() {
    for target in &TARGETS {
        let mut source = String::from(
            "#define _SECCOMP_H\n#define __NR_SCMP_UNDEF -2\n#include <seccomp-syscalls.h>\n",
        );
        push_all_numbers(&mut source, target);
        for row in syscalls::rows() {
            let name = syscalls::name(row);
            writeln!(source, "#ifdef __NR_{name}\n#error {name}\n#endif").unwrap();
        }
        let defines = target.1.iter().map(|define| format!(" -D{define}"));
        let defines: String = defines.collect();
        must_be_strict_c(&format!(" -undef -nostdinc{defines}"), &source);
    }
    let all: Vec<Arch> = Arch::all().collect();
    assert_eq!(all, TARGETS.map(|target| target.0));
}

/// Numbers from here on are x32's own, and as old as x32.
const X32_OWN: u32 = 512;

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "needs x86_64's kernel headers")]
fn every_name_has_its_number_with_kernel_headers_of_any_age() {
    // What glibc's headers want for ABIs whose development packages are absent.
    let stubs = format!("{}/libc-stubs", env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(format!("{stubs}/gnu")).unwrap();
    for name in ["stubs-32.h", "stubs-x32.h"] {
        std::fs::write(format!("{stubs}/gnu/{name}"), "").unwrap();
    }
    let x86 = format!("-I{stubs} -isystem /usr/include/x86_64-linux-gnu");
    // With the newest number that Linux 4.19 has for each. The headers of x86_64 serve
    // three ABIs, those of other hosts one.
    let headers = match TARGETS.iter().find(|target| target.0 == Arch::native()) {
        Some((Arch::X86_64, ..)) => vec![
            (&TARGETS[0], format!("-m32 {x86}"), Some(386)),
            (&TARGETS[1], format!("-m64 {x86}"), Some(334)),
            (&TARGETS[2], format!("-mx32 {x86}"), Some(334)),
        ],
        Some(native) => vec![(native, "-O0".to_string(), None)],
        None => unreachable!("every architecture is a target"),
    };
    for (target, options, newest) in headers {
        // As installed, as old as 4.19, and older than any that there has been.
        for newest in [None, newest, Some(0)] {
            let mut source = String::from("#include <asm/unistd.h>\n");
            for row in syscalls::rows() {
                let number = syscalls::number(row, target.2);
                let newer = |n: u32| newest == Some(0) || (Some(n) > newest && n < X32_OWN);
                if newest.is_some() && number.is_none_or(newer) {
                    writeln!(source, "#undef __NR_{}", syscalls::name(row)).unwrap();
                }
            }
            source += "#include <seccomp.h>\n";
            push_all_numbers(&mut source, target);
            for row in syscalls::rows() {
                let name = syscalls::name(row);
                writeln!(
                    source,
                    "#ifdef __NR_{name}\n\
                     _Static_assert(SCMP_SYS({name}) == __NR_{name}, \"{name}\");\n\
                     #endif"
                )
                .unwrap();
            }
            let names = syscalls::rows().map(syscalls::name);
            let table: String = names.map(|name| format!("SCMP_SYS({name}),")).collect();
            writeln!(source, "const int all[] = {{ {table} }};").unwrap();
            must_be_strict_c(&format!(" {options} -Itests-c/header/old"), &source);
        }
    }
}

#[test]
fn architecture_tokens_are_the_crates() {
    let mut source = String::from("#include <seccomp.h>\n");
    for arch in Arch::all() {
        let (name, token) = (arch.name().to_uppercase(), arch.token());
        writeln!(
            source,
            "_Static_assert(SCMP_ARCH_{name} == {token}U, \"\");"
        )
        .unwrap();
    }
    must_be_strict_c("", &source);
}

mod capi {
    use super::*;
    use seccomp::types;
    use std::path::{Path, PathBuf};

    /// The header defines these, so cbindgen must not; then it no longer knows their tags.
    const HEADER_TYPES: [&str; 10] = [
        "enum scmp_compare",
        "enum scmp_filter_attr",
        "scmp_datum_t",
        "scmp_filter_ctx",
        "struct scmp_arg_cmp",
        "struct scmp_version",
        "struct seccomp_data",
        "struct seccomp_notif",
        "struct seccomp_notif_addfd",
        "struct seccomp_notif_resp",
    ];

    /// Defined in C: Rust has no variadic functions.
    const IN_C: [&str; 2] = ["seccomp_rule_add", "seccomp_rule_add_exact"];

    fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                rust_files(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }

    /// What the C layer defines, as C: prototypes and `#define`s.
    fn generated() -> String {
        let mut files = Vec::new();
        rust_files(&Path::new(ROOT).join("src"), &mut files);
        files.sort();
        let mut builder = cbindgen::Builder::new()
            .with_language(cbindgen::Language::C)
            .with_style(cbindgen::Style::Tag)
            .with_documentation(false)
            .with_no_includes();
        for file in files {
            builder = builder.with_src(file);
        }
        for spelled in HEADER_TYPES {
            let name = spelled.rsplit(' ').next().unwrap();
            builder = builder.exclude_item(name).rename_item(name, spelled);
        }
        let mut text = Vec::new();
        builder.generate().unwrap().write(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn prototypes_and_constants_agree() {
        let mut source = String::from("#include <seccomp.h>\n");
        let mut prototypes = String::new();
        for line in generated().lines() {
            // A second #define would only be compared as text.
            match line
                .strip_prefix("#define ")
                .and_then(|rest| rest.split_once(' '))
            {
                Some((name, value)) if name.contains("SCMP_") || name.starts_with("SECCOMP_") => {
                    writeln!(source, "_Static_assert(({name}) == ({value}), \"{name}\");").unwrap();
                }
                Some(_) => {}
                None => prototypes += &format!("{line}\n"),
            }
        }
        let both: BTreeSet<_> = declared(&prototypes).into_iter().chain(IN_C).collect();
        assert_eq!(both, exported(), "{prototypes}");
        source += &prototypes;
        must_be_strict_c("", &source);
    }

    #[test]
    fn a_wrong_prototype_or_constant_is_noticed() {
        for wrong in [
            "int seccomp_load(int ctx);",
            "unsigned int seccomp_arch_native(int);",
            "void seccomp_api_set(unsigned int level);",
            "_Static_assert((SCMP_ACT_TRAP) == (1), \"\");",
        ] {
            let source = format!("#include <seccomp.h>\n{wrong}\n");
            let command = format!("cc -x c -std=c11 {STRICT} -fsyntax-only");
            assert!(compile(&command, &source).is_err(), "{wrong}");
        }
    }

    macro_rules! layout {
        ($source:ident: $($name:ident { $($field:ident),+ })+) => {$(
            let (size, align) = (size_of::<types::$name>(), align_of::<types::$name>());
            writeln!(
                $source,
                "_Static_assert(sizeof(struct {0}) == {size}, \"{0}\");\n\
                 _Static_assert(_Alignof(struct {0}) == {align}, \"{0}\");",
                stringify!($name),
            )
            .unwrap();
            $(
                writeln!(
                    $source,
                    "_Static_assert(__builtin_offsetof(struct {0}, {1}) == {2}, \"{0}.{1}\");",
                    stringify!($name),
                    stringify!($field),
                    std::mem::offset_of!(types::$name, $field),
                )
                .unwrap();
            )+
        )+};
    }

    #[test]
    fn layouts_agree() {
        let mut source = String::from("#include <seccomp.h>\n");
        layout! { source:
            scmp_version { major, minor, micro }
            scmp_arg_cmp { arg, op, datum_a, datum_b }
            seccomp_notif { id, pid, flags, data }
            seccomp_notif_resp { id, val, error, flags }
            seccomp_notif_addfd { id, flags, srcfd, newfd, newfd_flags }
        }
        must_be_strict_c("", &source);
    }
}
