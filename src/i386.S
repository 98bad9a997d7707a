/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * i386 only. Rust compiles for a stack that is aligned to 16 bytes, as the ABI has it
 * today; callers written for the older one align it to 4. So each exported function
 * aligns the stack here and passes its arguments on, of which none has more than eight
 * words, to the function in Rust, which make/link.mk renames. The frame is described,
 * because a thread may end in the function and unwind through here.
 */
	.macro entry name
	.globl \name
	.type \name, @function
	.hidden scmp_i386_\name
\name:
	.cfi_startproc
	pushl %ebp
	.cfi_def_cfa_offset 8
	.cfi_offset %ebp, -8
	movl %esp, %ebp
	.cfi_def_cfa_register %ebp
	andl $-16, %esp
	.irp offset, 36, 32, 28, 24, 20, 16, 12, 8
	pushl \offset(%ebp)
	.endr
	call scmp_i386_\name
	leave
	.cfi_def_cfa %esp, 4
	ret
	.cfi_endproc
	.size \name, . - \name
	.endm

	.text
	.include ENTRIES
	.section .note.GNU-stack, "", @progbits
