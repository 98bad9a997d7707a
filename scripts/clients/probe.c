/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Preloaded into a program: stands before seccomp_load(), and once the filter
 * is on writes to the file PROBE_REPORT
 *	library PATH DEVICE:INODE	the file that the real seccomp_load is in
 *	Seccomp: N			from /proc/self/status
 * With PROBE_CALL=ptrace or openat it makes that system call from within the
 * program, before the filter is on and after: "calling NAME", and where it comes
 * back "SURVIVED" with the same result, "REFUSED" with another one.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int report = -1;

/* One write(2): hardly anything else may be allowed. */
__attribute__((format(printf, 1, 2)))
static void say(const char *fmt, ...)
{
	char line[512];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (write(report, line, (size_t)len) != len)
		_exit(99);
}

/* The call's errno, or 0. Neither does anything where it is allowed. */
static int call_by_name(const char *name)
{
	if (strcmp(name, "ptrace") == 0)
		return syscall(SYS_ptrace, -1, 0, 0, 0) < 0 ? errno : 0;
	return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}

int seccomp_load(void *ctx)
{
	int (*real)(void *) = (int (*)(void *))dlsym(RTLD_NEXT, "seccomp_load");
	const char *call = getenv("PROBE_CALL");
	char status[4096] = "", *line;
	struct stat file;
	Dl_info info;
	int rc, status_fd, without_filter = 0, with_filter;

	report = open(getenv("PROBE_REPORT"), O_WRONLY | O_APPEND);
	status_fd = open("/proc/self/status", O_RDONLY);
	if (report < 0 || status_fd < 0 || !real || !dladdr((void *)real, &info) ||
	    stat(info.dli_fname, &file))
		_exit(98);
	if (call)
		without_filter = call_by_name(call);
	rc = real(ctx);
	say("library %s %lu:%lu\n", info.dli_fname, (unsigned long)file.st_dev,
	    (unsigned long)file.st_ino);
	if (read(status_fd, status, sizeof(status) - 1) > 0) {
		line = strstr(status, "\nSeccomp:");
		say("Seccomp: %d\n", line ? atoi(line + 9) : -1);
	}
	if (call) {
		say("calling %s\n", call);
		with_filter = call_by_name(call);
		say("%s %s: errno %d, without filter %d\n",
		    with_filter == without_filter ? "SURVIVED" : "REFUSED", call, with_filter,
		    without_filter);
	}
	return rc;
}
