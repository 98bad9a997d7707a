// SPDX-License-Identifier: LGPL-2.1-only
//! Filters in force: each test loads its own in a thread of its own, which ends with
//! it.

mod getppid;

use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;

use getppid::{call, getppid, has_notifications, on_getppid};
use scmp::{Action, Arch, Filter};
use scmp_kernel::{self as kernel, Error, Feature, Features, Listener, Load, LoadOptions, Loaded};

fn load(features: &Features, filter: &mut Filter) -> Result<Option<Listener>, Error> {
    let options = LoadOptions::from(&*filter);
    let loaded = kernel::load(features, filter.program().unwrap(), &options)?;
    Ok(match loaded {
        Loaded::Listener(listener) => Some(listener),
        _ => None,
    })
}

/// Tests share the process's descriptors: one may close a number that another asks about.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs a test in a thread; its filters go away with it.
fn confined(body: impl FnOnce() + Send) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| scope.spawn(body).join()).expect("the test passes");
}

/// qemu's user mode, in which scripts/check-hosts.sh runs tests, loads no filters.
fn takes_filters() -> bool {
    // SAFETY: the call takes no pointer.
    let takes = unsafe { libc::prctl(libc::PR_GET_SECCOMP) } >= 0;
    if !takes {
        eprintln!("skipped: no filters can be loaded here");
    }
    takes
}

#[test]
fn a_filter_is_in_force_for_its_thread() {
    if !takes_filters() {
        return;
    }
    confined(|| {
        assert!(getppid().is_ok());
        let mut filter = on_getppid(Action::errno(77).unwrap());
        assert!(load(&Features::new(), &mut filter).unwrap().is_none());
        assert_eq!(getppid(), Err(77));
    });
    assert!(getppid().is_ok());
}

/// As short as the README says. The thread also needs these calls to end.
#[test]
fn an_allow_list_is_in_force_after_three_lines() {
    if !takes_filters() {
        return;
    }
    let allowed = [
        "read",
        "write",
        "close",
        "futex",
        "mmap",
        "munmap",
        "madvise",
        "sigaltstack",
        "rt_sigprocmask",
        "exit",
    ];
    confined(|| {
        let refuse = Action::errno(77).unwrap();
        let mut filter = Filter::new(refuse).unwrap();
        filter
            .rules(Action::Allow, allowed)
            .unwrap()
            .load()
            .unwrap();
        assert_eq!(getppid(), Err(77));
        // SAFETY: writes nothing.
        assert_eq!(unsafe { libc::write(2, [0u8; 0].as_ptr().cast(), 0) }, 0);
    });
}

/// `load` used to ask for a listener only if the caller had asked for features before.
#[test]
fn a_caller_who_never_probed_gets_a_listener() {
    if !has_notifications() {
        return;
    }
    confined(|| {
        let features = Features::new();
        let mut filter = on_getppid(Action::Notify);
        let listener = load(&features, &mut filter).unwrap().unwrap();
        thread::scope(|scope| {
            // Loaded in this thread, so a new thread inherits it.
            let waiting = scope.spawn(getppid);
            answer(listener.as_fd().as_raw_fd(), 4711);
            assert_eq!(waiting.join().unwrap(), Ok(4711));
        });
        drop(listener);
        assert_eq!(getppid(), Err(libc::ENOSYS));
    });
}

/// Receives one notification and answers it.
fn answer(listener: i32, value: i64) {
    let sizes = kernel::notification_sizes().unwrap();
    // Whole u64s, so that they are aligned.
    let mut request = vec![0u64; sizes.request.div_ceil(8)];
    let mut response = vec![0u64; sizes.response.div_ceil(8)];
    // SAFETY: zeroed memory of the kernel's size.
    unsafe { kernel::receive(listener, request.as_mut_ptr().cast()) }.unwrap();
    let id = request[0];
    assert_eq!(kernel::id_is_valid(listener, id), Ok(()));
    // struct seccomp_notif_resp: id, val, error and flags.
    response[..2].copy_from_slice(&[id, value as u64]);
    // SAFETY: memory of the kernel's size.
    unsafe { kernel::respond(listener, response.as_mut_ptr().cast()) }.unwrap();
    let gone = kernel::id_is_valid(listener, id);
    assert_eq!(gone, Err(Error::NoSuchNotification));
}

/// Regression: each load probed, and took the errors of an earlier filter for an old kernel.
#[test]
fn an_earlier_filter_may_forbid_to_probe() {
    if !takes_filters() {
        return;
    }
    let notifies = has_notifications();
    confined(|| {
        let refused = Action::errno(libc::EPERM).unwrap();
        let mut first = Filter::new(Action::Allow).unwrap();
        for (call, compared) in [("seccomp", "a0 != 1"), ("prctl", "a0 == 22")] {
            let compared = [compared.parse().unwrap()];
            first.rule(refused, call, compared).unwrap();
        }
        first.load().unwrap();
        Filter::new(Action::Allow).unwrap().load().unwrap();
        if notifies {
            let mut last = on_getppid(Action::Notify);
            let _listener = last.load_with_listener().unwrap();
        }
    });
}

/// Regression: the kernel was asked only when the sizes were needed.
#[test]
fn an_earlier_filter_may_forbid_to_ask_for_sizes() {
    if !has_notifications() {
        return;
    }
    confined(|| {
        let features = Features::new();
        assert!(features.has(Feature::Notify));
        let refused = Action::errno(libc::EPERM).unwrap();
        let mut filter = Filter::new(Action::Allow).unwrap();
        filter.rule(refused, "seccomp", []).unwrap();
        assert!(load(&features, &mut filter).unwrap().is_none());
        let unknown = Features::new().notification_sizes();
        assert_eq!(unknown, Err(Error::Os(libc::EPERM)));
        assert!(features.notification_sizes().is_ok());
    });
}

#[test]
fn a_closed_listener_makes_room_for_another() {
    if !has_notifications() {
        return;
    }
    confined(|| {
        let features = Features::new();
        let mut filter = on_getppid(Action::Notify);
        let first = load(&features, &mut filter).unwrap().unwrap();
        let refused = load(&features, &mut filter).map(|_| ());
        assert_eq!(refused, Err(Error::Os(libc::EBUSY)));
        drop(first);
        assert!(load(&features, &mut filter).unwrap().is_some());
    });
}

/// Regression: safe code could close a descriptor of somebody else. `Features` remembered the
/// number of the listener, and closed what had it at the next reset.
#[test]
fn a_reset_closes_no_listener() {
    if !has_notifications() {
        return;
    }
    confined(|| {
        let features = Features::new();
        let first = load(&features, &mut on_getppid(Action::Notify))
            .unwrap()
            .unwrap();
        let number = first.as_fd().as_raw_fd();
        drop(first);
        let second = thread::spawn(|| on_getppid(Action::Notify).load_with_listener());
        let second = second.join().unwrap().unwrap();
        assert_eq!(second.as_fd().as_raw_fd(), number);
        features.reset();
        assert!(kernel::is_listener(number));
    });
}

/// A reset used to pass through a time in which nothing was known.
#[test]
fn a_reset_disturbs_no_other_thread() {
    if !has_notifications() {
        return;
    }
    static FEATURES: Features = Features::new();
    assert!(FEATURES.has(Feature::Notify));
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Relaxed) {
                FEATURES.reset();
            }
        });
        for _ in 0..100_000 {
            assert!(FEATURES.is_known(Feature::Notify));
        }
        ended.store(true, Relaxed);
    });
}

fn has_no_new_privileges() -> bool {
    // SAFETY: the call takes no pointer.
    unsafe { libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 }
}

/// Loads in a new thread, which is left as it was.
fn refused(features: &Features, filter: &mut Filter) -> Error {
    let mut error = Error::Os(0);
    confined(|| {
        error = load(features, filter).expect_err("a filter that can't be loaded");
        assert!(!has_no_new_privileges() && getppid().is_ok());
    });
    error
}

/// Regression: `load` set no_new_privs, and gave the kernel's EINVAL.
#[test]
fn a_program_that_is_too_long_changes_nothing() {
    let mut filter = Filter::new(Action::Allow).unwrap();
    filter.rules(Action::Log, 1000..6000).unwrap();
    assert_eq!(
        refused(&Features::new(), &mut filter),
        Error::ProgramTooLong
    );
}

/// Regression: the same for a program of the other byte order.
#[test]
fn the_other_byte_order_changes_nothing() {
    let mut filter = on_getppid(Action::errno(1).unwrap());
    filter.remove_arch(Arch::native()).unwrap();
    let foreign = Arch::all().find(|arch| arch.endian() != Arch::native().endian());
    filter.add_arch(foreign.unwrap()).unwrap();
    let error = refused(&Features::new(), &mut filter);
    assert_eq!(error, Error::ForeignByteOrder);
}

/// Regression: without seccomp(2) the settings were left out, and `load` answered `Ok`. Without
/// a flag only, the kernel refused it after no_new_privs had been set.
#[test]
fn settings_that_the_kernel_lacks_change_nothing() {
    type Set = fn(&mut Filter);
    let settings: [(u32, Set); 6] = [
        (2, |filter| filter.attributes_mut().thread_sync = true),
        (3, |filter| filter.attributes_mut().log = true),
        (4, |filter| filter.attributes_mut().allow_speculation = true),
        (5, |filter| drop(filter.rule(Action::Notify, "getpgid", []))),
        (5, |filter| {
            filter.attributes_mut().bad_architecture = Action::Notify
        }),
        (7, |filter| {
            filter.attributes_mut().wait_killable = true;
            drop(filter.rule(Action::Notify, "getpgid", []));
        }),
    ];
    for (needed, set) in settings {
        for level in 1..needed {
            let features = Features::new();
            features.set_level(level).unwrap();
            let mut filter = on_getppid(Action::errno(77).unwrap());
            set(&mut filter);
            let error = refused(&features, &mut filter);
            assert_eq!(error, Error::Unsupported, "level {level} of {needed}");
        }
    }
    let features = Features::new();
    features.set_level(5).unwrap();
    let mut both = on_getppid(Action::Notify);
    both.attributes_mut().thread_sync = true;
    assert_eq!(refused(&features, &mut both), Error::ListenerWithThreadSync);
}

/// Regression: an earlier filter may answer seccomp(2) as a kernel does that lacks it. Then
/// thread sync was left out, and only one thread confined.
#[test]
fn an_earlier_filter_does_not_make_load_leave_out_settings() {
    if !takes_filters() {
        return;
    }
    for errno in [libc::EPERM, libc::ENOSYS] {
        confined(|| {
            let mut first = Filter::new(Action::Allow).unwrap();
            let action = Action::errno(errno).unwrap();
            first.rule(action, "seccomp", []).unwrap().load().unwrap();
            let features = Features::new();
            let mut filter = on_getppid(Action::errno(77).unwrap());
            filter.attributes_mut().thread_sync = true;
            let refused = load(&features, &mut filter).map(drop);
            assert_eq!(refused, Err(Error::Unsupported));
            filter.attributes_mut().thread_sync = false;
            assert!(load(&features, &mut filter).unwrap().is_none());
            assert_eq!(getppid(), Err(77));
        });
    }
}

/// Regression: a child's error reached its parent as EINVAL, whatever it was.
#[test]
fn a_child_tells_its_parent_why_it_was_not_confined() {
    let mut command = Command::new("true");
    // SAFETY: the child allocates nothing.
    unsafe { command.pre_exec(|| Err(Error::ThreadSync.into())) };
    let error = command.status().unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ESRCH));
}

/// The kernel's own word on conditions, on rules that decide by their order and on calls
/// that are newer than the filter.
#[test]
fn the_kernel_decides_by_conditions_and_their_order() {
    if !takes_filters() {
        return;
    }
    // No call has this number yet.
    const UNKNOWN: libc::c_long = 2000;
    confined(|| {
        let errno = |number| Action::errno(number).unwrap();
        let mut filter = Filter::new(Action::Allow).unwrap();
        filter.first_match(true).unwrap();
        filter.unknown_calls(errno(63));
        for (action, condition) in [
            (errno(61), "(int)a0 in {5, 7..=9}"),
            (Action::Allow, "a1 in {1, 3..=5} && a1 != 4"),
            (errno(64), "a1 & 0x10 != 0x10"),
        ] {
            let condition = condition.parse().unwrap();
            filter.rule_if(action, "getppid", &condition).unwrap();
        }
        filter.rule(errno(62), "getppid", []).unwrap();
        let parent = getppid();
        assert!(load(&Features::new(), &mut filter).unwrap().is_none());
        // On 32-bit machines the value is cut to its low half.
        let high = (1_u64 << 32) as libc::c_long;
        let called = |a0, a1| call(libc::SYS_getppid, [a0, a1, 0]);
        for ([a0, a1], right) in [
            ([5, 0], Err(61)),
            ([high | 8, 1], Err(61)),
            ([6, 1], parent),
            ([6, 5], parent),
            ([6, 4], Err(64)),
            ([6, 0x20], Err(64)),
            ([6, 0x10], Err(62)),
        ] {
            assert_eq!(called(a0, a1), right, "{a0:x} {a1:x}");
        }
        let wide = called(6, high | 1);
        match size_of::<libc::c_long>() {
            4 => assert_eq!(wide, parent),
            _ => assert_eq!(wide, Err(64)),
        }
        assert_eq!(call(UNKNOWN, [0; 3]), Err(63));
    });
}
