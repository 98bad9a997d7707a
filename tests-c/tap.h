/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What every test here needs: counted checks that say what they got, and a
 * forked child whose end is the result. No buffered output: children are
 * killed, and an unflushed buffer would be printed twice or not at all.
 */
#ifndef TAP_H
#define TAP_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

/*
 * An architecture that has socketcall, another, both of the host's byte order, and one of
 * the other byte order: none is ever the host.
 */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MULTIPLEXED_ARCH SCMP_ARCH_SH
#define ANOTHER_ARCH SCMP_ARCH_MIPSEL64N32
#define OTHER_ORDER_ARCH SCMP_ARCH_PARISC
#else
#define MULTIPLEXED_ARCH SCMP_ARCH_SHEB
#define ANOTHER_ARCH SCMP_ARCH_PARISC
#define OTHER_ORDER_ARCH SCMP_ARCH_SH
#endif

static int tap_count, tap_failures;

/* printf that needs no more than write(2): dprintf(3) seeks. */
__attribute__((format(printf, 1, 2)))
static inline void tap_say(const char *fmt, ...)
{
	char text[600];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len >= (int)sizeof(text))
		len = sizeof(text) - 1;
	if (write(1, text, (size_t)len) != len)
		_exit(1);
}

__attribute__((format(printf, 2, 3)))
static inline bool tap_ok(bool good, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	tap_count++;
	tap_failures += !good;
	tap_say("%s %d - %s\n", good ? "ok" : "not ok", tap_count, text);
	return good;
}

#define OK(condition) tap_ok((condition), "%s", #condition)

/* The expression must give the value; both are integers. */
#define EQ(expression, expected)                                              \
	do {                                                                  \
		long long got_ = (long long)(expression);                     \
		long long want_ = (long long)(expected);                      \
		if (got_ == want_)                                            \
			tap_ok(true, "%s == %s", #expression, #expected);     \
		else                                                          \
			tap_ok(false, "%s == %s: got %lld, want %lld",        \
			       #expression, #expected, got_, want_);          \
	} while (0)

/* What this library answers, and what the C library does: tests-c/run.sh. */
#ifdef C_LIBRARY
#define HERE_THERE(here, there) (there)
#else
#define HERE_THERE(here, there) (here)
#endif

#define SKIP(what, why) tap_say("skipped: %s: %s\n", (what), (why))

/*
 * Whether filters can be loaded at all, prctl(2). qemu's user mode, in which
 * scripts/check-hosts.sh runs tests, says no.
 */
static inline bool takes_filters(const char *what)
{
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0)
		return true;
	SKIP(what, "no filters can be loaded here");
	return false;
}

/* Whether this kernel has an API level. */
static inline bool has_level(unsigned int level, const char *what)
{
	if (seccomp_api_get() >= level)
		return true;
	tap_say("skipped: %s: this kernel's level is below %u\n", what, level);
	return false;
}

/* A check that the rest of the test stands on. */
#define NEED(condition)                                                       \
	do {                                                                  \
		if (!(condition)) {                                           \
			tap_ok(false, "%s:%d: %s (errno %d)", __FILE__,       \
			       __LINE__, #condition, errno);                  \
			exit(1);                                              \
		}                                                             \
	} while (0)

static inline int tap_end(void)
{
	tap_say("1..%d\n", tap_count);
	return tap_failures ? 1 : 0;
}

/*
 * Makes the call in a child; its wait status. To valgrind, memory that only the caller's
 * variables name is lost there.
 */
#define IN_CHILD(call)                                                        \
	({                                                                    \
		int status_ = -1;                                             \
		pid_t pid_ = fork();                                          \
		NEED(pid_ >= 0);                                              \
		if (pid_ == 0) {                                              \
			tap_failures = 0;                                     \
			call;                                                 \
			exit(tap_failures ? 1 : 0);                           \
		}                                                             \
		NEED(waitpid(pid_, &status_, 0) == pid_);                     \
		status_;                                                      \
	})

/* What a system call has failed with, 0 if it has not. */
static inline int error_of(long result)
{
	return result == -1 ? errno : 0;
}

static inline bool ended_well(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static inline bool was_stopped(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static inline scmp_filter_ctx new_filter(uint32_t action)
{
	scmp_filter_ctx ctx = seccomp_init(action);

	NEED(ctx);
	return ctx;
}

/* Loads a filter that allows only what a program needs to say a line and end. */
static inline void allow_only_the_end(uint32_t def_action)
{
	static const char *const names[] = {
		"write", "exit", "exit_group", "rt_sigreturn", "brk", "mmap", "mmap2", "munmap",
	};
	scmp_filter_ctx ctx = new_filter(def_action);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		NEED(seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
				      seccomp_syscall_resolve_name(names[i]), 0) == 0);
	NEED(seccomp_load(ctx) == 0);
	seccomp_release(ctx);
}

/* The exported program in fresh memory; its length in bytes through len. */
static inline void *export_copy(scmp_filter_ctx ctx, size_t *len)
{
	void *bytes;

	*len = 0;
	NEED(seccomp_export_bpf_mem(ctx, NULL, len) == 0);
	bytes = malloc(*len);
	NEED(bytes);
	NEED(seccomp_export_bpf_mem(ctx, bytes, len) == 0);
	return bytes;
}

static inline bool same_export(scmp_filter_ctx a, scmp_filter_ctx b)
{
	size_t len_a, len_b;
	void *bytes_a = export_copy(a, &len_a), *bytes_b = export_copy(b, &len_b);
	bool same = len_a == len_b && memcmp(bytes_a, bytes_b, len_a) == 0;

	free(bytes_a);
	free(bytes_b);
	return same;
}

#endif
