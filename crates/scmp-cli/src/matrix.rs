// SPDX-License-Identifier: LGPL-2.1-only
//! What a filter does with each system call of each architecture.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use scmp::Arch;
use scmp::arch::X32_SYSCALL_BIT;
use scmp_verify::decision::{Analysis, Field, Function, Term, Unanswered};

use crate::comparison::Difference;
use crate::input::Subject;
use crate::names;
use crate::wording::has_high_halves;

/// An analysis of filters, and what it has described so far.
#[derive(Default)]
pub struct Explorer {
    pub analysis: Analysis,
    described: HashMap<Function, Vec<Decision>>,
    /// What is known of pairs of functions.
    pub differences: HashMap<[Function; 2], Vec<Difference>>,
}

/// What a filter does with each system call of each architecture.
pub struct Matrix {
    /// The decision for every input.
    pub whole: Function,
    pub arches: Vec<ArchCalls>,
    /// What calls of architectures get that are not among `arches`, and their tokens: each
    /// one that the programs tell from others, and an example of each range of them.
    pub others: Vec<(u64, Function)>,
}

/// For which architectures a filter's decision is taken apart.
pub struct Scope {
    /// In the order of [`Arch::all`].
    pub arches: Vec<Arch>,
    others: Vec<(u64, Function)>,
}

/// What the system calls of one architecture get.
pub struct ArchCalls {
    pub arch: Arch,
    /// By name.
    pub calls: Vec<Call>,
    /// Numbers that no call of the table has.
    pub unknown: Vec<(RangeInclusive<u32>, Function)>,
}

impl ArchCalls {
    /// The call of this name, if the architecture has it.
    pub fn find(&self, name: &str) -> Option<&Call> {
        let place = self.calls.binary_search_by_key(&name, |call| call.name);
        place.ok().map(|place| &self.calls[place])
    }
}

/// What a system call gets, as a function of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    pub name: &'static str,
    /// As the kernel sees it.
    pub number: u32,
    pub decided: Function,
}

/// What a filter returns, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// `SECCOMP_RET_*` with its data.
    pub value: u32,
    /// One of these conditions holds; without them, none of the other decisions' does.
    pub terms: Option<Vec<Term>>,
}

/// The most ranges of numbers that are told apart.
const MAX_RANGES: usize = 1 << 16;

impl Explorer {
    /// The filter's matrix for the architectures of its [`Scope`].
    pub fn matrix(&mut self, subject: &Subject, wanted: &[Arch]) -> Result<Matrix, Unanswered> {
        let whole = self.analysis.of_stack(&subject.programs)?;
        let Scope { arches, others } = self.scope(subject, whole, wanted)?;
        let arches = arches.into_iter().map(|arch| self.arch_calls(whole, arch));
        Ok(Matrix {
            whole,
            arches: arches.collect::<Result<_, _>>()?,
            others,
        })
    }

    /// The wanted architectures that are the subject's own; else the subject's; else those whose tokens the programs
    /// tell from others; else this machine's. `whole` is the decision for every input.
    pub fn scope(
        &mut self,
        subject: &Subject,
        whole: Function,
        wanted: &[Arch],
    ) -> Result<Scope, Unanswered> {
        let wanted = &subject.own(wanted)[..];
        let mut told_apart = Vec::new();
        let mut ranges = Vec::new();
        for (tokens, decided) in self.analysis.split(whole, Field::Architecture)? {
            let tokens = self.analysis.ranges(tokens, MAX_RANGES)?;
            let single = |range: &&RangeInclusive<u64>| range.start() == range.end();
            let singles = tokens.iter().filter(single);
            told_apart.extend(singles.map(|range| (*range.start(), decided)));
            // A range is what is left between tokens: one example is enough.
            let many = tokens.iter().find(|range| range.start() != range.end());
            ranges.extend(many.map(|range| (*range.start(), decided)));
        }
        let has_token = |arch: &Arch, token| u64::from(arch.audit_token()) == token;
        let of_token =
            |&(token, _): &(u64, Function)| Arch::all().filter(move |arch| has_token(arch, token));
        let found: Vec<Arch> = told_apart.iter().flat_map(of_token).collect();
        let native = [Arch::native()];
        let lists = [wanted, &subject.arches, &found, &native];
        let first = lists.into_iter().find(|arches| !arches.is_empty());
        let mut arches = first.unwrap_or_default().to_vec();
        // They share a token, so the filter decides on both.
        let both = [Arch::X86_64, Arch::X32];
        if wanted.is_empty() && arches.iter().any(|arch| both.contains(arch)) {
            arches.extend(both);
        }
        let mut others = Vec::new();
        for (token, decided) in told_apart {
            if arches.iter().any(|arch| has_token(arch, token)) {
                continue;
            }
            let mut known = Arch::all().filter(|arch| has_token(arch, token));
            let decided = match known.any(|arch| !has_high_halves(arch)) {
                true => self.analysis.with_short_arguments(decided)?,
                false => decided,
            };
            others.push((token, decided));
        }
        others.extend(ranges);
        let arches = Arch::all().filter(|arch| arches.contains(arch));
        Ok(Scope {
            arches: arches.collect(),
            others,
        })
    }

    /// What each call of an architecture gets.
    pub fn arch_calls(&mut self, whole: Function, arch: Arch) -> Result<ArchCalls, Unanswered> {
        let analysis = &mut self.analysis;
        let token = arch.audit_token().into();
        let mut here = analysis.fix(whole, Field::Architecture, token)?;
        if !has_high_halves(arch) {
            here = analysis.with_short_arguments(here)?;
        }
        let mut parts: Vec<(RangeInclusive<u32>, Function)> = Vec::new();
        for (numbers, decided) in analysis.split(here, Field::Number)? {
            for range in analysis.ranges(numbers, MAX_RANGES)? {
                let ends = [*range.start(), *range.end()].map(|end| end as u32);
                parts.extend(of_arch(arch, ends[0]..=ends[1]).map(|range| (range, decided)));
            }
        }
        parts.sort_by_key(|(range, _)| *range.start());
        let at = |number: u32| {
            let place = parts.partition_point(|(range, _)| *range.end() < number);
            parts.get(place).map(|(_, decided)| *decided)
        };
        let mut calls: Vec<Call> = names::all()
            .filter_map(|name| {
                let number = names::number(arch, name)?;
                let decided = at(number)?;
                Some(Call {
                    name,
                    number,
                    decided,
                })
            })
            .collect();
        calls.sort_by_key(|call| call.name);
        let known: BTreeSet<u32> = calls.iter().map(|call| call.number).collect();
        let unknown = parts
            .iter()
            .flat_map(|(range, decided)| {
                gaps(range.clone(), &known)
                    .into_iter()
                    .map(|gap| (gap, *decided))
            })
            .collect();
        Ok(ArchCalls {
            arch,
            calls,
            unknown: merged(unknown),
        })
    }

    /// What a function returns, and when: the decision that is longest to describe is what
    /// happens otherwise, and comes last.
    pub fn decisions(&mut self, function: Function) -> Result<Vec<Decision>, Unanswered> {
        if let Some(known) = self.described.get(&function) {
            return Ok(known.clone());
        }
        let mut decisions = Vec::new();
        let mut lengths = Vec::new();
        for value in self.analysis.values(function)? {
            let here = self.analysis.where_value(function, value)?;
            let terms = self.analysis.terms(here)?;
            let mut length = terms.len();
            for set in terms.iter().flat_map(|term| &term.tests) {
                let described = self.analysis.describe(*set)?;
                length += described.parts.len() + usize::from(described.negated);
            }
            lengths.push(length);
            let terms = Some(terms);
            decisions.push(Decision { value, terms });
        }
        let longest = (0..lengths.len()).max_by_key(|&index| lengths[index]);
        if let Some(longest) = longest {
            let mut otherwise = decisions.remove(longest);
            otherwise.terms = None;
            decisions.push(otherwise);
        }
        self.described.insert(function, decisions.clone());
        Ok(decisions)
    }
}

/// The parts of a range that have the architecture's numbers. x86_64 and x32 share their
/// token; a bit of the number tells them apart, but for -1, which a skipped call has.
fn of_arch(arch: Arch, range: RangeInclusive<u32>) -> impl Iterator<Item = RangeInclusive<u32>> {
    let parts: &[RangeInclusive<u32>] = match arch {
        Arch::X86_64 => &[0..=X32_SYSCALL_BIT - 1, u32::MAX..=u32::MAX],
        Arch::X32 => &[X32_SYSCALL_BIT..=u32::MAX - 1],
        _ => &[0..=u32::MAX],
    };
    parts.iter().filter_map(move |part| {
        let first = *part.start().max(range.start());
        let last = *part.end().min(range.end());
        (first <= last).then_some(first..=last)
    })
}

/// What a range has beside the known numbers.
fn gaps(range: RangeInclusive<u32>, known: &BTreeSet<u32>) -> Vec<RangeInclusive<u32>> {
    let mut gaps = Vec::new();
    let mut next = Some(*range.start());
    for &number in known.range(range.clone()) {
        if let Some(first) = next.filter(|first| *first < number) {
            gaps.push(first..=number - 1);
        }
        next = number.checked_add(1);
    }
    gaps.extend(
        next.filter(|first| first <= range.end())
            .map(|first| first..=*range.end()),
    );
    gaps
}

/// Ranges with one function that follow each other become one.
fn merged(ranges: Vec<(RangeInclusive<u32>, Function)>) -> Vec<(RangeInclusive<u32>, Function)> {
    let mut merged: Vec<(RangeInclusive<u32>, Function)> = Vec::new();
    for (range, decided) in ranges {
        match merged.last_mut() {
            Some((last, same))
                if *same == decided && last.end().checked_add(1) == Some(*range.start()) =>
            {
                *last = *last.start()..=*range.end();
            }
            _ => merged.push((range, decided)),
        }
    }
    merged
}
