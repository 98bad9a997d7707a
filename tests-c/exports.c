/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One filter, one program: to a file, through a pipe, into memory. A NULL
 * buffer asks for the length, a short one is refused and left alone, a bigger
 * one is written no further than the program's end.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include "tap.h"

static size_t read_all(int fd, char *to, size_t size)
{
	size_t have = 0;
	ssize_t got;

	while (have < size && (got = read(fd, to + have, size - have)) > 0)
		have += (size_t)got;
	return have;
}

static int anonymous_file(void)
{
	int fd = memfd_create("export", 0);

	NEED(fd >= 0);
	return fd;
}

int main(void)
{
	static char text[1 << 16], again[1 << 16], bytes[1 << 12], big[1 << 13];
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ERRNO(1));
	size_t len = 0, asked, pfc_len;
	int fd, pipe_fds[2];

	NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 0) == 0);
	NEED(seccomp_rule_add(ctx, SCMP_ACT_KILL, SCMP_SYS(ioctl), 2,
			      SCMP_A1(SCMP_CMP_EQ, 0x5412), SCMP_A0(SCMP_CMP_NE, 1)) == 0);

	EQ(seccomp_export_bpf_mem(ctx, NULL, &len), 0);
	OK(len > 0 && len % 8 == 0 && len < sizeof(bytes));

	/* exactly as long, and what was asked for stays the answer */
	asked = len;
	EQ(seccomp_export_bpf_mem(ctx, bytes, &asked), 0);
	EQ(asked, len);

	asked = len - 1;
	memset(big, 0x5a, sizeof(big));
	EQ(seccomp_export_bpf_mem(ctx, big, &asked), -ERANGE);
	EQ(asked, len);
	EQ(big[0], 0x5a);
	asked = 0;
	EQ(seccomp_export_bpf_mem(ctx, big, &asked), -ERANGE);
	EQ(asked, len);

	asked = sizeof(big);
	EQ(seccomp_export_bpf_mem(ctx, big, &asked), 0);
	EQ(asked, len);
	OK(memcmp(big, bytes, len) == 0);
	size_t untouched = len;
	while (untouched < sizeof(big) && big[untouched] == 0x5a)
		untouched++;
	EQ(untouched, sizeof(big));

	/* a file, twice: the second is appended where the first ended */
	fd = anonymous_file();
	EQ(seccomp_export_bpf(ctx, fd), 0);
	EQ(seccomp_export_bpf(ctx, fd), 0);
	NEED(lseek(fd, 0, SEEK_SET) == 0);
	EQ(read_all(fd, big, sizeof(big)), 2 * len);
	OK(memcmp(big, bytes, len) == 0 && memcmp(big + len, bytes, len) == 0);
	close(fd);

	NEED(pipe(pipe_fds) == 0);
	EQ(seccomp_export_bpf(ctx, pipe_fds[1]), 0);
	EQ(seccomp_export_pfc(ctx, pipe_fds[1]), 0);
	close(pipe_fds[1]);
	EQ(read_all(pipe_fds[0], big, len), len);
	OK(memcmp(big, bytes, len) == 0);
	pfc_len = read_all(pipe_fds[0], text, sizeof(text) - 1);
	close(pipe_fds[0]);

	fd = anonymous_file();
	EQ(seccomp_export_pfc(ctx, fd), 0);
	NEED(lseek(fd, 0, SEEK_SET) == 0);
	EQ(read_all(fd, again, sizeof(again)), pfc_len);
	OK(memcmp(text, again, pfc_len) == 0);
	close(fd);
	OK(strstr(text, "pseudo filter code start") != NULL);
	OK(strstr(text, "filter for syscall \"ioctl\"") != NULL);
	OK(strstr(text, "pseudo filter code end") != NULL);
	OK(strstr(text, "action ERRNO(1);") != NULL);

	/* nobody reads the pipe, or the file is not open for writing: errno_behind_ecanceled.c */
	signal(SIGPIPE, SIG_IGN);
	NEED(pipe(pipe_fds) == 0);
	close(pipe_fds[0]);
	NEED(seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1) == 0);
	EQ(seccomp_export_bpf(ctx, pipe_fds[1]), -EPIPE);
	NEED((fd = open("/dev/null", O_RDONLY)) >= 0);
	EQ(seccomp_export_bpf(ctx, fd), -EBADF);
	close(fd);
	close(pipe_fds[1]);

	EQ(seccomp_precompute(ctx), 0);
	asked = sizeof(big);
	EQ(seccomp_export_bpf_mem(ctx, big, &asked), 0);
	OK(asked == len && memcmp(big, bytes, len) == 0);
	seccomp_release(ctx);
	return tap_end();
}
