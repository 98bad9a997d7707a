# SPDX-License-Identifier: LGPL-2.1-only
#
# podman resolves the profile; crun exports the filter and loads that itself. Below its
# root, crun keeps the filters that it has made: another library's must not be there.

need_mounts
client_program podman podman

root=$work/root
mkdir -p "$root"/{proc,sys,dev,etc,run,tmp}
cp "$inside" "$root/inside"
# A mixture of both versions of control groups is not what crun wants to see.
# shellcheck disable=SC2016
podman=(bash -c 'umount /sys/fs/cgroup/unified 2> /dev/null || true; exec "$@"' -
    "$program" --storage-driver vfs --root "$work/storage" --runroot "$work/run" --tmpdir "$work/tmp"
    --cgroup-manager cgroupfs --runtime "$(command -v crun)" --runtime-flag "root=$work/crun")
limit=60 works "${podman[@]}" run --rm --cgroups=disabled --network none --ulimit nofile=1024:1024 \
    --ulimit nproc=4096:4096 --rootfs "$root" /inside "${usual_calls[@]}"
saw_library podman
saw_library 'crun|/'
saw_filter 'crun|/'
answered 'getpid ok' 'sysfs errno 1' 'personality ok' 'personality1 errno (1|38)' 'sysfs32 errno 1' 'getpid32 ok'
echo "ok: the default profile, seen from inside"
