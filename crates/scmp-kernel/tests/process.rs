// SPDX-License-Identifier: LGPL-2.1-only
//! Filters of other processes, read from the kernel and from what they install. The other
//! process is this program again.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use scmp::bpf::Program;
use scmp::{Action, Filter};
use scmp_kernel::{Error, Load, Trace, filters_of, filters_of_threads, trace};

/// What the other process does.
const ROLE: &str = "SCMP_TEST_ROLE";

fn older() -> Filter {
    let mut filter = Filter::new(Action::Allow).unwrap();
    filter
        .rule(Action::errno(1).unwrap(), "ptrace", [])
        .unwrap();
    filter.attributes_mut().thread_sync = true;
    filter
}

fn newer() -> Filter {
    let mut filter = Filter::new(Action::Allow).unwrap();
    let compared = ["a0 == 0x123456789".parse().unwrap()];
    filter
        .rule(Action::errno(2).unwrap(), "lookup_dcookie", compared)
        .unwrap();
    filter
}

fn programs(of: &[fn() -> Filter]) -> Vec<Program> {
    of.iter()
        .map(|filter| filter().program().unwrap().clone())
        .collect()
}

/// The other process: all threads have the older filter, this one has both.
#[test]
fn other_process() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    match &role[..] {
        "none" => return,
        #[cfg(target_arch = "x86_64")]
        "compat" => return compat::install(newer()),
        _ => {}
    }
    older().load().unwrap();
    if role == "stuck" {
        return stuck::wait();
    }
    newer().load().unwrap();
    // A process that inherits both.
    assert!(Command::new("true").status().unwrap().success());
    println!("ready");
    if role == "wait" {
        let _ = std::io::stdin().read(&mut [0]);
    }
}

/// A thread that does not stop for a tracer: it waits for a child, as in vfork(2).
mod stuck {
    use std::ffi::{CString, c_int, c_void};

    /// Writes this thread's number, and waits until it is killed.
    pub fn wait() {
        // SAFETY: the call takes no arguments.
        let thread = unsafe { libc::gettid() };
        let message = CString::new(format!("stuck {thread}\n")).unwrap();
        let mut stack = vec![0u128; 4096];
        let end = stack.as_mut_ptr_range().end;
        let flags = libc::CLONE_VFORK | libc::SIGCHLD;
        // SAFETY: the child has a copy of this memory, with its stack and the message.
        let child = unsafe { libc::clone(child, end.cast(), flags, message.into_raw().cast()) };
        assert!(child > 0);
    }

    extern "C" fn child(message: *mut c_void) -> c_int {
        // SAFETY: the message ends with a zero.
        unsafe {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            libc::write(1, message, libc::strlen(message.cast()));
            loop {
                libc::pause();
            }
        }
    }
}

/// Calls of the 32-bit architecture, which a 64-bit process can make as well.
#[cfg(target_arch = "x86_64")]
mod compat {
    use std::arch::asm;
    use std::ptr;

    use scmp::Filter;

    /// Installs a filter by prctl(2), whose `struct sock_fprog` has an address of 32 bits.
    pub fn install(mut filter: Filter) {
        let program = filter.program().unwrap().to_bytes().unwrap();
        let mut memory = vec![(program.len() / 8) as u8, 0, 0, 0];
        let low = {
            let access = libc::PROT_READ | libc::PROT_WRITE;
            let how = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_32BIT;
            // SAFETY: a new mapping, below 4 GiB.
            unsafe { libc::mmap(ptr::null_mut(), 1 << 16, access, how, -1, 0) }
        };
        assert_ne!(low, libc::MAP_FAILED);
        memory.extend((low as u32 + 8).to_ne_bytes());
        memory.extend(program);
        // SAFETY: the mapping is larger, and nothing else uses it.
        unsafe { ptr::copy_nonoverlapping(memory.as_ptr(), low.cast(), memory.len()) };
        // SAFETY: the operation takes no pointer.
        let set = unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
        assert_eq!(set, 0);
        // i386's number of prctl.
        let mut result = 172u64;
        // SAFETY: the kernel reads the header and the program in the mapping.
        unsafe {
            asm!(
                "xchg rbx, {operation}",
                "int 0x80",
                "xchg rbx, {operation}",
                operation = inout(reg) libc::PR_SET_SECCOMP as u64 => _,
                inout("rax") result,
                in("rcx") u64::from(libc::SECCOMP_MODE_FILTER),
                in("rdx") low,
                out("r8") _, out("r9") _, out("r10") _, out("r11") _,
            );
        }
        assert_eq!(result, 0);
    }
}

fn command(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "other_process", "--nocapture"]);
    command
        .env(ROLE, role)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// A process that is ready, and ends if its standard input does; and its standard output.
fn waiting() -> (Child, impl Sized) {
    let mut child = command("wait").spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(output.any(|line| line.unwrap().ends_with("ready")));
    (child, output)
}

#[test]
fn each_thread_has_its_filters() {
    let (mut child, output) = waiting();
    for round in 0..2 {
        let mut stacks: Vec<_> = match filters_of_threads(child.id()) {
            Err(Error::HiddenFilters) => {
                return eprintln!("skipped: this process may not read filters");
            }
            Err(Error::Unsupported) => {
                return eprintln!("skipped: this kernel does not show filters");
            }
            stacks => stacks
                .unwrap()
                .into_iter()
                .map(|(_, stack)| stack)
                .collect(),
        };
        stacks.sort_by_key(Vec::len);
        assert_eq!(
            stacks,
            [programs(&[older]), programs(&[older, newer])],
            "{round}"
        );
    }
    // It goes on as if nothing had been.
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    drop(output);
}

/// It stayed a tracee, about to stop, as long as the calling thread lived.
#[test]
fn a_thread_that_does_not_stop_is_left_alone() {
    let mut child = command("stuck").spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let thread = output.find_map(|line| {
        let line = line.unwrap();
        Some(line.rsplit_once("stuck ")?.1.parse().unwrap())
    });
    let thread: u32 = thread.expect("a number");
    let filters = filters_of(thread);
    // The kernel is done with the tracer a little after it has ended.
    let deadline = Instant::now() + Duration::from_secs(5);
    let is_traced = || {
        let status = fs::read_to_string(format!("/proc/{thread}/status")).unwrap();
        !status.lines().any(|line| line == "TracerPid:\t0")
    };
    while is_traced() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    let is_traced = is_traced();
    child.kill().unwrap();
    // Waiting for it would not end.
    assert!(!is_traced);
    child.wait().unwrap();
    if let Err(Error::Unsupported | Error::Os(libc::EPERM)) = filters {
        return eprintln!("skipped: this process may not trace others");
    }
    assert_eq!(filters, Err(Error::Os(libc::ETIMEDOUT)));
}

#[test]
fn a_thread_without_filters_is_left_alone() {
    assert_eq!(filters_of(std::process::id()), Ok(Vec::new()));
    assert_eq!(filters_of(u32::MAX), Err(Error::Os(libc::ESRCH)));
    assert_eq!(filters_of_threads(u32::MAX), Err(Error::Os(libc::ESRCH)));
}

/// What is traced, or `None` if that is not possible here.
fn traced(command: Command, limit: Duration) -> Option<Trace> {
    match trace(command, limit) {
        Err(Error::Unsupported | Error::Os(libc::EPERM)) => {
            eprintln!("skipped: this process may not trace others");
            None
        }
        traced => Some(traced.unwrap()),
    }
}

#[test]
fn a_program_shows_what_it_installs() {
    let Some(traced) = traced(command("end"), Duration::from_secs(60)) else {
        return;
    };
    assert!(!traced.was_killed && !traced.is_incomplete);
    assert_eq!(traced.unreadable, 0);
    let [first, second] = &traced.stacks[..] else {
        panic!("{traced:?}");
    };
    assert_eq!(first.programs, programs(&[older]));
    assert_eq!(second.programs, programs(&[older, newer]));
    for stack in [first, second] {
        assert_eq!(stack.executable, std::env::current_exe().unwrap());
    }
    assert_eq!(first.process, second.process);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn callers_of_32_bits_are_understood() {
    let compat = command("compat").output().unwrap();
    if !compat.status.success() {
        return eprintln!("skipped: this kernel has no 32-bit calls");
    }
    if let Some(traced) = traced(command("compat"), Duration::from_secs(60)) {
        assert_eq!(traced.stacks.len(), 1);
        assert_eq!(traced.stacks[0].programs, programs(&[newer]));
    }
}

#[test]
fn a_program_that_installs_nothing_shows_nothing() {
    if let Some(traced) = traced(command("none"), Duration::from_secs(60)) {
        assert_eq!(traced, Trace::default());
    }
}

#[test]
fn what_does_not_end_is_killed() {
    let start = Instant::now();
    // The pipe's other end remains open.
    let Some(traced) = traced(command("wait"), Duration::from_secs(5)) else {
        return;
    };
    assert!(traced.was_killed);
    assert!(start.elapsed() < Duration::from_secs(30));
    assert_eq!(traced.stacks.len(), 2);
    let process = traced.stacks[0].process;
    assert!(!fs::exists(format!("/proc/{process}")).unwrap());
}

#[test]
fn what_is_no_program_is_not_traced() {
    let missing = trace(Command::new("/no/such/file"), Duration::from_secs(1));
    assert_eq!(missing, Err(Error::Os(libc::ENOENT)));
}
