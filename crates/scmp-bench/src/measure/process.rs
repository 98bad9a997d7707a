// SPDX-License-Identifier: LGPL-2.1-only
//! Processes, memory that they share, and processors. A library is measured in forked
//! processes, so that neither its heap nor its filters reach the next measurement.

use std::fs::File;
use std::io;
use std::mem;
use std::os::fd::FromRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::slice;

/// What a process of its own leaves in so many numbers, which are 0 before. It dies with
/// its parent, or after some seconds (0: no limit), and leaves what it had finished; nothing
/// else may stop its work. It leaves numbers without a system call, because it may have
/// loaded a filter; which may not let it exit, either.
pub fn once(seconds: u32, count: usize, work: impl FnOnce(&mut [f64])) -> Vec<f64> {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    let length = 8 * (1 + count);
    // SAFETY: the mapping is new, has room for the numbers, and zeros are numbers. This
    // program has one thread, so the child may do what it likes. While it lives, only it
    // uses the mapping. It ends without running destructors.
    unsafe {
        let memory = libc::mmap(ptr::null_mut(), length, protection, flags, -1, 0);
        assert_ne!(memory, libc::MAP_FAILED, "mmap");
        let all = slice::from_raw_parts_mut(memory.cast::<f64>(), 1 + count);
        let (is_done, numbers) = all.split_first_mut().expect("one");
        let child = libc::fork();
        if child == 0 {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            libc::alarm(seconds);
            if catch_unwind(AssertUnwindSafe(|| work(numbers))).is_ok() {
                *is_done = 1.0;
            }
            libc::_exit(0);
        }
        assert!(child > 0, "fork: {}", io::Error::last_os_error());
        let mut status = 0;
        libc::waitpid(child, &raw mut status, 0);
        let is_late = seconds != 0 && status == libc::SIGALRM;
        assert!(*is_done == 1.0 || is_late, "not done: status {status:#x}");
        let left = numbers.to_vec();
        libc::munmap(memory, length);
        left
    }
}

/// A file in memory, which forked processes share.
pub fn memory_file() -> File {
    // SAFETY: the name is a C string, and the descriptor belongs to nobody else.
    unsafe {
        let file = libc::memfd_create(c"bench".as_ptr(), libc::MFD_CLOEXEC);
        assert!(file >= 0, "memfd_create: {}", io::Error::last_os_error());
        File::from_raw_fd(file)
    }
}

/// Stays on the last processor that it may use: the first has the interrupts.
pub fn stay_on_one_processor() {
    // SAFETY: a set of processors is an array of bits, of which zeros are one.
    unsafe {
        let [mut all, mut one]: [libc::cpu_set_t; 2] = mem::zeroed();
        libc::sched_getaffinity(0, mem::size_of_val(&all), &mut all);
        let mut processors = (0..libc::CPU_SETSIZE as usize).rev();
        if let Some(last) = processors.find(|&cpu| libc::CPU_ISSET(cpu, &all)) {
            libc::CPU_SET(last, &mut one);
            libc::sched_setaffinity(0, mem::size_of_val(&one), &one);
        }
    }
}

/// From here on malloc(3) keeps the memory that it has had from the kernel.
pub fn keep_the_heap() {
    // SAFETY: numbers are passed.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, 32 << 20);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
    }
}
