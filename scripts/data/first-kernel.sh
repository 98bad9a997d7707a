#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# first-kernel.sh: makes crates/scmp/data/first-kernel.csv of the manual pages, of the kernel's
# headers as four releases of Debian have them, and of those of other kernel releases in the
# crate linux-raw-sys. Needs apt, cargo, python3, cc and 100 MB of downloads.
set -euo pipefail
cd "$(dirname "$0")/../.."
csv=crates/scmp/data/first-kernel.csv
work=$PWD/build/data/first-kernel
mkdir -p "$work"

# Several packages in one folder, which is printed with the version.
headers() { # SUITE PACKAGE...
    local suite=$1 version
    shift
    version=$(scripts/data/fetch.sh "$suite" "$@" | awk '/^linux-libc-dev / { sub(/^([0-9]+:)?/, "", $2)
        split($2, parts, "."); print parts[1] "." parts[2] }')
    rm -rf "${work:?}/$suite"
    mkdir "$work/$suite"
    local package
    for package in "$@"; do cp -a "build/data/$suite/$package/root/." "$work/$suite"; done
    sources+=("$version:debian:$work/$suite")
}
sources=()
old=(linux-libc-dev)
for machine in arm64 armhf hppa m68k mips powerpc riscv64 s390x sh4; do
    old+=("linux-libc-dev-$machine-cross")
done
headers bullseye "${old[@]}"
headers bookworm "${old[@]}"
headers trixie linux-libc-dev
headers forky linux-libc-dev

# The crate has the numbers of the release that its version is made of.
for version in 0.0.37 0.0.46 0.3.8 0.6.5 0.9.4 0.12.1; do
    mkdir -p "$work/$version"
    cat > "$work/$version/Cargo.toml" <<END
[package]
name = "headers"
edition = "2021"
[lib]
path = "lib.rs"
[workspace]
[dependencies]
linux-raw-sys = "=$version"
END
    touch "$work/$version/lib.rs"
    folder=$(cargo metadata --format-version 1 --manifest-path "$work/$version/Cargo.toml" |
        jq -r '.packages[] | select(.name == "linux-raw-sys") | .manifest_path | rtrimstr("/Cargo.toml")')
    if [ -d "$folder/src/x86_64" ]; then
        code=$(sed -n 's/.*LINUX_VERSION_CODE: u32 = \([0-9]*\).*/\1/p' "$folder"/src/x86_64/*.rs | head -n 1)
        sources+=("$((code >> 16)).$((code >> 8 & 255)):crate:$folder/src")
    else
        for release in "$folder"/src/v*; do
            name=${release##*/v}
            sources+=("${name//_/.}:crate:$release")
        done
    fi
done

manual=$(scripts/data/fetch.sh forky manpages-dev)
{
    cat <<END
# SPDX-License-Identifier: LGPL-2.1-only
#
# The Linux release that each system call came with: the first whose headers have its number.
# Made by scripts/data/first-kernel.sh; data/README.md at the top says of what.
#
# call: * is an ABI itself, before whose release it has no calls.
# exceptions: ABI ABI=release, separated by ;, where it came later than elsewhere.
# source: a manual page; history: what the script lists from the kernel's release history;
#   headers: exceptions are the first release at hand whose headers have the call.
END
    scripts/data/first-kernel.py crates/scmp/data/syscalls.csv "build/data/forky/${manual% *}/root" "${sources[@]}"
} > "$work/new.csv"
mv "$work/new.csv" "$csv"
