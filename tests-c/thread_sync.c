/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * SCMP_FLTATR_CTL_TSYNC: a filter for all threads of the process, or, where one of them
 * has a filter of its own, for none. docs/differences.md has what the C library answers.
 *
 * c library: takes part
 * emulated: skipped, qemu's user mode loads no filters
 * valgrind: skipped, it lacks seccomp(2)
 */
#include <pthread.h>
#include <sys/stat.h>
#include "older_kernel.h"

#define THREADS 3

/* Threads wait here before the main thread loads, and after. */
static pthread_barrier_t before, after;

static scmp_filter_ctx on_getppid(uint32_t action, int synchronises)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	NEED(seccomp_rule_add(ctx, action, SCMP_SYS(getppid), 0) == 0);
	if (synchronises) /* kernels of level 1 refuse the attribute whatever its value */
		NEED(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) == 0);
	return ctx;
}

/* The errno of getppid(2) in this thread; 0 without a filter. */
static long refusal(void)
{
	return error_of(syscall(SYS_getppid));
}

static void *bystander(void *answer)
{
	pthread_barrier_wait(&before);
	pthread_barrier_wait(&after);
	*(long *)answer = refusal();
	return NULL;
}

/* A thread whose filter is not the main thread's. */
static void *diverged(void *answer)
{
	scmp_filter_ctx ctx = on_getppid(SCMP_ACT_ERRNO(11), 0);

	NEED(seccomp_load(ctx) == 0);
	seccomp_release(ctx);
	return bystander(answer);
}

/* The API level that is set before the filter is loaded; 0 leaves it alone. */
static unsigned int level_of_load;

/* Loads a filter that answers 22 among threads, of which some diverge. */
static void among_threads(int synchronises, unsigned int diverging, int expected, long here, long others)
{
	scmp_filter_ctx ctx = on_getppid(SCMP_ACT_ERRNO(22), synchronises);
	pthread_t threads[THREADS];
	long answers[THREADS];
	struct stat tasks;

	NEED(pthread_barrier_init(&before, NULL, THREADS + 1) == 0);
	NEED(pthread_barrier_init(&after, NULL, THREADS + 1) == 0);
	for (unsigned int i = 0; i < THREADS; i++)
		NEED(pthread_create(&threads[i], NULL, i < diverging ? diverged : bystander, &answers[i]) == 0);
	pthread_barrier_wait(&before);
	if (level_of_load)
		NEED(seccomp_api_set(level_of_load) == 0);
	EQ(seccomp_load(ctx), expected);
	EQ(refusal(), here);
	pthread_barrier_wait(&after);
	for (unsigned int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		EQ(answers[i], i < diverging ? 11 : others);
	}
	seccomp_release(ctx);
	/* A joined thread may still be there for the kernel: this folder has a link for each. */
	do
		NEED(stat("/proc/self/task", &tasks) == 0);
	while (tasks.st_nlink > 3);
}

/* Nothing has changed, for no thread; once the thread has ended, the load succeeds. */
static void one_that_diverged(void)
{
	among_threads(1, 1, HERE_THERE(-ESRCH, -ECANCELED), 0, 0);
	among_threads(1, 0, 0, 22, 22);
}

/* Linux before 5.7 answers with the thread's number. */
static void one_that_diverged_before_5_7(void)
{
	kernel_of_level(5);
	among_threads(1, 1, -ESRCH, 0, 0);
	among_threads(1, 0, 0, 22, 22);
}

/* Level 1 has no seccomp(2): the filter is loaded without what prctl(2) can't do. */
static void at_level_1(void)
{
	level_of_load = 1;
	among_threads(1, 0, 0, 22, 0);
}

/* A lower level was set after the filter got both: as if the kernel answered EINVAL, as it did
 * then. The C library answers with what errno was before: 0, though it loads nothing. */
static void with_notifications_before_5_7(void)
{
	scmp_filter_ctx ctx = on_getppid(SCMP_ACT_NOTIFY, 1);

	NEED(seccomp_api_set(5) == 0);
	errno = 0;
	EQ(seccomp_load(ctx), -ECANCELED);
	EQ(errno, HERE_THERE(EINVAL, 0));
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1), 0);
	errno = 0;
	EQ(seccomp_load(ctx), HERE_THERE(-EINVAL, 0));
	EQ(refusal(), 0);
	seccomp_release(ctx);
}

int main(void)
{
	unsigned int level = level_of_this_kernel();

	OK(ended_well(IN_CHILD(among_threads(0, 0, 0, 22, 0))));
	if (level < 2) {
		SKIP("threads", "this kernel's level is below 2");
		return tap_end();
	}
	OK(ended_well(IN_CHILD(among_threads(1, 0, 0, 22, 22))));
	OK(ended_well(IN_CHILD(at_level_1())));
	if (level >= 6) {
		OK(ended_well(IN_CHILD(one_that_diverged())));
		OK(ended_well(IN_CHILD(with_notifications_before_5_7())));
	}
	if (level >= 5)
		OK(ended_well(IN_CHILD(one_that_diverged_before_5_7())));
	return tap_end();
}
