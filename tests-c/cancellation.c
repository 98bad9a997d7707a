/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A thread may end inside the library: pthread_cancel() acts in a call that is a
 * cancellation point, pthread_exit() in a signal handler wherever the thread is
 * blocked. It ends as in any other function, its filter can be used and released
 * by others, and nothing is lost (valgrind looks for leaks).
 *
 * c++: as well
 * c library: takes part
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include "tap.h"

static int full[2], null;
static int cleaned_up;

/* Many rules, so that neither form fits a socket's buffer. */
static scmp_filter_ctx large_filter(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_KILL);

	for (int call = 0; call < 200; call++)
		for (unsigned int value = 0; value < 20; value++)
			NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 1,
					      SCMP_A0(SCMP_CMP_EQ, value * 7)) == 0);
	return ctx;
}

static void count_clean_up(void *unused)
{
	(void)unused;
	cleaned_up++;
}

struct job {
	scmp_filter_ctx ctx;
	int (*function)(const scmp_filter_ctx ctx, int fd);
	bool cancelled_before;
	int fd;
	pid_t thread;
};

/* Tells the main thread the id of this thread. */
static void tell(pid_t *thread)
{
	__atomic_store_n(thread, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
}

/* The letter in proc_pid_stat(5) for a thread of this process, 0 before it has told its id. */
static char state_of(pid_t *thread)
{
	pid_t id = __atomic_load_n(thread, __ATOMIC_ACQUIRE);
	char name[64], stat[256] = "", *end;
	ssize_t length;
	int fd;

	if (id == 0)
		return 0;
	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", (int)id);
	NEED((fd = open(name, O_RDONLY)) >= 0);
	NEED((length = read(fd, stat, sizeof(stat) - 1)) > 0);
	close(fd);
	NEED((end = strrchr(stat, ')')) != NULL);
	return end[2];
}

/*
 * Waits until a thread is blocked. A handler may leave it only there. A fixed time is too
 * short on a slow machine, where the thread still computes, maybe inside of malloc(3).
 */
static void wait_until_blocked(pid_t *thread)
{
	for (int in_a_row = 0; in_a_row < 3; in_a_row = state_of(thread) == 'S' ? in_a_row + 1 : 0)
		usleep(50000);
}

static void *run(void *argument)
{
	struct job *job = (struct job *)argument;

	tell(&job->thread);
	pthread_cleanup_push(count_clean_up, NULL);
	if (job->cancelled_before)
		pthread_cancel(pthread_self());
	for (;;) {
		job->function(job->ctx, job->fd);
		if (job->cancelled_before)
			pthread_testcancel();
	}
	pthread_cleanup_pop(0);
	return NULL;
}

static void drain(void)
{
	char buffer[65536];

	while (recv(full[0], buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
		;
}

static void leave_thread(int number)
{
	(void)number;
	pthread_exit(PTHREAD_CANCELED);
}

enum how { PENDING, ARRIVING, BY_HANDLER };

static void ends_in(const char *what, int (*function)(const scmp_filter_ctx, int), enum how how)
{
	struct job job = { large_filter(), function, how == PENDING, how == PENDING ? null : full[1], 0 };
	scmp_filter_ctx fresh = large_filter();
	pthread_t thread;
	void *result;
	int before = cleaned_up;

	NEED(pthread_create(&thread, NULL, run, &job) == 0);
	if (how != PENDING)
		wait_until_blocked(&job.thread);
	if (how == ARRIVING)
		NEED(pthread_cancel(thread) == 0);
	if (how == BY_HANDLER)
		NEED(pthread_kill(thread, SIGUSR1) == 0);
	NEED(pthread_join(thread, &result) == 0);
	tap_ok(result == PTHREAD_CANCELED && cleaned_up == before + 1, "%s: the thread ends", what);
	drain();
	tap_ok(same_export(job.ctx, fresh), "%s: the filter is as it was", what);
	tap_ok(seccomp_rule_add(job.ctx, SCMP_ACT_ALLOW, 300, 0) == 0, "%s: it takes rules", what);
	tap_ok(seccomp_export_bpf(job.ctx, null) == 0 && seccomp_export_pfc(job.ctx, null) == 0,
	       "%s: it is exported", what);
	seccomp_release(fresh);
	seccomp_release(job.ctx);
}

/* Everything else: whatever is a cancellation point in there, nothing breaks. */
static int all_others(const scmp_filter_ctx ctx, int fd)
{
	struct seccomp_notif *request = NULL;
	struct seccomp_notif_resp *response = NULL;
	scmp_filter_ctx other = seccomp_init(SCMP_ACT_ALLOW);
	size_t size = 0;

	(void)fd;
	seccomp_api_get();
	seccomp_rule_add(other, SCMP_ACT_ERRNO(1), SCMP_SYS(ptrace), 0);
	seccomp_attr_set(other, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	seccomp_precompute(other);
	seccomp_load(other);
	seccomp_export_bpf_mem(ctx, NULL, &size);
	free(seccomp_syscall_resolve_num_arch(0, 1));
	if (seccomp_notify_alloc(&request, &response) == 0) {
		seccomp_notify_receive(-1, request);
		seccomp_notify_respond(-1, response);
		seccomp_notify_id_valid(-1, 1);
		seccomp_notify_free(request, response);
	}
	seccomp_release(other);
	seccomp_reset(NULL, 0);
	return 0;
}

static void *loads_and_resets(void *unused)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	(void)unused;
	NEED(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(getppid), 0) == 0);
	NEED(seccomp_load(ctx) == 0);
	seccomp_release(ctx);
	pthread_cancel(pthread_self());
	/* Closes the listener. The thread may end in there, or go on. */
	seccomp_reset(NULL, 0);
	pthread_testcancel();
	return NULL;
}

static void *receives(void *thread)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	struct seccomp_notif *request;

	tell((pid_t *)thread);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(getppid), 0) == 0);
	NEED(seccomp_load(ctx) == 0);
	NEED(seccomp_notify_alloc(&request, NULL) == 0);
	pthread_cleanup_push(free, request);
	pthread_cleanup_push(seccomp_release, ctx);
	/* Nobody makes the call: it waits. */
	seccomp_notify_receive(seccomp_notify_fd(ctx), request);
	pthread_cleanup_pop(1);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *loads_under_a_supervisor(void *thread)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW), next = new_filter(SCMP_ACT_ALLOW);

	tell((pid_t *)thread);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(seccomp), 0) == 0);
	NEED(seccomp_load(ctx) == 0);
	pthread_cleanup_push(seccomp_release, ctx);
	pthread_cleanup_push(seccomp_release, next);
	/* Nobody answers: it waits. */
	seccomp_load(next);
	pthread_cleanup_pop(1);
	pthread_cleanup_pop(1);
	return NULL;
}

static void a_handler_ends_a_thread_that(void *(*blocks)(void *))
{
	pthread_t thread;
	pid_t id = 0;
	void *result;

	NEED(pthread_create(&thread, NULL, blocks, &id) == 0);
	wait_until_blocked(&id);
	NEED(pthread_kill(thread, SIGUSR1) == 0);
	NEED(pthread_join(thread, &result) == 0);
	OK(result == PTHREAD_CANCELED);
}

static void a_listener_is_closed(void)
{
	pthread_t thread;
	void *result;

	NEED(pthread_create(&thread, NULL, loads_and_resets, NULL) == 0);
	NEED(pthread_join(thread, &result) == 0);
	OK(result == PTHREAD_CANCELED);
	/* and the library goes on */
	OK(seccomp_api_get() >= 6);
}

int main(void)
{
	struct sigaction action;

	alarm(120);
	memset(&action, 0, sizeof(action));
	action.sa_handler = leave_thread;
	NEED(sigaction(SIGUSR1, &action, NULL) == 0);
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, full) == 0);
	NEED((null = open("/dev/null", O_WRONLY)) >= 0);
	NEED(seccomp_api_get() >= 1);

	ends_in("export_bpf, cancelled before", seccomp_export_bpf, PENDING);
	ends_in("export_pfc, cancelled before", seccomp_export_pfc, PENDING);
	ends_in("all others, cancelled before", all_others, PENDING);
	ends_in("export_bpf, cancelled while it writes", seccomp_export_bpf, ARRIVING);
	ends_in("export_bpf, left by a handler", seccomp_export_bpf, BY_HANDLER);
#ifndef C_LIBRARY /* its stream and a lock are left behind */
	ends_in("export_pfc, cancelled while it writes", seccomp_export_pfc, ARRIVING);
	ends_in("export_pfc, left by a handler", seccomp_export_pfc, BY_HANDLER);
#endif
	if (has_level(5, "listeners")) {
		OK(ended_well(IN_CHILD(a_listener_is_closed())));
		OK(ended_well(IN_CHILD(a_handler_ends_a_thread_that(receives))));
		OK(ended_well(IN_CHILD(a_handler_ends_a_thread_that(loads_under_a_supervisor))));
	}
	close(full[0]);
	close(full[1]);
	close(null);
	return tap_end();
}
