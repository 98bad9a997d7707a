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

for control in empty says-yes no-load no-rules allows-all; do
    rest=(-Xlinker --whole-archive "$folder/weak.a" -Xlinker --no-whole-archive)
    [[ $control != empty && $control != says-yes ]] || rest=()
    name=${control^^}
    ${CC:-cc} -D_GNU_SOURCE "-D${name//-/_}" -shared -fPIC -static-libgcc \
        -Wl,-soname,libseccomp.so.2 -o "$folder/$control.so" \
        tests-c/controls/control.c "${rest[@]}"
done
