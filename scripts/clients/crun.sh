#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: crun
# group: runtimes
# packages: crun golang-github-containers-common python3
# loads: linked
# proves: containers' default profile from inside (allowed, denied, by argument, 32-bit); every action and flag; SCMP_ACT_NOTIFY answered by an agent
# fails-on: empty no-rules says-yes
#
# Exports the filter in one process and loads it in another, itself: libraries
# that do not load can not be noticed.
set -euo pipefail
source "$(dirname "$0")/proof.sh"
source "$top/scripts/clients/oci.sh"

client_program crun crun
# A mixture of both versions of control groups it does not even want to see.
# shellcheck disable=SC2016
runtime=(bash -c 'umount /sys/fs/cgroup/unified 2> /dev/null || true; exec "$@"' - "$program" --root "$work/state" --cgroup-manager=disabled)
container_checks
echo "ok: three profiles"
