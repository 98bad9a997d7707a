// SPDX-License-Identifier: LGPL-2.1-only
#![allow(non_camel_case_types, non_snake_case)]
//! libseccomp's C interface for Rust programs, and the library itself: what depends on this
//! crate links scmp-capi, and no C library named seccomp.
//!
//! The items are those of crates.io's `libseccomp-sys` 0.3. The crate
//! `libseccomp-sys` beside this one puts them in its place by `[patch.crates-io]`; programs
//! that use the crate `libseccomp` are built on it unchanged. README.md says how.
//!
//! Where the environment variable `SCMP_SYS_USE_SYSTEM` is set to 1 while the crate is built,
//! it declares the functions only, and the system's libseccomp is linked. `LIBSECCOMP_LIB_PATH`
//! and `LIBSECCOMP_LINK_TYPE` say then, as for `libseccomp-sys`, where that is and whether it is
//! linked as `dylib` or `static`.
//!
//! include/seccomp.h documents the functions: which codes they return, and when.
//!
//! ```
//! use scmp_sys::*;
//!
//! // SAFETY: the functions take what they have returned, and the filter is released once.
//! unsafe {
//!     let filter = seccomp_init(SCMP_ACT_ALLOW);
//!     let getppid = seccomp_syscall_resolve_name(c"getppid".as_ptr());
//!     assert_eq!(seccomp_rule_add(filter, SCMP_ACT_ERRNO(1), getppid, 0), 0);
//!     let mut bytes = 0;
//!     assert_eq!(seccomp_export_bpf_mem(filter, std::ptr::null_mut(), &mut bytes), 0);
//!     assert!(bytes > 0);
//!     seccomp_release(filter);
//! }
//! ```

use std::ffi::{c_char, c_int, c_uint, c_void};

// The functions are in there. Without this line rustc would not link it.
#[cfg(not(use_system))]
extern crate seccomp as _;

/// Operating mode without seccomp, `linux/seccomp.h`.
pub const SECCOMP_MODE_DISABLED: u64 = 0;
/// Operating mode with read, write, exit and sigreturn only.
pub const SECCOMP_MODE_STRICT: u64 = 1;
/// Operating mode with filters.
pub const SECCOMP_MODE_FILTER: u64 = 2;

/// Operation of seccomp(2): enter the strict mode.
pub const SECCOMP_SET_MODE_STRICT: u32 = 0;
/// Operation of seccomp(2): load a filter.
pub const SECCOMP_SET_MODE_FILTER: u32 = 1;
/// Operation of seccomp(2): ask whether the kernel has an action.
pub const SECCOMP_GET_ACTION_AVAIL: u32 = 2;
/// Operation of seccomp(2): ask for the sizes of the notification structures.
pub const SECCOMP_GET_NOTIF_SIZES: u32 = 3;

/// Load into all threads.
pub const SECCOMP_FILTER_FLAG_TSYNC: u32 = 1;
/// Log all actions but allow.
pub const SECCOMP_FILTER_FLAG_LOG: u32 = 2;
/// Leave speculative store bypass unmitigated.
pub const SECCOMP_FILTER_FLAG_SPEC_ALLOW: u32 = 4;
/// Return the descriptor of a listener.
pub const SECCOMP_FILTER_FLAG_NEW_LISTENER: u32 = 8;
/// Report a thread that can't be synchronized as ESRCH.
pub const SECCOMP_FILTER_FLAG_TSYNC_ESRCH: u32 = 16;

/// What a filter returns: end the process.
pub const SECCOMP_RET_KILL_PROCESS: u32 = 0x80000000;
/// End the thread.
pub const SECCOMP_RET_KILL_THREAD: u32 = 0x00000000;
/// Older name of [`SECCOMP_RET_KILL_THREAD`].
pub const SECCOMP_RET_KILL: u32 = SECCOMP_RET_KILL_THREAD;
/// Send SIGSYS.
pub const SECCOMP_RET_TRAP: u32 = 0x00030000;
/// Fail with an error number.
pub const SECCOMP_RET_ERRNO: u32 = 0x00050000;
/// Ask the listener.
pub const SECCOMP_RET_USER_NOTIF: u32 = 0x7fc00000;
/// Stop for the tracer.
pub const SECCOMP_RET_TRACE: u32 = 0x7ff00000;
/// Log and allow.
pub const SECCOMP_RET_LOG: u32 = 0x7ffc0000;
/// Allow.
pub const SECCOMP_RET_ALLOW: u32 = 0x7fff0000;

/// The bits of an action.
pub const SECCOMP_RET_ACTION_FULL: u32 = 0xffff0000;
/// The bits of an action before Linux 4.14.
pub const SECCOMP_RET_ACTION: u32 = 0x7fff0000;
/// The bits of an action's data.
pub const SECCOMP_RET_DATA: u32 = 0x0000ffff;

/// What a filter decides on, `linux/seccomp.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct seccomp_data {
    /// The number of the system call.
    pub nr: c_int,
    /// The architecture, `AUDIT_ARCH_*`.
    pub arch: u32,
    /// The address of the instruction that made the call.
    pub instruction_pointer: u64,
    /// The arguments.
    pub args: [u64; 6],
}

/// The sizes of the notification structures in the running kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct seccomp_notif_sizes {
    /// Of [`seccomp_notif`].
    pub seccomp_notif: u16,
    /// Of [`seccomp_notif_resp`].
    pub seccomp_notif_resp: u16,
    /// Of [`seccomp_data`].
    pub seccomp_data: u16,
}

/// A system call that waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct seccomp_notif {
    /// Identifies the call to its listener.
    pub id: u64,
    /// The calling thread, numbered in the receiver's PID namespace.
    pub pid: u32,
    /// 0.
    pub flags: u32,
    /// The call.
    pub data: seccomp_data,
}

/// In [`seccomp_notif_resp::flags`]: the call runs. This is no way to allow it, because the
/// caller can change memory that the arguments point to after it was looked at.
pub const SECCOMP_USER_NOTIF_FLAG_CONTINUE: u32 = 1;

/// An answer to a [`seccomp_notif`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct seccomp_notif_resp {
    /// The `id` of the notification.
    pub id: u64,
    /// What the call returns.
    pub val: i64,
    /// 0, or the error that the call fails with, negative.
    pub error: i32,
    /// 0, or [`SECCOMP_USER_NOTIF_FLAG_CONTINUE`].
    pub flags: u32,
}

/// In [`seccomp_notif_addfd::flags`]: the descriptor gets the number `newfd`.
pub const SECCOMP_ADDFD_FLAG_SETFD: u32 = 1;
/// In [`seccomp_notif_addfd::flags`]: the call is answered with the descriptor's number.
pub const SECCOMP_ADDFD_FLAG_SEND: u32 = 2;

/// A descriptor that is added to the process which waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct seccomp_notif_addfd {
    /// The `id` of the notification.
    pub id: u64,
    /// `SECCOMP_ADDFD_FLAG_*`.
    pub flags: u32,
    /// The descriptor of the caller of ioctl(2).
    pub srcfd: u32,
    /// The number that it gets, or 0.
    pub newfd: u32,
    /// 0, or O_CLOEXEC.
    pub newfd_flags: u32,
}

/// The version of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct scmp_version {
    /// 2 of 2.6.1.
    pub major: c_uint,
    /// 6 of 2.6.1.
    pub minor: c_uint,
    /// 1 of 2.6.1.
    pub micro: c_uint,
}

/// A filter, from [`seccomp_init`] until [`seccomp_release`].
pub type scmp_filter_ctx = *mut c_void;
/// A filter that the function does not change.
pub type const_scmp_filter_ctx = *const c_void;

/// What [`seccomp_attr_get`] and [`seccomp_attr_set`] reach; on or off unless said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub enum scmp_filter_attr {
    /// No attribute.
    _SCMP_FLTATR_MIN = 0,
    /// The action where no rule matches; read-only.
    SCMP_FLTATR_ACT_DEFAULT = 1,
    /// The action for architectures that the filter lacks.
    SCMP_FLTATR_ACT_BADARCH = 2,
    /// Set no_new_privs before loading.
    SCMP_FLTATR_CTL_NNP = 3,
    /// Load into all threads.
    SCMP_FLTATR_CTL_TSYNC = 4,
    /// Accept rules for the number -1.
    SCMP_FLTATR_API_TSKIP = 5,
    /// Have the kernel log every action but allow.
    SCMP_FLTATR_CTL_LOG = 6,
    /// Leave speculative store bypass unmitigated.
    SCMP_FLTATR_CTL_SSB = 7,
    /// The shape of the program: 1 ordered by priority, 2 a binary search.
    SCMP_FLTATR_CTL_OPTIMIZE = 8,
    /// Return the kernel's own error codes.
    SCMP_FLTATR_API_SYSRAWRC = 9,
    /// Only fatal signals wake a caller whose notification was received.
    SCMP_FLTATR_CTL_WAITKILL = 10,
    /// No attribute.
    _SCMP_FLTATR_MAX,
}

/// How an argument is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub enum scmp_compare {
    /// No comparison.
    _SCMP_CMP_MIN = 0,
    /// Not equal.
    SCMP_CMP_NE = 1,
    /// Less.
    SCMP_CMP_LT = 2,
    /// Less or equal.
    SCMP_CMP_LE = 3,
    /// Equal.
    SCMP_CMP_EQ = 4,
    /// Greater or equal.
    SCMP_CMP_GE = 5,
    /// Greater.
    SCMP_CMP_GT = 6,
    /// Equal under a mask.
    SCMP_CMP_MASKED_EQ = 7,
    /// No comparison.
    _SCMP_CMP_MAX,
}

/// A value that an argument is compared with.
pub type scmp_datum_t = u64;

/// One condition of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct scmp_arg_cmp {
    /// Which argument, 0 to 5.
    pub arg: c_uint,
    /// How it is compared.
    pub op: scmp_compare,
    /// The value, or the mask of [`SCMP_CMP_MASKED_EQ`](scmp_compare::SCMP_CMP_MASKED_EQ).
    pub datum_a: scmp_datum_t,
    /// The value of [`SCMP_CMP_MASKED_EQ`](scmp_compare::SCMP_CMP_MASKED_EQ).
    pub datum_b: scmp_datum_t,
}

/// The architecture of the program.
pub const SCMP_ARCH_NATIVE: u32 = 0x0;
/// Token of x86.
pub const SCMP_ARCH_X86: u32 = 0x40000003;
/// Token of x86_64.
pub const SCMP_ARCH_X86_64: u32 = 0xc000003e;
/// x32; the kernel reports it as x86_64.
pub const SCMP_ARCH_X32: u32 = 0x4000003e;
/// Token of arm.
pub const SCMP_ARCH_ARM: u32 = 0x40000028;
/// Token of aarch64.
pub const SCMP_ARCH_AARCH64: u32 = 0xc00000b7;
/// Token of loongarch64.
pub const SCMP_ARCH_LOONGARCH64: u32 = 0xc0000102;
/// Token of m68k.
pub const SCMP_ARCH_M68K: u32 = 0x4;
/// Token of mips.
pub const SCMP_ARCH_MIPS: u32 = 0x8;
/// Token of mips64.
pub const SCMP_ARCH_MIPS64: u32 = 0x80000008;
/// Token of mips64n32.
pub const SCMP_ARCH_MIPS64N32: u32 = 0xa0000008;
/// Token of mipsel.
pub const SCMP_ARCH_MIPSEL: u32 = 0x40000008;
/// Token of mipsel64.
pub const SCMP_ARCH_MIPSEL64: u32 = 0xc0000008;
/// Token of mipsel64n32.
pub const SCMP_ARCH_MIPSEL64N32: u32 = 0xe0000008;
/// Token of ppc.
pub const SCMP_ARCH_PPC: u32 = 0x14;
/// Token of ppc64.
pub const SCMP_ARCH_PPC64: u32 = 0x80000015;
/// Token of ppc64le.
pub const SCMP_ARCH_PPC64LE: u32 = 0xc0000015;
/// Token of s390.
pub const SCMP_ARCH_S390: u32 = 0x16;
/// Token of s390x.
pub const SCMP_ARCH_S390X: u32 = 0x80000016;
/// Token of parisc.
pub const SCMP_ARCH_PARISC: u32 = 0xf;
/// Token of parisc64.
pub const SCMP_ARCH_PARISC64: u32 = 0x8000000f;
/// Token of riscv64.
pub const SCMP_ARCH_RISCV64: u32 = 0xc00000f3;
/// Token of sheb.
pub const SCMP_ARCH_SHEB: u32 = 0x2a;
/// Token of sh.
pub const SCMP_ARCH_SH: u32 = 0x4000002a;

/// The bits of an action.
pub const SCMP_ACT_MASK: u32 = SECCOMP_RET_ACTION_FULL;
/// End the process.
pub const SCMP_ACT_KILL_PROCESS: u32 = 0x80000000;
/// End the thread.
pub const SCMP_ACT_KILL_THREAD: u32 = 0x00000000;
/// Older name of [`SCMP_ACT_KILL_THREAD`].
pub const SCMP_ACT_KILL: u32 = SCMP_ACT_KILL_THREAD;
/// Send SIGSYS to the caller.
pub const SCMP_ACT_TRAP: u32 = 0x00030000;
/// Let a supervisor decide, [`seccomp_notify_fd`].
pub const SCMP_ACT_NOTIFY: u32 = 0x7fc00000;
/// [`SCMP_ACT_ERRNO`] without its data.
pub const SCMP_ACT_ERRNO_MASK: u32 = 0x00050000;
/// Fail the call with this error number.
#[must_use]
pub const fn SCMP_ACT_ERRNO(x: u16) -> u32 {
    SCMP_ACT_ERRNO_MASK | x as u32
}
/// [`SCMP_ACT_TRACE`] without its data.
pub const SCMP_ACT_TRACE_MASK: u32 = 0x7ff00000;
/// Stop for a ptrace(2) tracer, which is given this value.
#[must_use]
pub const fn SCMP_ACT_TRACE(x: u16) -> u32 {
    SCMP_ACT_TRACE_MASK | x as u32
}
/// Log the call, then allow it.
pub const SCMP_ACT_LOG: u32 = 0x7ffc0000;
/// Allow the call.
pub const SCMP_ACT_ALLOW: u32 = 0x7fff0000;

/// What the functions that resolve names return for a name that is none.
pub const __NR_SCMP_ERROR: c_int = -1;
/// No number of a system call.
pub const __NR_SCMP_UNDEF: c_int = -2;

unsafe extern "C" {
    /// The library's version: 2.6.1. Never null; not to be freed.
    pub fn seccomp_version() -> *const scmp_version;
    /// What the running kernel offers, as a level from 1 to 7.
    pub fn seccomp_api_get() -> c_uint;
    /// Assumes this level. For tests.
    pub fn seccomp_api_set(level: c_uint) -> c_int;
    /// A new filter for the native architecture, without rules; null for an unknown action.
    pub fn seccomp_init(def_action: u32) -> scmp_filter_ctx;
    /// Makes the filter what [`seccomp_init`] returns; null resets the state of the process.
    pub fn seccomp_reset(ctx: scmp_filter_ctx, def_action: u32) -> c_int;
    /// Frees a filter.
    pub fn seccomp_release(ctx: scmp_filter_ctx);
    /// Moves the architectures of `ctx_src` into `ctx_dst`, and releases `ctx_src`.
    pub fn seccomp_merge(ctx_dst: scmp_filter_ctx, ctx_src: scmp_filter_ctx) -> c_int;
    /// The token of the architecture with this name, or 0.
    pub fn seccomp_arch_resolve_name(arch_name: *const c_char) -> u32;
    /// The token of the native architecture.
    pub fn seccomp_arch_native() -> u32;
    /// 0 if the filter has the architecture, or -EEXIST.
    pub fn seccomp_arch_exist(ctx: const_scmp_filter_ctx, arch_token: u32) -> c_int;
    /// Adds an architecture.
    pub fn seccomp_arch_add(ctx: scmp_filter_ctx, arch_token: u32) -> c_int;
    /// Removes an architecture and its rules.
    pub fn seccomp_arch_remove(ctx: scmp_filter_ctx, arch_token: u32) -> c_int;
    /// Loads the filter into the kernel.
    pub fn seccomp_load(ctx: const_scmp_filter_ctx) -> c_int;
    /// Reads an attribute.
    pub fn seccomp_attr_get(
        ctx: const_scmp_filter_ctx,
        attr: scmp_filter_attr,
        value: *mut u32,
    ) -> c_int;
    /// Sets an attribute.
    pub fn seccomp_attr_set(ctx: scmp_filter_ctx, attr: scmp_filter_attr, value: u32) -> c_int;
    /// The name of a system call, for free(3), or null.
    pub fn seccomp_syscall_resolve_num_arch(arch_token: u32, num: c_int) -> *const c_char;
    /// The number of a system call, a pseudo number, or [`__NR_SCMP_ERROR`].
    pub fn seccomp_syscall_resolve_name_arch(arch_token: u32, name: *const c_char) -> c_int;
    /// Like [`seccomp_syscall_resolve_name_arch`], with the number of the call that multiplexes it.
    pub fn seccomp_syscall_resolve_name_rewrite(arch_token: u32, name: *const c_char) -> c_int;
    /// The number of a system call on the native architecture.
    pub fn seccomp_syscall_resolve_name(name: *const c_char) -> c_int;
    /// Places a system call earlier in the program; 255 is first.
    pub fn seccomp_syscall_priority(ctx: scmp_filter_ctx, syscall: c_int, priority: u8) -> c_int;
    /// Adds a rule; [`scmp_arg_cmp`]s follow.
    pub fn seccomp_rule_add(
        ctx: scmp_filter_ctx,
        action: u32,
        syscall: c_int,
        arg_cnt: c_uint,
        ...
    ) -> c_int;
    /// Adds a rule.
    pub fn seccomp_rule_add_array(
        ctx: scmp_filter_ctx,
        action: u32,
        syscall: c_int,
        arg_cnt: c_uint,
        arg_array: *const scmp_arg_cmp,
    ) -> c_int;
    /// Adds a rule that no architecture may change; [`scmp_arg_cmp`]s follow.
    pub fn seccomp_rule_add_exact(
        ctx: scmp_filter_ctx,
        action: u32,
        syscall: c_int,
        arg_cnt: c_uint,
        ...
    ) -> c_int;
    /// Adds a rule that no architecture may change.
    pub fn seccomp_rule_add_exact_array(
        ctx: scmp_filter_ctx,
        action: u32,
        syscall: c_int,
        arg_cnt: c_uint,
        arg_array: *const scmp_arg_cmp,
    ) -> c_int;
    /// Allocates structures of the sizes that the running kernel uses.
    pub fn seccomp_notify_alloc(
        req: *mut *mut seccomp_notif,
        resp: *mut *mut seccomp_notif_resp,
    ) -> c_int;
    /// Frees what [`seccomp_notify_alloc`] has allocated. Ignore the result: it has no
    /// meaning.
    // The C function returns nothing. crates.io's libseccomp-sys declares it so, and this
    // crate takes its place.
    pub fn seccomp_notify_free(req: *mut seccomp_notif, resp: *mut seccomp_notif_resp) -> c_int;
    /// Waits for a notification.
    pub fn seccomp_notify_receive(fd: c_int, req: *mut seccomp_notif) -> c_int;
    /// Answers a notification.
    pub fn seccomp_notify_respond(fd: c_int, resp: *mut seccomp_notif_resp) -> c_int;
    /// 0 if the call still waits, or -ENOENT.
    pub fn seccomp_notify_id_valid(fd: c_int, id: u64) -> c_int;
    /// The listener's descriptor.
    pub fn seccomp_notify_fd(ctx: const_scmp_filter_ctx) -> c_int;
    /// Writes the filter as text.
    pub fn seccomp_export_pfc(ctx: const_scmp_filter_ctx, fd: c_int) -> c_int;
    /// Writes the program.
    pub fn seccomp_export_bpf(ctx: const_scmp_filter_ctx, fd: c_int) -> c_int;
    /// Copies the program. `len` is the size of `buf` in bytes, and then the program's.
    pub fn seccomp_export_bpf_mem(
        ctx: const_scmp_filter_ctx,
        buf: *mut c_void,
        len: *mut usize,
    ) -> c_int;
    /// Starts a transaction.
    pub fn seccomp_transaction_start(ctx: const_scmp_filter_ctx) -> c_int;
    /// Undoes what was done since [`seccomp_transaction_start`].
    pub fn seccomp_transaction_reject(ctx: scmp_filter_ctx);
    /// Keeps what was done since [`seccomp_transaction_start`].
    pub fn seccomp_transaction_commit(ctx: scmp_filter_ctx) -> c_int;
    /// Makes the program, so that [`seccomp_load`] need not.
    pub fn seccomp_precompute(ctx: const_scmp_filter_ctx) -> c_int;
}
