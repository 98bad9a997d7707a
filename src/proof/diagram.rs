// SPDX-License-Identifier: LGPL-2.1-only
//! Functions of a system call's words, as reduced ordered decision diagrams.
//!
//! Each function has exactly one diagram, so two functions are equal if and
//! only if their diagrams are the same node.

use std::collections::{HashMap, HashSet};

use super::TooComplex;
use crate::hash::FixedState;

/// A node: a constant, or a test of one bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Node(u32);

/// A bit of the input. Lower ones are tested first.
type Bit = u16;

/// Behind all bits, so that constants come last.
const CONSTANT: Bit = Bit::MAX;

/// Words of `struct seccomp_data`, in the order in which they are tested:
/// architecture before number, as programs do, and high halves first on
/// little-endian architectures.
const WORD_ORDER: [u8; 16] = [1, 0, 13, 12, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 15, 14];

fn bit_of(word: usize, significance: u32) -> Bit {
    let place = Bit::from(WORD_ORDER[word]);
    place * 32 + (31 - significance) as Bit
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Content {
    bit: Bit,
    /// For a constant, its value; else what follows if the bit is clear.
    low: u32,
    /// What follows if the bit is set.
    high: u32,
}

/// All diagrams of a proof.
pub(super) struct Diagrams {
    nodes: Vec<Content>,
    known: HashMap<Content, Node, FixedState>,
    merged: HashMap<(Node, Node, Node), Node, FixedState>,
    most: usize,
}

/// How a masked word is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Greater,
    GreaterOrEqual,
}

impl Diagrams {
    /// Gives up beyond `most` nodes.
    pub(super) fn new(most: usize) -> Diagrams {
        Diagrams {
            nodes: Vec::new(),
            known: HashMap::default(),
            merged: HashMap::default(),
            most,
        }
    }

    fn node(&mut self, content: Content) -> Result<Node, TooComplex> {
        if content.bit != CONSTANT && content.low == content.high {
            return Ok(Node(content.low));
        }
        if let Some(&node) = self.known.get(&content) {
            return Ok(node);
        }
        if self.nodes.len() >= self.most {
            return Err(TooComplex);
        }
        let node = Node(self.nodes.len() as u32);
        self.nodes.push(content);
        self.known.insert(content, node);
        Ok(node)
    }

    fn content(&self, node: Node) -> Content {
        self.nodes[node.0 as usize]
    }

    /// The function that is `value` everywhere.
    pub(super) fn constant(&mut self, value: u32) -> Result<Node, TooComplex> {
        self.node(Content {
            bit: CONSTANT,
            low: value,
            high: 0,
        })
    }

    /// The function that has no value anywhere.
    pub(super) fn fault(&mut self) -> Result<Node, TooComplex> {
        self.node(Content {
            bit: CONSTANT,
            low: 0,
            high: 1,
        })
    }

    /// 1 where `node` is `value`, else 0.
    pub(super) fn is_value(&mut self, node: Node, value: u32) -> Result<Node, TooComplex> {
        let mut done = HashMap::default();
        self.is_value_below(node, value, &mut done)
    }

    fn is_value_below(
        &mut self,
        node: Node,
        value: u32,
        done: &mut HashMap<Node, Node, FixedState>,
    ) -> Result<Node, TooComplex> {
        if let Some(&known) = done.get(&node) {
            return Ok(known);
        }
        let content = self.content(node);
        let result = if content.bit == CONSTANT {
            self.constant(u32::from(content.low == value && content.high == 0))?
        } else {
            let low = self.is_value_below(Node(content.low), value, done)?;
            let high = self.is_value_below(Node(content.high), value, done)?;
            self.node(Content {
                bit: content.bit,
                low: low.0,
                high: high.0,
            })?
        };
        done.insert(node, result);
        Ok(result)
    }

    /// Every value that a function has somewhere; `None` stands for a fault.
    pub(super) fn values(&self, node: Node) -> Vec<Option<u32>> {
        let mut seen = HashSet::<Node, FixedState>::default();
        let mut values = Vec::new();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            if !seen.insert(node) {
                continue;
            }
            let content = self.content(node);
            if content.bit == CONSTANT {
                values.push((content.high == 0).then_some(content.low));
            } else {
                pending.extend([Node(content.low), Node(content.high)]);
            }
        }
        values
    }

    /// The value of a function that is constant.
    pub(super) fn constant_value(&self, node: Node) -> Option<u32> {
        let content = self.content(node);
        (content.bit == CONSTANT && content.high == 0).then_some(content.low)
    }

    /// `yes` where `word & mask` stands in `order` to `datum`, else `no`;
    /// both are constants.
    pub(super) fn compare(
        &mut self,
        word: usize,
        mask: u32,
        order: Order,
        datum: u32,
        [yes, no]: [Node; 2],
    ) -> Result<Node, TooComplex> {
        // From the least significant bit up: what the bits below decide if
        // those above are equal.
        let mut equal_so_far = match order {
            Order::Equal | Order::GreaterOrEqual => yes,
            Order::Greater => no,
        };
        let greater = match order {
            Order::Equal => no,
            Order::Greater | Order::GreaterOrEqual => yes,
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

    /// `yes` where `condition` is not zero, else `no`.
    pub(super) fn choose(
        &mut self,
        condition: Node,
        yes: Node,
        no: Node,
    ) -> Result<Node, TooComplex> {
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
        self.merged.insert(key, node);
        Ok(node)
    }

    /// Words on which a function is `wanted`, a constant that it is somewhere.
    pub(super) fn somewhere(&self, node: Node, wanted: Node) -> [u32; 16] {
        let mut words = [0u32; 16];
        let mut node = node;
        while node != wanted {
            let content = self.content(node);
            let high = !self.reaches(Node(content.low), wanted);
            node = Node(if high { content.high } else { content.low });
            set(&mut words, content.bit, high);
        }
        words
    }

    fn reaches(&self, node: Node, wanted: Node) -> bool {
        let mut seen = HashSet::<Node, FixedState>::default();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            if node == wanted {
                return true;
            }
            let content = self.content(node);
            if content.bit != CONSTANT && seen.insert(node) {
                pending.extend([Node(content.low), Node(content.high)]);
            }
        }
        false
    }

    /// Words on which two different functions differ.
    pub(super) fn difference(&self, mut first: Node, mut second: Node) -> [u32; 16] {
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
            set(&mut words, bit, high);
        }
    }
}

fn set(words: &mut [u32; 16], bit: Bit, value: bool) {
    let place = (bit / 32) as u8;
    let word = WORD_ORDER.iter().position(|&order| order == place);
    words[word.unwrap_or(0)] |= u32::from(value) << (31 - bit % 32);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagrams() -> (Diagrams, [Node; 2]) {
        let mut diagrams = Diagrams::new(10_000);
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
                for order in [Order::Equal, Order::Greater, Order::GreaterOrEqual] {
                    let node = diagrams.compare(0, mask, order, datum, ends).unwrap();
                    for value in 0..16u32 {
                        let expected = match order {
                            Order::Equal => value & mask == datum,
                            Order::Greater => value & mask > datum,
                            Order::GreaterOrEqual => value & mask >= datum,
                        };
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
    }

    #[test]
    fn gives_up_beyond_its_budget() {
        let mut diagrams = Diagrams::new(5);
        let yes = diagrams.constant(1).unwrap();
        let no = diagrams.constant(0).unwrap();
        assert_eq!(
            diagrams.compare(0, u32::MAX, Order::Equal, 0, [yes, no]),
            Err(TooComplex)
        );
    }
}
