/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * i386's ABI once aligned the stack to 4 bytes. Programs of that time, or written in
 * assembler, still call like that, and the library works for them. On other hosts there
 * is nothing to shift.
 */
#include <fcntl.h>
#include "tap.h"

static scmp_filter_ctx ctx;

static void build_export_and_load(void)
{
	int null = open("/dev/null", O_WRONLY);
	char *name;

	NEED(null >= 0);
	ctx = new_filter(SCMP_ACT_ALLOW);
	EQ(seccomp_arch_add(ctx, SCMP_ARCH_NATIVE), -EEXIST);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2), 0);
	for (int i = 0; i < 40; i++)
		EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SCMP_SYS(ioctl), 2,
				    SCMP_A0(SCMP_CMP_LT, 0x100000000 + i),
				    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xff0, 16 * i)), 0);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, 1)), 0);
	EQ(seccomp_transaction_start(ctx), 0);
	EQ(seccomp_rule_add_exact(ctx, SCMP_ACT_TRAP, SCMP_SYS(dup), 0), 0);
	EQ(seccomp_transaction_commit(ctx), 0);
	EQ(seccomp_export_pfc(ctx, null), 0);
	EQ(seccomp_export_bpf(ctx, null), 0);
	NEED((name = seccomp_syscall_resolve_num_arch(0, SCMP_SYS(read))));
	EQ(strcmp(name, "read"), 0);
	free(name);
	if (takes_filters("loading"))
		EQ(seccomp_load(ctx), 0);
	seccomp_release(ctx);
}

#ifdef __i386__
static int shift;

/* What this calls, and what that calls, is compiled for a stack of 16 bytes, and so keeps
   the shift. */
static void shifted(void)
{
	__asm__ volatile("movl %%esp, %%esi\n\t"
			 "andl $-16, %%esp\n\t"
			 "subl %0, %%esp\n\t"
			 "call *%1\n\t"
			 "movl %%esi, %%esp"
			 :
			 : "b"(shift), "D"(build_export_and_load)
			 : "eax", "ecx", "edx", "esi", "cc", "memory");
}
#endif

int main(void)
{
	OK(ended_well(IN_CHILD(build_export_and_load())));
#ifdef __i386__
	for (shift = 4; shift <= 12; shift += 4)
		OK(ended_well(IN_CHILD(shifted())));
#endif
	return tap_end();
}
