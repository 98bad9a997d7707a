# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
#
# Fresh installations of Debian, for scripts that source this in the checkout, as root:
# chroots in build/chroots, which have git, make and nothing else that Debian does not
# always install. NAME.WHAT is a chroot of the release NAME (bookworm, trixie).
chroots=$PWD/build/chroots

can_chroot() { # whether this user and machine can; if not, says why
    [ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null && return
    echo 'skipped: only root makes chroots, and with mount namespaces'
    return 1
}

# Makes a release's base, which `fresh` copies, unless it is there: from where this
# machine's apt finds Debian, and its security updates.
base() { # RELEASE
    [ ! -e "$chroots/$1.base" ] || return 0
    local new=$chroots/$1.new uris mirror security include=git,make
    # shellcheck disable=SC2016 # apt expands it
    uris=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u)
    mirror=$(grep '/debian/*$' <<< "$uris" | head -n 1 || true)
    security=$(grep 'debian-security/*$' <<< "$uris" | head -n 1 || true)
    [ -n "$mirror" ] || { echo "no mirror of Debian among apt's: $uris" >&2; return 1; }
    [[ $uris != *https:* ]] || include+=,ca-certificates # apt itself needs them there
    mkdir -p "$chroots"
    rm -rf "$new"
    debootstrap --variant=minbase --include=$include "$1" "$new" "$mirror" || return
    {
        echo "deb $mirror $1 main"
        echo "deb $mirror $1-updates main"
        [ -z "$security" ] || echo "deb $security $1-security main"
    } > "$new/etc/apt/sources.list"
    # Whom this machine trusts beside Debian's list, on the way to the network.
    mkdir -p "$new/usr/local/share/ca-certificates"
    cp -r /usr/local/share/ca-certificates/. "$new/usr/local/share/ca-certificates" 2> /dev/null || true
    [[ $include = git,make ]] || chroot "$new" update-ca-certificates || return
    printf '#!/bin/sh\nexit 101\n' > "$new/usr/sbin/policy-rc.d" # start no daemons
    chmod 755 "$new/usr/sbin/policy-rc.d"
    mv "$new" "$chroots/$1.base"
}
fresh() { # NAME.WHAT
    rm -rf "${chroots:?}/$1"
    cp -a --reflink=auto "$chroots/${1%.*}.base" "$chroots/$1"
}

# Runs a command in a chroot, in a mount namespace of its own. The chroot becomes the
# namespace's root: the kernel gives what chroot(1) started no user namespace, and
# container runtimes want a mount point.
# shellcheck disable=SC2016
inside() { # NAME.WHAT COMMAND...
    local chroot=$chroots/$1
    shift
    unshare -m --propagation private bash -ec '
        root=$1
        shift
        cp /etc/resolv.conf "$root/etc/resolv.conf"
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs -o mode=755 tmpfs "$root/run"
        umount "$root/sys/fs/cgroup/unified" 2> /dev/null || true # crun wants no mixture of versions
        cd "$root"
        pivot_root . mnt
        exec chroot . /bin/sh -ec "umount -l /mnt; cd /; exec env -i \"\$@\"" - \
            PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
        ' - "$chroot" "$@"
}

# A clone of what is checked out here, as of HEAD. What a chroot can fetch from is a
# file: git refuses a user the repository of another.
clone_in() { # NAME.WHAT USER DIRECTORY
    git bundle create -q "$chroots/$1/srv/scmp.bundle" HEAD
    inside "$1" runuser -l "$2" -c "git -c advice.detachedHead=false -c init.defaultBranch=main clone -q /srv/scmp.bundle $3"
}
