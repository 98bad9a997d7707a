#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# constants.sh [SUITE]: makes crates/scmp-cli/data/constants.csv of the kernel's headers and
# source as that suite of Debian has them (forky). Needs apt, python3, gcc for x86, 200 MB of
# downloads, 2 GB of disk and some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
suite=${1:-forky}
csv=crates/scmp-cli/data/constants.csv
mkdir -p build/data

{ read -r headers headers_version; read -r source source_version; } \
    < <(scripts/data/fetch.sh "$suite" linux-libc-dev linux-source-)
{
    cat <<END
# SPDX-License-Identifier: LGPL-2.1-only
#
# Named constants of the kernel's interface, made by scripts/data/constants.sh from Debian's
# $headers $headers_version and $source $source_version. See README.md beside this file.
END
    scripts/data/constants.py "build/data/$suite/$headers/root" "build/data/$suite/$source/root"
} > build/data/constants.csv
mv build/data/constants.csv "$csv"
