// SPDX-License-Identifier: LGPL-2.1-only
//! A filter as code generation and text see it: for each architecture its system
//! calls in order, with what their rules decide.

use std::ops::{Deref, RangeInclusive};

use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::lower::Tree;
use crate::rule::{Action, Attributes, Condition, EXTENSIONS};
use crate::syscalls::KernelVersion;

/// Which system calls a view has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Those of the program: calls that the kernel may see.
    Program,
    /// Those of the text: in addition calls with pseudo numbers.
    Text,
}

/// A filter, resolved.
pub(crate) struct Resolved<'a> {
    /// For calls that no rule matches.
    pub(crate) default_action: Action,
    pub(crate) attributes: Attributes,
    /// The action for calls that have no rule and came after a given kernel; `None`: the
    /// default action.
    pub(crate) unknown_calls: Option<UnknownCalls>,
    /// In the order in which the filter got them.
    pub(crate) arches: Vec<ResolvedArch<'a>>,
}

/// Calls that a release of Linux does not have: those that came later, and numbers that
/// no call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnknownCalls {
    pub(crate) kernel: KernelVersion,
    pub(crate) action: Action,
}

impl UnknownCalls {
    /// The numbers of an architecture that the kernel has, as it sees them: runs in rising
    /// order, with numbers between them that it lacks.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn known(&self, arch: Arch) -> Result<Vec<RangeInclusive<u32>>, Error> {
        let mut runs: Vec<RangeInclusive<u32>> = Vec::new();
        let mut failed = None;
        arch.calls_until(self.kernel, |number| match runs.last_mut() {
            Some(last) if number <= last.end().saturating_add(1) => *last = *last.start()..=number,
            _ => failed = failed.or(fallible::push(&mut runs, number..=number).err()),
        });
        failed.map_or(Ok(runs), Err)
    }
}

/// A rule on a number of an architecture that decides in the order in which it was added: a
/// rule with a condition. In a filter of which the first matching rule decides, all rules are
/// of this kind.
#[derive(Debug)]
pub(crate) struct OrderedRule {
    pub(crate) number: u32,
    /// For a multiplexer: the call that the rule is about.
    pub(crate) sub_call: Option<u32>,
    pub(crate) action: Action,
    pub(crate) condition: Condition,
}

/// One architecture of a filter.
pub(crate) struct ResolvedArch<'a> {
    pub(crate) arch: Arch,
    /// By falling priority; among equals by rising number.
    pub(crate) calls: Vec<ResolvedCall>,
    /// The rules that decide by their order, by number. They decide before the call's
    /// [`Decision`] does, unless that is [`Decision::Always`].
    pub(crate) ordered: Vec<&'a OrderedRule>,
    /// The trees that [`Decision::Tree`] names.
    pub(crate) trees: Vec<TreeSource<'a>>,
    /// How many entries `prioritize` made, whether or not a rule followed. Only text needs
    /// this: the C library leaves these calls out when it computes the depth of the search tree.
    pub(crate) prioritized_first: usize,
}

/// A system call of one architecture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResolvedCall {
    /// As the kernel sees it; a pseudo number is negative, wrapped to `u32`.
    pub(crate) number: u32,
    /// Calls of higher priority are tested first. The caller's hint outranks the
    /// weight, which is higher for fewer tests.
    pub(crate) priority: u32,
    pub(crate) decision: Decision,
}

/// What the rules of one system call decide.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Decision {
    /// The call has a priority or rules that decide by their order, but no others.
    None,
    /// An unconditional rule.
    Always(Action),
    /// Conditional rules: the index of their tree.
    Tree(u32),
}

/// A tree that the filter keeps, or that was built for this view.
pub(crate) enum TreeSource<'a> {
    Stored(&'a Tree),
    Built(Tree),
}

impl Deref for TreeSource<'_> {
    type Target = Tree;

    fn deref(&self) -> &Tree {
        match self {
            TreeSource::Stored(tree) => tree,
            TreeSource::Built(tree) => tree,
        }
    }
}

impl ResolvedArch<'_> {
    /// How many tests the trees have together, at most.
    pub(crate) fn test_count(&self) -> usize {
        self.trees().map(Tree::test_count).sum()
    }

    pub(crate) fn trees(&self) -> impl Iterator<Item = &Tree> {
        self.trees.iter().map(Deref::deref)
    }

    /// The rules of [`ResolvedArch::ordered`] that decide a call before others, in order.
    pub(crate) fn ordered_of(&self, call: &ResolvedCall) -> &[&OrderedRule] {
        if !EXTENSIONS || self.ordered.is_empty() || matches!(call.decision, Decision::Always(_)) {
            return &[];
        }
        let first = self
            .ordered
            .partition_point(|rule| rule.number < call.number);
        let rest = &self.ordered[first..];
        &rest[..rest.partition_point(|rule| rule.number == call.number)]
    }

    /// The tree that a decision names.
    pub(crate) fn tree(&self, index: u32) -> &Tree {
        &self.trees[index as usize]
    }
}

impl ResolvedCall {
    /// Sort key: by falling priority, among equals by rising number.
    pub(crate) fn order(&self) -> u64 {
        u64::from(!self.priority) << 32 | u64::from(self.number)
    }

    /// Whether the kernel can see the number: pseudo numbers are never seen, -1 if a
    /// tracer skips a call.
    pub(crate) fn is_seen(&self, allow_skip: bool) -> bool {
        let number = self.number as i32;
        number >= 0 || (number == -1 && allow_skip)
    }
}

/// The caller's priority is in the bits above the weight.
pub(crate) const USER_SHIFT: u32 = 16;
pub(crate) const USER_MASK: u32 = 0x00ff_0000;
pub(crate) const WEIGHT_MASK: u32 = 0x0000_ffff;

/// The priority of an unconditional rule without a hint.
pub(crate) const PLAIN_PRIORITY: u32 = WEIGHT_MASK;

/// The hint, 0 to 255, in a priority.
pub(crate) fn hint(priority: u32) -> u8 {
    ((priority & USER_MASK) >> USER_SHIFT) as u8
}

/// `priority` with the weight of `tests` tests. As in the C library, more than
/// `WEIGHT_MASK` tests set all of the caller's bits, permanently.
pub(crate) fn weighed(priority: u32, tests: u32) -> u32 {
    priority & !WEIGHT_MASK | WEIGHT_MASK.wrapping_sub(tests)
}
