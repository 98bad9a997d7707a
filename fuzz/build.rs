// SPDX-License-Identifier: LGPL-2.1-only
//! Compiles the library's C file and the C part of the target `c_api`, both with
//! AddressSanitizer if the Rust code has it.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(fuzzing)");
    println!("cargo::rerun-if-env-changed=SCMP_FUZZ_SANITIZER");
    let mut build = cc::Build::new();
    for file in ["../src/variadic.c", "c_api/calls.c", "c_api/memory.c"] {
        println!("cargo::rerun-if-changed={file}");
        build.file(file);
    }
    build
        .include("../include")
        .warnings(true)
        .extra_warnings(true);
    if std::env::var_os("SCMP_FUZZ_SANITIZER").is_some() {
        build
            .flag("-fsanitize=address")
            .flag("-fno-omit-frame-pointer");
    }
    build.compile("scmp_fuzz_c");
    // Allocations of the library, in Rust and in C, pass through c_api/memory.c.
    for function in [
        "malloc",
        "calloc",
        "realloc",
        "posix_memalign",
        "aligned_alloc",
    ] {
        println!("cargo::rustc-link-arg-bin=c_api=-Wl,--wrap={function}");
    }
}
