/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Threads may build filters at the same time, the very first use included, and
 * each gets what one thread alone gets. A thread that has the library probe the
 * kernel anew doesn't disturb others.
 */
#include <pthread.h>
#include <stdatomic.h>
#include "tap.h"

#define THREADS 8
#define ROUNDS 20

static scmp_filter_ctx build(unsigned int number)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ERRNO(number + 1));

	for (unsigned int i = 0; i < 40; i++) {
		char *name = seccomp_syscall_resolve_num_arch(0, (int)(number + i));
		int call = name ? seccomp_syscall_resolve_name(name) : -1;

		free(name);
		if (call < 0)
			continue;
		NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, i % 2, SCMP_A0(SCMP_CMP_EQ, i)) == 0);
	}
	if (number % 2)
		NEED(seccomp_syscall_priority(ctx, (int)number, 100) == 0);
	return ctx;
}

struct built {
	void *bytes;
	size_t len;
};

static struct built built[THREADS];
static atomic_uint different;
static pthread_barrier_t together;

static struct built built_once(unsigned int number)
{
	scmp_filter_ctx ctx = build(number);
	struct built b;

	b.bytes = export_copy(ctx, &b.len);
	seccomp_release(ctx);
	return b;
}

static bool same(struct built a, struct built b)
{
	return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

/* First what all threads make of a library that was never used, then compare. */
static void *thread(void *argument)
{
	unsigned int number = (unsigned int)(uintptr_t)argument;
	struct built first;

	pthread_barrier_wait(&together);
	first = built_once(number);
	for (int round = 0; round < ROUNDS; round++) {
		struct built again = built_once(number);

		different += !same(again, first);
		free(again.bytes);
	}
	built[number] = first;
	return NULL;
}

static atomic_bool resets;
static atomic_uint probes;

static void *reset_again_and_again(void *unused)
{
	while (resets) {
		NEED(seccomp_reset(NULL, 0) == 0);
		probes++;
	}
	return unused;
}

static atomic_uint failed_loads;

/* Its filters go away with the thread. The second finds a listener, or one that the
 * other thread is just closing. */
static void *load_a_filter_that_notifies(void *unused)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	NEED(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(getppid), 0) == 0);
	for (int i = 0; i < 4; i++)
		failed_loads += seccomp_load(ctx) != 0;
	seccomp_release(ctx);
	return unused;
}

/* Features stay known meanwhile: -EINVAL is what a null request gets. */
static void while_another_thread_resets(void)
{
	unsigned int missing = 0, refused = 0;
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	pthread_t other;

	resets = true;
	NEED(pthread_create(&other, NULL, reset_again_and_again, NULL) == 0);
	for (int i = 0; i < 200; i++) {
		pthread_t loads;

		NEED(pthread_create(&loads, NULL, load_a_filter_that_notifies, NULL) == 0);
		pthread_join(loads, NULL);
	}
	EQ(failed_loads, 0);
	for (int i = 0; i < 1000000 || probes < 2000; i++) {
		missing += seccomp_notify_receive(-1, NULL) == -EOPNOTSUPP;
		if (i % 100 == 0)
			refused += seccomp_attr_set(ctx, SCMP_FLTATR_CTL_LOG, 1) != 0;
	}
	resets = false;
	pthread_join(other, NULL);
	EQ(missing, 0);
	EQ(refused, 0);
	seccomp_release(ctx);
}

int main(void)
{
	pthread_t threads[THREADS];

	NEED(pthread_barrier_init(&together, NULL, THREADS) == 0);
	for (uintptr_t i = 0; i < THREADS; i++)
		NEED(pthread_create(&threads[i], NULL, thread, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	EQ(different, 0);
	for (unsigned int i = 0; i < THREADS; i++) {
		struct built alone = built_once(i);

		tap_ok(same(alone, built[i]), "filter %u is what one thread alone builds", i);
		free(alone.bytes);
		free(built[i].bytes);
	}
	if (has_level(5, "resets"))
		while_another_thread_resets();
	return tap_end();
}
