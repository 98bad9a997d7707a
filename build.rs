// SPDX-License-Identifier: LGPL-2.1-only
//! Compiles the two variadic functions, which Rust can't define, into the library.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/variadic.c");
    println!("cargo::rerun-if-changed=include/seccomp.h");
    println!("cargo::rerun-if-changed=include/seccomp-syscalls.h");
    cc::Build::new()
        .file("src/variadic.c")
        .include("include")
        .std("gnu11")
        // Intermediate code would be no use in the archive.
        .flag_if_supported("-fno-lto")
        .compile("variadic");
}
