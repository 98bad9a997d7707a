// SPDX-License-Identifier: LGPL-2.1-only
//! All filters of a small world: every sequence of three rules on one argument and of two
//! rules on two, with all operators and a handful of values around the bounds of words, for
//! both word sizes and both levels. Each program is proven to decide as its rules say, and
//! each rule is accepted or refused as docs/decisions.md says.
//!
//! A plain `cargo test` takes a sample. `SCMP_SMALL_WORLD=1` takes all: `make prove-all`.

mod oracle;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use oracle::random::setting;
use oracle::run::for_each;
use scmp::{Action, Arch, Comparisons, Condition, Error, Filter, Optimization, RuleMode};
use scmp_verify::proof::{self, Answer, RuleSet};

/// The comparisons of one argument, as text.
const COMPARISONS: [&str; 36] = [
    "# == 0",
    "# == 5",
    "# == 0x100000005",
    "# == 0xffffffffffffffff",
    "# != 0",
    "# != 5",
    "# != 0x100000005",
    "# < 0",
    "# < 5",
    "# < 0x100000005",
    "# <= 5",
    "# <= 0xffffffff",
    "# <= 0xffffffffffffffff",
    "# > 0",
    "# > 5",
    "# > 0xffffffff",
    "# > 0xffffffffffffffff",
    "# >= 0",
    "# >= 5",
    "# >= 0x100000000",
    "# >= 0x100000005",
    "# & 0x5 == 5",
    "# & 0x100000001 == 1",
    "# & 0xffffffff00000000 == 0",
    "# & 0 == 0",
    "(int)# == 5",
    "(int)# == -1",
    "(int)# != 5",
    "(int)# < 5",
    "(int)# <= 5",
    "(int)# > 5",
    "(int)# > -1",
    "(int)# >= 5",
    "(int)# >= -2147483648",
    "(int)# & 0x5 == 5",
    "(int)# & 0 == 0",
];

/// Conditions on one argument that no comparison says.
const CONDITIONS: [&str; 8] = [
    "# in {0, 5, 0x100000005}",
    "# in 5..=0x100000005",
    "# in {0..=4, 6..=0xfffffffe}",
    "# & 0x5 != 5",
    "# & 0x100000001 != 1 && # != 0",
    "# in {}",
    "(int)# in {5, 0x80000000..=0xffffffff}",
    "(int)# & 0x5 != 1 && # > 5",
];

/// What a rule asks.
#[derive(Clone)]
enum What {
    Comparisons(Comparisons),
    Condition(Condition),
}

const NUMBER: &str = "ioctl";
const ARCHES: [Arch; 2] = [Arch::X86_64, Arch::X86];

fn action(number: u64) -> Action {
    match number {
        0 => Action::Log,
        1 => Action::KillProcess,
        _ => DEFAULT,
    }
}

const DEFAULT: Action = Action::Allow;

fn on(argument: u8, texts: &[&str]) -> Vec<String> {
    let argument = format!("a{argument}");
    texts
        .iter()
        .map(|text| text.replace('#', &argument))
        .collect()
}

/// The rules on argument 0.
fn on_one() -> Vec<What> {
    let comparisons = on(0, &COMPARISONS)
        .into_iter()
        .map(|text| What::Comparisons(text.parse().unwrap()));
    let conditions = on(0, &CONDITIONS)
        .into_iter()
        .map(|text| What::Condition(text.parse().unwrap()));
    comparisons.chain(conditions).collect()
}

/// The rules on arguments 0 and 1: some comparisons of each, and none.
fn on_two() -> Vec<What> {
    let few = |argument| {
        let mut texts = on(argument, &COMPARISONS)
            .into_iter()
            .step_by(3)
            .collect::<Vec<_>>();
        texts.push(String::new());
        texts
    };
    let mut all = Vec::new();
    for first in few(0) {
        for second in few(1) {
            let comma = if first.is_empty() || second.is_empty() {
                ""
            } else {
                ", "
            };
            let text = format!("{first}{comma}{second}");
            all.push(What::Comparisons(text.parse().unwrap()));
        }
    }
    for (first, second) in on(0, &CONDITIONS)
        .iter()
        .zip(on(1, &CONDITIONS).iter().rev())
    {
        all.push(What::Condition(
            format!("{first} && {second}").parse().unwrap(),
        ));
    }
    all
}

/// A filter of the world.
struct World<'a> {
    arch: Arch,
    first_match: bool,
    rules: Vec<(Action, &'a What)>,
}

impl World<'_> {
    /// What is wrong with it.
    fn flaw(&self) -> Option<String> {
        let number = Arch::native().syscall_number(NUMBER).unwrap();
        let mut filter = Filter::new(DEFAULT).unwrap();
        filter.remove_arch(Arch::native()).unwrap();
        filter.add_arch(self.arch).unwrap();
        filter.first_match(self.first_match).unwrap();
        let mut rules = RuleSet::new(DEFAULT, Action::KillThread, false, &[self.arch]);
        rules.first_match(self.first_match);
        let mode = RuleMode::BestEffort;
        for (place, &(action, what)) in self.rules.iter().enumerate() {
            let result = match what {
                What::Comparisons(all) => filter.add_rule(action, number, all, mode),
                What::Condition(all) => filter.add_rule_if(action, number, all, mode),
            };
            let is_right = match result {
                Ok(()) => !self.is_refused(place) && (self.first_match || action != DEFAULT),
                Err(Error::ConflictingRule) => self.may_be_refused(place),
                Err(Error::ActionIsDefault) => action == DEFAULT && !self.first_match,
                Err(_) => false,
            };
            if !is_right {
                return Some(format!("rule {place}: {result:?}"));
            }
            if result.is_ok() {
                match what {
                    What::Comparisons(all) => rules.add(action, number, all, mode).unwrap(),
                    What::Condition(all) => rules.add_if(action, number, all, mode).unwrap(),
                }
            }
        }
        for optimization in [Optimization::Priority, Optimization::Search] {
            filter.attributes_mut().optimization = optimization;
            let answer = proof::check(filter.program().unwrap(), &rules);
            if answer != Ok(Answer::Equal) {
                return Some(format!("{optimization:?}: {answer:x?}"));
            }
        }
        None
    }

    /// A comparison as the architecture sees it: of 32 bits, all are of an int.
    fn seen(&self, what: &What) -> Option<Vec<(u8, bool, scmp::Operator, u64)>> {
        let What::Comparisons(all) = what else {
            return None;
        };
        let cut = |value: u64| value & u64::from(u32::MAX);
        let seen = all.iter().map(|one| {
            let is_int = self.arch.word_size() == scmp::WordSize::Bits32
                || one.width() == scmp::WordSize::Bits32;
            let bits = |value| if is_int { cut(value) } else { value };
            match one.operator() {
                scmp::Operator::MaskedEqual { mask } => {
                    let mask = bits(mask);
                    let operator = scmp::Operator::MaskedEqual { mask };
                    (one.argument(), is_int, operator, one.datum() & mask)
                }
                operator => (one.argument(), is_int, operator, bits(one.datum())),
            }
        });
        // What always holds drops out.
        let counts = |one: &(u8, bool, scmp::Operator, u64)| {
            !matches!(one.2, scmp::Operator::MaskedEqual { mask: 0 })
        };
        Some(seen.filter(counts).collect())
    }

    /// Whether the rule must be refused: the rule before it has the same comparisons and
    /// another action, and is the only one.
    fn is_refused(&self, place: usize) -> bool {
        let (action, what) = self.rules[place];
        let same = |&(other, earlier): &(Action, &What)| {
            let seen = self.seen(what);
            other != action
                && seen.as_ref().is_some_and(|seen| !seen.is_empty())
                && seen == self.seen(earlier)
        };
        !self.first_match && place == 1 && same(&self.rules[0])
    }

    /// Whether the rule may be refused: an earlier rule has another action, and neither has
    /// a condition or decides all calls.
    fn may_be_refused(&self, place: usize) -> bool {
        let (action, what) = self.rules[place];
        let conditional = |what: &What| self.seen(what).is_some_and(|seen| !seen.is_empty());
        let contradicts = |&(other, earlier): &(Action, &What)| {
            other != action && conditional(earlier) && conditional(what)
        };
        !self.first_match && self.rules[..place].iter().any(contradicts)
    }
}

/// Proves each filter that `world` makes of an index below `count`, or a sample.
fn prove<'a>(what: &str, count: u64, world: impl Fn(u64) -> World<'a> + Sync) {
    // Coprime to the counts, so that the sample is of all parts of the world.
    const STEP: u64 = 1009;
    let step = match setting("SCMP_SMALL_WORLD", 0) {
        0 => STEP,
        _ => 1,
    };
    let started = Instant::now();
    let flaws = Mutex::new(Vec::new());
    let proven = AtomicUsize::new(0);
    for_each(count / step, |index| {
        let world = world(index * step);
        match world.flaw() {
            None => _ = proven.fetch_add(1, Ordering::Relaxed),
            Some(flaw) => {
                let rules: Vec<String> = (world.rules.iter())
                    .map(|(action, what)| match what {
                        What::Comparisons(all) => format!("{action} {all}"),
                        What::Condition(all) => format!("{action} if {all}"),
                    })
                    .collect();
                let World {
                    arch, first_match, ..
                } = world;
                let text = format!("{arch} first match {first_match} {rules:?}: {flaw}");
                flaws.lock().unwrap().push(text);
            }
        }
    });
    let flaws = flaws.into_inner().unwrap();
    println!(
        "{what}: {} filters proven at both levels, {:.1?}",
        proven.into_inner(),
        started.elapsed()
    );
    assert!(
        flaws.is_empty(),
        "{}: {:#?}",
        flaws.len(),
        &flaws[..flaws.len().min(3)]
    );
    assert!(count / step > 0);
}

/// Takes digits off a number.
struct Digits(u64);

impl Digits {
    fn take(&mut self, base: usize) -> usize {
        let digit = self.0 % base as u64;
        self.0 /= base as u64;
        digit as usize
    }
}

#[test]
fn three_rules_on_one_argument() {
    let whats = on_one();
    let rules = whats.len() as u64;
    // The first rule's action is one of two, those of the others are any.
    let count = rules.pow(3) * 2 * 4 * 2;
    prove("three rules on one argument", count, |index| {
        let mut digits = Digits(index);
        let arch = ARCHES[digits.take(2)];
        let first_match = digits.take(2) == 1;
        let actions = [0, digits.take(2), digits.take(2)].map(|number| {
            // The third action is the default one where that is allowed.
            action(if first_match {
                2 * number as u64
            } else {
                number as u64
            })
        });
        let whats = actions.map(|action| (action, &whats[digits.take(rules as usize)]));
        World {
            arch,
            first_match,
            rules: whats.to_vec(),
        }
    });
}

#[test]
fn two_rules_on_two_arguments() {
    let whats = on_two();
    let rules = whats.len() as u64;
    let count = rules.pow(2) * 2 * 2 * 2;
    prove("two rules on two arguments", count, |index| {
        let mut digits = Digits(index);
        let arch = ARCHES[digits.take(2)];
        let first_match = digits.take(2) == 1;
        let actions = [0, digits.take(2)].map(|number| action(number as u64));
        let whats = actions.map(|action| (action, &whats[digits.take(rules as usize)]));
        World {
            arch,
            first_match,
            rules: whats.to_vec(),
        }
    });
}
