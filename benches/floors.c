// SPDX-License-Identifier: LGPL-2.1-only
/* What remains of a figure when the library does nothing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

struct begun {
	struct player *player;
	scmp_filter_ctx filter;
	char *text;
	size_t size;
};

static void *begin(const struct side *side)
{
	struct begun *begun = memory(sizeof(*begun));
	struct player *player = make_player(side->path, side->with, 1);

	begun->player = player;
	begun->filter = make_filter(player, WITH_RULES);
	if (player->library->export_pfc(begun->filter, player->files[1]))
		die("%s: no text", player->profile->name);
	begun->size = lseek(player->files[1], 0, SEEK_CUR);
	begun->text = memory(begun->size);
	if (pread(player->files[1], begun->text, begun->size, 0) != (ssize_t)begun->size)
		die("%s: no text", player->profile->name);
	return begun;
}

/*
 * As many calls as the profile makes, with its arguments; but the default action
 * makes no rule, which is found out before anything else.
 */
static uint64_t refused_rules(const struct begun *begun)
{
	const struct player *player = begun->player;
	const struct profile *profile = player->profile;
	const struct step *step = profile->steps, *end = step + profile->step_count;
	__typeof__(player->library->rule_add_array) add =
		profile->exact ? player->library->rule_add_exact_array :
				 player->library->rule_add_array;
	uint64_t start = now();
	int refused = 0;

	for (; step < end; step++)
		refused += add(begun->filter, profile->action, player->numbers[step->call],
			       step->count, step->compared) == -EACCES;
	start = now() - start;
	if (refused != profile->step_count)
		die("%s: the default action is not refused", profile->name);
	return start;
}

static uint64_t written_text(const struct begun *begun)
{
	const int file = begun->player->files[1];
	uint64_t start;

	if (ftruncate(file, 0) || lseek(file, 0, SEEK_SET))
		die("no room");
	start = now();
	if (write(file, begun->text, begun->size) != (ssize_t)begun->size)
		die("no room");
	return now() - start;
}

enum { TIMES = 1000, NAME = 24 };

/* What resolves a number to a name that it knows already. */
static char *copy_of_a_name(uint32_t token, int number)
{
	static const char name[NAME] = "clock_nanosleep";
	char *copy = malloc(NAME);

	(void)token;
	(void)number;
	if (copy)
		memcpy(copy, name, NAME);
	return copy;
}

/* As a library's function is called: the compiler does not know which it is. */
static char *(*volatile copies_a_name)(uint32_t, int) = copy_of_a_name;

static void work(void *given, uint64_t *columns)
{
	const struct begun *begun = given;
	uint64_t start;
	int at;

	columns[0] = refused_rules(begun);
	columns[1] = written_text(begun);
	start = now();
	for (at = 0; at < TIMES; at++)
		free(copies_a_name(SCMP_ARCH_X86_64, at));
	columns[2] = now() - start;
	start = now();
	for (at = 0; at < TIMES; at++)
		begun->player->library->arch_native();
	columns[3] = now() - start;
}

void measure_floors(const char *path, const struct profile *profile)
{
	static const char *const names[] = { "refused rules", "write", "copy of a name",
					     "arch_native" };
	struct turns turns = { .kind = "floor", .of = profile->name, .columns = 4, .names = names,
			       .side_count = 1, .rounds = 15, .milliseconds = 200 };

	turns.sides[0] = (struct side){ "ours", path, profile, begin, work };
	take_turns(&turns);
}
