#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# `make demo` and `make check` on a fresh Debian 12 or 13 with nothing but git
# and make: finds out which packages lack, and as root installs them. Where
# nothing lacks it asks no package manager and no network.
#   scripts/deps.sh demo|check|builds|reproducible|rust-programs|musl|youki|upstream|bench|fuzz|dist|deb|check-deb|processes
#   scripts/deps.sh hosts [HOST...]        by default all of scripts/hosts/table; with QUICK=1
#                                          nothing to boot a machine with
set -euo pipefail

what=${1:-check}
PATH=$PATH:/usr/sbin:/sbin
oldest_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
lacking=()

have() { command -v "$1" > /dev/null 2>&1; }
need() { # FOR PACKAGE TEST...: for some purposes, or for "all"
    local purposes=$1 package=$2
    shift 2
    [[ $purposes == all || " $purposes " == *" $what "* ]] || return 0
    "$@" > /dev/null 2>&1 || lacking+=("$package")
}
at_least() { # VERSION WANTED
    [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]
}
rust_is_new_enough() {
    have cargo && have rustc &&
        at_least "$(rustc --version | awk '{ print $2 }')" "$oldest_rust" &&
        at_least "$(cargo --version | awk '{ print $2 }')" "$oldest_rust"
}
candidate() { apt-cache policy "$1" 2> /dev/null | awk '/Candidate:/ { print $2 }'; }
sandboxing_ctags() { [[ "$(ctags --list-features)" == *sandbox* ]]; }
compiles() { echo "#include <stdio.h>" | "$1" -x "$2" -fsyntax-only -; }

need all gcc have cc
need all libc6-dev compiles cc c
need all binutils have objcopy
need all ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
need 'demo check' universal-ctags sandboxing_ctags
need 'check reproducible upstream fuzz' g++ compiles c++ c++
need 'check builds reproducible rust-programs musl youki upstream dist deb hosts' pkg-config have pkg-config
need 'check upstream bench' valgrind have valgrind
need check shellcheck have shellcheck
need check mandoc have mandoc
need check man-db have nroff
need check man-db have man
need musl musl-tools have musl-gcc
need processes bubblewrap have bwrap
need processes chromium have chromium
need processes firejail have firejail
need processes flatpak have flatpak
need processes openssh-server have sshd
need processes systemd-container have systemd-nspawn
need processes tor have tor
need 'dist check-deb' git have git
need 'dist check-deb' jq have jq
need deb build-essential test -e /usr/share/doc/build-essential
need deb debhelper have dh
[ ! -e .git ] || need deb jq have jq # a clone makes the release tarball first
need check-deb debootstrap have debootstrap
need dist gnupg have gpg
need builds clang have clang
need builds lld have ld.lld
need builds mold have mold
need builds binutils-gold have ld.gold # before Debian 13, part of binutils
need builds dpkg-dev have dpkg-buildflags
need 'upstream bench check-deb hosts' debian-archive-keyring test -e /usr/share/keyrings/debian-archive-keyring.gpg
need 'upstream bench deb' dpkg-dev have dpkg-source
need 'upstream bench deb' xz-utils have xz
need upstream python3-dev have /usr/bin/python3-config
need upstream cython3 /usr/bin/python3 -c 'import Cython'
need upstream python3-setuptools /usr/bin/python3 -c 'import setuptools'
while read -r host triplet _ qemu; do
    [ $# = 1 ] || [[ " $* " == *" $host "* ]] || continue
    # Their C libraries and kernel headers come along.
    case $host in
        musl) need hosts musl-tools have musl-gcc ;;
        *) need hosts "g++-$triplet" have "$triplet-g++" ;;
    esac
    [[ $host = musl || $host-$(uname -m) = i386-x86_64 ]] || need hosts qemu-user have "qemu-$qemu"
    [ -z "${QUICK:-}" ] || continue # no machine is booted
    case $host in
        arm64) need hosts qemu-system-arm have qemu-system-aarch64 ;;
        s390x) need hosts qemu-system-misc have qemu-system-s390x ;;
        *) continue ;;
    esac
    need hosts cpio have cpio
done < "$(dirname "$0")/hosts/table"
# Only root can run a container.
if [ "$(id -u)" = 0 ]; then
    need bench runc have runc
    need 'bench youki' golang-github-containers-common test -e /usr/share/containers/seccomp.json
    need 'bench youki' python3 test -x /usr/bin/python3
fi
rust_is_new_enough || lacking+=(rust)
[ ${#lacking[@]} -gt 0 ] || exit 0

# Debian 13's own Rust is new enough; Debian 12 has one for its browsers' sake.
rust_packages() {
    if at_least "$(candidate rustc)" "$oldest_rust"; then
        echo cargo rustc
    elif at_least "$(candidate rustc-web)" "$oldest_rust"; then
        echo cargo-web rustc-web
    else
        return 1
    fi
}

if [ "$(id -u)" != 0 ] || ! have apt-get; then
    if [ "${lacking[-1]}" = rust ]; then
        echo "cargo or rustc is lacking, or older than $oldest_rust." >&2
        # apt's lists may be empty.
        rust=$(rust_packages) || case "$(. /etc/os-release && echo "$ID $VERSION_ID")" in
            'debian 12') rust='cargo-web rustc-web' ;;
            *) rust='cargo rustc' ;;
        esac
        lacking[-1]=${rust// /$'\n'}
    fi
    echo "Install them, or let root do it: make deps. In Debian's names:" >&2
    echo "apt install $(printf '%s\n' "${lacking[@]}" | sort -u | paste -s -d ' ')" >&2
    exit 1
fi

case "$(candidate gcc)" in '' | '(none)') apt-get -qq update ;; esac
if ! rust_is_new_enough; then
    unset 'lacking[-1]'
    rust=$(rust_packages) || { apt-get -qq update && rust=$(rust_packages); } ||
        { echo "no rustc >= $oldest_rust in apt's lists" >&2; exit 1; }
    read -ra rust <<< "$rust"
    lacking+=("${rust[@]}")
fi
mapfile -t lacking < <(printf '%s\n' "${lacking[@]}" | sort -u)
"$(dirname "$0")/install.sh" "${lacking[@]}"
hash -r
rust_is_new_enough || { echo "cargo or rustc in PATH is older than $oldest_rust" >&2; exit 1; }
