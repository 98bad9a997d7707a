// SPDX-License-Identifier: LGPL-2.1-only
//! Pseudo filter code: a filter as text, in the C library's form.

use std::cmp::Reverse;
use std::fmt::{self, Write};

use crate::arch::{Arch, WordSize};
use crate::error::Error;
use crate::fallible;
use crate::filter::{Action, ArchFilter, Decision, Entry, Filter, Optimization};
use crate::tree::{Branch, NodeId, Relation, Side, Tree};

/// The text of a filter.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub(crate) fn render(filter: &Filter) -> Result<Vec<u8>, Error> {
    let mut text = Text::default();
    // Writing fails only for want of memory.
    text.filter(filter).map_err(|_| Error::OutOfMemory)?;
    Ok(text.bytes)
}

#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
}

impl Write for Text {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        fallible::reserve(&mut self.bytes, part.len()).map_err(|_| fmt::Error)?;
        self.bytes.extend_from_slice(part.as_bytes());
        Ok(())
    }
}

/// System calls on one page of the search tree that the text shows.
const CALLS_PER_NODE: usize = 4;

impl Text {
    fn filter(&mut self, filter: &Filter) -> fmt::Result {
        self.write_str("#\n# pseudo filter code start\n#\n")?;
        for arch_filter in filter.arch_filters() {
            self.arch(filter, arch_filter)?;
        }
        self.write_str("# invalid architecture action\n")?;
        self.action(filter.attributes().bad_architecture)?;
        self.write_str("#\n# pseudo filter code end\n#\n")
    }

    fn arch(&mut self, filter: &Filter, arch_filter: &ArchFilter) -> fmt::Result {
        let arch = arch_filter.arch();
        let token = arch.audit_token();
        writeln!(self, "# filter for arch {} ({token})", arch.name())?;
        writeln!(self, "if ($arch == {token})")?;
        let search = filter.attributes().optimization == Optimization::Search;
        let mut shown = Vec::new();
        fallible::reserve(&mut shown, arch_filter.entries().len()).map_err(|_| fmt::Error)?;
        shown.extend(arch_filter.entries().iter());
        // Among equals the later number comes first, unlike in the program.
        shown.sort_unstable_by_key(|entry| {
            let priority = if search { 0 } else { entry.priority };
            Reverse((priority, entry.number))
        });
        if search {
            self.search_tree(arch, &shown, arch_filter.rule_count())?;
        } else {
            for entry in shown.iter().filter(|entry| entry.has_rules()) {
                self.syscall(arch, entry, 1)?;
            }
        }
        self.indent(1)?;
        self.write_str("# default action\n")?;
        self.indent(1)?;
        self.action(filter.default_action())
    }

    /// The system calls as the C library groups them into a search tree: by
    /// number, `CALLS_PER_NODE` to a leaf. Its text may skip or misplace an
    /// `else` near the end; readers compare it, so ours does too.
    fn search_tree(&mut self, arch: Arch, sorted: &[&Entry], calls: usize) -> fmt::Result {
        let levels = tree_levels(calls);
        // Goes below zero where a call without rules stands in the list.
        let mut indent = 1isize;
        let mut written = 0usize;
        for (position, entry) in sorted.iter().enumerate() {
            if !entry.has_rules() {
                continue;
            }
            for depth in (1..levels).rev() {
                let size = CALLS_PER_NODE << depth;
                if written % size == 0 {
                    let Some(pivot) = sorted.get(position + size / 2) else {
                        continue;
                    };
                    self.indent(indent)?;
                    writeln!(self, "if ($syscall > {})", pivot.number)?;
                    indent += 1;
                } else if written % (size / 2) == 0 {
                    self.indent(indent - 1)?;
                    writeln!(self, "else # ($syscall <= {})", entry.number)?;
                }
            }
            self.syscall(arch, entry, indent)?;
            written += 1;
            for depth in 0..levels {
                if written % ((CALLS_PER_NODE * 2) << depth) == 0 {
                    indent -= 1;
                }
            }
        }
        Ok(())
    }

    fn syscall(&mut self, arch: Arch, entry: &Entry, indent: isize) -> fmt::Result {
        let number = entry.number;
        let name = arch.syscall_name(number as i32).unwrap_or("UNKNOWN");
        self.indent(indent)?;
        writeln!(
            self,
            "# filter for syscall \"{name}\" ({number}) [priority: {}]",
            entry.priority as i32
        )?;
        self.indent(indent)?;
        writeln!(self, "if ($syscall == {number})")?;
        match &entry.decision {
            Decision::None => Ok(()),
            Decision::Always(action) => {
                self.indent(indent + 1)?;
                self.action(*action)
            }
            Decision::Tree(tree) => self.level(arch, tree, tree.root(), indent + 1),
        }
    }

    fn level(
        &mut self,
        arch: Arch,
        tree: &Tree,
        first: Option<NodeId>,
        indent: isize,
    ) -> fmt::Result {
        for id in tree.level(first) {
            self.test(arch, tree, id, indent)?;
            self.branch(arch, tree, tree.side(id, Side::True), indent + 1)?;
            let otherwise = tree.side(id, Side::False);
            if otherwise != Branch::Fall {
                self.indent(indent)?;
                self.write_str("else\n")?;
                // The C library indents a nested level like the `else` part
                // of an action.
                self.branch(arch, tree, otherwise, indent + 1)?;
            }
        }
        Ok(())
    }

    fn branch(&mut self, arch: Arch, tree: &Tree, branch: Branch, indent: isize) -> fmt::Result {
        match branch {
            Branch::Fall => Ok(()),
            Branch::Act(action) => {
                self.indent(indent)?;
                self.action(action)
            }
            Branch::Level(first) => self.level(arch, tree, Some(first), indent),
        }
    }

    fn test(&mut self, arch: Arch, tree: &Tree, id: NodeId, indent: isize) -> fmt::Result {
        let test = tree.test(id);
        let word = match (arch.word_size(), test.high) {
            (WordSize::Bits32, _) => "",
            (WordSize::Bits64, true) => ".hi32",
            (WordSize::Bits64, false) => ".lo32",
        };
        self.indent(indent)?;
        write!(self, "if ($a{}{word}", test.argument)?;
        match test.relation {
            Relation::Equal => self.write_str(" == ")?,
            Relation::Greater => self.write_str(" > ")?,
            Relation::GreaterOrEqual => self.write_str(" >= ")?,
            Relation::MaskedEqual => write!(self, " & 0x{:08x} == ", test.mask)?,
        }
        writeln!(self, "{})", test.datum)
    }

    fn action(&mut self, action: Action) -> fmt::Result {
        match action {
            Action::KillProcess => self.write_str("action KILL_PROCESS;\n"),
            Action::KillThread => self.write_str("action KILL;\n"),
            Action::Trap(_) => self.write_str("action TRAP;\n"),
            Action::Errno(errno) => writeln!(self, "action ERRNO({errno});"),
            Action::Trace(message) => writeln!(self, "action TRACE({message});"),
            Action::Log => self.write_str("action LOG;\n"),
            Action::Allow => self.write_str("action ALLOW;\n"),
            Action::Notify => writeln!(self, "action {:#x};", action.to_raw()),
        }
    }

    fn indent(&mut self, levels: isize) -> fmt::Result {
        for _ in 0..levels {
            self.write_str("  ")?;
        }
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
