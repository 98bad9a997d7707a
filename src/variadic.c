/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The variadic functions, which Rust can't define. They collect their arguments as
 * the host's ABI passes them.
 */
#include <errno.h>
#include <stdarg.h>

#include "seccomp.h"

#define MOST_COMPARISONS 6

int seccomp_rule_add(scmp_filter_ctx ctx, uint32_t action, int syscall,
		     unsigned int arg_cnt, ...)
{
	struct scmp_arg_cmp given[MOST_COMPARISONS];
	unsigned int i;
	va_list rest;

	if (arg_cnt > MOST_COMPARISONS)
		return -EINVAL;
	va_start(rest, arg_cnt);
	for (i = 0; i < arg_cnt; i++)
		given[i] = va_arg(rest, struct scmp_arg_cmp);
	va_end(rest);
	return seccomp_rule_add_array(ctx, action, syscall, arg_cnt, given);
}

int seccomp_rule_add_exact(scmp_filter_ctx ctx, uint32_t action, int syscall,
			   unsigned int arg_cnt, ...)
{
	struct scmp_arg_cmp given[MOST_COMPARISONS];
	unsigned int i;
	va_list rest;

	if (arg_cnt > MOST_COMPARISONS)
		return -EINVAL;
	va_start(rest, arg_cnt);
	for (i = 0; i < arg_cnt; i++)
		given[i] = va_arg(rest, struct scmp_arg_cmp);
	va_end(rest);
	return seccomp_rule_add_exact_array(ctx, action, syscall, arg_cnt,
					    given);
}
