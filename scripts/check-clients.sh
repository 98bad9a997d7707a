#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Clients of libseccomp run on our library, on the C library, and on libraries
# that do not do their work; MATRIX.md must tell what was seen.
#   scripts/check-clients.sh STAGE [NAME...]     (an installed tree)
# With names only these, and not on the C library, without a look at MATRIX.md.
#   CLIENTS='tor runc'  only these
#   BLESS=1             write MATRIX.md
#
# The clients are in scripts/clients/table.
set -euo pipefail
stage=$(realpath "$1")
names=("${@:2}")
cd "$(dirname "$0")/.."
out=${CLIENTS_OUT:-$PWD/build/clients}
export CLIENTS_OUT=$out CLIENTS_STAGE=$stage
source scripts/report.sh
library=$(realpath "$stage/lib/libseccomp.so.2")
mkdir -p "$out/rows" "$out/log"
rm -f "$out"/rows/*
scripts/clients/controls.sh "$stage" "$out/controls"

said() { sed -n "s/^$2: *//p" "$out/log/$1.ours" | tail -n 1; }

# The C library for a client: the system's, or where it wants 2.6, Debian 13's.
PATH=$PATH:/usr/sbin:/sbin
c_library=$(realpath -m "$(ldconfig -p | sed -n 's/.*libseccomp\.so\.2 .*=> //p' | head -n 1)")
newer_c_library=$PWD/build/upstream/2.6.0/c-library/usr/lib/$(${CC:-cc} -print-multiarch)/libseccomp.so.2.6.0

outcome() { # NAME LIBRARY LOG
    local code=0
    [ -e "$2" ] || { echo "skipped: $2 is not there" > "$3"; echo skipped; return; }
    timeout 600 scripts/clients/run.sh "$1" "$2" > "$3" 2>&1 < /dev/null || code=$?
    case $code in
        0) echo passes ;;
        77) echo skipped ;;
        *) echo fails ;;
    esac
}

wanted() { # NAME
    local asked=${names[*]:-${CLIENTS:-all}}
    [[ $asked == all || " $asked " == *" $1 "* ]]
}

while IFS='|' read -r name _ client _ _ _ of_c controls _; do
    wanted "$name" || continue
    started=$SECONDS
    ours=$(outcome "$name" "$library" "$out/log/$name.ours")
    reason=$(tail -n 1 "$out/log/$name.ours")
    if [ "$ours" = skipped ]; then
        skipped=$((skipped + 1))
        printf '%-18s %s\n' "$name" "$reason"
        continue
    fi
    beside=-
    [ -z "$of_c" ] || of_c=$newer_c_library
    [ ${#names[@]} -gt 0 ] || beside=$(outcome "$name" "${of_c:-$c_library}" "$out/log/$name.c-library")
    [ "$ours" = passes ] && good=1 || good=0
    [ "$controls" != all ] || controls="allows-all empty no-load no-rules says-yes"
    noticed=
    for control in $controls; do
        [ "$ours" = passes ] || break
        if [ "$(outcome "$name" "$out/controls/$control.so" "$out/log/$name.$control")" = fails ]; then
            noticed+="${noticed:+, }$control"
        else
            good=0
            reason="does not notice the library $control"
        fi
    done
    if [ "$good" = 1 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    printf '%-18s ours %-7s C library %-7s fails on: %s (%d s)\n  %s\n' "$name" "$ours" "$beside" \
        "${noticed:-nothing}" "$((SECONDS - started))" "$reason"
    printf '| %s | %s | %s | %s | %s | %s |\n' "$client" "$(said "$name" version)" \
        "$ours" "$beside" "$noticed" \
        "$(said "$name" functions | sed -e 's/seccomp_//g' -e 's/ *$//')" > "$out/rows/$name"
done < <(sed '/^#/d' scripts/clients/table)
summary || true
least=1
if [ ${#names[@]} = 0 ]; then
    scripts/clients/page.sh MATRIX.md "$out/rows" || failed=$((failed + 1))
    least=25
fi
# CI sets MUST_RUN, where skipping everything would pass unnoticed.
[ "$failed" = 0 ] && { [ -z "${MUST_RUN:-}" ] || [ "$passed" -ge $least ]; }
