// SPDX-License-Identifier: LGPL-2.1-only
//! What the kernel does with a system call.

/// The verdict of a rule or of a filter, seccomp(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Kill the whole process as if by an uncaught SIGSYS (Linux 4.14).
    KillProcess,
    /// Kill the calling thread.
    KillThread,
    /// Send SIGSYS; the data arrives in `si_errno`.
    Trap(u16),
    /// Do not run the call; it fails with this errno, 0 to 4094.
    Errno(u16),
    /// Hand the call to a user space supervisor (Linux 5.0).
    Notify,
    /// Hand the call to a ptrace(2) tracer with this message.
    Trace(u16),
    /// Run the call and log it (Linux 4.14).
    Log,
    /// Run the call.
    Allow,
}

// linux/seccomp.h: the action is the high half, the data the low one.
const KILL_PROCESS: u32 = 0x8000_0000;
const KILL_THREAD: u32 = 0x0000_0000;
const TRAP: u32 = 0x0003_0000;
const ERRNO: u32 = 0x0005_0000;
const NOTIFY: u32 = 0x7fc0_0000;
const TRACE: u32 = 0x7ff0_0000;
const LOG: u32 = 0x7ffc_0000;
const ALLOW: u32 = 0x7fff_0000;

/// The kernel's `MAX_ERRNO` (linux/err.h); errors must be below it.
const MAX_ERRNO: u16 = 4095;

impl Action {
    /// The value that a program returns for this action.
    pub const fn to_raw(self) -> u32 {
        match self {
            Action::KillProcess => KILL_PROCESS,
            Action::KillThread => KILL_THREAD,
            Action::Trap(data) => TRAP | data as u32,
            Action::Errno(errno) => ERRNO | errno as u32,
            Action::Notify => NOTIFY,
            Action::Trace(message) => TRACE | message as u32,
            Action::Log => LOG,
            Action::Allow => ALLOW,
        }
    }

    /// The action with this value; `None` for anything that is not exactly an
    /// action, and for errors from 4095 up.
    pub const fn from_raw(raw: u32) -> Option<Action> {
        let data = raw as u16;
        match (raw & 0xffff_0000, data) {
            (KILL_PROCESS, 0) => Some(Action::KillProcess),
            (KILL_THREAD, 0) => Some(Action::KillThread),
            (TRAP, _) => Some(Action::Trap(data)),
            (ERRNO, 0..MAX_ERRNO) => Some(Action::Errno(data)),
            (NOTIFY, 0) => Some(Action::Notify),
            (TRACE, _) => Some(Action::Trace(data)),
            (LOG, 0) => Some(Action::Log),
            (ALLOW, 0) => Some(Action::Allow),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_values_go_both_ways() {
        for action in [
            Action::KillProcess,
            Action::KillThread,
            Action::Trap(0),
            Action::Trap(0xffff),
            Action::Errno(0),
            Action::Errno(4094),
            Action::Notify,
            Action::Trace(0xffff),
            Action::Log,
            Action::Allow,
        ] {
            assert_eq!(Action::from_raw(action.to_raw()), Some(action));
        }
    }

    #[test]
    fn garbage_is_no_action() {
        for raw in [
            1,
            0x8000_0001,
            0x7fff_0001,
            0x0005_0fff,
            0x7fc0_0001,
            0xdead_beef,
        ] {
            assert_eq!(Action::from_raw(raw), None, "{raw:#x}");
        }
    }
}
