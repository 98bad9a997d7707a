// SPDX-License-Identifier: LGPL-2.1-only
//! Loading a program.

use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use super::features::{Feature, Features};
use super::listener::Listener;
use super::sys::{self, RawProgram};
use crate::error::Error;
use scmp::bpf::{MAX_LOADED, Program};
use scmp::{Action, Attributes, Endian, Filter};

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
///
/// The first load of a process asks the kernel which features it has. Later loads rely on the
/// answers, because a filter in force may forbid to ask. A level that is set in a
/// [`Features`] of your own has no effect here; give that to the function
/// [`load`](crate::load).
///
/// # After fork
/// The child of a process with threads may load a filter before exec(3), and in a signal
/// handler a filter may be loaded, if [`Filter::program`] has been called on it before, and
/// the filter has not been changed since. Then nothing is allocated and no lock is taken. For
/// [`pre_exec`](std::os::unix::process::CommandExt::pre_exec), make the filter and its program
/// in the parent:
///
/// ```
/// use std::os::unix::process::CommandExt;
/// use std::process::Command;
/// use scmp::{Action, Filter};
/// use scmp_kernel::Load;
///
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.rules(Action::errno(libc::EPERM)?, ["ptrace"])?.program()?;
/// let mut command = Command::new("true");
/// // SAFETY: the program has been made, so the child allocates nothing. (The conversion of
/// // errors without a number does. They are about the filter, so the parent can rule them out.)
/// unsafe { command.pre_exec(move || Ok(filter.load()?)) };
/// assert!(command.status()?.success());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Load: Sealed {
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
    /// [`Error::NeedsListener`] if [`Filter::notifies`], or if the action of foreign
    /// architectures ([`Attributes::bad_architecture`]) does; [`Error::Filter`] if the
    /// program can't be generated; others as for the function [`load`](crate::load).
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
    /// [`load`](crate::load).
    fn load_with_listener(&mut self) -> Result<Listener, Error>;
}

/// Keeps other crates from implementing [`Load`], so that it can get more methods.
mod sealed {
    pub trait Sealed {}
    impl Sealed for scmp::Filter {}
}
use sealed::Sealed;

/// The kernel's features, probed once per process: a filter in force may forbid probing.
static FEATURES: Features = Features::new();

impl Load for Filter {
    fn load(&mut self) -> Result<(), Error> {
        let options = LoadOptions::from(&*self);
        if options.notifies {
            return Err(Error::NeedsListener);
        }
        load(&FEATURES, self.program()?, &options).map(drop)
    }

    fn load_with_listener(&mut self) -> Result<Listener, Error> {
        let mut options = LoadOptions::from(&*self);
        options.notifies = true;
        let program = self.program()?;
        check(&FEATURES, program, &options)?;
        listen(&FEATURES, program, &options)
    }
}

/// How to load a program. The default is for a program that does not notify, with the
/// settings of a new filter.
///
/// ```
/// use scmp::bpf::Program;
/// use scmp::{Action, Endian, Filter};
/// use scmp_kernel::{Features, LoadOptions, Loaded, load};
///
/// let mut filter = Filter::new(Action::Notify)?;
/// assert!(LoadOptions::from(&filter).notifies);
///
/// // Bytes that seccomp_export_bpf(3) has written to a file, for example.
/// # let mut filter = Filter::new(Action::Allow)?;
/// let bytes = filter.program()?.to_bytes()?;
/// let program = Program::from_bytes(&bytes, Endian::HOST)?;
/// let loaded = load(&Features::new(), &program, &LoadOptions::default())?;
/// assert!(matches!(loaded, Loaded::Done));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadOptions {
    /// Settings of the filter. Those that say what the program is like are not looked at.
    pub attributes: Attributes,
    /// The program notifies, so a listener is wanted. If this is false, the calls that the
    /// program wants to notify about fail with ENOSYS.
    pub notifies: bool,
}

impl From<&Filter> for LoadOptions {
    fn from(filter: &Filter) -> LoadOptions {
        LoadOptions {
            attributes: *filter.attributes(),
            notifies: filter.notifies() || filter.attributes().bad_architecture == Action::Notify,
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
#[derive(Debug)]
#[must_use = "a listener that nobody holds answers no notification"]
#[non_exhaustive]
pub enum Loaded {
    /// The filter is in force, and does not notify: [`LoadOptions::notifies`] was false.
    Done,
    /// The filter is in force, and this listener receives its notifications.
    Listener(Listener),
}

/// Loads a program for the calling thread; with thread sync, for all threads of the
/// process. A loaded filter can't be removed. [`Load`] is simpler; this function is for
/// callers who have a program without a [`Filter`], who keep [`Features`], or who load in a
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
/// assert!(matches!(load(&features, filter.program()?, &options)?, Loaded::Done));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Async-signal-safe once `features` have been probed: nothing is allocated, and no
/// lock is taken.
///
/// # Errors
/// Before anything is changed: [`Error::Unsupported`] if a setting or a listener needs a
/// feature that `features` lack, or [`Error::ListenerWithThreadSync`] if both together do;
/// [`Error::ForeignByteOrder`]; [`Error::ProgramTooLong`].
///
/// From the kernel, when no_new_privs may have been set: [`Error::ThreadSync`]; [`Error::Os`]
/// with the `errno` of seccomp(2) or prctl(2), of which the usual ones are EACCES (neither
/// no_new_privs nor CAP_SYS_ADMIN), EBUSY (a listener is wanted, and that of an earlier filter
/// of this thread is open), EINVAL (the kernel refuses the program) and ENOMEM.
pub fn load(
    features: &Features,
    program: &Program,
    options: &LoadOptions,
) -> Result<Loaded, Error> {
    check(features, program, options)?;
    match options.notifies {
        true => listen(features, program, options).map(Loaded::Listener),
        false => install(features, program, options).map(|_| Loaded::Done),
    }
}

/// Refuses what the kernel would refuse or leave out, before anything is changed.
fn check(features: &Features, program: &Program, options: &LoadOptions) -> Result<(), Error> {
    let LoadOptions {
        attributes,
        notifies,
    } = *options;
    let needed = [
        (attributes.thread_sync, Feature::ThreadSync),
        (attributes.log, Feature::LogFlag),
        (attributes.allow_speculation, Feature::SpeculationAllow),
        (notifies, Feature::Listener),
        (notifies, Feature::Notify),
        (notifies && attributes.wait_killable, Feature::WaitKillable),
    ];
    let mut needed = needed.iter().filter(|(is_needed, _)| *is_needed);
    if !needed.all(|&(_, feature)| features.has(feature)) {
        return Err(Error::Unsupported);
    }
    if attributes.thread_sync && notifies && !features.has(Feature::ThreadSyncEsrch) {
        return Err(Error::ListenerWithThreadSync);
    }
    if program.endian() != Endian::HOST {
        return Err(Error::ForeignByteOrder);
    }
    if program.instructions().len() > MAX_LOADED {
        return Err(Error::ProgramTooLong);
    }
    Ok(())
}

/// Loads a program that notifies, after [`check`].
fn listen(
    features: &Features,
    program: &Program,
    options: &LoadOptions,
) -> Result<Listener, Error> {
    // Asked for now, because the filter may forbid it.
    let sizes = features.notification_sizes()?;
    let fd = install(features, program, options)?.ok_or(Error::Unsupported)?;
    // SAFETY: the kernel has just opened it, and nobody else knows of it.
    let fd = unsafe { OwnedFd::from_raw_fd(fd) };
    Ok(Listener::new(fd, sizes))
}

/// Loads a program like [`load`], but leaves it to the kernel to refuse what it does not take,
/// and gives the listener as a number, which the caller must close; `None` if
/// [`LoadOptions::notifies`] is false. This is for the C library's functions.
///
/// ```
/// use scmp::{Action, Filter};
/// use scmp_kernel::{Features, LoadOptions, install};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// let options = LoadOptions::from(&filter);
/// assert_eq!(install(&Features::new(), filter.program()?, &options)?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Async-signal-safe once `features` have been probed, and a thread may end in it: nothing
/// is to be dropped while it waits.
///
/// # Errors
/// [`Error::Unsupported`] if there is no seccomp(2), and a setting or a listener needs it;
/// [`Error::ProgramTooLong`] for more than 65,535 instructions. All others when no_new_privs
/// may have been set: [`Error::ListenerWithThreadSync`],
/// [`Error::ThreadSync`] and [`Error::Os`] as for [`load`], where EINVAL may also mean that
/// the kernel does not have a flag.
pub fn install(
    features: &Features,
    program: &Program,
    options: &LoadOptions,
) -> Result<Option<RawFd>, Error> {
    let LoadOptions {
        attributes,
        notifies,
    } = *options;
    let synchronises = attributes.thread_sync;
    let esrch = synchronises && features.has(Feature::ThreadSyncEsrch);
    let flags = [
        (synchronises, libc::SECCOMP_FILTER_FLAG_TSYNC),
        (esrch, libc::SECCOMP_FILTER_FLAG_TSYNC_ESRCH),
        (notifies, libc::SECCOMP_FILTER_FLAG_NEW_LISTENER),
        (
            notifies && attributes.wait_killable,
            libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
        ),
        (attributes.log, libc::SECCOMP_FILTER_FLAG_LOG),
        (
            attributes.allow_speculation,
            libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        ),
    ];
    let flags = flags.into_iter().filter(|&(wanted, _)| wanted);
    let flags = flags.fold(0, |all, (_, flag)| all | flag);
    let has_syscall = features.has(Feature::Syscall);
    // prctl(2) takes no flags.
    if flags != 0 && !has_syscall {
        return Err(Error::Unsupported);
    }
    let program = RawProgram::new(program.exported())?;
    if attributes.no_new_privileges {
        sys::set_no_new_privileges()?;
    }
    if synchronises && notifies && !esrch {
        return Err(Error::ListenerWithThreadSync);
    }
    let installed = match has_syscall {
        true => program.install(flags),
        false => program.install_by_prctl(),
    };
    match installed {
        // With NEW_LISTENER every non-negative result is a descriptor, 0 too.
        Ok(listener) if notifies => Ok(Some(listener as RawFd)),
        Ok(0) => Ok(None),
        // Before Linux 5.7 the kernel returns the thread that could not be synchronised.
        Err(Error::Os(libc::ESRCH)) if synchronises => Err(Error::ThreadSync),
        Ok(_) => Err(Error::ThreadSync),
        Err(error) => Err(error),
    }
}
