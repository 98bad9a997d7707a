# SPDX-License-Identifier: LGPL-2.1-only
#
# man-db puts every process of its pipeline (decompressing, converting,
# groff and its preprocessors) under a filter; a page must come out all the same.

package_version man-db
find_program program man
functions_of "$(dirname "$(ldd "$program" | awk '/libmandb-/ { print $3 }')")"/libman*.so "$program"
[[ "$(ldd "$program")" == *libseccomp* ]] || skip "this man is built without libseccomp"

cat > "$work/page.1" <<'EOF'
.TH PAGE 1
.SH NAME
page \- through a filtered pipeline
EOF
gzip "$work/page.1"
export MANPATH=$work MANWIDTH=80 LC_ALL=C
unset MAN_DISABLE_SECCOMP

prove_filter "$program" -P cat -l "$work/page.1.gz"
on_library timeout 30 "$program" -P cat -l "$work/page.1.gz" > "$work/text" 2>&1 ||
    fail "man ended with $?: $(tail -n 1 "$work/text")"
grep -q 'through a filtered pipeline' "$work/text" || fail "no page: $(tail -n 1 "$work/text")"
echo "ok: man rendered its page; $way"
