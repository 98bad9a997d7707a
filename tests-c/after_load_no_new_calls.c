/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Programs load filters of twenty instructions and go on calling us. After
 * seccomp_load() no function here makes a system call that malloc() and free()
 * would not make, the first use of each included, nor does the way out of the
 * process: the default is to kill. (seccomp_export_pfc() may look at its
 * descriptor first, as fdopen() in the C library does; it isn't here.)
 *
 * valgrind: skipped, the filter also decides about valgrind's own calls
 * emulated: skipped, qemu's user mode loads no filters
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include "tap.h"

static int sink;

static scmp_filter_ctx tight_filter(bool may_load_again)
{
	static const char *const names[] = {
		"write", "exit_group", "rt_sigreturn",
		/* malloc and free */
		"brk", "mmap", "mmap2", "munmap",
#ifndef __GLIBC__
		"madvise", /* musl's free */
#endif
		/* and to load another filter */
		"seccomp", "prctl",
	};
	size_t count = sizeof(names) / sizeof(names[0]) - (may_load_again ? 0 : 2);
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_KILL_PROCESS);

	for (size_t i = 0; i < count; i++)
		NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
				      seccomp_syscall_resolve_name(names[i]), 0) == 0);
	return ctx;
}

static void release(void)
{
	scmp_filter_ctx ctx = tight_filter(false);

	NEED(seccomp_load(ctx) == 0);
	seccomp_release(ctx);
}

/* Nothing of our library has run in the process but what load needs. */
static void everything_for_the_first_time(void)
{
	scmp_filter_ctx ctx = tight_filter(false), other;
	struct scmp_arg_cmp cmp = SCMP_A0(SCMP_CMP_LE, 0x100000002);
	uint32_t value;
	size_t len = 0;
	char *name, *program;

	NEED(seccomp_load(ctx) == 0);
	NEED(seccomp_export_bpf_mem(ctx, NULL, &len) == 0 && len > 0);
	NEED((program = malloc(len)) && seccomp_export_bpf_mem(ctx, program, &len) == 0);
	free(program);
	NEED((name = seccomp_syscall_resolve_num_arch(0, SYS_getppid)));
	NEED(strcmp(name, "getppid") == 0);
	free(name);
	NEED(!seccomp_syscall_resolve_num_arch(0, 99999));
	NEED(seccomp_syscall_resolve_name("getppid") == SYS_getppid);
	NEED(seccomp_syscall_resolve_name("no_such_call") == __NR_SCMP_ERROR);
	NEED(seccomp_syscall_resolve_name_arch(SCMP_ARCH_ARM, "socket") >= 0);
	NEED(seccomp_syscall_resolve_name_rewrite(SCMP_ARCH_X86, "socket") != __NR_SCMP_ERROR);
	NEED(seccomp_arch_resolve_name("aarch64") == SCMP_ARCH_AARCH64);
	NEED(seccomp_arch_exist(ctx, 0) == 0);
	NEED(seccomp_version()->major == 2);
	NEED(seccomp_api_get() >= 1);
	/* errors */
	NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, -1, 0) == -EINVAL);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, SYS_dup, 0) == -EACCES);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SYS_dup, 1, SCMP_A0(9, 1)) == -EINVAL);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SYS_dup, 1, cmp) == 0);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SYS_dup, 1, cmp) == -EEXIST);
	NEED(seccomp_arch_add(ctx, 0) == -EEXIST);
	NEED(seccomp_attr_get(ctx, SCMP_FLTATR_CTL_NNP, &value) == 0 && value == 1);
	NEED(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_LOG, 1) == 0);
	NEED(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0);
	/* a whole new filter */
	other = new_filter(SCMP_ACT_ALLOW);
	NEED(seccomp_transaction_start(other) == 0);
	NEED(seccomp_rule_add(other, SCMP_ACT_TRAP, SYS_dup, 1, cmp) == 0);
	seccomp_transaction_reject(other);
	NEED(seccomp_syscall_priority(other, SYS_dup, 200) == 0);
	NEED(seccomp_precompute(other) == 0);
	NEED(seccomp_export_bpf(other, sink) == 0);
	NEED(seccomp_reset(other, SCMP_ACT_KILL) == 0);
	/* large enough that growing a block by realloc() would be mremap() */
	for (uint64_t i = 0; i < 60; i++)
		NEED(seccomp_rule_add(other, SCMP_ACT_ALLOW, SYS_dup, 6,
				      SCMP_A0(SCMP_CMP_GT, i), SCMP_A1(SCMP_CMP_NE, i),
				      SCMP_A2(SCMP_CMP_GT, i << 32), SCMP_A3(SCMP_CMP_LT, i + 9),
				      SCMP_A4(SCMP_CMP_GT, i), SCMP_A5(SCMP_CMP_GT, i)) == 0);
	NEED(seccomp_export_bpf(other, sink) == 0);
	seccomp_release(other);
	seccomp_release(ctx);
}

/* Nothing is left to be probed after the global state was reset. */
static void reset_of_the_library(void)
{
	scmp_filter_ctx ctx;

	NEED(seccomp_api_get() >= 1);
	NEED(seccomp_reset(NULL, 0) == 0);
	ctx = tight_filter(false);
	NEED(seccomp_load(ctx) == 0);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_LOG, SYS_dup, 0) == 0);
	seccomp_release(ctx);
}

/* Under the first filter a second is built from nothing and loaded. */
static void second_filter(void)
{
	scmp_filter_ctx ctx = tight_filter(true), second;

	NEED(seccomp_load(ctx) == 0);
	seccomp_release(ctx);
	second = tight_filter(false);
	NEED(seccomp_load(second) == 0);
	seccomp_release(second);
}

/* The proof has teeth: one call more is the end. */
static void one_call_more(void)
{
	release();
	syscall(SYS_getppid);
}

int main(void)
{
	NEED((sink = open("/dev/null", O_WRONLY)) >= 0);
	OK(ended_well(IN_CHILD(release())));
	OK(ended_well(IN_CHILD(second_filter())));
	OK(ended_well(IN_CHILD(reset_of_the_library())));
	OK(was_stopped(IN_CHILD(one_call_more())));
	OK(ended_well(IN_CHILD(everything_for_the_first_time())));
	/* and this process itself ends under its filter */
	release();
	return tap_end();
}
