// SPDX-License-Identifier: LGPL-2.1-only
/* A profile, played on a library as a program would. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

const char *const phase_names[PHASES] = {
	[RESOLVE] = "resolve", [INIT] = "init+arch", [RULES] = "rule_add", [GENERATE] = "generate",
	[EXPORT] = "export",   [TEXT] = "PFC",	     [RELEASE] = "release",
};

struct player *make_player(const char *path, const struct profile *profile, int level)
{
	struct player *player = memory(sizeof(*player));
	int at;

	player->library = open_library(path);
	player->profile = profile;
	player->level = level;
	player->numbers = memory(sizeof(int) * (profile->call_count + 1));
	for (at = 0; at < profile->arch_count; at++) {
		player->arches[at] = player->library->arch_resolve_name(profile->arches[at]);
		player->arch_is_native[at] = player->arches[at] == player->library->arch_native();
	}
	player->files[0] = memfd_create("bpf", MFD_CLOEXEC);
	player->files[1] = memfd_create("pfc", MFD_CLOEXEC);
	return player;
}

static void resolve(struct player *player)
{
	const struct profile *profile = player->profile;
	int at;

	for (at = 0; at < profile->call_count; at++)
		player->numbers[at] = player->library->syscall_resolve_name(profile->calls[at]);
}

static scmp_filter_ctx init(struct player *player)
{
	const struct library *library = player->library;
	const struct profile *profile = player->profile;
	scmp_filter_ctx filter = library->init(profile->action);
	int at, native = 0;

	if (!filter)
		die("%s: seccomp_init failed", profile->name);
	for (at = 0; at < profile->arch_count; at++)
		native |= player->arch_is_native[at];
	if (!native)
		library->arch_remove(filter, 0);
	for (at = 0; at < profile->arch_count; at++)
		if (!player->arch_is_native[at] && library->arch_add(filter, player->arches[at]))
			die("%s: no architecture %s", profile->name, profile->arches[at]);
	library->attr_set(filter, SCMP_FLTATR_ACT_BADARCH, profile->foreign);
	if (player->level != 1 &&
	    library->attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, player->level))
		die("%s: no level %d", profile->name, player->level);
	return filter;
}

/* Goes on after what a library refuses, as systemd and container engines do. */
static void add_rules(struct player *player, scmp_filter_ctx filter)
{
	const struct library *library = player->library;
	const struct profile *profile = player->profile;
	const struct step *step = profile->steps, *end = step + profile->step_count;
	__typeof__(library->rule_add_array) add =
		profile->exact ? library->rule_add_exact_array : library->rule_add_array;
	int accepted = 0;

	for (; step < end; step++) {
		int number = player->numbers[step->call];

		if (step->priority >= 0)
			library->syscall_priority(filter, number, step->priority);
		else
			accepted += !add(filter, step->action, number, step->count, step->compared);
	}
	player->accepted = accepted;
}

void generate(struct player *player, scmp_filter_ctx filter)
{
	int rc;

	/* Before 2.6 there was but export to make the program. */
	if (player->library->precompute)
		rc = player->library->precompute(filter);
	else
		rc = player->library->export_bpf(filter, player->files[0]);
	if (rc)
		die("%s: no program: %d", player->profile->name, rc);
}

scmp_filter_ctx make_filter(struct player *player, int without)
{
	scmp_filter_ctx filter;

	resolve(player);
	filter = init(player);
	if (without != WITHOUT_RULES)
		add_rules(player, filter);
	return filter;
}

void play(struct player *player, const struct meter *meter, int output)
{
	const struct library *library = player->library;
	scmp_filter_ctx filter;

	/* Text is appended, whatever the offset. */
	if (output && (ftruncate(player->files[0], 0) || ftruncate(player->files[1], 0)))
		die("no room");
	if (output)
		lseek(player->files[0], 0, SEEK_SET);
#define MEASURED(phase, what)  \
	do {                   \
		meter->begin(); \
		what;          \
		meter->end(phase); \
	} while (0)
	MEASURED(RESOLVE, resolve(player));
	MEASURED(INIT, filter = init(player));
	MEASURED(RULES, add_rules(player, filter));
	MEASURED(GENERATE, generate(player, filter));
	if (output) {
		MEASURED(EXPORT, library->export_bpf(filter, player->files[0]));
		MEASURED(TEXT, library->export_pfc(filter, player->files[1]));
	}
	MEASURED(RELEASE, library->release(filter));
#undef MEASURED
}

struct program *compile(const char *path, const struct profile *profile, int level)
{
	struct program *program = shared_memory(sizeof(*program));
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct player *player = make_player(path, profile, level);
		scmp_filter_ctx filter = make_filter(player, WITH_RULES);
		ssize_t size;

		if (player->library->export_bpf(filter, player->files[0]))
			die("%s: no program", profile->name);
		size = pread(player->files[0], program->instructions,
			     sizeof(program->instructions), 0);
		program->length = size / sizeof(struct sock_filter);
		program->accepted = player->accepted;
		_exit(0);
	}
	if (waitpid(child, &status, 0) < 0 || status)
		die("%s: %s makes no program", profile->name, path);
	return program;
}
