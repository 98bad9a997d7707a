/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The variadic functions, which Rust can't define. They collect their arguments as
 * the host's ABI passes them.
 */
#include <stdarg.h>

#ifdef SCMP_NO_HEADERS
/*
 * For build.rs: a Rust program is also built where there are no headers of a C library and
 * of the kernel. These declarations are those of include/seccomp.h;
 * crates/scmp-sys/tests/c_functions.rs calls the functions that are compiled with them.
 */
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef void *scmp_filter_ctx;

struct scmp_arg_cmp {
	unsigned int arg;
	unsigned int op;
	uint64_t datum_a, datum_b;
};

#define EINVAL 22
int seccomp_rule_add_array(scmp_filter_ctx, uint32_t, int, unsigned int, const struct scmp_arg_cmp *);
int seccomp_rule_add_exact_array(scmp_filter_ctx, uint32_t, int, unsigned int, const struct scmp_arg_cmp *);
#else
#include <errno.h>

#include "seccomp.h"
#endif

#define MAX_COMPARISONS 6

#define COLLECT(function)							\
	int function(scmp_filter_ctx ctx, uint32_t action, int syscall,		\
		     unsigned int arg_cnt, ...)					\
	{									\
		struct scmp_arg_cmp given[MAX_COMPARISONS];			\
		unsigned int i;							\
		va_list rest;							\
										\
		if (arg_cnt > MAX_COMPARISONS)					\
			return -EINVAL;						\
		va_start(rest, arg_cnt);					\
		for (i = 0; i < arg_cnt; i++)					\
			given[i] = va_arg(rest, struct scmp_arg_cmp);		\
		va_end(rest);							\
		return function##_array(ctx, action, syscall, arg_cnt, given);	\
	}

COLLECT(seccomp_rule_add)
COLLECT(seccomp_rule_add_exact)
