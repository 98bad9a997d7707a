#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: chronyd
# group: programs
# packages:
# unpacked: chrony
# loads: linked
# proves: -F 1, with comparisons of socket options: answers chronyc; a forbidden call kills
# fails-on: all
#
# The check itself is that of `make check-programs`.
set -euo pipefail
source "$(dirname "$0")/proof.sh"

package_version chrony
find_program program chronyd
functions_of "$program"
PATH=$PATH:$out/root/usr/bin:$out/root/usr/sbin "$top/scripts/programs/chronyd.sh" "$library"
