// SPDX-License-Identifier: LGPL-2.1-only
//! Loading a program.

use super::features::{Feature, Features};
use super::sys::{self, RawProgram};
use crate::bpf::Program;
use crate::error::Error;
use crate::filter::Attributes;

/// How to load a program.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    /// Settings of the filter.
    pub attributes: Attributes,
    /// The program asks for notifications, so a listener is wanted.
    pub notifies: bool,
}

/// What loading has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// The filter is in force.
    Done,
    /// It is in force, and this descriptor receives notifications. It is
    /// remembered in [`Features::listener`] too.
    Listener(i32),
}

/// Loads a program for the calling thread; with thread sync, for all threads
/// of the process. There is no way back.
///
/// A process gets one listener. Filters that are loaded after the first that
/// asks for one are loaded without, as the C library does.
///
/// # Errors
/// [`Error::ThreadSync`]; [`Error::Kernel`] with the kernel's `errno`;
/// [`Error::ListenerWithThreadSync`]; [`Error::OutOfMemory`].
pub fn load(
    features: &Features,
    program: &Program,
    options: &LoadOptions,
) -> Result<Loaded, Error> {
    let bytes = program.to_bytes()?;
    let program = RawProgram::new(&bytes)?;
    let attributes = &options.attributes;
    if attributes.no_new_privileges {
        sys::set_no_new_privileges()?;
    }
    let alone = features.listener().is_none();
    let esrch = alone && features.is_known(Feature::ThreadSyncEsrch);
    let listens = alone && options.notifies && features.is_known(Feature::Notify);
    if !features.has(Feature::Syscall) {
        return program.install_by_prctl().map(|_| Loaded::Done);
    }
    if attributes.thread_sync && listens && !esrch {
        return Err(Error::ListenerWithThreadSync);
    }
    let given = [
        (attributes.thread_sync, libc::SECCOMP_FILTER_FLAG_TSYNC),
        (
            attributes.thread_sync && esrch,
            libc::SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
        ),
        (listens, libc::SECCOMP_FILTER_FLAG_NEW_LISTENER),
        (
            listens && attributes.wait_killable,
            libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
        ),
        (attributes.log, libc::SECCOMP_FILTER_FLAG_LOG),
        (
            attributes.allow_speculation,
            libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        ),
    ];
    let flags = given
        .into_iter()
        .filter(|&(wanted, _)| wanted)
        .fold(0, |flags, (_, flag)| flags | flag);
    match program.install(flags) {
        Ok(0) => Ok(Loaded::Done),
        // Without a listener a positive answer names the thread that could
        // not be synchronised.
        Ok(_) if !listens => Err(Error::ThreadSync),
        Ok(answer) => {
            let listener = i32::try_from(answer).map_err(|_| Error::Internal)?;
            features.set_listener(listener);
            Ok(Loaded::Listener(listener))
        }
        Err(Error::Kernel(libc::ESRCH)) => Err(Error::ThreadSync),
        Err(error) => Err(error),
    }
}
