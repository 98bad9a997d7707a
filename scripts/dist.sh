#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Makes build/dist/scmp-VERSION.tar.gz of a commit (HEAD), and beside it an SBOM and the
# SHA-256 sums. The tarball has the commit's files, the sources of all crates in vendor/,
# a cargo configuration that uses them, and the SBOM, so it builds without a network.
# The same commit gives the same bytes: names are sorted; times, owners and modes fixed.
#   scripts/dist.sh [COMMIT]
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C TZ=UTC
unset TAR_OPTIONS GZIP # they would change the bytes
# An unpacked tarball may lie in a clone of something else.
prefix=$(git rev-parse --show-prefix) # or git says why not
[ -z "$prefix" ] || { echo 'dist: this is no clone: a tarball is made of a commit' >&2; exit 1; }
commit=$(git rev-parse --verify "${1:-HEAD}^{commit}")
epoch=$(git log -1 --format=%ct "$commit")
version=$(git show "$commit:Cargo.toml" | sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p')
name=scmp-$version
out=${BUILD:-build}/dist
[ -z "$(git status --porcelain --untracked-files=no)" ] || echo "dist: what is not committed is left out" >&2

work=$(mktemp -d "${TMPDIR:-/tmp}/dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
# Whatever line ends and attributes the user has set for files that are checked out.
git -c core.autocrlf=false -c core.eol=lf -c core.attributesFile=/dev/null archive --prefix="$name/" "$commit" | tar -x -C "$work"
(
    cd "$work/$name"
    ${CARGO:-cargo} vendor --quiet --locked --versioned-dirs vendor > /dev/null
    mkdir .cargo
    printf '%s\n' '# The crates are in this tree.' '[source.crates-io]' 'replace-with = "vendor"' '' \
        '[source.vendor]' 'directory = "vendor"' > .cargo/config.toml
    ${CARGO:-cargo} metadata --locked --offline --format-version 1 |
        jq -f scripts/sbom.jq --rawfile lock Cargo.lock --arg epoch "$epoch" > "$name.cdx.json"
)
mkdir -p "$out"
rm -f "$out/scmp"-*
cp "$work/$name/$name.cdx.json" "$out"
tar -c -C "$work" --format=gnu --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX "$name" | gzip -n > "$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.cdx.json" "$name.tar.gz" > "$name.sha256")
(cd "$out" && cat "$name.sha256")
