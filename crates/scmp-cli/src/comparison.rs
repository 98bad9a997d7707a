// SPDX-License-Identifier: LGPL-2.1-only
//! What two filters decide differently.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use scmp::{Arch, WordSize};
use scmp_verify::SyscallData;
use scmp_verify::decision::{Field, Function, Order, Term, Unanswered, ValueSet};

use crate::input::Subject;
use crate::matrix::{ArchCalls, Explorer};
use crate::names;
use crate::wording::{self, ArchCall};

/// The most ranges of architectures' tokens that are told apart.
const MAX_RANGES: usize = 1 << 16;

/// Calls for which two filters return different values.
pub struct Change {
    pub calls: Calls,
    pub difference: Difference,
}

/// Inputs for which one function has a value and another a different one.
#[derive(Clone)]
pub struct Difference {
    /// What the first one returns (`SECCOMP_RET_*` with its data), and the second one.
    pub values: [u32; 2],
    /// One of these conditions holds; empty if the arguments do not matter.
    pub when: Vec<Term>,
    /// One of the inputs. What does not matter in it is 0.
    pub example: SyscallData,
}

/// The calls of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calls {
    Named(Arch, &'static str),
    /// Numbers without a name.
    Numbers(Arch, RangeInclusive<u32>),
    /// Calls of architectures that neither filter has rules for: of one, of some of them,
    /// or of all that are left.
    Foreign {
        /// One of their `AUDIT_ARCH_*` values.
        token: u32,
        which: Foreign,
    },
}

/// Architectures that neither of two filters has rules for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    One,
    Some,
    AllOthers,
}

impl Calls {
    /// Their architecture, if it is one that is known: it tells the names of errnos.
    pub fn arch(&self) -> Option<Arch> {
        match *self {
            Calls::Named(arch, _) | Calls::Numbers(arch, _) => Some(arch),
            Calls::Foreign {
                token,
                which: Foreign::One,
            } => Arch::of_call(token, 0),
            Calls::Foreign { .. } => None,
        }
    }

    /// What tells the names of their arguments.
    pub fn arch_call(&self) -> ArchCall<'static> {
        match self {
            Calls::Named(arch, name) => ArchCall::of(*arch, *name),
            Calls::Numbers(arch, _) => ArchCall::of(*arch, None),
            Calls::Foreign { .. } => ArchCall::default(),
        }
    }
}

/// A call of these, with its architecture: `x86_64 socket(2)`.
pub fn shown(calls: &Calls, input: &SyscallData) -> String {
    let call = calls.arch_call();
    let text = wording::call(input, call);
    match call.arch {
        Some(arch) => format!("{} {text}", arch.name()),
        None => format!("architecture {:#x} {text}", input.audit_token),
    }
}

/// The architectures whose calls are compared, of those that an option names; all if there
/// are none. Of filters that were built for machines, the option has named the machines, and
/// all that they run counts.
pub fn compared<'a, 'b>(
    filters: impl IntoIterator<Item = &'b Subject>,
    wanted: &'a [Arch],
) -> &'a [Arch] {
    let mut filters = filters.into_iter();
    match filters.all(|filter| filter.machine.is_some()) {
        true => &[],
        false => wanted,
    }
}

/// Every difference between two filters, each architecture's calls by name: of the wanted
/// architectures, or of all.
pub fn changes(
    explorer: &mut Explorer,
    first: &Subject,
    second: &Subject,
    wanted: &[Arch],
) -> Result<Vec<Change>, Unanswered> {
    let wanted = compared([first, second], wanted);
    let mut wholes = Vec::new();
    let mut arches = Vec::new();
    for subject in [first, second] {
        let whole = explorer.analysis.of_stack(&subject.programs)?;
        arches.extend(explorer.scope(subject, whole, wanted)?.arches);
        wholes.push(whole);
    }
    let mut changes = Vec::new();
    for arch in Arch::all().filter(|arch| arches.contains(arch)) {
        let one = explorer.arch_calls(wholes[0], arch)?;
        let other = explorer.arch_calls(wholes[1], arch)?;
        for (calls, [from, to]) in pairs(&one, &other) {
            changes.extend(explorer.differ(&calls, from, to)?);
        }
    }
    if wanted.is_empty() {
        changes.extend(explorer.foreign([wholes[0], wholes[1]], &arches)?);
    }
    Ok(changes)
}

/// The decisions of two filters for the same calls.
fn pairs(one: &ArchCalls, other: &ArchCalls) -> Vec<(Calls, [Function; 2])> {
    let arch = one.arch;
    let named = one.calls.iter().zip(&other.calls);
    let mut pairs: Vec<(Calls, [Function; 2])> = named
        .map(|(one, other)| (Calls::Named(arch, one.name), [one.decided, other.decided]))
        .collect();
    // Both lists cover the same numbers.
    let mut starts = BTreeMap::new();
    for (index, list) in [&one.unknown, &other.unknown].into_iter().enumerate() {
        for (range, decided) in list {
            starts.entry(*range.start()).or_insert([None; 2])[index] = Some((range, decided));
        }
    }
    let mut here = [None; 2];
    let starts: Vec<_> = starts.into_iter().collect();
    for (index, (start, new)) in starts.iter().enumerate() {
        for (here, new) in here.iter_mut().zip(new) {
            *here = new.or(*here);
        }
        let [Some((one, from)), Some((other, to))] = here else {
            continue;
        };
        let next = starts.get(index + 1).map_or(u32::MAX, |(next, _)| next - 1);
        let end = next.min(*one.end()).min(*other.end());
        pairs.push((Calls::Numbers(arch, *start..=end), [*from, *to]));
    }
    pairs
}

impl Explorer {
    /// Where two functions differ, by what they return.
    pub fn differ(
        &mut self,
        calls: &Calls,
        from: Function,
        to: Function,
    ) -> Result<Vec<Change>, Unanswered> {
        let differences = match self.differences.get(&[from, to]) {
            Some(known) => known.clone(),
            None => {
                let found = self.differences_of(from, to)?;
                self.differences.insert([from, to], found.clone());
                found
            }
        };
        let change = |difference: Difference| Change {
            calls: calls.clone(),
            difference: Difference {
                example: with_number(difference.example, calls),
                ..difference
            },
        };
        Ok(differences.into_iter().map(change).collect())
    }

    fn differences_of(
        &mut self,
        from: Function,
        to: Function,
    ) -> Result<Vec<Difference>, Unanswered> {
        let mut differences = Vec::new();
        if from == to {
            return Ok(differences);
        }
        for old in self.analysis.values(from)? {
            for new in self.analysis.values(to)? {
                if old == new {
                    continue;
                }
                let here = self.analysis.where_value(from, old)?;
                let there = self.analysis.where_value(to, new)?;
                let both = self.analysis.both(here, there)?;
                let Some(example) = self.analysis.example(both)? else {
                    continue;
                };
                let mut when = self.analysis.terms(both)?;
                if when.iter().any(|term| term.tests.is_empty()) {
                    when.clear();
                }
                differences.push(Difference {
                    values: [old, new],
                    when,
                    example,
                });
            }
        }
        Ok(differences)
    }

    /// Where two filters differ on calls of other architectures.
    fn foreign(
        &mut self,
        [from, to]: [Function; 2],
        arches: &[Arch],
    ) -> Result<Vec<Change>, Unanswered> {
        let [all, nothing] = [self.analysis.constant(1)?, self.analysis.constant(0)?];
        let covered = self.covered(arches)?;
        // Also architectures on whose calls they differ.
        let mut named = covered;
        let from = self.analysis.split(from, Field::Architecture)?;
        let to = self.analysis.split(to, Field::Architecture)?;
        // Tokens, and what their calls get from both.
        let mut parts = Vec::new();
        for (of_first, from) in from {
            let here = self.has_value(of_first)?;
            let here = self.analysis.without(here, covered)?;
            for &(of_second, to) in to.iter().filter(|(_, to)| *to != from) {
                let there = self.has_value(of_second)?;
                let both = self.analysis.both(here, there)?;
                named = self.analysis.either(both, named)?;
                for (tokens, is_in) in self.analysis.split(both, Field::Architecture)? {
                    if is_in != nothing {
                        parts.push((self.analysis.ranges(tokens, MAX_RANGES)?, from, to));
                    }
                }
            }
        }
        let is_one = |range: &RangeInclusive<u64>| range.start() == range.end();
        let is_list = |tokens: &Vec<_>| tokens.iter().all(is_one);
        let ranges = parts.iter().filter(|(tokens, ..)| !is_list(tokens));
        let is_rest = ranges.count() == 1 && named == all;
        let mut changes = Vec::new();
        for (tokens, from, to) in parts {
            let list = is_list(&tokens);
            let which = match (list, is_rest) {
                (true, _) => Foreign::One,
                (false, true) => Foreign::AllOthers,
                (false, false) => Foreign::Some,
            };
            // Of ranges, one example is enough.
            let tokens = tokens.iter().filter(|range| list || !is_one(range));
            let most = if list { usize::MAX } else { 1 };
            for range in tokens.take(most) {
                let token = *range.start() as u32;
                changes.extend(self.differ(&Calls::Foreign { token, which }, from, to)?);
            }
        }
        Ok(changes)
    }

    /// 1 where a field has one of these values, else 0.
    fn has_value(&mut self, values: ValueSet) -> Result<Function, Unanswered> {
        self.analysis.of_term(&Term {
            tests: vec![values],
        })
    }

    /// 1 for calls that carry the token of one of these architectures, else 0.
    fn covered(&mut self, arches: &[Arch]) -> Result<Function, Unanswered> {
        let mut covered = self.analysis.constant(0)?;
        for arch in arches {
            let token = arch.audit_token().into();
            let (field, order) = (Field::Architecture, Order::Equal);
            let (width, mask) = (WordSize::Bits64, u64::MAX);
            let here = self.analysis.compare(field, width, mask, order, token)?;
            covered = self.analysis.either(here, covered)?;
        }
        Ok(covered)
    }
}

/// The example as a call of the architecture.
fn with_number(mut example: SyscallData, calls: &Calls) -> SyscallData {
    let (arch, number) = match calls {
        Calls::Named(arch, name) => (arch, names::number(*arch, name).unwrap_or(u32::MAX)),
        Calls::Numbers(arch, range) => (arch, *range.start()),
        Calls::Foreign { token, .. } => {
            example.audit_token = *token;
            return example;
        }
    };
    example.audit_token = arch.audit_token();
    example.number = number;
    example
}
