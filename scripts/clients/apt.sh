#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: apt
# group: programs
# packages: apt
# loads: linked (apt's methods)
# proves: a filtered method fetches an index; a forbidden call kills
# fails-on: all
#
# The check itself is that of `make check-programs`.
set -euo pipefail
source "$(dirname "$0")/proof.sh"

package_version apt
find_program program apt-get
functions_of "/usr/lib/apt/methods/copy"
PATH=$PATH:$out/root/usr/bin:$out/root/usr/sbin "$top/scripts/programs/apt.sh" "$library"
