#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# apt.sh FOLDER ARCHES SOURCE...: a configuration of apt in FOLDER, which is made anew,
# with lists and caches of its own, so that an ordinary user can fetch packages and the
# machine's apt is left as it is. apt checks signatures, and knows how this machine reaches
# a mirror of Debian. ARCHES are Debian's names, separated by commas; a SOURCE is "deb
# SUITE" or "deb-src SUITE", or "deb" for this machine's own suite. Prints the file that
# apt-get and apt-cache must be given by -c.
set -euo pipefail

mkdir -p "$1"
folder=$(realpath "$1") arches=$2
shift 2
rm -rf "$folder"
mkdir -p "$folder"/{lists,archives}/partial

# The mirror that serves this machine's own release serves the others, too.
release=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
# shellcheck disable=SC2016 # apt expands it
read -r mirror own < <(apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)' |
    awk -v r="^($release|stable|oldstable|testing|unstable|sid)\$" \
        '$2 ~ r && $3 == "main" && $4 == "Packages" && !seen++ { print $1, $2 }') ||
    { echo "apt knows no mirror of Debian '$release' here" >&2; exit 1; }
for source in "$@"; do
    read -r type suite <<< "$source"
    echo "$type [arch=$arches signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror ${suite:-$own} main"
done > "$folder/sources.list"

# -c is read after the machine's own configuration: that has hooks which clean the
# machine's caches, and indexes that are of no use here.
cat > "$folder/apt.conf" <<END
#clear APT::Update;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::DEP-11-icons;
#clear Acquire::IndexTargets::deb::DEP-11-icons-small;
Dir::Etc { sourcelist "$folder/sources.list"; sourceparts "/dev/null"; preferences "/dev/null"; preferencesparts "/dev/null"; };
Dir::State { lists "$folder/lists"; status "/dev/null"; };
Dir::Cache "$folder";
APT { Sandbox::User "root"; Architecture "${arches%%,*}"; Architectures { "${arches//,/\"; \"}"; }; };
Acquire { Languages "none"; Retries "3"; };
END
echo "$folder/apt.conf"
