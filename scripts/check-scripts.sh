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
# A client, with what run.sh sources before it.
clients=0
while IFS='|' read -r name _ _ parts _; do
    # shellcheck disable=SC2086 # words
    { printf 'source scripts/clients/%s.sh\n' $parts; cat "scripts/clients/$name.sh"; } |
        shellcheck -s bash - || { echo "in scripts/clients/$name.sh" >&2; exit 1; }
    clients=$((clients + 1))
done < <(sed '/^#/d' scripts/clients/table)
# As in `make CARGO='cargo +stable'`.
! grep -n '"[$]cargo"' "${scripts[@]}" scripts/clients/*.sh || { echo 'CARGO may be several words' >&2; exit 1; }
echo "ok - shellcheck: ${#scripts[@]} scripts, $clients clients"
