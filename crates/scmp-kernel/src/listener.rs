// SPDX-License-Identifier: LGPL-2.1-only
//! A supervisor's end of notifications, in memory that this crate owns.

use std::ffi::c_int;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::notify::{self, NotificationSizes};
use super::sys::{self, Polled};
use crate::error::Error;
use scmp::{Arch, Errno};

/// Receives the system calls that a filter hands to a supervisor, and answers them,
/// seccomp_unotify(2).
///
/// [`Load::load_with_listener`](crate::Load::load_with_listener) returns a listener;
/// `try_from` makes one from a descriptor that another process has sent. Once a listener
/// and its copies are closed, the system calls fail with ENOSYS. Several threads may use a
/// listener at once.
///
/// ```
/// use scmp::{Action, Filter};
/// use scmp_kernel::{Load, Response};
///
/// # if !scmp_kernel::Features::new().has(scmp_kernel::Feature::Notify) { return Ok(()); }
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.rule(Action::Notify, "getppid", [])?;
/// let listener = filter.load_with_listener()?;
/// // A thread that starts now has the filter too.
/// let waiting = std::thread::spawn(std::os::unix::process::parent_id);
/// let call = listener.receive()?;
/// assert_eq!(call.syscall_name(), Some("getppid"));
/// listener.respond(&call, Response::Value(4711))?;
/// assert_eq!(waiting.join().unwrap(), 4711);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "once the listener is dropped, the calls that it was to receive fail with ENOSYS"]
pub struct Listener {
    fd: OwnedFd,
    sizes: NotificationSizes,
    /// Locked while a notification is received.
    receiving: Mutex<()>,
}

/// A system call that waits for an answer (`struct seccomp_notif`, linux/seccomp.h).
///
/// Arguments may point to the caller's memory, which the caller's other threads may change
/// at any time: don't decide by its content whether to let the call run. After reading the
/// memory (proc_pid_mem(5)), ask [`Listener::is_waiting`] whether `thread` still was the
/// caller.
///
/// ```
/// # fn show(listener: scmp_kernel::Listener) -> Result<(), scmp_kernel::Error> {
/// let call = listener.receive()?;
/// println!("thread {}: {:?}{:x?}", call.thread, call.syscall_name(), call.arguments);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Notification {
    /// Identifies the call to this listener.
    pub id: u64,
    /// The calling thread, numbered in the PID namespace of the receiver; 0 if the
    /// namespace has no number for the thread.
    pub thread: u32,
    /// The architecture as the kernel sees it, [`Arch::audit_token`].
    pub audit_token: u32,
    /// The call's number on the architecture.
    pub number: i32,
    /// The address of the instruction that made the call.
    pub instruction_pointer: u64,
    /// The arguments, all six.
    pub arguments: [u64; 6],
}

/// How a system call that waits is answered.
///
/// ```
/// use scmp_kernel::Response;
///
/// let refused = Response::Errno(scmp::Errno::new(libc::EPERM)?);
/// let length = Response::Value(4096);
/// # assert_ne!(refused, length);
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// The call does not run, and returns this value. On most architectures C libraries take
    /// -4095 to -1 for an error number with its sign changed: a call that is answered with
    /// `Value(-13)` fails with errno 13. To make a call fail, use [`Response::Errno`].
    Value(i64),
    /// The call does not run, and fails with this error number.
    Errno(Errno),
    /// The call runs as if there were no filter (Linux 5.5). This is no way to allow it: the
    /// caller may have changed what the arguments point to since it was looked at.
    Continue,
}

/// How a descriptor is added to the process that a notification is about.
///
/// ```
/// use scmp_kernel::AddDescriptor;
///
/// let as_standard_output = AddDescriptor::at(1);
/// let as_the_calls_result = AddDescriptor::lowest().close_on_exec().and_respond();
/// # let _ = (as_standard_output, as_the_calls_result);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddDescriptor {
    number: Option<u32>,
    close_on_exec: bool,
    responds: bool,
}

impl AddDescriptor {
    /// Adds it with the lowest number that is free.
    ///
    /// ```
    /// let how = scmp_kernel::AddDescriptor::lowest();
    /// # let _ = how;
    /// ```
    pub const fn lowest() -> AddDescriptor {
        AddDescriptor {
            number: None,
            close_on_exec: false,
            responds: false,
        }
    }

    /// Adds it with this number; a descriptor that has the number is closed, as by dup2(2).
    ///
    /// ```
    /// let as_standard_error = scmp_kernel::AddDescriptor::at(2);
    /// # let _ = as_standard_error;
    /// ```
    pub const fn at(number: u32) -> AddDescriptor {
        AddDescriptor {
            number: Some(number),
            ..AddDescriptor::lowest()
        }
    }

    /// Has exec(3) close the descriptor.
    ///
    /// ```
    /// let how = scmp_kernel::AddDescriptor::lowest().close_on_exec();
    /// # assert_ne!(how, scmp_kernel::AddDescriptor::lowest());
    /// ```
    pub const fn close_on_exec(mut self) -> AddDescriptor {
        self.close_on_exec = true;
        self
    }

    /// Answers the call too: it returns the descriptor's number (Linux 5.14).
    ///
    /// ```
    /// let how = scmp_kernel::AddDescriptor::lowest().and_respond();
    /// # assert_ne!(how, scmp_kernel::AddDescriptor::lowest());
    /// ```
    pub const fn and_respond(mut self) -> AddDescriptor {
        self.responds = true;
        self
    }
}

impl Notification {
    /// A call that no listener has received, for the tests of a supervisor. All other fields
    /// are 0, and can be set.
    ///
    /// ```
    /// use scmp::Arch;
    /// use scmp_kernel::Notification;
    ///
    /// let kill = Arch::Aarch64.syscall_number("kill").unwrap();
    /// let mut call = Notification::new(Arch::Aarch64, kill, [1, 9, 0, 0, 0, 0]);
    /// call.thread = 4711;
    /// assert_eq!(call.arch(), Some(Arch::Aarch64));
    /// assert_eq!(call.syscall_name(), Some("kill"));
    /// ```
    pub fn new(arch: Arch, number: i32, arguments: [u64; 6]) -> Notification {
        Notification {
            id: 0,
            thread: 0,
            audit_token: arch.audit_token(),
            number,
            instruction_pointer: 0,
            arguments,
        }
    }

    /// The architecture; `None` if `scmp` does not know it.
    ///
    /// ```
    /// # fn check(call: scmp_kernel::Notification) {
    /// use scmp::Arch;
    ///
    /// let is_native = call.arch() == Some(Arch::native());
    /// # }
    /// ```
    pub fn arch(&self) -> Option<Arch> {
        Arch::of_call(self.audit_token, self.number as u32)
    }

    /// The system call's name; `None` if `scmp` does not know it.
    ///
    /// ```
    /// # fn check(call: scmp_kernel::Notification) {
    /// let is_mount = call.syscall_name() == Some("mount");
    /// # }
    /// ```
    pub fn syscall_name(&self) -> Option<&'static str> {
        self.arch()?.syscall_name(self.number)
    }
}

impl Listener {
    pub(super) fn new(fd: OwnedFd, sizes: NotificationSizes) -> Listener {
        Listener {
            fd,
            sizes,
            receiving: Mutex::new(()),
        }
    }

    /// Waits for a system call that needs an answer.
    ///
    /// ```no_run
    /// # fn answer(_: &scmp_kernel::Listener, _: scmp_kernel::Notification) {}
    /// # fn supervise(listener: scmp_kernel::Listener) -> Result<(), scmp_kernel::Error> {
    /// use scmp_kernel::Error;
    ///
    /// loop {
    ///     match listener.receive() {
    ///         Ok(call) => answer(&listener, call),
    ///         Err(Error::Interrupted | Error::NoSuchNotification) => continue,
    ///         Err(Error::NoCallers) => return Ok(()),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Interrupted`] if a signal handler ran; [`Error::NoSuchNotification`] if the
    /// call has gone meanwhile, because a signal interrupted it or its thread was killed;
    /// [`Error::NoCallers`] if all threads with the filter have ended (Linux 5.9; earlier
    /// kernels wait forever); [`Error::Os`], ENOMEM among others. Before Linux 6.11, a thread
    /// counts as ended only when its process has been waited for.
    ///
    /// # Under a filter
    /// A thread that has a filter itself needs for this, beside ioctl(2), poll(2) (ppoll(2)
    /// where the architecture lacks that) and the calls of malloc(3): brk(2), mmap(2). If
    /// several threads receive, it needs futex(2), and for a timeout clock_gettime(2) where that
    /// is a system call.
    ///
    /// # Several receivers
    /// Several threads may receive from a listener: one of them gets the notification, the
    /// others wait on. But if somebody receives from a copy of the descriptor, in this process or
    /// another, this function may wait in ioctl(2) after the copy has got the notification: for
    /// the next one, and before Linux 6.11 forever if none comes. So may
    /// [`Listener::receive_timeout`]. A child that was forked while another thread received
    /// must not receive from the listener: it would wait for that thread.
    pub fn receive(&self) -> Result<Notification, Error> {
        loop {
            if let Some(call) = self.receive_until(None)? {
                return Ok(call);
            }
        }
    }

    /// Waits for a system call that needs an answer, but not longer than `timeout`, which is
    /// rounded up to milliseconds. [`Duration::ZERO`] does not wait.
    ///
    /// ```
    /// use std::time::Duration;
    /// use scmp::{Action, Filter};
    /// use scmp_kernel::Load;
    ///
    /// # if !scmp_kernel::Features::new().has(scmp_kernel::Feature::Notify) { return Ok(()); }
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule(Action::Notify, "getppid", [])?;
    /// let listener = filter.load_with_listener()?;
    /// assert_eq!(listener.receive_timeout(Duration::from_millis(10))?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Listener::receive`].
    pub fn receive_timeout(&self, timeout: Duration) -> Result<Option<Notification>, Error> {
        self.receive_until(Some(timeout))
    }

    fn receive_until(&self, timeout: Option<Duration>) -> Result<Option<Notification>, Error> {
        // None for times that no clock reaches.
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let poll = |milliseconds| sys::poll(self.fd.as_raw_fd(), milliseconds).map_err(named);
        loop {
            match poll(milliseconds_until(deadline))? {
                Polled::Ended => return Err(Error::NoCallers),
                Polled::Nothing => {}
                Polled::Call => {
                    let receiving = self.receiving.lock();
                    let _alone = receiving.unwrap_or_else(PoisonError::into_inner);
                    // The kernel has no request that does not wait. poll(2) tells all threads of
                    // one notification, and those who come late would wait for the next.
                    if let Polled::Call = poll(0)? {
                        return self.receive_now().map(Some);
                    }
                }
            }
            if deadline.is_some_and(|end| end <= Instant::now()) {
                return Ok(None);
            }
        }
    }

    /// Receives a notification that poll(2) has told of.
    fn receive_now(&self) -> Result<Notification, Error> {
        let fd = self.fd.as_raw_fd();
        let mut memory = zeroed::<libc::seccomp_notif>(self.sizes.request)?;
        // SAFETY: the memory is zeroed, and has the kernel's size.
        unsafe { notify::receive(fd, memory.as_mut_ptr().cast()) }.map_err(named)?;
        // SAFETY: the memory is as large as the structure and aligned for it, and any bytes
        // make one.
        let received = unsafe { memory.as_ptr().cast::<libc::seccomp_notif>().read() };
        Ok(Notification {
            id: received.id,
            thread: received.pid,
            audit_token: received.data.arch,
            number: received.data.nr,
            instruction_pointer: received.data.instruction_pointer,
            arguments: received.data.args,
        })
    }

    /// Answers a system call. Its thread may have ended or handled a signal by then.
    ///
    /// ```no_run
    /// # fn refuse(listener: scmp_kernel::Listener) -> Result<(), Box<dyn std::error::Error>> {
    /// use scmp_kernel::Response;
    ///
    /// let call = listener.receive()?;
    /// listener.respond(&call, Response::Errno(scmp::Errno::new(libc::EACCES)?))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSuchNotification`] if the call no longer waits; [`Error::Interrupted`];
    /// [`Error::Os`]: EINVAL for [`Response::Continue`] before Linux 5.5, and ENOMEM among
    /// others.
    pub fn respond(&self, call: &Notification, response: Response) -> Result<(), Error> {
        let mut memory = zeroed::<libc::seccomp_notif_resp>(self.sizes.response)?;
        let (val, error, flags) = match response {
            Response::Value(value) => (value, 0, 0),
            Response::Errno(errno) => (0, -i32::from(errno.get()), 0),
            Response::Continue => (0, 0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
        };
        let answer = libc::seccomp_notif_resp {
            id: call.id,
            val,
            error,
            flags,
        };
        let fd = self.fd.as_raw_fd();
        // SAFETY: the memory is as large as the structure and aligned for it.
        unsafe {
            memory
                .as_mut_ptr()
                .cast::<libc::seccomp_notif_resp>()
                .write(answer)
        };
        // SAFETY: the memory has the kernel's size.
        unsafe { notify::respond(fd, memory.as_mut_ptr().cast()) }.map_err(named)
    }

    /// Whether the system call still waits. If so, [`Notification::thread`] is the number
    /// of its caller; if not, another thread may have the number now.
    ///
    /// ```no_run
    /// # fn memory(listener: scmp_kernel::Listener) -> Result<(), Box<dyn std::error::Error>> {
    /// let call = listener.receive()?;
    /// let memory = std::fs::File::open(format!("/proc/{}/mem", call.thread))?;
    /// if listener.is_waiting(&call) {
    ///     // `memory` is the caller's.
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_waiting(&self, call: &Notification) -> bool {
        notify::id_is_valid(self.fd.as_raw_fd(), call.id).is_ok()
    }

    /// Has the kernel wake callers and receivers of this listener on one processor (Linux
    /// 6.6), or as usual: `SECCOMP_IOCTL_NOTIF_SET_FLAGS`, linux/seccomp.h. This is faster if
    /// caller and supervisor alternate: the kernel need not wake a second processor.
    ///
    /// ```no_run
    /// # fn answer(listener: scmp_kernel::Listener) -> Result<(), scmp_kernel::Error> {
    /// use scmp_kernel::Error;
    ///
    /// match listener.wake_synchronously(true) {
    ///     Err(Error::Unsupported) => {} // It works without.
    ///     result => result?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Unsupported`] before Linux 6.6; [`Error::Interrupted`]; [`Error::Os`].
    pub fn wake_synchronously(&self, is_on: bool) -> Result<(), Error> {
        notify::set_synchronous(self.fd.as_raw_fd(), is_on).map_err(named)
    }

    /// Puts a copy of a descriptor into the caller's process (Linux 5.9), and gives its
    /// number there.
    ///
    /// ```no_run
    /// # fn open(listener: scmp_kernel::Listener) -> Result<(), Box<dyn std::error::Error>> {
    /// use scmp_kernel::AddDescriptor;
    ///
    /// let call = listener.receive()?; // openat(2), for example
    /// let file = std::fs::File::open("/dev/null")?;
    /// listener.add_descriptor(&call, &file, AddDescriptor::lowest().and_respond())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Unsupported`] before Linux 5.9; [`Error::NoSuchNotification`] if the call
    /// no longer waits; [`Error::Interrupted`]; [`Error::Os`]: EINVAL for
    /// [`AddDescriptor::and_respond`] before Linux 5.14, EMFILE or EBADF if the process may
    /// not have a descriptor of this number.
    ///
    /// # Interrupted by a signal handler
    /// After [`Error::Interrupted`] no descriptor was added, and the function may be called
    /// again. With [`AddDescriptor::and_respond`] that may give [`Error::NoSuchNotification`]:
    /// the kernel has then answered the system call with 0, without a descriptor (seen on
    /// Linux 6.18). After a handler with `SA_RESTART`, sigaction(2), the kernel itself calls
    /// again. To rule this out, block signals, or answer by [`Listener::respond`].
    pub fn add_descriptor(
        &self,
        call: &Notification,
        descriptor: impl AsFd,
        how: AddDescriptor,
    ) -> Result<RawFd, Error> {
        let mut flags = 0;
        if how.number.is_some() {
            flags |= libc::SECCOMP_ADDFD_FLAG_SETFD as u32;
        }
        if how.responds {
            flags |= libc::SECCOMP_ADDFD_FLAG_SEND as u32;
        }
        let mut request = libc::seccomp_notif_addfd {
            id: call.id,
            flags,
            srcfd: descriptor.as_fd().as_raw_fd() as u32,
            newfd: how.number.unwrap_or(0),
            newfd_flags: if how.close_on_exec {
                libc::O_CLOEXEC as u32
            } else {
                0
            },
        };
        // SAFETY: the structure outlives the call.
        let added =
            unsafe { notify::add_descriptor(self.fd.as_raw_fd(), (&raw mut request).cast()) };
        added.map_err(named)
    }
}

/// A listener of a filter that another process has loaded, and sent by `SCM_RIGHTS`,
/// unix(7), for example.
impl TryFrom<OwnedFd> for Listener {
    type Error = Error;

    /// # Errors
    /// [`Error::Os`]: ENOTTY if the descriptor is no listener; others if the kernel does not
    /// tell the sizes of its structures.
    fn try_from(fd: OwnedFd) -> Result<Listener, Error> {
        if !notify::is_listener(fd.as_raw_fd()) {
            return Err(Error::Os(libc::ENOTTY));
        }
        Ok(Listener::new(fd, sys::notification_sizes()?))
    }
}

impl From<Listener> for OwnedFd {
    fn from(listener: Listener) -> OwnedFd {
        listener.fd
    }
}

/// The descriptor, for poll(2) on several files: it is readable when a call waits, and hung
/// up when all threads with the filter have ended.
impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl AsRawFd for Listener {
    fn as_raw_fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }
}

/// Zeroed memory, aligned for `T`, of the size that the kernel uses for it.
fn zeroed<T>(kernel_size: usize) -> Result<Vec<u64>, Error> {
    const { assert!(align_of::<T>() <= align_of::<u64>()) };
    let length = kernel_size.max(size_of::<T>()).div_ceil(8);
    let mut memory = Vec::new();
    let reserved = memory.try_reserve_exact(length);
    reserved.map_err(|_| Error::Os(libc::ENOMEM))?;
    memory.resize(length, 0);
    Ok(memory)
}

/// For poll(2): rounded up, so that the time is over when it returns; -1 without an end.
fn milliseconds_until(deadline: Option<Instant>) -> c_int {
    let Some(deadline) = deadline else { return -1 };
    let left = deadline.saturating_duration_since(Instant::now());
    let milliseconds = left.as_nanos().div_ceil(1_000_000);
    c_int::try_from(milliseconds).unwrap_or(c_int::MAX)
}

/// Names the errors that a supervisor must expect.
fn named(error: Error) -> Error {
    match error {
        Error::Os(libc::EINTR) => Error::Interrupted,
        // EINPROGRESS: the call has been answered, and its thread has not run since. ESRCH: its
        // thread went before it could take the descriptor.
        Error::Os(libc::ENOENT | libc::EINPROGRESS | libc::ESRCH) => Error::NoSuchNotification,
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The kernel answers ESRCH for a moment only, when a caller is killed.
    #[test]
    fn a_caller_that_goes_while_it_gets_a_descriptor_is_gone() {
        for errno in [libc::ENOENT, libc::EINPROGRESS, libc::ESRCH] {
            assert_eq!(named(Error::Os(errno)), Error::NoSuchNotification);
        }
    }

    // It waited with the other thread, for as long as no further call came.
    #[test]
    fn a_timeout_does_not_wait_for_another_receiver() {
        let (end, _other) = std::os::unix::net::UnixStream::pair().expect("sockets");
        let sizes = NotificationSizes {
            request: 80,
            response: 24,
        };
        let listener = Listener::new(end.into(), sizes);
        let _receiving = listener.receiving.lock();
        let waited = listener.receive_timeout(Duration::from_millis(1));
        assert_eq!(waited, Ok(None));
    }
}
