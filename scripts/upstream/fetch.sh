#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# fetch.sh FOLDER: gets the C library's sources and its binaries from Debian, in
# the two versions whose suites are run, into FOLDER/VERSION/{source,c-library}.
# What is there already is not fetched again.
set -euo pipefail

folder=$1
releases=(2.6.0:trixie 2.5.4:bookworm)

have() { [[ -d $folder/$1/source && -d $folder/$1/c-library ]]; }

missing=()
for r in "${releases[@]}"; do have "${r%:*}" || missing+=("$r"); done
((${#missing[@]})) || exit 0

apt=$folder/apt sources=()
for r in "${missing[@]}"; do sources+=("deb ${r#*:}" "deb-src ${r#*:}"); done
apt_conf=$("$(dirname "$0")/../apt.sh" "$apt" "$(dpkg --print-architecture)" "${sources[@]}")
apt_get() { apt-get -qq -c "$apt_conf" "$@"; }
apt_get update

for r in "${missing[@]}"; do
    version=${r%:*} release=${r#*:}
    new=$apt/$version
    mkdir "$new"
    (
        cd "$new"
        apt_get source "libseccomp/$release" > apt.log 2>&1 || { cat apt.log >&2; exit 1; }
        apt_get download "libseccomp2/$release" "libseccomp-dev/$release"
        [[ -d libseccomp-$version ]] ||
            { echo "fetch: $release has not $version but:" *.dsc >&2; exit 1; }
        mv "libseccomp-$version" source
        for deb in *.deb; do dpkg-deb -x "$deb" c-library; done
    )
    rm -rf "${folder:?}/$version"
    mv "$new" "$folder/$version"
    (cd "$folder/$version"; echo "fetched:" *.dsc *.deb)
done
rm -rf "$apt"
