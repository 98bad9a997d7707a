// SPDX-License-Identifier: LGPL-2.1-only
//! Filters: rules on system calls, for one or several architectures.

mod action;
mod arch_filter;
mod attributes;
mod comparison;
mod verdicts;

pub use action::{Action, Errno};
use arch_filter::Accepted;
pub(crate) use arch_filter::{ArchFilter, Decision, PLAIN_PRIORITY, RuledCall, hint};
pub use attributes::{Attributes, Optimization};
pub(crate) use comparison::{ARGUMENTS, Kind, imply};
pub use comparison::{Comparison, Comparisons, Operator};
pub(crate) use verdicts::Verdicts;

use crate::arch::{Arch, Call, Endian, Scope};
use crate::bpf::Program;
use crate::error::{Error, Invalid};
use crate::syscalls::Row;
use crate::tree::{Shape, Tree};
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
    /// Rules that hold on all of these architectures.
    verdicts: Verdicts,
    /// What each open transaction goes back to, innermost last.
    transactions: Vec<Snapshot>,
    notifies: bool,
    generated: Option<Generated>,
    pending: Pending,
}

/// A filter's program, with the settings that it was generated with.
#[derive(Debug)]
struct Generated {
    program: Program,
    attributes: Attributes,
}

/// The rule that is being added, as far as architectures have accepted it.
/// Kept for its memory; empty between calls.
#[derive(Debug, Default)]
struct Pending {
    landings: Vec<Landing>,
    trees: Vec<Tree>,
}

impl Pending {
    fn clear(&mut self) {
        self.landings.clear();
        self.trees.clear();
    }
}

/// A number of an architecture that the rule lands on.
#[derive(Clone, Copy, Debug)]
struct Landing {
    /// The architecture's position.
    arch: u32,
    number: u32,
    /// For a multiplexer: what its first argument must equal.
    call: Option<u32>,
    shape: Shape,
    accepted: Accepted,
}

/// What a rejected transaction restores.
#[derive(Debug)]
struct Snapshot {
    arches: Vec<ArchFilter>,
    verdicts: Verdicts,
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
            verdicts: Verdicts::default(),
            transactions: Vec::new(),
            notifies: default_action == Action::Notify,
            generated: None,
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
        &mut self.attributes
    }

    /// Whether a rule has asked for notifications, so that loading needs a
    /// listener.
    pub fn notifies(&self) -> bool {
        self.notifies
    }

    /// The architectures that the filter covers, in the order of the program.
    pub fn arches(&self) -> impl ExactSizeIterator<Item = Arch> + '_ {
        self.arches.iter().map(ArchFilter::arch)
    }

    /// Whether the filter covers the architecture.
    pub fn has_arch(&self, arch: Arch) -> bool {
        self.arches().any(|present| present == arch)
    }

    /// What the architectures have apart from [`Filter::verdicts`].
    pub(crate) fn arch_filters(&self) -> &[ArchFilter] {
        &self.arches
    }

    /// What all architectures have in common.
    pub(crate) fn verdicts(&self) -> &Verdicts {
        &self.verdicts
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
        self.generated = None;
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
        self.generated = None;
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
            return Err(Error::InvalidArgument(Invalid::SettingsDiffer));
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
        self.generated = None;
        other.notifies = false;
        other.transactions.clear();
        other.generated = None;
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
        match comparisons.is_empty() {
            true => self.add_unconditional_rule(action, number, how),
            false => self.add_conditional_rule(action, number, how, |all| {
                *all = *comparisons;
                Ok(())
            }),
        }
    }

    /// The same, of a rule without comparisons.
    // Most rules are; the way here is half of what they cost.
    #[inline(always)]
    pub(crate) fn add_unconditional_rule(
        &mut self,
        action: Action,
        number: i32,
        how: Match,
    ) -> Result<(), Error> {
        self.check_rule(action, number, how)?;
        let call = Arch::native_call(number);
        match call.scope() {
            // What a multiplexer carries has numbers of its own as well.
            Scope::Carried(row) if self.arches().any(Arch::is_multiplexed) => {
                self.add_to_each(action, call, Some(row), &Comparisons::NONE, how)?;
            }
            Scope::Named(row) | Scope::Carried(row) => {
                if how == Match::Exact {
                    self.check_exact(call)?;
                }
                self.verdicts.add(row, action)?;
            }
            Scope::Numbered => self.add_to_each(action, call, None, &Comparisons::NONE, how)?,
        }
        self.changed(action);
        Ok(())
    }

    /// The same, of a rule with comparisons, which are asked for when nothing
    /// else speaks against it.
    #[inline]
    pub(crate) fn add_conditional_rule(
        &mut self,
        action: Action,
        number: i32,
        how: Match,
        compare: impl FnOnce(&mut Comparisons) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.check_rule(action, number, how)?;
        let call = Arch::native_call(number);
        let mut comparisons = Comparisons::NONE;
        compare(&mut comparisons)?;
        // Most filters that compare have one architecture, and one number has
        // to accept the rule; no other can refuse it then.
        let (exact, compares) = (how == Match::Exact, !comparisons.is_empty());
        if let [filter] = &mut self.arches[..] {
            let targets = filter.arch().targets(call, exact, compares)?;
            if let (Some(number), None) = (targets.direct, targets.multiplexed) {
                let compared = comparisons.as_slice();
                let shape = Shape::of(compared, filter.arch().word_size());
                let (verdicts, trees) = (&self.verdicts, &mut self.pending.trees);
                filter.reserve_rules()?;
                let accepted = filter.accept(number, action, compared, shape, verdicts, trees)?;
                filter.apply(number, accepted, action, compared, shape, trees);
                trees.clear();
                self.changed(action);
                return Ok(());
            }
        }
        self.add_to_each(action, call, None, &comparisons, how)?;
        self.changed(action);
        Ok(())
    }

    #[inline(always)]
    fn changed(&mut self, action: Action) {
        self.notifies |= action == Action::Notify;
        self.generated = None;
    }

    /// Whether each architecture takes an unconditional rule as it is.
    #[inline(never)]
    fn check_exact(&self, call: Call) -> Result<(), Error> {
        for arch in self.arches() {
            arch.targets(call, true, false)?;
        }
        Ok(())
    }

    /// Adds a rule to each architecture. With a `name`, only what multiplexers
    /// carry of it: the rest is a rule that all have in common.
    #[inline(never)]
    fn add_to_each(
        &mut self,
        action: Action,
        call: Call,
        name: Option<Row>,
        comparisons: &Comparisons,
        how: Match,
    ) -> Result<(), Error> {
        // Everything that can fail comes before the first change.
        let accepted = self.accept(action, call, name.is_some(), comparisons, how);
        let common = match (accepted, name) {
            (Ok(()), Some(row)) => self.verdicts.add(row, action),
            (accepted, _) => accepted,
        };
        match common {
            Ok(()) => self.apply(action, comparisons),
            Err(_) => self.pending.clear(),
        }
        common
    }

    /// Gives each architecture the rules that all have in common, because
    /// another is to come. What has been given when memory runs out is given
    /// again the next time, which changes nothing.
    fn settle(&mut self) -> Result<(), Error> {
        if self.verdicts.count() == 0 {
            return Ok(());
        }
        for filter in &mut self.arches {
            filter.settle(&self.verdicts)?;
        }
        self.verdicts.clear();
        Ok(())
    }

    /// Has every architecture check a rule and prepare for it. `carried_only`:
    /// the call's own number needs nothing.
    #[inline]
    fn accept(
        &mut self,
        action: Action,
        call: Call,
        carried_only: bool,
        comparisons: &Comparisons,
        how: Match,
    ) -> Result<(), Error> {
        let verdicts = &self.verdicts;
        let Pending { landings, trees } = &mut self.pending;
        fallible::reserve(landings, 2 * self.arches.len())?;
        for (arch, filter) in (0..).zip(&mut self.arches) {
            let (exact, compares) = (how == Match::Exact, !comparisons.is_empty());
            let targets = filter.arch().targets(call, exact, compares)?;
            filter.reserve_rules()?;
            let own = targets.direct.filter(|_| !carried_only);
            let carried = targets.multiplexed.map(|to| (to.number, Some(to.call)));
            let mut next = carried.or(own.map(|number| (number, None)));
            while let Some((number, call)) = next {
                let compared = comparisons.on(call);
                let compared = compared.as_slice();
                let shape = Shape::of(compared, filter.arch().word_size());
                landings.push(Landing {
                    arch,
                    number,
                    call,
                    shape,
                    accepted: filter.accept(number, action, compared, shape, verdicts, trees)?,
                });
                next = call.and(own).map(|number| (number, None));
            }
        }
        Ok(())
    }

    #[inline]
    fn apply(&mut self, action: Action, comparisons: &Comparisons) {
        let Pending { landings, trees } = &mut self.pending;
        for landing in landings.iter() {
            let filter = &mut self.arches[landing.arch as usize];
            let compared = comparisons.on(landing.call);
            let Landing {
                number,
                shape,
                accepted,
                ..
            } = *landing;
            filter.apply(number, accepted, action, compared.as_slice(), shape, trees);
        }
        self.pending.clear();
    }

    /// Asks that a system call be tested early; it keeps the highest priority
    /// it was given. Architectures that lack the call are left out.
    ///
    /// # Errors
    /// [`Error::UnknownSyscall`], [`Error::InvalidArgument`] and
    /// [`Error::OutOfMemory`] as for [`Filter::add_rule`].
    pub fn prioritize(&mut self, number: i32, priority: u8) -> Result<(), Error> {
        self.check_number(number)?;
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
                filter.prioritize(number, priority, &self.verdicts);
            }
        }
        self.generated = None;
        Ok(())
    }

    /// Whether the filter can take a rule with this action on this number at
    /// all.
    #[inline]
    fn check_rule(&self, action: Action, number: i32, how: Match) -> Result<(), Error> {
        self.check_number(number)?;
        if action == self.default_action {
            return Err(Error::ActionIsDefault);
        }
        if how == Match::Exact && self.arches.len() > 1 {
            return Err(Error::ExactNeedsOneArchitecture);
        }
        Ok(())
    }

    /// Whether a rule or a priority may name this system call number.
    #[inline]
    fn check_number(&self, number: i32) -> Result<(), Error> {
        match number {
            -1 if self.attributes.allow_skip => Ok(()),
            -99..=-1 => Err(Error::InvalidArgument(Invalid::ReservedNumber)),
            _ => Ok(()),
        }
    }

    /// Opens a transaction: [`Filter::reject_transaction`] goes back to the
    /// rules and architectures of this moment. Transactions nest.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn start_transaction(&mut self) -> Result<(), Error> {
        let mut copies = Vec::new();
        fallible::reserve(&mut copies, self.arches.len())?;
        for filter in &self.arches {
            copies.push(filter.copy()?);
        }
        let snapshot = Snapshot {
            arches: copies,
            verdicts: self.verdicts.copy()?,
            notifies: self.notifies,
        };
        fallible::push(&mut self.transactions, snapshot)
    }

    /// Ends the innermost transaction and undoes its changes. Does nothing
    /// without one.
    pub fn reject_transaction(&mut self) {
        if let Some(snapshot) = self.transactions.pop() {
            self.arches = snapshot.arches;
            self.verdicts = snapshot.verdicts;
            self.notifies = snapshot.notifies;
            self.generated = None;
        }
    }

    /// Ends the innermost transaction and keeps its changes. Does nothing
    /// without one.
    pub fn commit_transaction(&mut self) {
        self.transactions.pop();
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
                program: compiler::compile(self)?,
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
        pfc::render(self)
    }
}
