#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# The crate's own checks: format, lints, tests, documentation. Debian's Rust
# comes without clippy and rustfmt, so those two may be skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/report.sh
read -ra cargo <<< "${CARGO:-cargo}"

if "${cargo[@]}" fmt --version > /dev/null 2>&1; then
    "${cargo[@]}" fmt --all --check
    "${cargo[@]}" fmt --check --manifest-path fuzz/Cargo.toml
    expect_none format ''
else
    skips format 'this Rust has no rustfmt'
fi
if "${cargo[@]}" clippy --version > /dev/null 2>&1; then
    "${cargo[@]}" clippy --locked --workspace --all-features --all-targets -- -D warnings
    expect_none lints ''
else
    skips lints 'this Rust has no clippy'
fi
"${cargo[@]}" test --locked --workspace --all-features --profile checked
RUSTDOCFLAGS='-D warnings' "${cargo[@]}" doc --locked --workspace --no-deps
expect_none documentation ''
summary
