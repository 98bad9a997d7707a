/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The C interface: build, inspect and load seccomp filters.
 *
 * Source and binary compatible with libseccomp 2.6.1; additions that libseccomp
 * has on its development branch only are marked "Not in 2.6.1".
 */

#ifndef _SECCOMP_H
#define _SECCOMP_H

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---- */

/** The libseccomp version whose interface this header declares. */
#define SCMP_VER_MAJOR 2
#define SCMP_VER_MINOR 6
#define SCMP_VER_MICRO 1

/** The library's version at run time; see seccomp_version(). */
struct scmp_version {
	unsigned int major;
	unsigned int minor;
	unsigned int micro;
};

/* ---- Actions: what the kernel does with a call ---- */

/** End the whole process. */
#define SCMP_ACT_KILL_PROCESS 0x80000000U
/** End the calling thread. */
#define SCMP_ACT_KILL_THREAD 0x00000000U
/** Older name of SCMP_ACT_KILL_THREAD. */
#define SCMP_ACT_KILL SCMP_ACT_KILL_THREAD
/** Send SIGSYS to the caller. */
#define SCMP_ACT_TRAP 0x00030000U
/** Send SIGSYS with `x` (16 bits) in si_errno. Not in 2.6.1. */
#define SCMP_ACT_TRAPX(x) (0x00030000U | ((x) & 0x0000ffffU))
/** Fail the call with errno `x` (16 bits). */
#define SCMP_ACT_ERRNO(x) (0x00050000U | ((x) & 0x0000ffffU))
/** Let a supervisor decide, see seccomp_notify_fd(). */
#define SCMP_ACT_NOTIFY 0x7fc00000U
/** Stop for a ptrace(2) tracer, which is given `x` (16 bits). */
#define SCMP_ACT_TRACE(x) (0x7ff00000U | ((x) & 0x0000ffffU))
/** Log the call, then allow it. */
#define SCMP_ACT_LOG 0x7ffc0000U
/** Allow the call. */
#define SCMP_ACT_ALLOW 0x7fff0000U

/* ---- Filters ---- */

/** A filter under construction, from seccomp_init() until seccomp_release(). */
typedef void *scmp_filter_ctx;

/** What seccomp_attr_get() and seccomp_attr_set() reach. Values are on or off unless said. */
enum scmp_filter_attr {
	_SCMP_FLTATR_MIN = 0,
	/** Action where no rule matches; set by seccomp_init(), read-only here. */
	SCMP_FLTATR_ACT_DEFAULT = 1,
	/** Action for architectures that the filter lacks; SCMP_ACT_KILL at first. */
	SCMP_FLTATR_ACT_BADARCH = 2,
	/** Set no_new_privs before loading; on at first. */
	SCMP_FLTATR_CTL_NNP = 3,
	/** Load into every thread of the process. */
	SCMP_FLTATR_CTL_TSYNC = 4,
	/** Accept rules for the number -1, which tracers set to skip a call. */
	SCMP_FLTATR_API_TSKIP = 5,
	/** Have the kernel log every action but SCMP_ACT_ALLOW. */
	SCMP_FLTATR_CTL_LOG = 6,
	/** Leave speculative store bypass unmitigated. */
	SCMP_FLTATR_CTL_SSB = 7,
	/** Shape of the program: 1 ordered by priority (at first), 2 a binary search by number. */
	SCMP_FLTATR_CTL_OPTIMIZE = 8,
	/** Return the kernel's own error codes instead of -ECANCELED. */
	SCMP_FLTATR_API_SYSRAWRC = 9,
	/** Once a supervisor holds a notification, only fatal signals wake the caller.
	 *  Without effect on kernels before 5.19. */
	SCMP_FLTATR_CTL_WAITKILL = 10,
	_SCMP_FLTATR_MAX
};

/* ---- Argument comparisons ---- */

/** How an argument is compared. Unsigned; only the low word on 32-bit architectures. */
enum scmp_compare {
	_SCMP_CMP_MIN = 0,
	SCMP_CMP_NE = 1,        /**< arg != datum_a */
	SCMP_CMP_LT = 2,        /**< arg < datum_a */
	SCMP_CMP_LE = 3,        /**< arg <= datum_a */
	SCMP_CMP_EQ = 4,        /**< arg == datum_a */
	SCMP_CMP_GE = 5,        /**< arg >= datum_a */
	SCMP_CMP_GT = 6,        /**< arg > datum_a */
	SCMP_CMP_MASKED_EQ = 7, /**< (arg & datum_a) == datum_b */
	_SCMP_CMP_MAX,
	/**
	 * Or-ed to an operator: only the low 32 bits of the argument and of the data count,
	 * as the kernel takes an int. Not in 2.6.1, which refuses it with -EINVAL.
	 * A switch over the operators needs no case for a reserved name (gcc 12 and later).
	 */
	_SCMP_CMP_32BIT = 1 << 16
};
#define SCMP_CMP_32BIT _SCMP_CMP_32BIT

/** A value that an argument is compared with. */
typedef uint64_t scmp_datum_t;

/** One condition of a rule. */
struct scmp_arg_cmp {
	unsigned int arg;     /**< which argument, 0 to 5 */
	enum scmp_compare op; /**< how it is compared */
	scmp_datum_t datum_a; /**< the value, or the mask of SCMP_CMP_MASKED_EQ */
	scmp_datum_t datum_b; /**< the value of SCMP_CMP_MASKED_EQ */
};

/** A condition: argument, operator, one or two data. */
#define SCMP_CMP64(...) ((struct scmp_arg_cmp){__VA_ARGS__})
#define SCMP_CMP SCMP_CMP64

/**
 * The same, with the data cut to 32 bits first. For an int or a 32-bit pointer, which
 * would be sign-extended otherwise.
 */
#define SCMP_CMP32(arg, op, ...) \
	_SCMP_PICK(__VA_ARGS__, _SCMP_CMP32_AB, _SCMP_CMP32_A, _)(arg, op, __VA_ARGS__)

/* Internal. With one datum the third argument is _A, with two it is _AB. */
#define _SCMP_PICK(a, b, picked, ...) picked
#define _SCMP_CMP32_A(arg, op, a) SCMP_CMP64(arg, op, (uint32_t)(a))
#define _SCMP_CMP32_AB(arg, op, a, b) SCMP_CMP64(arg, op, (uint32_t)(a), (uint32_t)(b))

/** A condition on the low 32 bits of an argument, whatever its high half is. Not in 2.6.1. */
#define SCMP_CMPINT(arg, op, ...) \
	SCMP_CMP32(arg, (enum scmp_compare)((op) | SCMP_CMP_32BIT), __VA_ARGS__)

/** Conditions on argument 0 to 5: operator, one or two data. */
#define SCMP_A0_64(...) SCMP_CMP64(0, __VA_ARGS__)
#define SCMP_A1_64(...) SCMP_CMP64(1, __VA_ARGS__)
#define SCMP_A2_64(...) SCMP_CMP64(2, __VA_ARGS__)
#define SCMP_A3_64(...) SCMP_CMP64(3, __VA_ARGS__)
#define SCMP_A4_64(...) SCMP_CMP64(4, __VA_ARGS__)
#define SCMP_A5_64(...) SCMP_CMP64(5, __VA_ARGS__)
#define SCMP_A0 SCMP_A0_64
#define SCMP_A1 SCMP_A1_64
#define SCMP_A2 SCMP_A2_64
#define SCMP_A3 SCMP_A3_64
#define SCMP_A4 SCMP_A4_64
#define SCMP_A5 SCMP_A5_64
#define SCMP_A0_32(op, ...) SCMP_CMP32(0, op, __VA_ARGS__)
#define SCMP_A1_32(op, ...) SCMP_CMP32(1, op, __VA_ARGS__)
#define SCMP_A2_32(op, ...) SCMP_CMP32(2, op, __VA_ARGS__)
#define SCMP_A3_32(op, ...) SCMP_CMP32(3, op, __VA_ARGS__)
#define SCMP_A4_32(op, ...) SCMP_CMP32(4, op, __VA_ARGS__)
#define SCMP_A5_32(op, ...) SCMP_CMP32(5, op, __VA_ARGS__)
#define SCMP_A0_INT(op, ...) SCMP_CMPINT(0, op, __VA_ARGS__)
#define SCMP_A1_INT(op, ...) SCMP_CMPINT(1, op, __VA_ARGS__)
#define SCMP_A2_INT(op, ...) SCMP_CMPINT(2, op, __VA_ARGS__)
#define SCMP_A3_INT(op, ...) SCMP_CMPINT(3, op, __VA_ARGS__)
#define SCMP_A4_INT(op, ...) SCMP_CMPINT(4, op, __VA_ARGS__)
#define SCMP_A5_INT(op, ...) SCMP_CMPINT(5, op, __VA_ARGS__)

/* ---- Architectures ---- */

/* What old kernel or libc headers lack. */
#ifndef EM_MIPS
#define EM_MIPS 8
#endif
#ifndef EM_AARCH64
#define EM_AARCH64 183
#endif
#ifndef EM_RISCV
#define EM_RISCV 243
#endif
#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif
#ifndef __AUDIT_ARCH_CONVENTION_MIPS64_N32
#define __AUDIT_ARCH_CONVENTION_MIPS64_N32 0x20000000
#endif
#ifndef AUDIT_ARCH_AARCH64
#define AUDIT_ARCH_AARCH64 (EM_AARCH64|__AUDIT_ARCH_64BIT|__AUDIT_ARCH_LE)
#endif
#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64 (EM_LOONGARCH|__AUDIT_ARCH_64BIT|__AUDIT_ARCH_LE)
#endif
#ifndef AUDIT_ARCH_MIPS
#define AUDIT_ARCH_MIPS (EM_MIPS)
#endif
#ifndef AUDIT_ARCH_MIPS64
#define AUDIT_ARCH_MIPS64 (EM_MIPS|__AUDIT_ARCH_64BIT)
#endif
#ifndef AUDIT_ARCH_MIPS64N32
#define AUDIT_ARCH_MIPS64N32 \
	(EM_MIPS|__AUDIT_ARCH_64BIT|__AUDIT_ARCH_CONVENTION_MIPS64_N32)
#endif
#ifndef AUDIT_ARCH_MIPSEL64N32
#define AUDIT_ARCH_MIPSEL64N32 \
	(EM_MIPS|__AUDIT_ARCH_64BIT|__AUDIT_ARCH_LE|__AUDIT_ARCH_CONVENTION_MIPS64_N32)
#endif
#ifndef AUDIT_ARCH_PPC64LE
#define AUDIT_ARCH_PPC64LE (EM_PPC64|__AUDIT_ARCH_64BIT|__AUDIT_ARCH_LE)
#endif
#ifndef AUDIT_ARCH_RISCV64
#define AUDIT_ARCH_RISCV64 (EM_RISCV|__AUDIT_ARCH_64BIT|__AUDIT_ARCH_LE)
#endif

/** The architecture that the library was built for; accepted wherever a token is. */
#define SCMP_ARCH_NATIVE 0

/** Tokens: the kernel's AUDIT_ARCH_* values, but for x32. */
#define SCMP_ARCH_X86 AUDIT_ARCH_I386
#define SCMP_ARCH_X86_64 AUDIT_ARCH_X86_64
/** The kernel reports x32 as x86_64; without the 64-bit flag the two stay apart here. */
#define SCMP_ARCH_X32 (EM_X86_64|__AUDIT_ARCH_LE)
#define SCMP_ARCH_ARM AUDIT_ARCH_ARM
#define SCMP_ARCH_AARCH64 AUDIT_ARCH_AARCH64
#define SCMP_ARCH_LOONGARCH64 AUDIT_ARCH_LOONGARCH64
#define SCMP_ARCH_M68K AUDIT_ARCH_M68K
#define SCMP_ARCH_MIPS AUDIT_ARCH_MIPS
#define SCMP_ARCH_MIPS64 AUDIT_ARCH_MIPS64
#define SCMP_ARCH_MIPS64N32 AUDIT_ARCH_MIPS64N32
#define SCMP_ARCH_MIPSEL AUDIT_ARCH_MIPSEL
#define SCMP_ARCH_MIPSEL64 AUDIT_ARCH_MIPSEL64
#define SCMP_ARCH_MIPSEL64N32 AUDIT_ARCH_MIPSEL64N32
#define SCMP_ARCH_PARISC AUDIT_ARCH_PARISC
#define SCMP_ARCH_PARISC64 AUDIT_ARCH_PARISC64
#define SCMP_ARCH_PPC AUDIT_ARCH_PPC
#define SCMP_ARCH_PPC64 AUDIT_ARCH_PPC64
#define SCMP_ARCH_PPC64LE AUDIT_ARCH_PPC64LE
#define SCMP_ARCH_RISCV64 AUDIT_ARCH_RISCV64
#define SCMP_ARCH_S390 AUDIT_ARCH_S390
#define SCMP_ARCH_S390X AUDIT_ARCH_S390X
/** SH is the little-endian one, SHEB the big-endian one. */
#define SCMP_ARCH_SH AUDIT_ARCH_SHEL
#define SCMP_ARCH_SHEB AUDIT_ARCH_SH

/* ---- System calls ---- */

/** The native number of the call named `x`, or its __PNR_ value where there is none. */
#define SCMP_SYS(x) (__SNR_##x)

/* -1 to -99 are never a call: -1 is an error (or, in a rule, see SCMP_FLTATR_API_TSKIP). */
#define __NR_SCMP_ERROR -1
#define __NR_SCMP_UNDEF -2

#include <seccomp-syscalls.h>

/* ---- Notifications, where the kernel headers lack them ---- */

#ifndef SECCOMP_RET_USER_NOTIF /* before Linux 5.0 */
#define SECCOMP_RET_USER_NOTIF 0x7fc00000U

struct seccomp_notif {
	__u64 id;
	__u32 pid;
	__u32 flags;
	struct seccomp_data data;
};

struct seccomp_notif_resp {
	__u64 id;
	__s64 val;
	__s32 error;
	__u32 flags;
};
#endif

#ifndef SECCOMP_ADDFD_FLAG_SETFD /* before Linux 5.9 */
#define SECCOMP_ADDFD_FLAG_SETFD (1UL << 0)

struct seccomp_notif_addfd {
	__u64 id;
	__u32 flags;
	__u32 srcfd;
	__u32 newfd;
	__u32 newfd_flags;
};
#endif

#ifndef SECCOMP_ADDFD_FLAG_SEND /* before Linux 5.14 */
#define SECCOMP_ADDFD_FLAG_SEND (1UL << 1)
#endif

/* ---- Functions ----
 *
 * Those that return int give 0 or a negative errno value. Where a function takes a
 * filter, -EINVAL also means that `ctx` is not one; -ENOMEM means out of memory and
 * -EFAULT an internal failure, wherever they are not mentioned.
 *
 * -ECANCELED means that a system call failed: errno then has the code of that call, also
 * where SCMP_FLTATR_API_SYSRAWRC has another value returned. In all other cases errno means
 * nothing.
 */

/** The library's version. Static, never NULL; not to be freed. */
const struct scmp_version *seccomp_version(void);

/**
 * Which features the running kernel offers, as a level that includes all lower ones.
 *
 *  1  the base
 *  2  seccomp(2), SCMP_FLTATR_CTL_TSYNC
 *  3  SCMP_FLTATR_CTL_LOG, SCMP_ACT_LOG, SCMP_ACT_KILL_PROCESS
 *  4  SCMP_FLTATR_CTL_SSB
 *  5  SCMP_ACT_NOTIFY, seccomp_notify_*()
 *  6  SCMP_FLTATR_CTL_TSYNC together with SCMP_ACT_NOTIFY
 *  7  SCMP_FLTATR_CTL_WAITKILL
 *
 * The kernel is asked once per process, then the answer is kept.
 */
unsigned int seccomp_api_get(void);

/**
 * Assume this level whatever the kernel offers. For tests.
 *
 * -EINVAL  not a level from 1 to 7
 */
int seccomp_api_set(unsigned int level);

/**
 * A new filter for the native architecture, without rules.
 *
 * @param def_action what happens to a call that no rule matches
 * @return the filter, for seccomp_release(); NULL if the action is unknown to the
 *         library or the kernel, or if memory ran out
 */
scmp_filter_ctx seccomp_init(uint32_t def_action);

/**
 * Make the filter what seccomp_init(def_action) returns. What is loaded stays loaded.
 *
 * With a NULL `ctx`, reset the process-wide state instead: the notification descriptor
 * is closed, unless its owner has closed it already, and the kernel's features are asked
 * anew.
 *
 * -EINVAL  the action is unknown to the library or the kernel
 */
int seccomp_reset(scmp_filter_ctx ctx, uint32_t def_action);

/** Free the filter. What is loaded stays loaded. Does nothing for NULL. */
void seccomp_release(scmp_filter_ctx ctx);

/**
 * Move the architectures of `ctx_src`, with their rules, to `ctx_dst`. On success
 * `ctx_src` is freed; on failure both are as they were.
 *
 * -EINVAL  default action, SCMP_FLTATR_CTL_NNP or SCMP_FLTATR_CTL_TSYNC differ
 * -EDOM    the byte orders differ
 * -EEXIST  both have the same architecture
 */
int seccomp_merge(scmp_filter_ctx ctx_dst, scmp_filter_ctx ctx_src);

/** The token of an architecture by name ("x86_64", "aarch64", ...); 0 if unknown or NULL. */
uint32_t seccomp_arch_resolve_name(const char *arch_name);

/** The native architecture's token. */
uint32_t seccomp_arch_native(void);

/**
 * Whether the filter has the architecture: 0 if so.
 *
 * -EEXIST  it has not
 * -EINVAL  unknown architecture
 */
int seccomp_arch_exist(const scmp_filter_ctx ctx, uint32_t arch_token);

/**
 * Add an architecture. It starts without rules: only later ones reach it.
 *
 * -EEXIST  the filter has it already
 * -EINVAL  unknown architecture
 * -EDOM    its byte order is not that of the others
 */
int seccomp_arch_add(scmp_filter_ctx ctx, uint32_t arch_token);

/**
 * Remove an architecture with its rules.
 *
 * -EEXIST  the filter has no such architecture
 * -EINVAL  unknown architecture
 */
int seccomp_arch_remove(scmp_filter_ctx ctx, uint32_t arch_token);

/**
 * Load the filter into the kernel, which enforces it from then on. The filter itself
 * stays the caller's: change it and load again, or release it.
 *
 * -ECANCELED  the kernel refused; errno: EINVAL for more than 4096 instructions, EACCES
 *             without SCMP_FLTATR_CTL_NNP and CAP_SYS_ADMIN, ENOMEM, ... With
 *             SCMP_FLTATR_API_SYSRAWRC that code is returned instead, or -EFAULT if
 *             libseccomp does not document it (EPERM, for one)
 * -ESRCH      SCMP_FLTATR_CTL_TSYNC could not bring every thread along
 * -EFAULT     the program would have more than 65,535 instructions. So do the functions that
 *             export the program, and seccomp_precompute().
 */
int seccomp_load(const scmp_filter_ctx ctx);

/**
 * Read an attribute into `*value`.
 *
 * -EINVAL  unknown attribute
 */
int seccomp_attr_get(const scmp_filter_ctx ctx, enum scmp_filter_attr attr, uint32_t *value);

/**
 * Set an attribute. For those that are on or off, any value but 0 is on.
 *
 * -EACCES      SCMP_FLTATR_ACT_DEFAULT is read-only
 * -EINVAL      unknown attribute; unknown action; SCMP_FLTATR_CTL_TSYNC with a rule of
 *              SCMP_ACT_NOTIFY below API level 6
 * -EOPNOTSUPP  the kernel lacks the feature; no such SCMP_FLTATR_CTL_OPTIMIZE level
 */
int seccomp_attr_set(scmp_filter_ctx ctx, enum scmp_filter_attr attr, uint32_t value);

/**
 * The name of a call by its number or pseudo number; free(3) it. NULL if either is
 * unknown or memory ran out.
 */
char *seccomp_syscall_resolve_num_arch(uint32_t arch_token, int num);

/**
 * The number of a call by name: its pseudo number (__PNR_*) if it exists on other
 * architectures only, __NR_SCMP_ERROR if name or architecture are unknown or NULL.
 */
int seccomp_syscall_resolve_name_arch(uint32_t arch_token, const char *name);

/**
 * The same, as a rule would see it on that architecture: for one part of a multiplexed
 * call (socketcall, ipc) that has no number of its own, the multiplexer's number.
 */
int seccomp_syscall_resolve_name_rewrite(uint32_t arch_token, const char *name);

/** seccomp_syscall_resolve_name_arch() for the native architecture. */
int seccomp_syscall_resolve_name(const char *name);

/**
 * Have the program test for this call early: the higher, the earlier. The highest
 * priority given counts, 0 is none. Needs no rule for the call; architectures without
 * the call are left out.
 *
 * -EINVAL  the number is one of -1 to -99
 * -EFAULT  the native architecture has no such number, and the filter has another one
 */
int seccomp_syscall_priority(scmp_filter_ctx ctx, int syscall, uint8_t priority);

/**
 * Add a rule to every architecture of the filter: `action` for `syscall` if all
 * conditions hold. Architectures without the call are left out, and conditions are
 * adjusted to what an architecture can express.
 *
 * @param syscall a number of the native architecture, or a pseudo number; SCMP_SYS()
 * @param arg_cnt how many `struct scmp_arg_cmp` follow, 0 to 6; see SCMP_A0()
 *
 * -EINVAL  a number of -1 to -99; unknown action; more than 6 conditions; an argument
 *          over 5, or twice the same; unknown operator; SCMP_ACT_NOTIFY with
 *          SCMP_FLTATR_CTL_TSYNC below API level 6
 * -EACCES  the action is the filter's default
 * -EEXIST  the same conditions with another action are in the filter
 * -EFAULT  the native architecture has no such number, and the filter has another one
 */
int seccomp_rule_add(scmp_filter_ctx ctx, uint32_t action, int syscall,
		     unsigned int arg_cnt, ...);

/**
 * seccomp_rule_add() with the conditions in an array.
 *
 * -EINVAL  also if `arg_array` is NULL and `arg_cnt` is not 0
 */
int seccomp_rule_add_array(scmp_filter_ctx ctx, uint32_t action, int syscall,
			   unsigned int arg_cnt, const struct scmp_arg_cmp *arg_array);

/**
 * Add a rule as it is, or not at all. Errors as for seccomp_rule_add(), and:
 *
 * -EOPNOTSUPP  the filter has several architectures
 * -EDOM        the architecture lacks the call
 * -EINVAL      a condition on a call that goes through socketcall or ipc
 */
int seccomp_rule_add_exact(scmp_filter_ctx ctx, uint32_t action, int syscall,
			   unsigned int arg_cnt, ...);

/**
 * seccomp_rule_add_exact() with the conditions in an array.
 *
 * -EINVAL  also if `arg_array` is NULL and `arg_cnt` is not 0
 */
int seccomp_rule_add_exact_array(scmp_filter_ctx ctx, uint32_t action, int syscall,
				 unsigned int arg_cnt, const struct scmp_arg_cmp *arg_array);

/**
 * Allocate a request and a response, zeroed, as large as the running kernel wants them
 * (which may be more than sizeof). Either pointer may be NULL: then there is none.
 *
 * -EOPNOTSUPP  the kernel has no seccomp(2)
 * -ECANCELED   the kernel does not tell the sizes; errno: seccomp(2)'s code
 */
int seccomp_notify_alloc(struct seccomp_notif **req, struct seccomp_notif_resp **resp);

/** Free what seccomp_notify_alloc() gave. Either may be NULL. */
void seccomp_notify_free(struct seccomp_notif *req, struct seccomp_notif_resp *resp);

/**
 * Wait for a notification. `req` must be zeroed. Safe in several threads at once.
 *
 * -EOPNOTSUPP  the kernel has no notifications
 * -ECANCELED   the kernel refused; errno: EINTR if a signal handler ran, ENOENT if the
 *              caller was gone before its request could be read (in both cases, call
 *              again), EINVAL if `req` is not zeroed, EBADF, ...
 */
int seccomp_notify_receive(int fd, struct seccomp_notif *req);

/**
 * Answer a notification: `resp->id` names it. Safe in several threads at once.
 *
 * -EOPNOTSUPP  the kernel has no notifications
 * -ECANCELED   the kernel refused; errno: ENOENT if the caller does not wait for this
 *              answer any more, EINPROGRESS if it has been answered, EINVAL, EBADF, ...
 */
int seccomp_notify_respond(int fd, struct seccomp_notif_resp *resp);

/**
 * Whether the caller still waits for this notification's answer: 0 if so. Ask after
 * opening anything by the request's pid, which may have been reused.
 *
 * -ENOENT      it does not
 * -EOPNOTSUPP  the kernel has no notifications
 */
int seccomp_notify_id_valid(int fd, uint64_t id);

/**
 * Put a descriptor of ours into the process that waits for an answer. Returns its
 * number there. Not in 2.6.1.
 *
 * -EINVAL      `addfd` is NULL
 * -EOPNOTSUPP  the kernel (before 5.9) can't do that
 * -ECANCELED   the kernel refused; errno: ENOENT if the caller does not wait for an answer
 *              any more, EINPROGRESS if it has been answered, EBADF for `fd` or `srcfd`,
 *              EINVAL for unknown flags, ...
 */
int seccomp_notify_addfd(int fd, struct seccomp_notif_addfd *addfd);

/**
 * The descriptor to receive notifications from; 0 is one, too. There is one per process,
 * whichever filter is asked. After it was closed, the next filter with SCMP_ACT_NOTIFY
 * brings another.
 *
 * -EINVAL  `ctx` is no filter
 * -EFAULT  no filter with SCMP_ACT_NOTIFY has been loaded
 */
int seccomp_notify_fd(const scmp_filter_ctx ctx);

/**
 * Write the filter as text for people ("pseudo filter code").
 *
 * -ECANCELED  it could not be written; errno: write(2)'s code, which is returned instead
 *             with SCMP_FLTATR_API_SYSRAWRC
 */
int seccomp_export_pfc(const scmp_filter_ctx ctx, int fd);

/**
 * Write the program: an array of struct sock_filter in the filter's byte order.
 *
 * -ECANCELED  it could not be written; errno: write(2)'s code, which is returned instead
 *             with SCMP_FLTATR_API_SYSRAWRC
 */
int seccomp_export_bpf(const scmp_filter_ctx ctx, int fd);

/**
 * The same into `buf`; `*len` is its size in bytes before, the program's after, also
 * with -ERANGE. With a NULL `buf` only the size is told.
 *
 * -ERANGE  the program does not fit; `buf` is untouched
 * -EINVAL  `len` is NULL
 */
int seccomp_export_bpf_mem(const scmp_filter_ctx ctx, void *buf, size_t *len);

/** Begin a transaction: what follows is kept or undone as a whole. They nest. */
int seccomp_transaction_start(const scmp_filter_ctx ctx);

/** Undo everything since the last open seccomp_transaction_start(), and end it. */
void seccomp_transaction_reject(const scmp_filter_ctx ctx);

/** Keep everything since the last open seccomp_transaction_start(), and end it. */
int seccomp_transaction_commit(const scmp_filter_ctx ctx);

/**
 * Generate the program now, so that the next seccomp_load() or seccomp_export_bpf()
 * has it ready: these, and seccomp_export_bpf_mem(), are async-signal-safe then. A change of
 * rules, architectures, SCMP_FLTATR_ACT_BADARCH, SCMP_FLTATR_API_TSKIP or
 * SCMP_FLTATR_CTL_OPTIMIZE undoes this; setting other attributes does not.
 */
int seccomp_precompute(const scmp_filter_ctx ctx);

#ifdef __cplusplus
}
#endif

#endif
