// SPDX-License-Identifier: LGPL-2.1-only
/* Calls that are measured by themselves: names, numbers, refused rules. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { MOST_NAMES = 1024, NUMBERS = 600, REFUSED = 20 };

/* Those of one architecture that both libraries know. */
struct names {
	uint32_t token;
	int count;
	int number[MOST_NAMES];
	char name[MOST_NAMES][48];
};

static void keep_known(const struct library *library, struct names *names)
{
	int number, at, kept = 0;

	for (number = 0; !names->count && number < NUMBERS; number++) {
		char *name = library->syscall_resolve_num_arch(names->token, number);

		if (name && strlen(name) < sizeof(names->name[0])) {
			names->number[kept] = number;
			strcpy(names->name[kept++], name);
		}
		free(name);
	}
	for (at = 0; at < names->count; at++) {
		int known = library->syscall_resolve_name_arch(names->token, names->name[at]);

		if (known != names->number[at])
			continue;
		names->number[kept] = names->number[at];
		memmove(names->name[kept++], names->name[at], sizeof(names->name[0]));
	}
	names->count = kept;
}

static struct names *shared_names(const char *const paths[2], uint32_t token)
{
	struct names *names = shared_memory(sizeof(*names));
	int at;

	names->token = token;
	for (at = 0; at < 2; at++) {
		pid_t child = fork();

		if (child == 0) {
			keep_known(open_library(paths[at]), names);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	return names;
}

struct with {
	const struct profile *profile;
	const struct names *native, *x86;
};

struct begun {
	const struct library *library;
	struct with with;
	scmp_filter_ctx filter[2];
	int refused;
};

static void *begin(const struct side *side)
{
	struct begun *begun = memory(sizeof(*begun));
	struct player *player;
	int which;

	memcpy(&begun->with, side->with, sizeof(begun->with));
	player = make_player(side->path, begun->with.profile, 1);
	begun->library = player->library;
	begun->filter[0] = make_filter(player, WITH_RULES);
	begun->filter[1] = make_filter(player, WITHOUT_RULES);
	/* Of 32-bit architectures only: systemd tries such ones, too, on all of them. */
	begun->refused = begun->library->syscall_resolve_name("waitpid");
	for (which = 0; which < 2; which++)
		if (begun->library->rule_add_exact_array(begun->filter[which], SCMP_ACT_ALLOW,
							 begun->refused, 0, NULL) >= 0)
			die("%s: waitpid is not refused", side->path);
	return begun;
}

/* Nanoseconds of a thousand. */
static uint64_t of_a_thousand(uint64_t start, int times)
{
	return (now() - start) * 1000 / times;
}

static void work(void *given, uint64_t *columns)
{
	struct begun *begun = given;
	const struct library *library = begun->library;
	const struct names *native = begun->with.native, *x86 = begun->with.x86;
	uint64_t start = now();
	int at, which;

	for (at = 0; at < native->count; at++)
		library->syscall_resolve_name(native->name[at]);
	columns[0] = of_a_thousand(start, native->count);
	start = now();
	for (at = 0; at < x86->count; at++)
		library->syscall_resolve_name_arch(x86->token, x86->name[at]);
	columns[1] = of_a_thousand(start, x86->count);
	start = now();
	for (at = 0; at < native->count; at++)
		free(library->syscall_resolve_num_arch(native->token, native->number[at]));
	columns[2] = of_a_thousand(start, native->count);
	for (which = 0; which < 2; which++) {
		start = now();
		for (at = 0; at < REFUSED; at++)
			library->rule_add_exact_array(begun->filter[which], SCMP_ACT_ALLOW,
						      begun->refused, 0, NULL);
		columns[3 + which] = of_a_thousand(start, REFUSED);
	}
}

void measure_lookups(const char *const paths[2], const struct profile *profile)
{
	static const char *const names[] = { "resolve_name", "resolve_name_arch x86",
					     "resolve_num_arch", "refused exact rule",
					     "refused exact rule, no others" };
	struct with with = { profile, shared_names(paths, SCMP_ARCH_X86_64),
			     shared_names(paths, SCMP_ARCH_X86) };
	struct turns turns = { .kind = "lookup", .of = profile->name, .columns = 5,
			       .names = names, .side_count = 2, .rounds = 15, .milliseconds = 1000 };
	int at;

	for (at = 0; at < 2; at++)
		turns.sides[at] = (struct side){ at ? "ours" : "c", paths[at], &with, begin, work };
	take_turns(&turns);
}
