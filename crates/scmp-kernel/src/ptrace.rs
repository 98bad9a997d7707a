// SPDX-License-Identifier: LGPL-2.1-only
//! ptrace(2), waitpid(2) and process_vm_readv(2), each with the reason why it is sound.
//! None of them lets the tracer change the memory or the registers of a tracee.

use std::ffi::{c_int, c_long, c_void};
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::ptr;
use std::time::Duration;

use scmp::Endian;
use scmp::bpf::{INSTRUCTION_SIZE, Instruction, Program};

use crate::error::Error;

// linux/ptrace.h
const CONT_TO_SYSCALL: c_int = 24;
const TRACEME: c_int = 0;
const DETACH: c_int = 17;
const SET_OPTIONS: c_int = 0x4200;
const GET_EVENT_MESSAGE: c_int = 0x4201;
const SEIZE: c_int = 0x4206;
const INTERRUPT: c_int = 0x4207;
const SECCOMP_GET_FILTER: c_int = 0x420c;
const GET_SYSCALL_INFO: c_int = 0x420e;

/// `PTRACE_O_TRACESYSGOOD`: the signal of stops at system calls.
pub(super) const SYSCALL_STOP: c_int = libc::SIGTRAP | 0x80;

/// Stop at forks, clones and execs, and at system calls with [`SYSCALL_STOP`]; kill the
/// tracees if the tracer ends.
const FOLLOW: c_int = libc::PTRACE_O_TRACESYSGOOD
    | libc::PTRACE_O_TRACEFORK
    | libc::PTRACE_O_TRACEVFORK
    | libc::PTRACE_O_TRACECLONE
    | libc::PTRACE_O_TRACEEXEC
    | libc::PTRACE_O_EXITKILL;

/// A request whose arguments are numbers.
fn request(request: c_int, thread: i32, address: usize, data: c_int) -> Result<c_long, Error> {
    let data = ptr::without_provenance_mut(data as usize);
    // SAFETY: the requests that this module passes here take numbers, not pointers.
    unsafe { ptrace(request, thread, address, data) }
}

/// # Safety
/// If the request has the kernel write, it writes to `data`.
unsafe fn ptrace(
    request: c_int,
    thread: i32,
    address: usize,
    data: *mut c_void,
) -> Result<c_long, Error> {
    // A variadic function: each argument must be as wide as what the kernel takes.
    let (request, thread) = (c_long::from(request), c_long::from(thread));
    // SAFETY: the caller vouches for `data`.
    match unsafe { libc::syscall(libc::SYS_ptrace, request, thread, address, data) } {
        -1 => Err(match Error::last_os() {
            // As in emulators of user mode.
            Error::Os(libc::ENOSYS) => Error::Unsupported,
            error => error,
        }),
        value => Ok(value),
    }
}

/// Makes this thread the tracer of another, which continues.
pub(super) fn seize(thread: i32) -> Result<(), Error> {
    request(SEIZE, thread, 0, 0).map(drop)
}

/// Stops a thread that was seized.
pub(super) fn interrupt(thread: i32) -> Result<(), Error> {
    request(INTERRUPT, thread, 0, 0).map(drop)
}

/// Lets a stopped thread continue without a tracer, with a signal if it is not 0.
pub(super) fn detach(thread: i32, signal: c_int) -> Result<(), Error> {
    request(DETACH, thread, 0, signal).map(drop)
}

/// Lets a stopped thread run to its next system call, or to the end of the present one.
pub(super) fn resume(thread: i32, signal: c_int) -> Result<(), Error> {
    request(CONT_TO_SYSCALL, thread, 0, signal).map(drop)
}

/// Has a stopped thread's children traced as well, see [`FOLLOW`].
pub(super) fn follow(thread: i32) -> Result<(), Error> {
    request(SET_OPTIONS, thread, 0, FOLLOW).map(drop)
}

/// Has a program traced by the thread that starts it: it stops before its first instruction.
pub(super) fn trace_from_start(command: &mut Command) {
    let trace = || {
        let traced = request(TRACEME, 0, 0, 0);
        traced.map(drop).map_err(|_| io::Error::last_os_error())
    };
    // SAFETY: the closure makes one system call and allocates nothing.
    unsafe { command.pre_exec(trace) };
}

/// The new thread's number, at a fork or clone event.
pub(super) fn event_message(thread: i32) -> Result<i32, Error> {
    let mut message: libc::c_ulong = 0;
    let to: *mut libc::c_ulong = &raw mut message;
    // SAFETY: the kernel writes one unsigned long.
    unsafe { ptrace(GET_EVENT_MESSAGE, thread, 0, to.cast()) }?;
    Ok(message as i32)
}

/// A filter of a stopped thread; the one that was installed first has the index 0.
pub(super) fn filter(thread: i32, index: usize) -> Result<Vec<Instruction>, Error> {
    let length = request(SECCOMP_GET_FILTER, thread, index, 0)?;
    let length = usize::try_from(length).map_err(|_| Error::ProgramTooLong)?;
    let nothing = Instruction::new(0, [0, 0], 0);
    let mut instructions = vec![nothing; length];
    let to = instructions.as_mut_ptr();
    // SAFETY: the kernel writes `length` instructions, the number that it has just told: a
    // filter never changes, and one that is added gets a higher index.
    unsafe { ptrace(SECCOMP_GET_FILTER, thread, index, to.cast()) }?;
    Ok(instructions)
}

/// Why a thread has stopped at a system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SyscallStop {
    /// Before it.
    Entry {
        audit_token: u32,
        number: u32,
        arguments: [u64; 6],
    },
    /// After it, with what it returned; `None` for an error.
    Exit(Option<i64>),
    Elsewhere,
}

/// `struct ptrace_syscall_info` (linux/ptrace.h) in words of 64 bits.
const INFO_WORDS: usize = 11;

/// Whether a stop is at the entry or the exit of a call. For Linux 5.3 or later.
pub(super) fn syscall_stop(thread: i32) -> Result<SyscallStop, Error> {
    let mut info = [0u64; INFO_WORDS];
    let (size, to) = (size_of_val(&info), info.as_mut_ptr());
    // SAFETY: the kernel writes at most `size` bytes.
    unsafe { ptrace(GET_SYSCALL_INFO, thread, size, to.cast()) }?;
    let head = info[0].to_ne_bytes();
    let [_, _, _, _, token @ ..] = head;
    // The instruction and the stack pointer are in words 1 and 2.
    Ok(match head[0] {
        1 => SyscallStop::Entry {
            audit_token: u32::from_ne_bytes(token),
            number: info[3] as u32,
            arguments: [info[4], info[5], info[6], info[7], info[8], info[9]],
        },
        2 => {
            let is_error = info[4].to_ne_bytes()[0] != 0;
            SyscallStop::Exit((!is_error).then_some(info[3] as i64))
        }
        _ => SyscallStop::Elsewhere,
    })
}

/// Copies from a tracee's memory, as many bytes as there are.
pub(super) fn read(thread: i32, address: u64, to: &mut [u8]) -> Result<(), Error> {
    let address = usize::try_from(address).map_err(|_| Error::Os(libc::EFAULT))?;
    let local = libc::iovec {
        iov_base: to.as_mut_ptr().cast(),
        iov_len: to.len(),
    };
    let remote = libc::iovec {
        iov_base: ptr::without_provenance_mut(address),
        iov_len: to.len(),
    };
    // SAFETY: the kernel writes at most `to.len()` bytes to `to`; the other address is one of
    // the tracee's.
    let read =
        unsafe { libc::process_vm_readv(thread, &raw const local, 1, &raw const remote, 1, 0) };
    match usize::try_from(read) {
        Ok(read) if read == to.len() => Ok(()),
        Ok(_) => Err(Error::Os(libc::EFAULT)),
        Err(_) => Err(Error::last_os()),
    }
}

/// Copies a program from a tracee's memory.
pub(super) fn read_program(thread: i32, address: u64, length: u16) -> Result<Program, Error> {
    let mut bytes = vec![0; usize::from(length) * INSTRUCTION_SIZE];
    read(thread, address, &mut bytes)?;
    Ok(Program::from_bytes(&bytes, Endian::HOST)?)
}

/// A change of a tracee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Ended,
    /// By a signal, or at an event if that is not 0.
    Stopped {
        signal: c_int,
        event: c_int,
    },
}

/// The next change of a thread; -1: of any child or tracee of this thread. `None` if there
/// is none yet.
///
/// # Errors
/// `ECHILD` if there is no such thread.
pub(super) fn next_change(thread: i32) -> Result<Option<(i32, Change)>, Error> {
    let mut status = 0;
    let which = libc::__WALL | libc::__WNOTHREAD | libc::WNOHANG;
    // SAFETY: the kernel writes one int.
    let changed = unsafe { libc::waitpid(thread, &raw mut status, which) };
    let change = match libc::WIFSTOPPED(status) {
        true => Change::Stopped {
            signal: libc::WSTOPSIG(status),
            event: status >> 16,
        },
        false => Change::Ended,
    };
    match changed {
        -1 => Err(Error::last_os()),
        0 => Ok(None),
        thread => Ok(Some((thread, change))),
    }
}

/// Kills a process.
pub(super) fn kill(process: i32) {
    // SAFETY: the call takes no pointer.
    unsafe { libc::kill(process, libc::SIGKILL) };
}

/// Holds SIGCHLD back in this thread, so that it can be waited for.
pub(super) struct HeldBack(libc::sigset_t);

impl HeldBack {
    pub(super) fn new() -> HeldBack {
        let mut before = MaybeUninit::uninit();
        let set = child_signal();
        // SAFETY: one set is read, the other one is written, and only an unknown operation
        // is refused.
        unsafe {
            libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, before.as_mut_ptr());
            HeldBack(before.assume_init())
        }
    }

    /// Waits until a tracee may have changed, for at most `limit`.
    pub(super) fn wait(&self, limit: Duration) {
        // Another thread of this process may take the signal.
        let limit = limit.min(Duration::from_millis(20));
        let mut time = MaybeUninit::<libc::timespec>::zeroed();
        // SAFETY: it consists of numbers.
        let time = unsafe { time.assume_init_mut() };
        time.tv_nsec = limit.subsec_nanos() as _;
        let set = child_signal();
        // SAFETY: the kernel reads both.
        unsafe { libc::sigtimedwait(&raw const set, ptr::null_mut(), time) };
    }
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        // SAFETY: the set is read.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut()) };
    }
}

fn child_signal() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the first call initialises the set.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), libc::SIGCHLD);
        set.assume_init()
    }
}
