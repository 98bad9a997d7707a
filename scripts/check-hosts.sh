#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds the library for other machines, as `make TARGET=...` does, and runs the tests
# there: in qemu's user mode, which loads no filters; the programs of i386 and of musl
# run on x86_64 itself, and their filters are loaded. The Rust for it is made of Debian's packages
# (scripts/hosts/rust.sh). For machines that Debian has no Rust for, the crates are checked.
#   scripts/check-hosts.sh [HOST...]     by Debian's names, "others" for those that are
#                                        only checked; without names, all
#   QUICK=1 scripts/check-hosts.sh ...   without the tests that say least about a host
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/report.sh
asked=" $* "
wanted() { [ "$asked" = '  ' ] || [[ $asked == *" $1 "* ]]; } # NAME

# Debian's name, the prefix of its compiler, Rust's name, qemu's name; "-" runs here.
hosts=$(cat scripts/hosts/table)
if [ "$(uname -m)" = x86_64 ]; then
    hosts=${hosts/gnu i386/gnu -}
else
    hosts=$(sed '/^musl /d' <<< "$hosts") # whose programs run on x86_64 only
fi

mkdir -p build/hosts
judge() { # HOST COMMAND...: says what came of it
    local host=$1 log=build/hosts/$1.log started=$SECONDS problem='' rust c
    shift
    "$@" > "$log" 2>&1 < /dev/null || problem=$(
        grep -a -E 'FAILED|panicked|^error|^not ok' "$log" | head -n 30 || tail -n 20 "$log"
        echo "see $log")
    rust=$(awk '/^test result:/ { sum += $4 } END { print sum + 0 }' "$log")
    c=$(awk '/ passed, [0-9]+ checks$/ { sum += $(NF - 1) } END { print sum + 0 }' "$log")
    expect_none "$host: $rust tests in Rust, $c checks in C, $((SECONDS - started)) s" "$problem"
    # Each reason once: what this way of running cannot try.
    sed -n 's/.* skipped: /skipped: /; /^skipped: /p' "$log" | sort | uniq -c | sed 's/^ */    /'
}

while read -r host words; do
    # shellcheck disable=SC2086 # words
    ! wanted "$host" || judge "$host" scripts/hosts/one.sh "$host" $words
done <<< "$hosts"

# A name, and Rust's.
while read -r host words; do
    # shellcheck disable=SC2086 # words
    if wanted others || wanted "$host"; then judge "$host" scripts/hosts/other.sh "$host" $words; fi
done < scripts/hosts/others

# On a machine that is booted, filters are loaded.
for host in arm64 s390x; do
    if [ -n "${QUICK:-}" ] || ! wanted "$host"; then continue; fi
    if scripts/hosts/boot.sh $host; then passed=$((passed + 1)); else expect_none "boot $host" 'see above'; fi
done
[ $((passed + failed)) -gt 0 ] || expect_none 'hosts' "none is called$asked"

# Each of them has a row in MATRIX.md.
expect_none 'scripts/hosts/matrix.md has these hosts' "$(
    diff <(sed -n 's/^| \([^ ]*\) | .*/\1/p' scripts/hosts/matrix.md | grep -v -x -e host -e '---') \
        <(sed 's/ .*//' scripts/hosts/table scripts/hosts/others) || true)"
summary || exit 1
if [ "$asked" = '  ' ] && [ -z "${QUICK:-}" ]; then scripts/passed.sh check-hosts; fi
