/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A child of fork() goes on with the filter that its parent began, and can use
 * the library when another thread was inside it at the fork.
 *
 * valgrind: skipped, a child has lost the threads that would free their memory
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include "tap.h"

#define ROUNDS 50

static scmp_filter_ctx inherited;

static void child_goes_on(void)
{
	EQ(seccomp_rule_add(inherited, SCMP_ACT_ERRNO(9), SCMP_SYS(getppid), 0), 0);
	EQ(seccomp_load(inherited), 0);
	EQ(error_of(syscall(SYS_getppid)), 9);
	seccomp_release(inherited);
}

static bool builds(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	char *name = seccomp_syscall_resolve_num_arch(0, SYS_dup);
	size_t len = 0;
	bool good = ctx && name && strcmp(name, "dup") == 0 &&
		seccomp_rule_add(ctx, SCMP_ACT_KILL, SYS_dup, 1, SCMP_A0(SCMP_CMP_LT, 9)) == 0 &&
		seccomp_export_bpf_mem(ctx, NULL, &len) == 0 && len > 0;

	free(name);
	seccomp_release(ctx);
	return good;
}

static atomic_bool enough;

static void *keep_busy(void *unused)
{
	while (!enough)
		builds();
	return unused;
}

static void child_builds(void)
{
	alarm(20); /* a lock held at the fork would never be free again */
	NEED(builds());
}

static void fork_while_busy(void)
{
	pthread_t busy[2];
	int good = 0;

	for (int i = 0; i < 2; i++)
		NEED(pthread_create(&busy[i], NULL, keep_busy, NULL) == 0);
	for (int i = 0; i < ROUNDS; i++)
		good += ended_well(IN_CHILD(child_builds()));
	enough = true;
	for (int i = 0; i < 2; i++)
		pthread_join(busy[i], NULL);
	EQ(good, ROUNDS);
}

int main(void)
{
	fork_while_busy();
	inherited = new_filter(SCMP_ACT_ALLOW);
	if (takes_filters("child_goes_on"))
		OK(ended_well(IN_CHILD(child_goes_on())));
	OK(builds());
	seccomp_release(inherited);
	return tap_end();
}
