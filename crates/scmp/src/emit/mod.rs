// SPDX-License-Identifier: LGPL-2.1-only
//! Pseudo filter code: a filter as text, in the C library's form.

mod text;

use std::cmp::Reverse;

use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::lower::{Branch, NodeId, Relation, Side, Tree};
use crate::resolved::{Decision, OrderedRule, Resolved, ResolvedArch, ResolvedCall, UnknownCalls};
use crate::rule::{Action, EXTENSIONS, Optimization, WordSize};
use text::Text;

/// The text of a filter.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub(crate) fn pseudo_code(filter: &Resolved<'_>) -> Result<Vec<u8>, Error> {
    let unknown_calls = filter.unknown_calls.filter(|_| EXTENSIONS);
    let mut writer = Writer {
        text: Text::default(),
        if_none_matches: unknown_calls.map(|_| filter.default_action),
        tests: Vec::new(),
    };
    writer.filter(filter, unknown_calls)?;
    Ok(writer.text.into_bytes())
}

struct Writer {
    text: Text,
    /// The default action, written after the rules of a call if the filter has an action for
    /// unknown calls. Without it a reader would continue with the tests for unknown calls.
    if_none_matches: Option<Action>,
    /// The tests of levels that are being written, inner ones last.
    tests: Vec<NodeId>,
}

/// System calls on one page of the search tree that the text shows.
const CALLS_PER_NODE: usize = 4;

impl Writer {
    fn filter(
        &mut self,
        filter: &Resolved<'_>,
        unknown_calls: Option<UnknownCalls>,
    ) -> Result<(), Error> {
        self.headings(&["#", "# pseudo filter code start", "#"])?;
        for arch in &filter.arches {
            let (name, token) = (arch.arch.name(), arch.arch.audit_token());
            let line = self.text.line(0)?.put("# filter for arch ").put(name);
            line.put(" (").number(token).put(")").end();
            let line = self.text.line(0)?.put("if ($arch == ");
            line.number(token).put(")").end();
            match filter.attributes.optimization {
                Optimization::Priority => self.by_priority(arch)?,
                Optimization::Search => self.search_tree(arch)?,
            }
            if let Some(unknown_calls) = unknown_calls {
                self.unknown_calls(unknown_calls, arch.arch)?;
            }
            self.text.line(1)?.put("# default action").end();
            self.action(filter.default_action, 1)?;
        }
        self.headings(&["# invalid architecture action"])?;
        self.action(filter.attributes.bad_architecture, 0)?;
        self.headings(&["#", "# pseudo filter code end", "#"])
    }

    /// The numbers that get the action of unknown calls, run by run.
    fn unknown_calls(&mut self, unknown_calls: UnknownCalls, arch: Arch) -> Result<(), Error> {
        let UnknownCalls { kernel, action } = unknown_calls;
        let line = self.text.line(1)?.put("# calls that Linux ");
        let line = line.number(kernel.major.into()).put(".");
        line.number(kernel.minor.into()).put(" does not have").end();
        let mut first = 0;
        for known in unknown_calls.known(arch)? {
            if *known.start() > first {
                let line = self.text.line(1)?.put("if ($syscall >= ").number(first);
                line.put(")").end();
                let line = self
                    .text
                    .line(2)?
                    .put("if ($syscall < ")
                    .number(*known.start());
                line.put(")").end();
                self.action(action, 3)?;
            }
            // The largest number is that of a skipped call, which no architecture has.
            first = known.end().saturating_add(1);
        }
        let line = self.text.line(1)?.put("if ($syscall >= ").number(first);
        line.put(")").end();
        self.action(action, 2)
    }

    fn headings(&mut self, headings: &[&str]) -> Result<(), Error> {
        for heading in headings {
            self.text.line(0)?.put(heading).end();
        }
        Ok(())
    }

    /// The system calls by falling priority. Among equals the later number comes first,
    /// unlike in the program.
    fn by_priority(&mut self, arch: &ResolvedArch<'_>) -> Result<(), Error> {
        let equals = arch
            .calls
            .chunk_by(|one, next| one.priority == next.priority);
        for call in equals.flat_map(|equals| equals.iter().rev()) {
            self.syscall(arch, call, 1)?;
        }
        Ok(())
    }

    /// The system calls as the C library groups them into a search tree: by
    /// number, `CALLS_PER_NODE` to a leaf. Its text may skip or misplace an
    /// `else` near the end; readers compare it, so ours does too.
    fn search_tree(&mut self, arch: &ResolvedArch<'_>) -> Result<(), Error> {
        let mut sorted = fallible::copy_of(&arch.calls)?;
        sorted.sort_unstable_by_key(|call| Reverse(call.number));
        let levels = tree_levels(sorted.len() - arch.prioritized_first);
        // Falls below zero where a call without rules is in the list.
        let mut indent = 1isize;
        let mut written = 0usize;
        for (position, call) in sorted.iter().enumerate() {
            if let (Decision::None, []) = (call.decision, arch.ordered_of(call)) {
                continue;
            }
            for depth in (1..levels).rev() {
                let size = CALLS_PER_NODE << depth;
                if written % size == 0 {
                    let Some(pivot) = sorted.get(position + size / 2) else {
                        continue;
                    };
                    let line = self.text.line(indent)?.put("if ($syscall > ");
                    line.number(pivot.number).put(")").end();
                    indent += 1;
                } else if written % (size / 2) == 0 {
                    let line = self.text.line(indent - 1)?.put("else # ($syscall <= ");
                    line.number(call.number).put(")").end();
                }
            }
            self.syscall(arch, call, indent)?;
            written += 1;
            for depth in 0..levels {
                if written % ((CALLS_PER_NODE * 2) << depth) == 0 {
                    indent -= 1;
                }
            }
        }
        Ok(())
    }

    /// A system call with what its rules decide; nothing if there is only a priority.
    fn syscall(
        &mut self,
        arch: &ResolvedArch<'_>,
        call: &ResolvedCall,
        indent: isize,
    ) -> Result<(), Error> {
        let ordered = arch.ordered_of(call);
        if let (Decision::None, []) = (call.decision, ordered) {
            return Ok(());
        }
        let name = arch.arch.syscall_name(call.number as i32);
        let line = self
            .text
            .line(indent)?
            .put("# filter for syscall \"")
            .put(name.unwrap_or("UNKNOWN"));
        let line = line.put("\" (").number(call.number).put(") [priority: ");
        line.signed(call.priority as i32).put("]").end();
        let line = self.text.line(indent)?.put("if ($syscall == ");
        line.number(call.number).put(")").end();
        for rule in ordered {
            self.ordered_rule(rule, indent + 1)?;
        }
        match call.decision {
            Decision::None => {}
            Decision::Always(action) => return self.action(action, indent + 1),
            Decision::Tree(index) => {
                let tree = arch.tree(index);
                fallible::reserve(&mut self.tests, tree.test_count())?;
                let mut of_tree = TreeWriter {
                    writer: self,
                    word_size: arch.arch.word_size(),
                    tree,
                };
                of_tree.level(tree.root(), indent + 1)?;
            }
        }
        match self.if_none_matches {
            Some(action) => self.action(action, indent + 1),
            None => Ok(()),
        }
    }

    /// A rule of [`ResolvedArch::ordered`]. Each set is an `if`: its masks, a line each, and its
    /// ranges. All masks have one indentation: a set may have tens of thousands.
    fn ordered_rule(&mut self, rule: &OrderedRule, mut indent: isize) -> Result<(), Error> {
        for set in rule.condition.sets() {
            let cast = match set.width() {
                WordSize::Bits64 => "$a",
                WordSize::Bits32 => "(int)$a",
            };
            let (mut open, mut place) = ("if (", indent);
            for (mask, bits, is_equal) in set.masks() {
                let line = self.text.line(place)?.put(open).put(cast);
                let line = line.number(set.argument().into()).put(" & 0x");
                let line = line.hex((mask >> u32::BITS) as u32).hex(mask as u32);
                let line = line.put(if is_equal { " == " } else { " != " });
                line.wide(bits).put(" &&").end();
                (open, place) = ("", indent + 2);
            }
            let line = self.text.line(place)?.put(open).put(cast);
            line.number(set.argument().into()).put(" in {").end();
            for range in set.ranges() {
                let line = self.text.line(indent + 2)?.wide(*range.start());
                match range.start() == range.end() {
                    true => line.end(),
                    false => line.put("..=").wide(*range.end()).end(),
                }
            }
            self.text.line(indent)?.put("})").end();
            indent += 1;
        }
        self.action(rule.action, indent)
    }

    fn action(&mut self, action: Action, indent: isize) -> Result<(), Error> {
        let line = self.text.line(indent)?.put("action ");
        let line = match action {
            Action::Allow => line.put("ALLOW"),
            Action::KillProcess => line.put("KILL_PROCESS"),
            Action::KillThread => line.put("KILL"),
            Action::Trap(_) => line.put("TRAP"),
            Action::Errno(errno) => line.put("ERRNO(").number(errno.get().into()).put(")"),
            Action::Trace(message) => line.put("TRACE(").number(message.into()).put(")"),
            Action::Log => line.put("LOG"),
            // The C library has no word for it.
            Action::Notify => line.put("0x").hex(action.to_raw()),
        };
        line.put(";").end();
        Ok(())
    }
}

/// Writes the tree of a call.
struct TreeWriter<'a> {
    writer: &'a mut Writer,
    word_size: WordSize,
    tree: &'a Tree,
}

impl TreeWriter<'_> {
    fn level(&mut self, level: Option<NodeId>, indent: isize) -> Result<(), Error> {
        let start = self.writer.tests.len();
        self.tree.push_level(level, &mut self.writer.tests);
        for place in start..self.writer.tests.len() {
            let id = self.writer.tests[place];
            self.test(id, indent)?;
            self.branch(self.tree.side(id, Side::True), indent + 1)?;
            let otherwise = self.tree.side(id, Side::False);
            if otherwise != Branch::Continue {
                self.writer.text.line(indent)?.put("else").end();
                // The C library indents a nested level like the `else` part
                // of an action.
                self.branch(otherwise, indent + 1)?;
            }
        }
        self.writer.tests.truncate(start);
        Ok(())
    }

    fn branch(&mut self, branch: Branch, indent: isize) -> Result<(), Error> {
        match branch {
            Branch::Continue => Ok(()),
            Branch::Action(action) => self.writer.action(action, indent),
            Branch::Level(level) => self.level(Some(level), indent),
        }
    }

    fn test(&mut self, id: NodeId, indent: isize) -> Result<(), Error> {
        let test = self.tree.test(id);
        let word = match (self.word_size, test.is_high) {
            (WordSize::Bits32, _) => "",
            (WordSize::Bits64, true) => ".hi32",
            (WordSize::Bits64, false) => ".lo32",
        };
        let line = self.writer.text.line(indent)?.put("if ($a");
        let line = line.number(test.argument.into()).put(word);
        let line = match test.relation {
            Relation::Equal => line.put(" == "),
            Relation::Greater => line.put(" > "),
            Relation::GreaterOrEqual => line.put(" >= "),
            Relation::MaskedEqual => line.put(" & 0x").hex(test.mask).put(" == "),
        };
        line.number(test.datum).put(")").end();
        Ok(())
    }
}

/// Levels of the search tree that the text shows.
fn tree_levels(calls: usize) -> u32 {
    match calls.div_ceil(CALLS_PER_NODE) {
        0 => 0,
        leaves => 1 + leaves.next_power_of_two().trailing_zeros(),
    }
}
