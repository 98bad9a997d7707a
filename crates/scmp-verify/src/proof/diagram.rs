// SPDX-License-Identifier: LGPL-2.1-only
//! Functions of a system call's words, as reduced ordered binary decision diagrams (Bryant
//! 1986) whose constants are any 32-bit values.
//!
//! Each function has exactly one diagram, so two functions are equal if and
//! only if their diagrams are the same node.

use std::collections::{HashMap, HashSet, TryReserveError};

use rustc_hash::FxBuildHasher;

use super::TooComplex;
use crate::operation::Order;

/// A node: a constant, or a test of one bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Node(pub(crate) u32);

/// A bit of the input. Lower ones are tested first.
pub(crate) type Bit = u16;

/// After all bits, so that constants come last.
const CONSTANT: Bit = Bit::MAX;

/// Words of a little-endian `struct seccomp_data`, in the order in which they are tested:
/// architecture before number, as programs do, high halves before low ones, and the
/// instruction pointer last.
const WORD_ORDER: [u8; 16] = [1, 0, 15, 14, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12];

fn bit_of(word: usize, significance: u32) -> Bit {
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

/// All diagrams of a proof.
pub(crate) struct Diagrams {
    nodes: Vec<Content>,
    known: HashMap<Content, Node, FxBuildHasher>,
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
            nodes: Vec::new(),
            known: HashMap::default(),
            merged: HashMap::default(),
            limits,
        }
    }

    /// Counts work.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), TooComplex> {
        self.limits.steps = self.limits.steps.checked_sub(steps).ok_or(TooComplex)?;
        Ok(())
    }

    pub(crate) fn node(&mut self, content: Content) -> Result<Node, TooComplex> {
        if content.bit != CONSTANT && content.low == content.high {
            return Ok(Node(content.low));
        }
        if let Some(&node) = self.known.get(&content) {
            return Ok(node);
        }
        let length = self.nodes.len();
        room(length, self.limits.nodes, self.nodes.try_reserve(1))?;
        room(length, self.limits.nodes, self.known.try_reserve(1))?;
        let node = Node(self.nodes.len() as u32);
        self.nodes.push(content);
        self.known.insert(content, node);
        Ok(node)
    }

    pub(crate) fn content(&self, node: Node) -> Content {
        self.nodes[node.0 as usize]
    }

    /// The function that is `value` everywhere.
    pub(crate) fn constant(&mut self, value: u32) -> Result<Node, TooComplex> {
        self.node(Content {
            bit: CONSTANT,
            low: value,
            high: 0,
        })
    }

    /// 1 where `node` is `value`, else 0.
    pub(crate) fn is_value(&mut self, node: Node, value: u32) -> Result<Node, TooComplex> {
        self.map(node, &|other| u32::from(other == value))
    }

    /// What another function makes of a function's values.
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
            self.node(Content {
                bit: content.bit,
                low: low.0,
                high: high.0,
            })?
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

    /// `yes` where `order` holds between `word & mask` and `datum`, else `no`; `yes` and
    /// `no` are constants.
    pub(crate) fn compare(
        &mut self,
        word: usize,
        mask: u32,
        order: Order,
        datum: u32,
        [yes, no]: [Node; 2],
    ) -> Result<Node, TooComplex> {
        let (mask, order, datum, [yes, no]) = match order {
            Order::AnyBit => (mask & datum, Order::Equal, 0, [no, yes]),
            _ => (mask, order, datum, [yes, no]),
        };
        self.spend(32)?;
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
        for significance in 0..32 {
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
                    self.node(Content {
                        bit: bit_of(word, significance),
                        low: low.0,
                        high: high.0,
                    })?
                }
            };
        }
        Ok(equal_so_far)
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
        let parts = [condition, yes, no].map(|node| self.content(node));
        let bit = parts.iter().map(|part| part.bit).min().unwrap_or(CONSTANT);
        let side = |index: usize, high: bool| {
            let part = parts[index];
            let whole = [condition, yes, no][index];
            match (part.bit == bit, high) {
                (false, _) => whole,
                (true, false) => Node(part.low),
                (true, true) => Node(part.high),
            }
        };
        let low = self.choose(side(0, false), side(1, false), side(2, false))?;
        let high = self.choose(side(0, true), side(1, true), side(2, true))?;
        let node = self.node(Content {
            bit,
            low: low.0,
            high: high.0,
        })?;
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
        let parts = pair.map(|node| self.content(node));
        let bit = parts[0].bit.min(parts[1].bit);
        let side = |high: bool| {
            [0, 1].map(|index| match (parts[index].bit == bit, high) {
                (false, _) => pair[index],
                (true, false) => Node(parts[index].low),
                (true, true) => Node(parts[index].high),
            })
        };
        let low = self.apply_below(side(false), end, done)?;
        let high = self.apply_below(side(true), end, done)?;
        let node = self.node(Content {
            bit,
            low: low.0,
            high: high.0,
        })?;
        room(done.len(), self.limits.merged / 4, done.try_reserve(1))?;
        done.insert(pair, node);
        Ok(node)
    }

    /// A bit of a word: 1 where it is set, else 0.
    pub(super) fn bit(&mut self, word: usize, significance: u32) -> Result<Node, TooComplex> {
        let [low, high] = [self.constant(0)?.0, self.constant(1)?.0];
        let bit = bit_of(word, significance);
        self.node(Content { bit, low, high })
    }

    /// The word and the significance of the bit that a function is, if it is one.
    pub(super) fn place_of(&self, node: Node) -> Option<(usize, u32)> {
        let Content { bit, low, high } = self.content(node);
        let ends = bit != CONSTANT
            && self.constant_value(Node(low)) == Some(0)
            && self.constant_value(Node(high)) == Some(1);
        ends.then(|| place(bit))
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
    pub(crate) fn difference(&self, mut first: Node, mut second: Node) -> [u32; 16] {
        let mut words = [0u32; 16];
        loop {
            let (one, other) = (self.content(first), self.content(second));
            let bit = one.bit.min(other.bit);
            if bit == CONSTANT {
                return words;
            }
            let follow = |node: Node, content: Content, high: bool| match content.bit == bit {
                false => node,
                true if high => Node(content.high),
                true => Node(content.low),
            };
            // Different nodes are different functions, so one side differs.
            let high = follow(first, one, false) == follow(second, other, false);
            (first, second) = (follow(first, one, high), follow(second, other, high));
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

    fn diagrams() -> (Diagrams, [Node; 2]) {
        let mut diagrams = Diagrams::new(LIMITS);
        let ends = [diagrams.constant(1).unwrap(), diagrams.constant(0).unwrap()];
        (diagrams, ends)
    }

    #[test]
    fn functions_have_one_diagram() {
        let (mut diagrams, ends) = diagrams();
        let at_least = diagrams
            .compare(4, u32::MAX, Order::GreaterOrEqual, 8, ends)
            .unwrap();
        let above = diagrams
            .compare(4, u32::MAX, Order::Greater, 7, ends)
            .unwrap();
        assert_eq!(at_least, above);
        let no_low_bits = diagrams.compare(4, !7, Order::Greater, 0, ends).unwrap();
        assert_eq!(at_least, no_low_bits);
        let never = diagrams.compare(4, !1, Order::Equal, 1, ends).unwrap();
        assert_eq!(never, ends[1]);
    }

    #[test]
    fn masked_order_compares_like_numbers() {
        let (mut diagrams, ends) = diagrams();
        for mask in [0x5, 0x7, 0xa, 0] {
            for datum in 0..16 {
                for order in [
                    Order::Equal,
                    Order::Greater,
                    Order::GreaterOrEqual,
                    Order::AnyBit,
                ] {
                    let node = diagrams.compare(0, mask, order, datum, ends).unwrap();
                    for value in 0..16u32 {
                        let expected = order.holds(value & mask, datum);
                        let exactly = diagrams
                            .compare(0, u32::MAX, Order::Equal, value, ends)
                            .unwrap();
                        let meet = diagrams.choose(exactly, node, ends[1]).unwrap();
                        assert_eq!(
                            meet != ends[1],
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
        let (mut diagrams, ends) = diagrams();
        let seven = diagrams
            .compare(5, u32::MAX, Order::Equal, 7, ends)
            .unwrap();
        let eight = diagrams
            .compare(5, u32::MAX, Order::Equal, 8, ends)
            .unwrap();
        let words = diagrams.difference(seven, eight);
        assert!(words[5] == 7 || words[5] == 8);
        assert_eq!(diagrams.value(seven, &words), u32::from(words[5] == 7));
        assert_eq!(diagrams.value(eight, &words), u32::from(words[5] == 8));
    }

    /// Whether the words 0 and 1 have equal bits: its diagram is wide, because
    /// all bits of the one come before those of the other.
    fn equal_words(limits: Limits, bits: u32) -> Result<Node, TooComplex> {
        let mut diagrams = Diagrams::new(limits);
        let ends = [diagrams.constant(1)?, diagrams.constant(0)?];
        let mut equal = ends[0];
        for bit in 0..bits {
            let mut set = |word| {
                let mask = 1 << bit;
                diagrams.compare(word, mask, Order::Equal, mask, ends)
            };
            let [one, other] = [set(0)?, set(1)?];
            let other_clear = diagrams.choose(other, ends[1], ends[0])?;
            let here = diagrams.choose(one, other, other_clear)?;
            equal = diagrams.choose(here, equal, ends[1])?;
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
        let (mut diagrams, ends) = diagrams();
        let even = diagrams.compare(0, 1, Order::Equal, 0, ends).unwrap();
        diagrams.limits.steps = 0;
        assert_eq!(diagrams.choose(even, ends[0], ends[1]), Err(TooComplex));
        assert_eq!(diagrams.is_value(even, 1), Err(TooComplex));
        assert_eq!(diagrams.values(even), Err(TooComplex));
        assert_eq!(
            diagrams.apply(even, even, |_, [one, _]| Ok(Some(one))),
            Err(TooComplex)
        );
        assert_eq!(
            diagrams.compare(0, 1, Order::Equal, 0, ends),
            Err(TooComplex)
        );
    }

    // Each call is for another bit, so no more than 513 are nested.
    #[test]
    fn recursion_fits_a_small_stack() {
        let deepest = || {
            let (mut diagrams, ends) = diagrams();
            let mut all = ends[0];
            for word in 0..16 {
                let here = diagrams
                    .compare(word, u32::MAX, Order::Equal, 7, ends)
                    .unwrap();
                all = diagrams.choose(all, here, ends[1]).unwrap();
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
