// SPDX-License-Identifier: LGPL-2.1-only
//! Loading a program.

use std::os::fd::{FromRawFd, OwnedFd};

use super::features::{Feature, Features};
use super::listener::Listener;
use super::sys::{self, RawProgram};
use crate::error::Error;
use scmp::bpf::Program;
use scmp::{Attributes, Filter};

/// Puts a filter in force for the calling thread and those that it starts; with
/// [`Attributes::thread_sync`], for all threads of the process. A loaded filter can't be
/// removed.
///
/// ```
/// use scmp::{Action, Filter};
/// use scmp_kernel::Load;
///
/// Filter::new(Action::Allow)?.rules(Action::errno(libc::EPERM)?, ["ptrace"])?.load()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Load {
    /// Loads a filter that does not notify.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    /// use scmp_kernel::Load;
    ///
    /// Filter::new(Action::Allow)?.rules(Action::errno(libc::EPERM)?, ["chroot"])?.load()?;
    /// let refused = std::os::unix::fs::chroot("/").unwrap_err();
    /// assert_eq!(refused.raw_os_error(), Some(libc::EPERM));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NeedsListener`] if [`Filter::notifies`]; [`Error::Filter`] if the program
    /// can't be generated; others as for the function [`load`](crate::load).
    fn load(&mut self) -> Result<(), Error>;

    /// Loads a filter, and gives the listener that receives its notifications.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    /// use scmp_kernel::{Listener, Load};
    ///
    /// # if !scmp_kernel::Features::new().has(scmp_kernel::Feature::Notify) { return Ok(()); }
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rules(Action::Notify, ["mount", "umount2"])?;
    /// let listener: Listener = filter.load_with_listener()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unsupported`] if the kernel has no notifications (before 5.0);
    /// [`Error::Filter`] if the program can't be generated; others as for the function
    /// [`load`](crate::load), where EBUSY means that an earlier filter of this thread has
    /// a listener.
    fn load_with_listener(&mut self) -> Result<Listener, Error>;
}

/// The kernel's features, probed once per process: a filter in force may forbid probing.
static FEATURES: Features = Features::new();

impl Load for Filter {
    fn load(&mut self) -> Result<(), Error> {
        let options = LoadOptions::from(&*self);
        if options.notifies {
            return Err(Error::NeedsListener);
        }
        match load(&FEATURES, self.program()?, &options)? {
            Loaded::Done | Loaded::Listener(_) => Ok(()),
        }
    }

    fn load_with_listener(&mut self) -> Result<Listener, Error> {
        if !FEATURES.has(Feature::Notify) {
            return Err(Error::Unsupported);
        }
        let sizes = FEATURES.notification_sizes()?;
        let attributes = *self.attributes();
        let program = prepare(self.program()?, &attributes)?;
        // Not by `load`: `FEATURES` must not remember a descriptor that its owner closes.
        let fd = install(&FEATURES, &program, &attributes, true)?;
        // SAFETY: the kernel has just opened it, and nobody else knows of it.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        Ok(Listener::new(fd, sizes))
    }
}

/// How to load a filter's program.
///
/// ```
/// use scmp::{Action, Filter};
/// use scmp_kernel::LoadOptions;
///
/// let filter = Filter::new(Action::Notify)?;
/// assert!(LoadOptions::from(&filter).notifies);
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LoadOptions {
    /// Settings of the filter.
    pub attributes: Attributes,
    /// The program asks for notifications, so a listener is wanted.
    pub notifies: bool,
}

impl From<&Filter> for LoadOptions {
    fn from(filter: &Filter) -> LoadOptions {
        LoadOptions {
            attributes: *filter.attributes(),
            notifies: filter.notifies(),
        }
    }
}

/// The result of a successful load.
///
/// A caller who ignores it is warned, because a listener may be lost:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # let mut filter = scmp::Filter::new(scmp::Action::Allow)?;
/// # let options = scmp_kernel::LoadOptions::from(&filter);
/// scmp_kernel::load(&scmp_kernel::Features::new(), filter.program()?, &options)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a listener that nobody holds answers no notification"]
pub enum Loaded {
    /// The filter is in force, without a listener: its program does not notify, the
    /// kernel has no notifications, or the process has a listener already.
    Done,
    /// The filter is in force, and this descriptor receives its notifications.
    /// [`Features::listener`] remembers the descriptor too.
    Listener(i32),
}

/// Loads a program for the calling thread; with thread sync, for all threads of the
/// process. A loaded filter can't be removed. [`Load`] is simpler, and gives a listener
/// that closes itself; this function is for callers who keep [`Features`], or load in a
/// signal handler.
///
/// ```
/// use scmp::{Action, Filter};
/// use scmp_kernel::{Features, LoadOptions, Loaded, load};
///
/// let features = Features::new();
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.rule(Action::errno(libc::EPERM)?, "chroot", [])?;
/// let options = LoadOptions::from(&filter);
/// assert_eq!(load(&features, filter.program()?, &options)?, Loaded::Done);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A process gets one listener: a filter that notifies is loaded without one
/// while [`Features::listener`] is open, as the C library does. Once its owner has
/// closed it, the next filter that notifies gets a new one, unless a copy of
/// the closed one is open elsewhere.
///
/// Async-signal-safe once `features` have been probed: nothing is allocated, and no
/// lock is taken.
///
/// # Errors
/// [`Error::ThreadSync`]; [`Error::ListenerWithThreadSync`];
/// [`Error::ProgramTooLong`]; [`Error::Os`] with the `errno` of seccomp(2) or
/// prctl(2), of which the usual ones are EINVAL (the kernel refuses the program or a
/// flag), EACCES (neither no_new_privs nor CAP_SYS_ADMIN), EBUSY (there is a listener
/// that `features` does not know) and ENOMEM.
pub fn load(
    features: &Features,
    program: &Program,
    options: &LoadOptions,
) -> Result<Loaded, Error> {
    let attributes = &options.attributes;
    let program = prepare(program, attributes)?;
    if !features.has(Feature::Syscall) {
        return program.install_by_prctl().map(|_| Loaded::Done);
    }
    let wanted = options.notifies && features.has(Feature::Notify);
    let listens = wanted && !features.listener().is_some_and(sys::may_be_listener);
    match install(features, &program, attributes, listens) {
        Ok(listener) if listens => {
            features.set_listener(listener);
            Ok(Loaded::Listener(listener))
        }
        // A copy of the listener is open, in another process for example.
        Err(Error::Os(libc::EBUSY)) if listens && features.had_listener() => {
            install(features, &program, attributes, false)?;
            features.lose_listener();
            Ok(Loaded::Done)
        }
        result => result.map(|_| Loaded::Done),
    }
}

/// The program as the kernel takes it, after what must precede its installation.
fn prepare<'a>(program: &'a Program, attributes: &Attributes) -> Result<RawProgram<'a>, Error> {
    let program = RawProgram::new(program.exported())?;
    if attributes.no_new_privileges {
        sys::set_no_new_privileges()?;
    }
    Ok(program)
}

/// Returns the listener if `listens`, else 0.
fn install(
    features: &Features,
    program: &RawProgram<'_>,
    attributes: &Attributes,
    listens: bool,
) -> Result<i32, Error> {
    let synchronises = attributes.thread_sync;
    let esrch = synchronises && features.has(Feature::ThreadSyncEsrch);
    if synchronises && listens && !esrch {
        return Err(Error::ListenerWithThreadSync);
    }
    let flags = [
        (synchronises, libc::SECCOMP_FILTER_FLAG_TSYNC),
        (esrch, libc::SECCOMP_FILTER_FLAG_TSYNC_ESRCH),
        (listens, libc::SECCOMP_FILTER_FLAG_NEW_LISTENER),
        (attributes.log, libc::SECCOMP_FILTER_FLAG_LOG),
        (
            attributes.allow_speculation,
            libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        ),
    ];
    let flags = flags.into_iter().filter(|&(wanted, _)| wanted);
    let flags = flags.fold(0, |all, (_, flag)| all | flag);
    let waits = listens && attributes.wait_killable;
    let installed = match waits {
        false => program.install(flags),
        true => match program.install(flags | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) {
            // The flag is left out if the kernel lacks it. The kernel is tried first,
            // because `features` may lack the flag only because a lower API level was set.
            Err(Error::Os(libc::EINVAL)) if !features.has(Feature::WaitKillable) => {
                program.install(flags)
            }
            result => result,
        },
    };
    match installed {
        // With NEW_LISTENER every non-negative result is a descriptor, 0 too.
        Ok(answer) if answer == 0 || listens => Ok(answer as i32),
        // Before Linux 5.7 the kernel returns the thread that could not be synchronised.
        Ok(_) | Err(Error::Os(libc::ESRCH)) => Err(Error::ThreadSync),
        Err(error) => Err(error),
    }
}
