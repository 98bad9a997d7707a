// SPDX-License-Identifier: LGPL-2.1-only
//! The rules of a filter, by architecture, and whether a rule is accepted.
//!
//! A rule is first planned on every architecture: all that can fail (an unknown
//! name, a conflict, memory) happens then. Only if no architecture refuses are the
//! plans committed. So a failed rule changes no decision; it may leave a tree and an index that
//! were built early, and reserved memory.

mod arch_rules;
mod shared_rules;

use crate::arch::{Arch, Call, Scope};
use crate::error::Error;
use crate::fallible;
use crate::lower::ArgumentUse;
use crate::resolved::{OrderedRule, ResolvedArch, View};
use crate::rule::{Action, Comparisons, Condition, EXTENSIONS, Endian, RuleMode, WordSize};
use crate::syscalls::Row;
use arch_rules::{ArchRule, ArchRules, Plan};
use shared_rules::SharedRules;

/// The rules of a filter.
#[derive(Debug)]
pub(crate) struct Policy {
    state: State,
    /// The state that each open transaction restores, innermost last.
    transactions: Vec<State>,
    /// The plans for the rule that is being added. Kept, to reuse its memory; empty
    /// between calls.
    planned: Vec<RuleTarget>,
}

/// Undoes the plans of a rule when it is dropped, also during a panic, which the C layer
/// catches. [`Policy::commit`] empties the list of plans first. Undoing cannot panic: it puts
/// back nodes that are there.
struct Planning<'a>(&'a mut Policy);

impl Drop for Planning<'_> {
    fn drop(&mut self) {
        let policy = &mut *self.0;
        while let Some(target) = policy.planned.pop() {
            policy.state.arches[target.arch as usize].withdraw(target.number);
        }
    }
}

/// What a transaction may change.
#[derive(Debug)]
struct State {
    arches: Vec<ArchRules>,
    /// Unconditional rules that hold on all of these architectures.
    shared: SharedRules,
    /// All rules are ordered.
    first_match: bool,
    /// A rule has asked for notifications.
    notifies: bool,
}

/// A number of an architecture that a rule applies to.
#[derive(Clone, Copy, Debug)]
struct RuleTarget {
    /// The architecture's position.
    arch: u32,
    number: u32,
    /// For a multiplexer: the value that its first argument must have.
    sub_call: Option<u32>,
    argument_use: ArgumentUse,
    plan: Plan,
}

impl State {
    fn copy(&self) -> Result<State, Error> {
        let mut arches = fallible::with_room(self.arches.len())?;
        for rules in &self.arches {
            arches.push(rules.copy()?);
        }
        Ok(State {
            arches,
            shared: self.shared.copy()?,
            ..*self
        })
    }
}

impl Policy {
    /// No rules, for the native architecture.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn new() -> Result<Policy, Error> {
        let mut arches = Vec::new();
        fallible::push(&mut arches, ArchRules::new(Arch::native()))?;
        Ok(Policy {
            state: State {
                arches,
                shared: SharedRules::default(),
                first_match: false,
                notifies: false,
            },
            transactions: Vec::new(),
            planned: Vec::new(),
        })
    }

    /// Copies the rules and the open transactions.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn copy(&self) -> Result<Policy, Error> {
        let mut transactions = fallible::with_room(self.transactions.len())?;
        for state in &self.transactions {
            transactions.push(state.copy()?);
        }
        Ok(Policy {
            state: self.state.copy()?,
            transactions,
            planned: Vec::new(),
        })
    }

    /// Whether a rule has asked for notifications.
    pub(crate) fn notifies(&self) -> bool {
        self.state.notifies
    }

    /// The architectures, in the order in which they were added.
    pub(crate) fn arches(&self) -> impl ExactSizeIterator<Item = Arch> + '_ {
        self.state.arches.iter().map(ArchRules::arch)
    }

    fn has_arch(&self, arch: Arch) -> bool {
        self.arches().any(|present| present == arch)
    }

    /// The byte order; `None` without architectures.
    pub(crate) fn endian(&self) -> Option<Endian> {
        self.arches().next().map(Arch::endian)
    }

    /// Adds an architecture without rules.
    ///
    /// # Errors
    /// [`Error::ArchitecturePresent`], [`Error::EndiannessMismatch`],
    /// [`Error::OutOfMemory`].
    pub(crate) fn add_arch(&mut self, arch: Arch) -> Result<(), Error> {
        if self.has_arch(arch) {
            return Err(Error::ArchitecturePresent);
        }
        if self.endian().is_some_and(|endian| endian != arch.endian()) {
            return Err(Error::EndiannessMismatch);
        }
        self.materialize_shared_rules()?;
        fallible::push(&mut self.state.arches, ArchRules::new(arch))
    }

    /// Removes an architecture and its rules.
    ///
    /// # Errors
    /// [`Error::ArchitectureMissing`].
    pub(crate) fn remove_arch(&mut self, arch: Arch) -> Result<(), Error> {
        let position = self.arches().position(|present| present == arch);
        self.state
            .arches
            .remove(position.ok_or(Error::ArchitectureMissing)?);
        Ok(())
    }

    /// Moves the architectures of `other` here; it is left without any.
    ///
    /// # Errors
    /// [`Error::EndiannessMismatch`], [`Error::ArchitecturePresent`],
    /// [`Error::OutOfMemory`].
    pub(crate) fn merge(&mut self, other: &mut Policy) -> Result<(), Error> {
        // A filter without architectures fits any.
        let differs = |own| other.endian().is_some_and(|endian| endian != own);
        if self.endian().is_some_and(differs) {
            return Err(Error::EndiannessMismatch);
        }
        if other.arches().any(|arch| self.has_arch(arch)) {
            return Err(Error::ArchitecturePresent);
        }
        fallible::reserve(&mut self.state.arches, other.state.arches.len())?;
        self.materialize_shared_rules()?;
        other.materialize_shared_rules()?;
        self.state.arches.append(&mut other.state.arches);
        self.state.notifies |= other.state.notifies;
        other.state.notifies = false;
        other.transactions.clear();
        Ok(())
    }

    /// Adds a rule to every architecture.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`], [`Error::UnknownSyscall`],
    /// [`Error::NotOnArchitecture`], [`Error::InexactMultiplexed`],
    /// [`Error::OutOfMemory`].
    pub(crate) fn add_rule(
        &mut self,
        action: Action,
        number: i32,
        comparisons: &Comparisons,
        mode: RuleMode,
    ) -> Result<(), Error> {
        if self.first_match() {
            let condition = |word_size| Condition::of(comparisons, word_size);
            return self.add_ordered(action, number, condition, mode);
        }
        let call = Arch::native_call(number);
        let (shared, is_multiplexed) = match call.scope() {
            Scope::Named(row) if comparisons.is_empty() => (Some(row), false),
            Scope::Multiplexed(row) if comparisons.is_empty() => {
                (Some(row), self.arches().any(Arch::is_multiplexed))
            }
            _ => (None, false),
        };
        match shared {
            Some(row) if !is_multiplexed => self.add_shared(row, action, mode)?,
            _ => self.add_to_each(action, call, shared, comparisons, mode)?,
        }
        self.state.notifies |= action == Action::Notify;
        Ok(())
    }

    /// Whether the filter has a rule.
    pub(crate) fn has_rules(&self) -> bool {
        // Without architectures, shared rules hold on none, and later ones don't get them.
        let shared = self.state.shared.count() > 0 && !self.state.arches.is_empty();
        shared || self.state.arches.iter().any(ArchRules::has_rules)
    }

    /// Whether rules decide in the order in which they were added.
    pub(crate) fn first_match(&self) -> bool {
        EXTENSIONS && self.state.first_match
    }

    pub(crate) fn set_first_match(&mut self, is_on: bool) {
        self.state.first_match = is_on;
    }

    /// Adds a rule with a condition, which may depend on the word size, to every
    /// architecture.
    ///
    /// # Errors
    /// As for [`Policy::add_rule`], but for [`Error::ConflictingRule`].
    pub(crate) fn add_ordered(
        &mut self,
        action: Action,
        number: i32,
        condition: impl Fn(WordSize) -> Result<Condition, Error>,
        mode: RuleMode,
    ) -> Result<(), Error> {
        let call = Arch::native_call(number);
        let mut added = Vec::new();
        for (position, rules) in self.state.arches.iter_mut().enumerate() {
            let arch = rules.arch();
            let condition = condition(arch.word_size())?;
            let (exact, compares) = (mode == RuleMode::Exact, !condition.is_always());
            let targets = arch.targets(call, exact, compares)?;
            fallible::reserve(&mut rules.ordered, 2)?;
            for (number, sub_call) in targets.numbers() {
                let condition = match sub_call {
                    Some(call) => condition.on_multiplexer(call)?,
                    None => condition.copy()?,
                };
                let rule = OrderedRule {
                    number,
                    sub_call,
                    action,
                    condition,
                };
                fallible::push(&mut added, (position, rule))?;
            }
        }
        for (position, rule) in added {
            self.state.arches[position].ordered.push(rule);
        }
        self.state.notifies |= action == Action::Notify;
        Ok(())
    }

    /// Adds an unconditional rule on a call that no architecture multiplexes.
    fn add_shared(&mut self, row: Row, action: Action, mode: RuleMode) -> Result<(), Error> {
        if mode == RuleMode::Exact && !self.arches().all(|arch| arch.has(row)) {
            return Err(Error::NotOnArchitecture);
        }
        self.state.shared.add(row, action)
    }

    /// Plans a rule on every architecture, then commits the plans; with `shared`, the
    /// call's own number gets a shared rule.
    fn add_to_each(
        &mut self,
        action: Action,
        call: Call,
        shared: Option<Row>,
        comparisons: &Comparisons,
        mode: RuleMode,
    ) -> Result<(), Error> {
        let planning = Planning(self);
        let policy = &mut *planning.0;
        policy.plan(action, call, shared.is_some(), comparisons, mode)?;
        if let Some(row) = shared {
            policy.state.shared.add(row, action)?;
        }
        policy.commit(action, comparisons);
        Ok(())
    }

    /// Plans a rule on every architecture. [`Planning`] undoes the changes.
    /// With `multiplexer_only`, skips the call's own number.
    fn plan(
        &mut self,
        action: Action,
        call: Call,
        multiplexer_only: bool,
        comparisons: &Comparisons,
        mode: RuleMode,
    ) -> Result<(), Error> {
        fallible::reserve(&mut self.planned, 2 * self.state.arches.len())?;
        let (exact, compares) = (mode == RuleMode::Exact, !comparisons.is_empty());
        for (arch, rules) in (0..).zip(&mut self.state.arches) {
            let targets = rules.arch().targets(call, exact, compares)?;
            rules.reserve_rules()?;
            for (number, sub_call) in targets.numbers() {
                if multiplexer_only && sub_call.is_none() {
                    continue;
                }
                let adjusted = sub_call.map(|call| comparisons.on_multiplexer(call));
                let comparisons = adjusted.as_ref().unwrap_or(comparisons).as_slice();
                let argument_use = ArgumentUse::of(comparisons, rules.arch().word_size());
                let rule = ArchRule {
                    number,
                    action,
                    comparisons,
                    argument_use,
                };
                self.planned.push(RuleTarget {
                    arch,
                    number,
                    sub_call,
                    argument_use,
                    plan: Plan::Redundant,
                });
                let plan = rules.plan(&rule, &self.state.shared)?;
                let target = self.planned.last_mut().ok_or(Error::Internal)?;
                target.plan = plan;
                if EXTENSIONS && sub_call.is_some() {
                    fallible::reserve(&mut rules.whole_sub_calls, 1)?;
                }
            }
        }
        Ok(())
    }

    /// Carries out the plans; can't fail.
    fn commit(&mut self, action: Action, comparisons: &Comparisons) {
        for target in self.planned.iter() {
            let rules = &mut self.state.arches[target.arch as usize];
            let adjusted = target.sub_call.map(|call| comparisons.on_multiplexer(call));
            let rule = ArchRule {
                number: target.number,
                action,
                comparisons: adjusted.as_ref().unwrap_or(comparisons).as_slice(),
                argument_use: target.argument_use,
            };
            rules.commit(&rule, target.plan);
            if let (true, Some(call)) = (EXTENSIONS, target.sub_call) {
                let word_size = rules.arch().word_size();
                if ArgumentUse::of(comparisons.as_slice(), word_size).is_unconditional() {
                    rules.add_whole(target.number, call);
                }
            }
        }
        self.planned.clear();
    }

    /// Copies the shared rules into each architecture, before the set of
    /// architectures changes. Idempotent: safe to retry after running out of memory.
    fn materialize_shared_rules(&mut self) -> Result<(), Error> {
        if self.state.shared.count() == 0 {
            return Ok(());
        }
        for rules in &mut self.state.arches {
            rules.take_shared(&self.state.shared)?;
        }
        self.state.shared.clear();
        Ok(())
    }

    /// Raises the priority of a system call on every architecture that has it.
    ///
    /// # Errors
    /// [`Error::UnknownSyscall`], [`Error::InvalidArgument`],
    /// [`Error::OutOfMemory`].
    pub(crate) fn prioritize(&mut self, number: i32, priority: u8) -> Result<(), Error> {
        let mut numbers = fallible::with_room(self.state.arches.len())?;
        let call = Arch::native_call(number);
        for rules in &mut self.state.arches {
            let arch = rules.arch();
            let number = arch.rewrite(arch.translate(call)?.number)?;
            rules.reserve(1)?;
            numbers.push(number);
        }
        for (rules, number) in self.state.arches.iter_mut().zip(numbers) {
            if let Some(number) = number {
                rules.prioritize(number, priority, &self.state.shared);
            }
        }
        Ok(())
    }

    /// Opens a transaction.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn start_transaction(&mut self) -> Result<(), Error> {
        let before = self.state.copy()?;
        fallible::push(&mut self.transactions, before)
    }

    /// Ends the innermost transaction and undoes its changes; false if there is none.
    pub(crate) fn reject_transaction(&mut self) -> bool {
        let Some(before) = self.transactions.pop() else {
            return false;
        };
        self.state = before;
        true
    }

    /// Ends the innermost transaction and keeps its changes.
    pub(crate) fn commit_transaction(&mut self) {
        self.transactions.pop();
    }

    /// Each architecture's system calls with what their rules decide, in order.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn resolve(&self, view: View) -> Result<Vec<ResolvedArch<'_>>, Error> {
        let mut resolved = fallible::with_room(self.state.arches.len())?;
        for rules in &self.state.arches {
            resolved.push(rules.resolve(&self.state.shared, view)?);
        }
        Ok(resolved)
    }
}

#[cfg(test)]
pub(crate) mod worked_example;

#[cfg(test)]
mod panics {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::lower::faults::EDITS_LEFT;

    /// Regression: after a panic that the C layer caught, programs lacked a rule that planning
    /// had dropped.
    #[test]
    fn a_rule_whose_planning_panics_changes_nothing() {
        let number = Arch::native().syscall_number("dup").unwrap();
        let add = |policy: &mut Policy, texts: &[&str]| {
            let all: Vec<_> = texts.iter().map(|text| text.parse().unwrap()).collect();
            let comparisons = Comparisons::new(&all).unwrap();
            policy.add_rule(Action::Log, number, &comparisons, RuleMode::BestEffort)
        };
        let mut policy = Policy::new().unwrap();
        for arch in [Arch::X86, Arch::Aarch64] {
            // One of them may be the machine's own; s390x has another byte order.
            let _ = policy.add_arch(arch);
        }
        add(&mut policy, &["a0 == 1", "a1 == 2"]).unwrap();
        add(&mut policy, &["a0 == 3", "a1 == 2"]).unwrap();
        let weights = |policy: &Policy| {
            let resolved = policy.resolve(View::Program).unwrap();
            let calls = resolved.into_iter().flat_map(|arch| arch.calls);
            calls.map(|call| call.priority).collect::<Vec<_>>()
        };
        let before = weights(&policy);
        let mut panics = 0;
        loop {
            EDITS_LEFT.set(Some(panics));
            let added = catch_unwind(AssertUnwindSafe(|| add(&mut policy, &["a1 == 2"])));
            EDITS_LEFT.set(None);
            if added.is_ok() {
                break;
            }
            panics += 1;
            assert_eq!(weights(&policy), before, "after edit {panics}");
        }
        assert!(panics > 3 && weights(&policy) != before);
    }
}

#[cfg(all(test, feature = "extensions"))]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_transaction_restores_how_rules_decide() {
        let number = Arch::native().syscall_number("dup").unwrap();
        let compared = Comparisons::new(&["a0 == 1".parse().unwrap()]).unwrap();
        for first_match in [true, false] {
            for comparisons in [Comparisons::NONE, compared] {
                let mut policy = Policy::new().unwrap();
                policy.set_first_match(first_match);
                let mode = RuleMode::BestEffort;
                let added = policy.add_rule(Action::Log, number, &comparisons, mode);
                added.unwrap();
                policy.start_transaction().unwrap();
                policy.remove_arch(Arch::native()).unwrap();
                assert!(!policy.has_rules());
                policy.set_first_match(!first_match);
                let mut copy = policy.copy().unwrap();
                for policy in [&mut policy, &mut copy] {
                    policy.reject_transaction();
                    assert!(policy.has_rules() && policy.first_match() == first_match);
                }
            }
        }
    }
}
