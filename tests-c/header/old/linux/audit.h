/* SPDX-License-Identifier: LGPL-2.1-only */
/* Stands in for a kernel header from before the architectures that came late. */

#include_next <linux/audit.h>

#undef AUDIT_ARCH_AARCH64
#undef AUDIT_ARCH_LOONGARCH64
#undef AUDIT_ARCH_MIPS
#undef AUDIT_ARCH_MIPS64
#undef AUDIT_ARCH_MIPS64N32
#undef AUDIT_ARCH_MIPSEL64N32
#undef AUDIT_ARCH_PPC64LE
#undef AUDIT_ARCH_RISCV64
#undef EM_LOONGARCH
#undef EM_RISCV
#undef EM_AARCH64
#undef EM_MIPS
#undef __AUDIT_ARCH_CONVENTION_MIPS64_N32
