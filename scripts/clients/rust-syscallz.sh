# SPDX-License-Identifier: LGPL-2.1-only
#
# What sandboxed Rust programs (sniffglue among them) are written with.

program=$out/rust-target/debug/scmp-rust-clients
if ! is_current "$program" "$crates"/Cargo.* "$crates"/src/*; then
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
