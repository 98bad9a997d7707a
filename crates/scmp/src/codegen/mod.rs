// SPDX-License-Identifier: LGPL-2.1-only
//! From a resolved filter to a program.
//!
//! `tree_lowering` turns decision trees into blocks. This module and `linear` (level 1)
//! or `search` (level 2) make a sequence of steps that select the block by architecture
//! and system call number. `layout` turns steps and blocks into instructions.

mod block;
mod condition;
mod layout;
mod linear;
mod search;
mod tree_lowering;
mod unmatched;

use crate::arch::{Arch, X32_SYSCALL_BIT};
use crate::bpf::{MAX_INSTRUCTIONS, MAX_LOADED, Program, op};
use crate::error::Error;
use crate::fallible;
use crate::resolved::{Decision, Resolved, ResolvedArch, ResolvedCall, UnknownCalls};
use crate::rule::{Endian, Optimization};
use block::{Accumulator, Block, BlockId, Blocks, Target};
use condition::ConditionLowering;
use tree_lowering::TreeLowering;
use unmatched::Unmatched;

/// Offsets in `struct seccomp_data` (linux/seccomp.h).
const NUMBER: Accumulator = Accumulator::word(0);
const ARCHITECTURE: Accumulator = Accumulator::word(4);

/// One step of the program's sequence. Blocks outside the sequence are placed after the
/// last step that uses them.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Loads a word.
    Load(Accumulator),
    /// Jumps to the block of a system call, one test for each of the calls from `start` up to
    /// `end`; other numbers go to `otherwise`. The number is in the accumulator.
    Calls {
        start: usize,
        end: usize,
        otherwise: BlockId,
    },
    /// A block, which may continue with the next step.
    Block(BlockId),
}

/// How a program selects by the value of a word: by the system call number, or by an
/// argument that several rules compare with constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// One test after another: level 1. Numbers without a rule are searched if they have
    /// several actions.
    Linear,
    /// Binary search, balanced to execute few tests.
    Search,
    /// Binary search with few instructions: its leaves are linear.
    ShortSearch,
}

/// Generates the program of a filter.
///
/// At level 2 a program that the kernel would not load is generated in the other
/// forms, too, until one is short enough, three times at most; if none is, the
/// shortest is the result. So level 2 loads what level 1 does.
///
/// # Errors
/// [`Error::NoArchitecture`], [`Error::ProgramTooLong`],
/// [`Error::OutOfMemory`].
pub(crate) fn compile(filter: Resolved<'_>) -> Result<Program, Error> {
    let mut shortest = match filter.attributes.optimization {
        Optimization::Priority => {
            let compiler = steps(&filter, Form::Linear)?;
            // The trees need more memory than the program.
            drop(filter);
            return layout::assemble(&compiler);
        }
        Optimization::Search => generate(&filter, Form::Search),
    };
    for form in [Form::ShortSearch, Form::Linear] {
        let length = match &shortest {
            Ok(program) => program.instructions().len(),
            Err(Error::ProgramTooLong) => usize::MAX,
            Err(_) => break,
        };
        if length <= MAX_LOADED {
            break;
        }
        match generate(&filter, form) {
            Ok(other) if other.instructions().len() >= length => {}
            Err(Error::ProgramTooLong) => {}
            shorter_or_error => shortest = shorter_or_error,
        }
    }
    shortest
}

fn generate(filter: &Resolved<'_>, form: Form) -> Result<Program, Error> {
    layout::assemble(&steps(filter, form)?)
}

/// The blocks and steps of a filter's program.
fn steps(filter: &Resolved<'_>, form: Form) -> Result<Compiler, Error> {
    let first = filter.arches.first().ok_or(Error::NoArchitecture)?;
    let tests = filter.arches.iter().map(ResolvedArch::test_count).sum();
    let mut blocks = Blocks::default();
    // Some blocks are returns.
    blocks.reserve(MAX_INSTRUCTIONS.min(tests) + 8)?;
    let bad_architecture = blocks.action(filter.attributes.bad_architecture);
    let default = blocks.action(filter.default_action);
    let mut compiler = Compiler {
        endian: first.arch.endian(),
        blocks,
        allow_skip: filter.attributes.allow_skip,
        form,
        unknown_calls: filter.unknown_calls,
        default,
        bad_architecture,
        calls: Vec::new(),
        reversed: Vec::new(),
        trees: TreeLowering::new(form),
    };
    let calls = filter.arches.iter().map(|arch| arch.calls.len());
    fallible::reserve(&mut compiler.calls, calls.sum())?;
    compiler.push(Step::Block(bad_architecture))?;
    let mut next_architecture = bad_architecture;
    for section in sections(filter).rev() {
        next_architecture = compiler.section(&section, next_architecture)?;
    }
    compiler.push(Step::Load(ARCHITECTURE))?;
    compiler.blocks.complete()?;
    Ok(compiler)
}

/// The part of the program for one audit token: one architecture, or x86_64
/// and x32, which share theirs.
struct Section<'a> {
    first: &'a ResolvedArch<'a>,
    second: Option<&'a ResolvedArch<'a>>,
}

/// The sections in the filter's order; a pair has the place of the first of the two.
fn sections<'a>(filter: &'a Resolved<'_>) -> impl DoubleEndedIterator<Item = Section<'a>> {
    let token = |resolved: &ResolvedArch<'_>| resolved.arch.audit_token();
    let arches = &filter.arches;
    arches.iter().enumerate().filter_map(move |(place, first)| {
        let is_like = |other: &&ResolvedArch<'_>| token(other) == token(first);
        let (before, after) = arches.split_at(place);
        let second = after.iter().skip(1).find(is_like);
        let is_first = before.iter().find(is_like).is_none();
        is_first.then_some(Section { first, second })
    })
}

/// A system call of a section, ready to be tested for.
#[derive(Clone, Copy)]
struct TestedCall {
    number: u32,
    priority: u32,
    /// The architecture of the section that the call belongs to.
    arch: Arch,
    /// What its rules decide.
    block: BlockId,
}

struct Compiler {
    endian: Endian,
    blocks: Blocks,
    allow_skip: bool,
    form: Form,
    unknown_calls: Option<UnknownCalls>,
    default: BlockId,
    bad_architecture: BlockId,
    /// What the sequence tests for: the calls of each section, by priority.
    calls: Vec<TestedCall>,
    /// The program's sequence, last step first.
    reversed: Vec<Step>,
    trees: TreeLowering,
}

impl Compiler {
    /// Adds the section's steps; returns the first, which tests the architecture and
    /// continues with `next_architecture` for others.
    fn section(
        &mut self,
        section: &Section<'_>,
        next_architecture: BlockId,
    ) -> Result<BlockId, Error> {
        let start = self.calls.len();
        self.tested_calls(section)?;
        let unmatched =
            Unmatched::new(section, self.unknown_calls, self.default, &mut self.blocks)?;
        let separate = section.separates_x32();
        let body = match self.form {
            Form::Linear => self.linear(start, &unmatched, !separate)?,
            Form::Search | Form::ShortSearch => {
                self.search(&unmatched, section.first.arch, !separate)?
            }
        };
        let body = match separate {
            true => self.separate_x32(section.first.arch, body)?,
            false => body,
        };
        let test = self.blocks.intern(Block::test(
            ARCHITECTURE,
            ARCHITECTURE,
            op::JUMP_EQUAL,
            section.first.arch.audit_token(),
            [body, Target::to(next_architecture)],
        ));
        self.push(Step::Block(test))?;
        Ok(test)
    }

    /// Appends what the section tests for to `calls`: by priority, then architecture,
    /// then number.
    fn tested_calls(&mut self, section: &Section<'_>) -> Result<(), Error> {
        let Section { first, second } = *section;
        let mut rest = &first.calls[..];
        let mut others = second.map_or(&[][..], |second| &second.calls);
        while !rest.is_empty() || !others.is_empty() {
            let other = others.first().map_or(0, |other| other.priority);
            let run = rest.partition_point(|call| call.priority >= other);
            self.append_tested(first, &rest[..run])?;
            rest = &rest[run..];
            let call = rest.first().map(|call| call.priority);
            let run = others.partition_point(|other| Some(other.priority) > call);
            self.append_tested(second.unwrap_or(first), &others[..run])?;
            others = &others[run..];
        }
        Ok(())
    }

    /// Appends system calls with what their rules decide: not those that have only a
    /// priority, nor pseudo numbers, which the kernel never sees. There is room.
    fn append_tested(
        &mut self,
        resolved: &ResolvedArch<'_>,
        run: &[ResolvedCall],
    ) -> Result<(), Error> {
        for call in run {
            if !call.is_seen(self.allow_skip) {
                continue;
            }
            let ordered = resolved.ordered_of(call);
            let otherwise = match call.decision {
                Decision::None if ordered.is_empty() => continue,
                Decision::None => self.default,
                Decision::Always(action) => self.blocks.action(action),
                Decision::Tree(index) => {
                    let tree = resolved.tree(index);
                    let blocks = &mut self.blocks;
                    (self.trees).lower(blocks, resolved.arch, tree, self.default)?
                }
            };
            let block = match ordered {
                [] => otherwise,
                rules => ConditionLowering {
                    blocks: &mut self.blocks,
                    arch: resolved.arch,
                    form: self.form,
                }
                .rules(rules, otherwise)?,
            };
            self.calls.push(TestedCall {
                number: call.number,
                priority: call.priority,
                arch: resolved.arch,
                block,
            });
        }
        Ok(())
    }

    /// Adds a step in front of the sequence.
    fn push(&mut self, step: Step) -> Result<(), Error> {
        fallible::push(&mut self.reversed, step)
    }

    /// Loads the number and sends calls of the other of x86_64 and x32 to the
    /// bad-architecture action. System call -1 is how a tracer skips a call
    /// (seccomp(2)), not an x32 call.
    fn separate_x32(&mut self, arch: Arch, body: Target) -> Result<Target, Error> {
        let bad = Target::to(self.bad_architecture);
        let has_bit = |targets| {
            let code = op::JUMP_GREATER_OR_EQUAL;
            Block::test(Accumulator::UNKNOWN, NUMBER, code, X32_SYSCALL_BIT, targets)
        };
        let test = if arch == Arch::X86_64 {
            let skips = [body, bad];
            let skips = Block::test(NUMBER, NUMBER, op::JUMP_EQUAL, u32::MAX, skips);
            let skips = self.blocks.intern(skips);
            self.push(Step::Block(skips))?;
            let body = match body {
                Target::FOLLOWING => Target::SECOND,
                _ => body,
            };
            has_bit([Target::FOLLOWING, body])
        } else {
            has_bit([body, bad])
        };
        let test = self.blocks.intern(test);
        self.push(Step::Block(test))?;
        Ok(Target::FOLLOWING)
    }
}

impl Section<'_> {
    /// Whether x86_64 and x32 calls have to be told apart, because the filter
    /// covers only one of the two.
    fn separates_x32(&self) -> bool {
        matches!(self.first.arch, Arch::X86_64 | Arch::X32) && self.second.is_none()
    }
}

#[cfg(test)]
pub(crate) mod worked_example;
