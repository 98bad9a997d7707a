// SPDX-License-Identifier: LGPL-2.1-only
//! A condition on several fields as few conjunctions: an irredundant sum of products
//! (Minato 1992) whose variables have many values.

use super::{Analysis, Field, Function, Unanswered, ValueSet};
use crate::proof::TooComplex;
use crate::proof::diagram::Node;

/// A conjunction: values of some fields that all must be there. Without tests it always
/// holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Each field at most once, in the order of [`Field::ALL`].
    pub tests: Vec<ValueSet>,
}

/// A conjunction, and the function that it is.
struct Found {
    tests: Vec<ValueSet>,
    node: Node,
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
        let mut node = Node::YES;
        for set in term.tests.iter().rev() {
            node = self.diagrams.and(set.node, node)?;
        }
        Ok(Function(node))
    }

    /// The terms without those that the others cover. A term that was found for some values
    /// of a field is made as wide as it may be, and can then cover an earlier one.
    fn needed(&mut self, found: Vec<Found>) -> Result<Vec<Found>, TooComplex> {
        // What the terms before each cover.
        let mut before = vec![Node::NO];
        for term in &found {
            let covered = *before.last().unwrap_or(&Node::NO);
            before.push(self.diagrams.or(covered, term.node)?);
        }
        // Later ones are narrower, so they are tried first.
        let mut needed = Vec::new();
        let mut after = Node::NO;
        for (term, before) in found.into_iter().zip(before).rev() {
            let others = self.diagrams.or(before, after)?;
            if self.diagrams.without(term.node, others)? != Node::NO {
                after = self.diagrams.or(after, term.node)?;
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
        let [yes, no] = Node::TRUTH;
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
            always = self.diagrams.and(always, upper)?;
            anywhere = self.diagrams.or(anywhere, lower)?;
        }
        let wanted = self.diagrams.and(anywhere, always)?;
        let mut terms = self.cover(wanted, always, rest)?;
        for term in &terms {
            for ([lower, _], _) in &mut blocks {
                *lower = self.diagrams.without(*lower, term.node)?;
            }
        }
        // Terms that need the field: each as wide as it may be.
        for index in 0..blocks.len() {
            let ([lower, upper], _) = blocks[index];
            for mut term in self.cover(lower, upper, rest)? {
                let mut set = no;
                for ([lower, upper], values) in &mut blocks {
                    if self.diagrams.without(term.node, *upper)? == no {
                        *lower = self.diagrams.without(*lower, term.node)?;
                        set = self.diagrams.or(set, *values)?;
                    }
                }
                term.node = self.diagrams.and(set, term.node)?;
                let (field, node) = (*field, set);
                term.tests.insert(0, ValueSet { field, node });
                terms.push(term);
            }
        }
        Ok(terms)
    }
}
