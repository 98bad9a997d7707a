// SPDX-License-Identifier: LGPL-2.1-only
//! The filters that a program installs.

use std::collections::HashMap;
use std::ffi::c_int;
use std::fs;
use std::mem;
use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use scmp::bpf::Program;
use scmp::{Arch, WordSize};

use crate::error::Error;
use crate::installed::field;
use crate::ptrace::{self, Change, HeldBack, SyscallStop};

/// The most stacks that are kept.
const MAX_STACKS: usize = 1000;

/// The filters that a thread had when it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stack {
    /// The process that installed the last of them.
    pub process: u32,
    /// The program that it ran then.
    pub executable: PathBuf,
    /// Oldest first.
    pub programs: Vec<Program>,
}

/// What a program and its children installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trace {
    /// Each stack once, in the order of installation.
    pub stacks: Vec<Stack>,
    /// Whether processes were left when the time was up. They have been killed.
    pub was_killed: bool,
    /// Whether there were more than 1000 stacks, and some are left out.
    pub is_incomplete: bool,
    /// How often the program that was started, or one of its children, executed another one
    /// with success (execve(2)); the start itself does not count. With a shell that was told to
    /// execute a program, 0 means that it could not.
    pub executions: usize,
    /// The number of programs that could not be read from the caller's memory. They are
    /// missing in the stacks.
    pub unreadable: usize,
}

/// Runs a program, and reads the filters that it and its children install. Those that this
/// process has itself are not among them. Needs no privileges.
///
/// The program runs as under a debugger: every system call takes longer, signals don't stop
/// it, and set-user-ID programs get no privileges that this process lacks. When `limit` is
/// over, it and its children are killed. While it runs, this thread holds SIGCHLD back, and
/// reaps its other children if they end.
///
/// ```no_run
/// use std::process::Command;
/// use std::time::Duration;
///
/// let traced = scmp_kernel::trace(Command::new("man"), Duration::from_secs(5))?;
/// for stack in traced.stacks {
///     println!("{}: {} filters", stack.executable.display(), stack.programs.len());
/// }
/// # Ok::<(), scmp_kernel::Error>(())
/// ```
///
/// # Errors
/// [`Error::Os`] if the program can't be started or traced; [`Error::Unsupported`] before
/// Linux 5.3.
pub fn trace(mut command: Command, limit: Duration) -> Result<Trace, Error> {
    let deadline = Instant::now().checked_add(limit);
    ptrace::trace_from_start(&mut command);
    let child = command.spawn();
    let child = child.map_err(|why| match why.raw_os_error() {
        Some(libc::ENOSYS) => Error::Unsupported,
        errno => Error::Os(errno.unwrap_or(libc::EIO)),
    })?;
    let signals = HeldBack::new();
    let mut tracer = Tracer::new();
    tracer.begin(child.id() as i32, child.id() as i32, None);
    let traced = tracer.run(deadline, &signals);
    if !matches!(traced, Ok(false)) {
        tracer.kill(&signals);
    }
    let mut found = tracer.found;
    found.was_killed = traced?;
    found.stacks = tracer.stacks.iter().map(|stack| stack.content()).collect();
    Ok(found)
}

/// Filters as several threads may have them.
struct SharedStack {
    /// Position in the order of installation.
    order: usize,
    process: i32,
    executable: PathBuf,
    programs: Vec<Rc<Program>>,
}

impl SharedStack {
    fn has_programs_of(&self, other: &SharedStack) -> bool {
        self.order == other.order || self.programs == other.programs
    }

    fn content(&self) -> Stack {
        Stack {
            process: self.process as u32,
            executable: self.executable.clone(),
            programs: self.programs.iter().map(|each| (**each).clone()).collect(),
        }
    }
}

/// A thread.
struct Task {
    process: i32,
    stack: Option<Rc<SharedStack>>,
    /// The call that it is in, if that installs a filter.
    call: Option<Installing>,
    /// Whether the stop that ptrace(2) causes at the start is still to come.
    is_new: bool,
}

/// A system call that installs a filter if it succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Installing {
    /// The address of the caller's `struct sock_fprog`.
    header: u64,
    word_size: WordSize,
    with_listener: bool,
    with_all_threads: bool,
}

struct Tracer {
    tasks: HashMap<i32, Task>,
    /// The stops, each a signal and an event, of threads whose parent has not reported them
    /// yet.
    early: HashMap<i32, (c_int, c_int)>,
    /// In the order of installation.
    stacks: Vec<Rc<SharedStack>>,
    installed: usize,
    found: Trace,
}

impl Tracer {
    fn new() -> Tracer {
        Tracer {
            tasks: HashMap::new(),
            early: HashMap::new(),
            stacks: Vec::new(),
            installed: 0,
            found: Trace::default(),
        }
    }

    fn begin(&mut self, thread: i32, process: i32, stack: Option<Rc<SharedStack>>) {
        let task = Task {
            process,
            stack,
            call: None,
            is_new: true,
        };
        self.tasks.insert(thread, task);
    }

    /// Follows the threads until all have ended. True if the time was up before.
    fn run(&mut self, deadline: Option<Instant>, signals: &HeldBack) -> Result<bool, Error> {
        loop {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return Ok(true);
            }
            match ptrace::next_change(-1) {
                Ok(Some((thread, Change::Ended))) => self.ended(thread),
                Ok(Some((thread, Change::Stopped { signal, event }))) => {
                    match self.stopped(thread, signal, event) {
                        // It was killed.
                        Err(Error::Os(libc::ESRCH)) => {}
                        result => result?,
                    }
                }
                Ok(None) => signals.wait(left.unwrap_or(Duration::MAX)),
                Err(Error::Os(libc::ECHILD)) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
    }

    /// Kills what is left.
    fn kill(&mut self, signals: &HeldBack) {
        for task in self.tasks.values() {
            ptrace::kill(task.process);
        }
        for thread in self.early.keys() {
            ptrace::kill(*thread);
        }
        // A thread in uninterruptible sleep dies when this tracer ends (PTRACE_O_EXITKILL).
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            match ptrace::next_change(-1) {
                Ok(Some((thread, Change::Ended))) => self.ended(thread),
                // It started after `tasks` was read.
                Ok(Some((thread, Change::Stopped { .. }))) => ptrace::kill(thread),
                Ok(None) => signals.wait(Duration::MAX),
                Err(_) => break,
            }
        }
    }

    fn ended(&mut self, thread: i32) {
        let Some(task) = self.tasks.remove(&thread) else {
            // Another child of the caller, or a thread that its parent has not reported yet.
            // The kernel may give its number to another thread now.
            self.early.remove(&thread);
            return;
        };
        let Some(stack) = task.stack else { return };
        if self
            .stacks
            .iter()
            .any(|known| known.has_programs_of(&stack))
        {
            return;
        }
        if self.stacks.len() == MAX_STACKS {
            self.found.is_incomplete = true;
            return;
        }
        let place = self
            .stacks
            .partition_point(|known| known.order < stack.order);
        self.stacks.insert(place, stack);
    }

    fn stopped(&mut self, thread: i32, signal: c_int, event: c_int) -> Result<(), Error> {
        let Some(task) = self.tasks.get_mut(&thread) else {
            self.early.insert(thread, (signal, event));
            return Ok(());
        };
        if mem::take(&mut task.is_new) && event == 0 && signal != ptrace::SYSCALL_STOP {
            // Signals that somebody has sent may be reported before. SIGCONT even removes
            // ptrace(2)'s SIGSTOP.
            task.is_new = !matches!(signal, libc::SIGSTOP | libc::SIGTRAP);
            ptrace::follow(thread)?;
            return ptrace::resume(thread, if task.is_new { signal } else { 0 });
        }
        match event {
            libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK | libc::PTRACE_EVENT_CLONE => {
                let stack = task.stack.clone();
                self.born(ptrace::event_message(thread)?, stack)?;
            }
            libc::PTRACE_EVENT_EXEC => {
                self.found.executions += 1;
                self.executed(thread, ptrace::event_message(thread)?);
            }
            0 if signal == ptrace::SYSCALL_STOP => self.at_syscall(thread)?,
            0 => return ptrace::resume(thread, signal),
            _ => {}
        }
        ptrace::resume(thread, 0)
    }

    fn born(&mut self, thread: i32, stack: Option<Rc<SharedStack>>) -> Result<(), Error> {
        let stop = match self.early.remove(&thread) {
            None => match ptrace::next_change(thread) {
                // It has been waited for, or ends here.
                Err(Error::Os(libc::ECHILD)) | Ok(Some((_, Change::Ended))) => return Ok(()),
                Ok(Some((_, Change::Stopped { signal, event }))) => Some((signal, event)),
                Ok(None) => None,
                Err(error) => return Err(error),
            },
            stop => stop,
        };
        let status = fs::read_to_string(format!("/proc/{thread}/status"));
        let process = status.ok().and_then(|status| field(&status, "Tgid:"));
        let process = process.and_then(|process| process.try_into().ok());
        self.begin(thread, process.unwrap_or(thread), stack);
        match stop.map(|(signal, event)| self.stopped(thread, signal, event)) {
            // It was killed; its parent goes on.
            None | Some(Err(Error::Os(libc::ESRCH))) => Ok(()),
            Some(result) => result,
        }
    }

    /// The caller of execve(2) gets the number of its process. The thread that had this number
    /// has ended, which the kernel does not report.
    fn executed(&mut self, thread: i32, before: i32) {
        if before == thread {
            return;
        }
        if let Some(task) = self.tasks.remove(&before) {
            self.ended(thread);
            self.tasks.insert(thread, task);
        }
    }

    fn at_syscall(&mut self, thread: i32) -> Result<(), Error> {
        let stop = match ptrace::syscall_stop(thread) {
            Err(Error::Os(libc::EIO | libc::EINVAL)) => return Err(Error::Unsupported),
            stop => stop?,
        };
        let Some(task) = self.tasks.get_mut(&thread) else {
            return Ok(());
        };
        let call = task.call.take();
        match (stop, call) {
            (
                SyscallStop::Entry {
                    audit_token,
                    number,
                    arguments,
                },
                _,
            ) => {
                let arch = Arch::of_call(audit_token, number);
                task.call = arch.and_then(|arch| {
                    let name = arch.syscall_name(number as i32)?;
                    Installing::new(arch, name, &arguments)
                });
            }
            (SyscallStop::Exit(Some(result)), Some(call)) if call.succeeded(result) => {
                self.install(thread, call);
            }
            _ => {}
        }
        Ok(())
    }

    fn install(&mut self, thread: i32, call: Installing) {
        let Some(task) = self.tasks.get_mut(&thread) else {
            return;
        };
        let process = task.process;
        let Ok(program) = call.program(thread) else {
            self.found.unreadable += 1;
            return;
        };
        let older = task.stack.as_ref().map(|stack| &stack.programs[..]);
        let mut programs = older.unwrap_or_default().to_vec();
        programs.push(Rc::new(program));
        let executable = fs::read_link(format!("/proc/{process}/exe"));
        self.installed += 1;
        let stack = Rc::new(SharedStack {
            order: self.installed,
            process,
            executable: executable.unwrap_or_default(),
            programs,
        });
        if call.with_all_threads {
            for task in self.tasks.values_mut() {
                if task.process == process {
                    task.stack = Some(stack.clone());
                }
            }
        } else {
            task.stack = Some(stack);
        }
    }
}

impl Installing {
    /// A call that installs a filter if it succeeds; `None` if it is another.
    fn new(arch: Arch, name: &str, arguments: &[u64; 6]) -> Option<Installing> {
        const PR_SET_SECCOMP: u32 = libc::PR_SET_SECCOMP as u32;
        let [operation, second, header, ..] = *arguments;
        let mode = u64::from(libc::SECCOMP_MODE_FILTER);
        let flags = match (name, operation as u32) {
            ("seccomp", libc::SECCOMP_SET_MODE_FILTER) => second,
            ("prctl", PR_SET_SECCOMP) if second == mode => 0,
            _ => return None,
        };
        let has = |flag| flags as libc::c_ulong & flag != 0;
        Some(Installing {
            header,
            word_size: arch.word_size(),
            with_listener: has(libc::SECCOMP_FILTER_FLAG_NEW_LISTENER),
            with_all_threads: has(libc::SECCOMP_FILTER_FLAG_TSYNC),
        })
    }

    /// A listener's descriptor is a success; else a positive number is the thread that could
    /// not be synchronised.
    fn succeeded(&self, result: i64) -> bool {
        result == 0 || self.with_listener && result > 0
    }

    fn program(&self, thread: i32) -> Result<Program, Error> {
        let mut header = [0; 16];
        let (size, address) = match self.word_size {
            WordSize::Bits32 => (8, self.header & 0xffff_ffff),
            WordSize::Bits64 => (16, self.header),
        };
        ptrace::read(thread, address, &mut header[..size])?;
        let (length, address) = self.pointed_at(header);
        ptrace::read_program(thread, address, length)
    }

    /// The number of instructions and their address, from a `struct sock_fprog`: the address
    /// is aligned to its own size.
    fn pointed_at(&self, header: [u8; 16]) -> (u16, u64) {
        let length = u16::from_ne_bytes([header[0], header[1]]);
        let [_, _, _, _, low @ .., _, _, _, _, _, _, _, _] = header;
        let [_, _, _, _, _, _, _, _, long @ ..] = header;
        let address = match self.word_size {
            WordSize::Bits32 => u32::from_ne_bytes(low).into(),
            WordSize::Bits64 => u64::from_ne_bytes(long),
        };
        (length, address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scmp::{Action, Filter};
    use std::process::Stdio;
    use std::thread;

    /// Runs a test with a program that has stopped before its first instruction, unless this
    /// process may not trace it.
    fn with_stopped_child(test: impl FnOnce(i32, &HeldBack, &mut Tracer)) {
        let mut command = Command::new("/bin/sleep");
        command.arg("60");
        ptrace::trace_from_start(&mut command);
        let Ok(child) = command.spawn() else {
            return eprintln!("skipped: no process can be traced here");
        };
        let child = child.id() as i32;
        let signals = HeldBack::new();
        let stopped = Change::Stopped {
            signal: libc::SIGTRAP,
            event: 0,
        };
        assert_eq!(change(child, &signals), stopped);
        test(child, &signals, &mut Tracer::new());
    }

    /// Waits for a tracee's next change.
    fn change(thread: i32, signals: &HeldBack) -> Change {
        loop {
            match ptrace::next_change(thread) {
                Ok(Some((_, change))) => return change,
                Ok(None) => signals.wait(Duration::from_secs(1)),
                Err(why) => panic!("{why}"),
            }
        }
    }

    // It stayed stopped, and the wait for its end took five seconds.
    #[test]
    fn a_thread_that_stopped_early_is_killed() {
        with_stopped_child(|child, signals, tracer| {
            // Its parent has not reported it yet.
            tracer.stopped(child, libc::SIGTRAP, 0).unwrap();
            assert!(tracer.early.contains_key(&child));
            let started = Instant::now();
            tracer.kill(signals);
            assert!(started.elapsed() < Duration::from_secs(4));
            assert!(tracer.early.is_empty());
        });
    }

    // Regression: the number of the caller's other child was killed, whoever had it by then.
    #[test]
    fn the_number_of_another_child_that_ended_is_not_killed() {
        let mut bystander = Command::new("/bin/cat");
        bystander.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut bystander = bystander.spawn().unwrap();
        let number = bystander.id() as i32;
        // Another thread, because this one would wait for the bystander's end.
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut tracer = Tracer::new();
                tracer.ended(number);
                tracer.kill(&HeldBack::new());
            });
        });
        // Closes its standard input.
        assert!(bystander.wait().unwrap().success());
    }

    // Regression: the thread was not followed, and stayed stopped until the time was up.
    #[test]
    fn a_thread_may_have_the_number_of_a_child_that_ended() {
        with_stopped_child(|child, signals, tracer| {
            tracer.ended(child);
            tracer.born(child, None).unwrap();
            let is_followed = tracer.tasks.contains_key(&child);
            tracer.kill(signals);
            ptrace::kill(child);
            assert!(is_followed);
            // Now it has ended before its parent's stop.
            tracer.born(child, None).unwrap();
            assert!(tracer.tasks.is_empty());
        });
    }

    // Regression: its parent was not resumed.
    #[test]
    fn a_thread_may_be_killed_after_its_first_stop() {
        with_stopped_child(|child, signals, tracer| {
            tracer.stopped(child, libc::SIGSTOP, 0).unwrap();
            ptrace::kill(child);
            assert_eq!(change(child, signals), Change::Ended);
            tracer.born(child, None).unwrap();
        });
    }

    // Regression: the signal was lost.
    #[test]
    fn a_signal_that_comes_before_the_first_stop_is_passed_on() {
        with_stopped_child(|child, signals, tracer| {
            tracer.begin(child, child, None);
            tracer.stopped(child, libc::SIGTERM, 0).unwrap();
            assert!(tracer.tasks[&child].is_new);
            let next = change(child, signals);
            if next != Change::Ended {
                tracer.kill(signals);
            }
            assert_eq!(next, Change::Ended);
        });
    }

    // Regression: the filters of the process's first thread were missing.
    #[test]
    fn a_thread_that_another_ones_execve_ends_has_had_its_filters() {
        let stack = |order: u16| {
            let mut filter = Filter::new(Action::errno(order.into()).unwrap()).unwrap();
            Some(Rc::new(SharedStack {
                order: order.into(),
                process: 10,
                executable: PathBuf::new(),
                programs: vec![Rc::new(filter.program().unwrap().clone())],
            }))
        };
        let mut tracer = Tracer::new();
        tracer.begin(10, 10, stack(1));
        tracer.begin(11, 10, stack(2));
        tracer.executed(10, 11);
        assert_eq!(tracer.stacks.len(), 1);
        tracer.ended(10);
        let orders: Vec<_> = tracer.stacks.iter().map(|stack| stack.order).collect();
        assert_eq!(orders, [1, 2]);
        assert!(tracer.tasks.is_empty());
    }

    #[test]
    fn calls_that_install_are_recognised() {
        let header = 0xffff_0000_1000;
        let new = |name, arguments: [u64; 3]| {
            let [a, b, c] = arguments;
            Installing::new(Arch::Aarch64, name, &[a, b, c, 0, 0, 0])
        };
        let plain = new("prctl", [22, 2, header]).unwrap();
        assert_eq!(new("seccomp", [1, 0, header]), Some(plain));
        assert!(plain.succeeded(0) && !plain.succeeded(4711));
        // Upper halves of an int don't count.
        assert_eq!(new("seccomp", [1 << 32 | 1, 0, header]), Some(plain));
        for other in [[0, 0, header], [2, 0, header]] {
            assert_eq!(new("seccomp", other), None);
            assert_eq!(new("prctl", other), None);
        }
        assert_eq!(new("prctl", [22, 1, 0]), None);
        let listener = new("seccomp", [1, 0b1001, header]).unwrap();
        assert!(listener.with_all_threads && listener.succeeded(3));
    }

    #[test]
    fn pointers_have_the_size_of_the_architecture() {
        let mut header = [0xff; 16];
        header[..2].copy_from_slice(&7u16.to_ne_bytes());
        header[4..8].copy_from_slice(&0x8000_1000u32.to_ne_bytes());
        header[8..].copy_from_slice(&0x7fff_1234_5678u64.to_ne_bytes());
        for (arch, address) in [
            (Arch::X86, 0x8000_1000),
            (Arch::X32, 0x8000_1000),
            (Arch::X86_64, 0x7fff_1234_5678),
        ] {
            let call = Installing::new(arch, "prctl", &[22, 2, 0, 0, 0, 0]).unwrap();
            assert_eq!(call.pointed_at(header), (7, address), "{arch}");
        }
    }
}
