#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only
#
# install.sh PACKAGE...: installs packages of Debian, for root.
set -eu
echo "installing: $*"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install() { apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@" > "$log" 2>&1; }
# Lists that are too old name packages that are gone: once more with new ones.
install "$@" || { apt-get -qq update && install "$@"; } || { cat "$log" >&2; exit 1; }
