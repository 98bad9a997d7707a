#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# fetch.sh FOLDER: gets the C library's sources and its binaries from Debian, in
# the two versions whose suites are run, into FOLDER/VERSION/{source,c-library}.
#
# apt does it, because apt checks signatures and knows how this machine reaches
# a mirror; it gets a configuration of its own, so that an ordinary user can do
# it and the machine's apt is left as it is. What is there already is not
# fetched again.
set -euo pipefail

folder=$1
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
releases=(2.6.0:trixie 2.5.4:bookworm)

have() { [[ -d $folder/$1/source && -d $folder/$1/c-library ]]; }

missing=()
for r in "${releases[@]}"; do have "${r%:*}" || missing+=("$r"); done
((${#missing[@]})) || exit 0

# The mirror that serves this machine's own release serves the other one too.
release=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
# shellcheck disable=SC2016 # apt expands it
mirror=$(apt-get indextargets --no-release-info \
    --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)' |
    awk -v r="^($release|stable|oldstable)\$" \
        '$2 ~ r && $3 == "main" && $4 == "Packages" && !seen++ { print $1 }')
[[ $mirror ]] || { echo "fetch: apt knows no mirror of Debian '$release' here" >&2; exit 1; }

apt=$(realpath -m "$folder/apt")
rm -rf "$apt"
mkdir -p "$apt"/{lists,archives}/partial
for r in "${missing[@]}"; do
    printf "%s [signed-by=$keyring] $mirror ${r#*:} main\n" deb deb-src
done > "$apt/sources.list"

# Read after the machine's own configuration: that has hooks which clean the
# machine's caches, and indexes that are of no use here.
cat > "$apt/apt.conf" <<END
#clear APT::Update;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::DEP-11-icons;
#clear Acquire::IndexTargets::deb::DEP-11-icons-small;
Dir::Etc { sourcelist "$apt/sources.list"; sourceparts "/dev/null"; preferences "/dev/null"; preferencesparts "/dev/null"; };
Dir::State { lists "$apt/lists"; status "/dev/null"; };
Dir::Cache "$apt";
APT::Sandbox::User "root";
Acquire { Languages "none"; Retries "3"; };
END
apt_get() { apt-get -qq --config-file "$apt/apt.conf" "$@"; }
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
