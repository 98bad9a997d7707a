#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: runc
# group: runtimes
# packages: runc golang-github-containers-common python3
# loads: linked (cgo)
# proves: containers' default profile from inside (allowed, denied, by argument, 32-bit); every action; SCMP_ACT_NOTIFY answered by an agent
# fails-on: empty no-rules says-yes
#
# It reads the exported program back, puts a stub before it and loads that itself:
# libraries that do not load can not be noticed.
set -euo pipefail
source "$(dirname "$0")/proof.sh"
source "$top/scripts/clients/oci.sh"

client_program runc runc
runtime=("$program" --root "$work/state")
# 1.1 knows no flags of filters.
every=every
container_checks
echo "ok: three profiles"
