/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The descriptor that a filter which notifies brings: whatever its number, whoever
 * closes it, and on a kernel that does not know all flags. docs/differences.md has
 * what the C library does instead.
 *
 * c library: takes part
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include "older_kernel.h"

static bool is_listener(int fd)
{
	char link[64], target[64] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return readlink(link, target, sizeof(target) - 1) > 0 &&
	       strcmp(target, "anon_inode:seccomp notify") == 0;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

static scmp_filter_ctx notifying(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	NEED(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SYS_getppid, 0) == 0);
	return ctx;
}

/* Loads the filter; its listener. */
static int listener_of(scmp_filter_ctx ctx)
{
	int fd;

	EQ(seccomp_load(ctx), 0);
	fd = seccomp_notify_fd(ctx);
	NEED(is_listener(fd));
	return fd;
}

/* Daemons close their standard descriptors. */
static void descriptor_0(bool in_all_threads)
{
	scmp_filter_ctx ctx = notifying();

	close(0);
	if (in_all_threads)
		EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1), 0);
	EQ(seccomp_load(ctx), 0);
	OK(is_listener(0));
	EQ(seccomp_notify_fd(ctx), HERE_THERE(0, -EFAULT));
	EQ(seccomp_reset(NULL, 0), 0);
	EQ(is_open(0), HERE_THERE(false, true));
	EQ(seccomp_notify_fd(ctx), -EFAULT);
	seccomp_release(ctx);
}

/* The owner has closed the listener, and its number has another file now. */
static void a_file_of_somebody_else(void)
{
	scmp_filter_ctx ctx = notifying();
	int fd, pipe_ends[2];

	fd = listener_of(ctx);
	close(fd);
	NEED(open("/dev/null", O_RDONLY) == fd);
	EQ(seccomp_reset(NULL, 0), 0);
	EQ(is_open(fd), HERE_THERE(true, false));
	close(fd);

	/* the same with a pipe, and with nothing at all */
	seccomp_release(ctx);
	ctx = notifying();
	fd = listener_of(ctx);
	close(fd);
	NEED(pipe(pipe_ends) == 0);
	NEED(pipe_ends[0] == fd);
	EQ(seccomp_reset(NULL, 0), 0);
	EQ(is_open(fd), HERE_THERE(true, false));
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	EQ(seccomp_reset(NULL, 0), 0);
	seccomp_release(ctx);
}

/* Without a reset: the kernel gives another listener, so the program gets it. */
static void a_second_listener(void)
{
	scmp_filter_ctx ctx = notifying();
	int first, second;

	first = listener_of(ctx);
	close(first);
	NEED(open("/dev/null", O_RDONLY) == first);
	EQ(seccomp_load(ctx), 0);
	second = seccomp_notify_fd(ctx);
	EQ(second != first && is_listener(second), HERE_THERE(true, false));
	EQ(seccomp_reset(NULL, 0), 0);
	EQ(is_open(first), HERE_THERE(true, false));
	EQ(second != first && is_open(second), false);
	seccomp_release(ctx);
}

/* While it is open, further filters come without: as in the C library. */
static void one_listener_at_a_time(void)
{
	scmp_filter_ctx ctx = notifying();
	int first = listener_of(ctx);

	EQ(seccomp_load(ctx), 0);
	EQ(seccomp_notify_fd(ctx), first);
	OK(is_listener(first));
	OK(!is_listener(first + 1));
	seccomp_release(ctx);
}

/* Loads the filter and closes its listener, of which a copy stays open. */
static int hand_on(scmp_filter_ctx ctx, int *fd)
{
	int copy;

	*fd = listener_of(ctx);
	NEED((copy = dup(*fd)) >= 0);
	close(*fd);
	return copy;
}

/* The owner has handed it on: the kernel gives no other, but the filter loads. */
static void a_copy_elsewhere(void)
{
	scmp_filter_ctx ctx = notifying();
	int fd, copy = hand_on(ctx, &fd);

	EQ(seccomp_load(ctx), 0);
	EQ(seccomp_notify_fd(ctx), HERE_THERE(-EFAULT, fd));
	OK(is_listener(copy) && !is_open(fd));
	EQ(seccomp_load(ctx), 0); /* and any further one */
	seccomp_release(ctx);
}

/* The same after a reset, and in a child that inherits the filter. */
static void a_copy_elsewhere_after_reset(void)
{
	scmp_filter_ctx ctx = notifying();
	int fd, copy = hand_on(ctx, &fd);

	EQ(seccomp_reset(NULL, 0), 0);
	EQ(seccomp_load(ctx), 0);
	OK(is_listener(copy));
	seccomp_release(ctx);
}

static scmp_filter_ctx inherited;

static void two_more(void)
{
	close(seccomp_notify_fd(inherited));
	EQ(seccomp_load(inherited), 0);
	EQ(seccomp_load(inherited), 0);
}

static void a_child_that_inherits(void)
{
	inherited = notifying();
	EQ(seccomp_load(inherited), 0);
	OK(ended_well(IN_CHILD(two_more())));
	OK(is_listener(seccomp_notify_fd(inherited)));
	seccomp_release(inherited);
}

/* The action of foreign calls asks for no listener. */
static void foreign_calls_only(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_NOTIFY), 0);
	EQ(seccomp_load(ctx), 0);
	EQ(seccomp_notify_fd(ctx), -EFAULT);
	seccomp_release(ctx);
}

/* Asking whether the listener is open must not be the end of a program that may not
 * call ioctl(2): many lists of allowed calls lack it. */
static void without_ioctl(void)
{
	scmp_filter_ctx ctx = notifying(), tight = new_filter(SCMP_ACT_ALLOW);
	int fd;

	NEED(seccomp_rule_add(tight, SCMP_ACT_KILL_PROCESS, SYS_ioctl, 0) == 0);
	fd = listener_of(ctx);
	EQ(seccomp_load(tight), 0);
	EQ(seccomp_load(ctx), 0);
	EQ(seccomp_notify_fd(ctx), fd);
	seccomp_release(tight);
	seccomp_release(ctx);
}

/* A filter that does not notify was loaded after a look for the listener: the end of a
 * program that may not call fstat(2). */
static void without_fstat(void)
{
	scmp_filter_ctx ctx = notifying(), tight = new_filter(SCMP_ACT_ALLOW);

	static const int calls[] = { SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(fstat64),
				     SCMP_SYS(fstatat64), SCMP_SYS(statx) };

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		NEED(seccomp_rule_add(tight, SCMP_ACT_KILL_PROCESS, calls[i], 0) == 0);
	listener_of(ctx);
	EQ(seccomp_load(tight), 0);
	EQ(seccomp_load(tight), 0);
	seccomp_release(tight);
	seccomp_release(ctx);
}

/* Linux before 5.19: SCMP_FLTATR_CTL_WAITKILL is left out, as if not asked for. */
static void without_wait_killable(void)
{
	scmp_filter_ctx ctx;

	kernel_without_flags(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	EQ(seccomp_reset(NULL, 0), 0); /* probes anew */
	ctx = notifying();
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_WAITKILL, 1), 0);
	EQ(seccomp_load(ctx), HERE_THERE(0, -ECANCELED));
	EQ(is_listener(seccomp_notify_fd(ctx)), HERE_THERE(true, false));
	seccomp_release(ctx);
}

/* An API level that was set does not keep the flag from a kernel that has it. */
static void wait_killable_at_level_6(void)
{
	scmp_filter_ctx ctx;

	EQ(seccomp_api_set(6), 0);
	ctx = notifying();
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_WAITKILL, 1), 0);
	/* What the flag does can't be seen here, but that it is given can. */
	kernel_answers_flags(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, EPERM);
	EQ(seccomp_load(ctx), -ECANCELED);
	seccomp_release(ctx);
}

int main(void)
{
	if (!has_level(5, "listeners")) {
		EQ(seccomp_notify_receive(-1, NULL), -EOPNOTSUPP);
		return tap_end();
	}
	OK(ended_well(IN_CHILD(descriptor_0(false))));
	if (seccomp_api_get() >= 6)
		OK(ended_well(IN_CHILD(descriptor_0(true))));
	OK(ended_well(IN_CHILD(a_file_of_somebody_else())));
	OK(ended_well(IN_CHILD(a_second_listener())));
	OK(ended_well(IN_CHILD(one_listener_at_a_time())));
	OK(ended_well(IN_CHILD(a_copy_elsewhere())));
	OK(ended_well(IN_CHILD(a_copy_elsewhere_after_reset())));
	OK(ended_well(IN_CHILD(a_child_that_inherits())));
	OK(ended_well(IN_CHILD(foreign_calls_only())));
	OK(ended_well(IN_CHILD(without_ioctl())));
	OK(ended_well(IN_CHILD(without_fstat())));
	if (seccomp_api_get() >= 7) {
		OK(ended_well(IN_CHILD(without_wait_killable())));
		OK(ended_well(IN_CHILD(wait_killable_at_level_6())));
	}
	return tap_end();
}
