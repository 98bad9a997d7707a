// SPDX-License-Identifier: LGPL-2.1-only
//! Filters: rules on system calls, for one or several architectures.

mod named;
mod transactions;

pub use named::{RuleError, Syscall};

use crate::arch::Arch;
use crate::bpf::Program;
use crate::error::{Error, Invalid};
use crate::policy::Policy;
use crate::resolved::{Resolved, UnknownCalls, View};
use crate::rule::{Action, Attributes, Comparisons, Endian, RuleMode};
use crate::syscalls::KernelVersion;
use crate::{codegen, emit};

/// A seccomp filter.
///
/// [`Filter::rules`] and [`Filter::rule`] name system calls; [`Filter::add_rule`] and
/// [`Filter::prioritize`] take their number on the native architecture. For the other
/// architectures of the filter a call is translated by its name.
///
/// ```
/// use scmp::{Action, Filter};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.rules(Action::errno(1)?, ["ptrace", "process_vm_readv"])?;
/// assert!(filter.program()?.instructions().len() > 3);
/// # Ok::<(), scmp::Error>(())
/// ```
///
/// # Which rule decides
///
/// If all rules that match a call have the same action, the call gets it. Rules with
/// different actions are treated as in the C library:
///
/// - A rule without comparisons replaces those with comparisons on its system call, whichever
///   came first. A second one without comparisons is dropped.
/// - A rule that begins with all comparisons of an earlier one is dropped: after
///   `a0 == 1`, one with `a0 == 1, a1 == 2`. That is no error.
/// - A rule with the same comparisons as an earlier one, or with those that it begins with, is
///   refused with [`Error::ConflictingRule`]. On 64-bit architectures this also concerns some
///   bounds and `!=` on one argument, such as `a0 <= 1` and `a0 < 1`, that share the test of
///   its high half. An earlier rule that others have made superfluous no longer counts.
/// - Of other rules, those on later arguments decide first; docs/decisions.md has the whole
///   order.
///
/// With `first_match` (feature `extensions`) the first rule that matches decides, and none is
/// dropped.
#[derive(Debug)]
pub struct Filter {
    default_action: Action,
    attributes: Attributes,
    /// See [`Filter::for_kernel`].
    kernel: KernelVersion,
    /// See [`Filter::unknown_calls`].
    unknown_calls: Option<Action>,
    policy: Policy,
    generated: Option<Generated>,
}

/// A filter's program, with the settings that it was generated with.
#[derive(Debug)]
struct Generated {
    program: Program,
    attributes: Attributes,
}

impl Filter {
    /// Makes a filter without rules for the native architecture. Calls that no rule
    /// matches get `default_action`.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut allow_list = Filter::new(Action::KillProcess)?;
    /// allow_list.rules(Action::Allow, ["read", "write", "exit_group"])?;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn new(default_action: Action) -> Result<Filter, Error> {
        Ok(Filter {
            default_action,
            attributes: Attributes::default(),
            kernel: KernelVersion::NEWEST,
            unknown_calls: None,
            policy: Policy::new()?,
            generated: None,
        })
    }

    /// Copies the filter with its open transactions; its program is generated anew.
    /// `clone` does the same, but panics if memory runs out.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut base = Filter::new(Action::errno(1)?)?;
    /// base.rules(Action::Allow, ["read", "write", "exit_group"])?;
    /// let mut with_files = base.try_clone()?;
    /// with_files.rules(Action::Allow, ["openat", "close"])?;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn try_clone(&self) -> Result<Filter, Error> {
        Ok(Filter {
            default_action: self.default_action,
            attributes: self.attributes,
            kernel: self.kernel,
            unknown_calls: self.unknown_calls,
            policy: self.policy.copy()?,
            generated: None,
        })
    }

    /// The action for calls that no rule matches.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let filter = Filter::new(Action::Log)?;
    /// assert_eq!(filter.default_action(), Action::Log);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn default_action(&self) -> Action {
        self.default_action
    }

    /// The filter's settings.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let filter = Filter::new(Action::Allow)?;
    /// assert!(filter.attributes().no_new_privileges);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// Changes settings.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.attributes_mut().thread_sync = true;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn attributes_mut(&mut self) -> &mut Attributes {
        &mut self.attributes
    }

    /// Whether the default action, that of unknown calls or a rule asks for notifications, so
    /// that loading needs a listener. A rule counts also after its architecture was removed;
    /// [`Attributes::bad_architecture`] does not count.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule(Action::Notify, "mount", [])?;
    /// assert!(filter.notifies());
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn notifies(&self) -> bool {
        self.default_action == Action::Notify
            || self.unknown_calls == Some(Action::Notify)
            || self.policy.notifies()
    }

    /// Says for which release of Linux the rules were written. It matters once
    /// [`Filter::unknown_calls`] has been set; without it, the release is
    /// [`KernelVersion::NEWEST`].
    ///
    /// ```
    /// use scmp::syscalls::KernelVersion;
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::errno(libc::EPERM)?)?;
    /// filter.for_kernel(KernelVersion { major: 5, minor: 10 });
    /// filter.unknown_calls(Action::errno(libc::ENOSYS)?);
    /// filter.rules(Action::Allow, ["read", "write", "exit_group"])?;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    #[cfg(feature = "extensions")]
    pub fn for_kernel(&mut self, kernel: KernelVersion) {
        self.kernel = kernel;
        self.generated = None;
    }

    /// Gives an action to calls that came after the [kernel](Filter::for_kernel) for which
    /// the rules were written, and to numbers that no call has, on each architecture. Calls
    /// with a rule keep the default action where no rule matches. Passing the default action
    /// turns this off.
    ///
    /// The C library of a program tries newer calls first, and takes the older ones if that
    /// fails with ENOSYS; any other error is the program's. So a filter whose default is EPERM
    /// breaks programs when their C library is updated, unless it answers ENOSYS here.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::errno(libc::EPERM)?)?;
    /// filter.rules(Action::Allow, ["read", "write", "exit_group"])?;
    /// let before = filter.program()?.instructions().len();
    /// filter.unknown_calls(Action::errno(libc::ENOSYS)?);
    /// assert!(filter.program()?.instructions().len() > before);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    #[cfg(feature = "extensions")]
    pub fn unknown_calls(&mut self, action: Action) {
        self.unknown_calls = (action != self.default_action).then_some(action);
        self.generated = None;
    }

    /// The architectures that the filter covers, in the order of the program.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter};
    ///
    /// let filter = Filter::new(Action::Allow)?;
    /// assert!(filter.arches().eq([Arch::native()]));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn arches(&self) -> impl ExactSizeIterator<Item = Arch> + '_ {
        self.policy.arches()
    }

    /// Whether the filter covers the architecture.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter};
    ///
    /// let filter = Filter::new(Action::Allow)?;
    /// assert!(filter.has_arch(Arch::native()) && !filter.has_arch(Arch::Sheb));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn has_arch(&self, arch: Arch) -> bool {
        self.arches().any(|present| present == arch)
    }

    /// The byte order of the filter's program; `None` without architectures.
    ///
    /// ```
    /// use scmp::{Action, Arch, Endian, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// assert_eq!(filter.endian(), Some(Endian::HOST));
    /// filter.remove_arch(Arch::native())?;
    /// assert_eq!(filter.endian(), None);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn endian(&self) -> Option<Endian> {
        self.policy.endian()
    }

    /// Adds an architecture. Rules that were added before do not apply to it.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter};
    ///
    /// let mut filter = Filter::new(Action::errno(1)?)?;
    /// filter.remove_arch(Arch::native())?;
    /// filter.add_arch(Arch::X86_64)?;
    /// filter.add_arch(Arch::X86)?;
    /// filter.rules(Action::Allow, ["read", "write"])?; // On both.
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ArchitecturePresent`]; [`Error::EndiannessMismatch`] if the
    /// filter's architectures have the other byte order; [`Error::OutOfMemory`].
    pub fn add_arch(&mut self, arch: Arch) -> Result<(), Error> {
        self.policy.add_arch(arch)?;
        self.generated = None;
        Ok(())
    }

    /// Removes the architecture and its rules.
    ///
    /// ```
    /// use scmp::{Action, Arch, Error, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.remove_arch(Arch::native())?;
    /// assert_eq!(filter.remove_arch(Arch::native()), Err(Error::ArchitectureMissing));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ArchitectureMissing`].
    pub fn remove_arch(&mut self, arch: Arch) -> Result<(), Error> {
        self.policy.remove_arch(arch)?;
        self.generated = None;
        Ok(())
    }

    /// Moves the architectures of `other` with their rules into this filter;
    /// `other` is left without any. This filter keeps its settings, such as the action for
    /// other architectures. On failure neither filter changes.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.remove_arch(Arch::native())?;
    /// let mut only_arm = filter.clone();
    /// filter.add_arch(Arch::X86)?;
    /// only_arm.add_arch(Arch::Arm)?;
    /// only_arm.rule(Action::Log, "ptrace", [])?;
    /// filter.merge(&mut only_arm)?;
    /// assert!(filter.arches().eq([Arch::X86, Arch::Arm]));
    ///
    /// // A filter without architectures takes those of either byte order.
    /// only_arm.merge(&mut filter)?;
    /// assert!(only_arm.has_arch(Arch::X86));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::EndiannessMismatch`]; [`Error::ArchitecturePresent`] if both
    /// cover the same one; [`Error::InvalidArgument`] if default action, no-new-privs or
    /// thread-sync settings, `first_match`, `for_kernel` or `unknown_calls` differ;
    /// [`Error::OutOfMemory`].
    pub fn merge(&mut self, other: &mut Filter) -> Result<(), Error> {
        if self.default_action != other.default_action
            || self.unknown() != other.unknown()
            || self.policy.first_match() != other.policy.first_match()
            || self.attributes.no_new_privileges != other.attributes.no_new_privileges
            || self.attributes.thread_sync != other.attributes.thread_sync
        {
            return Err(Error::InvalidArgument(Invalid::SettingsDiffer));
        }
        self.policy.merge(&mut other.policy)?;
        self.generated = None;
        other.generated = None;
        Ok(())
    }

    /// Adds a rule: system calls with this number whose arguments pass all
    /// comparisons get `action`. The rule applies to every architecture of the filter.
    ///
    /// ```
    /// use scmp::{Action, Arch, Comparison, Comparisons, Filter, Operator, RuleMode};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// let ptrace = Arch::native().syscall_number("ptrace").unwrap();
    /// let attach = Comparisons::new(&[Comparison::new(0, Operator::Equal, 16)?])?;
    /// filter.add_rule(Action::Log, ptrace, &attach, RuleMode::Exact)?;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// - [`Error::ActionIsDefault`]: the rule would change nothing, unless rules decide by
    ///   their order ([`Filter::first_match`]).
    /// - [`Error::ConflictingRule`]: an earlier rule that has these comparisons, or begins with
    ///   them, has another action. Not every conflict is an error:
    ///   [which rule decides](Filter#which-rule-decides).
    /// - [`Error::UnknownSyscall`]: the number has no name to translate by, and the filter
    ///   covers an architecture that is not the native one.
    /// - [`Error::NotOnArchitecture`], [`Error::InexactMultiplexed`],
    ///   [`Error::ExactNeedsOneArchitecture`]: an exact rule can't be exact.
    /// - [`Error::InvalidArgument`]: -1 without `allow_skip`, -2 to -99.
    /// - [`Error::OutOfMemory`].
    pub fn add_rule(
        &mut self,
        action: Action,
        number: i32,
        comparisons: &Comparisons,
        mode: RuleMode,
    ) -> Result<(), Error> {
        self.check_rule(action, number, mode)?;
        self.policy.add_rule(action, number, comparisons, mode)?;
        self.generated = None;
        Ok(())
    }

    /// Like [`Filter::add_rule`], with a condition: each argument must be in a set of
    /// values. Of the rules with conditions on a call, the first that matches decides; they
    /// come before those with comparisons, but like those they yield to a rule without either.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter, RuleMode};
    ///
    /// let mut filter = Filter::new(Action::errno(1)?)?;
    /// let number = Arch::native().syscall_number("ioctl").unwrap();
    /// let condition = "a1 in {0x5401, 0x5410..=0x5413} && (int)a0 < 3".parse()?;
    /// filter.add_rule_if(Action::Allow, number, &condition, RuleMode::BestEffort)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Filter::add_rule`], but for [`Error::ConflictingRule`].
    #[cfg(feature = "extensions")]
    pub fn add_rule_if(
        &mut self,
        action: Action,
        number: i32,
        condition: &crate::rule::Condition,
        mode: RuleMode,
    ) -> Result<(), Error> {
        if condition.is_always() {
            return self.add_rule(action, number, &Comparisons::NONE, mode);
        }
        self.check_rule(action, number, mode)?;
        let copy = |_| condition.copy();
        self.policy.add_ordered(action, number, copy, mode)?;
        self.generated = None;
        Ok(())
    }

    /// Has the rules of a call decide in the order in which they were added: the first that
    /// matches, whatever it compares. Rules may then have the default action, which exempts
    /// calls from later rules.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.first_match(true)?;
    /// // AF_UNIX is allowed, all else is not.
    /// filter.rule(Action::Allow, "socket", ["(int)a0 == 1".parse()?])?;
    /// filter.rule(Action::errno(97)?, "socket", [])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the filter has rules and decides otherwise.
    #[cfg(feature = "extensions")]
    pub fn first_match(&mut self, is_on: bool) -> Result<(), Error> {
        if self.policy.first_match() != is_on && self.policy.has_rules() {
            return Err(Error::InvalidArgument(Invalid::RulesPresent));
        }
        self.policy.set_first_match(is_on);
        Ok(())
    }

    /// Checks whether the filter accepts a rule with this action on this number,
    /// regardless of its comparisons. [`Filter::add_rule`] makes the same check first.
    ///
    /// ```
    /// use scmp::{Action, Error, Filter, RuleMode};
    ///
    /// let filter = Filter::new(Action::Allow)?;
    /// let refused = filter.check_rule(Action::Allow, 0, RuleMode::BestEffort);
    /// assert_eq!(refused, Err(Error::ActionIsDefault));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`], [`Error::ActionIsDefault`] and
    /// [`Error::ExactNeedsOneArchitecture`] as for [`Filter::add_rule`].
    pub fn check_rule(&self, action: Action, number: i32, mode: RuleMode) -> Result<(), Error> {
        self.check_number(number)?;
        if action == self.default_action && !self.policy.first_match() {
            return Err(Error::ActionIsDefault);
        }
        if mode == RuleMode::Exact && self.policy.arches().len() > 1 {
            return Err(Error::ExactNeedsOneArchitecture);
        }
        Ok(())
    }

    /// Whether a rule or a priority may name this system call number.
    fn check_number(&self, number: i32) -> Result<(), Error> {
        match number {
            -1 if self.attributes.allow_skip => Ok(()),
            -99..=-1 => Err(Error::InvalidArgument(Invalid::ReservedNumber)),
            _ => Ok(()),
        }
    }

    /// Raises the priority of a system call: the program tests calls of higher priority
    /// earlier. A lower priority than before changes nothing. Skips architectures that
    /// lack the call.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter};
    ///
    /// let mut filter = Filter::new(Action::errno(1)?)?;
    /// filter.rules(Action::Allow, ["write", "read"])?;
    /// filter.prioritize(Arch::native().syscall_number("read").unwrap(), 200)?;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownSyscall`], [`Error::InvalidArgument`] and
    /// [`Error::OutOfMemory`] as for [`Filter::add_rule`].
    pub fn prioritize(&mut self, number: i32, priority: u8) -> Result<(), Error> {
        self.check_number(number)?;
        self.policy.prioritize(number, priority)?;
        self.generated = None;
        Ok(())
    }

    /// The filter's program, generated anew if rules, architectures or settings
    /// have changed since the last time. Otherwise nothing is allocated.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Log)?;
    /// filter.rule(Action::Allow, "read", [])?;
    /// let program = filter.program()?;
    /// assert_eq!(program.to_bytes()?.len(), 8 * program.instructions().len());
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoArchitecture`], [`Error::ProgramTooLong`],
    /// [`Error::OutOfMemory`].
    pub fn program(&mut self) -> Result<&Program, Error> {
        let attributes = self.attributes;
        let is_current = |generated: &Generated| generated.attributes.same_program(&attributes);
        if !self.generated.as_ref().is_some_and(is_current) {
            self.generated = None;
            self.generated = Some(Generated {
                program: codegen::compile(self.resolve(View::Program)?)?,
                attributes,
            });
        }
        match &self.generated {
            Some(generated) => Ok(&generated.program),
            None => Err(Error::Internal),
        }
    }

    /// The filter as text, in the form of seccomp_export_pfc(3).
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let filter = Filter::new(Action::Allow)?;
    /// let text = String::from_utf8_lossy(&filter.pseudo_code()?).into_owned();
    /// assert!(text.contains("# default action\n  action ALLOW;\n"));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn pseudo_code(&self) -> Result<Vec<u8>, Error> {
        emit::pseudo_code(&self.resolve(View::Text)?)
    }

    fn unknown(&self) -> Option<UnknownCalls> {
        let (kernel, action) = (self.kernel, self.unknown_calls?);
        Some(UnknownCalls { kernel, action })
    }

    fn resolve(&self, view: View) -> Result<Resolved<'_>, Error> {
        Ok(Resolved {
            default_action: self.default_action,
            attributes: self.attributes,
            unknown_calls: self.unknown(),
            arches: self.policy.resolve(view)?,
        })
    }
}

impl Clone for Filter {
    /// # Panics
    /// If memory runs out; [`Filter::try_clone`] reports that.
    fn clone(&self) -> Filter {
        self.try_clone().expect("memory for a copy of a filter")
    }
}

#[cfg(test)]
mod worked_example;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_equal_and_independent() {
        let mut filter = Filter::new(Action::Allow).unwrap();
        filter.attributes_mut().log = true;
        filter.rules(Action::Log, ["read", "socket"]).unwrap();
        let text = |filter: &Filter| filter.pseudo_code().unwrap();
        let before = text(&filter);
        filter.start_transaction().unwrap();
        let compared = ["a0 == 1".parse().unwrap()];
        filter.rule(Action::Notify, "write", compared).unwrap();
        let program = filter.program().unwrap().clone();

        let mut copy = filter.clone();
        assert_eq!(copy.attributes(), filter.attributes());
        assert!(copy.notifies() && text(&copy) == text(&filter));
        assert_eq!(*copy.program().unwrap(), program);
        copy.reject_transaction();
        assert!(!copy.notifies() && text(&copy) == before);
        assert_ne!(*copy.program().unwrap(), program);
        assert_eq!(*filter.program().unwrap(), program);
    }
}
