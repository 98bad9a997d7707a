#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# `make demo` and `make check` on a fresh Debian 12 or 13 with nothing but git
# and make: finds out which packages lack, and as root installs them. Where
# nothing lacks it asks no package manager and no network.
#   scripts/deps.sh demo|check|builds|upstream|bench|fuzz|dist
set -euo pipefail

what=${1:-check}
PATH=$PATH:/usr/sbin:/sbin
oldest_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
lacking=()

have() { command -v "$1" > /dev/null 2>&1; }
need() { # PACKAGE TEST...
    local package=$1
    shift
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

need gcc have cc
need libc6-dev compiles cc c
need binutils have objcopy
need ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
if [ "$what" = demo ] || [ "$what" = check ]; then
    need universal-ctags sandboxing_ctags
fi
if [ "$what" = upstream ]; then
    need valgrind have valgrind
    need debian-archive-keyring test -e /usr/share/keyrings/debian-archive-keyring.gpg
    need g++ compiles c++ c++
    need python3-dev have /usr/bin/python3-config
    need cython3 /usr/bin/python3 -c 'import Cython'
    need python3-setuptools /usr/bin/python3 -c 'import setuptools'
    need dpkg-dev have dpkg-source
    need xz-utils have xz
fi
if [ "$what" = check ]; then
    need g++ compiles c++ c++
    need pkg-config have pkg-config
    need valgrind have valgrind
    need shellcheck have shellcheck
    need mandoc have mandoc
    need man-db have nroff
    need man-db have man
fi
if [ "$what" = builds ]; then
    need pkg-config have pkg-config
    need clang have clang
    need lld have ld.lld
    need mold have mold
    need binutils-gold have ld.gold # before Debian 13, part of binutils
    need dpkg-dev have dpkg-buildflags
fi
if [ "$what" = dist ]; then
    need git have git
    need jq have jq
    need gnupg have gpg
    need pkg-config have pkg-config # for check-dist
fi
if [ "$what" = fuzz ]; then
    need g++ compiles c++ c++
fi
if [ "$what" = bench ]; then
    need valgrind have valgrind
    need debian-archive-keyring test -e /usr/share/keyrings/debian-archive-keyring.gpg
    need dpkg-dev have dpkg-source
    need xz-utils have xz
    # Only root can run a container.
    if [ "$(id -u)" = 0 ]; then
        need runc have runc
        need golang-github-containers-common test -e /usr/share/containers/seccomp.json
        need python3 test -x /usr/bin/python3
    fi
fi
rust_is_new_enough || lacking+=(rust)
[ ${#lacking[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
    mapfile -t lacking < <(printf "%s\n" "${lacking[@]/#rust/cargo and rustc >= $oldest_rust}" | sort -u)
    echo "lacking: $(IFS=,; echo "${lacking[*]}")" >&2
    echo "Install them, or let root do it: make deps" >&2
    exit 1
fi
have apt-get || { echo "lacking: ${lacking[*]}, and there is no apt-get here" >&2; exit 1; }

case "$(candidate gcc)" in '' | '(none)') apt-get -qq update ;; esac
if ! rust_is_new_enough; then
    # Debian 13's own is new enough; Debian 12 has one for its browsers' sake.
    unset 'lacking[-1]'
    if at_least "$(candidate rustc)" "$oldest_rust"; then
        lacking+=(cargo rustc)
    else
        apt-get -qq update
        at_least "$(candidate rustc-web)" "$oldest_rust" ||
            { echo "no rustc >= $oldest_rust in apt's lists" >&2; exit 1; }
        lacking+=(cargo-web rustc-web)
    fi
fi
mapfile -t lacking < <(printf '%s\n' "${lacking[@]}" | sort -u)
echo "installing: ${lacking[*]}"
install=(apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "${lacking[@]}")
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
# Lists that are too old name packages that are gone: once more with new ones.
"${install[@]}" > "$log" 2>&1 || { apt-get -qq update && "${install[@]}" > "$log" 2>&1; } ||
    { cat "$log" >&2; exit 1; }
rm -f "$log"
hash -r
rust_is_new_enough || { echo "cargo or rustc in PATH is older than $oldest_rust" >&2; exit 1; }
