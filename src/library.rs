// SPDX-License-Identifier: LGPL-2.1-only
//! The library as a whole: version, API level, the kernel's known features.

use std::ffi::{c_int, c_uint};

use super::entry;
use super::types::{SCMP_VER_MAJOR, SCMP_VER_MICRO, SCMP_VER_MINOR, scmp_version};
use crate::error::Error;
use scmp::{Action, Filter};
use scmp_kernel::{Feature, Features};

/// The library's only global state, with the descriptor in `listener`.
pub(super) static FEATURES: Features = Features::new();

static VERSION: scmp_version = scmp_version {
    major: SCMP_VER_MAJOR,
    minor: SCMP_VER_MINOR,
    micro: SCMP_VER_MICRO,
};

/// The action with this value, if the kernel has it.
///
/// # Errors
/// [`Error::BadArgument`].
#[inline]
pub(super) fn available_action(raw: u32) -> Result<Action, Error> {
    match Action::from_raw(raw) {
        Some(action) if FEATURES.has_action(action) => Ok(action),
        _ => Err(Error::BadArgument),
    }
}

/// Like [`available_action`], for a filter: before Linux 5.7 thread sync and notifications
/// exclude each other.
///
/// # Errors
/// [`Error::BadArgument`].
#[inline]
pub(super) fn action_for(filter: &Filter, raw: u32) -> Result<Action, Error> {
    let action = available_action(raw)?;
    let clash = action == Action::Notify
        && filter.attributes().thread_sync
        && !FEATURES.has(Feature::ThreadSyncEsrch);
    match clash {
        true => Err(Error::BadArgument),
        false => Ok(action),
    }
}

/// The version of the API: 2.6.1. The caller must not free it.
#[unsafe(no_mangle)]
pub extern "C" fn seccomp_version() -> *const scmp_version {
    &raw const VERSION
}

/// The API level, 1 to 7, that the running kernel supports, or that was set.
#[unsafe(no_mangle)]
pub extern "C" fn seccomp_api_get() -> c_uint {
    entry::guard(1, || FEATURES.level())
}

/// Sets the API level, 1 to 7.
///
/// Returns 0, or -EINVAL for any other level.
#[unsafe(no_mangle)]
pub extern "C" fn seccomp_api_set(level: c_uint) -> c_int {
    entry::status(|| Ok(FEATURES.set_level(level)?))
}
