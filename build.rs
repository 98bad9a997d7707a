// SPDX-License-Identifier: LGPL-2.1-only
//! Compiles the two variadic functions, which Rust can't define, into the library.

/// Set to 0 by who compiles `src/variadic.c` with flags of their own: make/link.mk and
/// scripts/fuzz.sh.
const SWITCH: &str = "SCMP_CAPI_VARIADIC";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/variadic.c");
    println!("cargo::rerun-if-changed=include/seccomp.h");
    println!("cargo::rerun-if-changed=include/seccomp-syscalls.h");
    println!("cargo::rerun-if-env-changed={SWITCH}");
    if std::env::var_os(SWITCH).is_some_and(|value| value == "0") {
        return;
    }
    cc::Build::new()
        .file("src/variadic.c")
        .include("include")
        .std("gnu11")
        // Intermediate code would be no use in the archive.
        .flag_if_supported("-fno-lto")
        .compile("variadic");
}
