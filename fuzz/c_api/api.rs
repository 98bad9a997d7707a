// SPDX-License-Identifier: LGPL-2.1-only
//! The exported functions as include/seccomp.h declares them, and the C parts of this target.

use std::ffi::{c_char, c_int, c_long, c_uint, c_void};

pub use libc::{seccomp_notif, seccomp_notif_addfd, seccomp_notif_resp};

pub type Handle = *mut c_void;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ArgCmp {
    pub arg: c_uint,
    pub op: c_uint,
    pub datum_a: u64,
    pub datum_b: u64,
}

#[repr(C)]
pub struct Version {
    pub major: c_uint,
    pub minor: c_uint,
    pub micro: c_uint,
}

/// Has the linker take the library's object files in.
pub use seccomp as _;

unsafe extern "C" {
    pub fn seccomp_version() -> *const Version;
    pub fn seccomp_api_get() -> c_uint;
    pub fn seccomp_api_set(level: c_uint) -> c_int;
    pub fn seccomp_init(action: u32) -> Handle;
    pub fn seccomp_reset(ctx: Handle, action: u32) -> c_int;
    pub fn seccomp_release(ctx: Handle);
    pub fn seccomp_merge(target: Handle, source: Handle) -> c_int;
    pub fn seccomp_arch_resolve_name(name: *const c_char) -> u32;
    pub fn seccomp_arch_native() -> u32;
    pub fn seccomp_arch_exist(ctx: Handle, token: u32) -> c_int;
    pub fn seccomp_arch_add(ctx: Handle, token: u32) -> c_int;
    pub fn seccomp_arch_remove(ctx: Handle, token: u32) -> c_int;
    pub fn seccomp_load(ctx: Handle) -> c_int;
    pub fn seccomp_attr_get(ctx: Handle, attr: c_uint, value: *mut u32) -> c_int;
    pub fn seccomp_attr_set(ctx: Handle, attr: c_uint, value: u32) -> c_int;
    pub fn seccomp_syscall_resolve_num_arch(token: u32, number: c_int) -> *mut c_char;
    pub fn seccomp_syscall_resolve_name_arch(token: u32, name: *const c_char) -> c_int;
    pub fn seccomp_syscall_resolve_name_rewrite(token: u32, name: *const c_char) -> c_int;
    pub fn seccomp_syscall_resolve_name(name: *const c_char) -> c_int;
    pub fn seccomp_syscall_priority(ctx: Handle, number: c_int, priority: u8) -> c_int;
    pub fn seccomp_rule_add_array(
        ctx: Handle,
        action: u32,
        number: c_int,
        count: c_uint,
        array: *const ArgCmp,
    ) -> c_int;
    pub fn seccomp_rule_add_exact_array(
        ctx: Handle,
        action: u32,
        number: c_int,
        count: c_uint,
        array: *const ArgCmp,
    ) -> c_int;
    pub fn seccomp_notify_alloc(
        request: *mut *mut seccomp_notif,
        response: *mut *mut seccomp_notif_resp,
    ) -> c_int;
    pub fn seccomp_notify_free(request: *mut seccomp_notif, response: *mut seccomp_notif_resp);
    pub fn seccomp_notify_receive(fd: c_int, request: *mut seccomp_notif) -> c_int;
    pub fn seccomp_notify_respond(fd: c_int, response: *mut seccomp_notif_resp) -> c_int;
    pub fn seccomp_notify_id_valid(fd: c_int, id: u64) -> c_int;
    pub fn seccomp_notify_fd(ctx: Handle) -> c_int;
    pub fn seccomp_notify_addfd(fd: c_int, addfd: *mut seccomp_notif_addfd) -> c_int;
    pub fn seccomp_export_pfc(ctx: Handle, fd: c_int) -> c_int;
    pub fn seccomp_export_bpf(ctx: Handle, fd: c_int) -> c_int;
    pub fn seccomp_export_bpf_mem(ctx: Handle, buffer: *mut c_void, length: *mut usize) -> c_int;
    pub fn seccomp_precompute(ctx: Handle) -> c_int;
    pub fn seccomp_transaction_start(ctx: Handle) -> c_int;
    pub fn seccomp_transaction_commit(ctx: Handle) -> c_int;
    pub fn seccomp_transaction_reject(ctx: Handle);
}

// calls.c: seccomp_rule_add and seccomp_rule_add_exact.
unsafe extern "C" {
    pub fn call_variadic(
        exact: bool,
        ctx: Handle,
        action: u32,
        number: c_int,
        count: c_uint,
        array: *const ArgCmp,
    ) -> c_int;
}

// memory.c
unsafe extern "C" {
    fn memory_fails_after(count: c_long);
    fn memory_works() -> c_int;
}

/// Runs `call`, in which allocations fail after some if `after` says so. Whether one has.
pub fn with_memory<T>(after: Option<usize>, call: impl FnOnce() -> T) -> (T, bool) {
    // SAFETY: plain functions; nothing but `call` allocates between them.
    unsafe {
        memory_fails_after(after.map_or(-1, |count| count as c_long));
        let result = call();
        (result, memory_works() != 0)
    }
}
