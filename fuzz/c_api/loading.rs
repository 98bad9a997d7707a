// SPDX-License-Identifier: LGPL-2.1-only
//! seccomp_load without harm: where the kernel must refuse, or in a child.

use std::ffi::c_int;
use std::ptr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI32, Ordering};

use crate::api::*;

/// CAP_SYS_ADMIN of linux/capability.h.
const SYS_ADMIN: u32 = 21;

/// Gives up what would let this process load a filter without no_new_privs.
pub fn prepare() {
    let mut header = [0x2008_0522u32, 0]; // _LINUX_CAPABILITY_VERSION_3
    let mut sets = [[0u32; 3]; 2];
    // SAFETY: structures as capget(2) describes them: three words, twice.
    unsafe {
        if libc::syscall(libc::SYS_capget, header.as_mut_ptr(), sets.as_mut_ptr()) == 0 {
            sets[0][0] &= !(1 << SYS_ADMIN);
            sets[0][1] &= !(1 << SYS_ADMIN);
            libc::syscall(libc::SYS_capset, header.as_mut_ptr(), sets.as_ptr());
        }
        let none = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        libc::setrlimit(libc::RLIMIT_CORE, &none);
    }
}

/// Whether the kernel refuses to load a filter without no_new_privs here.
static IS_REFUSED: LazyLock<bool> = LazyLock::new(|| {
    let mut header = [0x2008_0522u32, 0];
    let mut sets = [[u32::MAX; 3]; 2];
    // SAFETY: as in `prepare`; prctl takes no pointer here.
    unsafe {
        libc::syscall(libc::SYS_capget, header.as_mut_ptr(), sets.as_mut_ptr()) == 0
            && sets[0][0] & (1 << SYS_ADMIN) == 0
            && libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0
    }
});

/// Whether loading this filter here can have no effect.
///
/// # Safety
/// `ctx` is null or a live filter.
pub unsafe fn is_harmless(ctx: Handle) -> bool {
    let mut sets_no_new_privs = 1;
    // SAFETY: the caller vouches for it; the value is writable.
    let code = unsafe { seccomp_attr_get(ctx, 3, &mut sets_no_new_privs) };
    code != 0 || sets_no_new_privs == 0 && *IS_REFUSED
}

const LOADING: c_int = 1;

/// A page that parent and child share.
static SHARED: LazyLock<&'static AtomicI32> = LazyLock::new(|| {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let kind = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: a new page, which stays.
    unsafe {
        let page = libc::mmap(ptr::null_mut(), 4096, access, kind, -1, 0);
        assert!(page != libc::MAP_FAILED, "mmap");
        &*page.cast::<AtomicI32>()
    }
});

/// Loads the filter in a child, which then may die in any way that the filter has for it.
/// What seccomp_load has returned, if it could.
///
/// # Safety
/// `ctx` is null or a live filter.
pub unsafe fn in_child(ctx: Handle) -> Option<c_int> {
    let shared: &AtomicI32 = &SHARED;
    shared.store(LOADING, Ordering::SeqCst);
    // SAFETY: the child uses nothing but the library and system calls.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            // A call may wait for a supervisor that is not there.
            libc::signal(libc::SIGALRM, libc::SIG_DFL);
            let soon = libc::itimerval {
                it_interval: libc::timeval {
                    tv_sec: 0,
                    tv_usec: 0,
                },
                it_value: libc::timeval {
                    tv_sec: 0,
                    tv_usec: 100_000,
                },
            };
            libc::setitimer(libc::ITIMER_REAL, &soon, ptr::null_mut());
            let code = seccomp_load(ctx);
            shared.store(code, Ordering::SeqCst);
            libc::_exit(0);
        }
        assert!(child > 0, "fork");
        let mut status = 0;
        // libFuzzer's own timer interrupts.
        while libc::waitpid(child, &mut status, 0) != child {
            assert_eq!(*libc::__errno_location(), libc::EINTR, "waitpid");
        }
        match shared.load(Ordering::SeqCst) {
            LOADING => {
                let signal = libc::WIFSIGNALED(status).then(|| libc::WTERMSIG(status));
                let by_filter = [libc::SIGSYS, libc::SIGALRM];
                let known = signal.is_some_and(|signal| by_filter.contains(&signal));
                assert!(known, "seccomp_load ends its process: {status:#x}");
                None
            }
            code => Some(code),
        }
    }
}
