// SPDX-License-Identifier: LGPL-2.1-only
//! Filters about getppid(2), and the call.

// Each test uses a part of this.
#![allow(dead_code)]

use std::ffi::c_long;
use std::io;

use scmp::{Action, Filter};
use scmp_kernel::{Feature, Features};

/// A filter that does something about getppid(2) only.
pub fn on_getppid(action: Action) -> Filter {
    let mut filter = Filter::new(Action::Allow).unwrap();
    filter.rule(action, "getppid", []).unwrap();
    filter
}

/// What getppid(2) answers, or its errno. It can't fail without a filter. Its arguments are
/// for filters and supervisors to see.
pub fn getppid() -> Result<c_long, i32> {
    call(libc::SYS_getppid, [7, 8, 9])
}

/// What a call of this number answers, or its errno: of getppid(2), or of no call.
pub fn call(number: c_long, arguments: [c_long; 3]) -> Result<c_long, i32> {
    let [a, b, c] = arguments;
    // SAFETY: getppid(2) takes no argument.
    match unsafe { libc::syscall(number, a, b, c) } {
        -1 => Err(io::Error::last_os_error().raw_os_error().unwrap_or(0)),
        answer => Ok(answer),
    }
}

pub fn has_notifications() -> bool {
    let has = Features::new().has(Feature::Notify);
    if !has {
        assert_eq!(std::env::var_os("MUST_RUN"), None, "no notifications");
        eprintln!("skipped: this kernel has no notifications");
    }
    has
}
