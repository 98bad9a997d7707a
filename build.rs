// SPDX-License-Identifier: LGPL-2.1-only
//! Compiles the two variadic functions, which Rust can't define, into the library.

use std::env;
use std::io::ErrorKind;
use std::path::Path;

/// Set to 0 to skip; make/link.mk and scripts/fuzz.sh compile the file themselves.
const SWITCH: &str = "SCMP_CAPI_VARIADIC";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/variadic.c");
    println!("cargo::rerun-if-env-changed={SWITCH}");
    if env::var_os(SWITCH).is_some_and(|value| value == "0") {
        return;
    }
    let variable = |name| env::var(name).expect("cargo sets it");
    let object = Path::new(&variable("OUT_DIR")).join("variadic.o");
    let mut build = cc::Build::new();
    build.std("gnu11").define("SCMP_NO_HEADERS", None);
    let compile = |build: &cc::Build| {
        let mut compiler = build.get_compiler().to_command();
        // These follow CFLAGS and override -flto (ar can't use bitcode) and
        // -fvisibility=hidden.
        compiler.args(["-fno-lto", "-fvisibility=default", "-c", "src/variadic.c"]);
        compiler.arg("-o").arg(&object).status()
    };
    let mut status = compile(&build);
    let target = variable("TARGET");
    // Without headers, the object is the same for every C library. cargo links a program for
    // musl without musl-gcc, so the compiler for glibc is enough here, too.
    if target.contains("-musl") && matches!(&status, Err(e) if e.kind() == ErrorKind::NotFound) {
        status = compile(build.target(&target.replace("-musl", "-gnu")));
    }
    let status = status.expect("the C compiler runs");
    assert!(
        status.success(),
        "src/variadic.c does not compile: {status}"
    );
    build.object(object).compile("variadic");
}
