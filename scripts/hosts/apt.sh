#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# apt.sh FOLDER [ARCH...]: lists of Debian's packages in FOLDER, also for these machines,
# by Debian's names; prints the path that APT_CONFIG must have to use them. The
# machine's own lists may lack the other architectures, and need not have them; Debian's
# archive has all that is wanted, so other sources aren't asked.
set -euo pipefail

mkdir -p "$1"
folder=$(realpath "$1")
shift
own=$(dpkg --print-architecture)
arches=$(IFS=,; echo "$own${*:+,$*}")
rm -rf "$folder"
mkdir -p "$folder"/{lists,archives}/partial
# shellcheck disable=SC2016 # apt expands it
apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)' |
    awk -v key=/usr/share/keyrings/debian-archive-keyring.gpg -v arches="$arches" \
        '$3 == "main" && $4 == "Packages" && $2 !~ /-/ && !seen++ {
            print "deb [arch=" arches " signed-by=" key "] " $1, $2, $3 }' > "$folder/sources.list"
[ -s "$folder/sources.list" ] || { echo "apt knows no mirror of Debian here" >&2; exit 1; }
# As in scripts/upstream/fetch.sh: without the hooks and indexes of the machine.
cat > "$folder/apt.conf" <<END
#clear APT::Update;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::DEP-11-icons;
#clear Acquire::IndexTargets::deb::DEP-11-icons-small;
Dir::Etc { sourcelist "$folder/sources.list"; sourceparts "/dev/null"; preferences "/dev/null"; preferencesparts "/dev/null"; };
Dir::State { lists "$folder/lists"; status "/dev/null"; };
Dir::Cache "$folder";
APT { Sandbox::User "root"; Architecture "$own"; Architectures { "${arches//,/\"; \"}"; }; };
Acquire { Languages "none"; Retries "3"; };
END
# An architecture that this Debian lacks is no reason to stop.
APT_CONFIG=$folder/apt.conf apt-get -qq update > "$folder/update.log" 2>&1 || true
echo "$folder/apt.conf"
