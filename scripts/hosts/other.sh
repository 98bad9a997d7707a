#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# other.sh HOST TARGET [refused|libraries]: checks the crates for a machine for which Debian
# has no Rust, with std's source, as `cargo check` does: nothing is generated, linked or run.
# "refused": libseccomp does not have the machine, and the compiler must say so.
# "libraries": the programs use crates that do not have it.
# scripts/check-hosts.sh calls it.
set -euo pipefail
cd "$(dirname "$0")/../.."
host=$1 target=$2
out=$PWD/build/hosts
scripts/hosts/rust.sh "$out/rust" source
read -ra cargo <<< "${CARGO:-cargo}"
# -Z: it is unstable that cargo builds std, and that rustc generates no code. rustc would
# otherwise generate compiler_builtins, which LLVM can't for m68k.
check() { # WHAT...
    RUSTC=$out/rust/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zno-codegen SCMP_CAPI_VARIADIC=0 \
        "${cargo[@]}" check --locked -Z build-std=std,panic_unwind --target "$target" --target-dir "$out/target" "$@"
}
if [ "${3:-}" = refused ]; then
    message='libseccomp has no architecture for this host'
    ! check --package scmp-core > "$out/$host.refused" 2>&1 || { echo 'FAILED: it compiles'; exit 1; }
    grep "$message" "$out/$host.refused" ||
        { tail -n 30 "$out/$host.refused"; echo "FAILED: not for '$message'"; exit 1; }
elif [ "${3:-}" = libraries ]; then
    check --workspace --exclude scmp-cli --exclude scmp-tools --exclude scmp-bench
else
    check --workspace
fi
