// SPDX-License-Identifier: LGPL-2.1-only
//! Filters: rules on system calls, for one or several architectures.

use crate::arch::Arch;
use crate::bpf::Program;
use crate::error::{Error, Invalid};
use crate::policy::Policy;
use crate::resolved::{Resolved, View};
use crate::rule::{Action, Attributes, Comparisons, Endian, RuleMode};
use crate::{codegen, emit};

/// A seccomp filter.
///
/// System calls are named by their number on the native architecture and
/// translated to the others of the filter by name.
///
/// ```
/// use scmp::{Action, Arch, Comparisons, Filter, RuleMode};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// let ptrace = Arch::native().syscall_number(b"ptrace").unwrap();
/// filter.add_rule(Action::errno(1)?, ptrace, &Comparisons::NONE, RuleMode::Exact)?;
/// assert!(filter.program()?.instructions().len() > 3);
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Debug)]
pub struct Filter {
    default_action: Action,
    attributes: Attributes,
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
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn new(default_action: Action) -> Result<Filter, Error> {
        Ok(Filter {
            default_action,
            attributes: Attributes::default(),
            policy: Policy::new()?,
            generated: None,
        })
    }

    /// Copies the filter with its open transactions; its program is generated anew.
    /// `clone` does the same, but panics if memory runs out.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn try_clone(&self) -> Result<Filter, Error> {
        Ok(Filter {
            default_action: self.default_action,
            attributes: self.attributes,
            policy: self.policy.copy()?,
            generated: None,
        })
    }

    /// The action for calls that no rule matches.
    pub fn default_action(&self) -> Action {
        self.default_action
    }

    /// The filter's settings.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// Changes settings.
    pub fn attributes_mut(&mut self) -> &mut Attributes {
        &mut self.attributes
    }

    /// Whether the default action or a rule asks for notifications, so that loading
    /// needs a listener.
    pub fn notifies(&self) -> bool {
        self.default_action == Action::Notify || self.policy.notifies()
    }

    /// The architectures that the filter covers, in the order of the program.
    pub fn arches(&self) -> impl ExactSizeIterator<Item = Arch> + '_ {
        self.policy.arches()
    }

    /// Whether the filter covers the architecture.
    pub fn has_arch(&self, arch: Arch) -> bool {
        self.arches().any(|present| present == arch)
    }

    /// The byte order of the filter's program; `None` without architectures.
    pub fn endian(&self) -> Option<Endian> {
        self.policy.endian()
    }

    /// Adds an architecture. Rules that were added before do not apply to it.
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
    /// # Errors
    /// [`Error::ArchitectureMissing`].
    pub fn remove_arch(&mut self, arch: Arch) -> Result<(), Error> {
        self.policy.remove_arch(arch)?;
        self.generated = None;
        Ok(())
    }

    /// Moves the architectures of `other` with their rules into this filter;
    /// `other` is left without any. On failure neither filter changes.
    ///
    /// # Errors
    /// [`Error::EndiannessMismatch`]; [`Error::ArchitecturePresent`] if both
    /// cover the same one; [`Error::InvalidArgument`] if default action, no-new-privs
    /// or thread-sync settings differ; [`Error::OutOfMemory`].
    pub fn merge(&mut self, other: &mut Filter) -> Result<(), Error> {
        if self.default_action != other.default_action
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
    /// # Errors
    /// - [`Error::ActionIsDefault`]: the rule would change nothing.
    /// - [`Error::ConflictingRule`]: the same comparisons have another action.
    /// - [`Error::UnknownSyscall`]: the number has no name to translate by.
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

    /// Checks whether the filter accepts a rule with this action on this number,
    /// regardless of its comparisons. [`Filter::add_rule`] makes the same check first.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`], [`Error::ActionIsDefault`] and
    /// [`Error::ExactNeedsOneArchitecture`] as for [`Filter::add_rule`].
    pub fn check_rule(&self, action: Action, number: i32, mode: RuleMode) -> Result<(), Error> {
        self.check_number(number)?;
        if action == self.default_action {
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
    /// # Errors
    /// [`Error::UnknownSyscall`], [`Error::InvalidArgument`] and
    /// [`Error::OutOfMemory`] as for [`Filter::add_rule`].
    pub fn prioritize(&mut self, number: i32, priority: u8) -> Result<(), Error> {
        self.check_number(number)?;
        self.policy.prioritize(number, priority)?;
        self.generated = None;
        Ok(())
    }

    /// Opens a transaction: [`Filter::reject_transaction`] restores the rules and
    /// architectures as they are now. Transactions nest.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn start_transaction(&mut self) -> Result<(), Error> {
        self.policy.start_transaction()
    }

    /// Ends the innermost transaction and undoes its changes. Does nothing
    /// without one.
    pub fn reject_transaction(&mut self) {
        if self.policy.reject_transaction() {
            self.generated = None;
        }
    }

    /// Ends the innermost transaction and keeps its changes. Does nothing
    /// without one.
    pub fn commit_transaction(&mut self) {
        self.policy.commit_transaction();
    }

    /// The filter's program, generated anew if rules, architectures or settings
    /// have changed since the last time. Otherwise nothing is allocated.
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
                program: codegen::compile(&self.resolve(View::Program)?)?,
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
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn pseudo_code(&self) -> Result<Vec<u8>, Error> {
        emit::pseudo_code(&self.resolve(View::Text)?)
    }

    fn resolve(&self, view: View) -> Result<Resolved<'_>, Error> {
        Ok(Resolved {
            default_action: self.default_action,
            attributes: self.attributes,
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
