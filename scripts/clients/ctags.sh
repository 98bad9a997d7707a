#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: universal-ctags
# group: programs
# packages: universal-ctags
# loads: linked
# proves: its sandbox writes a tag under a filter of 20 instructions; a forbidden call kills
# fails-on: all
#
# The check itself is that of `make check-programs`.
set -euo pipefail
source "$(dirname "$0")/proof.sh"

package_version universal-ctags
find_program program ctags
functions_of "$program"
PATH=$PATH:$out/root/usr/bin:$out/root/usr/sbin "$top/scripts/programs/ctags.sh" "$library"
