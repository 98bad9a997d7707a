// SPDX-License-Identifier: LGPL-2.1-only
//! Child processes that install programs and make system calls.

use std::ffi::{c_int, c_long, c_ulong, c_void};
use std::io;
use std::ptr;

use scmp::bpf::{INSTRUCTION_SIZE, Instruction, Program};
use scmp_verify::SyscallData;

/// Memory for what children leave, and a page that nobody may touch.
pub struct Shared<B> {
    pub board: *mut B,
    forbidden: *const u8,
}

const PAGE: usize = 4096;

impl<B> Shared<B> {
    /// Nothing if no filters can be loaded here, which is said.
    ///
    /// # Safety
    /// Zeros must be a `B`.
    pub unsafe fn new() -> Option<Shared<B>> {
        // SAFETY: the call takes no pointer.
        if unsafe { libc::prctl(libc::PR_GET_SECCOMP) } < 0 {
            assert_eq!(std::env::var_os("MUST_RUN"), None, "no filters");
            println!("skipped: no filters can be loaded here");
            return None;
        }
        const { assert!(size_of::<B>() <= PAGE) };
        let map = |protection| -> *mut c_void {
            // SAFETY: new memory, of no file.
            let memory = unsafe {
                let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
                libc::mmap(ptr::null_mut(), PAGE, protection, flags, -1, 0)
            };
            assert_ne!(memory, libc::MAP_FAILED);
            memory
        };
        Some(Shared {
            board: map(libc::PROT_READ | libc::PROT_WRITE).cast(),
            forbidden: map(libc::PROT_NONE).cast(),
        })
    }

    /// What the work of a child has left on the board, and how the child ended. The work may
    /// not allocate: this process may have other threads.
    pub fn in_child(&self, work: impl FnOnce(&mut B)) -> (B, c_int) {
        // SAFETY: the memory is only this process's now, then only the child's until that
        // has ended. Zeros are a `B`, which owns nothing.
        unsafe {
            self.board.write_bytes(0, 1);
            let child = libc::fork();
            assert!(child >= 0, "{}", io::Error::last_os_error());
            if child == 0 {
                let (on, none): (c_ulong, c_ulong) = (1, 0);
                libc::signal(libc::SIGSEGV, libc::SIG_DFL);
                libc::prctl(libc::PR_SET_DUMPABLE, none, none, none, none);
                libc::prctl(libc::PR_SET_NO_NEW_PRIVS, on, none, none, none);
                work(&mut *self.board);
                self.end();
            }
            let mut status = 0;
            assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
            (self.board.read(), status)
        }
    }

    /// Ends this process by reading what it may not: a filter may forbid any call that would
    /// end it.
    pub fn end(&self) -> ! {
        // SAFETY: the page exists; nobody may read it.
        unsafe { self.forbidden.read_volatile() };
        unreachable!("the page can be read");
    }
}

// The kernel reads `Instruction` as `struct sock_filter`.
const _: () = assert!(size_of::<Instruction>() == INSTRUCTION_SIZE);

/// Installs a program: 0, or the errno.
pub fn install(program: &Program, flags: c_ulong) -> i32 {
    let program = libc::sock_fprog {
        len: program.instructions().len() as u16,
        filter: program.exported().as_ptr().cast_mut().cast(),
    };
    let program = &raw const program;
    let mode = libc::SECCOMP_SET_MODE_FILTER;
    // SAFETY: the kernel reads the program, which outlives the calls. Programs that are in
    // force may allow only one of the two.
    let failed = unsafe {
        libc::syscall(libc::SYS_seccomp, mode, flags, program) != 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, program) != 0
    };
    if failed { errno() } else { 0 }
}

/// The call's result: a value, or a negative errno.
///
/// # Safety
/// The call must be one that takes no pointers, or that a filter refuses.
pub unsafe fn make(call: &SyscallData) -> c_long {
    let [a, b, c, d, e, f] = call.arguments.map(|argument| argument as c_ulong);
    // SAFETY: the caller vouches for the call.
    match unsafe { libc::syscall(c_long::from(call.number as i32), a, b, c, d, e, f) } {
        -1 => -c_long::from(errno()),
        value => value,
    }
}

fn errno() -> i32 {
    io::Error::last_os_error().raw_os_error().unwrap_or(0)
}
