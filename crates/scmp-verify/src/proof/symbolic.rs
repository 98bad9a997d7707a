// SPDX-License-Identifier: LGPL-2.1-only
//! Words that a program computes, as functions of the input.
//!
//! Most are a constant, or a word of the input under a mask. Any other is a function for
//! each of its bits, which arithmetic makes as an adder of hardware does. A bit whose
//! function grows too large is unknown; a proof gives up if an unknown bit matters.

use super::TooComplex;
use super::diagram::{Diagrams, Node};
use super::interner::Interner;
use crate::operation::{Arithmetic, Order};

/// A word as a function of the input. Equal functions without unknown bits are equal words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Word {
    Constant(u32),
    /// A word of `struct seccomp_data` under a mask that is not 0.
    Masked {
        word: u8,
        mask: u32,
    },
    /// The bits at this place of [`Words::bits`].
    Bits(u32),
}

impl Word {
    pub(super) const ZERO: Word = Word::Constant(0);

    fn masked(word: u8, mask: u32) -> Word {
        match mask {
            0 => Word::ZERO,
            mask => Word::Masked { word, mask },
        }
    }
}

/// A function with the values 0 and 1; `None` if it is unknown.
type Bit = Option<Node>;

const ZERO: Bit = Some(Node::NO);
const ONE: Bit = Some(Node::YES);

/// The bits of a word, from the least significant one.
type Bits = [Bit; 32];

/// The most words that are kept bit by bit. One takes up to a kilobyte.
const MAX_WORDS: usize = 1 << 16;

/// The most steps for an operation on one bit: enough for the low 13 bits of a sum.
const BIT_STEPS: u64 = 1 << 16;

/// The most steps for a bit of a returned word, which has at most 4096 values then.
const VALUE_STEPS: u64 = 1 << 13;

/// The most steps for one operation on words.
const WORD_STEPS: u64 = 1 << 19;

/// The most steps for all operations on bits: about two seconds.
const ALL_STEPS: u64 = 1 << 22;

/// The value, with a bit set where the condition is 1.
fn with_bit(
    diagrams: &mut Diagrams,
    value: Node,
    condition: Node,
    bit: u32,
) -> Result<Node, TooComplex> {
    diagrams.apply(value, condition, |diagrams, [value, condition]| {
        let ends = [value, condition].map(|node| diagrams.constant_value(node));
        match ends {
            [_, Some(0)] => Ok(Some(value)),
            [Some(value), Some(_)] => diagrams.constant(value | bit).map(Some),
            _ => Ok(None),
        }
    })
}

/// The words of a proof.
pub(super) struct Words<'a> {
    pub(super) diagrams: &'a mut Diagrams,
    bits: Interner<Bits>,
    steps: u64,
}

impl Words<'_> {
    pub(super) fn new(diagrams: &mut Diagrams) -> Words<'_> {
        Words {
            diagrams,
            bits: Interner::new(MAX_WORDS),
            steps: ALL_STEPS,
        }
    }

    /// A whole word of `struct seccomp_data`.
    pub(super) fn input(&self, word: u8) -> Word {
        Word::masked(word, u32::MAX)
    }

    /// The result; unspecified where the divisor is 0.
    pub(super) fn compute(
        &mut self,
        arithmetic: Arithmetic,
        first: Word,
        second: Word,
    ) -> Result<Word, TooComplex> {
        match (arithmetic, first, second) {
            (_, Word::Constant(first), Word::Constant(second)) => {
                let result = arithmetic.apply(first, second).unwrap_or(0);
                return Ok(Word::Constant(result));
            }
            (Arithmetic::And, Word::Masked { word, mask }, Word::Constant(constant))
            | (Arithmetic::And, Word::Constant(constant), Word::Masked { word, mask }) => {
                return Ok(Word::masked(word, mask & constant));
            }
            _ => {}
        }
        let [a, b] = [self.bits_of(first)?, self.bits_of(second)?];
        let steps = self.steps.min(WORD_STEPS);
        let later = self.steps - steps;
        self.steps = steps;
        let bits = match arithmetic {
            Arithmetic::Add => self.add(&a, &b, ZERO).0,
            Arithmetic::Subtract => self.subtract(&a, &b).0,
            Arithmetic::Negate => self.subtract(&[ZERO; 32], &a).0,
            // Each bit of the second factor that is not 0 costs an addition.
            Arithmetic::Multiply => match first {
                Word::Constant(_) => self.multiply(&b, &a),
                _ => self.multiply(&a, &b),
            },
            Arithmetic::Divide => self.divide(&a, &b),
            Arithmetic::And => self.each(|words, at| words.and(a[at], b[at])),
            Arithmetic::Or => self.each(|words, at| words.choose(a[at], ONE, b[at])),
            Arithmetic::Xor => self.each(|words, at| words.xor(a[at], b[at])),
            Arithmetic::ShiftLeft => self.shift(a, &b, |at, by| at.checked_sub(by)),
            Arithmetic::ShiftRight => {
                self.shift(a, &b, |at, by| Some(at + by).filter(|&from| from < 32))
            }
        };
        self.steps += later;
        self.word_of(&bits)
    }

    /// 1 where the comparison holds, else 0.
    pub(super) fn compare(
        &mut self,
        order: Order,
        first: Word,
        second: Word,
    ) -> Result<Node, TooComplex> {
        match (first, second) {
            (Word::Constant(first), Word::Constant(second)) => {
                return self.diagrams.constant(order.holds(first, second).into());
            }
            (Word::Masked { word, mask }, Word::Constant(datum)) => {
                return (self.diagrams).compare(word.into(), mask, order, datum);
            }
            _ => {}
        }
        let [a, b] = [self.bits_of(first)?, self.bits_of(second)?];
        // What the bits below decide if those above are equal, or have none in common.
        let mut holds = match order {
            Order::Equal | Order::GreaterOrEqual => ONE,
            Order::Greater | Order::AnyBit => ZERO,
        };
        for (&a, &b) in a.iter().zip(&b) {
            holds = match order {
                Order::Equal => {
                    let differs = self.xor(a, b);
                    self.choose(differs, ZERO, holds)
                }
                Order::AnyBit => {
                    let both = self.and(a, b);
                    self.choose(both, ONE, holds)
                }
                Order::Greater | Order::GreaterOrEqual => {
                    let [set, clear] = [self.choose(b, holds, ONE), self.choose(b, ZERO, holds)];
                    self.choose(a, set, clear)
                }
            };
        }
        holds.ok_or(TooComplex)
    }

    /// The word as a function with its values.
    pub(super) fn value(&mut self, word: Word) -> Result<Node, TooComplex> {
        if let Word::Constant(value) = word {
            return self.diagrams.constant(value);
        }
        let bits = self.bits_of(word)?;
        let always = (0..32).filter(|&at| bits[at] == ONE).map(|at| 1 << at);
        let mut value = self.diagrams.constant(always.sum())?;
        for (at, bit) in bits.into_iter().enumerate() {
            if bit != ZERO && bit != ONE {
                let bit = bit.ok_or(TooComplex)?;
                let (with_bit, _) = (self.diagrams).within(VALUE_STEPS, |diagrams| {
                    with_bit(diagrams, value, bit, 1 << at)
                });
                value = with_bit.ok_or(TooComplex)?;
            }
        }
        Ok(value)
    }

    fn bits_of(&mut self, word: Word) -> Result<Bits, TooComplex> {
        Ok(match word {
            Word::Constant(value) => {
                std::array::from_fn(|at| [ZERO, ONE][(value >> at & 1) as usize])
            }
            Word::Masked { word, mask } => {
                let mut bits = [ZERO; 32];
                for (at, bit) in bits.iter_mut().enumerate() {
                    if mask >> at & 1 != 0 {
                        *bit = Some(self.diagrams.bit(word.into(), at as u32)?);
                    }
                }
                bits
            }
            Word::Bits(place) => self.bits.item(place),
        })
    }

    /// The word with these bits, in its simplest form.
    fn word_of(&mut self, bits: &Bits) -> Result<Word, TooComplex> {
        let value = |at: usize| match bits[at] {
            Some(bit) if bit == Node::NO => Some(0),
            Some(bit) if bit == Node::YES => Some(1 << at),
            _ => None,
        };
        if let Some(value) = (0..32).map(value).sum() {
            return Ok(Word::Constant(value));
        }
        let (mut of, mut mask) = (None, 0);
        for (at, &bit) in bits.iter().enumerate() {
            let place = match bit {
                Some(bit) if bit == Node::NO => continue,
                Some(bit) => self.diagrams.place_of(bit),
                None => None,
            };
            match place {
                Some((word, significance))
                    if significance as usize == at && of.is_none_or(|of| of == word) =>
                {
                    of = Some(word);
                    mask |= 1 << at;
                }
                _ => return Ok(Word::Bits(self.bits.place(*bits)?.0)),
            }
        }
        Ok(Word::masked(of.unwrap_or(0) as u8, mask))
    }

    fn each(&mut self, mut bit: impl FnMut(&mut Self, usize) -> Bit) -> Bits {
        std::array::from_fn(|at| bit(self, at))
    }

    /// What one operation on diagrams makes, unless it takes too many steps.
    fn within(
        &mut self,
        work: impl FnOnce(&mut Diagrams) -> Result<Node, TooComplex>,
    ) -> Option<Node> {
        let (node, took) = self.diagrams.within(self.steps.min(BIT_STEPS), work);
        self.steps -= took;
        node
    }

    /// If-then-else. What is known at once takes no steps, so that low bits stay known when
    /// high ones have used all steps.
    fn choose(&mut self, condition: Bit, mut yes: Bit, mut no: Bit) -> Bit {
        if condition.is_some() && yes == condition {
            yes = ONE;
        }
        if condition.is_some() && no == condition {
            no = ZERO;
        }
        match condition {
            _ if yes == no => yes,
            _ if condition == ONE => yes,
            _ if condition == ZERO => no,
            _ if (yes, no) == (ONE, ZERO) => condition,
            _ => {
                let (condition, yes, no) = (condition?, yes?, no?);
                self.within(|diagrams| diagrams.choose(condition, yes, no))
            }
        }
    }

    fn not(&mut self, bit: Bit) -> Bit {
        self.choose(bit, ZERO, ONE)
    }

    fn and(&mut self, first: Bit, second: Bit) -> Bit {
        self.choose(first, second, ZERO)
    }

    fn xor(&mut self, first: Bit, second: Bit) -> Bit {
        let not = self.not(second);
        self.choose(first, not, second)
    }

    /// The sum, and what is carried out of it.
    fn add<const N: usize>(
        &mut self,
        first: &[Bit; N],
        second: &[Bit; N],
        carry: Bit,
    ) -> ([Bit; N], Bit) {
        let mut carry = carry;
        let sum = std::array::from_fn(|at| {
            let differ = self.xor(first[at], second[at]);
            let sum = self.xor(differ, carry);
            carry = self.choose(differ, carry, first[at]);
            sum
        });
        (sum, carry)
    }

    /// The difference, and 1 where it is not negative.
    fn subtract<const N: usize>(&mut self, first: &[Bit; N], second: &[Bit; N]) -> ([Bit; N], Bit) {
        let second = second.map(|bit| self.not(bit));
        self.add(first, &second, ONE)
    }

    fn multiply(&mut self, first: &Bits, second: &Bits) -> Bits {
        let mut product = [ZERO; 32];
        for (by, &factor) in second.iter().enumerate() {
            if factor != ZERO {
                let shifted = self.each(|words, at| match at.checked_sub(by) {
                    Some(from) => words.and(first[from], factor),
                    None => ZERO,
                });
                product = self.add(&product, &shifted, ZERO).0;
            }
        }
        product
    }

    /// Restoring division, as it is done by hand.
    fn divide(&mut self, first: &Bits, second: &Bits) -> Bits {
        let mut quotient = [ZERO; 32];
        // One bit more, because twice a remainder may have it.
        let mut divisor = [ZERO; 33];
        divisor[..32].copy_from_slice(second);
        let mut remainder = [ZERO; 33];
        for at in (0..32).rev() {
            remainder.copy_within(0..32, 1);
            remainder[0] = first[at];
            let (less, fits) = self.subtract(&remainder, &divisor);
            quotient[at] = fits;
            remainder = std::array::from_fn(|at| self.choose(fits, less[at], remainder[at]));
        }
        quotient
    }

    /// Shifts by each power of two that the count has. `from` says which bit moves to a
    /// place.
    fn shift(
        &mut self,
        mut bits: Bits,
        count: &Bits,
        from: impl Fn(usize, usize) -> Option<usize>,
    ) -> Bits {
        for (power, &shifts) in count[..5].iter().enumerate() {
            let before = bits;
            bits = self.each(|words, at| {
                let moved = from(at, 1 << power).map_or(ZERO, |from| before[from]);
                words.choose(shifts, moved, before[at])
            });
        }
        bits
    }
}
