#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# library-problems.sh EXPORTS STAGE: prints what is wrong with the libraries in an
# installed tree, for scripts/check-abi.sh and scripts/check-builds.sh.
set -euo pipefail
for file in "$2"/lib/libseccomp.{so.2,a}; do
    "$(dirname "$0")/check-symbols.sh" "$1" "$file" 2>&1 || true
done
dynamic=$(readelf -dlW "$2/lib/libseccomp.so.2")
[[ $dynamic == *'SONAME'*'[libseccomp.so.2]'* ]] || echo 'another soname'
grep NEEDED <<< "$dynamic" | grep -v '\[\(libc\.so\.6\|ld-linux.*\|ld64\.so.*\)\]' || true
[[ $dynamic == *GNU_RELRO* && $dynamic == *NOW* ]] || echo 'not bound at load and then read-only'
grep -E 'TEXTREL|RPATH|RUNPATH|GNU_STACK.*E 0x' <<< "$dynamic" || true
