// SPDX-License-Identifier: LGPL-2.1-only
/*
 * bench WHAT C-LIBRARY OURS CASE...: measures two libraries, alternately.
 *
 *   times     nanoseconds of each phase of a profile's life
 *   heap      allocations and peak heap (with heap.c preloaded)
 *   count-c, count-ours
 *             one life of each profile under callgrind, which writes the counts
 *   programs  lengths of programs, instructions executed
 *   program   the program that ours makes, nothing else
 *   floors    what no library can do without
 *   kernel    load and install
 *   calls     what a call costs under the filter
 *   first     a first filter's life in a new process, with dlopen
 *   lookups   names, numbers, refused rules
 *   dlopen    with a library that has nothing in it as the only CASE
 *
 * A CASE is NAME=FILE[,ARCHITECTURE...]. The output is for scripts/bench/page.awk:
 * words separated by tabs; times in microseconds, of one thousand calls where
 * one is too short.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include "bench.h"

void die(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, values);
	fputc('\n', stderr);
	va_end(values);
	_exit(1);
}

void *memory(size_t size)
{
	void *block = calloc(1, size);

	if (!block)
		die("out of memory");
	return block;
}

void *shared_memory(size_t size)
{
	void *block = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (block == MAP_FAILED)
		die("out of memory");
	return block;
}

uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

/*
 * Times, without what the clock takes. Output is measured in processes of its own:
 * its memory would have the heap shrink and grow again in the middle of a life.
 */

static uint64_t clock_start, clock_itself, clock_took[PHASES];

static void clock_begin(void)
{
	clock_start = now();
}

static void clock_end(enum phase phase)
{
	uint64_t took = now() - clock_start;

	clock_took[phase] = took > clock_itself ? took - clock_itself : 0;
}

static const struct meter meter_clock = { clock_begin, clock_end };

static void *begin_times(const struct side *side)
{
	int at;

	clock_itself = UINT64_MAX;
	for (at = 0; at < 1000; at++) {
		uint64_t start = now(), took = now() - start;

		if (took < clock_itself)
			clock_itself = took;
	}
	return make_player(side->path, side->with, 1);
}

static void work_life(void *player, uint64_t *columns)
{
	int phase;

	play(player, &meter_clock, WITHOUT_OUTPUT);
	columns[LIFE] = 0;
	for (phase = 0; phase < LIFE; phase++)
		columns[LIFE] += columns[phase] = clock_took[phase];
}

static void work_output(void *player, uint64_t *columns)
{
	play(player, &meter_clock, WITH_OUTPUT);
	columns[0] = clock_took[EXPORT];
	columns[1] = clock_took[TEXT];
}

static void measure_times(const char *const paths[2], const struct profile *profile)
{
	static const char *const life[] = { "resolve", "init+arch", "rule_add", "generate", "release",
					    "total" };
	struct turns lives = { .kind = "time", .of = profile->name, .columns = LIFE + 1,
			       .names = life, .side_count = 2, .rounds = 3, .milliseconds = 1200 };
	struct turns outputs = { .kind = "time", .of = profile->name, .columns = 2,
				 .names = phase_names + EXPORT, .side_count = 2, .rounds = 3, .milliseconds = 500 };
	int at;

	for (at = 0; at < 2; at++) {
		const char *name = at ? "ours" : "c";

		lives.sides[at] = (struct side){ name, paths[at], profile, begin_times, work_life };
		outputs.sides[at] = (struct side){ name, paths[at], profile, begin_times, work_output };
	}
	take_turns(&lives);
	take_turns(&outputs);
}

/* Heap: of the second life, since some memory is asked for once in a process. */

static void (*heap_now)(uint64_t *, int64_t *);
static uint64_t heap_before, heap_calls[PHASES];
static int64_t heap_peak[PHASES];

static void heap_begin(void)
{
	int64_t peak;

	heap_now(&heap_before, &peak);
}

static void heap_end(enum phase phase)
{
	uint64_t calls;

	heap_now(&calls, &heap_peak[phase]);
	heap_calls[phase] = calls - heap_before;
}

static void measure_heap(const char *side, const char *path, const struct profile *profile)
{
	static const struct meter heap = { heap_begin, heap_end };
	void (*begin)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "heap_begin");
	uint64_t all = 0;
	int phase;

	heap_now = (void (*)(uint64_t *, int64_t *))dlsym(RTLD_DEFAULT, "heap_now");
	if (!begin || !heap_now)
		die("heap.so is not preloaded");
	fflush(stdout);
	if (fork() == 0) {
		struct player *player = make_player(path, profile, 1);

		play(player, &heap, WITH_OUTPUT);
		begin();
		play(player, &heap, WITH_OUTPUT);
		for (phase = 0; phase < PHASES; phase++)
			if (phase < LIFE)
				all += heap_calls[phase];
		for (phase = 0; phase < PHASES; phase++)
			printf("heap\t%s\t%s\t%s\t%lu\t%ld\n", profile->name, phase_names[phase],
			       side, heap_calls[phase], heap_peak[phase]);
		/* The text is not a part of it; what comes after needs no more. */
		printf("heap\t%s\ttotal\t%s\t%lu\t%ld\n", profile->name, side, all,
		       heap_peak[EXPORT]);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

/*
 * Counts: callgrind collects nothing but the phases of the second life, and
 * notes "bench CASE PHASE" with each of them.
 */

static void no_begin(void)
{
}

static void no_end(enum phase phase)
{
	(void)phase;
}

static void count_begin(void)
{
	CALLGRIND_TOGGLE_COLLECT;
}

static const char *counted_case;

static void count_end(enum phase phase)
{
	char what[128];

	CALLGRIND_TOGGLE_COLLECT;
	snprintf(what, sizeof(what), "bench %s %s", counted_case, phase_names[phase]);
	CALLGRIND_DUMP_STATS_AT(what);
}

static void count(const char *path, const struct profile *profile)
{
	static const struct meter none = { no_begin, no_end }, counted = { count_begin, count_end };
	struct player *player = make_player(path, profile, 1);

	counted_case = profile->name;
	/* valgrind knows no seccomp(2), so that probing would find an old kernel. */
	player->library->api_set(6);
	play(player, &none, WITH_OUTPUT);
	CALLGRIND_ZERO_STATS;
	play(player, &counted, WITH_OUTPUT);
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	const char *what = argv[1], *paths[3] = { argv[2], argv[3], argv[4] };
	int at;

	if (argc < 5)
		die("bench WHAT C-LIBRARY OURS CASE...");
	setrlimit(RLIMIT_CORE, &no_core);
#define IS(word) (strcmp(what, word) == 0)
	if (IS("dlopen")) {
		measure_dlopen(paths);
		return 0;
	}
	for (at = 4; at < argc; at++) {
		struct profile *profile = read_case(argv[at]);

		if (!keep_shared(profile, paths)) {
			printf("skipped\t%s\tone of the libraries lacks an architecture\n",
			       profile->name);
			continue;
		}
		if (IS("times")) {
			measure_times(paths, profile);
		} else if (IS("heap")) {
			measure_heap("c", paths[0], profile);
			measure_heap("ours", paths[1], profile);
		} else if (IS("count-c") || IS("count-ours")) {
			count(paths[IS("count-ours")], profile);
		} else if (IS("programs")) {
			measure_programs(paths, profile);
		} else if (IS("program")) {
			const struct program *program = compile(paths[1], profile, 1);

			fwrite(program->instructions, sizeof(program->instructions[0]),
			       program->length, stdout);
		} else if (IS("floors")) {
			measure_floors(paths[1], profile);
		} else if (IS("kernel")) {
			measure_kernel(paths, profile);
		} else if (IS("calls")) {
			measure_calls(paths, profile);
		} else if (IS("first")) {
			measure_first(paths, profile);
		} else if (IS("lookups")) {
			measure_lookups(paths, profile);
		} else {
			die("%s: what is that?", what);
		}
	}
	return 0;
}
