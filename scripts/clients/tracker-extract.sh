#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: tracker-extract
# group: programs
# packages: tracker-extract dbus python3
# loads: linked
# proves: reads a picture's size under its filter; a forbidden call is trapped
# fails-on: all
#
# Its handler of SIGSYS asks the library for the call's name, under the filter.
set -euo pipefail
source "$(dirname "$0")/proof.sh"

program=/usr/libexec/tracker-extract-3
[ -x $program ] || skip "tracker-extract is not installed"
package_version tracker-extract
functions_of $program

/usr/bin/python3 -c '
import struct, sys, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 7, 5, 8, 2, 0, 0, 0)) +
    chunk(b"IDAT", zlib.compress((b"\0" + 21 * b"x") * 5)) + chunk(b"IEND", b""))' "$work/picture.png"
export HOME=$work
command=(dbus-run-session "$program" -f "$work/picture.png" -o json)
prove_filter tracker-extract-3 ptrace "${command[@]}"
fresh_report
watched "${command[@]}" > "$work/log" 2>&1 < /dev/null || fail "ended with $?: $(tail -n 1 "$work/log")"
saw_library tracker-extract-3
saw_filter tracker-extract-3
grep -q 'nfo:width' "$work/log" || fail "no size: $(tail -n 1 "$work/log")"
echo "ok: a picture's size under the filter"
