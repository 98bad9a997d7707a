# SPDX-License-Identifier: LGPL-2.1-only
#
# It builds a filter for each architecture and merges them.

need_mounts
client_program lxc-execute lxc liblxc.so

cat > "$work/config" <<EOF2
lxc.uts.name = check
lxc.seccomp.profile = $work/profile
lxc.console.path = none
lxc.autodev = 0
lxc.net.0.type = none
EOF2
cat > "$work/profile" <<'EOF2'
2
denylist
reject_force_umount
[all]
sysfs errno 33
personality errno 44 [0,1,SCMP_CMP_EQ]
EOF2
trap 'rmdir /sys/fs/cgroup/*/lxc.*"check$$" /sys/fs/cgroup/*/lxc.pivot 2> /dev/null || true; rm -rf "$work"' EXIT
runs lxc-execute "$program" -P "$work" -n "check$$" -f "$work/config" -- "$inside" "${usual_calls[@]}"
answered 'getpid ok' 'sysfs errno 33' 'personality ok' 'personality1 errno 44' 'sysfs32 errno 33' 'getpid32 ok'
echo "ok: a profile, seen from inside"
