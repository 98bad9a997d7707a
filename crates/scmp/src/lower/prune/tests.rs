// SPDX-License-Identifier: LGPL-2.1-only
use super::super::Node;
use super::*;
use crate::rule::WordSize;
use crate::rule::{Comparison, Operator};

struct Draws(u64);

impl Draws {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1);
        (self.0 >> 33) as usize % count
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// What the rules of one filter are like.
struct Kinds {
    operators: Vec<Operator>,
    data: Vec<u64>,
    arguments: u8,
    limit: usize,
}

impl Kinds {
    fn draw(draws: &mut Draws) -> Kinds {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let masked = |mask| Operator::MaskedEqual { mask };
        let all: [&[Operator]; 7] = [
            &[Equal],
            &[
                Equal,
                masked(1),
                masked(1 << 32),
                masked(u64::MAX),
                masked(0),
            ],
            &[Equal, NotEqual],
            &[Less, LessOrEqual, Greater, GreaterOrEqual],
            &[Less, NotEqual],
            &[Equal, Less, GreaterOrEqual],
            &[
                Equal,
                NotEqual,
                Less,
                LessOrEqual,
                Greater,
                GreaterOrEqual,
                masked(7),
            ],
        ];
        let words = [0, 1, u64::from(u32::MAX)];
        let (highs, lows) = (1 + draws.below(2), 1 + draws.below(3));
        let data = words[..highs].iter();
        let data = data.flat_map(|high| words[..lows].iter().map(move |low| high << 32 | low));
        let arguments = draws.of(&[2, 3, 3, 4, 6]);
        Kinds {
            operators: draws.of(&all).to_vec(),
            data: data.collect(),
            arguments,
            limit: 1 + draws.below(usize::from(arguments)),
        }
    }

    fn rule(&self, draws: &mut Draws) -> Vec<Comparison> {
        let mut rule = Vec::new();
        let first = draws.of(&[0, 0, 1, 2]);
        let limit = 1 + draws.below(self.limit);
        for argument in first..self.arguments {
            if rule.len() < limit && draws.below(5) > 0 {
                let (operator, datum) = (draws.of(&self.operators), draws.of(&self.data));
                rule.push(Comparison::new(argument, operator, datum).unwrap());
            }
        }
        rule
    }
}

/// All that a later rule or the program can depend on.
fn describe(tree: &Tree) -> String {
    fn add(tree: &Tree, level: Option<NodeId>, text: &mut String) {
        let mut tests = Vec::new();
        tree.push_level(level, &mut tests);
        for id in tests {
            let Node {
                test,
                rank,
                bounds,
                origin,
                leaked_in_c,
                sides,
                ..
            } = tree.node(id);
            let copies = tree.node(*origin).copies;
            let parts = (test, rank, bounds, origin, copies, leaked_in_c);
            *text += &format!("{parts:?} {{\n");
            for side in sides {
                match side {
                    Branch::Level(below) => add(tree, Some(*below), text),
                    side => *text += &format!("{side:?}\n"),
                }
            }
            *text += "}\n";
        }
    }
    let mut text = format!("{}\n", tree.weight);
    add(tree, tree.root, &mut text);
    text
}

/// The table of the module's documentation.
#[test]
fn the_table_holds() {
    const DROPS: &str = "drops";
    const REDUNDANT: &str = "redundant";
    const NOTHING: &str = "nothing";
    let rows: [(&[u8], &[u8], &str); 9] = [
        (&[0, 1], &[1], DROPS),
        (&[0, 1, 2], &[1], DROPS),
        (&[1], &[0, 1], REDUNDANT),
        (&[1], &[0, 1, 2], REDUNDANT),
        (&[1, 2], &[0, 1], NOTHING),
        (&[0], &[0, 1], NOTHING),
        (&[0, 1], &[0], NOTHING),
        (&[0, 1, 2], &[0, 2], NOTHING),
        (&[0, 2], &[1, 2], NOTHING),
    ];
    let rule = |arguments: &[u8]| -> Vec<Comparison> {
        let compare = |&argument: &u8| {
            Comparison::new(argument, Operator::Equal, u64::from(argument) + 1).unwrap()
        };
        arguments.iter().map(compare).collect()
    };
    for (present, new, outcome) in rows {
        // Another rule, which has to stay.
        let stays = [Comparison::new(0, Operator::Equal, 9).unwrap()];
        let (present, new) = (rule(present), rule(new));
        let [stays, present, new] =
            [&stays[..], &present, &new].map(|rule| RuleTests::new(rule, WordSize::Bits64));
        let mut store = RuleStore::default();
        store.reserve(2).unwrap();
        let mut list = store.start(stays.comparisons());
        let mut tree = Tree::default();
        for (count, tests) in [&stays, &present].into_iter().enumerate() {
            tree.reserve_for(tests).unwrap();
            if count > 0 {
                store.append(&mut list, tests);
            }
            let before = store.list(list).take(count as u32);
            tree.insert(tests, Action::Allow, before, count as u32);
        }
        store.index(&mut list, WordSize::Bits64, 1).unwrap();
        let was = describe(&tree);
        for reach in [Reach::Everything, Reach::ContainingRules] {
            let pruned = tree
                .prune(&new, Action::Allow, &mut store, list, reach)
                .unwrap();
            let found = match pruned {
                Pruned::Redundant => REDUNDANT,
                _ if describe(&tree) != was => DROPS,
                _ => NOTHING,
            };
            assert_eq!(found, outcome, "{present:?} {new:?} {reach:?}");
            tree.undo();
        }
    }
}

/// Compares walks as far as `Reach` says with walks that go everywhere.
#[test]
fn a_walk_goes_where_it_finds_something() {
    let mut draws = Draws(1);
    let mut seen = [[0; 3]; 5];
    for round in 0..rounds() {
        let word_size = draws.of(&[WordSize::Bits64, WordSize::Bits64, WordSize::Bits32]);
        let kinds = Kinds::draw(&mut draws);
        let actions = draws.of(&[1, 1, 2]);
        let mut tree = Tree::default();
        let mut store = RuleStore::default();
        let mut present = None;
        let mut log = Vec::new();
        for _ in 0..draws.of(&[3, 6, 12, 30]) {
            let rule = kinds.rule(&mut draws);
            let new = ArgumentUse::of(&rule, word_size);
            if new.is_unconditional() {
                continue;
            }
            let action = draws.of(&[Action::Allow, Action::errno(1).unwrap()][..actions]);
            let tests = RuleTests::new(&rule, word_size);
            log.push((action, rule.clone()));
            store.reserve(1).unwrap();
            tree.reserve_for(&tests).unwrap();
            let Some((list, argument_use)) = &mut present else {
                present = Some((store.start(&rule), new));
                let list = present.as_ref().unwrap().0;
                tree.insert(&tests, action, store.list(list).take(0), 0);
                continue;
            };
            let reach = match argument_use.may_interact(new) {
                true => {
                    store.index(list, word_size, 1).unwrap();
                    store.list(*list).reach(&tests, argument_use.and(new))
                }
                false => Reach::Nothing,
            };
            let list_before = *list;
            let before = store.list(list_before);
            let mut everywhere = tree.copy().unwrap();
            let expected = everywhere
                .walk(&tests, action, before, Reach::Everything, &[])
                .unwrap();
            let was = describe(&tree);
            let pruned = match reach {
                Reach::Nothing => Ok(Pruned::Needed),
                _ => tree.prune(&tests, action, &mut store, list_before, reach),
            };
            tree.undo();
            assert_eq!(describe(&tree), was, "round {round}: {log:?}");
            match expected {
                Pruned::Needed => {
                    let refused = everywhere.check(&tests, action);
                    let expected = refused.map(|()| Pruned::Needed);
                    if reach != Reach::Nothing {
                        assert_eq!(pruned, expected, "round {round}: {log:?}");
                    }
                    if reach != Reach::Nothing && expected.is_ok() {
                        tree.prune(&tests, action, &mut store, list_before, reach)
                            .unwrap();
                        tree.keep_changes();
                    }
                    if reach == Reach::Nothing || expected.is_ok() {
                        let found = describe(&tree) != was;
                        seen[reach as usize][usize::from(found)] += 1;
                        let all = describe(&everywhere);
                        assert_eq!(describe(&tree), all, "round {round}: {log:?}");
                    }
                    if tree.check(&tests, action).is_err() {
                        log.pop();
                        continue;
                    }
                }
                _ => {
                    seen[reach as usize][2] += 1;
                    assert_eq!(pruned, Ok(expected), "round {round}: {log:?}");
                    match expected {
                        Pruned::Redundant => continue,
                        _ => break,
                    }
                }
            }
            *argument_use = argument_use.and(new);
            store.append(list, &tests);
            let before = store.list(*list).take(list.count() as u32 - 1);
            tree.insert(&tests, action, before, list.last());
        }
    }
    // Walks that are not needed, that change nothing, and those that do.
    assert_eq!(seen[Reach::Nothing as usize][1..], [0, 0]);
    for reach in [Reach::RuleStarts, Reach::ContainingRules, Reach::Everything] {
        assert!(seen[reach as usize][2] > 5, "{reach:?}: {seen:?}");
    }
    for reach in [Reach::ContainingRules, Reach::Everything] {
        assert!(seen[reach as usize][1] > 20, "{reach:?}: {seen:?}");
    }
    eprintln!("{seen:?}");
}

fn rounds() -> usize {
    let rounds = std::env::var("SCMP_WALKS").ok();
    rounds.map_or(2000, |rounds| rounds.parse().unwrap())
}
