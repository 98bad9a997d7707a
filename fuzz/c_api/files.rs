// SPDX-License-Identifier: LGPL-2.1-only
//! Descriptors to export to and to ask for notifications.

use std::ffi::c_int;
use std::sync::LazyLock;

use scmp_fuzz::Input;

struct Files {
    /// Ours, to read what was exported.
    memory: c_int,
    /// For the library, in this order: good, write-only, read-only, always full, a pipe.
    others: [c_int; 6],
}

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let open = |path: &std::ffi::CStr, flags| {
        // SAFETY: a string and flags that need no mode.
        unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC) }
    };
    let mut pipe = [-1; 2];
    // SAFETY: room for two descriptors, and a string.
    let memory = unsafe {
        libc::pipe2(pipe.as_mut_ptr(), libc::O_NONBLOCK | libc::O_CLOEXEC);
        libc::memfd_create(c"exported".as_ptr(), libc::MFD_CLOEXEC)
    };
    assert!(memory >= 0, "memfd_create");
    Files {
        memory,
        others: [
            memory,
            open(c"/dev/null", libc::O_WRONLY),
            open(c"/dev/null", libc::O_RDONLY),
            open(c"/dev/full", libc::O_WRONLY),
            pipe[0],
            pipe[1],
        ],
    }
});

/// A descriptor, or a number that is none.
pub fn any(input: &mut Input) -> c_int {
    match input.below(9) {
        6 => -1,
        7 => c_int::MIN,
        8 => 100_000,
        place => FILES.others[place],
    }
}

/// One that can be written to and read again.
pub fn memory() -> c_int {
    FILES.memory
}

pub fn empty_memory() {
    // SAFETY: our descriptor.
    unsafe { libc::ftruncate(FILES.memory, 0) };
    // SAFETY: the same.
    unsafe { libc::lseek(FILES.memory, 0, libc::SEEK_SET) };
}

/// What was written since [`empty_memory`].
pub fn read_memory() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = [0u8; 65536];
    loop {
        let offset = bytes.len() as libc::off_t;
        // SAFETY: room for as many bytes.
        let read =
            unsafe { libc::pread(FILES.memory, part.as_mut_ptr().cast(), part.len(), offset) };
        match usize::try_from(read) {
            Ok(0) => return bytes,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
            Err(_) => panic!("pread"),
        }
    }
}
