// SPDX-License-Identifier: LGPL-2.1-only
//! Says what is linked: scmp-capi, or the system's library if the user asks for it.

use std::env;

/// Any value but 0 links the system's library.
const SWITCH: &str = "SCMP_SYS_USE_SYSTEM";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(use_system)");
    let variable = |name| {
        println!("cargo::rerun-if-env-changed={name}");
        env::var(name).ok()
    };
    // As for crates.io's libseccomp-sys.
    let folder = variable("LIBSECCOMP_LIB_PATH");
    let kind = variable("LIBSECCOMP_LINK_TYPE");
    if variable(SWITCH).is_none_or(|value| value == "0") {
        // crates.io's libseccomp-sys, where it is not patched, has the linker look for
        // `-lseccomp`. lib/libseccomp.a is an archive of nothing.
        let here = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
        println!("cargo::rustc-link-search=native={here}/lib");
        return;
    }
    println!("cargo::rustc-cfg=use_system");
    if let Some(folder) = folder {
        println!("cargo::rustc-link-search=native={folder}");
    }
    let kind = kind.as_deref().unwrap_or("dylib");
    println!("cargo::rustc-link-lib={kind}=seccomp");
}
