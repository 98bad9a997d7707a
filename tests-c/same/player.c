// SPDX-License-Identifier: LGPL-2.1-only
/*
 * player LIBRARY: plays sequences of calls on one libseccomp.
 *
 * A line is a call; `end` ends a sequence. Answers come once a sequence has
 * ended: one line a call, then `end`. A sequence that takes too long (SIGPROF),
 * writes without end (SIGXFSZ) or crashes the library ends the process; the
 * other side starts a new one.
 *
 * A call is a function's name without seccomp_, its filters by number, and its other
 * arguments, of a comparison all four; what an export writes to is left out. Besides:
 *   release_twice F   has FUNCTION
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "seccomp.h"

enum { FILTERS = 4, MOST_COMPARED = 16 };

static scmp_filter_ctx filters[FILTERS];
static void *library;
static int file;

static char *answers;
static size_t answers_size, answers_used;

static void out_of_memory(void)
{
	fputs("player: out of memory\n", stderr);
	exit(3);
}

static void put(const char *bytes, size_t size)
{
	if (answers_used + size > answers_size) {
		answers_size = 2 * (answers_used + size);
		answers = realloc(answers, answers_size);
		if (!answers)
			out_of_memory();
	}
	memcpy(answers + answers_used, bytes, size);
	answers_used += size;
}

static void say(const char *format, ...)
{
	char line[256];
	va_list values;

	va_start(values, format);
	vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	put(line, strlen(line));
}

static void say_bytes(const char *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t at;

	for (at = 0; at < size; at++) {
		char two[] = { digits[(unsigned char)bytes[at] >> 4], digits[bytes[at] & 15] };
		put(two, 2);
	}
}

static void *function(const char *name)
{
	void *found = dlsym(library, name);

	if (!found) {
		fprintf(stderr, "player: the library has no %s\n", name);
		exit(2);
	}
	return found;
}

/* A function of the library, with the type that the header gives it. */
#define CALL(name) ((__typeof__(&seccomp_##name))function("seccomp_" #name))

static char *word(void)
{
	char *next = strtok(NULL, " \n");

	if (!next) {
		fputs("player: a word is missing\n", stderr);
		exit(2);
	}
	return next;
}

static uint64_t number(void)
{
	return strtoull(word(), NULL, 0);
}

static int integer(void)
{
	return (int)strtoll(word(), NULL, 0);
}

static scmp_filter_ctx *filter(void)
{
	return &filters[number() % FILTERS];
}

static void exported(int rc)
{
	off_t size = lseek(file, 0, SEEK_END);
	char *bytes = size > 0 ? malloc(size) : NULL;

	if (size > 0 && (!bytes || pread(file, bytes, size, 0) != size))
		out_of_memory();
	say("%d ", rc);
	say_bytes(bytes, size > 0 ? size : 0);
	say("\n");
	free(bytes);
}

static void empty_file(void)
{
	if (ftruncate(file, 0) || lseek(file, 0, SEEK_SET))
		exit(3);
}

static void add_rule(int exact)
{
	struct scmp_arg_cmp compared[MOST_COMPARED] = { { 0 } };
	scmp_filter_ctx ctx = *filter();
	uint32_t action = number();
	int syscall = integer();
	unsigned int count = number(), at;
	int rc;

	for (at = 0; at < count && at < MOST_COMPARED; at++) {
		compared[at].arg = number();
		compared[at].op = number();
		compared[at].datum_a = number();
		compared[at].datum_b = number();
	}
	if (exact)
		rc = CALL(rule_add_exact_array)(ctx, action, syscall, count, compared);
	else
		rc = CALL(rule_add_array)(ctx, action, syscall, count, compared);
	say("%d\n", rc);
}

static void export_to_memory(void)
{
	scmp_filter_ctx ctx = *filter();
	size_t size = number(), given = size;
	char *bytes = calloc(1, size + 1);
	int rc;

	if (!bytes)
		out_of_memory();
	rc = CALL(export_bpf_mem)(ctx, size ? bytes : NULL, &size);
	say("%d %zu ", rc, size);
	if (rc == 0 && given)
		say_bytes(bytes, size < given ? size : given);
	say("\n");
	free(bytes);
}

static void play(char *line)
{
	const char *call = strtok(line, " \n");

#define IS(name) (strcmp(call, #name) == 0)
/* What answers with a number: by what it takes. */
#define ANSWERS(name, first, arguments) \
	if (IS(name)) { \
		first; \
		say("%d\n", CALL(name) arguments); \
		return; \
	}
#define OF_FILTER(name) ANSWERS(name, , (*filter()))
#define WITH_NUMBER(name) ANSWERS(name, scmp_filter_ctx f = *filter(), (f, number()))
#define WITH_TWO_NUMBERS(name) \
	ANSWERS(name, scmp_filter_ctx f = *filter(); int one = integer(), (f, one, number()))
#define OF_NAME(name) ANSWERS(name, uint32_t token = number(), (token, word()))
#define EXPORT(name) \
	if (IS(name)) { \
		empty_file(); \
		exported(CALL(name)(*filter(), file)); \
		return; \
	}
	if (!call)
		return;
	ANSWERS(api_set, , (number()))
	OF_FILTER(load)
	OF_FILTER(precompute)
	OF_FILTER(transaction_start)
	OF_FILTER(transaction_commit)
	WITH_NUMBER(reset)
	WITH_NUMBER(arch_add)
	WITH_NUMBER(arch_remove)
	WITH_NUMBER(arch_exist)
	WITH_TWO_NUMBERS(attr_set)
	WITH_TWO_NUMBERS(syscall_priority)
	OF_NAME(syscall_resolve_name_arch)
	OF_NAME(syscall_resolve_name_rewrite)
	EXPORT(export_pfc)
	EXPORT(export_bpf)
	if (IS(init)) {
		scmp_filter_ctx *f = filter();
		*f = CALL(init)(number());
		say("%d\n", *f ? 0 : -1);
	} else if (IS(release_twice)) {
		scmp_filter_ctx *f = filter();
		CALL(release)(*f);
		CALL(release)(*f);
		*f = NULL;
		say("0\n");
	} else if (IS(merge)) {
		scmp_filter_ctx *to = filter(), *from = filter();
		int rc = CALL(merge)(*to, *from);
		if (rc == 0)
			*from = NULL;
		say("%d\n", rc);
	} else if (IS(attr_get)) {
		scmp_filter_ctx f = *filter();
		uint32_t value = 0;
		int rc = CALL(attr_get)(f, integer(), &value);
		say("%d %u\n", rc, rc ? 0 : value);
	} else if (IS(rule_add) || IS(rule_add_exact)) {
		add_rule(IS(rule_add_exact));
	} else if (IS(transaction_reject)) {
		CALL(transaction_reject)(*filter());
		say("0\n");
	} else if (IS(export_bpf_mem)) {
		export_to_memory();
	} else if (IS(syscall_resolve_num_arch)) {
		uint32_t token = number();
		char *name = CALL(syscall_resolve_num_arch)(token, integer());
		say("%s\n", name ? name : "-");
		free(name);
	} else if (IS(arch_resolve_name)) {
		say("%u\n", CALL(arch_resolve_name)(word()));
	} else if (IS(has)) {
		say("%d\n", dlsym(library, word()) != NULL);
	} else {
		fprintf(stderr, "player: unknown call %s\n", call);
		exit(2);
	}
}

/* Time of the processor, the kernel's included, so that a busy machine makes no hang. */
static void limit_time(int milliseconds)
{
	struct itimerval limit = {
		.it_value = { milliseconds / 1000, 1000 * (milliseconds % 1000) },
	};

	setitimer(ITIMER_PROF, &limit, NULL);
}

static void end_sequence(void)
{
	size_t at, done = 0;

	for (at = 0; at < FILTERS; at++) {
		if (filters[at])
			CALL(release)(filters[at]);
		filters[at] = NULL;
	}
	limit_time(0);
	put("end\n", 4);
	while (done < answers_used) {
		ssize_t written = write(STDOUT_FILENO, answers + done, answers_used - done);
		if (written <= 0)
			exit(0);
		done += written;
	}
	answers_used = 0;
}

int main(int argc, char **argv)
{
	struct rlimit memory = { 1UL << 30, 1UL << 30 }, no_core = { 0, 0 };
	/* What an export may write: more than any right text, and it is memory. */
	struct rlimit length = { 1UL << 24, 1UL << 24 };
	char *line = NULL;
	size_t size = 0;
	int milliseconds = argc > 2 ? atoi(argv[2]) : 300;
	int playing = 0;

	library = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
	if (!library) {
		fprintf(stderr, "player: %s\n", argc > 1 ? dlerror() : "which library?");
		return 2;
	}
	file = memfd_create("export", MFD_CLOEXEC);
	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CORE, &no_core);
	setrlimit(RLIMIT_FSIZE, &length);
	signal(SIGXFSZ, SIG_DFL);
	limit_time(0);
	while (getline(&line, &size, stdin) > 0) {
		if (strcmp(line, "end\n") == 0) {
			end_sequence();
			playing = 0;
			continue;
		}
		if (!playing)
			limit_time(milliseconds);
		playing = 1;
		play(line);
	}
	free(line);
	return 0;
}
