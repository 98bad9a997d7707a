#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: Rust crate syscallz
# group: bindings
# packages:
# loads: linked
# proves: tests/clients/rust: an allow list, an error number, an argument comparison, each tried; a forbidden call kills
# fails-on: all
#
# What sandboxed Rust programs (sniffglue among them) are written with.
set -euo pipefail
source "$(dirname "$0")/proof.sh"
source "$top/scripts/clients/rust.sh"

program=$out/rust-target/debug/scmp-rust-clients
if [ ! "$program" -nt "$stage/lib/libseccomp.so.2" ]; then
    in_crate "$crates" build --locked > "$work/log" 2>&1 || fail "$(tail -n 1 "$work/log")"
    touch "$program"
fi
version=$(sed -n '/^name = "syscallz"/,/^$/s/^version = "\(.*\)"/\1/p' "$crates/Cargo.lock")
echo "version: $version"
functions_of "$program"

runs scmp-rust-clients "$program"
grep -q worked "$work/log" || fail "$(tail -n 1 "$work/log")"
code=0
on_library "$program" forbidden > "$work/forbidden" 2>&1 || code=$?
[ $code = 159 ] && ! grep -q SURVIVED "$work/forbidden" || fail "a forbidden call was not stopped ($code)"
echo "ok: $(tail -n 1 "$work/log"), the forbidden call killed it"
