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
mkdir -p "$out"/apt/{lists,archives}/partial

# As in scripts/hosts/apt.sh: the machine's mirror, without its hooks and indexes.
# shellcheck disable=SC2016 # apt expands it
mirror=$(apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)' |
    awk '$3 == "main" && $4 == "Packages" && $2 !~ /-/ && !seen++ { print $1 }')
[ -n "$mirror" ] || { echo "fetch: apt knows no mirror of Debian here" >&2; exit 1; }
key=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [arch=amd64 signed-by=$key] $mirror $suite main" > "$out/apt/sources.list"
cat > "$out/apt/apt.conf" <<END
#clear APT::Update;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::DEP-11-icons;
#clear Acquire::IndexTargets::deb::DEP-11-icons-small;
Dir::Etc { sourcelist "$out/apt/sources.list"; sourceparts "/dev/null"; preferences "/dev/null"; preferencesparts "/dev/null"; };
Dir::State { lists "$out/apt/lists"; status "/dev/null"; };
Dir::Cache "$out/apt";
APT { Sandbox::User "root"; Architecture "amd64"; Architectures { "amd64"; }; };
Acquire { Languages "none"; Retries "3"; };
END
export APT_CONFIG=$out/apt/apt.conf
apt-get -qq update >&2

for package in "$@"; do
    case $package in
        *-) package=$(apt-cache pkgnames "$package" | grep -E -- '-[0-9.]+$' | sort -V | tail -n 1) ;;
    esac
    version=$(apt-cache show --no-all-versions "$package" | awk '/^Version: / { print $2 }')
    folder=$out/$package
    if [ "$(cat "$folder/version" 2> /dev/null)" != "$version" ]; then
        rm -rf "$folder"
        mkdir -p "$folder/root"
        (cd "$folder" && apt-get -qq download "$package" >&2)
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
