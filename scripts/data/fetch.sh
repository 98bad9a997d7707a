#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# fetch.sh SUITE PACKAGE...: unpacks these packages of that suite of Debian (trixie,
# bookworm-backports, ...) in build/data/SUITE and prints, for each, its name and version.
# A name that ends with a dash means the newest package whose name starts so
# (linux-source-). Nothing is installed; apt's own lists stay as they are. Needs apt with a
# mirror of Debian; root is not needed.
set -euo pipefail
cd "$(dirname "$0")/../.."
suite=$1
shift
out=$PWD/build/data/$suite
apt=(-c "$(scripts/apt.sh "$out/apt" amd64 "deb $suite")")
apt-get -qq "${apt[@]}" update >&2

for package in "$@"; do
    case $package in
        *-) package=$(apt-cache "${apt[@]}" pkgnames "$package" | grep -E -- '-[0-9.]+$' | sort -V | tail -n 1) ;;
    esac
    version=$(apt-cache "${apt[@]}" show --no-all-versions "$package" | awk '/^Version: / { print $2 }')
    folder=$out/$package
    if [ "$(cat "$folder/version" 2> /dev/null)" != "$version" ]; then
        rm -rf "$folder"
        mkdir -p "$folder/root"
        (cd "$folder" && apt-get -qq "${apt[@]}" download "$package" >&2)
        case $package in
            linux-source-*)
                dpkg-deb --fsys-tarfile "$folder"/*.deb | tar -xO --wildcards "*/$package.tar.xz" |
                    tar -C "$folder/root" -xJ --strip-components=1
                ;;
            *) dpkg-deb -x "$folder"/*.deb "$folder/root" ;;
        esac
        rm "$folder"/*.deb
        echo "$version" > "$folder/version"
    fi
    echo "$package $version"
done
