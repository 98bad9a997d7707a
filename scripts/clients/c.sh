# SPDX-License-Identifier: LGPL-2.1-only
#
# What the filter decides is seen by the check of bubblewrap, which is given it.

source=$top/tests-c/clients/export.c
echo "version: $(${CC:-cc} -dumpfullversion)"
# SCMP_A0(op, value) leaves out the mask's value, on purpose; it is a compound
# literal, which pedantic C++ does not know.
quiet=(-Wall -Wextra -Werror -Wno-missing-field-initializers -I"$stage/include")
wanted=
for language in c99 c11 c17 c++17; do
    program=$built/$language
    if ! is_current "$program" "$source"; then
        read -ra compiler <<< "${CC:-cc}"
        compiler+=("${quiet[@]}" -pedantic)
        if [[ $language == c++* ]]; then
            read -ra compiler <<< "${CXX:-c++} -x c++"
            compiler+=("${quiet[@]}")
        fi
        "${compiler[@]}" -std=$language -c "$source" -o "$program.o" > "$work/log" 2>&1 ||
            fail "$language: $(grep -m 1 -i -e error -e warning "$work/log")"
        ${CC:-cc} "$program.o" -o "$program" -L"$stage/lib" -lseccomp
        ${CC:-cc} "$program.o" -o "$program.static" "$stage/lib/libseccomp.a"
    fi
    fresh_report
    watched "$program" > "$work/filter" || fail "$language: nothing exported"
    saw_library "${language//+/.}"
    [ "$(stat -c %s "$work/filter")" -gt 100 ] || fail "$language: a filter of $(stat -c %s "$work/filter") bytes"
    sum=$(cksum < "$work/filter")
    [ "${wanted:=$sum}" = "$sum" ] || fail "$language exports another filter"
    [ "$("$program.static" | cksum)" = "$sum" ] || fail "$language exports another filter linked statically"
done
functions_of "$built/c99"
echo "ok: $(($(stat -c %s "$work/filter") / 8)) instructions, four times"
