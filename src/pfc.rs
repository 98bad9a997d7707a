// SPDX-License-Identifier: LGPL-2.1-only
//! Pseudo filter code: a filter as text, in the C library's form.

use crate::arch::{Arch, WordSize};
use crate::error::Error;
use crate::fallible;
use crate::filter::{Action, ArchFilter, Call, Decision, Filter, Optimization, PLAIN_PRIORITY};
use crate::tree::{Branch, NodeId, Relation, Side, Tree};

/// The text of a filter.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub(crate) fn render(filter: &Filter) -> Result<Vec<u8>, Error> {
    let mut text = Text::default();
    text.filter(filter)?;
    Ok(text.bytes)
}

/// A system call that is to be shown.
struct Shown {
    number: u32,
    priority: u32,
    has_rules: bool,
    rules: Kind,
}

enum Kind {
    /// The filter's architectures have the rule in common.
    Common(Action),
    /// The architecture has it, at this position.
    Own(usize),
}

#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    /// The tests of levels that are under way, inner ones last.
    tests: Vec<NodeId>,
    /// Room for trees.
    scratch: Tree,
}

/// A part of a line.
enum Part<'a> {
    Word(&'a str),
    Number(u32),
    Signed(i32),
    /// With eight digits at least.
    Hex(u32),
}

use Part::{Hex, Number, Signed, Word};

/// Of the text of one system call, in bytes; most are a little shorter.
const USUAL_LENGTH: usize = 112;

/// System calls on one page of the search tree that the text shows.
const CALLS_PER_NODE: usize = 4;

impl Text {
    fn filter(&mut self, filter: &Filter) -> Result<(), Error> {
        self.word("#\n# pseudo filter code start\n#\n")?;
        for arch_filter in filter.arch_filters() {
            self.arch(filter, arch_filter)?;
        }
        self.word("# invalid architecture action\n")?;
        self.action(filter.attributes().bad_architecture)?;
        self.word("#\n# pseudo filter code end\n#\n")
    }

    fn arch(&mut self, filter: &Filter, arch_filter: &ArchFilter) -> Result<(), Error> {
        let arch = arch_filter.arch();
        let token = arch.audit_token();
        self.line(&[
            Word("# filter for arch "),
            Word(arch.name()),
            Word(" ("),
            Number(token),
            Word(")"),
        ])?;
        self.line(&[Word("if ($arch == "), Number(token), Word(")")])?;
        let search = filter.attributes().optimization == Optimization::Search;
        let mut shown = self.calls(filter, arch_filter)?;
        // By falling priority. Among equals the later number comes first,
        // unlike in the program.
        shown.sort_unstable_by_key(|call| {
            let priority = if search { 0 } else { call.priority };
            !(u64::from(priority) << 32 | u64::from(call.number))
        });
        fallible::reserve(&mut self.bytes, shown.len() * USUAL_LENGTH)?;
        if search {
            self.search_tree(filter, arch_filter, &shown)?;
        } else {
            for call in shown.iter().filter(|call| call.has_rules) {
                self.syscall(filter, arch_filter, call, 1)?;
            }
        }
        self.indent(1)?;
        self.word("# default action\n")?;
        self.indent(1)?;
        self.action(filter.default_action())
    }

    /// The architecture's system calls, in no order.
    fn calls(&mut self, filter: &Filter, arch: &ArchFilter) -> Result<Vec<Shown>, Error> {
        let verdicts = filter.verdicts();
        let mut common = Vec::new();
        arch.plain_calls(verdicts, &mut common)?;
        arch.lacking_calls(verdicts, &mut common)?;
        let mut shown = Vec::new();
        fallible::reserve(&mut shown, common.len() + arch.len())?;
        shown.extend(common.iter().map(|call| Shown {
            number: call.number,
            priority: PLAIN_PRIORITY,
            has_rules: true,
            rules: Kind::Common(verdicts.actions()[call.choice as usize]),
        }));
        for position in 0..arch.len() {
            let call = arch.call(position, verdicts, &mut self.scratch)?;
            let call = Shown {
                number: call.number,
                priority: call.priority,
                has_rules: !matches!(call.decision, Decision::None),
                rules: Kind::Own(position),
            };
            fallible::push(&mut shown, call)?;
        }
        Ok(shown)
    }

    /// The system calls as the C library groups them into a search tree: by
    /// number, `CALLS_PER_NODE` to a leaf. Its text may skip or misplace an
    /// `else` near the end; readers compare it, so ours does too.
    fn search_tree(
        &mut self,
        filter: &Filter,
        arch: &ArchFilter,
        sorted: &[Shown],
    ) -> Result<(), Error> {
        let levels = tree_levels(sorted.len() - arch.from_priority());
        // Goes below zero where a call without rules stands in the list.
        let mut indent = 1isize;
        let mut written = 0usize;
        for (position, call) in sorted.iter().enumerate() {
            if !call.has_rules {
                continue;
            }
            for depth in (1..levels).rev() {
                let size = CALLS_PER_NODE << depth;
                if written % size == 0 {
                    let Some(pivot) = sorted.get(position + size / 2) else {
                        continue;
                    };
                    self.indent(indent)?;
                    self.line(&[Word("if ($syscall > "), Number(pivot.number), Word(")")])?;
                    indent += 1;
                } else if written % (size / 2) == 0 {
                    self.indent(indent - 1)?;
                    self.line(&[Word("else # ($syscall <= "), Number(call.number), Word(")")])?;
                }
            }
            self.syscall(filter, arch, call, indent)?;
            written += 1;
            for depth in 0..levels {
                if written % ((CALLS_PER_NODE * 2) << depth) == 0 {
                    indent -= 1;
                }
            }
        }
        Ok(())
    }

    fn syscall(
        &mut self,
        filter: &Filter,
        arch_filter: &ArchFilter,
        call: &Shown,
        indent: isize,
    ) -> Result<(), Error> {
        let arch = arch_filter.arch();
        let number = call.number;
        let name = arch.syscall_name(number as i32).unwrap_or("UNKNOWN");
        self.indent(indent)?;
        self.line(&[
            Word("# filter for syscall \""),
            Word(name),
            Word("\" ("),
            Number(number),
            Word(") [priority: "),
            Signed(call.priority as i32),
            Word("]"),
        ])?;
        self.indent(indent)?;
        self.line(&[Word("if ($syscall == "), Number(number), Word(")")])?;
        let position = match call.rules {
            Kind::Common(action) => {
                self.indent(indent + 1)?;
                return self.action(action);
            }
            Kind::Own(position) => position,
        };
        let mut scratch = std::mem::take(&mut self.scratch);
        let Call { decision, .. } = arch_filter.call(position, filter.verdicts(), &mut scratch)?;
        match decision {
            Decision::None => {}
            Decision::Always(action) => {
                self.indent(indent + 1)?;
                self.action(action)?;
            }
            Decision::Tree(tree) => self.level(arch, tree, tree.root(), indent + 1)?,
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
        tree.push_level(first, &mut self.tests)?;
        for place in start..self.tests.len() {
            let id = self.tests[place];
            self.test(arch, tree, id, indent)?;
            self.branch(arch, tree, tree.side(id, Side::True), indent + 1)?;
            let otherwise = tree.side(id, Side::False);
            if otherwise != Branch::Fall {
                self.indent(indent)?;
                self.word("else\n")?;
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
            Branch::Act(action) => {
                self.indent(indent)?;
                self.action(action)
            }
            Branch::Level(first) => self.level(arch, tree, Some(first), indent),
        }
    }

    fn test(&mut self, arch: Arch, tree: &Tree, id: NodeId, indent: isize) -> Result<(), Error> {
        let test = tree.test(id);
        let word = match (arch.word_size(), test.high) {
            (WordSize::Bits32, _) => "",
            (WordSize::Bits64, true) => ".hi32",
            (WordSize::Bits64, false) => ".lo32",
        };
        self.indent(indent)?;
        self.parts(&[Word("if ($a"), Number(test.argument.into()), Word(word)])?;
        match test.relation {
            Relation::Equal => self.word(" == ")?,
            Relation::Greater => self.word(" > ")?,
            Relation::GreaterOrEqual => self.word(" >= ")?,
            Relation::MaskedEqual => self.parts(&[Word(" & 0x"), Hex(test.mask), Word(" == ")])?,
        }
        self.line(&[Number(test.datum), Word(")")])
    }

    fn action(&mut self, action: Action) -> Result<(), Error> {
        match action {
            Action::KillProcess => self.word("action KILL_PROCESS;\n"),
            Action::KillThread => self.word("action KILL;\n"),
            Action::Trap(_) => self.word("action TRAP;\n"),
            Action::Errno(errno) => {
                self.line(&[Word("action ERRNO("), Number(errno.into()), Word(");")])
            }
            Action::Trace(message) => {
                self.line(&[Word("action TRACE("), Number(message.into()), Word(");")])
            }
            Action::Log => self.word("action LOG;\n"),
            Action::Allow => self.word("action ALLOW;\n"),
            Action::Notify => self.line(&[Word("action 0x"), Hex(action.to_raw()), Word(";")]),
        }
    }

    fn indent(&mut self, levels: isize) -> Result<(), Error> {
        for _ in 0..levels {
            self.word("  ")?;
        }
        Ok(())
    }

    fn line(&mut self, parts: &[Part<'_>]) -> Result<(), Error> {
        self.parts(parts)?;
        self.word("\n")
    }

    fn parts(&mut self, parts: &[Part<'_>]) -> Result<(), Error> {
        for part in parts {
            match *part {
                Word(word) => self.word(word)?,
                Number(number) => self.number(number)?,
                Signed(number) => {
                    if number < 0 {
                        self.word("-")?;
                    }
                    self.number(number.unsigned_abs())?;
                }
                Hex(number) => {
                    for shift in (0..32).step_by(4).rev() {
                        let digit = (number >> shift & 0xf) as usize;
                        fallible::push(&mut self.bytes, b"0123456789abcdef"[digit])?;
                    }
                }
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Error> {
        fallible::reserve(&mut self.bytes, word.len())?;
        self.bytes.extend_from_slice(word.as_bytes());
        Ok(())
    }

    fn number(&mut self, mut number: u32) -> Result<(), Error> {
        let mut digits = [0; 10];
        let mut first = digits.len();
        loop {
            first -= 1;
            digits[first] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        fallible::reserve(&mut self.bytes, digits.len() - first)?;
        self.bytes.extend_from_slice(&digits[first..]);
        Ok(())
    }
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
