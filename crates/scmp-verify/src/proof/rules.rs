// SPDX-License-Identifier: LGPL-2.1-only
//! Rules as they are written, evaluated directly: docs/decisions.md, points 1
//! to 5 and 7. Nothing here knows of trees or programs.

use std::collections::{BTreeSet, HashMap, HashSet};

use rustc_hash::FxBuildHasher;
use scmp::arch::X32_SYSCALL_BIT;
use scmp::syscalls::{self, KernelVersion};
use scmp::{Action, Arch, Comparison, Comparisons, Condition, Error, Operator, RuleMode};

use super::TooComplex;
use super::arguments::{compared, cut, holds, is_in, member};
use super::diagram::{Diagrams, Node};
use crate::SyscallData;
use crate::operation::Order;

/// System call -1. If a filter covers both x86_64 and x32, rules of both may be on this
/// number; then the decision of either is right.
const SKIP: u32 = u32::MAX;

/// A rule on a number of one architecture.
#[derive(Clone, Debug)]
struct Rule {
    arch: Arch,
    /// As the kernel sees it.
    number: u32,
    action: Action,
    /// All of them must hold for the rule to match.
    comparisons: Comparisons,
    /// What else must hold. Of the rules that have this, the first that matches decides.
    condition: Option<Condition>,
    /// For a rule on a multiplexer: the call that it is about, and whether the rule was written
    /// for all calls of it.
    of_call: Option<(u32, bool)>,
}

/// For each action's value, a function that is 1 where the action is right.
type Decided = HashMap<u32, Node, FxBuildHasher>;

/// The inputs for which each action of a rule set is right.
pub(super) struct Allowed {
    bad_architecture: u32,
    /// 1 for system calls of architectures that are covered.
    covered: Node,
    /// 1 for system call -1.
    skip: Node,
    by_all: Decided,
    /// For each architecture: a function that is 1 for system calls with its token, and
    /// what its rules decide.
    by_each: Vec<(Node, Decided)>,
}

/// Whether these hold for all arguments: if no bit counts.
fn all_hold(arch: Arch, comparisons: &Comparisons) -> bool {
    comparisons
        .iter()
        .all(|comparison| match comparison.operator() {
            Operator::MaskedEqual { mask } => cut(mask, comparison, arch) == 0,
            _ => false,
        })
}

impl Allowed {
    pub(super) fn by(rules: &RuleSet, diagrams: &mut Diagrams) -> Result<Allowed, TooComplex> {
        let by_all = rules.decided(diagrams, None)?;
        let mut by_each = Vec::new();
        for &arch in &rules.arches {
            let token = diagrams.equal(1, arch.audit_token())?;
            by_each.push((token, rules.decided(diagrams, Some(arch))?));
        }
        Ok(Allowed {
            bad_architecture: rules.bad_architecture.to_raw(),
            covered: rules.covered(diagrams)?,
            skip: diagrams.equal(0, SKIP)?,
            by_all,
            by_each,
        })
    }

    /// 1 where returning `value` is right, else 0.
    pub(super) fn where_right(
        &self,
        diagrams: &mut Diagrams,
        value: u32,
    ) -> Result<Node, TooComplex> {
        let right = |decided: &Decided| decided.get(&value).copied().unwrap_or(Node::NO);
        let mut by_any = Node::NO;
        for (token, by_it) in &self.by_each {
            let here = diagrams.and(*token, right(by_it))?;
            by_any = diagrams.or(here, by_any)?;
        }
        let decided = diagrams.choose(self.skip, by_any, right(&self.by_all))?;
        let bad = match self.bad_architecture == value {
            true => Node::YES,
            false => Node::NO,
        };
        diagrams.choose(self.covered, decided, bad)
    }
}

/// The rules of a filter, without trees or programs.
///
/// ```
/// use scmp::{Action, Arch, Comparisons, RuleMode, Syscall};
/// use scmp_verify::proof::RuleSet;
///
/// let mut rules = RuleSet::new(Action::Log, Action::KillThread, false, &[Arch::X86_64]);
/// let read = Syscall::from("read").number()?;
/// rules.add(Action::Allow, read, &Comparisons::NONE, RuleMode::BestEffort)?;
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RuleSet {
    default_action: Action,
    bad_architecture: Action,
    allow_skip: bool,
    arches: Vec<Arch>,
    rules: Vec<Rule>,
    unknown_calls: Option<(KernelVersion, Action)>,
    first_match: bool,
}

impl RuleSet {
    /// No rules yet, for these architectures. `allow_skip` says whether rules
    /// on -1 count.
    pub fn new(
        default_action: Action,
        bad_architecture: Action,
        allow_skip: bool,
        arches: &[Arch],
    ) -> RuleSet {
        RuleSet {
            default_action,
            bad_architecture,
            allow_skip,
            arches: arches.to_vec(),
            rules: Vec::new(),
            unknown_calls: None,
            first_match: false,
        }
    }

    /// Rules decide in the order in which they were added: [`scmp::Filter::first_match`].
    ///
    /// ```
    /// use scmp::{Action, Arch};
    /// use scmp_verify::proof::RuleSet;
    ///
    /// let mut rules = RuleSet::new(Action::Log, Action::KillThread, false, &[Arch::X86_64]);
    /// rules.first_match(true);
    /// ```
    pub fn first_match(&mut self, is_on: bool) {
        self.first_match = is_on;
    }

    /// Calls without a rule that the kernel does not have get an action:
    /// [`scmp::Filter::unknown_calls`].
    ///
    /// ```
    /// use scmp::syscalls::KernelVersion;
    /// use scmp::{Action, Arch};
    /// use scmp_verify::{SyscallData, proof::RuleSet};
    ///
    /// let mut rules = RuleSet::new(Action::Log, Action::KillThread, false, &[Arch::X86_64]);
    /// rules.unknown_calls(KernelVersion::NEWEST, Action::Trap(0));
    /// let newer = SyscallData::new(Arch::X86_64.audit_token(), 9999, [0; 6]);
    /// assert_eq!(rules.actions(&newer), [Action::Trap(0).to_raw()]);
    /// ```
    pub fn unknown_calls(&mut self, kernel: KernelVersion, action: Action) {
        self.unknown_calls = Some((kernel, action));
    }

    /// Adds a rule that [`scmp::Filter::add_rule`] has accepted, on a number
    /// of the native architecture.
    ///
    /// # Errors
    /// As [`scmp::Filter::add_rule`] for numbers and names.
    pub fn add(
        &mut self,
        action: Action,
        number: i32,
        comparisons: &Comparisons,
        mode: RuleMode,
    ) -> Result<(), Error> {
        self.add_to_each(action, number, comparisons, None, mode)
    }

    /// Adds a rule that [`scmp::Filter::add_rule_if`] has accepted.
    ///
    /// ```
    /// use scmp::{Action, Arch, RuleMode, Syscall};
    /// use scmp_verify::proof::RuleSet;
    ///
    /// let mut rules = RuleSet::new(Action::Log, Action::KillThread, false, &[Arch::X86_64]);
    /// let ioctl = Syscall::from("ioctl").number()?;
    /// let condition = "(int)a1 in {1, 5..=9}".parse()?;
    /// rules.add_if(Action::Allow, ioctl, &condition, RuleMode::BestEffort)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`RuleSet::add`].
    pub fn add_if(
        &mut self,
        action: Action,
        number: i32,
        condition: &Condition,
        mode: RuleMode,
    ) -> Result<(), Error> {
        let condition = (!condition.is_always()).then_some(condition);
        self.add_to_each(action, number, &Comparisons::NONE, condition, mode)
    }

    fn add_to_each(
        &mut self,
        action: Action,
        number: i32,
        comparisons: &Comparisons,
        condition: Option<&Condition>,
        mode: RuleMode,
    ) -> Result<(), Error> {
        let mut added = Vec::new();
        let compares = !comparisons.is_empty() || condition.is_some();
        for &arch in &self.arches {
            let targets = arch.rule_targets(number, mode, compares)?;
            let is_whole = condition.is_none() && all_hold(arch, comparisons);
            if let Some(to) = targets.multiplexed {
                // The multiplexer's first argument is the call.
                let mut others = Condition::always();
                for set in condition.iter().flat_map(|condition| condition.sets()) {
                    if set.argument() > 0 {
                        others.and(set)?;
                    }
                }
                added.push(Rule {
                    arch,
                    number: to.number,
                    action,
                    comparisons: comparisons.on_multiplexer(to.call),
                    condition: condition.map(|_| others),
                    of_call: Some((to.call, is_whole)),
                });
            }
            if let Some(number) = targets.direct {
                added.push(Rule {
                    arch,
                    number,
                    action,
                    comparisons: *comparisons,
                    condition: condition.cloned(),
                    of_call: None,
                });
            }
        }
        self.rules.extend(added);
        Ok(())
    }

    /// Takes over the architectures and rules of another set; its actions for
    /// other calls do not count.
    pub fn merge(&mut self, other: RuleSet) {
        self.arches.extend(other.arches);
        self.rules.extend(other.rules);
    }

    /// The rules that count, of one architecture or of all: those on numbers that the
    /// kernel sees. Of the rules on a number that has unconditional ones, only the first
    /// unconditional one counts, unless rules decide by their order. Of the rules on a call of
    /// a multiplexer that has unconditional ones, those with conditions do not count.
    fn effective(&self, of: Option<Arch>) -> Vec<&Rule> {
        let always = |rule: &&Rule| {
            !self.first_match && rule.condition.is_none() && all_hold(rule.arch, &rule.comparisons)
        };
        let whole = |rule: &Rule| {
            let (call, is_whole) = rule.of_call?;
            (is_whole && !self.first_match).then_some((rule.arch, rule.number, call))
        };
        let whole: HashSet<_> = self.rules.iter().filter_map(whole).collect();
        let yields = |rule: &Rule| {
            let of_call = rule.of_call.filter(|_| rule.condition.is_some());
            of_call.is_some_and(|(call, _)| whole.contains(&(rule.arch, rule.number, call)))
        };
        let mut unconditional = HashMap::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if always(&rule) {
                unconditional
                    .entry((rule.arch, rule.number))
                    .or_insert(index);
            }
        }
        let counts = |&(index, rule): &(usize, &Rule)| {
            let seen = (rule.number as i32) >= 0 || (rule.number == SKIP && self.allow_skip);
            let first = unconditional.get(&(rule.arch, rule.number));
            seen && first.is_none_or(|&first| first == index)
                && !yields(rule)
                && of.is_none_or(|arch| arch == rule.arch)
        };
        self.rules
            .iter()
            .enumerate()
            .filter(counts)
            .map(|(_, rule)| rule)
            .collect()
    }

    /// The actions that are right for a system call.
    pub fn actions(&self, input: &SyscallData) -> Vec<u32> {
        if !self.covers(input) {
            return vec![self.bad_architecture.to_raw()];
        }
        let mut actions = match input.number {
            SKIP => self
                .arches
                .iter()
                .filter(|arch| arch.audit_token() == input.audit_token)
                .flat_map(|&arch| self.actions_of(Some(arch), input))
                .collect(),
            _ => self.actions_of(None, input),
        };
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    /// The actions of the matching rules, of one architecture or all.
    fn actions_of(&self, of: Option<Arch>, input: &SyscallData) -> Vec<u32> {
        let matches = |rule: &&Rule| {
            let arguments = &input.arguments;
            let holds = |comparison: &Comparison| holds(comparison, rule.arch, arguments);
            rule.arch.audit_token() == input.audit_token
                && rule.number == input.number
                && rule.comparisons.iter().all(holds)
                && (rule.condition.iter().flat_map(|condition| condition.sets()))
                    .all(|set| is_in(set, rule.arch, arguments))
        };
        let matching: Vec<&Rule> = self.effective(of).into_iter().filter(matches).collect();
        if let Some(first) = matching.iter().find(|rule| self.is_ordered(rule)) {
            return vec![first.action.to_raw()];
        }
        let actions = matching.iter().map(|rule| rule.action.to_raw());
        let mut actions: Vec<u32> = actions.collect();
        if actions.is_empty() {
            let action = match self.unknown_calls {
                Some((_, action)) if !self.has_number(of, input) => action,
                _ => self.default_action,
            };
            actions.push(action.to_raw());
        }
        actions
    }

    /// Whether the first match among rules of this kind decides.
    fn is_ordered(&self, rule: &Rule) -> bool {
        self.first_match || rule.condition.is_some()
    }

    /// Whether a number has a rule, or is of a call that the kernel has.
    fn has_number(&self, of: Option<Arch>, input: &SyscallData) -> bool {
        let mut arches = self.arches.iter().filter(|arch| {
            arch.audit_token() == input.audit_token && of.is_none_or(|of| of == **arch)
        });
        arches.any(|&arch| self.numbers(arch).contains(&input.number))
    }

    /// The numbers of an architecture that have a rule, or are of calls that the kernel has;
    /// none if unknown calls do not matter.
    fn numbers(&self, arch: Arch) -> BTreeSet<u32> {
        let Some((kernel, _)) = self.unknown_calls else {
            return BTreeSet::new();
        };
        // The number of the architecture's first call.
        let base = match arch {
            Arch::X32 => X32_SYSCALL_BIT,
            Arch::Mips | Arch::Mipsel => 4000,
            Arch::Mips64 | Arch::Mipsel64 => 5000,
            Arch::Mips64n32 | Arch::Mipsel64n32 => 6000,
            _ => 0,
        };
        let ruled = self.effective(Some(arch)).into_iter();
        let known = syscalls::rows().filter(|&row| {
            let first = syscalls::first_kernel(row, arch.abi());
            first.is_some_and(|first| first <= kernel)
        });
        let known = known.filter_map(|row| syscalls::number(row, arch.abi()));
        let ruled = ruled.map(|rule| rule.number);
        known.map(|number| base + number).chain(ruled).collect()
    }

    fn covers(&self, input: &SyscallData) -> bool {
        let bit = input.number >= X32_SYSCALL_BIT;
        self.arches.iter().any(|arch| {
            arch.audit_token() == input.audit_token
                && match arch {
                    Arch::X86_64 => !bit || input.number == SKIP,
                    Arch::X32 => bit,
                    _ => true,
                }
        })
    }

    /// For each action, the inputs for which the rules of one architecture, or of all,
    /// allow it.
    fn decided(&self, diagrams: &mut Diagrams, of: Option<Arch>) -> Result<Decided, TooComplex> {
        // The cost of searching for the rules that count.
        diagrams.spend(self.rules.len() as u64)?;
        let mut decided = Decided::default();
        let mut matching = Node::NO;
        // Ordered rules first; each removes its inputs from later rules.
        let (ordered, others): (Vec<&Rule>, Vec<&Rule>) = self
            .effective(of)
            .into_iter()
            .partition(|rule| self.is_ordered(rule));
        let mut taken = Node::NO;
        for rule in ordered.into_iter().chain(others) {
            let all = self.matches(diagrams, rule)?;
            let here = diagrams.without(all, taken)?;
            if self.is_ordered(rule) {
                taken = diagrams.or(here, taken)?;
            }
            matching = diagrams.or(here, matching)?;
            let action = decided.entry(rule.action.to_raw()).or_insert(Node::NO);
            *action = diagrams.or(here, *action)?;
        }
        let unknown = match self.unknown_calls {
            Some(_) => self.unknown(diagrams, of)?,
            None => Node::NO,
        };
        let by_default = diagrams.without(Node::YES, unknown)?;
        let unknown_action = self.unknown_calls.map(|(_, action)| (action, unknown));
        let others = [(self.default_action, by_default)];
        for (action, here) in others.into_iter().chain(unknown_action) {
            let unmatched = diagrams.without(here, matching)?;
            let all = decided.entry(action.to_raw()).or_insert(Node::NO);
            *all = diagrams.or(unmatched, *all)?;
        }
        Ok(decided)
    }

    /// 1 for the numbers of one architecture, or of all, that have no rule and that the
    /// kernel does not have.
    fn unknown(&self, diagrams: &mut Diagrams, of: Option<Arch>) -> Result<Node, TooComplex> {
        let mut known = Node::NO;
        let arches = self.arches.iter();
        for &arch in arches.filter(|&&arch| of.is_none_or(|of| of == arch)) {
            let token = diagrams.equal(1, arch.audit_token())?;
            let mut numbers = self.numbers(arch).into_iter().peekable();
            let mut here = Node::NO;
            while let Some(first) = numbers.next() {
                let mut last = first;
                while let Some(next) = numbers.next_if(|next| last.checked_add(1) == Some(*next)) {
                    last = next;
                }
                let mut compare = |order, value| diagrams.compare(0, u32::MAX, order, value);
                let above = compare(Order::Greater, last)?;
                let from = compare(Order::GreaterOrEqual, first)?;
                let inside = diagrams.without(from, above)?;
                here = diagrams.or(inside, here)?;
            }
            let here = diagrams.and(token, here)?;
            known = diagrams.or(here, known)?;
        }
        diagrams.without(Node::YES, known)
    }

    fn covered(&self, diagrams: &mut Diagrams) -> Result<Node, TooComplex> {
        let has_bit = Order::GreaterOrEqual;
        let has_bit = diagrams.compare(0, u32::MAX, has_bit, X32_SYSCALL_BIT)?;
        let skip = diagrams.equal(0, SKIP)?;
        let mut covered = Node::NO;
        for arch in &self.arches {
            let token = diagrams.equal(1, arch.audit_token())?;
            let number = match arch {
                Arch::X86_64 => {
                    let plain = diagrams.without(Node::YES, has_bit)?;
                    diagrams.or(skip, plain)?
                }
                Arch::X32 => has_bit,
                _ => Node::YES,
            };
            let here = diagrams.and(token, number)?;
            covered = diagrams.or(here, covered)?;
        }
        Ok(covered)
    }

    fn matches(&self, diagrams: &mut Diagrams, rule: &Rule) -> Result<Node, TooComplex> {
        let token = diagrams.equal(1, rule.arch.audit_token())?;
        let number = diagrams.equal(0, rule.number)?;
        let mut all = diagrams.and(token, number)?;
        for comparison in rule.comparisons.iter() {
            let here = compared(diagrams, rule.arch, comparison)?;
            all = diagrams.and(all, here)?;
        }
        for set in rule.condition.iter().flat_map(|condition| condition.sets()) {
            let here = member(diagrams, rule.arch, set)?;
            all = diagrams.and(all, here)?;
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::{Answer, check};
    use scmp::Filter;
    use scmp::WordSize;

    fn comparisons(argument: u8, operator: Operator, datum: u64) -> Comparisons {
        Comparisons::new(&[Comparison::new(argument, operator, datum).unwrap()]).unwrap()
    }

    #[test]
    fn a_program_is_proven_and_another_refuted() {
        let arch = Arch::native();
        let most = match arch.word_size() {
            WordSize::Bits32 => 2,
            WordSize::Bits64 => 0x1_0000_0002,
        };
        let below = comparisons(0, Operator::Less, 1);
        let above = comparisons(0, Operator::Greater, most);
        let mut filter = Filter::new(Action::KillThread).unwrap();
        let mut rules = RuleSet::new(Action::KillThread, Action::KillThread, false, &[arch]);
        filter
            .add_rule(Action::Allow, 16, &below, RuleMode::Exact)
            .unwrap();
        rules
            .add(Action::Allow, 16, &below, RuleMode::Exact)
            .unwrap();
        assert_eq!(check(filter.program().unwrap(), &rules), Ok(Answer::Equal));
        filter
            .add_rule(Action::Allow, 16, &above, RuleMode::Exact)
            .unwrap();
        let Ok(Answer::Different(difference)) = check(filter.program().unwrap(), &rules) else {
            panic!("the second rule is not among the rules");
        };
        assert!(difference.input.arguments[0] > most);
        rules
            .add(Action::Allow, 16, &above, RuleMode::Exact)
            .unwrap();
        assert_eq!(check(filter.program().unwrap(), &rules), Ok(Answer::Equal));
    }
}
