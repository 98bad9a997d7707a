#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# The release tarball: another clone makes the same bytes of the same commit; it builds
# without a network and without what cargo has fetched; what it builds is what a clone
# builds, and passes C tests; the SBOM lists the crates that are linked; and
# scripts/release.sh refuses, tries, tags and signs.
#   scripts/check-dist.sh
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS BUILD # the makes below are runs of their own
read -ra cargo <<< "${CARGO:-cargo}"
source scripts/report.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/check-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT

must 'the tarball is made' env BUILD="$work" scripts/dist.sh
tarball=$(echo "$work"/dist/scmp-*.tar.gz)
clone="$work/a b"
git clone -q . "$clone"
git -C "$clone" checkout -q "$(git rev-parse HEAD)"
(
    umask 077
    export TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 TAR_OPTIONS=--format=posix
    git -C "$clone" config core.autocrlf true
    must 'a clone makes it as well' "$clone/scripts/dist.sh"
)
git -C "$clone" config --unset core.autocrlf
expect_none 'both are the same to the byte' "$(cmp "$tarball" "$clone/build/dist/${tarball##*/}" 2>&1)"
expect_none 'the SHA-256 sums are right' "$(cd "$work/dist" && sha256sum --quiet -c ./*.sha256 2>&1)"

mkdir "$work/unpacked" "$work/cargo"
tar -x -C "$work/unpacked" -f "$tarball"
tree=$(echo "$work"/unpacked/scmp-*)
git init -q "$work/unpacked"
equal 'an unpacked tarball makes none, in a clone of something else either' "$("$tree/scripts/dist.sh" 2>&1 || true)" \
    'dist: this is no clone: a tarball is made of a commit'
rm -rf "$work/unpacked/.git"
offline=(env CARGO_HOME="$work/cargo" CARGO_NET_OFFLINE=true)
if unshare -n true 2> /dev/null; then
    offline+=(unshare -n)
elif unshare -rn true 2> /dev/null; then
    offline+=(unshare -rn)
else
    skips 'no network' 'network namespaces are not permitted; cargo is told to be offline'
fi
must 'it builds offline' "${offline[@]}" make --no-print-directory -C "$tree" CARGO="${cargo[*]}"
must 'its C tests pass' make --no-print-directory -C "$tree" CARGO="${cargo[*]}" check-c \
    TESTS='variadic_matches_array.c stops_forbidden_calls.c exports.c'
must 'the clone builds' make --no-print-directory -C "$clone" CARGO="${cargo[*]}"
for file in libseccomp.so.2 libseccomp.a bin/scmp_bpf_sim; do
    expect_none "both have the same $file" "$(cmp "$tree/build/$file" "$clone/build/$file" 2>&1)"
done

sbom=$(echo "$work"/dist/scmp-*.cdx.json)
equal 'the SBOM has the crates that are linked' \
    "$(jq -r '.metadata.component, (.components[] | select(.scope == "required")) | "\(.name) \(.version)"' "$sbom" | sort)" \
    "$(cd "$clone" && "${cargo[@]}" tree --locked -p scmp-capi -p scmp-cli -p scmp-tools --target x86_64-unknown-linux-gnu --target s390x-unknown-linux-gnu --edges normal,no-proc-macro --prefix none --format '{p}' |
        sed -nE 's/^([^ ]+) v([^ ]+).*/\1 \2/p' | sort -u)"
equal 'each has a licence, a checksum where a registry has it, and known dependencies' \
    "$(jq '([.components[], .metadata.component | .["bom-ref"]] | sort) as $refs
        | all(.components[]; .licenses[0].expression and (.purl == null or (.hashes[0].content | length) == 64))
        and ([.dependencies[].ref] | sort) == $refs and all(.dependencies[].dependsOn[]; IN($refs[]))' "$sbom")" true

# A release, with a key of its own.
export GNUPGHOME=$work/gnupg
mkdir -m 700 "$GNUPGHOME"
version=$(basename "$tarball" .tar.gz | sed 's/^scmp-//')
cd "$clone"
git config user.name 'A Maintainer'
git config user.email maintainer@example.org
must 'there is a key' gpg --batch --quiet --passphrase '' --quick-generate-key maintainer@example.org
refuses() { # WHY ARGUMENT...
    local why=$1
    shift
    scripts/release.sh "$@" > "$work/log" 2>&1 && echo 'not refused' >> "$work/log"
    equal "release.sh refuses: $why" "$(tail -n 1 "$work/log")" "release: $why"
}
refuses "Cargo.toml says version $version" 99.0.0
grep -q "^## $version" CHANGELOG.md || refuses "CHANGELOG.md has no section $version" "$version"
sed -i "s/^## Unreleased\$/&\n\n## $version/" CHANGELOG.md
refuses 'there are changes that are not committed' "$version"
git commit -q -a -m 'release: name the version'
for check in check-hosts check-deb check-fresh check-rust-programs; do
    refuses "make $check has not passed for this commit" "$version"
    scripts/passed.sh $check
done
git config gpg.format ssh
refuses 'gpg signs releases, and git has another gpg.format' "$version"
git config --unset gpg.format
git config user.signingkey nobody@example.org
refuses 'gpg has no secret key of nobody@example.org' "$version"
git config --unset user.signingkey
# A cargo-deny that finds fault until it is told not to.
# shellcheck disable=SC2016 # the script expands it
printf '#!/bin/sh\n[ "$1" != deny ] || exec test -e "%s"\nexec %s "$@"\n' "$work/sound" "${cargo[*]}" > "$work/cargo-deny"
chmod +x "$work/cargo-deny"
export CARGO=$work/cargo-deny
refuses 'scripts/check-licences.sh has not passed with cargo-deny' "$version"
must 'release.sh makes a dry run' scripts/release.sh --dry-run "$version"
equal 'which tags and signs nothing' "$(git tag -l "v$version"; ls build/dist)" \
    "$(printf '%s\n' "scmp-$version".{cdx.json,sha256,tar.gz})"
touch "$work/sound"
must 'release.sh makes a release' scripts/release.sh "$version"
must 'the tag is signed' git verify-tag "v$version"
for file in tar.gz sha256; do
    must "the .$file is signed" gpg --verify "build/dist/scmp-$version.$file.asc" "build/dist/scmp-$version.$file"
done
refuses "there is a tag v$version already" "$version"
gpgconf --kill all
summary
