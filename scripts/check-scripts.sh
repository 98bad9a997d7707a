#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# All shell scripts pass shellcheck, which also finds words that are not quoted: the
# checkout may have spaces in its name.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t scripts < <(grep -rlE --exclude-dir={build,target,.git} \
    -e '^#!.*[/ ](ba)?sh$' -e '^# shellcheck shell=' . | LC_ALL=C sort)
[ "${#scripts[@]}" -gt 50 ] || { echo "only ${#scripts[@]} scripts found" >&2; exit 1; }
shellcheck "${scripts[@]}"
# As in `make CARGO='cargo +stable'`.
! grep -n '"[$]cargo"' "${scripts[@]}" || { echo 'CARGO may be several words' >&2; exit 1; }
echo "ok - shellcheck: ${#scripts[@]} scripts"
