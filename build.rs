// SPDX-License-Identifier: LGPL-2.1-only
//! Compiles the two variadic functions, which Rust can't define, into the library.

use std::env;
use std::path::Path;

/// Set to 0 by who compiles `src/variadic.c` with flags of their own: make/link.mk and
/// scripts/fuzz.sh.
const SWITCH: &str = "SCMP_CAPI_VARIADIC";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/variadic.c");
    println!("cargo::rerun-if-changed=include/seccomp.h");
    println!("cargo::rerun-if-changed=include/seccomp-syscalls.h");
    println!("cargo::rerun-if-env-changed={SWITCH}");
    if env::var_os(SWITCH).is_some_and(|value| value == "0") {
        return;
    }
    let mut build = cc::Build::new();
    build.include("include").std("gnu11");
    // cc puts CFLAGS of the environment last, so by itself they would win: intermediate
    // code is no use in the archive, and hidden functions are none in a shared library.
    let object = Path::new(&env::var_os("OUT_DIR").expect("OUT_DIR")).join("variadic.o");
    let mut compiler = build.get_compiler().to_command();
    compiler.args([
        "-fno-lto",
        "-fvisibility=default",
        "-c",
        "src/variadic.c",
        "-o",
    ]);
    let status = compiler.arg(&object).status().expect("the C compiler runs");
    assert!(
        status.success(),
        "src/variadic.c does not compile: {status}"
    );
    build.object(object).compile("variadic");
}
