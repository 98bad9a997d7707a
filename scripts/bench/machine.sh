#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# machine.sh C-LIBRARY OURS: what is measured where, as lines for page.awk.
set -euo pipefail

fact() { printf 'fact\t%s\t%s\n' "$1" "$2"; }
library() { printf 'library\t-\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$3"; }
# Entries of .rela.* and, where there are any, the places that .relr.* stands for.
relocations() {
    readelf -rW "$1" | awk '
        /^Relocation section/ { packed = /relr/; if (!packed) for (i = 1; i < NF; i++) if ($i == "contains") sum += $(i + 1) }
        packed && $2 == "offsets" { sum += $1 }
        END { print sum + 0 }'
}

fact date "$(date -u +%F)"
fact processor "$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors"
fact kernel "Linux $(uname -r), BPF JIT $(cat /proc/sys/net/core/bpf_jit_enable 2> /dev/null || echo unknown)"
fact system "$(. /etc/os-release; echo "$PRETTY_NAME")"
fact 'C library' "$(basename "$1")"
fact ours "$(basename "$2"), commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown)$(
    git diff --quiet HEAD -- src data build.rs Cargo.lock 2> /dev/null || echo ' and changes'), $(rustc --version 2> /dev/null || echo unknown Rust)"
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
for side in c ours; do
    [[ $side == c ]] && file=$1 || file=$2
    ${STRIP:-strip} --strip-unneeded -o "$stripped" "$file"
    library size $side "$(stat -c %s "$stripped")"
    library relocations $side "$(relocations "$file")"
done
