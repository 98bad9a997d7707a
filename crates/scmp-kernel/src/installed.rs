// SPDX-License-Identifier: LGPL-2.1-only
//! The filters that a running thread has.

use std::collections::HashMap;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::panic;
use std::thread;
use std::time::{Duration, Instant};

use scmp::Endian;
use scmp::bpf::Program;

use crate::error::Error;
use crate::ptrace::{self, Change, HeldBack};

/// How long to wait for a thread to stop. One that takes longer is in uninterruptible sleep.
const PATIENCE: Duration = Duration::from_secs(5);

/// The filters of a thread, oldest first. The number of a process names its main thread. The
/// filters decide together, see seccomp(2).
///
/// If the thread has filters, it is stopped for a moment, by ptrace(2). A call in which it
/// waits is restarted, or, as epoll_wait(2), fails with `EINTR` (signal(7)). This process
/// starts a thread that traces the other one. When the tracer ends, also after an error, the
/// kernel detaches it: the other thread continues untraced.
///
/// ```no_run
/// let first = &scmp_kernel::filters_of(4711)?[0];
/// println!("{} instructions", first.instructions().len());
/// # Ok::<(), scmp_kernel::Error>(())
/// ```
///
/// # Errors
/// [`Error::Os`] with `ESRCH` if there is no such thread, `EPERM` if this process may not
/// trace it or another one does, `ETIMEDOUT` if it does not stop within five seconds, `EAGAIN` if
/// this process can't start a thread.
/// [`Error::HiddenFilters`], [`Error::StrictMode`], and [`Error::Unsupported`] if the kernel was
/// built without `CONFIG_CHECKPOINT_RESTORE`.
pub fn filters_of(thread: u32) -> Result<Vec<Program>, Error> {
    in_tracer(|signals| read_filters(thread, signals))
}

/// Runs `read` in a thread that may trace. A tracee that does not stop can't be detached, but
/// the kernel releases it when its tracer ends.
fn in_tracer<T: Send>(read: impl FnOnce(&HeldBack) -> Result<T, Error> + Send) -> Result<T, Error> {
    // Block SIGCHLD here too, or the kernel delivers it to this thread. The other one
    // inherits that.
    let signals = HeldBack::new();
    thread::scope(|scope| {
        let tracer = thread::Builder::new().spawn_scoped(scope, || read(&signals));
        let read = tracer.map_err(errno)?.join();
        read.unwrap_or_else(|panic| panic::resume_unwind(panic))
    })
}

/// The filters of a thread that is not traced yet.
fn read_filters(thread: u32, signals: &HeldBack) -> Result<Vec<Program>, Error> {
    let status = fs::read_to_string(format!("/proc/{thread}/status")).map_err(errno)?;
    match field(&status, "Seccomp:") {
        Some(0) => return Ok(Vec::new()),
        Some(1) => return Err(Error::StrictMode),
        _ => {}
    }
    let thread = i32::try_from(thread).map_err(|_| Error::Os(libc::ESRCH))?;
    let stopped = Stopped::new(thread, signals)?;
    let mut programs = Vec::new();
    loop {
        let instructions = match ptrace::filter(stopped.thread, programs.len()) {
            Ok(instructions) => instructions,
            // There is no filter of this index.
            Err(Error::Os(libc::ENOENT)) => return Ok(programs),
            Err(Error::Os(libc::EACCES)) => return Err(Error::HiddenFilters),
            Err(Error::Os(libc::EINVAL | libc::EIO)) => return Err(Error::Unsupported),
            Err(error) => return Err(error),
        };
        programs.push(Program::new(instructions, Endian::HOST)?);
    }
}

/// The filters of a process's threads, see [`filters_of`]: each stack once, with the number of
/// the first thread that has it. Threads that end meanwhile are left out.
///
/// ```no_run
/// for (thread, programs) in scmp_kernel::filters_of_threads(4711)? {
///     println!("thread {thread} has {} filters", programs.len());
/// }
/// # Ok::<(), scmp_kernel::Error>(())
/// ```
///
/// # Errors
/// As those of [`filters_of`].
pub fn filters_of_threads(process: u32) -> Result<Vec<(u32, Vec<Program>)>, Error> {
    let mut threads = Vec::new();
    for entry in fs::read_dir(format!("/proc/{process}/task")).map_err(errno)? {
        let name = entry.map_err(errno)?.file_name();
        threads.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    in_tracer(|signals| {
        // By hash, where equal stacks are among `stacks`.
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut stacks: Vec<(u32, Vec<Program>)> = Vec::new();
        let hasher = RandomState::new();
        for thread in threads {
            let programs = match read_filters(thread, signals) {
                Err(Error::Os(libc::ESRCH)) => continue,
                programs => programs?,
            };
            let instructions: Vec<_> = programs.iter().map(Program::instructions).collect();
            let alike = known.entry(hasher.hash_one(instructions)).or_default();
            if !alike.iter().any(|&place| stacks[place].1 == programs) {
                alike.push(stacks.len());
                stacks.push((thread, programs));
            }
        }
        match stacks.is_empty() {
            true => Err(Error::Os(libc::ESRCH)),
            false => Ok(stacks),
        }
    })
}

/// An error of /proc, which reports a thread that has ended as ENOENT.
fn errno(error: io::Error) -> Error {
    match error.raw_os_error() {
        Some(libc::ENOENT) => Error::Os(libc::ESRCH),
        errno => Error::Os(errno.unwrap_or(libc::EIO)),
    }
}

/// A number in a file of /proc.
pub(crate) fn field(status: &str, name: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().parse().ok()
}

/// A thread that was stopped. It goes on when this is dropped.
struct Stopped {
    thread: i32,
    signal: i32,
}

impl Stopped {
    /// On error the thread may still stop; the kernel releases it when this tracer ends.
    fn new(thread: i32, signals: &HeldBack) -> Result<Stopped, Error> {
        ptrace::seize(thread)?;
        ptrace::interrupt(thread)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match ptrace::next_change(thread)? {
                Some((_, Change::Ended)) => return Err(Error::Os(libc::ESRCH)),
                // At an event, the signal is not one that it was sent.
                Some((_, Change::Stopped { event, signal })) => {
                    let signal = if event == 0 { signal } else { 0 };
                    return Ok(Stopped { thread, signal });
                }
                None if Instant::now() > deadline => return Err(Error::Os(libc::ETIMEDOUT)),
                None => signals.wait(PATIENCE),
            }
        }
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // Fails only if the thread was killed.
        let _ = ptrace::detach(self.thread, self.signal);
    }
}
