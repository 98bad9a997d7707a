// SPDX-License-Identifier: LGPL-2.1-only
//! Pseudo filter code: a filter as text, in the C library's form.

mod text;

use crate::arch::{Arch, WordSize};
use crate::error::Error;
use crate::fallible;
use crate::filter::{
    Action, ArchFilter, Decision, Filter, Optimization, PLAIN_PRIORITY, RuledCall,
};
use crate::syscalls::Row;
use crate::tree::{Branch, NodeId, Relation, Side, Tree};
use text::{Decimal, Decimals, Lines, Piece, Text};

/// The text of a filter.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub(crate) fn render(filter: &Filter) -> Result<Vec<u8>, Error> {
    let search = filter.attributes().optimization == Optimization::Search;
    let common = filter.verdicts().count();
    let calls = filter.arch_filters().iter().map(|arch| common + arch.len());
    let usual = USUAL_LENGTH[usize::from(search)];
    let mut writer = Writer {
        filter,
        search,
        text: Text::with_room(OUTER_LENGTH + usual * calls.sum::<usize>())?,
        numbers: Decimals::start(),
        priority: (0, priority(0)),
        tests: Vec::new(),
        scratch: Tree::default(),
        plain: Vec::new(),
        lacking: Vec::new(),
        others: Vec::new(),
    };
    writer.filter()?;
    Ok(writer.text.into_bytes())
}

struct Writer<'a> {
    filter: &'a Filter,
    /// The text shows a search tree.
    search: bool,
    text: Text,
    numbers: Decimals,
    /// The last one that was written, and how: mostly the next one, too.
    priority: (u32, Piece),
    /// The tests of levels that are under way, inner ones last.
    tests: Vec<NodeId>,
    /// Room for trees, and for calls.
    scratch: Tree,
    plain: Vec<Shown>,
    lacking: Vec<Shown>,
    others: Vec<Shown>,
}

/// Of the text of one system call, in bytes, by priority or in a search tree;
/// most are a little shorter.
const USUAL_LENGTH: [usize; 2] = [112, 168];

/// Of what surrounds the system calls of an architecture or two.
const OUTER_LENGTH: usize = 1024;

/// System calls on one page of the search tree that the text shows.
const CALLS_PER_NODE: usize = 4;

/// A system call that is to be shown.
#[derive(Clone, Copy)]
struct Shown {
    number: u32,
    priority: u32,
    /// `None` if there is only a priority.
    rules: Option<Source>,
}

/// Where the rules of a call are.
#[derive(Clone, Copy)]
enum Source {
    /// The filter's architectures have one in common for the call of this name.
    Common(Row, Action),
    /// The architecture has them, at this position.
    Own(u32),
}

impl Shown {
    /// By falling priority, which does not matter in a search tree. Among
    /// equals the later number comes first, unlike in the program.
    fn key(&self, search: bool) -> u64 {
        let priority = if search { 0 } else { self.priority };
        !(u64::from(priority) << 32 | u64::from(self.number))
    }
}

impl Writer<'_> {
    fn filter(&mut self) -> Result<(), Error> {
        self.heading(b"#\n# pseudo filter code start\n#")?;
        let mut shown = Vec::new();
        for arch_filter in self.filter.arch_filters() {
            shown.clear();
            self.calls(arch_filter, &mut shown)?;
            self.arch(arch_filter, &shown)?;
        }
        self.heading(b"# invalid architecture action")?;
        self.action(self.filter.attributes().bad_architecture, 0)?;
        self.heading(b"#\n# pseudo filter code end\n#")
    }

    /// The system calls of an architecture in the order of their text.
    fn calls(&mut self, arch: &ArchFilter, shown: &mut Vec<Shown>) -> Result<(), Error> {
        let verdicts = self.filter.verdicts();
        let common = |number, row, choice| {
            let action = verdicts.actions()[choice as usize];
            Shown {
                number,
                priority: PLAIN_PRIORITY,
                rules: Some(Source::Common(row, action)),
            }
        };
        self.others.clear();
        fallible::reserve(&mut self.others, arch.len())?;
        for position in 0..arch.len() {
            let call = arch.call(position, verdicts, &mut self.scratch)?;
            self.others.push(Shown {
                number: call.number,
                priority: call.priority,
                rules: match call.decision {
                    Decision::None => None,
                    _ => Some(Source::Own(position as u32)),
                },
            });
        }
        // Most calls are plain, and in order from the last to the first, those
        // that the architecture lacks before the others: the rest is put among
        // them.
        let search = self.search;
        self.others.sort_unstable_by_key(|call| call.key(search));
        for list in [&mut self.lacking, &mut self.plain] {
            list.clear();
            fallible::reserve(list, verdicts.count())?;
        }
        let numbered = arch.arch();
        arch.lacking_calls(verdicts, |number, row, choice| {
            // Two names share a pseudo number; which is written first is free.
            let row = numbered.row(number as i32).unwrap_or(row);
            self.lacking.push(common(number, row, choice));
        });
        self.lacking.sort_unstable_by_key(|call| call.number);
        arch.plain_calls(verdicts, |number, row, choice| {
            self.plain.push(common(number, row, choice));
        });
        let calls = self.lacking.len() + self.plain.len() + self.others.len();
        fallible::reserve(shown, calls)?;
        let mut others = &self.others[..];
        for mut plain in [&self.lacking[..], &self.plain[..]] {
            while let Some((other, rest)) = others.split_first() {
                let is_behind = |call: &Shown| call.key(search) > other.key(search);
                let (behind, before) = plain.split_at(plain.partition_point(is_behind));
                if behind.is_empty() {
                    break;
                }
                shown.extend(before.iter().rev());
                shown.push(*other);
                (plain, others) = (behind, rest);
            }
            shown.extend(plain.iter().rev());
        }
        shown.extend(others);
        Ok(())
    }

    fn heading<const N: usize>(&mut self, heading: &[u8; N]) -> Result<(), Error> {
        self.text.line(0)?.put(heading).end();
        Ok(())
    }

    fn arch(&mut self, arch_filter: &ArchFilter, shown: &[Shown]) -> Result<(), Error> {
        let arch = arch_filter.arch();
        let token = Decimal::new(arch.audit_token());
        let mut line = self.text.line(0)?;
        line.put(b"# filter for arch ").word(arch.name());
        line.put(b" (").decimal(&token).put(b")").end();
        let mut line = self.text.line(0)?;
        line.put(b"if ($arch == ").decimal(&token).put(b")").end();
        if self.search {
            self.search_tree(arch_filter, shown)?;
        } else {
            for call in shown {
                if let Some(rules) = call.rules {
                    self.syscall(arch_filter, call, rules, 1)?;
                }
            }
        }
        self.text.line(1)?.put(b"# default action").end();
        self.action(self.filter.default_action(), 1)
    }

    /// The system calls as the C library groups them into a search tree: by
    /// number, `CALLS_PER_NODE` to a leaf. Its text may skip or misplace an
    /// `else` near the end; readers compare it, so ours does too.
    fn search_tree(&mut self, filter: &ArchFilter, sorted: &[Shown]) -> Result<(), Error> {
        let levels = tree_levels(sorted.len() - filter.prioritized_first());
        // Goes below zero where a call without rules stands in the list.
        let mut indent = 1isize;
        let mut written = 0usize;
        for (position, call) in sorted.iter().enumerate() {
            let Some(rules) = call.rules else {
                continue;
            };
            for depth in (1..levels).rev() {
                let size = CALLS_PER_NODE << depth;
                if written % size == 0 {
                    let Some(pivot) = sorted.get(position + size / 2) else {
                        continue;
                    };
                    let mut line = self.text.line(indent)?;
                    line.put(b"if ($syscall > ");
                    line.number(pivot.number).put(b")").end();
                    indent += 1;
                } else if written % (size / 2) == 0 {
                    let mut line = self.text.line(indent - 1)?;
                    line.put(b"else # ($syscall <= ");
                    line.number(call.number).put(b")").end();
                }
            }
            self.syscall(filter, call, rules, indent)?;
            written += 1;
            for depth in 0..levels {
                if written % ((CALLS_PER_NODE * 2) << depth) == 0 {
                    indent -= 1;
                }
            }
        }
        Ok(())
    }

    // Once in a loop over most calls of a filter.
    #[inline(always)]
    fn syscall(
        &mut self,
        filter: &ArchFilter,
        call: &Shown,
        rules: Source,
        indent: isize,
    ) -> Result<(), Error> {
        let arch = filter.arch();
        let number = self.numbers.next(call.number);
        if call.priority != self.priority.0 {
            self.priority = (call.priority, priority(call.priority));
        }
        // There are not so many calls that it could be more.
        let levels = indent.clamp(0, 31) as usize;
        let mut lines = self.text.lines()?;
        lines.indent(levels).put(b"# filter for syscall \"");
        let row = match rules {
            Source::Common(row, _) => Some(row),
            Source::Own(_) => arch.row(call.number as i32),
        };
        match row {
            Some(row) => lines.name(row),
            None => lines.put(b"UNKNOWN"),
        };
        lines.put(b"\" (").decimal(&number).piece(&self.priority.1);
        lines.indent(levels).put(b"if ($syscall == ");
        lines.decimal(&number).put(b")\n");
        let position = match rules {
            Source::Common(_, action) => {
                let levels = if indent < 0 { 0 } else { levels + 1 };
                lines.indent(levels);
                end_with(lines, action);
                return Ok(());
            }
            Source::Own(position) => position as usize,
        };
        lines.keep();
        self.own_rules(filter, position, indent + 1)
    }

    /// What the rules decide that an architecture has at a position.
    #[inline(never)]
    fn own_rules(
        &mut self,
        filter: &ArchFilter,
        position: usize,
        indent: isize,
    ) -> Result<(), Error> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let RuledCall { decision, .. } =
            filter.call(position, self.filter.verdicts(), &mut scratch)?;
        match decision {
            Decision::None => {}
            Decision::Always(action) => self.action(action, indent)?,
            Decision::Tree(tree) => {
                fallible::reserve(&mut self.tests, tree.test_count())?;
                self.level(filter.arch(), tree, tree.root(), indent)?;
            }
        }
        self.scratch = scratch;
        Ok(())
    }

    fn level(
        &mut self,
        arch: Arch,
        tree: &Tree,
        first: Option<NodeId>,
        indent: isize,
    ) -> Result<(), Error> {
        let start = self.tests.len();
        tree.push_level(first, &mut self.tests);
        for place in start..self.tests.len() {
            let id = self.tests[place];
            self.test(arch, tree, id, indent)?;
            self.branch(arch, tree, tree.side(id, Side::True), indent + 1)?;
            let otherwise = tree.side(id, Side::False);
            if otherwise != Branch::Fall {
                self.text.line(indent)?.put(b"else").end();
                // The C library indents a nested level like the `else` part
                // of an action.
                self.branch(arch, tree, otherwise, indent + 1)?;
            }
        }
        self.tests.truncate(start);
        Ok(())
    }

    fn branch(
        &mut self,
        arch: Arch,
        tree: &Tree,
        branch: Branch,
        indent: isize,
    ) -> Result<(), Error> {
        match branch {
            Branch::Fall => Ok(()),
            Branch::Act(action) => self.action(action, indent),
            Branch::Level(first) => self.level(arch, tree, Some(first), indent),
        }
    }

    fn test(&mut self, arch: Arch, tree: &Tree, id: NodeId, indent: isize) -> Result<(), Error> {
        let test = tree.test(id);
        let word = match (arch.word_size(), test.is_high()) {
            (WordSize::Bits32, _) => "",
            (WordSize::Bits64, true) => ".hi32",
            (WordSize::Bits64, false) => ".lo32",
        };
        let mut line = self.text.line(indent)?;
        line.put(b"if ($a")
            .number(test.argument().into())
            .word(word);
        match test.relation() {
            Relation::Equal => line.put(b" == "),
            Relation::Greater => line.put(b" > "),
            Relation::GreaterOrEqual => line.put(b" >= "),
            Relation::MaskedEqual => line.put(b" & 0x").hex(test.mask).put(b" == "),
        };
        line.number(test.datum).put(b")").end();
        Ok(())
    }

    fn action(&mut self, action: Action, indent: isize) -> Result<(), Error> {
        end_with(self.text.line(indent)?, action);
        Ok(())
    }
}

/// What ends the first line of a system call.
fn priority(priority: u32) -> Piece {
    let decimal = Decimal::signed(priority as i32);
    Piece::of(|lines| {
        lines.put(b") [priority: ").decimal(&decimal).put(b"]\n");
    })
}

/// Ends lines with what the last one does.
#[inline(always)]
fn end_with(mut line: Lines<'_>, action: Action) {
    match action {
        Action::Allow => line.put(b"action ALLOW;\n"),
        Action::KillProcess => line.put(b"action KILL_PROCESS;\n"),
        Action::KillThread => line.put(b"action KILL;\n"),
        Action::Trap(_) => line.put(b"action TRAP;\n"),
        Action::Errno(errno) => line
            .put(b"action ERRNO(")
            .number(errno.get().into())
            .put(b");\n"),
        Action::Trace(message) => line
            .put(b"action TRACE(")
            .number(message.into())
            .put(b");\n"),
        Action::Log => line.put(b"action LOG;\n"),
        Action::Notify => line.put(b"action 0x").hex(action.to_raw()).put(b";\n"),
    };
    line.keep();
}

/// Levels of the search tree that the text shows.
fn tree_levels(calls: usize) -> u32 {
    if calls == 0 {
        return 0;
    }
    let mut levels = 1;
    while CALLS_PER_NODE << (levels - 1) < calls {
        levels += 1;
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{Comparisons, Match};
    use crate::syscalls;

    /// What an architecture lacks has wrapped pseudo numbers, above all others.
    #[test]
    fn numbers_fall_from_those_that_an_architecture_lacks() {
        let mut filter = Filter::new(Action::KillProcess).unwrap();
        filter.remove_arch(Arch::native()).unwrap();
        filter.add_arch(Arch::Aarch64).unwrap();
        for name in syscalls::rows().map(syscalls::name) {
            let number = Arch::native().syscall_number(name.as_bytes()).unwrap();
            let comparisons = &Comparisons::NONE;
            (filter.add_rule(Action::Allow, number, comparisons, Match::Adjusted)).unwrap();
        }
        let text = String::from_utf8(render(&filter).unwrap()).unwrap();
        let shown = text.lines().filter_map(|line| {
            let (_, behind) = line.split_once("# filter for syscall ")?;
            let (_, number) = behind.split_once(" (")?;
            number.split_once(')')?.0.parse().ok()
        });
        let numbers: Vec<u32> = shown.collect();
        assert!(numbers.is_sorted_by(|one, next| one > next));
        assert!(numbers.len() > 400 && numbers[100] as i32 <= -100);
    }
}
