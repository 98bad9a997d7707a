# SPDX-License-Identifier: LGPL-2.1-only
#
# Reads the logs of run-batch.sh, named SUITE/PROGRAMS/log/MODE/BATCH below the
# current folder, and sets what ran on ours beside what ran on the C library
# (whose PROGRAMS is `clib`). Ends with one line of sums, and with 1 if ours
# failed anything, or ran fewer checks than the C library in any suite, mode and
# type: a check that was silently left out is no success.
#
# The file `counts` has how many the C library runs: "SUITE MODE TYPE RUN". With
# `recorded`, it has not run, and the file is believed; otherwise, if the run was
# `whole`, the file must be right, or is written (`bless`).

BEGIN {
    while ((getline line < counts) > 0) {
        split(line, words, " ")
        key = words[1] " " words[2] " clib" SUBSEP words[3]
        of_file[key] = words[4]
        if (!recorded) continue
        run[key] = words[4]
        add_suite(words[1])
        add_type(words[3])
    }
    close(counts)
}

FNR == 1 {
    end_of_log()
    split(FILENAME, path, "/")
    suite = path[1]; programs = path[2]; mode = path[4]; batch = path[5]
    config = suite " " mode " " programs
    complete = failures = 0; status = type = ""
    add_suite(suite)
}

/^ test type: / {
    type = $3
    add_type(type)
}

/^Test .* result: / {
    # Some results and the next line of output share a line; the word decides.
    result = $0
    sub(/.* result: */, "", result)
    sub(/ .*/, "", result)
    if (result == "SKIPPED") skipped[config, type]++
    else run[config, type]++
    if (result != "SKIPPED" && result != "SUCCESS") {
        failures++
        failed[config, type]++
        print config ", " type ": " $0
    }
}

/^Regression Test Summary/ { complete = 1 }
/^exit status: / { status = $3 }

END {
    end_of_log()
    head = "%-6s %-7s %-7s %-13s %7s %7s %7s   %s\n"
    printf head, "suite", "mode", "linked", "type", "run", "failed", "skipped", \
        "C library: run, failed, skipped"
    for (s = 1; s <= n_suites; s++) {
        compare(suites[s], "c", "shared")
        compare(suites[s], "c", "static")
        compare(suites[s], "python", "static")
    }
    if (!sum_run) print "nothing ran"
    if (whole == "yes" && !recorded) compare_with_file()
    printf "%d passed, %d failed, %d skipped\n", sum_run - sum_failed, \
        sum_failed + broken, sum_skipped
    exit sum_failed || broken || fewer || !sum_run
}

function add_suite(name) {
    if (!(name in seen)) suites[++n_suites] = name
    seen[name]
}

function add_type(name) {
    if (!(name in seen)) types[++n_types] = name
    seen[name]
}

# The suite's script ends with 2, 4 or 6 for what it has reported itself.
function end_of_log() {
    if (config == "" || (complete && (status == 0 || failures))) return
    print config ": " batch " did not run to its end, status " status ": " path_of_log()
    broken++
}

function path_of_log() { return suite "/" programs "/log/" mode "/" batch }

function compare(suite, mode, programs,    t, ours, theirs) {
    for (t = 1; t <= n_types; t++) {
        ours = suite " " mode " " programs SUBSEP types[t]
        theirs = suite " " mode " clib" SUBSEP types[t]
        sum_run += run[ours]; sum_failed += failed[ours]; sum_skipped += skipped[ours]
        if (run[ours] + run[theirs] + skipped[ours] + skipped[theirs] == 0) continue
        printf head, suite, mode, programs, types[t], run[ours] + 0, failed[ours] + 0, \
            skipped[ours] + 0, \
            recorded ? run[theirs] + 0 " recorded" verdict(ours, theirs) : \
                sprintf("%d, %d, %d%s", run[theirs], failed[theirs], skipped[theirs], verdict(ours, theirs))
    }
}

function compare_with_file(    s, m, t, modes, what, key, lines) {
    split("c python", modes)
    for (s = 1; s <= n_suites; s++)
        for (m = 1; m <= 2; m++)
            for (t = 1; t <= n_types; t++) {
                what = suites[s] " " modes[m] " " types[t]
                key = suites[s] " " modes[m] " clib" SUBSEP types[t]
                if (run[key]) lines = lines what " " run[key] "\n"
                if (bless || run[key] + 0 == of_file[key] + 0) continue
                print what ": the C library ran " run[key] + 0 ", " counts " says " of_file[key] + 0 ": BLESS=1"
                broken++
            }
    if (bless) printf "%s", lines > counts
}

function verdict(ours, theirs) {
    if (run[ours] < run[theirs]) { fewer++; return "   FEWER RUN ON OURS" }
    if (run[ours] && !run[theirs]) { fewer++; return "   NOTHING TO COMPARE WITH" }
}
