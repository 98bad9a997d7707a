#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Debian's packages, in chroots of each release: they are built by `make deb` from the
# release tarball, and again by another user, elsewhere and without a network, with the
# same bytes; lintian finds no errors; and scripts/deb/upgrade.sh goes from Debian's
# libseccomp2 to ours and back. Needs root and the network. A chroot in which
# something failed stays in build/chroots.
#   scripts/check-deb.sh [RELEASE...]    bookworm and trixie
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS BUILD # the makes below are runs of their own
umask 022
work=$PWD/build/check-deb
releases=("$@")
[ $# -gt 0 ] || releases=(bookworm trixie)
mkdir -p "$work"
source scripts/chroot.sh
can_chroot || exit "${MUST_RUN:-0}" # CI sets it

source scripts/report.sh

scripts/dist.sh > /dev/null
tarball=$(echo build/dist/scmp-*.tar.gz)
name=$(basename "$tarball" .tar.gz)

for release in "${releases[@]}"; do
    echo "== $release"
    must 'the chroot is made' base "$release"
    build=$release.deb debs=$work/$release.debs
    fresh "$build"
    cp "$tarball" "$chroots/$build/root"
    inside "$build" apt-get -qq update
    must 'make deb, in an unpacked release tarball, inside of another git tree' inside "$build" \
        sh -c "cd /root && git init -q && tar -xf $name.tar.gz && cd $name && make deb"
    rm -rf "$debs"
    cp -R "$chroots/$build/root/$name/build/deb" "$debs"
    expect_none 'all that it needs are packages' "$(grep '^deb: not from packages' "$work/log" || true)"
    expect_none 'its upstream source is the release tarball' "$(cmp "$tarball" "$debs"/*.orig.tar.gz 2>&1)"

    # The flags that dpkg-buildflags gives, but for the one with the folder's name.
    lacking() { # LINE NAME...
        local name flag flags
        for name in "${@:2}"; do
            flags=$(inside "$build" env DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$name") || echo "$name: $?"
            [ -n "$flags" ] || echo "$name: dpkg-buildflags names no flags"
            for flag in $flags; do
                [[ $flag == *prefix-map* || " $1 " == *" $flag "* ]] || echo "$flag"
            done
        done
    }
    expect_none "C is compiled with Debian's flags" \
        "$(lacking "$(grep -m 1 -e '-c -o .*variadic\.o' "$debs/build.log")" CPPFLAGS CFLAGS)"
    expect_none "the library is linked with Debian's flags" \
        "$(lacking "$(grep -m 1 -e '-shared' "$debs/build.log")" LDFLAGS)"

    # shellcheck disable=SC2016
    must 'the source package builds again, elsewhere, for a user, without a network' inside "$build" \
        unshare -n sh -c 'useradd -m -d /srv/elsewhere user && cd /srv/elsewhere &&
            cp "$0"/*.dsc "$0"/*.tar.* . && chown user . ./* &&
            exec setpriv --reuid user --clear-groups env -i PATH=/usr/bin:/bin LANG=C TZ=Pacific/Kiritimati \
                sh -c "umask 002; dpkg-source -x *.dsc tree && cd tree && dpkg-buildpackage --no-sign -b"' \
        "/root/$name/build/deb"
    for deb in "$debs"/*.deb; do
        expect_none "the same bytes: $(basename "$deb")" "$(cmp "$deb" "$chroots/$build/srv/elsewhere/${deb##*/}" 2>&1)"
    done

    # Of a clone, only the source package: the packages would be the same again.
    must "a user's clone" clone_in "$build" user clone
    must 'root installs what it needs' inside "$build" sh -c 'cd /srv/elsewhere/clone && scripts/deps.sh deb'
    must 'the user makes the source package of it' inside "$build" runuser -l user -c 'clone/scripts/deb.sh -S'
    said=$(inside "$build" /srv/elsewhere/clone/scripts/deb.sh -S 2>&1 || true)
    expect_none "root, whom git refuses the user's clone, gets git's reason" \
        "$(grep -q 'dubious ownership' <<< "$said" || echo "$said")"

    must 'lintian and rpm are there' inside "$build" apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install lintian rpm
    changes=$(basename "$debs"/*.changes)
    lintian=0
    inside "$build" lintian --allow-root --fail-on error --tag-display-limit 0 "/root/$name/build/deb/$changes" > "$debs/lintian.log" 2>&1 || lintian=$?
    expect_none 'lintian finds no errors' "$(grep -v -e '^[WN]: ' -e '^running with root' "$debs/lintian.log" || [ $lintian = 0 ] || echo "status $lintian")"
    grep '^W: ' "$debs/lintian.log" | cut -c -150 || true

    # The other packages, as far as tools of Debian read them.
    must 'rpm reads the spec file' inside "$build" rpmspec -P "/root/$name/packaging/rpm/scmp.spec"
    if [ "$release" = trixie ]; then # once is enough, and its rpm is nearer to Fedora's
        inside "$build" sh -c "mkdir -p /root/rpmbuild/SOURCES && cp /root/$name.tar.gz /root/rpmbuild/SOURCES"
        must 'rpm builds its packages' inside "$build" rpmbuild -bb --nodeps "/root/$name/packaging/rpm/scmp.spec"
        said=$(inside "$build" sh -c 'rpm -qp --provides /root/rpmbuild/RPMS/*/libseccomp-scmp-0*.rpm' 2>&1 || true)
        expect_none 'which provide the library' "$(grep -q -x -F 'libseccomp.so.2()(64bit)' <<< "$said" || echo "$said")"

        cross="cd /root/$name && make deb TARGET=aarch64-unknown-linux-gnu RUSTC=\$PWD/build/rust/rustc"
        said=$(inside "$build" sh -c "$cross" 2>&1 || true)
        paste=$(sed -n 's/^deb: packages are missing: //p' <<< "$said")
        expect_none 'make deb for arm64 names the packages that are missing' "$([ -n "$paste" ] || echo "$said")"
        must 'they are installed as it says' inside "$build" \
            sh -c "export DEBIAN_FRONTEND=noninteractive; ${paste//apt install/apt-get -q -y install}"
        must 'a Rust that compiles for arm64' inside "$build" \
            "/root/$name/scripts/hosts/rust.sh" "/root/$name/build/rust" arm64=aarch64-unknown-linux-gnu
        must 'make deb for arm64' inside "$build" sh -c "$cross"
        said=$(dpkg-deb -c "$chroots/$build/root/$name"/build/aarch64-unknown-linux-gnu/deb/libseccomp2-scmp_*_arm64.deb)
        equal "its library is where arm64's are" "$(grep -o './usr/lib/.*\.so.*' <<< "$said" | head -n 1)" \
            ./usr/lib/aarch64-linux-gnu/libseccomp.so.2.6.1
    fi
    must 'a shell reads the APKBUILD' inside "$build" sh -n "/root/$name/packaging/alpine/APKBUILD"

    fresh "$release.upgrade"
    mkdir "$chroots/$release.upgrade/root/debs"
    cp "$debs"/*.deb "$chroots/$release.upgrade/root/debs"
    tar -x -C "$chroots/$release.upgrade/root" -f "$tarball"
    inside "$release.upgrade" "/root/$name/scripts/deb/upgrade.sh" /root/debs || failed=$((failed + 1))
    [ $failed != 0 ] || rm -rf "${chroots:?}/$build" "$chroots/$release.upgrade"
done
if [ $failed$# = 00 ]; then scripts/passed.sh check-deb; fi
summary
