/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The ten attributes: their defaults, what each takes and gives back; and the
 * seven API levels: which attributes and actions each of them allows, set by
 * seccomp_api_set and found on the oldest kernel of each, whose filters are in force.
 */
#include "older_kernel.h"

static uint32_t get(scmp_filter_ctx ctx, enum scmp_filter_attr attr)
{
	uint32_t value = 0xdeadbeef;

	EQ(seccomp_attr_get(ctx, attr, &value), 0);
	return value;
}

static void defaults(scmp_filter_ctx ctx, uint32_t def_action)
{
	EQ(get(ctx, SCMP_FLTATR_ACT_DEFAULT), def_action);
	EQ(get(ctx, SCMP_FLTATR_ACT_BADARCH), SCMP_ACT_KILL);
	EQ(get(ctx, SCMP_FLTATR_CTL_NNP), 1);
	EQ(get(ctx, SCMP_FLTATR_CTL_TSYNC), 0);
	EQ(get(ctx, SCMP_FLTATR_API_TSKIP), 0);
	EQ(get(ctx, SCMP_FLTATR_CTL_LOG), 0);
	EQ(get(ctx, SCMP_FLTATR_CTL_SSB), 0);
	EQ(get(ctx, SCMP_FLTATR_CTL_OPTIMIZE), 1);
	EQ(get(ctx, SCMP_FLTATR_API_SYSRAWRC), 0);
	EQ(get(ctx, SCMP_FLTATR_CTL_WAITKILL), 0);
}

static void set_and_reset(void)
{
	static const enum scmp_filter_attr flags[] = {
		SCMP_FLTATR_CTL_NNP, SCMP_FLTATR_CTL_TSYNC, SCMP_FLTATR_API_TSKIP,
		SCMP_FLTATR_CTL_LOG, SCMP_FLTATR_CTL_SSB, SCMP_FLTATR_API_SYSRAWRC,
		SCMP_FLTATR_CTL_WAITKILL,
	};
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ERRNO(5));

	defaults(ctx, SCMP_ACT_ERRNO(5));
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		EQ(seccomp_attr_set(ctx, flags[i], 0), 0);
		EQ(get(ctx, flags[i]), 0);
		EQ(seccomp_attr_set(ctx, flags[i], 4711), 0); /* any non-zero is 1 */
		EQ(get(ctx, flags[i]), 1);
	}
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRACE(7)), 0);
	EQ(get(ctx, SCMP_FLTATR_ACT_BADARCH), SCMP_ACT_TRACE(7));
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2), 0);
	EQ(get(ctx, SCMP_FLTATR_CTL_OPTIMIZE), 2);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 1), 0);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 9), -EOPNOTSUPP);
	EQ(get(ctx, SCMP_FLTATR_CTL_OPTIMIZE), 1);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_DEFAULT, SCMP_ACT_KILL), -EACCES);
	EQ(get(ctx, SCMP_FLTATR_ACT_DEFAULT), SCMP_ACT_ERRNO(5));
	EQ(seccomp_reset(ctx, SCMP_ACT_TRAP), 0);
	defaults(ctx, SCMP_ACT_TRAP);
	seccomp_release(ctx);
}

/* The bad-architecture action and TSKIP reach the program. */
static void attributes_reach_the_export(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW), plain = new_filter(SCMP_ACT_ALLOW);

	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(3)), 0);
	OK(!same_export(ctx, plain));
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL), 0);
	OK(same_export(ctx, plain));
	EQ(seccomp_rule_add(ctx, SCMP_ACT_KILL, -1, 0), -EINVAL);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_API_TSKIP, 1), 0);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_KILL, -1, 0), 0);
	OK(!same_export(ctx, plain));
	/* A reset ends open transactions. */
	EQ(seccomp_transaction_start(ctx), 0);
	EQ(seccomp_reset(ctx, SCMP_ACT_ALLOW), 0);
	OK(same_export(ctx, plain));
	EQ(seccomp_rule_add(ctx, SCMP_ACT_KILL, SCMP_SYS(dup), 0), 0);
	seccomp_transaction_reject(ctx);
	OK(!same_export(ctx, plain));
	seccomp_release(ctx);
	seccomp_release(plain);
}

static bool action_exists(uint32_t action)
{
	scmp_filter_ctx ctx = seccomp_init(action);

	seccomp_release(ctx);
	return ctx != NULL;
}

static void level_allows(unsigned int level)
{
	const int unsupported = -EOPNOTSUPP;
	scmp_filter_ctx ctx;

	EQ(seccomp_api_get(), level);
	EQ(action_exists(SCMP_ACT_KILL_PROCESS), level >= 3);
	EQ(action_exists(SCMP_ACT_LOG), level >= 3);
	EQ(action_exists(SCMP_ACT_NOTIFY), level >= 5);
	EQ(action_exists(SCMP_ACT_KILL_THREAD), 1);
	EQ(action_exists(SCMP_ACT_TRAP), 1);
	EQ(action_exists(SCMP_ACT_ERRNO(4000)), 1);
	EQ(action_exists(SCMP_ACT_TRACE(0xffff)), 1);
	EQ(action_exists(SCMP_ACT_ALLOW), 1);

	ctx = new_filter(SCMP_ACT_ALLOW);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_LOG, 1), level >= 3 ? 0 : unsupported);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_SSB, 1), level >= 4 ? 0 : unsupported);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_WAITKILL, 1), 0);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1), level >= 2 ? 0 : unsupported);
	EQ(get(ctx, SCMP_FLTATR_CTL_LOG), level >= 3);
	EQ(get(ctx, SCMP_FLTATR_CTL_SSB), level >= 4);
	EQ(get(ctx, SCMP_FLTATR_CTL_TSYNC), level >= 2);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, SCMP_SYS(dup), 0), level >= 3 ? 0 : -EINVAL);
	/* the kernel takes NOTIFY with TSYNC since TSYNC_ESRCH */
	EQ(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(dup3), 0), level >= 6 ? 0 : -EINVAL);
	if (level >= 2)
		EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 0), 0);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(dup3), 0), level >= 5 ? 0 : -EINVAL);
	if (level >= 2)
		EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1), level == 5 ? -EINVAL : 0);
	seccomp_release(ctx);
}

/* Its filter is in force, with all that the level has. Level 1 has no seccomp(2), so that
 * prctl(2) loads it. */
static void level_loads(unsigned int level)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	for (int attr = SCMP_FLTATR_CTL_TSYNC; attr <= SCMP_FLTATR_CTL_WAITKILL; attr++)
		if (attr != SCMP_FLTATR_API_TSKIP && attr != SCMP_FLTATR_CTL_OPTIMIZE)
			seccomp_attr_set(ctx, (enum scmp_filter_attr)attr, 1);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(77), SYS_getppid, 0), 0);
	if (level >= 6)
		EQ(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SYS_getpgid, 0), 0);
	EQ(error_of(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL)), level == 1 ? ENOSYS : EFAULT);
	EQ(seccomp_load(ctx), 0);
	EQ(error_of(syscall(SYS_getppid)), 77);
	if (level >= 6)
		OK(seccomp_notify_fd(ctx) >= 0);
	seccomp_release(ctx);
}

/* The library has not asked the kernel anything before. */
static void on_a_kernel_of_level(unsigned int level)
{
	kernel_of_level(level);
	level_allows(level);
	level_loads(level);
}

int main(void)
{
	unsigned int kernels = level_of_this_kernel();

	tap_ok(kernels >= 1 && kernels <= 7, "the kernel's level is %u", kernels);
	if (takes_filters("kernels of each level")) {
		for (unsigned int level = 1; level <= kernels; level++)
			tap_ok(ended_well(IN_CHILD(on_a_kernel_of_level(level))), "a kernel of level %u", level);
		for (unsigned int level = kernels + 1; level <= 7; level++)
			SKIP("a kernel of a higher level", "this one's is too low");
	}
	EQ(seccomp_api_set(7), 0); /* nothing is loaded here */
	set_and_reset();
	attributes_reach_the_export();
	for (unsigned int level = 7; level >= 1; level--) {
		EQ(seccomp_api_set(level), 0);
		level_allows(level);
	}
	return tap_end();
}
