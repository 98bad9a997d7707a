/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Calls of which something inside fails: each answers FAILURE (or NULL), every filter is,
 * byte for byte, what it was before the call, and the same call then works. A step is
 * tried with the first event in it failing, its second, and so on. Nothing leaks on
 * the way: own_malloc.h counts. What an event is, the includer says.
 */
#ifndef FAILING_STEPS_H
#define FAILING_STEPS_H

#include <fcntl.h>
#include "own_malloc.h"

long events;	     /* since the step began */
long fail_at;	     /* the number of the one to fail, or 0 */
static bool fail_on; /* and all after it */

/* The filters that the steps work on. */
static scmp_filter_ctx ctx, other;
static int sink;

/* A step that is one call. */
#define ONE_CALL(name, call)                                                                  \
	static int name(void)                                                                 \
	{                                                                                     \
		return call;                                                                  \
	}

static int init(void)
{
	ctx = seccomp_init(SCMP_ACT_ERRNO(1));
	return ctx ? 0 : FAILURE;
}

static int init_other(void)
{
	other = seccomp_init(SCMP_ACT_ERRNO(1));
	return other ? 0 : FAILURE;
}

ONE_CALL(add_arch, seccomp_arch_add(ctx, MULTIPLEXED_ARCH))
ONE_CALL(other_arch, seccomp_arch_add(other, ANOTHER_ARCH))
ONE_CALL(other_without_native, seccomp_arch_remove(other, SCMP_ARCH_NATIVE))
ONE_CALL(rule, seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 0))
ONE_CALL(rule_with_arguments,
	 seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 3,
			SCMP_A0(SCMP_CMP_NE, 3), SCMP_A1(SCMP_CMP_MASKED_EQ, 0xff00, 0x5400),
			SCMP_A2(SCMP_CMP_LE, 0x100000002)))
ONE_CALL(another_rule_on_that_call,
	 seccomp_rule_add(ctx, SCMP_ACT_TRAP, SCMP_SYS(ioctl), 1, SCMP_A0(SCMP_CMP_GT, 7)))
ONE_CALL(rule_that_becomes_two,
	 seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, 1)))
ONE_CALL(rule_in_other,
	 seccomp_rule_add(other, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, 1)))
ONE_CALL(priority, seccomp_syscall_priority(ctx, SCMP_SYS(write), 77))
ONE_CALL(start, seccomp_transaction_start(ctx))
ONE_CALL(commit, seccomp_transaction_commit(ctx))
ONE_CALL(rule_in_transaction,
	 seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(close), 1, SCMP_A0(SCMP_CMP_LT, 3)))

static int merge(void)
{
	int rc = seccomp_merge(ctx, other);

	if (rc == 0)
		other = NULL;
	return rc;
}

ONE_CALL(bad_arch, seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP))
ONE_CALL(export_bpf, seccomp_export_bpf(ctx, sink))
ONE_CALL(export_pfc, seccomp_export_pfc(ctx, sink))
ONE_CALL(precompute, seccomp_precompute(ctx))
ONE_CALL(level_two, seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2))
ONE_CALL(reset, seccomp_reset(ctx, SCMP_ACT_ERRNO(1)))

static int resolve(void)
{
	char *name = seccomp_syscall_resolve_num_arch(0, SCMP_SYS(read));

	free(name);
	return name ? 0 : FAILURE;
}

static int notify_alloc(void)
{
	struct seccomp_notif *req = NULL;
	struct seccomp_notif_resp *resp = NULL;
	int rc = seccomp_notify_alloc(&req, &resp);

	if (rc == 0)
		seccomp_notify_free(req, resp);
	return rc == -EOPNOTSUPP ? 0 : rc;
}

struct step {
	const char *name;
	int (*run)(void);
};
#define STEP(function) { #function, function }
#define COMMON_STEPS                                                                          \
	STEP(init), STEP(rule), STEP(add_arch), STEP(rule_with_arguments),                    \
	STEP(another_rule_on_that_call), STEP(rule_that_becomes_two), STEP(priority),         \
	STEP(init_other), STEP(other_arch), STEP(other_without_native), STEP(rule_in_other),  \
	STEP(start), STEP(rule_in_transaction), STEP(commit), STEP(merge), STEP(bad_arch),    \
	STEP(export_bpf), STEP(export_pfc), STEP(precompute), STEP(level_two),                \
	STEP(another_rule_on_that_call), STEP(export_bpf), STEP(resolve), STEP(notify_alloc)

static const struct step *steps; /* up to one without a name */

struct program {
	char bytes[1 << 14];
	size_t len;
};

static struct program of(scmp_filter_ctx filter)
{
	struct program p = { .len = sizeof(p.bytes) };

	memset(p.bytes, 0, sizeof(p.bytes));
	if (!filter || seccomp_export_bpf_mem(filter, p.bytes, &p.len))
		p.len = 0;
	return p;
}

static bool is(scmp_filter_ctx filter, const struct program *wanted)
{
	static struct program now;

	now = of(filter);
	return now.len == wanted->len && memcmp(now.bytes, wanted->bytes, now.len) == 0;
}

static bool filters_are(const struct program wanted[2])
{
	return is(ctx, &wanted[0]) && is(other, &wanted[1]);
}

static void until(size_t end)
{
	ctx = other = NULL;
	for (size_t i = 0; i < end; i++)
		steps[i].run();
}

static void forget(void)
{
	seccomp_release(ctx);
	seccomp_release(other);
}

/* Step number `index` with its nth allocation failing; false when it has none. */
static bool try(size_t index, long nth, bool on, const struct program *before,
		const struct program *after, long *bad)
{
	long live_before = live;
	bool failed, right;
	int rc;

	until(index);
	events = 0;
	fail_on = on;
	fail_at = nth;
	rc = steps[index].run();
	fail_at = 0;
	failed = events >= nth;

	right = filters_are(rc == 0 ? after : before);
	if (((rc != 0 && rc != FAILURE) || !right) && !(*bad)++)
		tap_say("# %s, failure %ld%s: %d, filter %s\n", steps[index].name, nth,
			on ? " and on" : "", rc, right ? "right" : "wrong");
	if (rc != 0 && steps[index].run() != 0 && !(*bad)++)
		tap_say("# %s, failure %ld: does not work afterwards\n", steps[index].name, nth);
	if (!filters_are(after) && !(*bad)++)
		tap_say("# %s, failure %ld: another filter afterwards\n", steps[index].name, nth);
	forget();
	if (live != live_before && !(*bad)++)
		tap_say("# %s, failure %ld: %ld blocks are left\n", steps[index].name, nth,
			live - live_before);
	return failed;
}

/* Every step, with each event failing: alone, and with 2 ways also with all later ones. */
static long try_all(const struct step *all, int ways)
{
	static struct program before[2], after[2];
	size_t count = 0;
	long failures = 0;

	steps = all;
	NEED((sink = open("/dev/null", O_WRONLY)) >= 0);
	seccomp_api_get();
	while (steps[count].name)
		count++;
	until(count); /* whatever is made once per process */
	forget();
	for (size_t index = 0; index < count; index++) {
		long nth[2] = { 1, 1 }, bad = 0;

		until(index);
		before[0] = of(ctx);
		before[1] = of(other);
		forget();
		until(index + 1);
		after[0] = of(ctx);
		after[1] = of(other);
		NEED(after[0].len > 0);
		forget();
		for (int on = 0; on < ways; on++)
			while (nth[on] < 100000 && try(index, nth[on], on, before, after, &bad))
				nth[on]++;
		tap_ok(bad == 0, "%s: %ld failures, %ld wrong ends", steps[index].name,
		       nth[0] + nth[1] - 2, bad);
		failures += nth[0] + nth[1] - 2;
	}
	return failures;
}

#endif
