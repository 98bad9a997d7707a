// SPDX-License-Identifier: LGPL-2.1-only
//! Settings of a filter, seccomp_attr_set(3).

use super::Action;

/// What to do with a rule that an architecture can't take unchanged.
///
/// ```
/// use scmp::{Action, Arch, Comparisons, Error, Filter, RuleMode};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// // A system call of s390 only.
/// let number = Arch::native().syscall_number("s390_runtime_instr").unwrap();
/// let mut add = |mode| filter.add_rule(Action::Log, number, &Comparisons::NONE, mode);
/// assert_eq!(add(RuleMode::BestEffort), Ok(()));
/// # if cfg!(not(target_arch = "s390x")) {
/// assert_eq!(add(RuleMode::Exact), Err(Error::NotOnArchitecture));
/// # }
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleMode {
    /// Adjust it, or leave it out on that architecture.
    BestEffort,
    /// Fail.
    Exact,
}

/// What the program is optimized for.
///
/// ```
/// use scmp::{Action, Filter, Optimization};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.attributes_mut().optimization = Optimization::Search;
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Optimization {
    /// Rules in the order of priority and complexity; the C library's bytes.
    #[default]
    Priority,
    /// A search over system call numbers: the same decisions in fewer steps.
    Search,
}

/// Settings of a filter that are not rules.
///
/// ```
/// use scmp::{Action, Filter};
///
/// let mut filter = Filter::new(Action::errno(1)?)?;
/// filter.attributes_mut().log = true;
/// filter.attributes_mut().bad_architecture = Action::KillProcess;
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Attributes {
    /// The action for calls of an architecture that the filter does not cover.
    pub bad_architecture: Action,
    /// Set `PR_SET_NO_NEW_PRIVS` before loading.
    pub no_new_privileges: bool,
    /// Load into all threads of the process (Linux 3.17).
    pub thread_sync: bool,
    /// Let rules name system call -1, which tracers use to skip a call.
    pub allow_skip: bool,
    /// Log all actions but `Allow` (Linux 4.14).
    pub log: bool,
    /// Leave the speculative store bypass mitigation off (Linux 4.17).
    pub allow_speculation: bool,
    /// What the program is optimized for.
    pub optimization: Optimization,
    /// For C callers: functions return the kernel's `errno` values as they are. Rust callers
    /// always get them.
    pub raw_errors: bool,
    /// Once a supervisor has received a notification, only fatal signals
    /// interrupt the call (Linux 5.19).
    pub wait_killable: bool,
}

impl Attributes {
    /// Whether both settings give a filter the same program. The settings that are not
    /// compared matter only when the program is loaded.
    pub(crate) fn same_program(&self, other: &Attributes) -> bool {
        self.bad_architecture == other.bad_architecture
            && self.allow_skip == other.allow_skip
            && self.optimization == other.optimization
    }
}

impl Default for Attributes {
    fn default() -> Self {
        Attributes {
            bad_architecture: Action::KillThread,
            no_new_privileges: true,
            thread_sync: false,
            allow_skip: false,
            log: false,
            allow_speculation: false,
            optimization: Optimization::Priority,
            raw_errors: false,
            wait_killable: false,
        }
    }
}
