/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Every macro of seccomp.h but SCMP_SYS(), used the way programs use them. Needs no
 * library. Numbers are spelled out: they are the kernel's or libseccomp's ABI.
 */

#include <seccomp.h>

#define EQUALS(a, b) _Static_assert((a) == (b), #a)
#define LAYOUT(type, field, offset) \
	_Static_assert(__builtin_offsetof(struct type, field) == (offset), #type "." #field)

EQUALS(SCMP_VER_MAJOR, 2);
EQUALS(SCMP_VER_MINOR, 6);
EQUALS(SCMP_VER_MICRO, 1);
#if SCMP_VER_MAJOR * 100 + SCMP_VER_MINOR * 10 + SCMP_VER_MICRO != 261
#error "the preprocessor must be able to compare versions"
#endif

EQUALS(SCMP_ACT_KILL_PROCESS, 0x80000000U);
EQUALS(SCMP_ACT_KILL_THREAD, 0);
EQUALS(SCMP_ACT_KILL, 0);
EQUALS(SCMP_ACT_TRAP, 0x00030000);
EQUALS(SCMP_ACT_TRAPX(0x12345), 0x00032345);
EQUALS(SCMP_ACT_ERRNO(1), 0x00050001);
EQUALS(SCMP_ACT_ERRNO(0x1ffff), 0x0005ffff);
EQUALS(SCMP_ACT_NOTIFY, 0x7fc00000);
EQUALS(SCMP_ACT_TRACE(0x10007), 0x7ff00007);
EQUALS(SCMP_ACT_LOG, 0x7ffc0000);
EQUALS(SCMP_ACT_ALLOW, 0x7fff0000);
EQUALS(SECCOMP_RET_USER_NOTIF, SCMP_ACT_NOTIFY);

EQUALS(_SCMP_FLTATR_MIN, 0);
EQUALS(SCMP_FLTATR_ACT_DEFAULT, 1);
EQUALS(SCMP_FLTATR_ACT_BADARCH, 2);
EQUALS(SCMP_FLTATR_CTL_NNP, 3);
EQUALS(SCMP_FLTATR_CTL_TSYNC, 4);
EQUALS(SCMP_FLTATR_API_TSKIP, 5);
EQUALS(SCMP_FLTATR_CTL_LOG, 6);
EQUALS(SCMP_FLTATR_CTL_SSB, 7);
EQUALS(SCMP_FLTATR_CTL_OPTIMIZE, 8);
EQUALS(SCMP_FLTATR_API_SYSRAWRC, 9);
EQUALS(SCMP_FLTATR_CTL_WAITKILL, 10);
EQUALS(_SCMP_FLTATR_MAX, 11);

EQUALS(_SCMP_CMP_MIN, 0);
EQUALS(SCMP_CMP_NE, 1);
EQUALS(SCMP_CMP_LT, 2);
EQUALS(SCMP_CMP_LE, 3);
EQUALS(SCMP_CMP_EQ, 4);
EQUALS(SCMP_CMP_GE, 5);
EQUALS(SCMP_CMP_GT, 6);
EQUALS(SCMP_CMP_MASKED_EQ, 7);
EQUALS(_SCMP_CMP_MAX, 8);
EQUALS(SCMP_CMP_32BIT, 0x10000);
#ifndef SCMP_CMP_32BIT
#error "programs must be able to ask for it"
#endif

EQUALS(SCMP_ARCH_NATIVE, 0);
EQUALS(SCMP_ARCH_X86, 0x40000003);
EQUALS(SCMP_ARCH_X86_64, 0xc000003e);
EQUALS(SCMP_ARCH_X32, 0x4000003e);
EQUALS(SCMP_ARCH_ARM, 0x40000028);
EQUALS(SCMP_ARCH_AARCH64, 0xc00000b7);
EQUALS(SCMP_ARCH_LOONGARCH64, 0xc0000102);
EQUALS(SCMP_ARCH_M68K, 0x4);
EQUALS(SCMP_ARCH_MIPS, 0x8);
EQUALS(SCMP_ARCH_MIPS64, 0x80000008);
EQUALS(SCMP_ARCH_MIPS64N32, 0xa0000008);
EQUALS(SCMP_ARCH_MIPSEL, 0x40000008);
EQUALS(SCMP_ARCH_MIPSEL64, 0xc0000008);
EQUALS(SCMP_ARCH_MIPSEL64N32, 0xe0000008);
EQUALS(SCMP_ARCH_PARISC, 0xf);
EQUALS(SCMP_ARCH_PARISC64, 0x8000000f);
EQUALS(SCMP_ARCH_PPC, 0x14);
EQUALS(SCMP_ARCH_PPC64, 0x80000015);
EQUALS(SCMP_ARCH_PPC64LE, 0xc0000015);
EQUALS(SCMP_ARCH_RISCV64, 0xc00000f3);
EQUALS(SCMP_ARCH_S390, 0x16);
EQUALS(SCMP_ARCH_S390X, 0x80000016);
EQUALS(SCMP_ARCH_SH, 0x4000002a);
EQUALS(SCMP_ARCH_SHEB, 0x2a);

EQUALS(__NR_SCMP_ERROR, -1);
EQUALS(__NR_SCMP_UNDEF, -2);

EQUALS(sizeof(struct scmp_version), 12);
EQUALS(sizeof(scmp_datum_t), 8);
EQUALS(sizeof(struct scmp_arg_cmp), 24);
LAYOUT(scmp_arg_cmp, op, 4);
LAYOUT(scmp_arg_cmp, datum_a, 8);
LAYOUT(scmp_arg_cmp, datum_b, 16);
EQUALS(sizeof(struct seccomp_notif), 80);
LAYOUT(seccomp_notif, pid, 8);
LAYOUT(seccomp_notif, flags, 12);
LAYOUT(seccomp_notif, data, 16);
EQUALS(sizeof(struct seccomp_notif_resp), 24);
LAYOUT(seccomp_notif_resp, val, 8);
LAYOUT(seccomp_notif_resp, error, 16);
LAYOUT(seccomp_notif_resp, flags, 20);
EQUALS(sizeof(struct seccomp_notif_addfd), 24);
LAYOUT(seccomp_notif_addfd, flags, 8);
LAYOUT(seccomp_notif_addfd, srcfd, 12);
LAYOUT(seccomp_notif_addfd, newfd, 16);
LAYOUT(seccomp_notif_addfd, newfd_flags, 20);
EQUALS(SECCOMP_ADDFD_FLAG_SETFD, 1);
EQUALS(SECCOMP_ADDFD_FLAG_SEND, 2);

static int differs(struct scmp_arg_cmp c, unsigned int arg, enum scmp_compare op, scmp_datum_t a,
		   scmp_datum_t b)
{
	return c.arg != arg || c.op != op || c.datum_a != a || c.datum_b != b;
}

#define WIDE 0x1122334455667788U
#define NARROW 0x55667788U
#define BOTH(n) \
	do { \
		bad += differs(SCMP_A##n(SCMP_CMP_EQ, WIDE), n, SCMP_CMP_EQ, WIDE, 0); \
		bad += differs(SCMP_A##n##_64(SCMP_CMP_MASKED_EQ, WIDE, 1), n, \
			       SCMP_CMP_MASKED_EQ, WIDE, 1); \
		bad += differs(SCMP_A##n##_32(SCMP_CMP_NE, WIDE), n, SCMP_CMP_NE, NARROW, 0); \
		bad += differs(SCMP_A##n##_32(SCMP_CMP_MASKED_EQ, 1, WIDE), n, \
			       SCMP_CMP_MASKED_EQ, 1, NARROW); \
		bad += differs(SCMP_A##n##_INT(SCMP_CMP_NE, WIDE), n, \
			       (enum scmp_compare)0x10001, NARROW, 0); \
	} while (0)

int main(void)
{
	const int at_fdcwd = -100;
	int bad = 0;

	BOTH(0);
	BOTH(1);
	BOTH(2);
	BOTH(3);
	BOTH(4);
	BOTH(5);
	bad += differs(SCMP_CMP(3, SCMP_CMP_GT, WIDE), 3, SCMP_CMP_GT, WIDE, 0);
	bad += differs(SCMP_CMP64(3, SCMP_CMP_MASKED_EQ, 7, 2), 3, SCMP_CMP_MASKED_EQ, 7, 2);
	bad += differs(SCMP_CMP32(2, SCMP_CMP_LE, at_fdcwd), 2, SCMP_CMP_LE, 0xffffff9cU, 0);
	bad += differs(SCMP_CMP32(2, SCMP_CMP_MASKED_EQ, at_fdcwd, WIDE), 2, SCMP_CMP_MASKED_EQ,
		       0xffffff9cU, NARROW);
	bad += differs(SCMP_CMPINT(2, SCMP_CMP_MASKED_EQ, WIDE, 1), 2,
		       (enum scmp_compare)0x10007, NARROW, 1);
	bad += differs(SCMP_CMPINT(2, SCMP_CMP_EQ, at_fdcwd), 2, (enum scmp_compare)0x10004,
		       0xffffff9cU, 0);
	return bad;
}
