#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Makes Debian's source package and packages, in build/deb. The upstream source is the
# release tarball: of the commit that is checked out, or, in an unpacked tarball, of
# the files that are there. packaging/debian becomes the source package's debian/. With
# CROSS, as make/cross.mk has it, the packages are for that machine.
#   scripts/deb.sh [OPTION of dpkg-buildpackage...]
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
# The makes of the package are runs of their own, and debian/rules says where things go.
unset MAKEFLAGS MFLAGS MAKELEVEL TARGET PROGRAMS DESTDIR
unset PREFIX LIBDIR BINDIR INCLUDEDIR MANDIR prefix libdir bindir includedir mandir
out=${BUILD:-build}/deb
upstream=$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)
upstream=${upstream%-*}
name=scmp-$upstream
rm -rf "$out"
mkdir -p "$out"

# What scripts/dist.sh adds to a commit's files.
if [ -d vendor ] && [ -e .cargo/config.toml ]; then
    # The tree was unpacked from a tarball and not changed: its times are the commit's.
    tar -c --format=gnu --sort=name --mtime="@$(stat -c %Y Cargo.toml)" --owner=0 --group=0 --numeric-owner \
        --mode=u=rwX,go=rX --exclude=./.git --exclude=./build --exclude=./target --transform="flags=r;s:^\.:$name:" . |
        gzip -n > "$out/scmp_$upstream.orig.tar.gz"
else
    scripts/dist.sh > /dev/null
    tarball=${BUILD:-build}/dist/$name.tar.gz
    [ -e "$tarball" ] || { echo "deb: packaging/debian/changelog has version $upstream, Cargo.toml another" >&2; exit 1; }
    cp "$tarball" "$out/scmp_$upstream.orig.tar.gz"
fi
tar -x -C "$out" -f "$out/scmp_$upstream.orig.tar.gz"
cp -R "$out/$name/packaging/debian" "$out/$name/debian"

# debhelper sets another HOME, in which rustup would find no Rust.
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
cd "$out/$name"
options=(--no-sign) machine=()
if [ -n "${CROSS:-}" ]; then
    arch=$(dpkg-architecture -f -t "$(basename "${CROSS%-}")" -q DEB_HOST_ARCH)
    [[ $arch != *-* ]] || { echo "deb: Debian is not made for $arch" >&2; exit 1; } # musl
    if [ "$arch" != "$(dpkg --print-architecture)" ]; then
        lacking=()
        command -v "${CROSS}gcc" > /dev/null || lacking=("gcc-$(basename "${CROSS%-}" | tr _ -)")
        # dpkg-shlibdeps asks the packages of these which versions are needed.
        for package in "libc6:$arch" "libgcc-s1:$arch"; do
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || lacking+=("$package")
        done
        [ ${#lacking[@]} = 0 ] || {
            echo "deb: packages are missing: dpkg --add-architecture $arch; apt update; apt install ${lacking[*]}" >&2
            exit 1
        }
        machine=("-a$arch" "-Pcross,nocheck")
        export DEB_BUILD_OPTIONS="nocheck ${DEB_BUILD_OPTIONS:-}"
    fi
    unset CROSS # debian/rules names it by Debian's machine
fi
if ! unmet=$(dpkg-checkbuilddeps "${machine[@]}" 2>&1); then
    # Rust from elsewhere builds it, but is no package.
    echo "deb: not from packages: ${unmet##*: }"
    options+=(--no-check-builddeps)
fi
dpkg-buildpackage "${options[@]}" "${machine[@]}" "$@" > ../build.log 2>&1 || { tail -n 40 ../build.log >&2; exit 1; }
cd ..
rm -rf "$name"
shopt -s nullglob # -S makes no .deb
ls ./*.deb ./*.dsc
