#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only
#
# Fills in libseccomp.pc.in, from standard input to standard output, with PREFIX,
# LIBDIR, INCLUDEDIR, VERSION and STATIC_FLAGS, which static programs need, of the environment. Paths below the prefix are
# written relative to it, so that pkg-config --define-prefix can move the tree.
set -eu

# shellcheck disable=SC2016 # pkg-config expands it
below_prefix() {
    case $1 in
        "$PREFIX"/*) printf '${prefix}/%s' "${1#"$PREFIX"/}" ;;
        *) printf %s "$1" ;;
    esac
}
# What is special in sed's replacements.
value() { printf %s "$1" | sed 's/[|&\\]/\\&/g'; }

sed -e "s|@PREFIX@|$(value "$PREFIX")|" -e "s|@VERSION@|$VERSION|" \
    -e "s|@LIBDIR@|$(value "$(below_prefix "$LIBDIR")")|" \
    -e "/@STATIC_FLAGS@/{ s|@STATIC_FLAGS@|${STATIC_FLAGS:-}|; /: \$/d; }" \
    -e "s|@INCLUDEDIR@|$(value "$(below_prefix "$INCLUDEDIR")")|"
