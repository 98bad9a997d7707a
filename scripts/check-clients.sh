#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Clients of libseccomp run on our library, on the C library, and on libraries
# that do not do their work; MATRIX.md must tell what was seen.
#   scripts/check-clients.sh STAGE [NAME...]     (an installed tree)
# With names only these, and not on the C library, without a look at MATRIX.md.
#   CLIENTS=all         those that take long, too
#   CLIENTS='tor runc'  only these
#   BLESS=1             write MATRIX.md
#
# A client is a file scripts/clients/NAME.sh with lines "# client:", "# group:",
# "# packages:", "# loads:", "# proves:", "# fails-on:" and, where it takes long,
# "# heavy: why".
set -euo pipefail
stage=$(realpath "$1")
names=("${@:2}")
cd "$(dirname "$0")/.."
out=${CLIENTS_OUT:-$PWD/build/clients}
export CLIENTS_OUT=$out CLIENTS_STAGE=$stage
page=MATRIX.md
library=$(realpath "$stage/lib/libseccomp.so.2")
mkdir -p "$out/rows" "$out/log"
rm -f "$out"/rows/*
scripts/clients/controls.sh "$stage" "$out/controls"

field() { sed -n "s/^# $2: *//p" "scripts/clients/$1.sh"; }
said() { sed -n "s/^$2: *//p" "$out/log/$1.ours" | tail -n 1; }
name_of() { basename "$1" .sh; }

# The C library for a client: the system's, or where it wants 2.6, Debian 13's.
PATH=$PATH:/usr/sbin:/sbin
c_library=$(realpath -m "$(ldconfig -p | sed -n 's/.*libseccomp\.so\.2 .*=> //p' | head -n 1)")
newer_c_library=$PWD/build/upstream/2.6.0/c-library/usr/lib/$(${CC:-cc} -print-multiarch)/libseccomp.so.2.6.0
c_library_for() { if [ "$(field "$1" c-library)" = 2.6.0 ]; then echo "$newer_c_library"; else echo "$c_library"; fi; }

outcome() { # NAME LIBRARY LOG
    local code=0
    [ -e "$2" ] || { echo "skipped: $2 is not there" > "$3"; echo skipped; return; }
    timeout 600 "scripts/clients/$1.sh" "$2" > "$3" 2>&1 < /dev/null || code=$?
    case $code in
        0) echo passes ;;
        77) echo skipped ;;
        *) echo fails ;;
    esac
}

mapfile -t all < <(grep -l '^# client: ' scripts/clients/*.sh)
groups=(bindings runtimes programs interface)
wanted() { # NAME
    case "${names[*]:-${CLIENTS:-}}" in
        all) return 0 ;;
        '') [ -z "$(field "$1" heavy)" ] ;;
        *) [[ " ${names[*]:-$CLIENTS} " == *" $1 "* ]] ;;
    esac
}

passed=0 failed=0 skipped=0
for group in "${groups[@]}"; do
    for file in "${all[@]}"; do
        name=$(name_of "$file")
        [ "$(field "$name" group)" = "$group" ] && wanted "$name" || continue
        started=$SECONDS
        ours=$(outcome "$name" "$library" "$out/log/$name.ours")
        reason=$(tail -n 1 "$out/log/$name.ours")
        if [ "$ours" = skipped ]; then
            skipped=$((skipped + 1))
            printf '%-18s %s\n' "$name" "$reason"
            continue
        fi
        beside=-
        [ ${#names[@]} -gt 0 ] || beside=$(outcome "$name" "$(c_library_for "$name")" "$out/log/$name.c-library")
        [ "$ours" = passes ] && good=1 || good=0
        controls=$(field "$name" fails-on)
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
        printf '| %s | %s | %s | %s | %s | %s |\n' "$(field "$name" client)" "$(said "$name" version)" \
            "$ours" "$beside" "$noticed" \
            "$(said "$name" functions | sed -e 's/seccomp_//g' -e 's/ *$//')" > "$out/rows/$name"
    done
done
echo "$passed passed, $failed failed, $skipped skipped"
least=1
if [ ${#names[@]} = 0 ]; then
    scripts/clients/page.sh "$page" "$out/rows" "${groups[@]}" || failed=$((failed + 1))
    least=25
fi
# CI sets MUST_RUN, where skipping everything would pass unnoticed.
[ "$failed" = 0 ] && { [ -z "${MUST_RUN:-}" ] || [ "$passed" -ge $least ]; }
