/* SPDX-License-Identifier: LGPL-2.1-only */
/* What the parts of the measuring program share; bench.c says what it does. */
#ifndef BENCH_H
#define BENCH_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "seccomp.h"

/* Ends the program with a message. */
noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *memory(size_t size);
/* Memory that children write to. */
void *shared_memory(size_t size);
uint64_t now(void);

/* library.c */
struct library {
#define FUNCTION(name) __typeof__(&seccomp_##name) name
	FUNCTION(api_set);
	FUNCTION(init);
	FUNCTION(release);
	FUNCTION(arch_add);
	FUNCTION(arch_remove);
	FUNCTION(arch_resolve_name);
	FUNCTION(arch_native);
	FUNCTION(attr_set);
	FUNCTION(rule_add_array);
	FUNCTION(rule_add_exact_array);
	FUNCTION(syscall_priority);
	FUNCTION(syscall_resolve_name);
	FUNCTION(syscall_resolve_name_arch);
	FUNCTION(syscall_resolve_num_arch);
	FUNCTION(export_bpf);
	FUNCTION(export_pfc);
	FUNCTION(load);
	/* NULL before 2.6. */
	FUNCTION(precompute);
#undef FUNCTION
};
struct library *open_library(const char *path);

/* profile.c */
struct step {
	int call; /* which of the profile's calls */
	int priority; /* below 0: a rule */
	uint32_t action;
	unsigned int count;
	struct scmp_arg_cmp compared[6];
};
struct profile {
	const char *name;
	uint32_t action, foreign;
	int exact;
	char *arches[32];
	int arch_count;
	char **calls; /* as often as the text names them */
	int call_count;
	struct step *steps;
	int step_count;
};
/* "NAME=FILE", or with architectures of its own "NAME=FILE,ARCH..." */
struct profile *read_case(const char *text);
/*
 * Leaves out the calls that one of the libraries does not know; gives 0 if it
 * does not know an architecture.
 */
int keep_shared(struct profile *profile, const char *const paths[2]);

/* play.c */
/* A life is what comes before its output. */
enum phase { RESOLVE, INIT, RULES, GENERATE, RELEASE, LIFE, EXPORT = LIFE, TEXT, PHASES };
extern const char *const phase_names[PHASES];
struct meter {
	void (*begin)(void);
	void (*end)(enum phase);
};
struct player {
	const struct library *library;
	const struct profile *profile;
	int level;
	int files[2]; /* for the program, for the text */
	uint32_t arches[32];
	int arch_is_native[32];
	int *numbers;
	int accepted; /* rules, of the last play */
};
struct player *make_player(const char *path, const struct profile *profile, int level);
/* One filter's life, WITH_OUTPUT before its release or without. */
enum { WITHOUT_OUTPUT, WITH_OUTPUT };
void play(struct player *player, const struct meter *meter, int output);
/* A filter with its rules, and with WITHOUT_RULES without them. */
enum { WITH_RULES, WITHOUT_RULES };
scmp_filter_ctx make_filter(struct player *player, int without);
void generate(struct player *player, scmp_filter_ctx filter);
/* The program that a library makes of a profile, in shared memory. */
struct program {
	int accepted;
	size_t length;
	struct sock_filter instructions[1 << 16];
};
struct program *compile(const char *path, const struct profile *profile, int level);

/* turns.c */
enum { MOST_COLUMNS = 16, MOST_SIDES = 8 };
struct side {
	const char *name;
	const char *path;
	const void *with;
	void *(*begin)(const struct side *); /* in the side's own process */
	void (*work)(void *begun, uint64_t *columns); /* gives nanoseconds, or 0 for none */
};
struct turns {
	const char *kind, *of;
	int columns;
	const char *const *names;
	struct side sides[MOST_SIDES];
	int side_count;
	int rounds; /* at least */
	int milliseconds; /* of all rounds, when they are enough */
};
/* Measures, and prints "KIND OF COLUMN SIDE MINIMUM MEDIAN TIMES". */
void take_turns(struct turns *turns);

/* kernel.c */
void measure_kernel(const char *const paths[2], const struct profile *profile);
void measure_calls(const char *const paths[2], const struct profile *profile);
void measure_first(const char *const paths[2], const struct profile *profile);
void measure_dlopen(const char *const paths[3]);

/* lookups.c */
void measure_lookups(const char *const paths[2], const struct profile *profile);

/* traces.c */
enum { TRACES = 4, MOST_NUMBERS = 1024, X32_BIT = 0x40000000 };
/* How often a program makes each call of an architecture, by number. */
struct calls {
	uint64_t all;
	unsigned int times[MOST_NUMBERS];
};
extern const char *const trace_names[TRACES];
void add_calls(struct calls *calls, int number, unsigned int times);
/* Without the calls that the library does not know, or the architecture lacks. */
void read_trace(int trace, const struct library *library, uint32_t arch, struct calls *calls);

/* floors.c */
void measure_floors(const char *path, const struct profile *profile);

/* steps.c */
void measure_programs(const char *const paths[2], const struct profile *profile);

#endif
