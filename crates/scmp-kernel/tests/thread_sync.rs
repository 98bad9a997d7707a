// SPDX-License-Identifier: LGPL-2.1-only
//! Thread sync, in a process of its own: it reaches all threads, the test harness's too.

mod getppid;

use std::os::unix::fs::MetadataExt;
use std::sync::Barrier;
use std::{fs, thread};

use getppid::{getppid, on_getppid};
use scmp::Action;
use scmp_kernel::{Error, Feature, Features, Load};

/// Loads a filter under which getppid(2) fails with `errno`.
fn load(errno: i32, thread_sync: bool) -> Result<(), Error> {
    let mut filter = on_getppid(Action::errno(errno).unwrap());
    filter.attributes_mut().thread_sync = thread_sync;
    filter.load()
}

fn refusal() -> Option<i32> {
    getppid().err()
}

/// The links of this folder grow with the process's threads.
fn threads() -> u64 {
    fs::metadata("/proc/self/task").unwrap().nlink()
}

/// The thread that can't be synchronised keeps its filter, and no thread gets the new one.
#[test]
fn a_thread_with_another_filter_keeps_all_from_it() {
    if !Features::new().has(Feature::ThreadSync) {
        assert_eq!(std::env::var_os("MUST_RUN"), None, "no thread sync");
        println!("skipped: this kernel has no thread sync");
        return;
    }
    let [ready, failed, checked, loaded] = [3, 3, 2, 2].map(Barrier::new);
    thread::scope(|scope| {
        let bystander = scope.spawn(|| {
            ready.wait();
            failed.wait();
            let before = refusal();
            checked.wait();
            loaded.wait();
            (before, refusal())
        });
        let threads = threads();
        let diverged = scope.spawn(|| {
            assert_eq!(load(11, false), Ok(()));
            ready.wait();
            failed.wait();
            refusal()
        });
        ready.wait();
        assert_eq!(load(22, true), Err(Error::ThreadSync));
        assert_eq!(refusal(), None);
        failed.wait();
        assert_eq!(diverged.join().unwrap(), Some(11));
        checked.wait();
        // A joined thread may still be there for the kernel.
        while self::threads() > threads {
            thread::yield_now();
        }
        assert_eq!(load(22, true), Ok(()));
        assert_eq!(refusal(), Some(22));
        loaded.wait();
        assert_eq!(bystander.join().unwrap(), (None, Some(22)));
    });
}
