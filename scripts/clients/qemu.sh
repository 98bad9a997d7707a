# SPDX-License-Identifier: LGPL-2.1-only
#
# The filter is installed in all threads, with the attribute TSYNC.

client_program qemu-system-x86_64 qemu-system-x86

command=("$program" -sandbox "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"
    -M none -display none -S -qmp stdio)
input=$work/requests
printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-version"}' '{"execute":"quit"}' > "$input"
prove_filter qemu-system-x86_64 sysfs "${command[@]}"
runs qemu-system-x86_64 "${command[@]}"
grep -q '"event": "SHUTDOWN"' "$work/log" || fail "no answer: $(tail -n 1 "$work/log")"
echo "ok: QMP under the filter"
