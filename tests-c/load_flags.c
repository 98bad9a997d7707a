/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Which flags each attribute gives to seccomp(2), as a kernel sees them that tells.
 *
 * c library: takes part
 * valgrind: skipped, it lacks seccomp(2)
 */
#include "older_kernel.h"

#define LOG SECCOMP_FILTER_FLAG_LOG
#define SPEC_ALLOW SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define LISTENER SECCOMP_FILTER_FLAG_NEW_LISTENER
#define TSYNC (SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH)
#define WAIT_KILLABLE SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV

/* What a kernel is given for a filter with these attributes, up to the first 0, that is
 * loaded at this API level. */
static long flags_at(unsigned int level, bool notifies, const enum scmp_filter_attr *attributes)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	int told;

	for (; *attributes; attributes++)
		NEED(seccomp_attr_set(ctx, *attributes, 1) == 0);
	if (notifies)
		NEED(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(getppid), 0) == 0);
	NEED(seccomp_api_set(level) == 0);
	errno = 0;
	NEED(seccomp_load(ctx) == -ECANCELED);
	told = errno;
	NEED(seccomp_api_set(7) == 0);
	NEED(told & FLAGS_TOLD);
	seccomp_release(ctx);
	return told & ~FLAGS_TOLD;
}

#define FLAGS_AT(level, notifies, ...)                                                      \
	flags_at(level, notifies, (enum scmp_filter_attr[]){ __VA_ARGS__, _SCMP_FLTATR_MIN })
#define FLAGS(...) FLAGS_AT(7, __VA_ARGS__)

int main(void)
{
	if (!has_level(7, "flags")) {
		tap_ok(true, "nothing to do");
		return tap_end();
	}
	kernel_tells_flags();
	EQ(FLAGS(false, SCMP_FLTATR_CTL_NNP), 0);
	EQ(FLAGS(false, SCMP_FLTATR_CTL_LOG), LOG);
	EQ(FLAGS(false, SCMP_FLTATR_CTL_SSB), SPEC_ALLOW);
	EQ(FLAGS(false, SCMP_FLTATR_CTL_TSYNC), TSYNC);
	EQ(FLAGS(false, SCMP_FLTATR_CTL_LOG, SCMP_FLTATR_CTL_SSB, SCMP_FLTATR_CTL_TSYNC), LOG | SPEC_ALLOW | TSYNC);
	EQ(FLAGS(false, SCMP_FLTATR_CTL_OPTIMIZE, SCMP_FLTATR_API_TSKIP), 0);
	/* The kernel takes this flag only with a listener. */
	EQ(FLAGS(false, SCMP_FLTATR_CTL_WAITKILL), 0);
	EQ(FLAGS(true, SCMP_FLTATR_CTL_NNP), LISTENER);
	EQ(FLAGS(true, SCMP_FLTATR_CTL_WAITKILL), LISTENER | WAIT_KILLABLE);
	EQ(FLAGS(true, SCMP_FLTATR_CTL_TSYNC), LISTENER | TSYNC);
	EQ(FLAGS(true, SCMP_FLTATR_CTL_SSB), LISTENER | SPEC_ALLOW);
	/* Where the level has seccomp(2), the kernel is asked for what the level lacks. */
	EQ(FLAGS_AT(2, false, SCMP_FLTATR_CTL_LOG, SCMP_FLTATR_CTL_SSB), LOG | SPEC_ALLOW);
	EQ(FLAGS_AT(5, false, SCMP_FLTATR_CTL_TSYNC), SECCOMP_FILTER_FLAG_TSYNC);
	EQ(FLAGS_AT(4, true, SCMP_FLTATR_CTL_SSB), SPEC_ALLOW);
	return tap_end();
}
