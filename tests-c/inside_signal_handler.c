/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A SIGSYS handler asks for the name of the call that was stopped, under the
 * filter that stopped it, as tracker-extract does: it must get the name
 * without a call that the filter stops, and without waiting for a lock.
 *
 * valgrind: skipped, the filter also decides about valgrind's own calls
 */
#include <sys/syscall.h>
#include "tap.h"

static const char *volatile wanted; /* syscall() is no call that the compiler sees us in */
static volatile sig_atomic_t seen;

static void on_sigsys(int number, siginfo_t *info, void *context)
{
	char *name = seccomp_syscall_resolve_num_arch(info->si_arch, info->si_syscall);

	(void)number;
	(void)context;
	if (!name || strcmp(name, wanted) != 0)
		_exit(3);
	free(name);
	if (seccomp_syscall_resolve_name_arch(info->si_arch, wanted) != info->si_syscall)
		_exit(4);
	seen++;
}

static void handled(void)
{
	static const char *const names[] = { "write", "exit_group", "rt_sigreturn",
					     "brk", "mmap", "munmap" };
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_TRAP);

	NEED(ctx);
	NEED(sigaction(SIGSYS, &action, NULL) == 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
				      seccomp_syscall_resolve_name(names[i]), 0) == 0);
	alarm(10);
	NEED(seccomp_load(ctx) == 0);
	wanted = "getppid";
	syscall(SYS_getppid);
	wanted = "ptrace";
	syscall(SYS_ptrace, 0, 0, 0, 0);
	EQ(seen, 2);
	seccomp_release(ctx);
}

int main(void)
{
	OK(ended_well(in_child(handled)));
	return tap_end();
}
