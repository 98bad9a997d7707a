#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# machine.sh C-LIBRARY OURS: what is measured where, as lines for scmp_bench_page.
set -euo pipefail

fact() { printf 'fact\t%s\t%s\n' "$1" "$2"; }
library() { printf 'library\t-\t%s\t%s\t%s\n' "$1" "$2" "$3"; }
# Entries of .rela.* and, where there are any, the places that .relr.* stands for.
relocations() {
    readelf -rW "$1" | awk '
        /^Relocation section/ { packed = /relr/; if (!packed) for (i = 1; i < NF; i++) if ($i == "contains") sum += $(i + 1) }
        packed && $2 == "offsets" { sum += $1 }
        END { print sum + 0 }'
}
# The four largest sections, and how many relocations are for places in which.
largest_sections() {
    size -A -d "$1" | awk '$2 ~ /^[0-9]+$/ && $3 { print $2, $1 }' | sort -rn |
        awk 'NR <= 4 { printf "%s%s %.0f kB", (NR > 1 ? ", " : ""), $2, $1 / 1000 }'
}
relocated_sections() {
    { readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] //p'; readelf -rW "$1"; } | awk '
        /^\./ && $2 != "NOBITS" && $3 !~ /^0+$/ { name[++n] = $1; start[n] = $3 }
        # Addresses have the same number of digits, so that they compare as words.
        $3 ~ /^R_/ { for (i = n; i > 1 && start[i] > $1 "";) i--; count[name[i]]++ }
        END { for (i in count) print count[i], "in", i }' | sort -rn | paste -sd , | sed 's/,/, /g'
}

fact date "$(date -u +%F)"
fact processor "$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors"
fact kernel "Linux $(uname -r), BPF JIT $(cat /proc/sys/net/core/bpf_jit_enable 2> /dev/null || echo unknown)"
fact system "$(. /etc/os-release; echo "$PRETTY_NAME")"
fact 'C library' "$(basename "$1")"
fact ours "$(basename "$2"), commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown)$(
    git diff --quiet HEAD -- src crates data build.rs Cargo.lock 2> /dev/null || echo ' and changes'), $(rustc --version 2> /dev/null || echo unknown Rust)"
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
for side in c ours; do
    [[ $side == c ]] && file=$1 || file=$2
    ${STRIP:-strip} --strip-unneeded -o "$stripped" "$file"
    library size $side "$(stat -c %s "$stripped")"
    library relocations $side "$(relocations "$file")"
done
fact 'our sections' "$(largest_sections "$2")"
fact 'our relocations' "$(relocated_sections "$2")"
