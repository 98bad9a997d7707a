/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Where a function answers -ECANCELED, errno has the code of the system call
 * that failed, as seccomp.h says.
 */
#include <fcntl.h>
#include <sys/time.h>
#include "tap.h"

/* The call must answer -ECANCELED and leave the code in errno, whatever was there. */
#define CANCELED(call, code)                                                  \
	do {                                                                  \
		errno = ENOTTY;                                               \
		EQ(call, -ECANCELED);                                         \
		EQ(errno, code);                                              \
	} while (0)

static void nothing(int signal)
{
	(void)signal;
}

/* Again and again, because a first signal may come before a call waits. */
static void signal_every(time_t seconds)
{
	struct sigaction interrupt = { .sa_handler = nothing };
	struct itimerval period = { { seconds }, { seconds } };

	NEED(sigaction(SIGALRM, &interrupt, NULL) == 0); /* without SA_RESTART */
	setitimer(ITIMER_REAL, &period, NULL);
}

static void exports(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	int read_only = open("/dev/null", O_RDONLY | O_CLOEXEC), pipe_fds[2];
	char page[4096] = { 0 };

	NEED(read_only >= 0 && pipe(pipe_fds) == 0);
	/* They wrote on after signals, and never came back from a pipe that nobody reads. */
	fcntl(pipe_fds[1], F_SETFL, O_NONBLOCK);
	while (write(pipe_fds[1], page, sizeof(page)) > 0) {
	}
	fcntl(pipe_fds[1], F_SETFL, 0);
	signal_every(1);
	CANCELED(seccomp_export_pfc(ctx, pipe_fds[1]), EINTR);
	CANCELED(seccomp_export_bpf(ctx, pipe_fds[1]), EINTR);
	signal_every(0);
	close(pipe_fds[0]);
	signal(SIGPIPE, SIG_IGN);
	CANCELED(seccomp_export_pfc(ctx, -1), EBADF);
	CANCELED(seccomp_export_bpf(ctx, -1), EBADF);
	CANCELED(seccomp_export_pfc(ctx, read_only), EINVAL);
	CANCELED(seccomp_export_bpf(ctx, read_only), EBADF);
	/* unlike the C library, which does not look whether its text got out */
	CANCELED(seccomp_export_pfc(ctx, pipe_fds[1]), EPIPE);
	CANCELED(seccomp_export_bpf(ctx, pipe_fds[1]), EPIPE);
	close(read_only);
	close(pipe_fds[1]);
	seccomp_release(ctx);
}

static void load_without_privileges(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	if (geteuid() == 0)
		NEED(seteuid(65534) == 0);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0), 0);
	CANCELED(seccomp_load(ctx), EACCES);
	/* With the kernel's own codes errno is the same. */
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1), 0);
	errno = 0;
	EQ(seccomp_load(ctx), -EACCES);
	EQ(errno, EACCES);
	seccomp_release(ctx);
}

static void notifications(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	struct seccomp_notif *req;
	struct seccomp_notif_resp *resp;
	struct seccomp_notif_addfd addfd = { 0 };
	int fd;

	NEED(seccomp_notify_alloc(&req, &resp) == 0);
	CANCELED(seccomp_notify_receive(-1, req), EBADF);
	CANCELED(seccomp_notify_respond(-1, resp), EBADF);
	CANCELED(seccomp_notify_addfd(-1, &addfd), EBADF);

	NEED(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(getpgid), 0) == 0);
	NEED(seccomp_load(ctx) == 0);
	fd = seccomp_notify_fd(ctx);
	req->pid = 1; /* not zeroed */
	CANCELED(seccomp_notify_receive(fd, req), EINVAL);
	req->pid = 0;
	signal_every(1);
	CANCELED(seccomp_notify_receive(fd, req), EINTR);
	signal_every(0);

	pid_t child = fork();
	NEED(child >= 0);
	if (child == 0)
		_exit(getpgid(0) != 7);
	EQ(seccomp_notify_receive(fd, req), 0);
	memset(resp, 0, sizeof(*resp));
	resp->id = req->id;
	resp->val = 7;
	EQ(seccomp_notify_respond(fd, resp), 0);
	/* Until the child has taken the answer it is in progress, then gone. */
	errno = 0;
	EQ(seccomp_notify_respond(fd, resp), -ECANCELED);
	tap_ok(errno == EINPROGRESS || errno == ENOENT, "answered twice: errno %d", errno);
	NEED(waitpid(child, NULL, 0) == child);
	CANCELED(seccomp_notify_respond(fd, resp), ENOENT);

	/* A descriptor that is not open, flags that do not exist, nobody who waits. */
	addfd.id = 12345;
	addfd.srcfd = 999;
	errno = 0;
	if (seccomp_notify_addfd(fd, &addfd) == -EOPNOTSUPP) {
		SKIP("notify_addfd", "the kernel is older than 5.9");
	} else {
		CANCELED(seccomp_notify_addfd(fd, &addfd), EBADF);
		addfd.srcfd = 1;
		CANCELED(seccomp_notify_addfd(fd, &addfd), ENOENT);
		addfd.flags = 0x80000000;
		CANCELED(seccomp_notify_addfd(fd, &addfd), EINVAL);
	}
	seccomp_notify_free(req, resp);
	seccomp_release(ctx);
}

int main(void)
{
	exports();
	if (takes_filters("load_without_privileges"))
		OK(ended_well(IN_CHILD(load_without_privileges())));
	if (has_level(5, "notifications"))
		OK(ended_well(IN_CHILD(notifications())));
	return tap_end();
}
