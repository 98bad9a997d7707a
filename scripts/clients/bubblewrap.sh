# SPDX-License-Identifier: LGPL-2.1-only
#
# How flatpak and browsers do it. Loading is not this library's, so the libraries
# that do not load can not be noticed.

find_program program bwrap
package_version bubblewrap
exporter=$built/export
is_current "$exporter" "$top/tests-c/clients/export.c" ||
    ${CC:-cc} -O1 -Wall -Wextra -Wno-missing-field-initializers -I"$stage/include" "$top/tests-c/clients/export.c" -o "$exporter" \
        -L"$stage/lib" -lseccomp
functions_of "$exporter"

fresh_report
watched "$exporter" > "$work/filter" || fail "nothing exported"
saw_library export
works "$program" --ro-bind "$inside" /inside --proc /proc --seccomp 7 -- \
    /inside "${usual_calls[@]}" 7< "$work/filter"
grep -q -E "^filter [0-9]+ .*bwrap $(($(stat -c %s "$work/filter") / 8))\$" "$report" || fail "it loaded another filter"
answered 'getpid ok' 'sysfs errno 33' 'personality ok' 'personality1 errno 44' 'sysfs32 errno 33' 'getpid32 ok'
echo "ok: the exported filter, seen from inside"
