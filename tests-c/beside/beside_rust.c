/* SPDX-License-Identifier: LGPL-2.1-only */
/* libseccomp.a and another Rust static library live in one program. */
#include "../tap.h"

int neighbour_sum(int n);

int main(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	size_t len;

	EQ(neighbour_sum(10), 45);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SCMP_SYS(getppid), 0), 0);
	EQ(neighbour_sum(-5), -1);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SCMP_SYS(getppid), 1,
			    SCMP_A0(9, 1)), -EINVAL);
	free(export_copy(ctx, &len));
	OK(len >= 3 * 8);
	EQ(neighbour_sum(4), 6);
	seccomp_release(ctx);
	return tap_end();
}
