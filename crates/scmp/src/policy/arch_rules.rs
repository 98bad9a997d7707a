// SPDX-License-Identifier: LGPL-2.1-only
//! The rules of one architecture of a filter, by system call number, apart
//! from those that all architectures share (`shared_rules`).

use super::shared_rules::SharedRules;
use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::hash::{HashIndex, Mixer};
use crate::lower::{ArgumentUse, MAX_TESTS, Pruned, Reach, RuleList, RuleStore, RuleTests, Tree};
use crate::resolved::{
    Decision, OrderedRule, PLAIN_PRIORITY, ResolvedArch, ResolvedCall, TreeSource, USER_MASK,
    USER_SHIFT, View, WEIGHT_MASK, weighed,
};
use crate::rule::{Action, Comparison, EXTENSIONS};
use crate::syscalls::{Row, RowSet};

/// The rules of one system call, or its priority.
#[derive(Clone, Copy, Debug)]
struct Entry {
    number: u32,
    row: Option<Row>,
    /// The caller's priority hint, with the weight of the tree if there is one.
    priority: u32,
    rules: SyscallRules,
    /// The entry was made for a rule, not for a priority.
    from_rule: bool,
}

#[derive(Clone, Copy, Debug)]
enum SyscallRules {
    None,
    Always(Action),
    Rules(ConditionalRules),
}

/// The conditional rules of a call.
#[derive(Clone, Copy, Debug)]
struct ConditionalRules {
    list: RuleList,
    argument_use: ArgumentUse,
    /// The action of all rules, as long as there is no tree.
    action: Action,
    /// The position of their tree. There is one once a rule may contradict another, may
    /// make it redundant or may overflow the weight. Until then the tree depends on the
    /// rules only, and is built when the filter is resolved.
    tree: Option<u32>,
}

/// The rules of one architecture.
#[derive(Debug)]
pub(super) struct ArchRules {
    arch: Arch,
    /// In the order in which they were made.
    entries: Vec<Entry>,
    /// The entries by number, if there are more than `MAX_SCANNED`.
    by_number: HashIndex,
    rules: RuleStore,
    trees: Vec<Tree>,
    /// The rules that decide by their order, in the order in which they were added.
    pub(super) ordered: Vec<OrderedRule>,
    /// A multiplexer and a call of it that has an unconditional rule: [`ArchRules::resolve`]
    /// drops the call's ordered rules there.
    pub(super) whole_sub_calls: Vec<(u32, u32)>,
}

/// Up to this many entries are scanned one by one instead of hashed.
const MAX_SCANNED: usize = 8;

/// A rule as one architecture sees it.
#[derive(Clone, Copy)]
pub(super) struct ArchRule<'a> {
    /// The architecture's number of the system call.
    pub(super) number: u32,
    pub(super) action: Action,
    pub(super) comparisons: &'a [Comparison],
    pub(super) argument_use: ArgumentUse,
}

/// What [`ArchRules::commit`] will do for a rule.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plan {
    /// Nothing: the filter decides the rule's inputs already.
    Redundant,
    /// The rule is unconditional.
    Always,
    /// The rule becomes the only conditional rule of its call; it makes the others, if
    /// there are any, redundant.
    Only,
    /// The rule is added to the conditional rules of the entry at a position.
    Append { position: u32 },
}

impl ArchRules {
    pub(super) fn new(arch: Arch) -> ArchRules {
        ArchRules {
            arch,
            entries: Vec::new(),
            by_number: HashIndex::default(),
            rules: RuleStore::default(),
            trees: Vec::new(),
            ordered: Vec::new(),
            whole_sub_calls: Vec::new(),
        }
    }

    pub(super) fn copy(&self) -> Result<ArchRules, Error> {
        let mut trees = fallible::with_room(self.trees.len())?;
        for tree in &self.trees {
            trees.push(tree.copy()?);
        }
        let mut copy = ArchRules {
            arch: self.arch,
            entries: fallible::copy_of(&self.entries)?,
            by_number: HashIndex::default(),
            rules: self.rules.copy()?,
            trees,
            ordered: self.copy_of_ordered()?,
            whole_sub_calls: fallible::copy_of(&self.whole_sub_calls)?,
        };
        copy.index()?;
        Ok(copy)
    }

    fn copy_of_ordered(&self) -> Result<Vec<OrderedRule>, Error> {
        let mut copy = Vec::new();
        if EXTENSIONS {
            fallible::reserve(&mut copy, self.ordered.len())?;
            for rule in &self.ordered {
                copy.push(OrderedRule {
                    condition: rule.condition.copy()?,
                    ..*rule
                });
            }
        }
        Ok(copy)
    }

    pub(super) fn arch(&self) -> Arch {
        self.arch
    }

    /// The system calls with what their rules decide, in order. Builds the trees that are
    /// not stored.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn resolve<'a>(
        &'a self,
        shared: &SharedRules,
        view: View,
    ) -> Result<ResolvedArch<'a>, Error> {
        let ordered = self.ordered_by_number()?;
        let (mut calls, mut trees) = (Vec::new(), Vec::new());
        fallible::reserve(
            &mut calls,
            self.entries.len() + shared.count() + ordered.len(),
        )?;
        let mut own_rows = RowSet::default();
        for entry in &self.entries {
            let shared_action = entry.row.and_then(|row| shared.get(row));
            let call = self.resolve_entry(entry, shared_action, &mut trees)?;
            let is_own = matches!(entry.rules, SyscallRules::Always(_));
            if shared_action.is_some() && !is_own && call.priority == PLAIN_PRIORITY {
                // Instead, `visit` below adds the shared rule.
                continue;
            }
            if let Some(row) = entry.row {
                own_rows.add(row);
            }
            calls.push(call);
        }
        if EXTENSIONS {
            self.push_ordered(&mut calls, &ordered, shared);
        }
        calls.sort_unstable_by_key(ResolvedCall::order);
        let own = calls.len();
        let first = calls.partition_point(|call| call.priority > PLAIN_PRIORITY);
        let next = calls.get(first).map(|call| call.priority);
        shared.visit(self.arch, &own_rows, view, |number, action| {
            calls.push(ResolvedCall {
                number,
                priority: PLAIN_PRIORITY,
                decision: Decision::Always(action),
            });
        });
        // The architecture's own calls nearly all have conditional rules, and so lower
        // priorities than shared ones.
        calls[first..].rotate_left(own - first);
        if next == Some(PLAIN_PRIORITY) {
            calls.sort_unstable_by_key(ResolvedCall::order);
        }
        Ok(ResolvedArch {
            arch: self.arch,
            calls,
            ordered,
            trees,
            prioritized_first: self.entries.iter().filter(|e| !e.from_rule).count(),
        })
    }

    /// The rules that decide by their order, sorted by number; rules of one number stay in the
    /// order in which they were added.
    fn ordered_by_number(&self) -> Result<Vec<&OrderedRule>, Error> {
        let mut sorted = Vec::new();
        if EXTENSIONS {
            fallible::reserve(&mut sorted, self.ordered.len())?;
            let counts = |rule: &&OrderedRule| {
                let sub_call = rule.sub_call.map(|call| (rule.number, call));
                sub_call.is_none_or(|call| !self.whole_sub_calls.contains(&call))
            };
            sorted.extend(self.ordered.iter().filter(counts));
            // By their places too: a stable sort would allocate.
            sorted.sort_unstable_by_key(|rule| (rule.number, std::ptr::from_ref(*rule)));
        }
        Ok(sorted)
    }

    /// Adds the calls that have rules with conditions only; there is room. A call that has
    /// such rules counts as one test for each argument, when calls are ordered.
    fn push_ordered(
        &self,
        calls: &mut Vec<ResolvedCall>,
        ordered: &[&OrderedRule],
        shared: &SharedRules,
    ) {
        for rules in ordered.chunk_by(|one, next| one.number == next.number) {
            let number = rules[0].number;
            let row = self.arch.row_numbered(number);
            let is_shared = row.is_some_and(|row| shared.get(row).is_some());
            if is_shared || self.position(number).is_some() {
                continue;
            }
            let tests: usize = rules.iter().map(|rule| rule.condition.sets().len()).sum();
            calls.push(ResolvedCall {
                number,
                priority: weighed(0, tests.min(WEIGHT_MASK as usize) as u32),
                decision: Decision::None,
            });
        }
    }

    /// Whether a system call has a rule.
    pub(super) fn has_rules(&self) -> bool {
        let has_rules = |entry: &Entry| !matches!(entry.rules, SyscallRules::None);
        !self.ordered.is_empty() || self.entries.iter().any(has_rules)
    }

    fn resolve_entry<'a>(
        &'a self,
        entry: &Entry,
        shared: Option<Action>,
        trees: &mut Vec<TreeSource<'a>>,
    ) -> Result<ResolvedCall, Error> {
        let (decision, priority) = match (entry.rules, shared) {
            // The first unconditional rule wins.
            (SyscallRules::Always(action), _) | (_, Some(action)) => {
                (Decision::Always(action), weighed(entry.priority, 0))
            }
            (SyscallRules::None, None) => (Decision::None, entry.priority),
            (SyscallRules::Rules(rules), None) => {
                let tree = match rules.tree {
                    Some(tree) => TreeSource::Stored(&self.trees[tree as usize]),
                    None => TreeSource::Built(self.build(&rules)?),
                };
                let weight = tree.weight();
                let index = trees.len() as u32;
                fallible::push(trees, tree)?;
                (Decision::Tree(index), weighed(entry.priority, weight))
            }
        };
        Ok(ResolvedCall {
            number: entry.number,
            priority,
            decision,
        })
    }

    /// Adds the shared rules to those of this architecture.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn take_shared(&mut self, shared: &SharedRules) -> Result<(), Error> {
        self.reserve(shared.count())?;
        let (arch, none) = (self.arch, RowSet::default());
        shared.visit(arch, &none, View::Text, |number, action| {
            self.set_unconditional(number, action);
        });
        Ok(())
    }

    /// Makes room for two more rules: on a call, and on its multiplexer.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn reserve_rules(&mut self) -> Result<(), Error> {
        self.reserve(2)?;
        self.rules.reserve(2)
    }

    /// Makes room for `extra` more system calls.
    pub(super) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.entries, extra)?;
        match self.entries.len() + extra > MAX_SCANNED
            && self.by_number.room() < self.entries.capacity()
        {
            true => self.index(),
            false => Ok(()),
        }
    }

    fn index(&mut self) -> Result<(), Error> {
        if self.entries.capacity() <= MAX_SCANNED {
            return Ok(());
        }
        self.by_number = HashIndex::with_room(self.entries.capacity())?;
        for (position, entry) in (0..).zip(&self.entries) {
            self.by_number.insert(hash(entry.number), position);
        }
        Ok(())
    }

    // Index here only: each place that may panic costs a relocation (183, 189 without).
    fn at(&self, position: usize) -> &Entry {
        &self.entries[position]
    }

    fn at_mut(&mut self, position: usize) -> &mut Entry {
        &mut self.entries[position]
    }

    fn tree_mut(&mut self, place: u32) -> &mut Tree {
        &mut self.trees[place as usize]
    }

    fn position(&self, number: u32) -> Option<usize> {
        if self.by_number.room() == 0 {
            return self.entries.iter().position(|e| e.number == number);
        }
        let is = |position: u32| self.at(position as usize).number == number;
        let found = self.by_number.find(hash(number), is)?;
        Some(found as usize)
    }

    /// Checks a rule, reserves memory, and drops what the rule makes redundant in the tree,
    /// under the undo log. [`ArchRules::commit`] or [`ArchRules::withdraw`] must follow.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`], [`Error::OutOfMemory`].
    pub(super) fn plan(
        &mut self,
        rule: &ArchRule<'_>,
        shared: &SharedRules,
    ) -> Result<Plan, Error> {
        let known = self.position(rule.number);
        let (row, rules) = match known.map(|position| self.at(position)) {
            Some(entry) => (entry.row, &entry.rules),
            None => (self.arch.row_numbered(rule.number), &SyscallRules::None),
        };
        // The first unconditional rule wins.
        if row.is_some_and(|row| shared.get(row).is_some()) {
            return Ok(Plan::Redundant);
        }
        let rules = match rules {
            SyscallRules::Always(_) => return Ok(Plan::Redundant),
            _ if rule.argument_use.is_unconditional() => return Ok(Plan::Always),
            SyscallRules::None => return Ok(Plan::Only),
            SyscallRules::Rules(rules) => rules,
        };
        let position = known.unwrap_or_default();
        // With more than WEIGHT_MASK tests the priority depends on the order in which rules
        // were added and dropped, as in the C library, so the tree must be stored.
        let compared = rules.list.comparisons() + rule.comparisons.len();
        let weight_fits = compared * MAX_TESTS <= WEIGHT_MASK as usize;
        if !rules.argument_use.may_interact(rule.argument_use)
            && rules.tree.is_none()
            && rules.action == rule.action
            && weight_fits
        {
            let position = position as u32;
            return Ok(Plan::Append { position });
        }
        self.plan_interacting(position, rule, weight_fits)
    }

    /// [`ArchRules::plan`] for a conditional rule that may interact with the call's others.
    fn plan_interacting(
        &mut self,
        position: usize,
        rule: &ArchRule<'_>,
        weight_fits: bool,
    ) -> Result<Plan, Error> {
        let &ArchRule {
            action,
            comparisons,
            argument_use,
            ..
        } = rule;
        let SyscallRules::Rules(rules) = &mut self.entries[position].rules else {
            return Err(Error::Internal);
        };
        let word_size = self.arch.word_size();
        let tests = RuleTests::new(comparisons, word_size);
        let reach = match rules.argument_use.may_interact(argument_use) {
            true => {
                // For a call and its multiplexer.
                self.rules.index(&mut rules.list, word_size, 2)?;
                let list = self.rules.list(rules.list);
                list.reach(&tests, rules.argument_use.and(argument_use))
            }
            false => Reach::Nothing,
        };
        let rules = *rules;
        let append = Plan::Append {
            position: position as u32,
        };
        let needs_tree = reach != Reach::Nothing || rules.action != action || !weight_fits;
        if !needs_tree && rules.tree.is_none() {
            return Ok(append);
        }
        let place = self.stored_tree(position, rules)?;
        let tree = &mut self.trees[place as usize];
        tree.reserve_for(&tests)?;
        if reach == Reach::Nothing {
            tree.check(&tests, action)?;
            return Ok(append);
        }
        Ok(
            match tree.prune(&tests, action, &mut self.rules, rules.list, reach)? {
                Pruned::Redundant => Plan::Redundant,
                Pruned::Alone => Plan::Only,
                Pruned::Needed => append,
            },
        )
    }

    /// Carries out the plan for a rule. It can't fail, because
    /// [`ArchRules::reserve_rules`] has made room.
    pub(super) fn commit(&mut self, rule: &ArchRule<'_>, plan: Plan) {
        match plan {
            Plan::Redundant => {}
            Plan::Always => self.set_unconditional(rule.number, rule.action),
            Plan::Only => self.replace_rules(rule),
            Plan::Append { position } => {
                let entry = self.entries.get_mut(position as usize);
                let Some(Entry {
                    rules: SyscallRules::Rules(rules),
                    priority,
                    ..
                }) = entry
                else {
                    return;
                };
                let tests = RuleTests::new(rule.comparisons, self.arch.word_size());
                let before = rules.list.count() as u32;
                rules.argument_use = rules.argument_use.and(rule.argument_use);
                self.rules.append(&mut rules.list, &tests);
                if let Some(tree) = rules.tree {
                    let tree = &mut self.trees[tree as usize];
                    let before = self.rules.list(rules.list).take(before);
                    tree.keep_changes();
                    tree.insert(&tests, rule.action, before, rules.list.last());
                    *priority = weighed(*priority, tree.weight());
                }
            }
        }
    }

    /// Records that a call has an unconditional rule on a multiplexer; there is room.
    pub(super) fn add_whole(&mut self, multiplexer: u32, call: u32) {
        if !self.whole_sub_calls.contains(&(multiplexer, call)) {
            self.whole_sub_calls.push((multiplexer, call));
        }
    }

    /// Undoes the changes that planning a rule on a system call has made to its tree.
    pub(super) fn withdraw(&mut self, number: u32) {
        let position = self.position(number);
        let rules = position.map(|position| self.at(position).rules);
        if let Some(SyscallRules::Rules(ConditionalRules {
            tree: Some(tree), ..
        })) = rules
        {
            self.tree_mut(tree).undo();
        }
    }

    /// The place of the tree of a call's rules, which is built first if there is none.
    fn stored_tree(&mut self, position: usize, rules: ConditionalRules) -> Result<u32, Error> {
        if let Some(tree) = rules.tree {
            return Ok(tree);
        }
        let tree = self.build(&rules)?;
        let place = self.trees.len() as u32;
        fallible::push(&mut self.trees, tree)?;
        self.at_mut(position).rules = SyscallRules::Rules(ConditionalRules {
            tree: Some(place),
            ..rules
        });
        Ok(place)
    }

    fn build(&self, rules: &ConditionalRules) -> Result<Tree, Error> {
        let list = self.rules.list(rules.list);
        Tree::build(list, rules.action, self.arch.word_size())
    }

    /// Adds the first conditional rule of a call, or replaces all others by it. As in the
    /// C library, the caller's priority is lost then too.
    fn replace_rules(&mut self, rule: &ArchRule<'_>) {
        let list = self.rules.start(rule.comparisons);
        let position = self.entry(rule.number);
        let entry = self.at_mut(position);
        if let SyscallRules::Rules(old) = entry.rules {
            entry.priority = 0;
            if let Some(tree) = old.tree {
                *self.tree_mut(tree) = Tree::default();
            }
        }
        self.at_mut(position).rules = SyscallRules::Rules(ConditionalRules {
            list,
            argument_use: rule.argument_use,
            action: rule.action,
            tree: None,
        });
    }

    /// Adds an unconditional rule, unless there is one; room for a new system
    /// call has been reserved.
    fn set_unconditional(&mut self, number: u32, action: Action) {
        let position = self.entry(number);
        let rules = &mut self.at_mut(position).rules;
        if !matches!(rules, SyscallRules::Always(_)) {
            *rules = SyscallRules::Always(action);
        }
    }

    /// The position of a system call's entry; a new one is `from_rule`.
    fn entry(&mut self, number: u32) -> usize {
        if let Some(position) = self.position(number) {
            return position;
        }
        let position = self.entries.len();
        self.entries.push(Entry {
            number,
            row: self.arch.row_numbered(number),
            priority: 0,
            rules: SyscallRules::None,
            from_rule: true,
        });
        if self.by_number.room() > 0 {
            self.by_number.insert(hash(number), position as u32);
        }
        position
    }

    /// Raises the priority of a system call; room for it has been reserved.
    pub(super) fn prioritize(&mut self, number: u32, priority: u8, shared: &SharedRules) {
        let hint = u32::from(priority) << USER_SHIFT;
        let known = self.entries.len();
        let position = self.entry(number);
        let entry = self.at_mut(position);
        if hint > entry.priority & USER_MASK {
            entry.priority = entry.priority & !USER_MASK | hint;
        }
        if position == known {
            let shared_action = entry.row.and_then(|row| shared.get(row));
            entry.from_rule = shared_action.is_some();
        }
    }
}

fn hash(number: u32) -> u64 {
    let mut mixer = Mixer::default();
    mixer.mix(number);
    mixer.hash()
}
