// SPDX-License-Identifier: LGPL-2.1-only
//! Filters: rules on system calls, for one or several architectures.

mod action;
mod arch_filter;
mod attributes;
mod comparison;
mod number_index;

pub use action::Action;
use arch_filter::Accepted;
pub(crate) use arch_filter::{ArchFilter, Decision, Entry};
pub use attributes::{Attributes, Optimization};
pub(crate) use comparison::ARGUMENTS;
pub use comparison::{Comparison, Comparisons, Operator};

use crate::arch::{Arch, Call, Endian, Multiplexed};
use crate::bpf::Program;
use crate::error::Error;
use crate::tree::Tree;
use crate::{compiler, fallible, pfc};

/// What to do with a rule that an architecture can't take as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Adjust it, or leave it out on that architecture.
    Adjusted,
    /// Fail.
    Exact,
}

/// A seccomp filter.
///
/// System calls are named by their number on the native architecture and
/// translated to the others of the filter by name.
#[derive(Debug)]
pub struct Filter {
    default_action: Action,
    attributes: Attributes,
    arches: Vec<ArchFilter>,
    /// Rules that all architectures have yet to get, in their order.
    waiting: Vec<Waiting>,
    /// What each open transaction goes back to, innermost last.
    transactions: Vec<Snapshot>,
    notifies: bool,
    program: Option<Program>,
    pending: Pending,
}

/// An unconditional rule on a call that has a name and no multiplexer. Such
/// rules can't contradict others, so they need nothing of the architectures
/// when they come, and go to them together: see `Filter::settle`.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    call: Call,
    action: Action,
}

/// More than a filter has, unless rules are repeated.
const MOST_WAITING: usize = 1024;

/// The rule that is being added, as far as architectures have accepted it.
/// Kept for its memory; empty between calls.
#[derive(Debug, Default)]
struct Pending {
    landings: Vec<Landing>,
    trees: Vec<Tree>,
}

/// A number of an architecture that the rule lands on.
#[derive(Clone, Copy, Debug)]
struct Landing {
    /// The architecture's position.
    arch: u32,
    number: u32,
    /// For a multiplexer: what its first argument must equal.
    call: Option<u32>,
    accepted: Accepted,
}

/// What a rejected transaction restores.
#[derive(Debug)]
struct Snapshot {
    arches: Vec<ArchFilter>,
    notifies: bool,
}

impl Filter {
    /// A filter without rules for the native architecture. `default_action`
    /// is the verdict on calls that no rule matches.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn new(default_action: Action) -> Result<Filter, Error> {
        let mut arches = Vec::new();
        fallible::push(&mut arches, ArchFilter::new(Arch::native()))?;
        Ok(Filter {
            default_action,
            attributes: Attributes::default(),
            arches,
            waiting: Vec::new(),
            transactions: Vec::new(),
            notifies: default_action == Action::Notify,
            program: None,
            pending: Pending::default(),
        })
    }

    /// The verdict on calls that no rule matches.
    pub fn default_action(&self) -> Action {
        self.default_action
    }

    /// The filter's settings.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// Changes settings.
    pub fn attributes_mut(&mut self) -> &mut Attributes {
        self.program = None;
        &mut self.attributes
    }

    /// Whether a rule has asked for notifications, so that loading needs a
    /// listener.
    pub fn notifies(&self) -> bool {
        self.notifies
    }

    /// The architectures that the filter covers, in the order of the program.
    pub fn arches(&self) -> impl Iterator<Item = Arch> + '_ {
        self.arches.iter().map(ArchFilter::arch)
    }

    /// Whether the filter covers the architecture.
    pub fn has_arch(&self, arch: Arch) -> bool {
        self.arches().any(|present| present == arch)
    }

    /// What the architectures have; rules that wait are not among it.
    pub(crate) fn arch_filters(&self) -> &[ArchFilter] {
        &self.arches
    }

    /// The byte order of the filter's program; `None` without architectures.
    pub fn endian(&self) -> Option<Endian> {
        self.arches().next().map(Arch::endian)
    }

    /// Covers one more architecture. Rules that were added before do not
    /// apply to it.
    ///
    /// # Errors
    /// [`Error::ArchitecturePresent`]; [`Error::EndiannessMismatch`] if the
    /// filter covers one of the other byte order; [`Error::OutOfMemory`].
    pub fn add_arch(&mut self, arch: Arch) -> Result<(), Error> {
        if self.has_arch(arch) {
            return Err(Error::ArchitecturePresent);
        }
        if self.endian().is_some_and(|endian| endian != arch.endian()) {
            return Err(Error::EndiannessMismatch);
        }
        self.settle()?;
        fallible::push(&mut self.arches, ArchFilter::new(arch))?;
        self.program = None;
        Ok(())
    }

    /// Covers the architecture no more; its rules are lost.
    ///
    /// # Errors
    /// [`Error::ArchitectureMissing`].
    pub fn remove_arch(&mut self, arch: Arch) -> Result<(), Error> {
        let position = self
            .arches()
            .position(|present| present == arch)
            .ok_or(Error::ArchitectureMissing)?;
        self.arches.remove(position);
        self.program = None;
        Ok(())
    }

    /// Moves the architectures of `other` with their rules into this filter;
    /// `other` is left without any. On failure both are as they were.
    ///
    /// # Errors
    /// [`Error::EndiannessMismatch`]; [`Error::ArchitecturePresent`] if both
    /// cover one; [`Error::InvalidArgument`] if default action, no-new-privs
    /// or thread-sync settings differ; [`Error::OutOfMemory`].
    pub fn merge(&mut self, other: &mut Filter) -> Result<(), Error> {
        if self.default_action != other.default_action
            || self.attributes.no_new_privileges != other.attributes.no_new_privileges
            || self.attributes.thread_sync != other.attributes.thread_sync
        {
            return Err(Error::InvalidArgument("the filters' settings differ"));
        }
        if self.endian() != other.endian() {
            return Err(Error::EndiannessMismatch);
        }
        if other.arches().any(|arch| self.has_arch(arch)) {
            return Err(Error::ArchitecturePresent);
        }
        fallible::reserve(&mut self.arches, other.arches.len())?;
        self.settle()?;
        other.settle()?;
        self.arches.append(&mut other.arches);
        self.notifies |= other.notifies;
        self.program = None;
        other.notifies = false;
        other.transactions.clear();
        other.program = None;
        Ok(())
    }

    /// Adds a rule: system calls with this number whose arguments pass all
    /// comparisons get `action`. It goes to every architecture of the filter.
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
        how: Match,
    ) -> Result<(), Error> {
        self.check_number(number)?;
        self.check_rule(action, how)?;
        let call = Arch::native_call(number);
        if comparisons.is_empty() && call.is_direct() {
            if how == Match::Exact {
                for arch in self.arches() {
                    arch.targets(call, true, false)?;
                }
            }
            if self.waiting.len() == MOST_WAITING {
                self.settle()?;
            }
            fallible::push(&mut self.waiting, Waiting { call, action })?;
        } else {
            self.settle()?;
            // Everything that can fail comes before the first change.
            if let Err(error) = self.accept(action, call, comparisons, how) {
                self.pending.landings.clear();
                self.pending.trees.clear();
                return Err(error);
            }
            self.apply(action, comparisons);
        }
        self.notifies |= action == Action::Notify;
        self.program = None;
        Ok(())
    }

    /// Gives the architectures the rules that wait. What has been given when
    /// memory runs out is given again the next time, which changes nothing.
    fn settle(&mut self) -> Result<(), Error> {
        for filter in &mut self.arches {
            let arch = filter.arch();
            for Waiting { call, action } in &self.waiting {
                if let Some(number) = arch.targets(*call, false, false)?.direct {
                    filter.reserve(1)?;
                    filter.decide(number, *action);
                }
            }
        }
        self.waiting.clear();
        Ok(())
    }

    /// Has every architecture check a rule and prepare for it.
    fn accept(
        &mut self,
        action: Action,
        call: Call,
        comparisons: &Comparisons,
        how: Match,
    ) -> Result<(), Error> {
        let (exact, compares) = (how == Match::Exact, !comparisons.is_empty());
        let Pending { landings, trees } = &mut self.pending;
        fallible::reserve(landings, 2 * self.arches.len())?;
        for (arch, filter) in (0..).zip(&mut self.arches) {
            let targets = filter.arch().targets(call, exact, compares)?;
            filter.reserve(2)?;
            if let Some(Multiplexed { number, call }) = targets.multiplexed {
                let comparisons = comparisons.on_multiplexer(call);
                landings.push(Landing {
                    arch,
                    number,
                    call: Some(call),
                    accepted: filter.accept(number, action, &comparisons, trees)?,
                });
            }
            if let Some(number) = targets.direct {
                landings.push(Landing {
                    arch,
                    number,
                    call: None,
                    accepted: match compares {
                        true => filter.accept(number, action, comparisons, trees)?,
                        false => Accepted::Always,
                    },
                });
            }
        }
        Ok(())
    }

    fn apply(&mut self, action: Action, comparisons: &Comparisons) {
        let Pending { landings, trees } = &mut self.pending;
        for landing in landings.iter() {
            let filter = &mut self.arches[landing.arch as usize];
            let number = landing.number;
            match (landing.accepted, landing.call) {
                (Accepted::Redundant, _) => {}
                (Accepted::Always, _) => filter.decide(number, action),
                (Accepted::Insert, None) => filter.insert(number, action, comparisons),
                (Accepted::Insert, Some(call)) => {
                    filter.insert(number, action, &comparisons.on_multiplexer(call));
                }
                (Accepted::Replace { tree, anew }, _) => {
                    filter.replace(number, std::mem::take(&mut trees[tree as usize]), anew);
                }
            }
        }
        landings.clear();
        trees.clear();
    }

    /// Asks that a system call be tested early; it keeps the highest priority
    /// it was given. Architectures that lack the call are left out.
    ///
    /// # Errors
    /// [`Error::UnknownSyscall`], [`Error::InvalidArgument`] and
    /// [`Error::OutOfMemory`] as for [`Filter::add_rule`].
    pub fn prioritize(&mut self, number: i32, priority: u8) -> Result<(), Error> {
        self.check_number(number)?;
        self.settle()?;
        let mut numbers = Vec::new();
        fallible::reserve(&mut numbers, self.arches.len())?;
        let call = Arch::native_call(number);
        for filter in &mut self.arches {
            let arch = filter.arch();
            let number = arch.rewrite(arch.translate(call)?.number)?;
            filter.reserve(1)?;
            numbers.push(number);
        }
        for (filter, number) in self.arches.iter_mut().zip(numbers) {
            if let Some(number) = number {
                filter.prioritize(number, priority);
            }
        }
        self.program = None;
        Ok(())
    }

    /// Whether the filter can take a rule with this action at all.
    pub(crate) fn check_rule(&self, action: Action, how: Match) -> Result<(), Error> {
        if action == self.default_action {
            return Err(Error::ActionIsDefault);
        }
        if how == Match::Exact && self.arches.len() > 1 {
            return Err(Error::ExactNeedsOneArchitecture);
        }
        Ok(())
    }

    /// Whether a rule or a priority may name this system call number.
    pub(crate) fn check_number(&self, number: i32) -> Result<(), Error> {
        match number {
            -1 if self.attributes.allow_skip => Ok(()),
            -99..=-1 => Err(Error::InvalidArgument("reserved system call number")),
            _ => Ok(()),
        }
    }

    /// Opens a transaction: [`Filter::reject_transaction`] goes back to the
    /// rules and architectures of this moment. Transactions nest.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn start_transaction(&mut self) -> Result<(), Error> {
        self.settle()?;
        let mut copies = Vec::new();
        fallible::reserve(&mut copies, self.arches.len())?;
        for filter in &self.arches {
            copies.push(filter.copy()?);
        }
        let snapshot = Snapshot {
            arches: copies,
            notifies: self.notifies,
        };
        fallible::push(&mut self.transactions, snapshot)
    }

    /// Ends the innermost transaction and undoes its changes. Does nothing
    /// without one.
    pub fn reject_transaction(&mut self) {
        if let Some(snapshot) = self.transactions.pop() {
            self.arches = snapshot.arches;
            self.waiting.clear();
            self.notifies = snapshot.notifies;
            self.program = None;
        }
    }

    /// Ends the innermost transaction and keeps its changes. Does nothing
    /// without one.
    pub fn commit_transaction(&mut self) {
        self.transactions.pop();
    }

    /// The filter's program, generated if need be.
    ///
    /// # Errors
    /// [`Error::NoArchitecture`], [`Error::ProgramTooLong`],
    /// [`Error::OutOfMemory`].
    pub fn program(&mut self) -> Result<&Program, Error> {
        let program = match self.program.take() {
            Some(program) => program,
            None => {
                self.settle()?;
                compiler::compile(self)?
            }
        };
        Ok(self.program.insert(program))
    }

    /// The filter as text, in the form of seccomp_export_pfc(3).
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn pseudo_code(&mut self) -> Result<Vec<u8>, Error> {
        self.settle()?;
        pfc::render(self)
    }
}
