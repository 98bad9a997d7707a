# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash disable=SC2034,SC2154 # the counts are read there, work made there
#
# For scripts that check one thing after another, which source it and end with `summary`.
passed=0 failed=0 skipped=0
expect_none() { # WHAT PROBLEM ("" is good)
    if [ -z "$2" ]; then
        echo "ok - $1"
        passed=$((passed + 1))
    else
        printf 'not ok - %s:\n%s\n' "$1" "$2"
        failed=$((failed + 1))
    fi
}
skips() { # WHAT WHY: a failure with MUST_RUN, which CI sets
    if [ -n "${MUST_RUN:-}" ]; then
        expect_none "$1" "skipped: $2"
    else
        echo "skipped: $1: $2"
        skipped=$((skipped + 1))
    fi
}
equal() { expect_none "$1" "$(diff <(echo "$2") <(echo "$3") || true)"; } # WHAT GOT WANT
must() { # WHAT COMMAND...: the output is in $work/log; ends the script if the command fails
    local what=$1 start=$SECONDS
    shift
    "$@" > "$work/log" 2>&1 || { expect_none "$what" "$(tail -n 40 "$work/log"; echo 'it failed')"; exit 1; }
    expect_none "$what ($((SECONDS - start)) s)" ''
}
summary() { # fails if something did, or if nothing was asked
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && [ $((passed + skipped)) -gt 0 ]
}
