#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# The crate builds with the Rust that Cargo.toml promises, Debian 13's: with the
# rustc at hand where that is the one, otherwise with the packages of Debian 12's
# main archive, unpacked below build/ and not installed.
set -euo pipefail
cd "$(dirname "$0")/.."

msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
dir=$PWD/build/msrv
# CI sets MUST_RUN.
skip() { echo "skipped: check-msrv: $*"; exit "${MUST_RUN:-0}"; }

fetch() {
    command -v apt-get > /dev/null || skip "rustc $msrv is not here, nor apt to fetch it"
    local version
    version=$(apt-cache madison rustc-web | awk -v want="$msrv." 'index($3, want) == 1 && !seen++ { print $3 }')
    [ -n "$version" ] || skip "no package of rustc $msrv in apt's lists"
    mkdir -p "$dir"
    # The compiler's own library needs an LLVM; where that isn't installed, it comes along.
    local packages=("rustc-web=$version" "libstd-rust-web-$msrv=$version" "libstd-rust-web-dev=$version")
    local llvm
    llvm=$(apt-cache depends "libstd-rust-web-$msrv=$version" | awk '/Depends: libllvm/ { print $2 }')
    [ -z "$llvm" ] || packages+=("$llvm")
    (cd "$dir" && apt-get -qq download "${packages[@]}") 2> "$dir/apt.log" ||
        skip "could not fetch rustc $msrv: $(tail -n 1 "$dir/apt.log")"
    for deb in "$dir"/*.deb; do
        dpkg-deb -x "$deb" "$dir/root"
        rm "$deb"
    done
}

rustc=rustc
if [[ "$(rustc --version)" != "rustc $msrv."* ]]; then
    rustc=$dir/root/usr/bin/rustc
    [ -x "$rustc" ] || fetch
    LD_LIBRARY_PATH=$(dirname "$(find "$dir/root/usr/lib" -name 'librustc_driver-*.so' -print -quit)")
    export LD_LIBRARY_PATH
fi
"$rustc" --version || true
[[ "$("$rustc" --version)" == "rustc $msrv."* ]] || skip "the unpacked rustc does not run"
RUSTC=$rustc ${CARGO:-cargo} build --locked --target-dir build/msrv-target
echo "ok - builds with Rust $msrv"
