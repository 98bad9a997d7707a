// SPDX-License-Identifier: LGPL-2.1-only
//! The declarations of `include/seccomp.h`, in Rust.
#![allow(non_camel_case_types)]

use std::ffi::{c_int, c_uint, c_void};

/// A filter; opaque to callers.
pub type scmp_filter_ctx = *mut c_void;

/// `enum scmp_filter_attr`, any value.
pub type scmp_filter_attr = c_uint;

/// `enum scmp_compare`, any value.
pub type scmp_compare = c_uint;

/// The library's version.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct scmp_version {
    /// 2
    pub major: c_uint,
    /// 6
    pub minor: c_uint,
    /// 1
    pub micro: c_uint,
}

/// A comparison of one argument.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct scmp_arg_cmp {
    /// Position of the argument, 0 to 5.
    pub arg: c_uint,
    /// `SCMP_CMP_*`, with or without `SCMP_CMP_32BIT`.
    pub op: scmp_compare,
    /// Datum, or the mask of `SCMP_CMP_MASKED_EQ`.
    pub datum_a: u64,
    /// The datum of `SCMP_CMP_MASKED_EQ`.
    pub datum_b: u64,
}

pub use libc::{seccomp_data, seccomp_notif, seccomp_notif_addfd, seccomp_notif_resp};

/// `SCMP_VER_MAJOR`
pub const SCMP_VER_MAJOR: c_uint = 2;
/// `SCMP_VER_MINOR`
pub const SCMP_VER_MINOR: c_uint = 6;
/// `SCMP_VER_MICRO`
pub const SCMP_VER_MICRO: c_uint = 1;

/// Default action; read-only.
pub const SCMP_FLTATR_ACT_DEFAULT: scmp_filter_attr = 1;
/// Action for other architectures.
pub const SCMP_FLTATR_ACT_BADARCH: scmp_filter_attr = 2;
/// Set no_new_privs on load.
pub const SCMP_FLTATR_CTL_NNP: scmp_filter_attr = 3;
/// Load into all threads.
pub const SCMP_FLTATR_CTL_TSYNC: scmp_filter_attr = 4;
/// Let rules name system call -1.
pub const SCMP_FLTATR_API_TSKIP: scmp_filter_attr = 5;
/// Log actions other than ALLOW.
pub const SCMP_FLTATR_CTL_LOG: scmp_filter_attr = 6;
/// Leave the speculative store bypass mitigation off.
pub const SCMP_FLTATR_CTL_SSB: scmp_filter_attr = 7;
/// Optimization level, 1 or 2.
pub const SCMP_FLTATR_CTL_OPTIMIZE: scmp_filter_attr = 8;
/// Pass on the kernel's error codes.
pub const SCMP_FLTATR_API_SYSRAWRC: scmp_filter_attr = 9;
/// Wait killably for notifications.
pub const SCMP_FLTATR_CTL_WAITKILL: scmp_filter_attr = 10;

/// Not equal.
pub const SCMP_CMP_NE: scmp_compare = 1;
/// Less.
pub const SCMP_CMP_LT: scmp_compare = 2;
/// Less or equal.
pub const SCMP_CMP_LE: scmp_compare = 3;
/// Equal.
pub const SCMP_CMP_EQ: scmp_compare = 4;
/// Greater or equal.
pub const SCMP_CMP_GE: scmp_compare = 5;
/// Greater.
pub const SCMP_CMP_GT: scmp_compare = 6;
/// Equal under a mask.
pub const SCMP_CMP_MASKED_EQ: scmp_compare = 7;
/// Or-ed to an operator: only the low 32 bits of argument and data count.
pub const SCMP_CMP_32BIT: scmp_compare = 1 << 16;

/// No such system call, as a number.
#[allow(non_upper_case_globals)]
pub const __NR_SCMP_ERROR: c_int = -1;
