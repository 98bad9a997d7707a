#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds the library as distributions do, with their compilers, linkers and flags,
# and checks each build: the symbols, the soname, how it is hardened, and C tests
# that are linked to it, shared and static, with the same flags. The crate is
# compiled once for all rows.
#   scripts/check-builds.sh [ROW...]    only these
set -euo pipefail

# build NAME env|make VARIABLE=VALUE...: as environment variables or as arguments
# of make. debian NAME VARIABLE=VALUE...: flags of dpkg-buildflags, as environment
# variables, which is how debhelper passes them. refused NAME MESSAGE
# VARIABLE=VALUE...: make must fail, and say so. Flags of one processor are left out.
table() {
    build default make
    build parallel make MAKEFLAGS=-j4
    build warnings make CFLAGS='-O2 -Werror'
    build unoptimized make CFLAGS=-O0 CPPFLAGS=-D_FORTIFY_SOURCE=2
    build environment env CC=gcc CFLAGS='-O3 -g3' LDFLAGS=-Wl,-O2
    build unstripped make STRIP=true
    build target-in-cargos-configuration make CARGO="cargo --config 'build.target=\"no-such-host\"'"
    build words-in-cc make CC='gcc -std=gnu17 -pipe'
    build hidden env CFLAGS='-O2 -fvisibility=hidden -ffunction-sections -fdata-sections'
    build pie make CFLAGS='-O2 -fPIE' LDFLAGS='-pie'

    debian debian
    debian debian-hardening DEB_BUILD_MAINT_OPTIONS=hardening=+all
    debian debian-noopt DEB_BUILD_OPTIONS='noopt nostrip parallel=2' DEB_BUILD_MAINT_OPTIONS=hardening=+all
    debian debian-lto DEB_BUILD_MAINT_OPTIONS='hardening=+all optimize=+lto'
    build ubuntu env CFLAGS="-g -O2 -fno-omit-frame-pointer -flto=auto -ffat-lto-objects \
-fstack-protector-strong -fstack-clash-protection -Wformat -Werror=format-security" \
        CPPFLAGS='-Wdate-time -D_FORTIFY_SOURCE=3' \
        LDFLAGS='-Wl,-Bsymbolic-functions -flto=auto -ffat-lto-objects -Wl,-z,relro -Wl,-z,now'
    # Without the files of specs that only Fedora has.
    build fedora env CFLAGS="-O2 -flto=auto -ffat-lto-objects -fexceptions -g -grecord-gcc-switches -pipe -Wall \
-Werror=format-security -Wp,-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=3 -fstack-protector-strong \
-fasynchronous-unwind-tables -fstack-clash-protection" \
        LDFLAGS='-Wl,-z,relro -Wl,--as-needed -Wl,-z,pack-relative-relocs -Wl,-z,now -Wl,--build-id=sha1'
    build arch env CFLAGS="-O2 -pipe -fno-plt -fexceptions -Wp,-D_FORTIFY_SOURCE=3 -Wformat -Werror=format-security \
-fstack-clash-protection -fno-omit-frame-pointer -g -flto=auto" \
        LDFLAGS='-Wl,-O1 -Wl,--sort-common -Wl,--as-needed -Wl,-z,relro -Wl,-z,now -Wl,-z,pack-relative-relocs -flto=auto'

    build lto make CFLAGS='-O2 -g -flto=auto'
    build fat-lto make CFLAGS='-O2 -g -flto=auto -ffat-lto-objects'
    build lld make LDFLAGS=-fuse-ld=lld
    build mold make LDFLAGS=-fuse-ld=mold
    build gold make LDFLAGS=-fuse-ld=gold
    build clang make CC=clang CFLAGS='-O2 -g -Werror'
    build clang-lld make CC=clang LDFLAGS=-fuse-ld=lld
    build clang-mold make CC=clang LDFLAGS=-fuse-ld=mold
    build clang-lto make CC=clang CFLAGS='-O2 -flto' LDFLAGS='-flto -fuse-ld=lld'
    build clang-thin-lto make CC=clang CFLAGS='-O2 -flto=thin' LDFLAGS='-flto=thin -fuse-ld=lld'

    # What make's own check is for: no flag in the rows above gets past C_OBJECT.
    refused not-without-no-lto 'libseccomp.a: does not define the symbols' CFLAGS='-O2 -flto=auto' C_OBJECT=-fPIC
    refused not-without-no-fat-lto 'libseccomp.a: has intermediate code' CFLAGS='-O2 -flto=auto -ffat-lto-objects' C_OBJECT=-fPIC
    refused not-hidden 'lacks seccomp_rule_add' C_OBJECT='-fPIC -fvisibility=hidden'
}

cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS CC CPPFLAGS CFLAGS LDFLAGS TEST_CFLAGS
only=("$@")
source scripts/report.sh

asked_for() { # NAME
    [ ${#only[@]} = 0 ] || [[ " ${only[*]} " == *" $1 "* ]]
}

build() { # NAME HOW VARIABLE=VALUE...
    local name=$1 how=$2 row=build/builds/$1 CC=cc CPPFLAGS='' CFLAGS='' LDFLAGS='' reason
    shift 2
    asked_for "$name" || return 0
    for assignment in "$@"; do
        case $assignment in
            CC=* | CPPFLAGS=* | CFLAGS=* | LDFLAGS=*) local "${assignment?}" ;;
        esac
    done
    rm -rf "$row"
    mkdir -p "$row"
    # shellcheck disable=SC2086 # words
    if ! echo 'int main(void) { return 0; }' |
        $CC $CPPFLAGS $CFLAGS -x c - $LDFLAGS -o "$row/nothing" > "$row/nothing.log" 2>&1; then
        skips "$name" "does not link a program here: $(head -n 1 "$row/nothing.log")"
        return
    fi
    local command=(make --no-print-directory "BUILD=$row" PROGRAMS=) # which no C compiler makes
    if [ "$how" = env ]; then
        command=(env "$@" "${command[@]}")
    else
        command+=("$@")
    fi
    if ! "${command[@]}" stage > "$row/make.log" 2>&1; then
        expect_none "$name" "make failed: $(tail -n 5 "$row/make.log")"
        return
    fi
    reason=$(scripts/library-problems.sh "$row/exports.txt" "$row/stage")
    # Flags of sharing mean nothing to a static program.
    if [ -z "$reason" ] && ! CC=$CC TEST_CFLAGS="$CPPFLAGS $CFLAGS ${LDFLAGS/#-pie/}" \
        TESTS='variadic_matches_array.c stops_forbidden_calls.c' tests-c/run.sh "$row/stage" > "$row/tests.log" 2>&1; then
        reason="tests failed: $(tail -n 8 "$row/tests.log")"
    fi
    expect_none "$name" "$reason"
}

debian() { # NAME VARIABLE=VALUE...
    local name=$1 flags=()
    shift
    if ! command -v dpkg-buildflags > /dev/null; then
        ! asked_for "$name" || skips "$name" 'no dpkg-buildflags here'
        return
    fi
    for variable in CPPFLAGS CFLAGS LDFLAGS; do
        flags+=("$variable=$(env "$@" dpkg-buildflags --get "$variable")")
    done
    build "$name" env "$@" "${flags[@]}"
}

refused() { # NAME MESSAGE VARIABLE=VALUE...
    local name=$1 message=$2 row=build/builds/$1 problem=''
    shift 2
    asked_for "$name" || return 0
    rm -rf "$row"
    mkdir -p "$row"
    if make --no-print-directory "BUILD=$row" PROGRAMS= "$@" > "$row/make.log" 2>&1; then
        problem='make built it'
    elif ! grep -q -F "$message" "$row/make.log"; then
        problem="make failed for another reason: $(tail -n 5 "$row/make.log")"
    elif [ -e "$row/libseccomp.so.2" ] && [ -e "$row/libseccomp.a" ]; then
        problem='what was refused is still there'
    fi
    expect_none "$name" "$problem"
}

table
summary && [ "$passed" -gt 0 ]
