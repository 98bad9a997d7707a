#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: qemu-system-x86_64
# group: programs
# packages: qemu-system-x86
# loads: linked
# proves: -sandbox on with every list denied (TSYNC): talks QMP; a forbidden call kills
# fails-on: all
#
# The filter is installed in all threads, with the attribute TSYNC.
set -euo pipefail
source "$(dirname "$0")/proof.sh"

find_program program qemu-system-x86_64
package_version qemu-system-x86
functions_of "$program"

command=("$program" -sandbox "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"
    -M none -display none -S -qmp stdio)
input=$work/requests
printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-version"}' '{"execute":"quit"}' > "$input"
prove_filter qemu-system-x86_64 sysfs "${command[@]}"
fresh_report
watched "${command[@]}" < "$input" > "$work/log" 2>&1 || fail "ended with $?: $(tail -n 1 "$work/log")"
saw_library qemu-system-x86_64
saw_filter qemu-system-x86_64
grep -q '"event": "SHUTDOWN"' "$work/log" || fail "no answer: $(tail -n 1 "$work/log")"
echo "ok: QMP under the filter"
