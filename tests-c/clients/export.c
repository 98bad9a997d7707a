/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Exports a filter to standard output, for a program that installs filters which
 * others have made: refuses sysfs with 33, and personality(1) with 44.
 */
#include <seccomp.h>
#include <unistd.h>

int main(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int bad = 0;

	if (!ctx)
		return 1;
#ifdef __x86_64__
	bad |= seccomp_arch_add(ctx, SCMP_ARCH_X86);
#endif
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(33), SCMP_SYS(sysfs), 0);
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(44), SCMP_SYS(personality), 1,
				SCMP_A0(SCMP_CMP_EQ, 1));
	bad |= seccomp_export_bpf(ctx, STDOUT_FILENO);
	seccomp_release(ctx);
	return bad != 0;
}
