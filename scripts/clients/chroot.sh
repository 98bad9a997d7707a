#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# `make check-clients` on another release of Debian: in a fresh chroot, of what is
# committed here. CLIENTS and BLESS are passed on; BLESS=1 brings MATRIX.md back. The logs
# of the clients are in build/clients-RELEASE. Needs root and the network.
#   scripts/clients/chroot.sh RELEASE    bookworm or trixie
set -euo pipefail
cd "$(dirname "$0")/../.."
unset MAKEFLAGS MFLAGS BUILD # the make below is a run of its own
umask 022
release=$1 root=$1.clients
source scripts/chroot.sh
can_chroot || exit "${MUST_RUN:-0}" # CI sets it

mkdir -p "build/clients-$release"
base "$release" > "build/clients-$release/base.log" 2>&1 || { tail -n 40 "build/clients-$release/base.log"; exit 1; }
fresh "$root"
clone_in "$root" root scmp
tree=$chroots/$root/root/scmp
cp MATRIX.md "$tree"
code=0
inside "$root" env CLIENTS="${CLIENTS:-}" BLESS="${BLESS:-}" MUST_RUN="${MUST_RUN:-}" \
    make --no-print-directory -C /root/scmp check-clients < /dev/null || code=$?
[ ! -d "$tree/build/clients/log" ] || cp -r "$tree/build/clients/log" "build/clients-$release"
[ -z "${BLESS:-}" ] || cp "$tree/MATRIX.md" MATRIX.md
[ $code != 0 ] || rm -rf "${chroots:?}/$root"
exit $code
