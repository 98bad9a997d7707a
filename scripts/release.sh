#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Makes release VERSION of the commit that is checked out, if it has passed `make
# check-hosts` for all machines here: the tarball, twice, which must be the same to the
# byte, a signed tag, and signatures. The key is git's (user.signingkey,
# or that of the committer's address). Nothing is pushed.
#   scripts/release.sh [--dry-run] VERSION    --dry-run: makes the tarball, signs nothing
set -euo pipefail
cd "$(dirname "$0")/.."
dry_run=
if [ "${1:-}" = --dry-run ]; then
    dry_run=yes
    shift
fi
version=${1:?usage: scripts/release.sh [--dry-run] VERSION}
refuse() { echo "release: $*" >&2; exit 1; }

stated=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
[ "$version" = "$stated" ] || refuse "Cargo.toml says version $stated"
grep -q -E "^## ${version//./\\.}( |\$)" CHANGELOG.md || refuse "CHANGELOG.md has no section $version"
grep -q -F "scmp ($version-" packaging/debian/changelog && grep -q -x "Version: *$version" packaging/rpm/scmp.spec &&
    grep -q -x "pkgver=$version" packaging/alpine/APKBUILD || refuse 'packaging has another version'
[ -z "$(git status --porcelain)" ] || refuse 'there are changes that are not committed'
[ "$(cat build/hosts/passed 2> /dev/null)" = "$(git rev-parse HEAD)" ] || refuse 'make check-hosts has not passed for this commit'
tag=v$version
! git rev-parse -q --verify "refs/tags/$tag" > /dev/null || refuse "there is a tag $tag already"
key=$(git config user.signingkey || git config user.email) || refuse 'git has neither user.signingkey nor user.email'

dist=build/dist/scmp-$version
scripts/dist.sh
again=$(mktemp -d "${TMPDIR:-/tmp}/release.XXXXXX")
trap 'rm -rf "$again"' EXIT
BUILD=$again scripts/dist.sh > /dev/null
cmp "$dist.tar.gz" "$again/dist/scmp-$version.tar.gz" || refuse 'the tarball is another one each time'

if [ -n "$dry_run" ]; then
    echo "release: dry run: no tag $tag, no signatures by $key"
    exit
fi
for file in "$dist.tar.gz" "$dist.sha256"; do
    gpg --batch --yes --local-user "$key" --armor --detach-sign "$file"
done
git tag --sign --local-user "$key" --message "scmp $version" "$tag"
echo "release: $tag is tagged, and $dist.* are signed. To publish:"
echo "  git push origin $tag"
