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

use std::cmp::Reverse;

use crate::arch::{Arch, X32_SYSCALL_BIT};
use crate::bpf::{Program, op};
use crate::error::Error;
use crate::fallible;
use crate::filter::{ArchFilter, Entry, Filter, Optimization};
use block::{Accumulator, Block, BlockId, Blocks, Step, Target};

/// Offsets in `struct seccomp_data` (linux/seccomp.h).
const NUMBER: Accumulator = Accumulator::word(0);
const ARCHITECTURE: Accumulator = Accumulator::word(4);

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

    // From the last block to the first: each names the one behind it.
    let mut reversed = Vec::new();
    fallible::push(&mut reversed, bad_architecture)?;
    let mut next_architecture = bad_architecture;
    for section in sections(filter)?.iter().rev() {
        let mut compiler = SectionCompiler {
            blocks: &mut blocks,
            section,
            default,
            bad_architecture,
            reversed: &mut reversed,
        };
        next_architecture = compiler.compile(filter, next_architecture)?;
    }
    let load = Block::new([Step::Load(ARCHITECTURE.offset)], None, Some(ARCHITECTURE));
    fallible::push(&mut reversed, blocks.intern(load)?)?;
    reversed.reverse();
    layout::assemble(&blocks, &reversed, endian)
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
    for arch_filter in filters {
        let token = arch_filter.arch().audit_token();
        let shared = sections
            .iter_mut()
            .find(|section| section.arch.audit_token() == token);
        match shared {
            Some(section) => section.filters[1] = Some(arch_filter),
            None => fallible::push(
                &mut sections,
                Section {
                    arch: arch_filter.arch(),
                    filters: [Some(arch_filter), None],
                },
            )?,
        }
    }
    Ok(sections)
}

/// A system call of a section, ready to be tested for.
struct Call<'a> {
    arch: Arch,
    entry: &'a Entry,
    /// Its place by number, those of a second architecture behind.
    arrival: usize,
}

impl Call<'_> {
    /// Lower ones are tested first: by priority, then as they come. Unique,
    /// so that sorting needs no memory to be stable.
    fn rank(&self) -> (Reverse<u32>, usize) {
        (Reverse(self.entry.priority), self.arrival)
    }
}

struct SectionCompiler<'a> {
    blocks: &'a mut Blocks,
    section: &'a Section<'a>,
    default: BlockId,
    bad_architecture: BlockId,
    /// The program's block sequence, last block first.
    reversed: &'a mut Vec<BlockId>,
}

impl<'a> SectionCompiler<'a> {
    /// Adds the section's blocks; returns the first, which tests for the
    /// architecture and goes on to `next_architecture`.
    fn compile(&mut self, filter: &Filter, next_architecture: BlockId) -> Result<BlockId, Error> {
        let calls = self.calls(filter.attributes().allow_skip)?;
        let separate = self.separates_x32();
        let body = match filter.attributes().optimization {
            Optimization::Priority => self.linear(calls, !separate)?,
            Optimization::Search => self.search(calls, !separate)?,
        };
        let body = match separate {
            true => self.separate_x32(body)?,
            false => body,
        };
        self.place(Block::new(
            [Step::Branch {
                code: op::JUMP_EQUAL,
                k: self.section.arch.audit_token(),
                targets: [Target::Block(body), Target::Block(next_architecture)],
            }],
            Some(ARCHITECTURE),
            Some(ARCHITECTURE),
        ))
    }

    /// The system calls that the program tests for: not those that have only
    /// a priority, nor pseudo numbers, which the kernel never sees.
    fn calls(&self, allow_skip: bool) -> Result<Vec<Call<'a>>, Error> {
        let mut calls = Vec::new();
        for filter in self.section.filters.iter().flatten() {
            fallible::reserve(&mut calls, filter.entries().len())?;
            for entry in filter.entries() {
                let number = entry.number as i32;
                let seen = number >= 0 || (number == -1 && allow_skip);
                if seen && entry.has_rules() {
                    calls.push(Call {
                        arch: filter.arch(),
                        entry,
                        arrival: calls.len(),
                    });
                }
            }
        }
        Ok(calls)
    }

    /// Adds a block in front of the sequence.
    fn place(&mut self, block: Block) -> Result<BlockId, Error> {
        let id = self.blocks.intern(block)?;
        fallible::push(self.reversed, id)?;
        Ok(id)
    }

    /// Whether the section has to tell x86_64 and x32 calls apart, because
    /// the filter covers only one of the two.
    fn separates_x32(&self) -> bool {
        matches!(self.section.arch, Arch::X86_64 | Arch::X32) && self.section.filters[1].is_none()
    }

    /// Loads the number and sends calls of the other of x86_64 and x32 to the
    /// bad-architecture action. System call -1 is how a tracer skips a call
    /// (seccomp(2)), not an x32 call.
    fn separate_x32(&mut self, body: BlockId) -> Result<BlockId, Error> {
        let load = Step::Load(NUMBER.offset);
        let body = Target::Block(body);
        let bad = Target::Block(self.bad_architecture);
        let has_bit = |targets| Step::Branch {
            code: op::JUMP_GREATER_OR_EQUAL,
            k: X32_SYSCALL_BIT,
            targets,
        };
        let block = if self.section.arch == Arch::X86_64 {
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
        self.place(block)
    }
}
