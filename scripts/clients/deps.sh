#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# What check-clients needs: the packages that the table of clients names. Root
# installs them, with no daemon started; a user is told what lacks.
#   scripts/clients/deps.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
root=${CLIENTS_OUT:-build/clients}/root
command -v apt-get > /dev/null || { echo 'deps-clients: no apt-get here'; exit 1; }

named() { sed '/^#/d' scripts/clients/table | cut -d '|' -f "$1" | tr ' ' '\n' | sed '/^$/d' | sort -u; } # COLUMN
installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null) == installed* ]]; }
# No `grep -q`: it ends before apt-cache does, and the pipe would count as failed.
available() { apt-cache policy "$1" 2> /dev/null | awk '/Candidate: [^(]/ { found = 1 } END { exit !found }'; }

lacking=()
for package in binutils gcc libc6-dev pkg-config debian-archive-keyring dpkg-dev xz-utils $(named 5); do
    installed "$package" || lacking+=("$package")
done

if [ ${#lacking[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] || { echo "lacking: ${lacking[*]}"; echo 'Install them, or let root do it: make deps-clients'; exit 1; }
    available "${lacking[0]}" || apt-get -qq update
    # What a release doesn't have is a row that is skipped, not an error.
    wanted=()
    for package in "${lacking[@]}"; do
        if available "$package"; then wanted+=("$package"); else echo "no package $package here"; fi
    done
    if [ ${#wanted[@]} -gt 0 ]; then
        policy=/usr/sbin/policy-rc.d
        if [ ! -e $policy ]; then
            trap 'rm -f "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' > $policy
            chmod 755 $policy
        fi
        scripts/install.sh "${wanted[@]}"
    fi
fi

mkdir -p "$root"
for package in $(named 6); do
    [ ! -e "$root/$package.version" ] || continue
    folder=$(mktemp -d)
    if (cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download "$package") > "$root/apt.log" 2>&1; then
        dpkg-deb -x "$folder"/*.deb "$root"
        dpkg-deb -f "$folder"/*.deb Version > "$root/$package.version"
    else
        echo "could not fetch $package: $(tail -n 1 "$root/apt.log")"
    fi
    rm -rf "$folder"
done

# The C library of 2.6, its header and the source of its Python binding.
scripts/upstream/fetch.sh build/upstream || echo 'could not fetch libseccomp 2.6.0'
