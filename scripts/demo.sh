#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# A packaged program, universal-ctags, running on the library of this tree:
# which file it maps, that it is under a filter, that it works, and that a call
# which its filter does not list is the end of it. Needs no root.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "Building libseccomp.so.2 ..."
mkdir -p build
make --no-print-directory PROGRAMS= all > build/demo.log 2>&1 || { cat build/demo.log >&2; exit 1; }
library=$(realpath build/libseccomp.so.2)
work=$(mktemp -d)
ctags=
trap '[ -z "$ctags" ] || kill "$ctags" 2> /dev/null || true; rm -rf "$work"' EXIT
fail() { echo "demo FAILED: $*" >&2; exit 1; }

program=(ctags --options=NONE --_interactive=sandbox)
source_text='int answer(int question) { return 42; }'
request() {
    printf '{"command":"generate-tags","filename":"t.c","size":%d}\n%s' "${#source_text}" "$source_text"
}

echo
echo "1. ${program[*]}, with our library in its path"
mkfifo "$work/in"
: > "$work/out"
LD_LIBRARY_PATH=$(dirname "$library") "${program[@]}" < "$work/in" > "$work/out" 2> /dev/null &
ctags=$!
exec 3> "$work/in"
# It says hello once the filter is on.
for _ in $(seq 100); do
    [ ! -s "$work/out" ] || break
    sleep 0.1
done
mapped=$(sed -n '/libseccomp/ { s/^[^/]*//p; q }' "/proc/$ctags/maps")
seccomp=$(grep '^Seccomp:' "/proc/$ctags/status")
echo "   /proc/$ctags/maps:    $mapped"
echo "   /proc/$ctags/status:  $seccomp"
[ "$mapped" = "$library" ] || fail "it maps '$mapped', not $library"
[[ "$seccomp" = Seccomp:*2 ]] || fail "it is under no filter"

echo
echo "2. It does its work under the filter"
request >&3
exec 3>&-
wait "$ctags" || fail "ctags ended with $?"
ctags=
tag=$(grep -m 1 '"name": "answer"' "$work/out") || fail "no tag for: $source_text"
echo "   asked for the tags of:  $source_text"
echo "   ctags answered:         $tag"

echo
echo "3. A call that the filter does not list: open /etc/passwd from inside ctags"
${CC:-cc} -D_GNU_SOURCE -shared -fPIC -O1 scripts/clients/probe.c -o "$work/probe.so" -ldl
: > "$work/report"
code=0
{ request | LD_LIBRARY_PATH=$(dirname "$library") LD_PRELOAD=$work/probe.so PROBE_CALL=openat \
    PROBE_REPORT=$work/report "${program[@]}" > /dev/null 2>&1; } 2> /dev/null || code=$?
grep -q '^calling openat' "$work/report" || fail "the call was not made"
! grep -q '^SURVIVED' "$work/report" || fail "the call was let through"
[ "$code" = $((128 + 31)) ] || fail "ctags ended with $code, not by SIGSYS"
echo "   the kernel ended it with signal 31, SIGSYS (bad system call)"

echo
echo "demo: ctags ran on $library, under its filter, and the forbidden call was stopped."
