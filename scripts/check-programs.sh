#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Existing programs run on our library, and each check would notice a library
# that does not work: it is run on ours, where it must pass, and on five that
# are broken on purpose (tests-c/controls), where it must fail.
#   scripts/check-programs.sh STAGE
set -euo pipefail
stage=$(realpath "$1")
cd "$(dirname "$0")/.."
out=${CLIENTS_OUT:-build/clients}

# chrony's package would start a daemon and replace the one that sets the clock:
# unpacked it does as well.
if ! PATH=$PATH:/usr/sbin command -v chronyd > /dev/null && [ ! -e "$out/root/usr/sbin/chronyd" ]; then
    mkdir -p "$out/root"
    (cd "$out" && apt-get -qq download chrony) > "$out/apt.log" 2>&1 &&
        dpkg-deb -x "$out"/chrony_*.deb "$out/root" || echo "chrony: not installed, not fetched"
fi
scripts/check-clients.sh "$stage" ctags man apt chronyd
