// SPDX-License-Identifier: LGPL-2.1-only
/* What depends on the kernel or the loader: a child for each measurement. */
#include <dlfcn.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

struct begun {
	const struct program *program;
	struct player *player;
	scmp_filter_ctx filter;
	const char *path;
	const struct profile *profile;
	uint64_t *result; /* the child may not be able to make a call any more */
};

static void in_child(struct begun *begun, void (*work)(struct begun *), uint64_t *columns, int count)
{
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		work(begun);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	while (count--)
		columns[count] = begun->result[count];
}

static struct begun *make_begun(void)
{
	struct begun *begun = memory(sizeof(*begun));

	begun->result = shared_memory(8 * sizeof(uint64_t));
	return begun;
}

static void *begin_program(const struct side *side)
{
	struct begun *begun = make_begun();

	begun->program = side->with;
	return begun;
}

static void install_program(struct begun *begun)
{
	struct sock_fprog program = {
		.len = begun->program->length,
		.filter = (struct sock_filter *)begun->program->instructions,
	};
	uint64_t start = now();

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		die("the kernel does not take the program");
	begun->result[0] = now() - start;
}

static void work_install(void *begun, uint64_t *columns)
{
	in_child(begun, install_program, columns, 1);
}

enum { CALLS = 20000 };

static uint64_t of_a_thousand(uint64_t start)
{
	return (now() - start) * 1000 / CALLS;
}

/*
 * What a filter always allows, the kernel asks it about no more (since 5.11);
 * about a call that depends on arguments it does.
 */
static void call(struct begun *begun)
{
	uint64_t start;
	int at;

	if (begun->program)
		install_program(begun);
	start = now();
	for (at = 0; at < CALLS; at++)
		syscall(SYS_getppid);
	begun->result[0] = of_a_thousand(start);
	start = now();
	for (at = 0; at < CALLS; at++)
		syscall(SYS_personality, 0xffffffff);
	begun->result[1] = of_a_thousand(start);
}

static void work_call(void *begun, uint64_t *columns)
{
	in_child(begun, call, columns, 2);
}

static void *begin_load(const struct side *side)
{
	const struct profile *profile = side->with;
	struct begun *begun = make_begun();

	begun->player = make_player(side->path, profile, side->name[strlen(side->name) - 1] - '0');
	begun->filter = make_filter(begun->player, WITH_RULES);
	generate(begun->player, begun->filter);
	return begun;
}

static void load(struct begun *begun)
{
	uint64_t start = now();

	if (begun->player->library->load(begun->filter))
		die("the filter can not be loaded");
	begun->result[0] = now() - start;
}

static void work_load(void *begun, uint64_t *columns)
{
	in_child(begun, load, columns, 1);
}

static const char *const sides[] = { "c-1", "ours-1", "c-2", "ours-2" };

void measure_kernel(const char *const paths[2], const struct profile *profile)
{
	static const char *const load_name[] = { "load" }, *const install_name[] = { "install" };
	struct program *one = shared_memory(sizeof(*one));
	struct turns loads = { .kind = "kernel", .of = profile->name, .columns = 1,
			       .names = load_name, .side_count = 4, .rounds = 15 };
	struct turns installs = { .kind = "kernel", .of = profile->name, .columns = 1,
				  .names = install_name, .side_count = 5, .rounds = 200 };
	int at;

	one->length = 1;
	one->instructions[0] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	for (at = 0; at < 4; at++) {
		loads.sides[at] = (struct side){ sides[at], paths[at % 2], profile, begin_load,
						 work_load };
		installs.sides[at] = (struct side){ sides[at], NULL,
						    compile(paths[at % 2], profile, 1 + at / 2),
						    begin_program, work_install };
	}
	installs.sides[4] = (struct side){ "floor", NULL, one, begin_program, work_install };
	take_turns(&loads);
	take_turns(&installs);
}

void measure_calls(const char *const paths[2], const struct profile *profile)
{
	static const char *const names[] = { "call always allowed", "call with a checked argument" };
	struct turns turns = { .kind = "kernel", .of = profile->name, .columns = 2, .names = names,
			       .side_count = 5, .rounds = 15 };
	int at;

	for (at = 0; at < 4; at++)
		turns.sides[at] = (struct side){ sides[at], NULL,
						 compile(paths[at % 2], profile, 1 + at / 2),
						 begin_program, work_call };
	turns.sides[4] = (struct side){ "floor", NULL, NULL, begin_program, work_call };
	take_turns(&turns);
}

static void *begin_dlopen(const struct side *side)
{
	struct begun *begun = make_begun();

	begun->path = side->path;
	return begun;
}

static void open_it(struct begun *begun)
{
	uint64_t start = now();

	if (!dlopen(begun->path, RTLD_NOW | RTLD_LOCAL))
		die("%s", dlerror());
	begun->result[0] = now() - start;
}

static void work_dlopen(void *begun, uint64_t *columns)
{
	in_child(begun, open_it, columns, 1);
}

void measure_dlopen(const char *const paths[3])
{
	static const char *const name[] = { "dlopen" };
	struct turns turns = { .kind = "library", .of = "-", .columns = 1, .names = name,
			       .side_count = 3, .rounds = 40 };
	static const char *const names[] = { "c", "ours", "floor" };
	int at;

	for (at = 0; at < 3; at++)
		turns.sides[at] = (struct side){ names[at], paths[at], NULL, begin_dlopen, work_dlopen };
	take_turns(&turns);
}

static void *begin_first(const struct side *side)
{
	struct begun *begun = make_begun();

	begun->path = side->path;
	begun->profile = side->with;
	return begun;
}

static void live(struct begun *begun)
{
	uint64_t start = now();
	struct player *player = make_player(begun->path, begun->profile, 1);
	scmp_filter_ctx filter = make_filter(player, WITH_RULES);

	generate(player, filter);
	player->library->release(filter);
	begun->result[0] = now() - start;
}

static void work_first(void *begun, uint64_t *columns)
{
	in_child(begun, live, columns, 1);
}

void measure_first(const char *const paths[2], const struct profile *profile)
{
	static const char *const name[] = { "first" };
	struct turns turns = { .kind = "kernel", .of = profile->name, .columns = 1, .names = name,
			       .side_count = 2, .rounds = 15 };
	int at;

	for (at = 0; at < 2; at++)
		turns.sides[at] = (struct side){ sides[at], paths[at], profile, begin_first,
						 work_first };
	take_turns(&turns);
}
