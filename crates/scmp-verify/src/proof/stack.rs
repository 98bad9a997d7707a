// SPDX-License-Identifier: LGPL-2.1-only
//! What several filters decide together.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::TooComplex;
use super::diagram::{Diagrams, Node};
use crate::interpreter::{precedence, prevailing};

/// The strictest and the least strict action that a function has.
type Range = [i32; 2];

/// The most functions whose range is remembered. One takes up to 40 bytes.
const MAX_RANGES: usize = 2_000_000;

/// The value that counts, as a function, of two filters' values.
pub(crate) fn combine(
    diagrams: &mut Diagrams,
    newer: Node,
    older: Node,
) -> Result<Node, TooComplex> {
    let mut ranges = HashMap::default();
    diagrams.apply(newer, older, |diagrams, pair| {
        let values = pair.map(|node| diagrams.constant_value(node));
        if let [Some(newer), Some(older)] = values {
            return diagrams.constant(prevailing(newer, older)).map(Some);
        }
        let [newer, older] = pair;
        let [newer_from, newer_to] = range(diagrams, newer, &mut ranges)?;
        let [older_from, older_to] = range(diagrams, older, &mut ranges)?;
        Ok(if newer_to <= older_from {
            Some(newer)
        } else if older_to < newer_from {
            Some(older)
        } else {
            None
        })
    })
}

fn range(
    diagrams: &mut Diagrams,
    node: Node,
    known: &mut HashMap<Node, Range, FxBuildHasher>,
) -> Result<Range, TooComplex> {
    if let Some(value) = diagrams.constant_value(node) {
        return Ok([precedence(value); 2]);
    }
    if let Some(&range) = known.get(&node) {
        return Ok(range);
    }
    diagrams.spend(1)?;
    let content = diagrams.content(node);
    let [low, high] = [
        range(diagrams, Node(content.low), known)?,
        range(diagrams, Node(content.high), known)?,
    ];
    let range = [low[0].min(high[0]), low[1].max(high[1])];
    if known.len() >= MAX_RANGES {
        return Err(TooComplex);
    }
    known.try_reserve(1).map_err(|_| TooComplex)?;
    known.insert(node, range);
    Ok(range)
}
