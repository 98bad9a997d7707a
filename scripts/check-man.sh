#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# The manual says what the header says, and its examples run:
# mandoc finds no fault in a page; each function of the header has a page, and each
# name in a page is one of the header's; prototypes and error codes are the header's;
# each program under EXAMPLES compiles without a warning, runs on the library of
# STAGE (an installed tree), and prints what the page says. In the pages of programs,
# EXAMPLES are commands after a "$" and what they print.
#   scripts/check-man.sh STAGE
set -euo pipefail
stage=$(realpath "$1")
cd "$(dirname "$0")/.."
out=${BUILD:-build}/man
rm -rf "$out"
mkdir -p "$out"
export LC_ALL=C

source scripts/report.sh
read -ra cc <<< "${CC:-cc}"

command -v mandoc > /dev/null || { echo 'check-man: mandoc is missing: make deps' >&2; exit 1; }
mapfile -t pages < <(find man -name '*.[1-8]' -type f | sort)
# Whether a page is installed here says nothing, and the footer names what the pages are of.
# More than 4: mandoc itself failed.
expect_none "mandoc: ${#pages[@]} pages" "$(status=0
    mandoc -T lint -W style "${pages[@]}" > "$out/lint" 2> "$out/lint.errors" || status=$?
    [ $status -le 4 ] || { echo "mandoc ended with $status"; cat "$out/lint.errors"; }
    grep -v -e ': STYLE: referenced manual not found: ' -e ': STYLE: operating system explicitly specified: ' "$out/lint" || true)"

header=$("${cc[@]}" -E -dD -Iinclude include/seccomp.h)
normalised() { # one declaration a line
    tr -s '[:space:]' ' ' | tr ';' '\n' | sed -e 's/ *\([*(),]\) */\1/g' -e 's/^ //' | grep '[* ]seccomp_[a-z_]*(' | sort
}
declared=$(grep -v '^#' <<< "$header" | normalised)
# As a reader sees it, without bold type and underlining.
synopsis() { mandoc -T ascii -O width=200 "$1" | sed -e 's/.\x08//g' | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p'; }
equal 'prototypes' "$(for page in $(printf '%s\n' "${pages[@]}" | grep -v '^man/man1/'); do synopsis "$page" | grep -v -e '^[A-Z]' -e '#include'; done | normalised)" "$declared"
equal 'a page for each function' "$(find man/man3 -name '*.3' -printf '%f\n' | sed 's/\.3$//' | sort)" \
    "$(grep -o 'seccomp_[a-z_]*(' <<< "$declared" | tr -d '(' | sort)"
expect_none 'each page names its functions' "$(for page in man/man?/*; do
    sed '/^\.Sh SYNOPSIS/q' "$page" | grep -q -x -e "\.Nm $(basename "${page%.*}")\( ,\)\?" || echo "$page"
done)"
expect_none 'each name is known' "$(sed '/^\.Dt /d' "${pages[@]}" | grep -oE '\b(seccomp|scmp|SCMP|SECCOMP|__NR_SCMP)_[A-Za-z0-9_]+' | sort -u |
    grep -v -x seccomp_unotify | while read -r name; do
        grep -q -w -e "$name" <<< "$header" || [ -e "man/man1/$name.1" ] || echo "$name"
    done)"
expect_none 'a page for each program of scmp-tools' "$(for program in crates/scmp-tools/src/bin/*.rs; do
    [ -e "man/man1/$(basename "$program" .rs).1" ] || echo "$program"
done)"
expect_none 'each page that is referred to is there' "$(sed -n 's/^\.Xr \([a-z]*\(seccomp\|scmp\)[a-z_]*\) \([1-8]\).*/man\/man\3\/\1.\3/p' "${pages[@]}" |
    sort -u | grep -v -x -e man/man2/seccomp.2 -e man/man2/seccomp_unotify.2 | while read -r page; do [ -e "$page" ] || echo "$page"; done)"

# "PAGE -CODE", by the comment above each function, and by the lists in the pages.
codes_of_header=$(awk '
    /^\/\*\*/ { codes = "" }
    /^\/\*\*|^ \*/ {
        for (text = $0; match(text, /-E[A-Z0-9]+/); text = substr(text, RSTART + RLENGTH))
            codes = codes " " substr(text, RSTART, RLENGTH)
        next
    }
    match($0, /seccomp_[a-z_]+\(/) {
        count = split(codes, each, " ")
        for (i = 1; i <= count; i++)
            print substr($0, RSTART, RLENGTH - 1), each[i]
        codes = ""
    }' include/seccomp.h | while read -r name code; do
    echo "$(basename "$(realpath "man/man3/$name.3")" .3) $code"
done | sort -u)
codes_of_pages=$(for page in man/man3/*.3; do
    [ -L "$page" ] || sed -n "s/^\.It Er \\\\\(-E[A-Z0-9]*\)\$/$(basename "$page" .3) \1/p" "$page"
done | sort -u)
expect_none 'pages have all error codes of the header' "$(comm -23 <(echo "$codes_of_header") <(echo "$codes_of_pages"))"
# These three are every function's, says the header.
expect_none 'pages have no others' "$(comm -13 <(echo "$codes_of_header") <(echo "$codes_of_pages") |
    grep -v -e ' -EINVAL$' -e ' -ENOMEM$' -e ' -EFAULT$' || true)"

expect_none 'the staged tree has all pages' "$(diff -r man "$stage/share/man" || true)"

# Literal blocks under EXAMPLES: a program begins with #include; the block after it is
# what the program prints. "$ " begins a block of commands.
for page in "${pages[@]}"; do
    awk -v out="$out/$(basename "$page")" '
        /^\.Sh / { examples = $2 == "EXAMPLES" }
        !examples { next }
        /^\.Bd -literal/ { block = 1; first = 1; next }
        /^\.Ed/ { block = 0; next }
        block {
            if (first) {
                kind = /^#include/ ? ".c" : /^\$ / ? ".session" : ".expected"
                number += kind != ".expected"
                file = out "-" number kind
                printf "" > file
                first = 0
            }
            gsub(/\\e/, "\001"); gsub(/\\-/, "-"); gsub(/\\&/, "")
            if (/\\/) { print FILENAME ":" FNR ": unknown escape" > "/dev/stderr"; exit 1 }
            gsub(/\001/, "\\")
            print > file
        }' "$page"
done

# The first release of Linux that has what an example calls.
kernel_wanted() { # SOURCE
    case "$(< "$1")" in
        *seccomp_notify_addfd*) echo 5.9 ;;
        *seccomp_notify_*) echo 5.0 ;;
        *) echo 3.17 ;;
    esac
}
flags=()
eval "flags=($(PKG_CONFIG_LIBDIR=$stage/lib/pkgconfig PKG_CONFIG_PATH='' pkg-config --cflags --libs libseccomp))"
run() { # SOURCE: what is wrong
    local program=${1%.c} status=0
    "${cc[@]}" -O1 -Wall -Wextra -Wno-missing-field-initializers -Werror -o "$program" "$1" \
        "${flags[@]}" "-Wl,-rpath,$stage/lib" 2>&1 || return 0
    timeout 20 "$program" < /dev/null > "$program.out" 2> "$program.err" || status=$?
    [ "$status" = 0 ] || { echo "exit status $status"; cat "$program.out"; }
    cat "$program.err"
    [ ! -e "$program.expected" ] || diff "$program.expected" "$program.out" || true
}
session() { # FILE: what is wrong
    local line
    mkdir "$1.folder"
    while IFS= read -r line; do
        [[ $line == '$ '* ]] || continue
        echo "$line"
        (cd "$1.folder" && PATH=$stage/bin:$PATH timeout 20 bash -c "${line#'$ '}" 2>&1 < /dev/null) || echo "exit status $?"
    done < "$1" > "$1.out"
    diff "$1" "$1.out" || true
}
examples=0
for page in "${pages[@]}"; do
    name=$(basename "$page")
    # Every page has at least one.
    mapfile -t sources < <(find "$out" -maxdepth 1 -name "$name-*.c" -o -maxdepth 1 -name "$name-*.session" | sort)
    [ ${#sources[@]} -gt 0 ] || { expect_none "$name" 'no example'; continue; }
    for source in "${sources[@]}"; do
        wanted=$(kernel_wanted "$source")
        if [ "$(printf '%s\n' "$wanted" "$(uname -r)" | sort -V | head -n 1)" != "$wanted" ]; then
            echo "skipped: $(basename "$source"): needs Linux $wanted"
            continue
        fi
        case $source in
            *.session) problem=$(session "$source") ;;
            *) problem=$(run "$source") ;;
        esac
        expect_none "example $(basename "$source")" "$problem"
        examples=$((examples + 1))
    done
done
echo "$examples examples"
summary
