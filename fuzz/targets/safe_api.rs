// SPDX-License-Identifier: LGPL-2.1-only
//! Random calls of the safe API. Programs against the direct evaluation of the rules
//! (`tests/oracle`), against the rules by the exact check, and level 1 against level 2;
//! failed calls, transactions and merges leave what they must.

#![no_main]

#[path = "../../tests/oracle/mod.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use oracle::case::{Case, Rule, Step};
use oracle::check::{self, Tally};
use oracle::inputs::inputs;
use oracle::random::Random;
use scmp::bpf::Program;
use scmp::{
    Action, Arch, Comparison, Comparisons, Error, Filter, Operator, Optimization, RuleMode,
};
use scmp_fuzz::Input;
use scmp_verify::proof::{self, Answer, RuleSet};

/// As many as the random tests have; the sizes of trees may grow with each rule.
const MAX_RULES: usize = 10;
const MAX_STEPS: usize = 30;

/// Longer programs are not proven.
const MAX_PROVEN_INSTRUCTIONS: usize = 600;

fuzz_target!(|data: &[u8]| {
    let mut input = Input::new(data);
    let merges = input.chance(25);
    let settings = Settings::new(&mut input);
    if merges {
        merge(&mut input, &settings);
    } else {
        evaluate(&mut input, &settings);
    }
});

struct Settings {
    seed: u64,
    default: Action,
    bad_architecture: Action,
    allow_skip: bool,
}

impl Settings {
    fn new(input: &mut Input) -> Settings {
        Settings {
            seed: u64::from(input.short()),
            default: action(input),
            bad_architecture: action(input),
            allow_skip: input.chance(20),
        }
    }

    fn filter(&self, arches: &[Arch]) -> Filter {
        let mut filter = Filter::new(self.default).expect("memory");
        filter.remove_arch(Arch::native()).expect("it is there");
        for &arch in arches {
            filter.add_arch(arch).expect("of one byte order");
        }
        filter.attributes_mut().bad_architecture = self.bad_architecture;
        filter.attributes_mut().allow_skip = self.allow_skip;
        filter
    }

    fn rules(&self, arches: &[Arch]) -> RuleSet {
        RuleSet::new(self.default, self.bad_architecture, self.allow_skip, arches)
    }
}

fn evaluate(input: &mut Input, settings: &Settings) {
    let count = 1 + input.below(4);
    let arches = arches(input, count);
    let case = Case {
        seed: settings.seed,
        default: settings.default,
        bad_architecture: settings.bad_architecture,
        allow_skip: settings.allow_skip,
        unknown_calls: None,
        first_match: false,
        careful: input.chance(25),
        steps: steps(input, &arches),
        arches,
    };
    let tally = &mut Tally::default();
    let mut built = match check::build(&case, tally) {
        Ok(built) => built,
        Err(failure) => panic!("{}\n{case}", failure.what),
    };
    let programs = match check::programs(&mut built, tally) {
        Ok(Some(programs)) => programs,
        Ok(None) => return,
        Err(failure) => panic!("{}\n{case}", failure.what),
    };
    let inputs = inputs(&built.model, &mut Random::new(case.seed));
    if let Err(failure) = check::compare(&built.model, &programs, &inputs, tally) {
        panic!("{}, {:x?}\n{case}", failure.what, failure.input);
    }
    let [one, two] = &programs;
    if !is_short(one) || !is_short(two) {
        return;
    }
    let answer = proof::compare(one, two).expect("both are valid");
    if let Answer::Different(difference) = answer {
        panic!("levels 1 and 2: {difference:x?}\n{case}");
    }
    if case.is_flat() {
        let mut filter = settings.filter(&case.arches);
        let mut rules = settings.rules(&case.arches);
        let errors = add(&mut filter, &mut rules, &case.steps);
        assert_eq!(errors, tally.refused, "{case}");
        prove(&mut filter, &rules, &case);
    }
}

/// Two filters with rules of their own become one.
fn merge(input: &mut Input, settings: &Settings) {
    let count = 2 + input.below(4);
    let arches = arches(input, count);
    let (first, second) = arches.split_at(arches.len() / 2);
    let (first, mut second) = (first.to_vec(), second.to_vec());
    // Now and then both have an architecture.
    if input.chance(10) {
        second.push(first[0]);
    }
    let (mut target, mut source) = (settings.filter(&first), settings.filter(&second));
    let (mut target_rules, mut source_rules) = (settings.rules(&first), settings.rules(&second));
    add(&mut target, &mut target_rules, &steps(input, &first));
    add(&mut source, &mut source_rules, &steps(input, &second));
    if input.chance(10) {
        source.attributes_mut().no_new_privileges = false;
    }
    let before = (picture(&mut target), picture(&mut source));
    let context = format!("{first:?} {second:?}");
    match target.merge(&mut source) {
        Ok(()) => {
            assert_eq!(source.arches().len(), 0);
            assert_eq!(target.arches().len(), first.len() + second.len());
            target_rules.merge(source_rules);
            prove(&mut target, &target_rules, &context);
        }
        Err(_) => assert!(
            before == (picture(&mut target), picture(&mut source)),
            "{context}"
        ),
    }
}

/// Adds rules and priorities; how many rules were refused.
fn add(filter: &mut Filter, rules: &mut RuleSet, steps: &[Step]) -> usize {
    let mut refused = 0;
    for step in steps {
        match step {
            Step::Rule(rule) => {
                let comparisons: Comparisons = rule.comparisons();
                let (action, number, how) = (rule.action, rule.number, rule.how);
                match filter.add_rule(action, number, &comparisons, how) {
                    Ok(()) => rules
                        .add(action, number, &comparisons, how)
                        .expect("as the filter"),
                    Err(_) => refused += 1,
                }
            }
            Step::Prioritize(number, priority) => {
                let _ = filter.prioritize(*number, *priority);
            }
            _ => {}
        }
    }
    refused
}

fn picture(filter: &mut Filter) -> (Result<Vec<u8>, Error>, Vec<u8>) {
    let bytes = filter.program().and_then(Program::to_bytes);
    (bytes, filter.pseudo_code().expect("text is made"))
}

fn prove(filter: &mut Filter, rules: &RuleSet, what: &dyn std::fmt::Display) {
    for optimization in [Optimization::Priority, Optimization::Search] {
        filter.attributes_mut().optimization = optimization;
        let program = match filter.program() {
            Ok(program) if is_short(program) => program,
            Ok(_) | Err(Error::ProgramTooLong) => continue,
            Err(error) => panic!("{error}\n{what}"),
        };
        let answer = proof::check(program, rules).expect("the program is valid");
        if let Answer::Different(difference) = answer {
            panic!("{optimization:?}: {difference:x?}\n{what}");
        }
    }
}

fn is_short(program: &Program) -> bool {
    program.instructions().len() <= MAX_PROVEN_INSTRUCTIONS
}

fn action(input: &mut Input) -> Action {
    match input.below(10) {
        0 => Action::Allow,
        1 => Action::KillThread,
        2 => Action::KillProcess,
        3 => errno(i32::from(input.byte() & 3)),
        4 => errno(1),
        5 => errno(38),
        6 => Action::Trap(u16::from(input.byte() & 1)),
        7 => Action::Trace(7),
        8 => Action::Log,
        _ => Action::Notify,
    }
}

fn errno(number: i32) -> Action {
    Action::errno(number).expect("a small number")
}

/// Distinct ones of one byte order.
fn arches(input: &mut Input, count: usize) -> Vec<Arch> {
    let all: Vec<Arch> = Arch::all().collect();
    let first = match input.chance(50) {
        true => Arch::X86_64,
        false => input.pick(&all),
    };
    let mut chosen = vec![first];
    let others: Vec<Arch> = Arch::all()
        .filter(|arch| arch.endian() == first.endian())
        .collect();
    while chosen.len() < count {
        let mut place = input.below(others.len());
        while chosen.contains(&others[place]) {
            place = (place + 1) % others.len();
        }
        chosen.push(others[place]);
    }
    chosen
}

/// What rules are about: few things, so that rules meet.
struct Stock {
    numbers: Vec<i32>,
    data: Vec<u64>,
    actions: Vec<Action>,
}

const NAMES: [&str; 16] = [
    "ioctl",
    "read",
    "openat",
    "mmap",
    "mmap2",
    "clone",
    "socket",
    "accept4",
    "send",
    "recvmmsg",
    "socketcall",
    "shmget",
    "semtimedop",
    "ipc",
    "open",
    "prctl",
];

impl Stock {
    fn new(input: &mut Input) -> Stock {
        let several = |input: &mut Input| 1 + input.below(3);
        Stock {
            numbers: (0..several(input)).map(|_| number(input)).collect(),
            data: (0..2 * several(input)).map(|_| input.datum()).collect(),
            actions: (0..several(input)).map(|_| action(input)).collect(),
        }
    }
}

fn number(input: &mut Input) -> i32 {
    match input.below(8) {
        0 => i32::from(input.short()),
        1 => -1 - i32::from(input.byte()),
        2 => -10_001 - i32::from(input.byte()),
        3 => input.word() as i32,
        _ => {
            let name = input.pick(&NAMES);
            Arch::native()
                .syscall_number(name.as_bytes())
                .expect("a known name")
        }
    }
}

fn steps(input: &mut Input, arches: &[Arch]) -> Vec<Step> {
    let stock = Stock::new(input);
    let mut steps = Vec::new();
    let mut rules = 0;
    while !input.is_empty() && rules < MAX_RULES && steps.len() < MAX_STEPS {
        steps.push(match input.byte() {
            0..20 => Step::Prioritize(input.pick(&stock.numbers), input.byte()),
            20..30 => Step::Start,
            30..40 => Step::Reject,
            40..50 => Step::Commit,
            50..56 => {
                let same = Arch::all().filter(|arch| arch.endian() == arches[0].endian());
                Step::Cover(input.pick(&same.collect::<Vec<Arch>>()))
            }
            // The first stays, so that no filter is without.
            56..60 if arches.len() > 1 => Step::Uncover(arches[1 + input.below(arches.len() - 1)]),
            // Ends the steps of the first of two filters.
            60 => return steps,
            _ => {
                rules += 1;
                Step::Rule(rule(input, &stock))
            }
        });
    }
    steps
}

fn rule(input: &mut Input, stock: &Stock) -> Rule {
    let flags = input.byte();
    let mut comparisons: Vec<Comparison> = Vec::new();
    for _ in 0..input.pick(&[0, 1, 1, 1, 2, 2, 3, 6]) {
        let choice = input.byte();
        let argument = choice % 6;
        if comparisons.iter().any(|other| other.argument() == argument) {
            continue;
        }
        let datum = input.pick(&stock.data);
        let operator = match choice / 6 % 7 {
            0 => Operator::Equal,
            1 => Operator::NotEqual,
            2 => Operator::Less,
            3 => Operator::LessOrEqual,
            4 => Operator::GreaterOrEqual,
            5 => Operator::Greater,
            _ => Operator::MaskedEqual {
                mask: input.pick(&stock.data),
            },
        };
        let make = match choice / 42 % 2 {
            0 => Comparison::new,
            _ => Comparison::of_int,
        };
        comparisons.push(make(argument, operator, datum).expect("arguments 0 to 5"));
    }
    Rule {
        action: input.pick(&stock.actions),
        number: input.pick(&stock.numbers),
        comparisons,
        condition: None,
        how: if flags & 3 == 0 {
            RuleMode::Exact
        } else {
            RuleMode::BestEffort
        },
    }
}
