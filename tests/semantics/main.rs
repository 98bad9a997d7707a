// SPDX-License-Identifier: LGPL-2.1-only
//! What a filter decides, point by point, and where libseccomp 2.5.4 to 2.6.1
//! decides wrongly. Every decision is asked of both optimization levels.

mod common_rules;
mod defects;
mod limits;
mod multiplexed;
mod points;
mod transactions;
mod words;

use std::sync::mpsc;
use std::time::Duration;

use scmp::bpf::Program;
use scmp::{
    Action, Arch, Comparison, Comparisons, Error, Filter, Operator, Optimization, RuleMode,
};
use scmp_verify::SyscallData;

const ALLOW: Action = Action::Allow;
const KILL: Action = Action::KillThread;
const ERRNO: Action = match Action::errno(1) {
    Ok(action) => action,
    Err(_) => panic!("an error number"),
};
const TRAP: Action = Action::Trap(2);
const BAD: Action = Action::Trace(9);

macro_rules! operators {
    ($($name:ident: $operator:ident)*) => {$(
        fn $name(argument: u8, datum: u64) -> Comparison {
            compare(argument, Operator::$operator, datum)
        }
    )*};
}
operators! { eq: Equal ne: NotEqual lt: Less le: LessOrEqual gt: Greater ge: GreaterOrEqual }

fn masked(argument: u8, mask: u64, datum: u64) -> Comparison {
    compare(argument, Operator::MaskedEqual { mask }, datum)
}

fn compare(argument: u8, operator: Operator, datum: u64) -> Comparison {
    Comparison::new(argument, operator, datum).expect("arguments 0 to 5")
}

fn number(name: &str) -> i32 {
    Arch::native()
        .syscall_number(name.as_bytes())
        .expect("a known name")
}

/// A filter for exactly these, whatever the test runs on.
fn filter_for(arches: &[Arch], default: Action) -> Filter {
    let mut filter = Filter::new(default).expect("a new filter");
    filter.remove_arch(Arch::native()).expect("it is there");
    for &arch in arches {
        filter.add_arch(arch).expect("same byte order");
    }
    filter.attributes_mut().bad_architecture = BAD;
    filter
}

fn add(
    filter: &mut Filter,
    action: Action,
    name: &str,
    comparisons: &[Comparison],
) -> Result<(), Error> {
    let comparisons = Comparisons::new(comparisons).expect("one for each argument");
    filter.add_rule(action, number(name), &comparisons, RuleMode::BestEffort)
}

fn program(filter: &mut Filter, optimization: Optimization) -> Program {
    filter.attributes_mut().optimization = optimization;
    filter.program().expect("it compiles").clone()
}

/// A call with these arguments; those that are left out do not matter.
fn call(arch: Arch, number: u32, arguments: &[u64]) -> SyscallData {
    let mut data = SyscallData {
        number,
        audit_token: arch.audit_token(),
        instruction_pointer: 0x7fff_1234_5678,
        arguments: [0x5555_5555_aaaa_aaaa; 6],
    };
    data.arguments[..arguments.len()].copy_from_slice(arguments);
    data
}

fn decide_number(filter: &mut Filter, arch: Arch, number: u32, arguments: &[u64]) -> Action {
    let data = call(arch, number, arguments);
    let levels = [Optimization::Priority, Optimization::Search].map(|optimization| {
        let raw = scmp_verify::run(&program(filter, optimization), &data).expect("a sound program");
        Action::from_raw(raw).expect("an action")
    });
    assert_eq!(levels[0], levels[1], "levels 1 and 2 on {data:x?}");
    levels[0]
}

fn decide(filter: &mut Filter, arch: Arch, name: &str, arguments: &[u64]) -> Action {
    let number = arch.syscall_number(name.as_bytes()).expect("a known name");
    decide_number(filter, arch, number as u32, arguments)
}

/// The setting of all cases that the C library gets wrong: x86_64, `ioctl`.
fn ioctl(default: Action, rules: &[(Action, &[Comparison])]) -> Filter {
    let mut filter = filter_for(&[Arch::X86_64], default);
    for (action, comparisons) in rules {
        add(&mut filter, *action, "ioctl", comparisons).expect("the rule is taken");
    }
    filter
}

fn ioctl_decides(filter: &mut Filter, arguments: &[u64]) -> Action {
    decide(filter, Arch::X86_64, "ioctl", arguments)
}

/// All that a failed or undone call must leave as it was.
fn picture(filter: &mut Filter) -> (Vec<u8>, Vec<u8>) {
    let program = filter.program().expect("it compiles").to_bytes();
    let text = filter.pseudo_code().expect("text is made");
    (program.expect("bytes are made"), text)
}

/// What the calling thread has used. Other processes do not count, however busy they keep
/// the machine.
fn processor_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is there to be written to.
    let answer = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(answer, 0);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Fails if the work takes more processor time, also if it never ends.
fn within(limit: Duration, work: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        work();
        let _ = done.send(processor_time());
    });
    match wait.recv_timeout(20 * limit) {
        Ok(used) => assert!(used <= limit, "took {used:?} of {limit:?}"),
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("no end within {:?}", 20 * limit),
        // The work has panicked.
        Err(mpsc::RecvTimeoutError::Disconnected) => {}
    }
    if let Err(panic) = worker.join() {
        std::panic::resume_unwind(panic);
    }
}

/// Far more than any of this takes, also unoptimized.
const SOON: Duration = Duration::from_secs(20);
