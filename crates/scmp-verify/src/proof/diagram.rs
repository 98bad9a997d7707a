// SPDX-License-Identifier: LGPL-2.1-only
//! Functions of a system call's words, as reduced ordered binary decision diagrams (Bryant
//! 1986) whose constants are any 32-bit values.
//!
//! Each function has exactly one diagram, so two functions are equal if and
//! only if their diagrams are the same node.

use std::collections::{HashMap, HashSet, TryReserveError};
use std::ops::RangeInclusive;

use rustc_hash::FxBuildHasher;

use super::TooComplex;
use super::interner::Interner;
use crate::operation::Order;

/// A node: a constant, or a test of one bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Node(pub(crate) u32);

impl Node {
    /// The function that is 0 everywhere.
    pub(crate) const NO: Node = Node(0);
    /// The function that is 1 everywhere.
    pub(crate) const YES: Node = Node(1);
    /// For [`Diagrams::compare`]: 1 where the comparison holds, else 0.
    pub(crate) const TRUTH: [Node; 2] = [Node::YES, Node::NO];
}

/// A bit of the input. Lower ones are tested first.
pub(crate) type Bit = u16;

/// After all bits, so that constants come last.
const CONSTANT: Bit = Bit::MAX;

/// Words of a little-endian `struct seccomp_data`, in the order in which they are tested:
/// architecture before number, as programs do, high halves before low ones, and the
/// instruction pointer last.
const WORD_ORDER: [u8; 16] = [1, 0, 15, 14, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12];

pub(crate) fn bit_of(word: usize, significance: u32) -> Bit {
    let place = Bit::from(WORD_ORDER[word]);
    place * 32 + (31 - significance) as Bit
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Content {
    pub(crate) bit: Bit,
    /// For a constant, its value; else what follows if the bit is clear.
    pub(crate) low: u32,
    /// What follows if the bit is set.
    pub(crate) high: u32,
}

impl Content {
    fn constant(value: u32) -> Content {
        Content {
            bit: CONSTANT,
            low: value,
            high: 0,
        }
    }
}

/// All diagrams of a proof.
pub(crate) struct Diagrams {
    nodes: Interner<Content>,
    merged: HashMap<(Node, Node, Node), Node, FxBuildHasher>,
    limits: Limits,
}

/// Limits beyond which a proof gives up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Nodes of all diagrams together.
    pub(crate) nodes: usize,
    /// Results of [`Diagrams::choose`] that are remembered.
    pub(crate) merged: usize,
    /// Visits of nodes, repeated ones included.
    pub(crate) steps: u64,
}

/// An error if there is no room for one more: the limit is reached, or memory has run out.
fn room(
    length: usize,
    limit: usize,
    reserved: Result<(), TryReserveError>,
) -> Result<(), TooComplex> {
    match length < limit && reserved.is_ok() {
        true => Ok(()),
        false => Err(TooComplex),
    }
}

impl Diagrams {
    /// Gives up beyond these limits.
    pub(crate) fn new(limits: Limits) -> Diagrams {
        Diagrams {
            nodes: Interner::with([0, 1].map(Content::constant), limits.nodes),
            merged: HashMap::default(),
            limits,
        }
    }

    /// Counts work.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), TooComplex> {
        self.limits.steps = self.limits.steps.checked_sub(steps).ok_or(TooComplex)?;
        Ok(())
    }

    /// The function that is `low` where the bit is clear, and `high` where it is set; both
    /// test later bits.
    pub(crate) fn test(&mut self, bit: Bit, low: Node, high: Node) -> Result<Node, TooComplex> {
        match low == high {
            true => Ok(low),
            false => self.node(Content {
                bit,
                low: low.0,
                high: high.0,
            }),
        }
    }

    fn node(&mut self, content: Content) -> Result<Node, TooComplex> {
        Ok(Node(self.nodes.place(content)?.0))
    }

    pub(crate) fn content(&self, node: Node) -> Content {
        self.nodes.item(node.0)
    }

    /// The first bit that one of the functions tests, and what they are where it is clear, and
    /// where it is set; nothing of meaning if all are constants ([`CONSTANT`]).
    pub(crate) fn branches<const N: usize>(&self, nodes: [Node; N]) -> (Bit, [[Node; N]; 2]) {
        let contents = nodes.map(|node| self.content(node));
        let bit = contents.iter().map(|content| content.bit).min();
        let bit = bit.unwrap_or(CONSTANT);
        let mut sides = [nodes; 2];
        for (index, content) in contents.into_iter().enumerate() {
            if content.bit == bit {
                sides[0][index] = Node(content.low);
                sides[1][index] = Node(content.high);
            }
        }
        (bit, sides)
    }

    /// The function that is `value` everywhere.
    pub(crate) fn constant(&mut self, value: u32) -> Result<Node, TooComplex> {
        self.node(Content::constant(value))
    }

    /// 1 where `node` is `value`, else 0.
    pub(crate) fn is_value(&mut self, node: Node, value: u32) -> Result<Node, TooComplex> {
        self.map(node, &|other| u32::from(other == value))
    }

    /// Applies `of` to every value of a function.
    pub(crate) fn map(&mut self, node: Node, of: &dyn Fn(u32) -> u32) -> Result<Node, TooComplex> {
        let mut done = HashMap::default();
        self.map_below(node, of, &mut done)
    }

    fn map_below(
        &mut self,
        node: Node,
        of: &dyn Fn(u32) -> u32,
        done: &mut HashMap<Node, Node, FxBuildHasher>,
    ) -> Result<Node, TooComplex> {
        self.spend(1)?;
        if let Some(&known) = done.get(&node) {
            return Ok(known);
        }
        let content = self.content(node);
        let result = if content.bit == CONSTANT {
            self.constant(of(content.low))?
        } else {
            let low = self.map_below(Node(content.low), of, done)?;
            let high = self.map_below(Node(content.high), of, done)?;
            self.test(content.bit, low, high)?
        };
        room(done.len(), usize::MAX, done.try_reserve(1))?;
        done.insert(node, result);
        Ok(result)
    }

    /// Every value that a function has somewhere.
    pub(crate) fn values(&mut self, node: Node) -> Result<Vec<u32>, TooComplex> {
        let mut seen = HashSet::<Node, FxBuildHasher>::default();
        let mut values = Vec::new();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            self.spend(1)?;
            room(seen.len(), usize::MAX, seen.try_reserve(1))?;
            if !seen.insert(node) {
                continue;
            }
            let content = self.content(node);
            if content.bit == CONSTANT {
                values.push(content.low);
            } else {
                pending.extend([Node(content.low), Node(content.high)]);
            }
        }
        Ok(values)
    }

    /// The value of a function that is constant.
    pub(crate) fn constant_value(&self, node: Node) -> Option<u32> {
        let content = self.content(node);
        (content.bit == CONSTANT).then_some(content.low)
    }

    /// The value of a function on these words.
    pub(crate) fn value(&self, node: Node, words: &[u32; 16]) -> u32 {
        let mut content = self.content(node);
        while content.bit != CONSTANT {
            let (word, significance) = place(content.bit);
            let high = words[word] >> significance & 1 != 0;
            content = self.content(Node(if high { content.high } else { content.low }));
        }
        content.low
    }

    /// 1 where `order` holds between `word & mask` and `datum`, else 0.
    pub(crate) fn compare(
        &mut self,
        word: usize,
        mask: u32,
        order: Order,
        datum: u32,
    ) -> Result<Node, TooComplex> {
        self.compare_words(word..=word, mask.into(), order, datum.into(), Node::TRUTH)
    }

    /// `yes` where the comparison holds for one word, or for two words that are a field, low
    /// word first; else `no`. Both are constants. Ignores higher bits of `mask` and `datum`.
    pub(crate) fn compare_words(
        &mut self,
        words: RangeInclusive<usize>,
        mask: u64,
        order: Order,
        datum: u64,
        [yes, no]: [Node; 2],
    ) -> Result<Node, TooComplex> {
        let (mask, order, datum, [yes, no]) = match order {
            Order::AnyBit => (mask & datum, Order::Equal, 0, [no, yes]),
            _ => (mask, order, datum, [yes, no]),
        };
        self.spend(32 * words.clone().count() as u64)?;
        // From the least significant bit up: what the bits below decide if
        // those above are equal.
        let mut equal_so_far = match order {
            Order::Equal | Order::GreaterOrEqual => yes,
            _ => no,
        };
        let greater = match order {
            Order::Equal => no,
            _ => yes,
        };
        let bits = words.flat_map(|word| (0..32).map(move |bit| bit_of(word, bit)));
        for (significance, bit) in bits.enumerate() {
            let wanted = datum >> significance & 1 != 0;
            let counts = mask >> significance & 1 != 0;
            equal_so_far = match (counts, wanted) {
                (false, false) => equal_so_far,
                (false, true) => no,
                (true, wanted) => {
                    let (low, high) = match wanted {
                        true => (no, equal_so_far),
                        false => (equal_so_far, greater),
                    };
                    self.test(bit, low, high)?
                }
            };
        }
        Ok(equal_so_far)
    }

    /// 1 where the word has this value, else 0.
    pub(crate) fn equal(&mut self, word: usize, value: u32) -> Result<Node, TooComplex> {
        self.compare(word, u32::MAX, Order::Equal, value)
    }

    /// The conjunction of two functions whose values are 0 and 1.
    pub(crate) fn and(&mut self, one: Node, other: Node) -> Result<Node, TooComplex> {
        self.choose(one, other, Node::NO)
    }

    /// Their disjunction.
    pub(crate) fn or(&mut self, one: Node, other: Node) -> Result<Node, TooComplex> {
        self.choose(one, Node::YES, other)
    }

    /// Their difference: `one` and not `other`.
    pub(crate) fn without(&mut self, one: Node, other: Node) -> Result<Node, TooComplex> {
        self.choose(other, Node::NO, one)
    }

    /// If-then-else (ITE): `yes` where `condition` is not zero, else `no`.
    pub(crate) fn choose(
        &mut self,
        condition: Node,
        yes: Node,
        no: Node,
    ) -> Result<Node, TooComplex> {
        self.spend(1)?;
        if yes == no {
            return Ok(yes);
        }
        if let Some(value) = self.constant_value(condition) {
            return Ok(if value != 0 { yes } else { no });
        }
        let key = (condition, yes, no);
        if let Some(&node) = self.merged.get(&key) {
            return Ok(node);
        }
        let (bit, [low, high]) = self.branches([condition, yes, no]);
        let low = self.choose(low[0], low[1], low[2])?;
        let high = self.choose(high[0], high[1], high[2])?;
        let node = self.test(bit, low, high)?;
        let length = self.merged.len();
        room(length, self.limits.merged, self.merged.try_reserve(1))?;
        self.merged.insert(key, node);
        Ok(node)
    }

    /// A function made of two (the apply operation of Bryant 1986): `end` says what it is
    /// for two functions, if that is known; else it is followed into their tests. For two
    /// constants `end` must know it.
    pub(super) fn apply(
        &mut self,
        first: Node,
        second: Node,
        mut end: impl FnMut(&mut Diagrams, [Node; 2]) -> Result<Option<Node>, TooComplex>,
    ) -> Result<Node, TooComplex> {
        self.apply_below([first, second], &mut end, &mut HashMap::default())
    }

    fn apply_below(
        &mut self,
        pair: [Node; 2],
        end: &mut impl FnMut(&mut Diagrams, [Node; 2]) -> Result<Option<Node>, TooComplex>,
        done: &mut HashMap<[Node; 2], Node, FxBuildHasher>,
    ) -> Result<Node, TooComplex> {
        self.spend(1)?;
        if let Some(node) = end(self, pair)? {
            return Ok(node);
        }
        if let Some(&known) = done.get(&pair) {
            return Ok(known);
        }
        let (bit, [low, high]) = self.branches(pair);
        let low = self.apply_below(low, end, done)?;
        let high = self.apply_below(high, end, done)?;
        let node = self.test(bit, low, high)?;
        room(done.len(), self.limits.merged / 4, done.try_reserve(1))?;
        done.insert(pair, node);
        Ok(node)
    }

    /// A bit of a word: 1 where it is set, else 0.
    pub(super) fn bit(&mut self, word: usize, significance: u32) -> Result<Node, TooComplex> {
        self.test(bit_of(word, significance), Node::NO, Node::YES)
    }

    /// The word and the significance of the bit that a function is, if it is one.
    pub(super) fn place_of(&self, node: Node) -> Option<(usize, u32)> {
        let Content { bit, low, high } = self.content(node);
        let is_bit = bit != CONSTANT && [low, high].map(Node) == [Node::NO, Node::YES];
        is_bit.then(|| place(bit))
    }

    /// What `work` makes, unless it takes more than so many steps; and the steps taken.
    pub(super) fn within(
        &mut self,
        steps: u64,
        work: impl FnOnce(&mut Diagrams) -> Result<Node, TooComplex>,
    ) -> (Option<Node>, u64) {
        let before = self.limits.steps;
        let given = before.min(steps);
        self.limits.steps = given;
        let node = work(self).ok();
        let took = given - self.limits.steps;
        self.limits.steps = before - took;
        (node, took)
    }

    /// Words on which two different functions differ.
    pub(crate) fn difference(&self, first: Node, second: Node) -> [u32; 16] {
        let mut words = [0u32; 16];
        let mut pair = [first, second];
        loop {
            let (bit, sides) = self.branches(pair);
            if bit == CONSTANT {
                return words;
            }
            // Different nodes are different functions, so one side differs.
            let high = sides[0][0] == sides[0][1];
            pair = sides[usize::from(high)];
            let (word, significance) = place(bit);
            words[word] |= u32::from(high) << significance;
        }
    }
}

/// The word and the significance of a bit; the inverse of [`bit_of`].
fn place(bit: Bit) -> (usize, u32) {
    let order = (bit / 32) as u8;
    let word = WORD_ORDER.iter().position(|&place| place == order);
    (word.unwrap_or(0), 31 - u32::from(bit) % 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        nodes: 10_000,
        merged: 100_000,
        steps: 100_000_000,
    };

    #[test]
    fn functions_have_one_diagram() {
        let mut diagrams = Diagrams::new(LIMITS);
        let at_least = diagrams
            .compare(4, u32::MAX, Order::GreaterOrEqual, 8)
            .unwrap();
        let above = diagrams.compare(4, u32::MAX, Order::Greater, 7).unwrap();
        assert_eq!(at_least, above);
        let no_low_bits = diagrams.compare(4, !7, Order::Greater, 0).unwrap();
        assert_eq!(at_least, no_low_bits);
        let never = diagrams.compare(4, !1, Order::Equal, 1).unwrap();
        assert_eq!(never, Node::NO);
    }

    #[test]
    fn masked_order_compares_like_numbers() {
        let mut diagrams = Diagrams::new(LIMITS);
        for mask in [0x5, 0x7, 0xa, 0] {
            for datum in 0..16 {
                for order in [
                    Order::Equal,
                    Order::Greater,
                    Order::GreaterOrEqual,
                    Order::AnyBit,
                ] {
                    let node = diagrams.compare(0, mask, order, datum).unwrap();
                    for value in 0..16u32 {
                        let expected = order.holds(value & mask, datum);
                        let exactly = diagrams.equal(0, value).unwrap();
                        let meet = diagrams.choose(exactly, node, Node::NO).unwrap();
                        assert_eq!(
                            meet != Node::NO,
                            expected,
                            "{value} {mask} {datum} {order:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn differences_are_found() {
        let mut diagrams = Diagrams::new(LIMITS);
        let seven = diagrams.equal(5, 7).unwrap();
        let eight = diagrams.equal(5, 8).unwrap();
        let words = diagrams.difference(seven, eight);
        assert!(words[5] == 7 || words[5] == 8);
        assert_eq!(diagrams.value(seven, &words), u32::from(words[5] == 7));
        assert_eq!(diagrams.value(eight, &words), u32::from(words[5] == 8));
    }

    /// Whether the words 0 and 1 have equal bits: its diagram is wide, because
    /// all bits of the one come before those of the other.
    fn equal_words(limits: Limits, bits: u32) -> Result<Node, TooComplex> {
        let mut diagrams = Diagrams::new(limits);
        let mut equal = Node::YES;
        for bit in 0..bits {
            let mut set = |word| {
                let mask = 1 << bit;
                diagrams.compare(word, mask, Order::Equal, mask)
            };
            let [one, other] = [set(0)?, set(1)?];
            let other_clear = diagrams.choose(other, Node::NO, Node::YES)?;
            let here = diagrams.choose(one, other, other_clear)?;
            equal = diagrams.choose(here, equal, Node::NO)?;
        }
        Ok(equal)
    }

    #[test]
    fn each_limit_ends_a_proof() {
        assert!(equal_words(LIMITS, 8).is_ok());
        for limits in [
            Limits {
                nodes: 500,
                ..LIMITS
            },
            Limits {
                merged: 500,
                ..LIMITS
            },
            Limits {
                steps: 500,
                ..LIMITS
            },
        ] {
            assert_eq!(equal_words(limits, 8), Err(TooComplex), "{limits:?}");
        }
        assert_eq!(equal_words(LIMITS, 32), Err(TooComplex));
    }

    #[test]
    fn all_operations_count_their_steps() {
        let mut diagrams = Diagrams::new(LIMITS);
        let even = diagrams.compare(0, 1, Order::Equal, 0).unwrap();
        diagrams.limits.steps = 0;
        assert_eq!(diagrams.choose(even, Node::YES, Node::NO), Err(TooComplex));
        assert_eq!(diagrams.is_value(even, 1), Err(TooComplex));
        assert_eq!(diagrams.values(even), Err(TooComplex));
        assert_eq!(
            diagrams.apply(even, even, |_, [one, _]| Ok(Some(one))),
            Err(TooComplex)
        );
        assert_eq!(diagrams.compare(0, 1, Order::Equal, 0), Err(TooComplex));
    }

    // Each call is for another bit, so no more than 513 are nested.
    #[test]
    fn recursion_fits_a_small_stack() {
        let deepest = || {
            let mut diagrams = Diagrams::new(LIMITS);
            let mut all = Node::YES;
            for word in 0..16 {
                let here = diagrams.equal(word, 7).unwrap();
                all = diagrams.choose(all, here, Node::NO).unwrap();
            }
            assert_eq!(diagrams.is_value(all, 1), Ok(all));
            let combined = crate::proof::stack::combine(&mut diagrams, all, all);
            assert_eq!(combined, Ok(all));
            diagrams.values(all).unwrap().len()
        };
        let thread = std::thread::Builder::new().stack_size(1 << 20);
        let values = thread.spawn(deepest).unwrap().join().unwrap();
        assert_eq!(values, 2);
    }
}
