# SPDX-License-Identifier: LGPL-2.1-only
#
# Its handler of SIGSYS asks the library for the call's name, under the filter.

program=/usr/libexec/tracker-extract-3
[ -x $program ] || program=/usr/libexec/localsearch-extractor-3 # its name in Debian 13
[ -x $program ] || skip "tracker-extract is not installed"
package_version tracker-extract
functions_of $program

picture "$work/picture.png"
export HOME=$work
command=(dbus-run-session "$program" -f "$work/picture.png" -o json)
prove_filter "${program##*/}" ptrace "${command[@]}"
runs "${program##*/}" "${command[@]}"
grep -q 'nfo:width' "$work/log" || fail "no size: $(tail -n 1 "$work/log")"
echo "ok: a picture's size under the filter"
