#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only
#
# Writes down, in build/passed, that a check has passed as a whole for the commit that is
# checked out, if the tree has nothing else. scripts/release.sh asks for it.
#   scripts/passed.sh CHECK
set -eu
cd "$(dirname "$0")/.."
[ "$(git status --porcelain 2>&1)" = '' ] || exit 0
mkdir -p build/passed
git rev-parse HEAD > "build/passed/$1"
