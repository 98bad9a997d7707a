#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# The crates build with the Rust that Cargo.toml promises, Debian 13's: with the rustc at
# hand where that is the one, otherwise with the one that scripts/hosts/rust.sh unpacks.
set -euo pipefail
cd "$(dirname "$0")/.."

msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
rustc=rustc
if [[ "$(rustc --version)" != "rustc $msrv."* ]]; then
    folder=$PWD/build/hosts/rust
    if ! said=$(scripts/hosts/rust.sh "$folder" 2>&1); then
        # CI sets MUST_RUN.
        echo "skipped: check-msrv: no rustc $msrv: ${said##*$'\n'}"
        exit "${MUST_RUN:-0}"
    fi
    rustc=$folder/rustc
fi
"$rustc" --version
RUSTC=$rustc ${CARGO:-cargo} build --locked --target-dir build/msrv-target
echo "ok - builds with Rust $msrv"
