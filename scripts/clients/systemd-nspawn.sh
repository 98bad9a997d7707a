# SPDX-License-Identifier: LGPL-2.1-only
#
# Four filters and more, in a process that the environment does not reach.

need_mounts
client_program systemd-nspawn systemd-container libsystemd-shared

root=$work/root
mkdir -p "$root"/{etc,usr,proc,sys,dev,tmp,run,var,bin,root}
cp "$inside" "$root/bin/inside"
: > "$root/etc/os-release"
runs systemd-nspawn "$program" --register=no --keep-unit -q -M "check$$" -D "$root" '--system-call-filter=~personality' \
    /bin/inside "${usual_calls[@]}" add_key=248:0:0:0:0:0
answered 'getpid ok' 'sysfs errno 1' 'personality errno 1' 'sysfs32 errno 1' 'getpid32 ok' 'add_key errno 1'
echo "ok: $(grep -c ^filter "$report") filters, seen from inside"
