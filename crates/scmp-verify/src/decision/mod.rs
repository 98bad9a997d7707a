// SPDX-License-Identifier: LGPL-2.1-only
//! What a filter decides, for all system calls: taken apart by architecture, number and
//! arguments, and written as conditions.
//!
//! ```
//! use scmp::Arch;
//! use scmp_verify::decision::{Analysis, Field};
//! use scmp_verify::profile::Profile;
//!
//! let mut built = Profile::parse("default errno 1\nallow socket(a0 == 1..2)")?.build()?;
//! let mut analysis = Analysis::new();
//! let decided = analysis.of_program(built.filter.program()?)?;
//! let here = Field::Architecture;
//! let decided = analysis.fix(decided, here, Arch::X86_64.audit_token().into())?;
//! let socket = analysis.fix(decided, Field::Number, 41)?;
//! let refused = analysis.where_value(socket, 0x0005_0001)?;
//! let terms = analysis.terms(refused)?;
//! let [domains] = terms[0].tests[..] else { panic!() };
//! assert_eq!(domains.field(), Field::Argument(0));
//! let domains = analysis.describe(domains)?;
//! assert!(domains.negated);
//! assert_eq!(domains.parts.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cover;
mod sets;

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use rustc_hash::FxBuildHasher;
use scmp::bpf::Program;
use scmp::{Action, Endian, WordSize};
use thiserror::Error as ThisError;

pub use crate::interpreter::{effective, strictness};
pub use crate::operation::Order;
use crate::proof::diagram::{Bit, Diagrams, Node, bit_of};
use crate::proof::{LIMITS, MAX_STATES, TooComplex, function, input, operations, stack};
use crate::{Flaw, SyscallData};
pub use cover::Term;
pub use sets::{Described, Part};

/// A part of `struct seccomp_data` that programs test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The `AUDIT_ARCH_*` value, 32 bits.
    Architecture,
    /// The system call's number, 32 bits.
    Number,
    /// An argument, 0 to 5, 64 bits. Larger numbers mean argument 5.
    Argument(u8),
    /// The address of the calling instruction, 64 bits.
    InstructionPointer,
}

impl Field {
    /// All of them, in the order in which an [`Analysis`] tests them.
    pub const ALL: [Field; 9] = [
        Field::Architecture,
        Field::Number,
        Field::Argument(0),
        Field::Argument(1),
        Field::Argument(2),
        Field::Argument(3),
        Field::Argument(4),
        Field::Argument(5),
        Field::InstructionPointer,
    ];

    /// Its size: 32 or 64.
    pub fn bits(self) -> u32 {
        match self {
            Field::Architecture | Field::Number => 32,
            Field::Argument(_) | Field::InstructionPointer => 64,
        }
    }

    /// Its places among the bits of a diagram, from the most significant one.
    fn places(self) -> Range<Bit> {
        let bits = self.bits();
        let high_word = self.low_word() + bits as usize / 64;
        let start = bit_of(high_word, 31);
        start..start + bits as Bit
    }

    /// The word that has its low half.
    fn low_word(self) -> usize {
        match self {
            Field::Architecture => 1,
            Field::Number => 0,
            // Larger positions do not exist; they name the last argument.
            Field::Argument(position) => 4 + 2 * usize::from(position.min(5)),
            Field::InstructionPointer => 2,
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Unanswered {
    /// The kernel refuses the program.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// The answer would take too much time or memory.
    #[error("gave up: the answer would take too much time or memory")]
    GaveUp,
}

impl From<TooComplex> for Unanswered {
    fn from(_: TooComplex) -> Unanswered {
        Unanswered::GaveUp
    }
}

/// A function of a system call: what a filter returns for it, or whether a condition holds
/// (1) or not (0). It belongs to the [`Analysis`] that made it, whose methods alone may take
/// it: those of another one panic, or take it for a function of their own. Two functions of
/// one analysis are equal if and only if they have the same values everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Function(Node);

/// Values of one field, as a condition on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ValueSet {
    field: Field,
    node: Node,
}

impl ValueSet {
    /// The field whose values they are.
    pub fn field(self) -> Field {
        self.field
    }
}

/// Functions of system calls. All of them share one limit of time and memory: beyond it,
/// every method says [`Unanswered::GaveUp`]. That takes at most about half a minute and
/// 900 MB.
pub struct Analysis {
    diagrams: Diagrams,
}

impl Default for Analysis {
    fn default() -> Analysis {
        Analysis::new()
    }
}

impl Analysis {
    /// Without functions.
    pub fn new() -> Analysis {
        Analysis {
            diagrams: Diagrams::new(LIMITS),
        }
    }

    /// What a program returns.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn of_program(&mut self, program: &Program) -> Result<Function, Unanswered> {
        let operations = operations(program)?;
        let node = function::of_program(&mut self.diagrams, &operations, MAX_STATES)?;
        Ok(Function(node))
    }

    /// What the kernel does with several programs, the one that was installed first at the
    /// start: it runs all of them and takes the strictest action; of equally strict ones,
    /// that of the program installed last. Values are [`effective`] ones. Without programs
    /// it allows every call.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn of_stack(&mut self, programs: &[Program]) -> Result<Function, Unanswered> {
        let mut decided = self.constant(Action::Allow.to_raw())?;
        for program in programs.iter().rev() {
            let older = self.of_program(program)?;
            let older = self.diagrams.map(older.0, &effective)?;
            decided = Function(stack::combine(&mut self.diagrams, decided.0, older)?);
        }
        Ok(decided)
    }

    /// The same value everywhere.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn constant(&mut self, value: u32) -> Result<Function, Unanswered> {
        Ok(Function(self.diagrams.constant(value)?))
    }

    /// 1 where the field under a mask compares so with a value, else 0. With a `width` of 32, or
    /// of a field that has 32 bits, only the low halves of field, mask and value count.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn compare(
        &mut self,
        field: Field,
        width: WordSize,
        mask: u64,
        order: Order,
        value: u64,
    ) -> Result<Function, Unanswered> {
        let low_word = field.low_word();
        let words = match width == WordSize::Bits32 || field.bits() == 32 {
            true => low_word..=low_word,
            false => low_word..=low_word + 1,
        };
        let diagrams = &mut self.diagrams;
        let node = diagrams.compare_words(words, mask, order, value, Node::TRUTH)?;
        Ok(Function(node))
    }

    /// `yes` where the condition is not 0, else `no`.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn choose(
        &mut self,
        condition: Function,
        yes: Function,
        no: Function,
    ) -> Result<Function, Unanswered> {
        let node = self.diagrams.choose(condition.0, yes.0, no.0)?;
        Ok(Function(node))
    }

    /// 1 where both conditions hold.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn both(&mut self, one: Function, other: Function) -> Result<Function, Unanswered> {
        let no = self.constant(0)?;
        self.choose(one, other, no)
    }

    /// 1 where at least one of two conditions holds.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn either(&mut self, one: Function, other: Function) -> Result<Function, Unanswered> {
        let yes = self.constant(1)?;
        self.choose(one, yes, other)
    }

    /// 1 where the first condition holds, but not the second.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn without(&mut self, one: Function, other: Function) -> Result<Function, Unanswered> {
        let no = self.constant(0)?;
        self.choose(other, no, one)
    }

    /// A system call for which a condition holds, if there is one. What does not matter in it
    /// is 0.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn example(&mut self, condition: Function) -> Result<Option<SyscallData>, Unanswered> {
        let no = self.constant(0)?;
        Ok(self.difference(condition, no))
    }

    /// 1 where the function has this value, else 0.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn where_value(&mut self, function: Function, value: u32) -> Result<Function, Unanswered> {
        Ok(Function(self.diagrams.is_value(function.0, value)?))
    }

    /// Every value that the function has somewhere, in ascending order.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn values(&mut self, function: Function) -> Result<Vec<u32>, Unanswered> {
        let mut values = self.diagrams.values(function.0)?;
        values.sort_unstable();
        Ok(values)
    }

    /// The value of a function that has only one.
    pub fn constant_value(&self, function: Function) -> Option<u32> {
        self.diagrams.constant_value(function.0)
    }

    /// The value for this system call.
    pub fn value(&self, function: Function, input: &SyscallData) -> u32 {
        let words = std::array::from_fn(|place| input.word(place as u8, Endian::Little));
        self.diagrams.value(function.0, &words)
    }

    /// A system call for which two functions differ, if there is one. What does not matter
    /// in it is 0.
    pub fn difference(&self, first: Function, second: Function) -> Option<SyscallData> {
        let differ = first != second;
        differ.then(|| input(self.diagrams.difference(first.0, second.0)))
    }

    /// The function of system calls that have this value in a field; of a field of 32 bits, its
    /// low half.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn fix(
        &mut self,
        function: Function,
        field: Field,
        value: u64,
    ) -> Result<Function, Unanswered> {
        let places = field.places();
        let bit = |place: Bit| value >> (places.end - 1 - place) & 1 != 0;
        self.restrict(function, &places, &bit)
    }

    /// The function of system calls whose arguments have no bits above the low 32: what
    /// 32-bit architectures pass.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn with_short_arguments(&mut self, function: Function) -> Result<Function, Unanswered> {
        let long = Field::ALL.into_iter().filter(|field| field.bits() == 64);
        long.into_iter()
            .try_fold(function, |function, field| self.with_short(function, field))
    }

    /// The function of the low half of a field of 64 bits, with a high half of 0.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn with_short(&mut self, function: Function, field: Field) -> Result<Function, Unanswered> {
        let places = field.places();
        let high = places.start..places.end - 32;
        self.restrict(function, &high, &|_| false)
    }

    fn restrict(
        &mut self,
        function: Function,
        places: &Range<Bit>,
        bit: &dyn Fn(Bit) -> bool,
    ) -> Result<Function, Unanswered> {
        let mut done = HashMap::default();
        let node = self.restrict_below(function.0, places, bit, &mut done)?;
        Ok(Function(node))
    }

    fn restrict_below(
        &mut self,
        node: Node,
        places: &Range<Bit>,
        bit: &dyn Fn(Bit) -> bool,
        done: &mut HashMap<Node, Node, FxBuildHasher>,
    ) -> Result<Node, TooComplex> {
        self.diagrams.spend(1)?;
        let content = self.diagrams.content(node);
        if content.bit >= places.end {
            return Ok(node);
        }
        if let Some(&known) = done.get(&node) {
            return Ok(known);
        }
        let result = if content.bit >= places.start {
            let next = match bit(content.bit) {
                true => content.high,
                false => content.low,
            };
            self.restrict_below(Node(next), places, bit, done)?
        } else {
            let low = self.restrict_below(Node(content.low), places, bit, done)?;
            let high = self.restrict_below(Node(content.high), places, bit, done)?;
            self.diagrams.test(content.bit, low, high)?
        };
        done.try_reserve(1).map_err(|_| TooComplex)?;
        done.insert(node, result);
        Ok(result)
    }

    /// Whether the value of a field matters.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn depends_on(&mut self, function: Function, field: Field) -> Result<bool, Unanswered> {
        let places = field.places();
        let mut seen = HashSet::<Node, FxBuildHasher>::default();
        let mut pending = vec![function.0];
        while let Some(node) = pending.pop() {
            self.diagrams.spend(1)?;
            let content = self.diagrams.content(node);
            if places.contains(&content.bit) {
                return Ok(true);
            }
            if content.bit < places.end && seen.insert(node) {
                pending.extend([Node(content.low), Node(content.high)]);
            }
        }
        Ok(false)
    }

    /// The parts into which a field divides the function: for each function of the fields
    /// behind it, the values of the field that lead there. Fields before it must not matter
    /// any more ([`Analysis::fix`] them).
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`], also if a field before it matters.
    pub fn split(
        &mut self,
        function: Function,
        field: Field,
    ) -> Result<Vec<(ValueSet, Function)>, Unanswered> {
        let field = match field {
            Field::Argument(position) => Field::Argument(position.min(5)),
            field => field,
        };
        let parts = self.split_pair([function.0; 2], field)?;
        let part =
            |([rest, _], set): ([Node; 2], Node)| (ValueSet { field, node: set }, Function(rest));
        Ok(parts.into_iter().map(part).collect())
    }

    /// Divides two functions at once.
    fn split_pair(
        &mut self,
        pair: [Node; 2],
        field: Field,
    ) -> Result<Vec<([Node; 2], Node)>, TooComplex> {
        let mut done = Splits {
            known: HashMap::default(),
            room: MAX_PARTS,
        };
        let parts = self.split_below(pair, &field.places(), &mut done)?;
        Ok(parts.to_vec())
    }

    fn split_below(
        &mut self,
        pair: [Node; 2],
        places: &Range<Bit>,
        done: &mut Splits,
    ) -> Result<Rc<[PairPart]>, TooComplex> {
        if let Some(known) = done.known.get(&pair) {
            self.diagrams.spend(known.len() as u64)?;
            return Ok(known.clone());
        }
        let (bit, [low, high]) = self.diagrams.branches(pair);
        if bit >= places.end {
            return Ok(Rc::new([(pair, Node::YES)]));
        }
        if bit < places.start {
            return Err(TooComplex);
        }
        let low = self.split_below(low, places, done)?;
        let high = self.split_below(high, places, done)?;
        self.diagrams.spend((low.len() + high.len()) as u64)?;
        // In the order of the smallest value that leads to each.
        let mut at = HashMap::<[Node; 2], usize, FxBuildHasher>::default();
        let mut halves: Vec<([Node; 2], [Node; 2])> = Vec::new();
        for (index, parts) in [low, high].into_iter().enumerate() {
            for &(rest, set) in parts.iter() {
                let place = *at.entry(rest).or_insert_with(|| {
                    halves.push((rest, [Node::NO; 2]));
                    halves.len() - 1
                });
                halves[place].1[index] = set;
            }
        }
        let mut parts = Vec::new();
        for (rest, [low, high]) in halves {
            parts.push((rest, self.diagrams.test(bit, low, high)?));
        }
        done.room = done.room.checked_sub(parts.len()).ok_or(TooComplex)?;
        let parts: Rc<[PairPart]> = parts.into();
        done.known.insert(pair, parts.clone());
        Ok(parts)
    }

    /// The set's values as ascending ranges that do not touch.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`] if there are more than `most`.
    pub fn ranges(
        &mut self,
        set: ValueSet,
        most: usize,
    ) -> Result<Vec<RangeInclusive<u64>>, Unanswered> {
        let ranges = self.ranges_of(set.node, set.field.places(), most)?;
        ranges.ok_or(Unanswered::GaveUp)
    }
}

/// Two functions of the fields behind a field, and its values that lead there.
type PairPart = ([Node; 2], Node);

/// What is known of pairs that have been divided.
struct Splits {
    known: HashMap<[Node; 2], Rc<[PairPart]>, FxBuildHasher>,
    /// How many more parts may be kept.
    room: usize,
}

/// The most parts that are kept while a pair is divided: 24 MB.
const MAX_PARTS: usize = 2_000_000;

#[cfg(test)]
mod tests;
