#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: systemd-nspawn
# group: runtimes
# packages: systemd-container
# loads: linked (libsystemd-shared)
# proves: its own list and --system-call-filter=: refused, by argument, 32-bit, seen from inside
# fails-on: all
#
# Four filters and more, in a process that the environment does not reach.
set -euo pipefail
source "$(dirname "$0")/proof.sh"
source "$top/scripts/clients/inside.sh"

find_program program systemd-nspawn
need_mounts
package_version systemd-container
functions_of "$(ldd "$program" | awk '/libsystemd-shared/ { print $3 }')" "$program"

root=$work/root
mkdir -p "$root"/{etc,usr,proc,sys,dev,tmp,run,var,bin,root}
cp "$inside" "$root/bin/inside"
: > "$root/etc/os-release"
runs systemd-nspawn "$program" --register=no --keep-unit -q -M "check$$" -D "$root" '--system-call-filter=~personality' \
    /bin/inside "${usual_calls[@]}" add_key=248:0:0:0:0:0
answered 'getpid ok' 'sysfs errno 1' 'personality errno 1' 'sysfs32 errno 1' 'getpid32 ok' 'add_key errno 1'
echo "ok: $(grep -c ^filter "$report") filters, seen from inside"
