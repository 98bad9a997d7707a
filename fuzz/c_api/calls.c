/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The variadic functions, called as C programs call them. With more than six
 * comparisons none is passed: the library must refuse by the count.
 */
#include <stdbool.h>
#include <seccomp.h>

int call_variadic(bool exact, scmp_filter_ctx ctx, uint32_t action, int number, unsigned int count,
		  const struct scmp_arg_cmp *a)
{
	int (*add)(scmp_filter_ctx, uint32_t, int, unsigned int, ...) =
		exact ? seccomp_rule_add_exact : seccomp_rule_add;

	switch (count) {
	case 1: return add(ctx, action, number, 1, a[0]);
	case 2: return add(ctx, action, number, 2, a[0], a[1]);
	case 3: return add(ctx, action, number, 3, a[0], a[1], a[2]);
	case 4: return add(ctx, action, number, 4, a[0], a[1], a[2], a[3]);
	case 5: return add(ctx, action, number, 5, a[0], a[1], a[2], a[3], a[4]);
	case 6: return add(ctx, action, number, 6, a[0], a[1], a[2], a[3], a[4], a[5]);
	default: return add(ctx, action, number, count);
	}
}
