/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * User notification: a child's call waits, we learn which it is, answer it
 * with a value, with an errno, and with a descriptor that we put into the child.
 */
#include <poll.h>
#include <sys/syscall.h>
#include <linux/seccomp.h>
#include "tap.h"

/* The child: getpgid is ours to answer. */
static int asks(void)
{
	if (syscall(SYS_getpgid, 11, 22) != 4242)
		return 2;
	if (error_of(syscall(SYS_getpgid, 0)) != ENOMEDIUM)
		return 3;
	long fd = syscall(SYS_getpgid, 0);
	if (fd < 0 || write((int)fd, "through", 7) != 7)
		return 4;
	return 0;
}

static struct seccomp_notif *req;
static struct seccomp_notif_resp *resp;

static void next_request(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	NEED(poll(&ready, 1, 10000) == 1);
	memset(req, 0, sizeof(*req)); /* the kernel wants it clean */
	EQ(seccomp_notify_receive(fd, req), 0);
	EQ(seccomp_notify_id_valid(fd, req->id), 0);
	memset(resp, 0, sizeof(*resp));
	resp->id = req->id;
}

int main(void)
{
	scmp_filter_ctx ctx;
	char text[8] = "";
	int fd, status, pipe_fds[2], placed;
	pid_t child;

	if (!has_level(5, "notify")) {
		tap_ok(true, "nothing to do");
		return tap_end();
	}
	ctx = new_filter(SCMP_ACT_ALLOW);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(getpgid), 0), 0);
	EQ(seccomp_load(ctx), 0);
	fd = seccomp_notify_fd(ctx);
	OK(fd >= 0);
	EQ(seccomp_notify_alloc(&req, &resp), 0);
	NEED(pipe(pipe_fds) == 0);

	NEED((child = fork()) >= 0);
	if (child == 0) {
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		_exit(asks());
	}

	next_request(fd);
	EQ(req->data.nr, SYS_getpgid);
	EQ(req->data.arch, seccomp_arch_native());
	EQ(req->data.args[0], 11);
	EQ(req->data.args[1], 22);
	EQ(req->pid, child);
	resp->val = 4242;
	EQ(seccomp_notify_respond(fd, resp), 0);
	EQ(seccomp_notify_respond(fd, resp), -ECANCELED); /* once is enough */
	EQ(seccomp_notify_id_valid(fd, resp->id), -ENOENT);

	next_request(fd);
	resp->error = -ENOMEDIUM;
	EQ(seccomp_notify_respond(fd, resp), 0);

	next_request(fd);
	struct seccomp_notif_addfd addfd = { .id = req->id, .srcfd = (uint32_t)pipe_fds[1] };
	placed = seccomp_notify_addfd(fd, &addfd);
	OK(placed >= 0);
	resp->val = placed;
	EQ(seccomp_notify_respond(fd, resp), 0);
	EQ(read(pipe_fds[0], text, 7), 7);
	OK(strcmp(text, "through") == 0);
	EQ(seccomp_notify_addfd(fd, &addfd), -ECANCELED); /* the request is gone */
	EQ(seccomp_notify_addfd(-1, &addfd), -ECANCELED);
	EQ(seccomp_notify_addfd(fd, NULL), -EINVAL);

	NEED(waitpid(child, &status, 0) == child);
	tap_ok(ended_well(status), "the child got its three answers: %d", WEXITSTATUS(status));
	seccomp_notify_free(req, resp);
	seccomp_release(ctx);
	return tap_end();
}
