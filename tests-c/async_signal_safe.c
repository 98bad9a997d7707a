/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * After seccomp_precompute(), loading and exporting the program allocate nothing and
 * free nothing, so that they may be done in a signal handler or between fork() and
 * exec(): own_malloc.h counts. Attributes that matter only for loading may be
 * set in between. (inside_signal_handler.c does it in a handler.)
 *
 * static: skipped, a static program cannot have a second malloc
 * musl: skipped, this calls the malloc of glibc from its own
 * valgrind: skipped, it brings its own malloc
 * c library: takes part
 */
#include <fcntl.h>
#include "own_malloc.h"

static bool allocation_fails(void)
{
	return false;
}

static int null;

static scmp_filter_ctx filter(int rules, uint32_t level)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	NEED(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, level) == 0);
	for (int i = 0; i < rules; i++)
		NEED(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), 600 + i, 0) == 0);
	NEED(seccomp_precompute(ctx) == 0);
	return ctx;
}

static void exported(scmp_filter_ctx ctx, int rules, uint32_t level)
{
	static char buffer[65536];
	size_t size = sizeof(buffer);
	long before = calls;
	int memory = seccomp_export_bpf_mem(ctx, buffer, &size);
	int file = seccomp_export_bpf(ctx, null);
	long after = calls;

	tap_ok(memory == 0 && file == 0 && after == before,
	       "%d rules at level %u are exported without allocations (%ld)", rules, level,
	       after - before);
}

static void loaded(int rules, uint32_t level)
{
	scmp_filter_ctx ctx = filter(rules, level);
	long before, after;
	int code;

	NEED(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_LOG, 1) == 0);
	NEED(seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1) == 0);
	before = calls;
	code = seccomp_load(ctx);
	after = calls;
	tap_ok(code == 0 && after == before,
	       "%d rules at level %u are loaded without allocations (%ld)", rules, level,
	       after - before);
	seccomp_release(ctx);
}

/* A program in the other byte order can't be loaded, but is exported likewise. */
static void foreign(void)
{
	static const uint32_t others[] = { SCMP_ARCH_S390X, SCMP_ARCH_AARCH64 };

	for (size_t i = 0; i < 2; i++) {
		scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

		NEED(seccomp_arch_remove(ctx, 0) == 0);
		NEED(seccomp_arch_add(ctx, others[i]) == 0);
		NEED(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SCMP_SYS(ptrace), 0) == 0);
		NEED(seccomp_precompute(ctx) == 0);
		exported(ctx, 1, 1);
		seccomp_release(ctx);
	}
}

int main(void)
{
	static const int counts[] = { 0, 20, 1500 };

	NEED((null = open("/dev/null", O_WRONLY)) >= 0);
	for (size_t i = 0; i < 3; i++) {
		for (uint32_t level = 1; level <= 2; level++) {
			scmp_filter_ctx ctx = filter(counts[i], level);

			exported(ctx, counts[i], level);
			seccomp_release(ctx);
			if (takes_filters("loading"))
				OK(ended_well(IN_CHILD(loaded(counts[i], level))));
		}
	}
	foreign();
	return tap_end();
}
