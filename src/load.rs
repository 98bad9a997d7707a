// SPDX-License-Identifier: LGPL-2.1-only
//! Loading filters.

use std::ffi::c_int;
use std::ptr;

use super::library::FEATURES;
use super::output::system_code;
use super::types::scmp_filter_ctx;
use super::{context, entry, errno, listener};
use scmp::Filter;
use scmp::bpf::Program;
use scmp_kernel::{Error, Feature, LoadOptions, install};

/// Puts the filter in force for the calling thread, or, with
/// `SCMP_FLTATR_CTL_TSYNC`, for all threads.
///
/// Returns 0; -EINVAL; -ENOMEM; -EFAULT for a filter of more than 65,535
/// instructions; -ESRCH if a thread can't be synchronised; -ECANCELED, or with
/// `SCMP_FLTATR_API_SYSRAWRC` the kernel's code if it is a documented one, if
/// the kernel refuses.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn seccomp_load(ctx: scmp_filter_ctx) -> c_int {
    let generate = |filter: &mut Filter| {
        let mut options = LoadOptions::from(&*filter);
        // As in the C library, the action of foreign architectures does not count.
        options.notifies = filter.notifies();
        Ok((options, ptr::from_ref(filter.program()?)))
    };
    // SAFETY: the caller vouches for `ctx`.
    let generate = || unsafe { context::with_usable(ctx, generate) };
    // It waits if an earlier filter hands seccomp(2) or prctl(2) to a supervisor.
    entry::blocking(generate, |(options, program)| {
        // SAFETY: `ctx` keeps its program while nobody changes it.
        let program = unsafe { &*program };
        match load(program, options) {
            Ok(()) => 0,
            Err(error) => errno::documented(system_code(options.attributes.raw_errors, error)),
        }
    })
}

/// Loads as the C library does: what the kernel lacks is left out, or refused by the kernel.
///
/// A process gets one listener: a filter that notifies is loaded without one while the
/// listener is open. Once its owner has closed it, the next filter that notifies gets a new
/// one, unless a copy of the closed one is open elsewhere.
fn load(program: &Program, mut options: LoadOptions) -> Result<(), Error> {
    if !FEATURES.has(Feature::Syscall) {
        options.attributes.thread_sync = false;
        options.attributes.log = false;
        options.attributes.allow_speculation = false;
    }
    // Only then, because filters may forbid what it takes to look for the listener.
    if options.notifies {
        options.notifies = FEATURES.has(Feature::Notify) && !listener::may_be_open();
    }
    let mut loaded = install(&FEATURES, program, &options);
    if !options.notifies {
        return loaded.map(drop);
    }
    // They have been set.
    options.attributes.no_new_privileges = false;
    // The flag is left out if the kernel lacks it. The kernel is tried first, because the
    // flag may be missing in `FEATURES` only because a lower API level was set.
    if loaded == Err(Error::Os(libc::EINVAL))
        && options.attributes.wait_killable
        && !FEATURES.has(Feature::WaitKillable)
    {
        options.attributes.wait_killable = false;
        loaded = install(&FEATURES, program, &options);
    }
    // A copy of the listener is open, in another process for example.
    if loaded == Err(Error::Os(libc::EBUSY)) && listener::existed() {
        options.notifies = false;
        loaded = install(&FEATURES, program, &options);
        if loaded.is_ok() {
            listener::lose();
        }
    }
    if let Some(fd) = loaded? {
        listener::remember(fd);
    }
    Ok(())
}
