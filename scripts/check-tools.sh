#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only
#
# `make` on a machine where something lacks: says so, and what to do.
#   scripts/check-tools.sh CARGO TOOL...
set -eu
oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
deps="'make deps' names the packages that are needed, and as root installs them."
for tool; do
    ! command -v "$tool" > /dev/null || continue
    case $tool in
        "$(uname -m)-linux-musl-gcc") deps="in Debian it is in the package musl-tools." ;;
        *-linux-musl*-gcc) deps='Debian has none; CROSS or CC may name one from elsewhere.' ;;
        *-linux-*-gcc) deps="in Debian it is in the package gcc-$(basename "${tool%-gcc}" | tr _ -)." ;;
    esac
    echo "There is no $tool here: $deps" >&2
    exit 1
done
found=$("$1" --version | sed 's/^[^ ]* \([0-9.]*\).*/\1/')
[ "$(printf '%s\n' "$oldest" "$found" | sort -V | head -n 1)" = "$oldest" ] ||
    { echo "$1 is $found, and $oldest or later is needed: $deps" >&2; exit 1; }
