# SPDX-License-Identifier: LGPL-2.1-only
#
# The page of figures, out of the lines of benches/bench.c, machine.sh and
# runc.sh: KIND OF WHAT SIDE MINIMUM MEDIAN TIMES, separated by tabs. The first
# table has what was aimed at; a figure that misses it says what stands in the
# way, with the floor where one was measured.

BEGIN { FS = OFS = "\t" }

$1 == "fact" { facts[++fact_count] = "| " $2 " | " $3 " |"; next }
$1 == "cause" { cause_of[$2] = $3; next }
$1 == "skipped" { skipped[$2] = $3; next }
$1 == "program" {
    if (!($2 in seen)) { seen[$2] = 1; cases[++case_count] = $2 }
    length_of[$2, $3] = $4; executed[$2, $3] = $5; accepted[$2] = $6
    next
}
$1 == "trace" { in_trace[$2, $3, $4] = $5; if (!traced[$3]++) traces[++trace_count] = $3; next }
$1 == "count" {
    least["count", $2, $3, $4] = $5
    if ($3 != "export" && $3 != "PFC") least["count", $2, "total", $4] += $5
    next
}
{ least[$1, $2, $3, $4] = $5; median[$1, $2, $3, $4] = $6 }

function has(kind, of, what, side) { return (kind, of, what, side) in least }
# The sum over profiles, "" if one of them was not measured.
function total(kind, of, what, side,    names, n, sum) {
    for (n = split(of, names, " "); n > 0; n--) {
        if (!has(kind, names[n], what, side)) return ""
        sum += least[kind, names[n], what, side]
    }
    return sum
}
# What runs on average of a program: the mean over the traces.
function over_traces(of, side,    i, sum) {
    for (i = 1; i <= trace_count; i++) sum += in_trace[of, traces[i], side]
    return ratio(sum, trace_count)
}
function ratio(a, b) { return b > 0 ? a / b : 0 }
function short(x, digits) { return sprintf("%.*f", digits, x) }
function times(x) { return x == 0 ? "" : x < 10 ? sprintf("%.2f", x) : x < 100 ? sprintf("%.1f", x) : sprintf("%.0f", x) }
# From microseconds.
function duration(x) {
    if (x < 1) return sprintf("%.3g ns", x * 1000)
    if (x < 999.5) return sprintf("%.3g µs", x)
    return sprintf(x < 999500 ? "%.3g ms" : "%.0f ms", x / 1000)
}
function many(x) {
    if (x < 10000) return sprintf("%d", x)
    if (x < 999500) return sprintf("%.3g k", x / 1e3)
    return x < 999500000 ? sprintf("%.3g M", x / 1e6) : sprintf("%.3g G", x / 1e9)
}

function target(figure, wanted, theirs, ours, quotient, met, cause) {
    printf "| %s | %s | %s | %s | %s | %s |\n", figure, wanted, theirs, ours, quotient,
        met ? "met" : "**not met**" (cause ? ": " cause : "")
    missed += !met; aims++
}
function not_measured(figure, wanted, why) {
    printf "| %s | %s | | | | skipped: %s |\n", figure, wanted, why
}
# What of a figure remains where the library does nothing, as part of its aim.
function floor(what, of, text,    x) {
    x = total("floor", of, what, "ours")
    return x == "" ? "" : ", " duration(x) " of it " text
}
# What a function takes by itself that is called a thousand times.
function function_floor(what, of, text,    x) {
    x = total("floor", of, what, "ours")
    return x == "" ? "" : ", and " text " takes " duration(x / 1000)
}
function rules_floor(of) { return floor("refused rules", of, "for the calls that add rules") }
# So many times as fast, by the minimum, over one or more profiles.
function faster(figure, kind, of, what, wanted, cause,    c, o) {
    c = total(kind, of, what, "c"); o = total(kind, of, what, "ours")
    if (o == "") { not_measured(figure, wanted " times", "no measurement"); return }
    if (kind == "lookup") { c /= 1000; o /= 1000 }
    target(figure, wanted " times", duration(c), duration(o), times(ratio(c, o)), ratio(c, o) >= wanted,
        duration(c / wanted) " would do" cause)
}
function life(figure, of, wanted) { faster(figure ", a filter's life", "time", of, "total", wanted, rules_floor(of) kept(of)) }
# What it takes when the heap is not given back meanwhile.
function kept(of) {
    return has("kept", of, "total", "ours") ? ", and " duration(least["kept", of, "total", "ours"]) " it takes with a heap that keeps its memory" : ""
}
function lookup(what, figure, wanted, cause) { faster(figure, "lookup", "systemd-system-service", what, wanted, cause) }
function at_most(figure, wanted, unit, c, o, digits, cause) {
    target(figure, "at most " wanted unit, short(c, digits) unit, short(o, digits) unit, times(ratio(c, o)), o <= wanted, cause)
}

# Slope of a least-squares line through logarithms, and of its last step.
function growth(kind, what, side, x_is, first, last,    i, n, x, y, sx, sy, sxx, sxy, px, py, of) {
    for (i = first; i <= last; i++) {
        of = series[i]
        if (!has(kind, of, what, side)) return ""
        x = log(x_is == "rules" ? accepted[of] : x_is == "instructions" ? length_of[of, "c-1"] : architectures[of])
        y = log(least[kind, of, what, side])
        step = n ? (y - py) / (x - px) : 0
        px = x; py = y; n++
        sx += x; sy += y; sxx += x * x; sxy += x * y
    }
    step_exponent = step
    return (n * sxy - sx * sy) / (n * sxx - sx * sx)
}
function growth_row(figure, what, x_is, text, first, last,    c, o, oi, ok, worst, cause) {
    split(text, names, " ")
    for (i in names) series[i + 0] = names[i]
    c = growth("time", what, "c", x_is, first, last)
    if (c == "") { not_measured(figure, "at most 1.1", "no measurement"); return }
    c = sprintf("%.2f, last step %.2f", c, step_exponent)
    o = growth("time", what, "ours", x_is, first, last)
    worst = step_exponent > o ? step_exponent : o
    o = sprintf("%.2f, last step %.2f", o, step_exponent)
    oi = growth("count", what, "ours", x_is, first, last)
    if (oi != "") {
        o = o sprintf("; counted %.2f, last step %.2f", oi, step_exponent)
        if (oi < step_exponent) oi = step_exponent
        if (oi > worst) worst = oi
        else if (oi <= 1.1) cause = "the instructions counted meet it"
    }
    ok = growth("kept", what, "ours", x_is, first, last)
    if (ok != "" && worst > 1.1)
        cause = (cause ? cause "; " : "") sprintf("with a heap that keeps its memory it is %.2f, last step %.2f", ok, step_exponent) \
            ": the rest is the kernel's, for pages that malloc(3) gives back and asks for again"
    target(figure, "at most 1.1", c, o, "", worst <= 1.1, cause)
}

function targets(    i, j, of, systemd, cause, by_trace, worst, which, most, c, o, none, wanted) {
    print "| figure | aim | C library | ours | ratio | |"
    print "|---|---|---|---|---|---|"
    systemd = "systemd-system-service systemd-system-service-x86 systemd-system-service-x32"
    life("docker, 3 ABIs", "docker", 250)
    faster("docker, 3 ABIs, rule_add", "time", "docker", "rule_add", 200, rules_floor("docker"))
    faster("docker, 3 ABIs, generate", "time", "docker", "generate", 500)
    life("podman, 3 ABIs", "podman", 250)
    life("systemd @system-service, exact, its filters of 3 ABIs", systemd, 300)
    life("docker's rules, 12 ABIs", "docker-on-12", 1000)
    life("argument-heavy, 1000 pairs", "arguments-2-1000", 30)
    life("argument-heavy, a daemon's", "daemon-arguments", 30)
    life("openssh", "openssh", 12)
    life("flatpak", "flatpak", 12)
    life("1000 EQ rules on one system call", "argument-1000", 150)
    faster("docker, 3 ABIs, PFC", "time", "docker", "PFC", 8, floor("write", "docker", "for write(2) of as many bytes"))

    growth_row("growth with rules on one system call, 10 to 4000", "total", "rules",
        "argument-10 argument-100 argument-1000 argument-4000", 1, 4)
    growth_row("growth with system calls, 25 to 400", "total", "rules", "calls-25 calls-100 calls-400", 1, 3)
    growth_row("growth with architectures, 1 to 12", "total", "architectures",
        "docker-on-1 docker-on-3 docker-on-6 docker-on-12", 1, 4)
    growth_row("growth of generate with instructions, one system call", "generate", "instructions",
        "argument-10 argument-100 argument-1000 argument-4000", 1, 4)
    growth_row("growth of generate with instructions, architectures", "generate", "instructions",
        "docker-on-1 docker-on-3 docker-on-6 docker-on-12", 1, 4)

    of = "systemd-system-service"
    cause = function_floor("arch_native", of, "a function of the library that does next to nothing")
    lookup("resolve_name", "resolve_name", 3.5, cause)
    lookup("resolve_name_arch x86", "resolve_name_arch, names of x86", 12, cause)
    lookup("resolve_num_arch", "resolve_num_arch", 10, function_floor("copy of a name", of, "a function that does nothing but copy one name for free(3)"))
    c = ratio(least["lookup", of, "refused exact rule", "c"], least["lookup", of, "refused exact rule, no others", "c"])
    o = ratio(least["lookup", of, "refused exact rule", "ours"], least["lookup", of, "refused exact rule, no others", "ours"])
    target("a refused exact rule, and how many times what it takes in a filter without rules", "at most 1.25 times",
        duration(least["lookup", of, "refused exact rule", "c"] / 1000) ", " times(c) " times",
        duration(least["lookup", of, "refused exact rule", "ours"] / 1000) ", " times(o) " times", "", o <= 1.25)

    at_most("docker, 3 ABIs, calls of malloc", 40, "", least["heap", "docker", "total", "c"], least["heap", "docker", "total", "ours"], 0,
        sprintf("init and arch_add %d, rule_add %d, generate %d", least["heap", "docker", "init+arch", "ours"],
            least["heap", "docker", "rule_add", "ours"], least["heap", "docker", "generate", "ours"]))
    at_most("docker, 3 ABIs, peak heap", 128, " kB", median["heap", "docker", "total", "c"] / 1000, median["heap", "docker", "total", "ours"] / 1000, 0)

    at_most("docker, level 2, instructions", 335, "", length_of["docker", "c-2"], length_of["docker", "ours-2"], 0)
    for (i = 1; i <= trace_count; i++) by_trace = by_trace (i > 1 ? ", " : "") traces[i] " " in_trace["docker", traces[i], "ours-2"]
    at_most("docker, level 2, executed on average over the traces", 8.5, "", over_traces("docker", "c-2"),
        over_traces("docker", "ours-2"), 2, by_trace)
    for (i = 1; i <= case_count; i++) {
        of = cases[i]
        if (ratio(length_of[of, "ours-2"], length_of[of, "c-2"]) > worst) { worst = ratio(length_of[of, "ours-2"], length_of[of, "c-2"]); which = of }
    }
    target("level 2, longest beside the C library's level 2, of these profiles", "at most 1.02 times",
        length_of[which, "c-2"] " (" which ")", length_of[which, "ours-2"], times(ratio(1, worst)), worst <= 1.02)
    worst = 0
    for (i = 1; i <= case_count; i++) for (j = 0; j <= 1; j++) {
        of = cases[i]
        c = j ? over_traces(of, "c-2") : executed[of, "c-2"]
        o = j ? over_traces(of, "ours-2") : executed[of, "ours-2"]
        if (ratio(o, c) > worst) { worst = ratio(o, c); which = short(c, 2) " (" of (j ? ", traces)" : ")"); most = short(o, 2) }
    }
    target("level 2, instructions executed on average beside the C library's level 2, where they are most, over own calls and over the traces",
        "at most 1 times", which, most, times(ratio(1, worst)), worst <= 1)

    o = least["kernel", "docker", "install", "ours-2"]; none = least["kernel", "docker", "install", "floor"]
    for (i = 2; i >= 1; i--) {
        c = least["kernel", "docker", "install", "c-" i]
        wanted = i == 2 ? 2.4 : 8.5
        target("docker, level 2, installed by the kernel, beside the C library's level " i, wanted " times",
            duration(c), duration(o), times(ratio(c, o)), ratio(c, o) >= wanted,
            duration(c / wanted) " would do; a program of one instruction takes " duration(none) \
            ", and without that in both it is " times(ratio(c - none, o - none)) " times")
    }

    c = least["library", "-", "dlopen", "c"]; o = least["library", "-", "dlopen", "ours"]
    target("dlopen", "at most 1.25 times", duration(c), duration(o), times(ratio(c, o)), o <= 1.25 * c,
        "a library with nothing in it takes " duration(least["library", "-", "dlopen", "floor"]))
    at_most("size, stripped", 400, " kB", least["library", "-", "size", "c"] / 1000, least["library", "-", "size", "ours"] / 1000, 1,
        cause_of["size"])
    c = least["library", "-", "relocations", "c"]
    at_most("relocations", c, "", c, least["library", "-", "relocations", "ours"], 0, cause_of["relocations"])

    if ("runc" in skipped) {
        not_measured("runc run, what the containers' default profile adds", "at most 3 ms", skipped["runc"])
    } else {
        none = least["runc", "-", "run", "none"]
        c = least["runc", "-", "run", "c"] - none; o = least["runc", "-", "run", "ours"] - none
        target("runc run, what the containers' default profile adds (to " duration(none) ")", "at most 3 ms",
            duration(c), duration(o), times(ratio(c, o)), o <= 3000,
            duration(least["runc", "-", "run", "nothing"] - none) " with a library that does nothing but write the same program," \
            " of which the kernel takes " duration(least["kernel", "podman", "install", "ours-1"]) " to install it")
    }
    printf "\n%d of %d aims that were measured are met.\n", aims - missed, aims
}

function phase_table(    i, p, of, names, n, c, o) {
    n = split("resolve init+arch rule_add generate export PFC release total", names, " ")
    print "| profile | phase | C library, least | median | ours, least | median | ratio | C library's instructions | ours | ratio |"
    print "|---|---|---|---|---|---|---|---|---|---|"
    for (i = 1; i <= case_count; i++) for (p = 1; p <= n; p++) {
        of = cases[i]
        c = least["time", of, names[p], "c"]; o = least["time", of, names[p], "ours"]
        printf "| %s | %s | %s | %s | %s | %s | %s |", p == 1 ? of : "", names[p], duration(c),
            duration(median["time", of, names[p], "c"]), duration(o), duration(median["time", of, names[p], "ours"]), times(ratio(c, o))
        if (has("count", of, names[p], "c")) {
            c = least["count", of, names[p], "c"]; o = least["count", of, names[p], "ours"]
            printf " %s | %s | %s |\n", many(c), many(o), times(ratio(c, o))
        } else print " | | |"
    }
}

function program_table(    i, j, of, row, sides) {
    split("c-1 ours-1 c-2 ours-2", sides, " ")
    print "| profile | rules taken | level 1: C library | ours | level 2: C library | ours" \
        " | executed, level 1: C library | ours | level 2: C library | ours" \
        " | over traces, level 1: C library | ours | level 2: C library | ours |"
    print "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    for (i = 1; i <= case_count; i++) {
        of = cases[i]
        row = "| " of " | " accepted[of] " |"
        for (j = 1; j <= 4; j++) row = row " " length_of[of, sides[j]] " |"
        for (j = 1; j <= 4; j++) row = row " " executed[of, sides[j]] " |"
        for (j = 1; j <= 4; j++) row = row " " short(over_traces(of, sides[j]), 2) " |"
        print row
    }
}

function trace_table(    i, j, sides) {
    split("c-1 ours-1 c-2 ours-2", sides, " ")
    print "| docker under | level 1: C library | ours | level 2: C library | ours |"
    print "|---|---|---|---|---|"
    for (i = 1; i <= trace_count; i++) {
        printf "| %s |", traces[i]
        for (j = 1; j <= 4; j++) printf " %s |", in_trace["docker", traces[i], sides[j]]
        print ""
    }
}

function heap_table(    i, of) {
    print "| profile | calls of malloc: C library | ours | peak: C library | ours |"
    print "|---|---|---|---|---|"
    for (i = 1; i <= case_count; i++) {
        of = cases[i]
        printf "| %s | %d | %d | %.1f kB | %.1f kB |\n", of, least["heap", of, "total", "c"], least["heap", of, "total", "ours"],
            median["heap", of, "total", "c"] / 1000, median["heap", of, "total", "ours"] / 1000
    }
}

function kernel_table(    i, p, j, of, names, sides, n, m, unit) {
    n = split("first|load|install|call always allowed|call with a checked argument", names, "|")
    m = split("c-1 ours-1 c-2 ours-2 floor", sides, " ")
    print "| profile | | C library, level 1 | ours, level 1 | C library, level 2 | ours, level 2 | floor |"
    print "|---|---|---|---|---|---|---|"
    for (i = 1; i <= case_count; i++) for (p = 1; p <= n; p++) {
        of = cases[i]
        if (!has("kernel", of, names[p], "c-1")) continue
        printf "| %s | %s |", of, names[p]
        # Calls are counted by the thousand.
        unit = p > 3 ? 1000 : 1
        for (j = 1; j <= m; j++)
            if (has("kernel", of, names[p], sides[j]))
                printf " %s, median %s |", duration(least["kernel", of, names[p], sides[j]] / unit),
                    duration(median["kernel", of, names[p], sides[j]] / unit)
            else printf " |"
        print ""
    }
}

END {
    for (i in seen) architectures[i] = i ~ /-on-[0-9]+$/ ? substr(i, match(i, /[0-9]+$/)) : 0
    print "<!-- SPDX-License-Identifier: LGPL-2.1-only -->\n# Performance\n"
    print "Generated: `BLESS=1 make bench` measures everything here and writes this page;"
    print "`make bench` prints it.\n"
    print "| | |\n|---|---|"
    for (i = 1; i <= fact_count; i++) print facts[i]
    print "\nBoth libraries play the profiles of `data/profiles` in turns, each in processes of its"
    print "own on the same processor, one after another, with the calls that both know. A filter's"
    print "life, or total, is resolve, init and arch_add, rule_add, generate (`seccomp_precompute`)"
    print "and release; export and PFC are measured in other processes. What reading the clock takes"
    print "is left out. Ratios are the C library's least time by ours; growth is an exponent. An aim"
    print "that is missed has beside it the time that would do, and what was measured of it that is"
    print "not the library's: the profile's calls that add rules, when each is refused at once;"
    print "write(2); a function that copies a name; runc with a library that does nothing; memory"
    print "that the kernel takes back.\n"
    print "## Aims\n"
    targets()
    for (i in skipped) print "\nskipped: " i ": " skipped[i]
    print "\n## Phases\n"
    print "Instructions are callgrind's, of one life with its output; no total has export and PFC"
    print "in it. What malloc(3) tidies up for an earlier life counts where it does so: the C"
    print "library's init+arch."
    print ""
    phase_table()
    print "\n## Programs\n"
    print "Instructions, and how many of them run on average: over the profile's system calls that"
    print "its first architecture has, each once; and over the calls that real programs made, each as"
    print "often as it was made, the mean of the traces in `data/traces`. Arguments are 0.\n"
    print "A level 2 program of more than 4096 instructions, which the kernel does not load, is at"
    print "most 1.02 times as long as the C library's: the compiler makes it again with shorter"
    print "searches, then as at level 1. It makes three programs at most, and takes the first that the"
    print "kernel loads, or else the shortest. So a filter that loads at level 1 loads at level 2."
    print "Random filters test this: `tests/proofs.rs` against level 1, `make check-same` against the"
    print "C library. A program that the kernel loads may be longer than the C library's: 1.5 times"
    print "with 1000 spread values of one argument.\n"
    program_table()
    print ""
    trace_table()
    print "\n## Heap\n"
    print "Of one filter's life after another in the same process, without text. Blocks count as"
    print "large as malloc makes them; realloc counts as a call.\n"
    heap_table()
    print "\n## Load, kernel\n"
    print "In a child for each measurement. `first` is a first filter's life in a new process with"
    print "dlopen and what a library finds out once; `load` is `seccomp_load` of a filter that has been"
    print "generated, `install` seccomp(2) alone; the floor is a program of one instruction, that of"
    print "calls no filter. What a filter always allows the kernel allows without running it.\n"
    kernel_table()
}
