#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# check-drop-in-tools.sh STAGE: runs our command-line tools and those of the C library
# 2.6.0 on the same inputs, and compares standard output and exit codes: all names and
# numbers of system calls, programs of all profiles, random programs and random command
# lines (crates/scmp-tools/tests/drop_in.rs). Three minutes of processor time.
#   TEST=name   only the tests whose names contain this
set -euo pipefail
stage=$(realpath "$1")
cd "$(dirname "$0")/.."
up=build/upstream tools=$PWD/build/drop-in-tools
mkdir -p "$up"
scripts/upstream/fetch.sh "$up" || {
    echo "skipped: check-drop-in-tools: no sources of the C library"
    exit "${MUST_RUN:-0}" # CI sets it
}
library=$(dirname "$(realpath "$up"/2.6.0/c-library/usr/lib/*/libseccomp.so.2)")
source=$up/2.6.0/source/tools
rm -rf "$tools"
mkdir -p "$tools"
for file in "$source"/scmp_*.c; do
    ${CC:-cc} -O2 -w -I"$up"/2.6.0/c-library/usr/include "$file" "$source/util.c" \
        -o "$tools/$(basename "$file" .c)" "$library/libseccomp.so.2"
done
SCMP_C_TOOLS=$tools SCMP_C_LIBRARY=$library SCMP_OUR_LIBRARY=$stage/lib \
    ${CARGO:-cargo} test --quiet --locked --profile checked -p scmp-tools --test drop_in -- \
    --ignored --nocapture ${TEST:+"$TEST"}
