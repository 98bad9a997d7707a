#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Debian's packages, in chroots of each release: they are built by `make deb` from the
# release tarball, and again by another user, elsewhere and without a network, with the
# same bytes; lintian finds no errors; and scripts/deb/upgrade.sh goes from Debian's
# libseccomp2 to ours and back. Needs root and the network. The chroots are below
# build/check-deb; RELEASE.base stays, for the next time.
#   scripts/check-deb.sh [RELEASE...]    bookworm and trixie
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS BUILD # the makes below are runs of their own
umask 022
top=$PWD/build/check-deb
releases=("$@")
[ $# -gt 0 ] || releases=(bookworm trixie)
mkdir -p "$top"
[ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null || {
    echo 'skipped: only root makes chroots, and with mount namespaces'
    [ -z "${MUST_RUN:-}" ] # CI sets it
    exit
}

source scripts/report.sh
must() { # WHAT COMMAND...
    local what=$1 start=$SECONDS
    shift
    "$@" > "$top/log" 2>&1 || { expect_none "$what" "$(tail -n 40 "$top/log")"; exit 1; }
    expect_none "$what ($((SECONDS - start)) s)" ''
}

# Where this machine's apt finds Debian, and its security updates.
# shellcheck disable=SC2016
uris=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u)
mirror=$(grep '/debian/*$' <<< "$uris" | head -n 1 || true)
security=$(grep 'debian-security/*$' <<< "$uris" | head -n 1 || true)
[ -n "$mirror" ] || { echo "check-deb: no mirror of Debian among apt's: $uris" >&2; exit 1; }

# shellcheck disable=SC2317 # must calls it
make_base() { # RELEASE
    debootstrap --variant=minbase --include=ca-certificates,git,make "$1" "$top/$1.new" "$mirror"
    {
        echo "deb $mirror $1 main"
        echo "deb $mirror $1-updates main"
        [ -z "$security" ] || echo "deb $security $1-security main"
    } > "$top/$1.new/etc/apt/sources.list"
    printf '#!/bin/sh\nexit 101\n' > "$top/$1.new/usr/sbin/policy-rc.d" # start no daemons
    chmod 755 "$top/$1.new/usr/sbin/policy-rc.d"
    mv "$top/$1.new" "$top/$1.base"
}
fresh() { # ROOT: a copy of its release's base
    rm -rf "${top:?}/$1"
    cp -a --reflink=auto "$top/${1%.*}.base" "$top/$1"
}
# Runs a command in a chroot, in a mount namespace of its own. The root is a mount point,
# as container runtimes want it.
# shellcheck disable=SC2016
inside() { # ROOT COMMAND...
    local chroot=$top/$1
    shift
    unshare -m --propagation private bash -c '
        root=$1
        shift
        cp /etc/resolv.conf "$root/etc/resolv.conf"
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs -o mode=755 tmpfs "$root/run"
        umount "$root/sys/fs/cgroup/unified" 2> /dev/null # crun wants no mixture of versions
        cd "$root"
        exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive "$@"' - "$chroot" "$@"
}

scripts/dist.sh > /dev/null
tarball=$(echo build/dist/scmp-*.tar.gz)
name=$(basename "$tarball" .tar.gz)

for release in "${releases[@]}"; do
    echo "== $release"
    [ -e "$top/$release.base" ] || must 'the chroot is made' make_base "$release"
    build=$release.build debs=$top/$release.debs
    fresh "$build"
    cp "$tarball" "$top/$build/root"
    inside "$build" apt-get -qq update
    must 'make deb, in an unpacked release tarball' inside "$build" \
        sh -c "cd /root && tar -xf $name.tar.gz && cd $name && make deb"
    rm -rf "$debs"
    cp -R "$top/$build/root/$name/build/deb" "$debs"
    expect_none 'all that it needs are packages' "$(grep '^deb: not from packages' "$top/log" || true)"
    expect_none 'its upstream source is the release tarball' "$(cmp "$tarball" "$debs"/*.orig.tar.gz 2>&1)"

    # The flags that dpkg-buildflags gives, but for the one with the folder's name.
    flags() { # NAME
        inside "$build" env DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$1" |
            tr ' ' '\n' | grep -v -e prefix-map || true
    }
    lacking() { # LINE NAME...
        local name flag
        for name in "${@:2}"; do
            for flag in $(flags "$name"); do
                [[ " $1 " == *" $flag "* ]] || echo "$flag"
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
        expect_none "the same bytes: $(basename "$deb")" "$(cmp "$deb" "$top/$build/srv/elsewhere/${deb##*/}" 2>&1)"
    done

    must 'lintian and rpm are there' inside "$build" apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install lintian rpm
    changes=$(basename "$debs"/*.changes)
    inside "$build" lintian --allow-root --tag-display-limit 0 "/root/$name/build/deb/$changes" > "$debs/lintian.log" 2>&1 || true
    expect_none 'lintian finds no errors' "$(grep -v -e '^[WN]: ' -e '^running with root' "$debs/lintian.log" || true)"
    grep '^W: ' "$debs/lintian.log" | cut -c -150 || true

    # The other packages, as far as tools of Debian read them.
    must 'rpm reads the spec file' inside "$build" rpmspec -P "/root/$name/packaging/rpm/scmp.spec"
    must 'a shell reads the APKBUILD' inside "$build" sh -n "/root/$name/packaging/alpine/APKBUILD"

    fresh "$release.upgrade"
    mkdir "$top/$release.upgrade/root/debs"
    cp "$debs"/*.deb "$top/$release.upgrade/root/debs"
    tar -x -C "$top/$release.upgrade/root" -f "$tarball"
    inside "$release.upgrade" "/root/$name/scripts/deb/upgrade.sh" /root/debs || failed=1
    [ $failed = 1 ] || rm -rf "${top:?}/$build" "$top/$release.upgrade"
done
exit $failed
