# SPDX-License-Identifier: LGPL-2.1-only
#
# A Rust program: a first filter to start with, a smaller one to work with.

client_program sniffglue sniffglue

/usr/bin/python3 -c '
import struct, sys
packet = bytes.fromhex("ffffffffffff001122334455080600010800060400010011223344550a0000010000000000000a000002")
open(sys.argv[1], "wb").write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) +
    struct.pack("<IIII", 1, 0, len(packet), len(packet)) + packet)' "$work/packets"
command=("$program" -vv --json -r "$work/packets")
prove_filter sniffglue ptrace "${command[@]}"
runs sniffglue "${command[@]}"
[ "$(grep -c ^filter "$report")" = 2 ] || fail "not two filters"
grep -q '10,0,0,2\|10.0.0.2' "$work/log" || fail "no packet: $(tail -n 1 "$work/log")"
echo "ok: a packet told under two filters"
