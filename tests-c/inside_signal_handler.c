/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What may be done in a signal handler. A SIGSYS handler asks for the name of the call
 * that was stopped, under the filter that stopped it, as tracker-extract does: it must get
 * the name without a call that the filter stops, and without waiting for a lock.
 *
 * And a filter that was precomputed is loaded and exported in a handler which
 * interrupts malloc(): it must not need malloc() itself.
 *
 * valgrind: skipped, the filter also decides about valgrind's own calls
 * emulated: skipped, qemu's user mode loads no filters
 * c library: takes part
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
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
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	NEED(sigaction(SIGSYS, &action, NULL) == 0);
	alarm(10);
	allow_only_the_end(SCMP_ACT_TRAP);
	wanted = "getppid";
	syscall(SYS_getppid);
	wanted = "ptrace";
	syscall(SYS_ptrace, 0, 0, 0, 0);
	EQ(seen, 2);
}

static scmp_filter_ctx precomputed;
static int null, loaded_with;
static volatile sig_atomic_t loads;

static void load_and_export(int number)
{
	(void)number;
	if (loads)
		return;
	loaded_with = seccomp_export_bpf(precomputed, null);
	if (loaded_with == 0)
		loaded_with = seccomp_load(precomputed);
	loads = 1;
}

/* The timer counts this process's own time, so it strikes within malloc or free. */
static void storm(void)
{
	struct itimerval often = { { 0, 0 }, { 0, 997 } };
	struct sigaction action = { .sa_handler = load_and_export };

	precomputed = new_filter(SCMP_ACT_ALLOW);
	for (int i = 0; i < 400; i++)
		NEED(seccomp_rule_add(precomputed, SCMP_ACT_ERRNO(1), 600 + i, 0) == 0);
	NEED(seccomp_precompute(precomputed) == 0);
	NEED(sigaction(SIGVTALRM, &action, NULL) == 0);
	alarm(10);
	NEED(setitimer(ITIMER_VIRTUAL, &often, NULL) == 0);
	for (size_t i = 0; !loads; i++) {
		void *volatile block = malloc(2000 + i * 977 % 60000);

		free(block);
	}
	EQ(loaded_with, 0);
	seccomp_release(precomputed);
}

int main(void)
{
	int storms = 0;

	OK(ended_well(IN_CHILD(handled())));
	NEED((null = open("/dev/null", O_WRONLY)) >= 0);
	while (storms < 50 && ended_well(IN_CHILD(storm())))
		storms++;
	EQ(storms, 50);
	return tap_end();
}
