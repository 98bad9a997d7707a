// SPDX-License-Identifier: LGPL-2.1-only
//! A condition on several fields as few conjunctions: an irredundant sum of products
//! (Minato 1992) whose variables have many values.

use super::{Analysis, Field, Function, Unanswered, ValueSet};
use crate::proof::TooComplex;
use crate::proof::diagram::{Diagrams, Node};

/// A conjunction: values of some fields that all must be there. Without tests it always
/// holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Each field at most once, in the order of [`Field::ALL`].
    pub tests: Vec<(Field, ValueSet)>,
}

/// A conjunction, and the function that it is.
struct Found {
    tests: Vec<(Field, ValueSet)>,
    node: Node,
}

fn and(diagrams: &mut Diagrams, one: Node, other: Node) -> Result<Node, TooComplex> {
    let no = diagrams.constant(0)?;
    diagrams.choose(one, other, no)
}

/// Where the first holds and the second does not.
fn without(diagrams: &mut Diagrams, one: Node, other: Node) -> Result<Node, TooComplex> {
    let no = diagrams.constant(0)?;
    diagrams.choose(other, no, one)
}

fn or(diagrams: &mut Diagrams, one: Node, other: Node) -> Result<Node, TooComplex> {
    let yes = diagrams.constant(1)?;
    diagrams.choose(one, yes, other)
}

impl Analysis {
    /// A condition (a function with the values 0 and 1) as a disjunction: it holds where
    /// one of the terms does. None of the terms can be left out.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn terms(&mut self, condition: Function) -> Result<Vec<Term>, Unanswered> {
        let found = self.cover(condition.0, condition.0, &Field::ALL)?;
        let found = self.needed(found)?;
        let term = |found: Found| Term { tests: found.tests };
        Ok(found.into_iter().map(term).collect())
    }

    /// Where a term holds.
    ///
    /// # Errors
    /// [`Unanswered::GaveUp`].
    pub fn of_term(&mut self, term: &Term) -> Result<Function, Unanswered> {
        let mut node = self.diagrams.constant(1)?;
        for (_, set) in term.tests.iter().rev() {
            node = and(&mut self.diagrams, set.node, node)?;
        }
        Ok(Function(node))
    }

    /// The terms without those that the others cover. A term that was found for some values
    /// of a field is made as wide as it may be, and can then cover an earlier one.
    fn needed(&mut self, found: Vec<Found>) -> Result<Vec<Found>, TooComplex> {
        let no = self.diagrams.constant(0)?;
        // What the terms before each cover.
        let mut before = vec![no];
        for term in &found {
            let covered = *before.last().unwrap_or(&no);
            before.push(or(&mut self.diagrams, covered, term.node)?);
        }
        // Later ones are narrower, so they are tried first.
        let mut needed = Vec::new();
        let mut after = no;
        for (term, before) in found.into_iter().zip(before).rev() {
            let others = or(&mut self.diagrams, before, after)?;
            if without(&mut self.diagrams, term.node, others)? != no {
                after = or(&mut self.diagrams, after, term.node)?;
                needed.push(term);
            }
        }
        needed.reverse();
        Ok(needed)
    }

    /// Terms that cover `lower` and nothing outside of `upper`; only these fields matter.
    fn cover(
        &mut self,
        lower: Node,
        upper: Node,
        fields: &[Field],
    ) -> Result<Vec<Found>, TooComplex> {
        let [yes, no] = [self.diagrams.constant(1)?, self.diagrams.constant(0)?];
        if lower == no {
            return Ok(Vec::new());
        }
        let [field, rest @ ..] = fields else {
            let tests = Vec::new();
            return Ok(vec![Found { tests, node: yes }]);
        };
        if upper == yes {
            return self.cover(lower, upper, &[]);
        }
        let mut blocks = self.split_pair([lower, upper], *field)?;
        if let [([lower, upper], _)] = blocks[..] {
            return self.cover(lower, upper, rest);
        }
        // Terms that hold whatever the field is.
        let (mut always, mut anywhere) = (yes, no);
        for &([lower, upper], _) in &blocks {
            always = and(&mut self.diagrams, always, upper)?;
            anywhere = or(&mut self.diagrams, anywhere, lower)?;
        }
        let wanted = and(&mut self.diagrams, anywhere, always)?;
        let mut terms = self.cover(wanted, always, rest)?;
        for term in &terms {
            for ([lower, _], _) in &mut blocks {
                *lower = without(&mut self.diagrams, *lower, term.node)?;
            }
        }
        // Terms that need the field: each as wide as it may be.
        for index in 0..blocks.len() {
            let ([lower, upper], _) = blocks[index];
            for mut term in self.cover(lower, upper, rest)? {
                let mut set = no;
                for ([lower, upper], values) in &mut blocks {
                    if without(&mut self.diagrams, term.node, *upper)? == no {
                        *lower = without(&mut self.diagrams, *lower, term.node)?;
                        set = or(&mut self.diagrams, set, *values)?;
                    }
                }
                let field = *field;
                term.tests.insert(0, (field, ValueSet { field, node: set }));
                term.node = and(&mut self.diagrams, set, term.node)?;
                terms.push(term);
            }
        }
        Ok(terms)
    }
}
