/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * seccomp_rule_add and seccomp_rule_add_exact take struct scmp_arg_cmp by
 * value through "...": with 0 to 6 of them they build the very filter that
 * the array functions build.
 */
#include "tap.h"

/* All bits of every field differ between the six. */
static const struct scmp_arg_cmp cmp[6] = {
	{ 3, SCMP_CMP_MASKED_EQ, 0xfff0fff0fff0fff0, 0x1110111011101110 },
	{ 0, SCMP_CMP_EQ, 0x0123456789abcdef, 0 },
	{ 5, SCMP_CMP_NE, 0xfedcba9876543210, 0 },
	{ 1, SCMP_CMP_GE, 0x00000001ffffffff, 0 },
	{ 4, SCMP_CMP_GT, 0xffffffff00000001, 0 },
	{ 2, SCMP_CMP_MASKED_EQ, 0x8000000000000001, 0x8000000000000000 },
};

static int variadic(bool exact, scmp_filter_ctx ctx, int call, unsigned int count)
{
	int (*add)(scmp_filter_ctx, uint32_t, int, unsigned int, ...) =
		exact ? seccomp_rule_add_exact : seccomp_rule_add;

	switch (count) {
	case 0: return add(ctx, SCMP_ACT_ERRNO(9), call, 0);
	case 1: return add(ctx, SCMP_ACT_ERRNO(9), call, 1, cmp[0]);
	case 2: return add(ctx, SCMP_ACT_ERRNO(9), call, 2, cmp[0], cmp[1]);
	case 3: return add(ctx, SCMP_ACT_ERRNO(9), call, 3, cmp[0], cmp[1], cmp[2]);
	case 4: return add(ctx, SCMP_ACT_ERRNO(9), call, 4, cmp[0], cmp[1], cmp[2], cmp[3]);
	case 5: return add(ctx, SCMP_ACT_ERRNO(9), call, 5, cmp[0], cmp[1], cmp[2], cmp[3], cmp[4]);
	default: return add(ctx, SCMP_ACT_ERRNO(9), call, 6, cmp[0], cmp[1], cmp[2], cmp[3], cmp[4], cmp[5]);
	}
}

int main(void)
{
	const int call = SCMP_SYS(ioctl);
	scmp_filter_ctx empty = new_filter(SCMP_ACT_ALLOW), all = new_filter(SCMP_ACT_ALLOW);
	scmp_filter_ctx all_array = new_filter(SCMP_ACT_ALLOW);

	for (int exact = 0; exact <= 1; exact++) {
		for (unsigned int count = 0; count <= 6; count++) {
			scmp_filter_ctx a = new_filter(SCMP_ACT_ALLOW), b = new_filter(SCMP_ACT_ALLOW);

			EQ(variadic(exact, a, call, count), 0);
			EQ((exact ? seccomp_rule_add_exact_array : seccomp_rule_add_array)(
				   b, SCMP_ACT_ERRNO(9), call, count, count ? cmp : NULL), 0);
			tap_ok(same_export(a, b), "%u comparisons, exact %d: same filter", count, exact);
			tap_ok(!same_export(a, empty), "%u comparisons, exact %d: a rule", count, exact);
			seccomp_release(a);
			seccomp_release(b);
		}
	}

	/* What programs write: a literal per comparison. */
	EQ(seccomp_rule_add(all, SCMP_ACT_KILL, call, 3, SCMP_A0(SCMP_CMP_LT, 5),
			    SCMP_A1_32(SCMP_CMP_MASKED_EQ, 6, 2), SCMP_CMP(2, SCMP_CMP_LE, 7)), 0);
	EQ(seccomp_rule_add_array(all_array, SCMP_ACT_KILL, call, 3,
		(struct scmp_arg_cmp[]){ { 0, SCMP_CMP_LT, 5 }, { 1, SCMP_CMP_MASKED_EQ, 6, 2 },
					 { 2, SCMP_CMP_LE, 7 } }), 0);
	OK(same_export(all, all_array));
	seccomp_release(empty);
	seccomp_release(all);
	seccomp_release(all_array);
	return tap_end();
}
