/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A loaded filter does what its rules say: it kills, traps, fails with an
 * errno, and lets everything else through.
 *
 * valgrind: skipped, the filter also decides about valgrind's own calls
 * emulated: skipped, qemu's user mode loads no filters
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include "tap.h"

static void process_is_killed(void)
{
	allow_only_the_end(SCMP_ACT_KILL_PROCESS);
	syscall(SYS_getppid);
}

static void default_lets_the_listed_calls_through(void)
{
	allow_only_the_end(SCMP_ACT_KILL_PROCESS);
}

static void on_sigsys(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	_exit(info->si_syscall == SYS_getppid ? 42 : 43);
}

static void call_traps(void)
{
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	NEED(sigaction(SIGSYS, &action, NULL) == 0);
	allow_only_the_end(SCMP_ACT_TRAP);
	syscall(SYS_getppid);
}

/* One syscall, told apart by an argument. */
static void errno_by_argument(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(77), SCMP_SYS(dup), 1,
			    SCMP_A0_32(SCMP_CMP_EQ, 1)), 0);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(78), SCMP_SYS(dup), 1,
			    SCMP_A0_32(SCMP_CMP_GT, 1000)), 0);
	EQ(seccomp_load(ctx), 0);
	seccomp_release(ctx);
	EQ(error_of(syscall(SYS_dup, 1)), 77);
	EQ(error_of(syscall(SYS_dup, 1001)), 78);
	EQ(error_of(syscall(SYS_dup, 1000)), EBADF);
	OK(syscall(SYS_dup, 2) >= 0);
}

/* The kernel takes dup's argument from the low half of the register. */
static void int_by_its_low_half(void)
{
	const long low = 1, with_high_half = (long)(1ULL << 32 | 1), negative = -1;
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(77), SCMP_SYS(dup), 1,
			    SCMP_A0_INT(SCMP_CMP_EQ, 1)), 0);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(78), SCMP_SYS(dup), 1,
			    SCMP_A0_INT(SCMP_CMP_GE, -5)), 0);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(79), SCMP_SYS(fchdir), 1,
			    SCMP_A0(SCMP_CMP_EQ, 1)), 0);
	EQ(seccomp_load(ctx), 0);
	seccomp_release(ctx);
	EQ(error_of(syscall(SYS_dup, low)), 77);
	EQ(error_of(syscall(SYS_dup, with_high_half)), 77);
	EQ(error_of(syscall(SYS_dup, negative)), 78);
	EQ(error_of(syscall(SYS_dup, (long)(unsigned int)negative)), 78);
	OK(syscall(SYS_dup, 2) >= 0);
	/* This is how one gets past a comparison of 64 bits. */
	EQ(error_of(syscall(SYS_fchdir, low)), 79);
	EQ(error_of(syscall(SYS_fchdir, with_high_half)), sizeof(long) == 4 ? 79 : ENOTDIR);
}

static void second_filter_stacks(void)
{
	errno_by_argument();
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(79), SCMP_SYS(getppid), 0), 0);
	EQ(seccomp_load(ctx), 0);
	seccomp_release(ctx);
	EQ(error_of(syscall(SYS_getppid)), 79);
	EQ(error_of(syscall(SYS_dup, 1)), 77);
}

int main(void)
{
	int status = IN_CHILD(call_traps());

	OK(was_stopped(IN_CHILD(process_is_killed())));
	OK(ended_well(IN_CHILD(default_lets_the_listed_calls_through())));
	OK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	OK(ended_well(IN_CHILD(errno_by_argument())));
	OK(ended_well(IN_CHILD(int_by_its_low_half())));
	OK(ended_well(IN_CHILD(second_filter_stacks())));
	return tap_end();
}
