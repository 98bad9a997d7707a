// SPDX-License-Identifier: LGPL-2.1-only
//! Supervisors: each test loads a filter in a thread of its own, and answers its calls.

mod getppid;

use std::ffi::c_long;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::thread::JoinHandleExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use getppid::{getppid, has_notifications, on_getppid};
use scmp::{Action, Arch, Errno, Filter};
use scmp_kernel::{AddDescriptor, Error, Listener, Load, Response};

/// Runs `body` in a thread whose calls of getppid(2) the listener receives.
fn supervised<T: Send + 'static>(
    body: impl FnOnce() -> T + Send + 'static,
) -> (Listener, JoinHandle<T>) {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || {
        let listener = on_getppid(Action::Notify).load_with_listener().unwrap();
        sender.send(listener).unwrap();
        body()
    });
    (receiver.recv().unwrap(), thread)
}

#[test]
fn a_supervisor_sees_the_call_and_answers_it() {
    if !has_notifications() {
        return;
    }
    let (listener, caller) = supervised(|| {
        // SAFETY: the call takes no argument.
        let thread = unsafe { libc::gettid() };
        (thread, [getppid(), getppid(), getppid()])
    });
    let first = listener.receive().unwrap();
    assert_eq!(first.arch(), Some(Arch::native()));
    assert_eq!(first.syscall_name(), Some("getppid"));
    assert_eq!(first.audit_token, Arch::native().audit_token());
    assert_eq!(first.arguments[..3], [7, 8, 9]);
    assert_ne!(first.instruction_pointer, 0);
    assert!(listener.is_waiting(&first));
    listener.respond(&first, Response::Value(4711)).unwrap();
    assert!(!listener.is_waiting(&first));
    let late = listener.respond(&first, Response::Value(0));
    assert_eq!(late, Err(Error::NoSuchNotification));

    let second = listener.receive().unwrap();
    assert_ne!(first.id, second.id);
    let busy = Errno::new(libc::EBUSY).unwrap();
    listener.respond(&second, Response::Errno(busy)).unwrap();

    let third = listener.receive().unwrap();
    let unchanged = listener.respond(&third, Response::Continue);
    let parent = match unchanged {
        Ok(()) => Ok(std::os::unix::process::parent_id() as c_long),
        // Before Linux 5.5.
        Err(_) => {
            listener.respond(&third, Response::Value(1)).unwrap();
            Ok(1)
        }
    };
    let (thread, answers) = caller.join().unwrap();
    assert_eq!(answers, [Ok(4711), Err(libc::EBUSY), parent]);
    assert_eq!(first.thread as libc::pid_t, thread);
    assert_eq!(listener.receive(), Err(Error::NoCallers));
}

#[test]
fn answers_come_with_synchronous_waking_too() {
    if !has_notifications() {
        return;
    }
    let (listener, caller) = supervised(|| [getppid(), getppid(), getppid()]);
    for is_on in [true, false, true] {
        match listener.wake_synchronously(is_on) {
            Ok(()) => {}
            Err(Error::Unsupported) => eprintln!("skipped: this kernel is older than 6.6"),
            Err(other) => panic!("{other}"),
        }
        let call = listener.receive().unwrap();
        listener.respond(&call, Response::Value(5)).unwrap();
    }
    assert_eq!(caller.join().unwrap(), [Ok(5); 3]);
}

/// Two threads of one process, each with a filter and a supervisor of its own.
#[test]
fn listeners_of_one_process_receive_their_own_calls() {
    if !has_notifications() {
        return;
    }
    let callers = [1, 2].map(|value| {
        let (listener, caller) = supervised(|| [getppid(); 1]);
        (value, listener, caller)
    });
    // In the other order than the calls came.
    for (value, listener, caller) in callers.into_iter().rev() {
        let call = listener.receive().unwrap();
        listener.respond(&call, Response::Value(value)).unwrap();
        assert_eq!(caller.join().unwrap(), [Ok(value as c_long)]);
        assert_eq!(listener.receive(), Err(Error::NoCallers));
    }
}

#[test]
fn several_receivers_end_with_the_last_caller() {
    if !has_notifications() {
        return;
    }
    let (listener, caller) = supervised(getppid);
    let receive = || loop {
        match listener.receive() {
            Ok(call) => listener.respond(&call, Response::Value(4711)).unwrap(),
            Err(Error::NoSuchNotification) => {}
            Err(error) => return error,
        }
    };
    thread::scope(|scope| {
        for receiver in [scope.spawn(receive), scope.spawn(receive)] {
            assert_eq!(receiver.join().unwrap(), Error::NoCallers);
        }
    });
    assert_eq!(caller.join().unwrap(), Ok(4711));
}

#[test]
fn a_supervisor_waits_as_long_as_it_wants() {
    if !has_notifications() {
        return;
    }
    let (begin, begins) = mpsc::channel();
    let (listener, caller) = supervised(move || begins.recv().map(|()| getppid()));
    assert_eq!(listener.receive_timeout(Duration::ZERO), Ok(None));
    let started = Instant::now();
    let timeout = Duration::from_micros(20_500);
    assert_eq!(listener.receive_timeout(timeout), Ok(None));
    assert!(started.elapsed() >= timeout);
    begin.send(()).unwrap();
    let call = listener.receive_timeout(Duration::MAX).unwrap().unwrap();
    listener.respond(&call, Response::Value(5)).unwrap();
    assert_eq!(caller.join().unwrap(), Ok(Ok(5)));
    let ended = listener.receive_timeout(Duration::MAX);
    assert_eq!(ended, Err(Error::NoCallers));
}

/// poll(2) wakes both, and the kernel would have the second wait for the next call: forever.
#[test]
fn of_two_who_wait_for_one_call_the_other_comes_back() {
    if !has_notifications() {
        return;
    }
    let (begin, begins) = mpsc::channel();
    let (listener, caller) = supervised(move || {
        for () in begins {
            assert_eq!(getppid(), Ok(5));
        }
    });
    for _ in 0..50 {
        let answered = AtomicBool::new(false);
        let receive = || {
            while !answered.load(Relaxed) {
                let timeout = Duration::from_millis(20);
                if let Some(call) = listener.receive_timeout(timeout).unwrap() {
                    listener.respond(&call, Response::Value(5)).unwrap();
                    answered.store(true, Relaxed);
                }
            }
        };
        thread::scope(|scope| {
            scope.spawn(receive);
            scope.spawn(receive);
            // Until both wait.
            thread::sleep(Duration::from_millis(2));
            begin.send(()).unwrap();
        });
    }
    drop(begin);
    caller.join().unwrap();
}

/// The kernel answers ENOSYS once nobody listens.
#[test]
fn a_dropped_listener_answers_no_call() {
    if !has_notifications() {
        return;
    }
    let (listener, caller) = supervised(getppid);
    let call = listener.receive().unwrap();
    assert!(listener.is_waiting(&call));
    drop(listener);
    assert_eq!(caller.join().unwrap(), Err(libc::ENOSYS));
}

#[test]
fn a_filter_that_notifies_is_not_loaded_without_a_listener() {
    let loader = thread::spawn(|| {
        assert_eq!(on_getppid(Action::Notify).load(), Err(Error::NeedsListener));
        // It used to be loaded: other architectures' calls then failed with ENOSYS.
        let mut foreign = Filter::new(Action::Allow).unwrap();
        foreign.attributes_mut().bad_architecture = Action::Notify;
        assert_eq!(foreign.load(), Err(Error::NeedsListener));
        assert!(getppid().is_ok());
    });
    loader.join().expect("the filter is refused");
}

/// The second filter of a thread used to be loaded without a listener, and without a word.
#[test]
fn a_thread_has_one_listener() {
    if !has_notifications() {
        return;
    }
    let (_listener, caller) = supervised(|| {
        let mut second = Filter::new(Action::Allow).unwrap();
        second.rule(Action::Notify, "getpgid", []).unwrap();
        second.load_with_listener().unwrap_err()
    });
    assert_eq!(caller.join().unwrap(), Error::Os(libc::EBUSY));
}

#[test]
fn a_caller_that_was_killed_is_no_longer_there() {
    if !has_notifications() {
        return;
    }
    // The shell asks for the number of its parent when it starts.
    let (listener, shell) = supervised(|| Command::new("sh").args(["-c", ":"]).spawn());
    let call = listener.receive().unwrap();
    let mut shell = shell.join().unwrap().unwrap();
    assert_eq!(call.thread, shell.id());
    shell.kill().unwrap();
    shell.wait().unwrap();
    assert!(!listener.is_waiting(&call));
    let answered = listener.respond(&call, Response::Value(1));
    assert_eq!(answered, Err(Error::NoSuchNotification));
    let added = listener.add_descriptor(&call, &listener, AddDescriptor::lowest());
    assert!(matches!(
        added,
        Err(Error::NoSuchNotification | Error::Unsupported)
    ));
    assert_eq!(listener.receive(), Err(Error::NoCallers));
}

#[test]
fn a_signal_handler_interrupts_a_supervisor() {
    if !has_notifications() {
        return;
    }
    extern "C" fn handler(_signal: libc::c_int) {}
    // SAFETY: all zeros are a `sigaction` without flags; the handler does nothing.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as extern "C" fn(libc::c_int) as usize;
        assert_eq!(
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
            0
        );
    }
    let (end, ended) = mpsc::channel::<()>();
    let (listener, caller) = supervised(move || ended.recv());
    let supervisor = thread::spawn(move || listener.receive());
    // A pointer with musl.
    let thread = supervisor.as_pthread_t() as libc::pthread_t;
    while !supervisor.is_finished() {
        // SAFETY: the thread has not been joined.
        unsafe { libc::pthread_kill(thread, libc::SIGUSR1) };
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(supervisor.join().unwrap(), Err(Error::Interrupted));
    drop(end);
    assert!(caller.join().unwrap().is_err());
}

/// A file that holds these bytes.
fn file(bytes: &[u8]) -> File {
    // SAFETY: the name is a string.
    let fd = unsafe { libc::memfd_create(c"test".as_ptr(), 0) };
    // SAFETY: the descriptor is new, so nobody else has it.
    let mut file = File::from(unsafe { OwnedFd::from_raw_fd(fd) });
    file.write_all(bytes).unwrap();
    file
}

/// What a descriptor's file holds, from its start, and whether exec(3) closes it.
fn content(descriptor: c_long) -> (String, bool) {
    // SAFETY: the supervisor has added the descriptor for this test.
    let mut file = File::from(unsafe { OwnedFd::from_raw_fd(descriptor as i32) });
    let mut text = String::new();
    std::io::Seek::rewind(&mut file).unwrap();
    file.read_to_string(&mut text).unwrap();
    // SAFETY: the call takes no pointer.
    let flags = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETFD) };
    (text, flags == libc::FD_CLOEXEC)
}

#[test]
fn a_supervisor_adds_descriptors() {
    if !has_notifications() {
        return;
    }
    let (listener, caller) = supervised(|| {
        let lowest = getppid().unwrap();
        let given = getppid().unwrap();
        (content(lowest), given, content(given), getppid())
    });
    let call = listener.receive().unwrap();
    let lowest = AddDescriptor::lowest();
    let number = match listener.add_descriptor(&call, file(b"one"), lowest) {
        Err(Error::Unsupported) => return eprintln!("skipped: this kernel adds no descriptors"),
        added => added.unwrap(),
    };
    let response = Response::Value(number.into());
    listener.respond(&call, response).unwrap();

    let call = listener.receive().unwrap();
    let at = AddDescriptor::at(777).close_on_exec();
    assert_eq!(listener.add_descriptor(&call, file(b"two"), at), Ok(777));
    assert!(listener.is_waiting(&call));
    listener.respond(&call, Response::Value(777)).unwrap();

    let call = listener.receive().unwrap();
    let respond = AddDescriptor::lowest().close_on_exec().and_respond();
    let sent = match listener.add_descriptor(&call, file(b"three"), respond) {
        // Before Linux 5.14.
        Err(Error::Os(libc::EINVAL)) => {
            listener.respond(&call, Response::Value(-1)).unwrap();
            None
        }
        added => Some(added.unwrap() as c_long),
    };
    assert!(!listener.is_waiting(&call));
    let (lowest, given, second, third) = caller.join().unwrap();
    assert_eq!(lowest, ("one".to_string(), false));
    assert_eq!((given, second), (777, ("two".to_string(), true)));
    if let Some(number) = sent {
        assert_eq!(third, Ok(number));
        assert_eq!(content(number), ("three".to_string(), true));
    }
}

/// A listener that another process has sent.
#[test]
fn a_listener_is_made_of_its_descriptor() {
    if !has_notifications() {
        return;
    }
    let (listener, caller) = supervised(getppid);
    let listener = Listener::try_from(OwnedFd::from(listener)).unwrap();
    let call = listener.receive().unwrap();
    listener.respond(&call, Response::Value(5)).unwrap();
    assert_eq!(caller.join().unwrap(), Ok(5));
}

// On a socket receive() waited forever, or took its other end's for that of the last caller.
#[test]
fn other_files_are_no_listeners() {
    let (end, _other) = UnixStream::pair().unwrap();
    let null = File::open("/dev/null").unwrap();
    for other in [OwnedFd::from(end), OwnedFd::from(null)] {
        let refused = Listener::try_from(other).map(drop);
        assert_eq!(refused, Err(Error::Os(libc::ENOTTY)));
    }
}
