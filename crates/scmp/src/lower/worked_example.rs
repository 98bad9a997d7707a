// SPDX-License-Identifier: LGPL-2.1-only
//! The tests and the tree that docs/compiler.md shows: see `filter::worked_example`.

use std::collections::BTreeSet;

use super::rule_tests::Exit;
use super::{Branch, NodeId, Relation, RuleTests, Side, Test, Tree};
use crate::rule::{Comparison, WordSize};

/// A test of a 64-bit argument.
fn test_text(test: &Test) -> String {
    let half = if test.is_high { "hi" } else { "lo" };
    let relation = match test.relation {
        Relation::Equal => "==".to_string(),
        Relation::MaskedEqual => format!("& {:#x} ==", test.mask),
        Relation::Greater => ">".to_string(),
        Relation::GreaterOrEqual => ">=".to_string(),
    };
    format!("a{}.{half} {relation} {}", test.argument, test.datum)
}

/// A line for each test of a rule on a 64-bit architecture, with its exits.
pub(crate) fn tests(comparisons: &[Comparison]) -> String {
    let rule = RuleTests::new(comparisons, WordSize::Bits64);
    let (mut text, mut rest) = (String::new(), BTreeSet::new());
    let exit_text = |exit, rest: &mut BTreeSet<_>| match exit {
        Exit::Match => "match".to_string(),
        Exit::Mismatch => "no match".to_string(),
        Exit::Step(position) => {
            rest.insert(position);
            test_text(&rule.step(position).test)
        }
    };
    exit_text(rule.first(), &mut rest);
    // Exits lead to greater positions only.
    while let Some(position) = rest.pop_first() {
        let step = rule.step(position);
        let [holds, fails] = step.exits.map(|exit| exit_text(exit, &mut rest));
        let test = test_text(&step.test);
        text += &format!("  {test:<18} true: {holds:<18} false: {fails}\n");
    }
    text
}

/// Whether the undo log has something. How many nodes is a matter of the level's shape.
pub(crate) fn has_logged(tree: &Tree) -> bool {
    !tree.log.is_empty()
}

/// A tree of 64-bit tests for graphviz, with a box for each level. `edges` follow the boxes.
pub(crate) fn dot(tree: &Tree, level: Option<NodeId>, edges: &mut String) -> String {
    let (mut tests, mut text) = (Vec::new(), String::new());
    tree.push_level(level, &mut tests);
    for &id in &tests {
        let test = test_text(tree.test(id));
        let copy = match tree.node(id).origin {
            origin if origin == id => String::new(),
            origin => format!(" (copy of {})", origin.0),
        };
        text += &format!("n{} [label=\"{}: {test}{copy}\"];\n", id.0, id.0);
    }
    text = format!(
        "subgraph cluster{} {{\nlabel=\"level\";\n{text}}}\n",
        tests[0].0
    );
    for pair in tests.windows(2) {
        *edges += &format!(
            "n{} -> n{} [label=\"next\", style=dotted];\n",
            pair[0].0, pair[1].0
        );
    }
    for id in tests {
        for side in Side::BOTH {
            let from = format!("n{} -> ", id.0);
            match tree.side(id, side) {
                Branch::Continue => {}
                Branch::Action(action) => {
                    text += &format!("{side:?}{} [label=\"{action:?}\", shape=oval];\n", id.0);
                    *edges += &format!("{from}{side:?}{} [label=\"{side:?}\"];\n", id.0);
                }
                Branch::Level(below) => {
                    let first = tree.first_of(Some(below)).unwrap().0;
                    *edges +=
                        &format!("{from}n{first} [label=\"{side:?}\", lhead=cluster{first}];\n");
                    text += &dot(tree, Some(below), edges);
                }
            }
        }
    }
    text
}
