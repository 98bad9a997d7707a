// SPDX-License-Identifier: LGPL-2.1-only
//! Child processes that install programs and make system calls, none of which is executed.

use std::ffi::{c_long, c_void};
use std::io;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use scmp::bpf::{Instruction, Program};
use scmp::{Arch, Endian};
use scmp_verify::{SyscallData, op};

use crate::confined;

/// The architectures of which calls are made, this machine's first.
#[cfg(target_arch = "x86_64")]
pub const ARCHES: [Arch; 3] = [Arch::X86_64, Arch::X86, Arch::X32];
#[cfg(not(target_arch = "x86_64"))]
pub const ARCHES: [Arch; 1] = [Arch::native()];

/// The errno that a call gets which the programs let pass.
const PASSES: u32 = 4095;
/// With these flags a program is installed.
const FLAGS: u32 = (libc::SECCOMP_FILTER_FLAG_LOG | libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW) as u32;

/// What has become of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The process or the thread was killed: a process of one thread cannot tell.
    Killed,
    /// The signal's data.
    Trapped(u16),
    Errno(u32),
    /// Allow, log, trace or notify.
    Passes,
}

impl Outcome {
    /// What the kernel does for a value.
    pub fn of(value: u32) -> Outcome {
        match value >> 16 {
            0x7fff | 0x7ffc | 0x7ff0 | 0x7fc0 => Outcome::Passes,
            5 => Outcome::refused(value & 0xffff),
            3 => Outcome::Trapped(value as u16),
            _ => Outcome::Killed,
        }
    }

    fn refused(errno: u32) -> Outcome {
        match errno.min(PASSES) {
            PASSES => Outcome::Passes,
            errno => Outcome::Errno(errno),
        }
    }

    pub fn kind(self) -> usize {
        match self {
            Outcome::Killed => 0,
            Outcome::Trapped(_) => 1,
            Outcome::Errno(_) => 2,
            Outcome::Passes => 3,
        }
    }
}

/// Whether the call would be executed: those by which the child installs programs, and those
/// that newer kernels except from all filters, uretprobe and uprobe.
pub fn is_executed(call: &SyscallData) -> bool {
    if call.audit_token != ARCHES[0].audit_token() {
        return false;
    }
    let [first, second, ..] = call.arguments.map(|argument| argument as u32);
    match c_long::from(call.number as i32) {
        libc::SYS_seccomp => first == libc::SECCOMP_SET_MODE_FILTER && second == FLAGS,
        libc::SYS_prctl => first == libc::PR_SET_SECCOMP as u32,
        335 | 336 => cfg!(target_arch = "x86_64"),
        _ => false,
    }
}

/// The oldest program: it refuses all calls but those that install programs, with an errno. If
/// several programs return an errno, the kernel takes that of the youngest. So the errno of
/// another program is seen, and a call that all others let pass is not executed.
fn backstop() -> Program {
    let low = 4 * u32::from(Endian::HOST == Endian::Big);
    let step = |code, k, jump_true, jump_false| Instruction::new(code, [jump_true, jump_false], k);
    let load = |offset| step(op::LOAD, offset, 0, 0);
    let equal = |k, jump_true, jump_false| step(op::JUMP_EQUAL, k, jump_true, jump_false);
    let instructions = vec![
        load(4),
        equal(ARCHES[0].audit_token(), 0, 10),
        load(0),
        equal(libc::SYS_seccomp as u32, 0, 4),
        load(16 + low),
        equal(libc::SECCOMP_SET_MODE_FILTER, 0, 6),
        load(24 + low),
        equal(FLAGS, 3, 4),
        equal(libc::SYS_prctl as u32, 0, 3),
        load(16 + low),
        equal(libc::PR_SET_SECCOMP as u32, 0, 1),
        step(op::RETURN, 0x7fff_0000, 0, 0),
        step(op::RETURN, 0x0005_0000 | PASSES, 0, 0),
    ];
    Program::new(instructions, Endian::HOST).expect("memory")
}

/// More calls are made by several children.
const CALLS: usize = 256;

/// What the child writes and its parent reads.
#[repr(C)]
struct Board {
    /// 0, or the errno with which a program could not be installed, and which.
    failed: (i32, usize),
    results: [c_long; CALLS],
    done: usize,
    /// The signal's data, and one more.
    trapped: u32,
}

/// For the signal handler.
static MEMORY: AtomicPtr<confined::Shared<Board>> = AtomicPtr::new(ptr::null_mut());

/// What children share with this process.
pub struct Shared {
    memory: &'static confined::Shared<Board>,
    pub has_32_bit_calls: bool,
}

impl Shared {
    /// Nothing if no filters can be loaded here, which is said.
    pub fn new() -> Option<Shared> {
        // SAFETY: the board consists of numbers.
        let memory = unsafe { confined::Shared::new() }?;
        let memory: &_ = Box::leak(Box::new(memory));
        MEMORY.store(ptr::from_ref(memory).cast_mut(), Ordering::Relaxed);
        let mut shared = Shared {
            memory,
            has_32_bit_calls: false,
        };
        if let Some(arch) = ARCHES.get(1) {
            // getpid(), which most kernels have.
            let call = SyscallData::new(arch.audit_token(), 20, [0; 6]);
            let outcomes = shared.attempt(&[], &[call]);
            shared.has_32_bit_calls = outcomes == Ok(vec![Outcome::Passes]);
            if !shared.has_32_bit_calls {
                println!("skipped: 32-bit calls, which this kernel does not have");
            }
        }
        Some(shared)
    }

    /// Installs the programs, the first one first, in children that make the calls then.
    pub fn attempt(
        &self,
        programs: &[Program],
        calls: &[SyscallData],
    ) -> Result<Vec<Outcome>, String> {
        let backstop = backstop();
        let stack: Vec<&Program> = std::iter::once(&backstop).chain(programs).collect();
        let mut outcomes = Vec::new();
        while outcomes.len() < calls.len() {
            let rest = &calls[outcomes.len()..];
            let rest = &rest[..rest.len().min(CALLS)];
            let (board, status) = (self.memory).in_child(|board| work(board, &stack, rest));
            if let (errno @ 1.., program) = board.failed {
                let why = io::Error::from_raw_os_error(errno);
                return Err(format!("program {program} could not be installed: {why}"));
            }
            let results = board.results[..board.done].iter();
            outcomes.extend(results.map(|&result| match u32::try_from(-result) {
                Ok(errno @ 1..=PASSES) => Outcome::refused(errno),
                _ => panic!("a call was executed: {result:#x}"),
            }));
            if !libc::WIFSIGNALED(status) {
                return Err(format!("the child ended with {status:#x}"));
            }
            match (libc::WTERMSIG(status), board.trapped) {
                (libc::SIGSYS, 0) => outcomes.push(Outcome::Killed),
                (libc::SIGSEGV, 0) if board.done == rest.len() => {}
                (libc::SIGSEGV, data @ 1..) => outcomes.push(Outcome::Trapped((data - 1) as u16)),
                (signal, _) => {
                    let call = rest.get(board.done);
                    return Err(format!("the child got signal {signal} at {call:x?}"));
                }
            }
        }
        Ok(outcomes)
    }
}

/// What the child does. All calls are refused.
fn work(board: &mut Board, programs: &[&Program], calls: &[SyscallData]) {
    // SAFETY: the handler has the signature that is said.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = trapped as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        libc::sigaction(libc::SIGSYS, &raw const action, ptr::null_mut());
    }
    for (index, program) in programs.iter().enumerate() {
        let errno = confined::install(program, FLAGS.into());
        if errno != 0 {
            // The backstop is not one of the filter's.
            board.failed = (errno, index.wrapping_sub(1));
            return;
        }
    }
    let native = ARCHES[0].audit_token();
    for (at, call) in calls.iter().enumerate() {
        // SAFETY: the call is not executed.
        board.results[at] = unsafe {
            match call.audit_token == native {
                true => confined::make(call),
                false => make_32_bit(call),
            }
        };
        board.done = at + 1;
    }
}

/// Writes down that the program trapped a call. A return would be a call.
extern "C" fn trapped(_: i32, info: *const libc::siginfo_t, _: *const c_void) {
    // SAFETY: the kernel's information, and the board, which nobody else uses.
    unsafe {
        let data = (*info).si_errno as u32;
        let memory = &*MEMORY.load(Ordering::Relaxed);
        (*memory.board).trapped = data + 1;
        memory.end();
    }
}

/// The call's result, as of [`confined::make`], by the entry of 32-bit programs.
#[cfg(target_arch = "x86_64")]
unsafe fn make_32_bit(call: &SyscallData) -> c_long {
    let [a, b, c, d, e, f] = call.arguments;
    let result: i32;
    // SAFETY: the call is not executed; rbx and rbp are as they were.
    unsafe {
        std::arch::asm!(
            "push rbx",
            "push rbp",
            "mov ebx, r8d",
            "mov ebp, r9d",
            "int 0x80",
            "pop rbp",
            "pop rbx",
            inlateout("eax") call.number as i32 => result,
            inlateout("r8") a => _,
            inlateout("r9") f => _,
            in("rcx") b,
            in("rdx") c,
            in("rsi") d,
            in("rdi") e,
            lateout("r10") _,
            lateout("r11") _,
        );
    }
    c_long::from(result)
}

#[cfg(not(target_arch = "x86_64"))]
unsafe fn make_32_bit(_: &SyscallData) -> c_long {
    unreachable!("calls of this machine only");
}
