// SPDX-License-Identifier: LGPL-2.1-only
//! The shortest of several ways to write down a set of values.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

use rustc_hash::FxBuildHasher;
use scmp::WordSize;

use super::{Analysis, Unanswered, ValueSet};
use crate::proof::TooComplex;
use crate::proof::diagram::{Bit, Node};

/// A set of values: the union of its parts, or all other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// If true, values that are in none of the parts.
    pub negated: bool,
    /// Whether all of a 64-bit value matters, or only the low half.
    pub width: WordSize,
    /// Ranges and masks. None of them means no value.
    pub parts: Vec<Part>,
}

/// Some values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// From the first to the second, both included.
    Range(u64, u64),
    /// Values that are `value` under `mask`.
    Masked {
        /// The bits that count.
        mask: u64,
        /// What they are.
        value: u64,
    },
}

/// The most ranges in which a set is written.
const MAX_RANGES: usize = 1024;

/// The most masks in which a set is written. More are only looked for if nothing shorter is
/// found: of a set whose complement has a few masks, they may take too much work.
const MAX_MASKS: [usize; 2] = [256, 4096];

/// The most masks that are kept while a set is covered: 64 MB.
const MAX_KEPT: usize = 4_000_000;

/// Masks, values, and the set that they make up.
type Cubes = (Vec<(u64, u64)>, Node);

/// What is known of sets that have been covered.
struct Covered {
    known: HashMap<[Node; 2], Cubes, FxBuildHasher>,
    /// How many more masks may be kept.
    room: usize,
    /// How many masks a set may have.
    most: usize,
}

impl Analysis {
    /// The set as the fewest ranges or masks: as itself or as the complement of other
    /// values.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`] if it has more than 1,024 ranges and more than 4,096 masks.
    pub fn describe(&mut self, set: ValueSet) -> Result<Described, Unanswered> {
        let mut places = set.field.places();
        let mut width = WordSize::Bits64;
        if places.len() == 64 && self.diagrams.content(set.node).bit >= places.start + 32 {
            places.start += 32;
            width = WordSize::Bits32;
        }
        let greatest = u64::MAX >> (64 - places.len());
        let complement = self.diagrams.without(Node::YES, set.node)?;
        let sides = [(false, set.node), (true, complement)];
        let mut ways: Vec<(bool, Vec<Part>)> = Vec::new();
        for (negated, node) in sides {
            if let Some(ranges) = self.ranges_of(node, places.clone(), MAX_RANGES)? {
                let part = |range: RangeInclusive<u64>| Part::Range(*range.start(), *range.end());
                ways.push((negated, ranges.into_iter().map(part).collect()));
            }
        }
        for most in MAX_MASKS {
            for (negated, node) in sides {
                let mut done = Covered {
                    known: HashMap::default(),
                    room: MAX_KEPT,
                    most,
                };
                if let Some((cubes, _)) = self.cubes([node; 2], &places, &mut done)? {
                    let part = |&(mask, value): &(u64, u64)| match mask == greatest {
                        true => Part::Range(value, value),
                        false => Part::Masked { mask, value },
                    };
                    ways.push((negated, cubes.iter().map(part).collect()));
                }
            }
            if !ways.is_empty() {
                break;
            }
        }
        let long = |(negated, parts): &(bool, Vec<Part>)| {
            let parts = parts.iter().map(|part| cost(*part, greatest));
            (parts.sum::<usize>(), *negated)
        };
        let shortest = ways.into_iter().min_by_key(long);
        let (negated, parts) = shortest.ok_or(Unanswered::GaveUp)?;
        Ok(Described {
            negated,
            width,
            parts,
        })
    }

    /// Ascending ranges of a set of values, if there are at most so many.
    pub(super) fn ranges_of(
        &mut self,
        node: Node,
        places: Range<Bit>,
        most: usize,
    ) -> Result<Option<Vec<RangeInclusive<u64>>>, TooComplex> {
        let mut ranges: Vec<RangeInclusive<u64>> = Vec::new();
        // What is left to look at, the least values last: a place, a node, and the bits of
        // the places before.
        let mut pending = vec![(places.start, node, 0u64)];
        while let Some((place, node, prefix)) = pending.pop() {
            self.diagrams.spend(1)?;
            if node == Node::NO {
                continue;
            }
            let content = self.diagrams.content(node);
            if content.bit >= places.end {
                let free = u32::from(places.end - place);
                let first = prefix.checked_shl(free).unwrap_or(0);
                let last = first | 1u64.checked_shl(free).map_or(u64::MAX, |size| size - 1);
                let full = ranges.len() == most;
                match ranges.last_mut() {
                    Some(before) if before.end().checked_add(1) == Some(first) => {
                        *before = *before.start()..=last;
                    }
                    _ if full => return Ok(None),
                    _ => ranges.push(first..=last),
                }
                continue;
            }
            let (low, high) = match content.bit == place {
                true => (Node(content.low), Node(content.high)),
                false => (node, node),
            };
            pending.push((place + 1, high, prefix << 1 | 1));
            pending.push((place + 1, low, prefix << 1));
        }
        Ok(Some(ranges))
    }

    /// Masks and values that cover `lower` and nothing outside of `upper`, none of which can
    /// be left out (Minato 1992); `None` beyond `done.most` and [`MAX_KEPT`].
    fn cubes(
        &mut self,
        [lower, upper]: [Node; 2],
        places: &Range<Bit>,
        done: &mut Covered,
    ) -> Result<Option<Cubes>, TooComplex> {
        self.diagrams.spend(1)?;
        if lower == Node::NO {
            return Ok(Some((Vec::new(), Node::NO)));
        }
        if upper == Node::YES {
            return Ok(Some((vec![(0, 0)], Node::YES)));
        }
        if let Some(known) = done.known.get(&[lower, upper]) {
            self.diagrams.spend(known.0.len() as u64)?;
            return Ok(Some(known.clone()));
        }
        let (bit, [low, high]) = self.diagrams.branches([lower, upper]);
        let mut cubes = Vec::new();
        let mut covered = [Node::NO; 2];
        let weight = 1u64 << (places.end - 1 - bit);
        // Cubes with the literal clear, then set (Minato's ISOP).
        for (index, [here, there]) in [[low, high], [high, low]].into_iter().enumerate() {
            let must = self.diagrams.without(here[0], there[1])?;
            let Some((found, node)) = self.cubes([must, here[1]], places, done)? else {
                return Ok(None);
            };
            let value = if index == 1 { weight } else { 0 };
            let with_bit = |(mask, rest): (u64, u64)| (mask | weight, rest | value);
            cubes.extend(found.into_iter().map(with_bit));
            covered[index] = node;
        }
        // What is left on both sides, whatever the bit.
        let mut left = Node::NO;
        for (index, here) in [low, high].into_iter().enumerate() {
            let rest = self.diagrams.without(here[0], covered[index])?;
            left = self.diagrams.or(rest, left)?;
        }
        let both = self.diagrams.and(low[1], high[1])?;
        let Some((found, node)) = self.cubes([left, both], places, done)? else {
            return Ok(None);
        };
        cubes.extend(found);
        if cubes.len() > done.most {
            return Ok(None);
        }
        let [low, high] = covered;
        let low = self.diagrams.or(node, low)?;
        let high = self.diagrams.or(node, high)?;
        let node = self.diagrams.test(bit, low, high)?;
        self.diagrams.spend(cubes.len() as u64)?;
        let Some(room) = done.room.checked_sub(cubes.len().max(1)) else {
            return Ok(None);
        };
        done.room = room;
        done.known.try_reserve(1).map_err(|_| TooComplex)?;
        done.known.insert([lower, upper], (cubes.clone(), node));
        Ok(Some((cubes, node)))
    }
}

/// How long a part is for a reader. Values in a row read better than a mask that catches
/// them by chance.
fn cost(part: Part, greatest: u64) -> usize {
    match part {
        Part::Range(first, last) if first == last => 2,
        Part::Range(0, _) => 2,
        Part::Range(_, last) if last == greatest => 2,
        Part::Range(..) => 3,
        Part::Masked { .. } => 5,
    }
}
