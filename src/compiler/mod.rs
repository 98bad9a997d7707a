// SPDX-License-Identifier: LGPL-2.1-only
//! From a filter to a program.
//!
//! `chains` turns decision trees into blocks, this module and `linear` or
//! `search` string them together by architecture and system call number, and
//! `layout` makes instructions of them.

mod block;
mod chains;
mod layout;
mod linear;
mod search;

use crate::arch::{Arch, X32_SYSCALL_BIT};
use crate::bpf::{Program, op};
use crate::error::Error;
use crate::fallible;
use crate::filter::{Action, ArchFilter, Decision, Entry, Filter, Optimization};
use crate::tree::NodeId;
use block::{Accumulator, Block, BlockId, Blocks, Step, Target};

/// Offsets in `struct seccomp_data` (linux/seccomp.h).
const NUMBER: Accumulator = Accumulator::word(0);
const ARCHITECTURE: Accumulator = Accumulator::word(4);

/// One element of the program's sequence. Blocks that no piece is made of
/// stand behind the piece that needs them.
#[derive(Clone, Copy, Debug)]
enum Piece {
    /// Loads a word.
    Load(Accumulator),
    /// Tests for one system call; others go on. The number has been loaded.
    Call { number: u32, matched: BlockId },
    /// The same; others get the default action.
    LastCall { number: u32, matched: BlockId },
    /// A block, which may go on to the piece that follows.
    Block(BlockId),
}

/// Generates the program of a filter.
///
/// # Errors
/// [`Error::NoArchitecture`], [`Error::ProgramTooLong`],
/// [`Error::OutOfMemory`].
pub(crate) fn compile(filter: &Filter) -> Result<Program, Error> {
    let endian = filter.endian().ok_or(Error::NoArchitecture)?;
    let mut blocks = Blocks::default();
    let bad_architecture = blocks.action(filter.attributes().bad_architecture)?;
    let default = blocks.action(filter.default_action())?;
    let mut compiler = Compiler {
        blocks,
        default,
        bad_architecture,
        last_action: None,
        reversed: Vec::new(),
        calls: Calls::default(),
        tests: Vec::new(),
    };
    let calls = filter.arch_filters().iter().map(ArchFilter::len);
    fallible::reserve(&mut compiler.reversed, calls.sum())?;
    compiler.push(Piece::Block(bad_architecture))?;
    let mut next_architecture = bad_architecture;
    for section in sections(filter)?.iter().rev() {
        next_architecture = compiler.section(filter, section, next_architecture)?;
    }
    compiler.push(Piece::Load(ARCHITECTURE))?;
    layout::assemble(&compiler.blocks, &compiler.reversed, default, endian)
}

/// The part of the program for one audit token: one architecture, or x86_64
/// and x32, which share theirs.
struct Section<'a> {
    arch: Arch,
    filters: [Option<&'a ArchFilter>; 2],
}

/// The sections in the filter's order; a pair stands where the first of the
/// two does.
fn sections(filter: &Filter) -> Result<Vec<Section<'_>>, Error> {
    let filters = filter.arch_filters();
    let mut sections: Vec<Section<'_>> = Vec::new();
    fallible::reserve(&mut sections, filters.len())?;
    for arch_filter in filters {
        let token = arch_filter.arch().audit_token();
        let shared = sections
            .iter_mut()
            .find(|section| section.arch.audit_token() == token);
        match shared {
            Some(section) => section.filters[1] = Some(arch_filter),
            None => sections.push(Section {
                arch: arch_filter.arch(),
                filters: [Some(arch_filter), None],
            }),
        }
    }
    Ok(sections)
}

/// A system call of a section, ready to be tested for.
#[derive(Clone, Copy)]
struct Call<'a> {
    entry: &'a Entry,
    priority: u32,
    /// Which of the section's architectures it is of, 0 or 1.
    turn: u8,
}

/// The system calls of a section.
#[derive(Default)]
struct Calls<'a> {
    all: Vec<Call<'a>>,
    /// Room for sorting.
    sorted: Vec<Call<'a>>,
    filters: [Option<&'a ArchFilter>; 2],
}

struct Compiler<'a> {
    blocks: Blocks,
    default: BlockId,
    bad_architecture: BlockId,
    last_action: Option<(Action, BlockId)>,
    /// The program's sequence, last piece first.
    reversed: Vec<Piece>,
    /// Of the section at hand.
    calls: Calls<'a>,
    /// Room for `chains`.
    tests: Vec<NodeId>,
}

impl<'a> Compiler<'a> {
    /// Adds the section's pieces; returns the first, which tests for the
    /// architecture and goes on to `next_architecture`.
    fn section(
        &mut self,
        filter: &Filter,
        section: &Section<'a>,
        next_architecture: BlockId,
    ) -> Result<BlockId, Error> {
        self.calls
            .collect(section, filter.attributes().allow_skip)?;
        let separate = section.separates_x32();
        let body = match filter.attributes().optimization {
            Optimization::Priority => self.linear(!separate)?,
            Optimization::Search => self.search(!separate)?,
        };
        let body = match separate {
            true => self.separate_x32(section.arch, body)?,
            false => body,
        };
        let test = self.blocks.intern(Block::new(
            [Step::Branch {
                code: op::JUMP_EQUAL,
                k: section.arch.audit_token(),
                targets: [body, Target::Block(next_architecture)],
            }],
            Some(ARCHITECTURE),
            Some(ARCHITECTURE),
        ))?;
        self.push(Piece::Block(test))?;
        Ok(test)
    }

    /// Adds a piece in front of the sequence.
    fn push(&mut self, piece: Piece) -> Result<(), Error> {
        fallible::push(&mut self.reversed, piece)
    }

    /// The first block of what a call's rules decide.
    fn decision(&mut self, call: Call<'a>) -> Result<BlockId, Error> {
        let Some(filter) = self.calls.filters[usize::from(call.turn)] else {
            return Ok(self.default);
        };
        match filter.decision(call.entry) {
            Decision::None => Ok(self.default),
            Decision::Always(action) => self.action(action),
            Decision::Tree(tree) => chains::tree(
                &mut self.blocks,
                filter.arch(),
                tree,
                self.default,
                &mut self.tests,
            ),
        }
    }

    /// The block that returns an action, most often the same as the last time.
    fn action(&mut self, action: Action) -> Result<BlockId, Error> {
        match self.last_action {
            Some((last, block)) if last == action => Ok(block),
            _ => {
                let block = self.blocks.action(action)?;
                self.last_action = Some((action, block));
                Ok(block)
            }
        }
    }

    /// Loads the number and sends calls of the other of x86_64 and x32 to the
    /// bad-architecture action. System call -1 is how a tracer skips a call
    /// (seccomp(2)), not an x32 call.
    fn separate_x32(&mut self, arch: Arch, body: Target) -> Result<Target, Error> {
        let load = Step::Load(NUMBER.offset);
        let bad = Target::Block(self.bad_architecture);
        let has_bit = |targets| Step::Branch {
            code: op::JUMP_GREATER_OR_EQUAL,
            k: X32_SYSCALL_BIT,
            targets,
        };
        let block = if arch == Arch::X86_64 {
            let skips = Step::Branch {
                code: op::JUMP_EQUAL,
                k: u32::MAX,
                targets: [body, bad],
            };
            Block::new(
                [load, has_bit([Target::Next, body]), skips],
                None,
                Some(NUMBER),
            )
        } else {
            Block::new([load, has_bit([body, bad])], None, Some(NUMBER))
        };
        let block = self.blocks.intern(block)?;
        self.push(Piece::Block(block))?;
        Ok(Target::Following)
    }
}

impl Section<'_> {
    /// Whether x86_64 and x32 calls have to be told apart, because the filter
    /// covers only one of the two.
    fn separates_x32(&self) -> bool {
        matches!(self.arch, Arch::X86_64 | Arch::X32) && self.filters[1].is_none()
    }
}

impl<'a> Calls<'a> {
    /// The system calls that the program tests for, by number, those of a
    /// second architecture behind: not those that have only a priority, nor
    /// pseudo numbers, which the kernel never sees.
    fn collect(&mut self, section: &Section<'a>, allow_skip: bool) -> Result<(), Error> {
        self.all.clear();
        self.filters = section.filters;
        for (turn, filter) in (0..).zip(section.filters.into_iter().flatten()) {
            fallible::reserve(&mut self.all, filter.len())?;
            for entry in filter.entries() {
                let number = entry.number as i32;
                let seen = number >= 0 || (number == -1 && allow_skip);
                if seen && entry.has_rules() {
                    self.all.push(Call {
                        entry,
                        priority: entry.priority,
                        turn,
                    });
                }
            }
        }
        Ok(())
    }

    /// Sorts by falling priority, calls of equal priority as they are: one
    /// pass for each byte in which priorities differ.
    fn sort_by_priority(&mut self) -> Result<(), Error> {
        let mut differing = 0;
        for call in &self.all {
            differing |= call.priority ^ self.all[0].priority;
        }
        for shift in [0, 8, 16, 24] {
            if differing >> shift & 0xff != 0 {
                self.pass(|call| usize::from((!call.priority >> shift) as u8))?;
            }
        }
        Ok(())
    }

    fn pass(&mut self, byte: impl Fn(&Call<'_>) -> usize) -> Result<(), Error> {
        let mut starts = [0u32; 257];
        for call in &self.all {
            starts[byte(call) + 1] += 1;
        }
        for value in 1..starts.len() {
            starts[value] += starts[value - 1];
        }
        self.sorted.clear();
        fallible::reserve(&mut self.sorted, self.all.len())?;
        self.sorted.extend_from_slice(&self.all);
        for call in &self.all {
            let place = &mut starts[byte(call)];
            self.sorted[*place as usize] = *call;
            *place += 1;
        }
        std::mem::swap(&mut self.all, &mut self.sorted);
        Ok(())
    }
}
