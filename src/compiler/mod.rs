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
use crate::bpf::{MOST_LOADED, Program, op};
use crate::error::Error;
use crate::fallible;
use crate::filter::{ArchFilter, Decision, Filter, Optimization, PLAIN_PRIORITY, Verdicts};
use crate::tree::Tree;
use block::{Accumulator, Block, BlockId, Blocks, Target};
use chains::Chains;

/// Offsets in `struct seccomp_data` (linux/seccomp.h).
const NUMBER: Accumulator = Accumulator::word(0);
const ARCHITECTURE: Accumulator = Accumulator::word(4);

/// One element of the program's sequence. Blocks that no piece is made of
/// stand behind the piece that needs them.
#[derive(Clone, Copy, Debug)]
enum Piece {
    /// Loads a word.
    Load(Accumulator),
    /// Tests for one system call, which goes to `block`; others go on. The
    /// number has been loaded.
    Call { number: u32, block: BlockId },
    /// The same; others get the default action.
    LastCall { number: u32, block: BlockId },
    /// A block, which may go on to the piece that follows.
    Block(BlockId),
}

/// How a program finds a value of a word: a system call's number, or a value
/// that a rule compares an argument with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// One test after another: level 1.
    Linear,
    /// A binary search that executes few tests.
    Search,
    /// A binary search that has few tests: it ends in linear ones.
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
pub(crate) fn compile(filter: &Filter) -> Result<Program, Error> {
    let mut shortest = match filter.attributes().optimization {
        Optimization::Priority => return generate(filter, Form::Linear),
        Optimization::Search => generate(filter, Form::Search),
    };
    for form in [Form::ShortSearch, Form::Linear] {
        let length = match &shortest {
            Ok(program) => program.instructions().len(),
            Err(Error::ProgramTooLong) => usize::MAX,
            Err(_) => break,
        };
        if length <= MOST_LOADED {
            break;
        }
        match generate(filter, form) {
            Ok(other) if other.instructions().len() >= length => {}
            Err(Error::ProgramTooLong) => {}
            shorter_or_error => shortest = shorter_or_error,
        }
    }
    shortest
}

fn generate(filter: &Filter, form: Form) -> Result<Program, Error> {
    let endian = filter.endian().ok_or(Error::NoArchitecture)?;
    let mut blocks = Blocks::default();
    let bad_architecture = blocks.action(filter.attributes().bad_architecture);
    let default = blocks.action(filter.default_action());
    let mut compiler = Compiler {
        blocks,
        verdicts: filter.verdicts(),
        allow_skip: filter.attributes().allow_skip,
        form,
        default,
        bad_architecture,
        choices: Vec::new(),
        reversed: Vec::new(),
        calls: Calls::default(),
        scratch: Tree::default(),
        chains: Chains::new(form),
    };
    for &action in filter.verdicts().actions() {
        let block = compiler.blocks.action(action);
        fallible::push(&mut compiler.choices, block)?;
    }
    let plain = filter.verdicts().count();
    let calls = filter
        .arch_filters()
        .iter()
        .map(|filter| plain + filter.len());
    fallible::reserve(&mut compiler.reversed, calls.sum())?;
    compiler.push(Piece::Block(bad_architecture))?;
    let mut next_architecture = bad_architecture;
    for section in sections(filter).rev() {
        next_architecture = compiler.section(&section, next_architecture)?;
    }
    compiler.push(Piece::Load(ARCHITECTURE))?;
    compiler.blocks.complete()?;
    // Their memory is needed elsewhere.
    drop((compiler.scratch, compiler.chains, compiler.calls));
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
fn sections(filter: &Filter) -> impl DoubleEndedIterator<Item = Section<'_>> {
    let filters = filter.arch_filters();
    let token = |filter: &ArchFilter| filter.arch().audit_token();
    filters
        .iter()
        .enumerate()
        .filter_map(move |(place, first)| {
            let is_like = |other: &&ArchFilter| token(other) == token(first);
            let (before, after) = filters.split_at(place);
            let second = after.iter().skip(1).find(is_like);
            before.iter().find(is_like).is_none().then_some(Section {
                arch: first.arch(),
                filters: [Some(first), second],
            })
        })
}

/// A system call of a section, ready to be tested for.
#[derive(Clone, Copy)]
struct Call {
    number: u32,
    priority: u32,
    /// Which of the section's architectures it is of, 0 or 1.
    turn: u8,
    /// What its rules decide.
    block: BlockId,
}

/// A system call without a hint or a condition.
#[derive(Clone, Copy)]
struct PlainCall {
    number: u32,
    /// The place of its block among [`Compiler::choices`].
    choice: u32,
}

/// The system calls of a section.
#[derive(Default)]
struct Calls<'a> {
    /// The plain ones, by turn and number.
    plain: Vec<PlainCall>,
    /// How many of them are of the first architecture.
    first_turn: usize,
    /// The others, in no order.
    others: Vec<Call>,
    /// Room for some of them that have turned out to be plain.
    more_plain: Vec<PlainCall>,
    filters: [Option<&'a ArchFilter>; 2],
}

struct Compiler<'a> {
    blocks: Blocks,
    verdicts: &'a Verdicts,
    allow_skip: bool,
    form: Form,
    default: BlockId,
    bad_architecture: BlockId,
    /// Of the verdicts' actions; then those of calls that are plain otherwise.
    choices: Vec<BlockId>,
    /// The program's sequence, last piece first.
    reversed: Vec<Piece>,
    /// Of the section at hand.
    calls: Calls<'a>,
    /// Room for trees, and for what `chains` makes of them.
    scratch: Tree,
    chains: Chains,
}

impl<'a> Compiler<'a> {
    /// Adds the section's pieces; returns the first, which tests for the
    /// architecture and goes on to `next_architecture`.
    fn section(
        &mut self,
        section: &Section<'a>,
        next_architecture: BlockId,
    ) -> Result<BlockId, Error> {
        self.collect(section)?;
        let separate = section.separates_x32();
        let body = match self.form {
            Form::Linear => self.linear(!separate)?,
            Form::Search | Form::ShortSearch => self.search(!separate)?,
        };
        let body = match separate {
            true => self.separate_x32(section.arch, body)?,
            false => body,
        };
        let test = self.blocks.intern(Block::test(
            ARCHITECTURE,
            ARCHITECTURE,
            op::JUMP_EQUAL,
            section.arch.audit_token(),
            [body, Target::to(next_architecture)],
        ));
        self.push(Piece::Block(test))?;
        Ok(test)
    }

    /// Finds the system calls that the program tests for, with what their
    /// rules decide: not those that have only a priority, nor pseudo numbers,
    /// which the kernel never sees.
    fn collect(&mut self, section: &Section<'a>) -> Result<(), Error> {
        self.calls.plain.clear();
        self.calls.others.clear();
        self.calls.filters = section.filters;
        for (turn, filter) in (0..).zip(section.filters.into_iter().flatten()) {
            let start = self.calls.plain.len();
            fallible::reserve(&mut self.calls.plain, self.verdicts.count())?;
            filter.plain_calls(self.verdicts, |number, _, choice| {
                self.calls.plain.push(PlainCall { number, choice });
            });
            self.calls.more_plain.clear();
            for position in 0..filter.len() {
                if filter.is_seen(position, self.allow_skip) {
                    self.collect_other(filter, position, turn)?;
                }
            }
            let Calls {
                plain, more_plain, ..
            } = &mut self.calls;
            more_plain.sort_unstable_by_key(|call| call.number);
            fallible::reserve(plain, more_plain.len())?;
            merge(plain, start, more_plain);
            if turn == 0 {
                self.calls.first_turn = self.calls.plain.len();
            }
        }
        Ok(())
    }

    fn collect_other(
        &mut self,
        filter: &ArchFilter,
        position: usize,
        turn: u8,
    ) -> Result<(), Error> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let call = filter.call(position, self.verdicts, &mut scratch)?;
        let block = match call.decision {
            Decision::None => None,
            Decision::Always(action) => Some(self.blocks.action(action)),
            Decision::Tree(tree) => {
                let blocks = &mut self.blocks;
                Some((self.chains).tree(blocks, filter.arch(), tree, self.default)?)
            }
        };
        let (number, priority) = (call.number, call.priority);
        self.scratch = scratch;
        match block {
            None => Ok(()),
            Some(block) if priority == PLAIN_PRIORITY => {
                let choice = self.choices.len() as u32;
                fallible::push(&mut self.choices, block)?;
                fallible::push(&mut self.calls.more_plain, PlainCall { number, choice })
            }
            Some(block) => {
                let call = Call {
                    number,
                    priority,
                    turn,
                    block,
                };
                fallible::push(&mut self.calls.others, call)
            }
        }
    }

    /// Adds a piece in front of the sequence.
    fn push(&mut self, piece: Piece) -> Result<(), Error> {
        fallible::push(&mut self.reversed, piece)
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
            self.push(Piece::Block(skips))?;
            let body = match body {
                Target::FOLLOWING => Target::SECOND,
                _ => body,
            };
            has_bit([Target::FOLLOWING, body])
        } else {
            has_bit([body, bad])
        };
        let test = self.blocks.intern(test);
        self.push(Piece::Block(test))?;
        Ok(Target::FOLLOWING)
    }
}

/// Puts calls among those from `start` on, both by rising number; there is room.
fn merge(calls: &mut Vec<PlainCall>, start: usize, more: &[PlainCall]) {
    let mut left = calls.len();
    calls.extend_from_slice(more);
    let mut place = calls.len();
    for call in more.iter().rev() {
        while left > start && calls[left - 1].number > call.number {
            left -= 1;
            place -= 1;
            calls[place] = calls[left];
        }
        place -= 1;
        calls[place] = *call;
    }
}

impl Section<'_> {
    /// Whether x86_64 and x32 calls have to be told apart, because the filter
    /// covers only one of the two.
    fn separates_x32(&self) -> bool {
        matches!(self.arch, Arch::X86_64 | Arch::X32) && self.filters[1].is_none()
    }
}
