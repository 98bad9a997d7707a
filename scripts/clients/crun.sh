# SPDX-License-Identifier: LGPL-2.1-only
#
# Exports the filter in one process and loads it in another, itself: libraries
# that do not load can not be noticed.

client_program crun crun
# A mixture of both versions of control groups it does not even want to see.
# shellcheck disable=SC2016
runtime=(bash -c 'umount /sys/fs/cgroup/unified 2> /dev/null || true; exec "$@"' - "$program" --root "$work/state" --cgroup-manager=disabled)
container_checks
echo "ok: three profiles"
