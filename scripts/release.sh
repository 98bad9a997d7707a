#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Makes release VERSION of the commit that is checked out, if the long checks have passed
# for it in this clone (build/passed), and cargo-deny knows no fault of the crates: the
# tarball, twice, which must be the same to the byte, a signed tag, and signatures. The
# key is gpg's, and git names it (user.signingkey, or the committer's address). Nothing is
# pushed.
#   scripts/release.sh [--dry-run] VERSION    --dry-run: makes the tarball, signs nothing,
#                                             and does not ask cargo-deny
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
for check in check-hosts check-deb check-fresh check-rust-programs; do
    [ "$(cat "build/passed/$check" 2> /dev/null)" = "$(git rev-parse HEAD)" ] || refuse "make $check has not passed for this commit"
done
tag=v$version
! git rev-parse -q --verify "refs/tags/$tag" > /dev/null || refuse "there is a tag $tag already"
key=$(git config user.signingkey || git config user.email) || refuse 'git has neither user.signingkey nor user.email'
[ "$(git config gpg.format || echo openpgp)" = openpgp ] || refuse 'gpg signs releases, and git has another gpg.format'
gpg --batch --list-secret-keys "$key" > /dev/null 2>&1 || refuse "gpg has no secret key of $key"
[ -n "$dry_run" ] || DENY=1 scripts/check-licences.sh || refuse 'scripts/check-licences.sh has not passed with cargo-deny'

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
