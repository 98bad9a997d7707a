#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds the libraries that do not do their work (tests-c/controls): each check
# of a client must fail on those that it names in its fails-on line.
#   scripts/clients/controls.sh STAGE FOLDER
set -euo pipefail
stage=$(realpath "$1") folder=$2
cd "$(dirname "$0")/../.."
mkdir -p "$folder"

# The real library, with the functions that a control brings made replaceable.
weaken=()
for function in load rule_add rule_add_exact rule_add_array rule_add_exact_array; do
    weaken+=("--weaken-symbol=seccomp_$function")
done
objcopy "${weaken[@]}" "$stage/lib/libseccomp.a" "$folder/weak.a"

declare -A number=([empty]=1 [says-yes]=2 [no-load]=3 [no-rules]=4 [allows-all]=5)
for control in "${!number[@]}"; do
    rest=()
    [ "${number[$control]}" -lt 3 ] || rest=(-Xlinker --whole-archive "$folder/weak.a" -Xlinker --no-whole-archive)
    ${CC:-cc} -D_GNU_SOURCE -DCONTROL="${number[$control]}" -I"$stage/include" -shared -fPIC \
        -static-libgcc -Wl,-soname,libseccomp.so.2 -o "$folder/$control.so" \
        tests-c/controls/control.c "${rest[@]}"
done
