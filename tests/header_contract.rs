// SPDX-License-Identifier: LGPL-2.1-only
//! `include/seccomp.h` is valid C and C++, says what the crate says, and (feature `capi`)
//! declares what `src/capi` defines.

use scmp::{arch::Arch, syscalls};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What `differs(SCMP_A0(op, a))` leaves out is zero, on purpose.
const STRICT: &str = "-Wall -Wextra -Werror -Wno-missing-field-initializers";

/// Runs a compiler on a text; `Err` is what it said.
fn compile(command: &str, source: &str) -> Result<String, String> {
    // The checkout may have spaces in its name; a NUL is in no name.
    let folder = env!("CARGO_TARGET_TMPDIR");
    let whole = command.replace(folder, "\0");
    let mut words = whole.split(' ').map(|word| word.replace('\0', folder));
    let mut compiler = Command::new(words.next().unwrap());
    compiler
        .args(words)
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

/// The functions that every build of the library exports.
fn exported() -> BTreeSet<&'static str> {
    let list = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/capi/symbols.txt"));
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
    for standard in ["c99", "c11", "c17"] {
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
        assert!(
            Command::new(&program).status().unwrap().success(),
            "{program}"
        );
        // The same with kernel headers that are too old for most of it.
        must_compile(
            &format!("cc -x c -std={standard} {STRICT} -fsyntax-only -Itests-c/header/old"),
            source,
        );
    }
}

#[test]
fn every_name_resolves() {
    let mut source = String::from("#include <seccomp.h>\n");
    for row in syscalls::rows() {
        let name = syscalls::name(row);
        for prefix in ["__NR_", "__ARM_NR_"] {
            let keyword = if prefix == "__NR_" { "if" } else { "elif" };
            writeln!(source, "#{keyword} defined({prefix}{name})").unwrap();
            writeln!(
                source,
                "_Static_assert(SCMP_SYS({name}) == {prefix}{name}, \"\");"
            )
            .unwrap();
        }
        if let Some(pseudo) = syscalls::pseudo(row) {
            writeln!(
                source,
                "#else\n_Static_assert(SCMP_SYS({name}) == {pseudo}, \"\");"
            )
            .unwrap();
        }
        source += "#endif\n";
    }
    for standard in ["c11", "c17"] {
        must_compile(
            &format!("cc -x c -std={standard} {STRICT} -fsyntax-only"),
            &source,
        );
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
    must_compile(&format!("cc -x c -std=c11 {STRICT} -fsyntax-only"), &source);
}

#[cfg(feature = "capi")]
mod capi {
    use super::*;
    use scmp::capi::types;
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
        rust_files(&Path::new(ROOT).join("src/capi"), &mut files);
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
        must_compile(&format!("cc -x c -std=c11 {STRICT} -fsyntax-only"), &source);
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
        must_compile(&format!("cc -x c -std=c11 {STRICT} -fsyntax-only"), &source);
    }
}
