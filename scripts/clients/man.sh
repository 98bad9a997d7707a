#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: man
# group: programs
# packages: man-db
# loads: linked (libmandb)
# proves: renders a page through its filtered pipeline; a forbidden call kills
# fails-on: all
#
# The check itself is that of `make check-programs`.
set -euo pipefail
source "$(dirname "$0")/proof.sh"

package_version man-db
find_program program man
functions_of "$(dirname "$(ldd "$program" | awk '/libmandb-/ { print $3 }')")"/libman*.so "$program"
PATH=$PATH:$out/root/usr/bin:$out/root/usr/sbin "$top/scripts/programs/man.sh" "$library"
