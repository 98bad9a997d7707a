// SPDX-License-Identifier: LGPL-2.1-only
//! Large filters.

use super::*;

/// `ioctl` with each of the data, smallest first, by turns with two actions.
fn ladder(data: impl Iterator<Item = u64>) -> Filter {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    for (index, datum) in data.enumerate() {
        let action = if index % 2 == 0 { ALLOW } else { ERRNO };
        add(&mut filter, action, "ioctl", &[eq(0, datum)]).expect("taken");
    }
    filter
}

#[test]
fn filter_beyond_the_kernel_decides_right() {
    within(SOON, || {
        let mut filter = ladder(0..9000);
        for optimization in [Optimization::Priority, Optimization::Search] {
            let length = program(&mut filter, optimization).instructions().len();
            assert!(length > scmp::bpf::MAX_LOADED, "{length}");
        }
        for datum in [0u64, 1, 2, 255, 256, 257, 2999, 3000, 8998, 8999] {
            let right = if datum % 2 == 0 { ALLOW } else { ERRNO };
            assert_eq!(ioctl_decides(&mut filter, &[datum]), right, "{datum}");
            assert_eq!(ioctl_decides(&mut filter, &[1 << 32 | datum]), KILL);
        }
        assert_eq!(ioctl_decides(&mut filter, &[9000]), KILL);
        assert_eq!(decide(&mut filter, Arch::X86_64, "read", &[1]), KILL);
    });
}

/// Level 2 had 4968 instructions for 3000 values that do not follow each other.
#[test]
fn filter_that_loads_at_level_1_loads_at_level_2() {
    within(SOON, || {
        let length = |program: &Program| program.instructions().len();
        for (values, is_searched) in [(3000, true), (3800, true), (4050, false)] {
            let mut filter = filter_for(&[Arch::X86_64], KILL);
            for value in 0..values {
                add(&mut filter, ALLOW, "ioctl", &[eq(1, 3 * value)]).expect("taken");
            }
            let one = program(&mut filter, Optimization::Priority);
            let two = program(&mut filter, Optimization::Search);
            assert!(length(&one) <= scmp::bpf::MAX_LOADED);
            assert!(length(&two) <= scmp::bpf::MAX_LOADED, "{}", length(&two));
            // With the few instructions that are left, level 1 is the way out.
            assert_eq!(one != two, is_searched, "{values} values");
            for value in 0..3 * values + 3 {
                let is_allowed = value % 3 == 0 && value < 3 * values;
                let right = if is_allowed { ALLOW } else { KILL };
                let data = call(Arch::X86_64, 16, &[0, value]);
                assert_eq!(scmp_verify::run(&two, &data), Ok(right.to_raw()), "{value}");
            }
        }
    });
}

/// The finalizer of MurmurHash3.
fn hash(number: u32) -> u32 {
    let number = (number ^ number >> 16).wrapping_mul(0x85eb_ca6b);
    let number = (number ^ number >> 13).wrapping_mul(0xc2b2_ae35);
    number ^ number >> 16
}

/// Levels were balanced by a hash of a node's number alone, so these values made one a path:
/// adding took a time that grew by its square, and recursion overflowed the stack.
#[test]
fn values_that_foresee_the_hash_of_nodes_make_no_deep_level() {
    within(SOON, || {
        let small = std::thread::Builder::new().stack_size(256 << 10);
        let thread = small.spawn(move || {
            let mut filter = filter_for(&[Arch::X86_64], KILL);
            for number in 2..60_000 {
                let value = eq(0, (!hash(number)).into());
                add(&mut filter, ALLOW, "ioctl", &[value]).expect("taken");
            }
            let _ = filter.program();
        });
        thread.expect("a thread").join().expect("no panic");
    });
}

/// Each rule was compared with all before it.
#[test]
fn rules_that_a_bound_has_partly_decided_are_added_in_time() {
    within(SOON, || {
        let mut filter = filter_for(&[Arch::X86_64], KILL);
        add(&mut filter, ALLOW, "ioctl", &[gt(0, 5)]).expect("taken");
        for value in 0..50_000 {
            add(&mut filter, ALLOW, "ioctl", &[gt(0, 3), eq(1, value)]).expect("taken");
        }
        let _ = filter.program();
    });
}

/// A rule set with more tests than a program may have instructions; only the first tests
/// ever run.
#[test]
fn tests_that_never_run_do_not_count_as_instructions() {
    within(SOON, || {
        let mut filter = filter_for(&[Arch::X86], KILL);
        for value in 0..70_000 {
            add(&mut filter, ALLOW, "ioctl", &[eq(1, value)]).expect("taken");
        }
        let operators = [Operator::Equal, Operator::NotEqual];
        for compared in operators.map(|operator| compare(5, operator, 7)) {
            add(&mut filter, ALLOW, "ioctl", &[compared]).expect("taken");
        }
        for optimization in [Optimization::Priority, Optimization::Search] {
            let length = program(&mut filter, optimization).instructions().len();
            assert!(length < 20, "{length}");
        }
    });
}

/// If linear tests for the values of several calls share blocks, searches share them too.
#[test]
fn calls_with_nearly_the_same_values_share_their_search() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    for (call, values) in [("ioctl", 2300), ("fcntl", 2250), ("prctl", 2200)] {
        for value in 0..values {
            add(&mut filter, ALLOW, call, &[eq(1, 3 * value)]).expect("taken");
        }
    }
    let one = program(&mut filter, Optimization::Priority);
    let two = program(&mut filter, Optimization::Search);
    assert_ne!(one, two);
    let [one, two] = [one, two].map(|program| program.instructions().len());
    assert!(two * 10 <= one * 11, "{one}, {two}");
}

#[test]
fn many_calls_on_many_architectures_decide_right() {
    within(SOON, || {
        let arches: Vec<Arch> = Arch::all()
            .filter(|arch| arch.endian() == scmp::Endian::Little)
            .collect();
        let mut filter = filter_for(&arches, KILL);
        let calls: Vec<&str> = (0..300)
            .filter_map(|number| Arch::native().syscall_name(number))
            .collect();
        for (index, call) in calls.iter().enumerate() {
            let action = if index % 2 == 0 { ALLOW } else { ERRNO };
            let comparisons = [gt(1, index as u64), ne(2, 1 << 32)];
            add(&mut filter, action, call, &comparisons).expect("taken");
        }
        let length = program(&mut filter, Optimization::Priority)
            .instructions()
            .len();
        assert!(length > scmp::bpf::MAX_LOADED, "{length}");
        let levels = [Optimization::Priority, Optimization::Search]
            .map(|optimization| program(&mut filter, optimization));
        for arch in arches {
            for (index, name) in calls.iter().enumerate() {
                let number = arch.syscall_number(name.as_bytes()).expect("known");
                // Multiplexed calls have tests of their own.
                let Ok(number) = u32::try_from(number) else {
                    continue;
                };
                let action = if index % 2 == 0 { ALLOW } else { ERRNO };
                for (a1, right) in [(index as u64, KILL), (index as u64 + 1, action)] {
                    let data = call(arch, number, &[0, a1, 7]);
                    for level in &levels {
                        let decision = scmp_verify::run(level, &data);
                        assert_eq!(decision, Ok(right.to_raw()), "{name}, {arch}");
                    }
                }
            }
        }
    });
}

#[test]
fn filter_beyond_the_format_is_refused() {
    within(SOON, || {
        let mut filter = ladder(0..66_000);
        for optimization in [Optimization::Priority, Optimization::Search] {
            filter.attributes_mut().optimization = optimization;
            // Level 2 may find a shorter program; too long is too long.
            match filter.program() {
                Err(error) => assert_eq!(error, Error::ProgramTooLong),
                Ok(program) => {
                    assert_eq!(optimization, Optimization::Search);
                    assert!(program.instructions().len() <= scmp::bpf::MAX_INSTRUCTIONS);
                }
            }
        }
        // The filter lives on: it can be exported as text, and reduced.
        assert!(filter.pseudo_code().is_ok());
        filter.remove_arch(Arch::X86_64).expect("it is there");
        filter.add_arch(Arch::X86_64).expect("none is there");
        assert_eq!(ioctl_decides(&mut filter, &[1]), KILL);
    });
}

/// A number with x32's bit, on which x86_64 got rules before the filter covered x32, may be one
/// of x32's calls too. Level 2 decides by the call of the higher priority and leaves out the
/// other, whose tests once made the program too long.
#[cfg(target_arch = "x86_64")]
#[test]
fn a_call_that_level_2_leaves_out_does_not_count() {
    within(SOON, || {
        let mut filter = filter_for(&[Arch::X86_64], KILL);
        let calls = ["read", "write"];
        let numbers = calls.map(|call| Arch::X32.syscall_number(call).expect("known"));
        // Each call has fewer tests than a priority holds.
        for value in 0..70_000 {
            let number = numbers[value as usize % 2];
            let compared = Comparisons::new(&[eq(1, value)]).expect("one");
            let added = filter.add_rule(ALLOW, number, &compared, RuleMode::BestEffort);
            added.expect("taken");
        }
        filter.add_arch(Arch::X32).expect("new");
        for call in calls {
            add(&mut filter, ALLOW, call, &[eq(0, 2)]).expect("taken");
        }
        assert_eq!(filter.program().err(), Some(Error::ProgramTooLong));
        let program = program(&mut filter, Optimization::Search);
        for (a0, right) in [(2, ALLOW), (3, KILL)] {
            let data = call(Arch::X32, numbers[1] as u32, &[a0, 1]);
            assert_eq!(scmp_verify::run(&program, &data), Ok(right.to_raw()));
        }
    });
}

/// Each mask of a set once was a line one level deeper.
#[test]
fn text_of_many_masks_is_linear() {
    let many = 2000;
    let masks = (0..many).map(|mask| format!("a1 & {} != 1", 2 * mask + 1));
    let condition = masks.collect::<Vec<_>>().join(" && ");
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    let condition = condition.parse().expect("a condition");
    filter.rule_if(ALLOW, "ioctl", &condition).expect("taken");
    let text = filter.pseudo_code().expect("text");
    assert!(text.len() < 70 * many, "{}", text.len());
}

/// Each refused rule once looked at all that were there.
#[test]
fn many_refused_rules_end_soon() {
    within(SOON, || {
        let mut filter = filter_for(&[Arch::X86_64], KILL);
        for value in 0..20_000 {
            add(&mut filter, ALLOW, "ioctl", &[eq(1, value)]).expect("taken");
        }
        for value in 0..400_000 {
            let refused = add(&mut filter, ERRNO, "ioctl", &[eq(1, value % 20_000)]);
            assert_eq!(refused, Err(Error::ConflictingRule));
        }
    });
}

#[test]
fn six_comparisons_in_many_rules_end_soon() {
    within(SOON, || {
        let mut filter = ioctl(KILL, &[]);
        let operators: [fn(u8, u64) -> Comparison; 4] = [ne, lt, gt, le];
        for rule in 0..12u64 {
            let comparisons: Vec<Comparison> = (0..6u8)
                .map(|argument| {
                    let operator = operators[(rule as usize + usize::from(argument)) % 4];
                    operator(argument, ((rule % 3) << 32) | u64::from(argument))
                })
                .collect();
            add(&mut filter, ALLOW, "ioctl", &comparisons).expect("one action never conflicts");
        }
        program(&mut filter, Optimization::Priority);
        program(&mut filter, Optimization::Search);
    });
}

/// Each rule once copied and walked all that were there.
#[test]
fn many_rules_that_nest_end_soon() {
    within(SOON, || {
        let mut filter = ioctl(KILL, &[]);
        for value in 0..20_000 {
            let all = [0, 1, 2].map(|argument| eq(argument, value));
            // Each of them makes the one before it redundant.
            for first in 0..3 {
                add(&mut filter, ALLOW, "ioctl", &all[first..]).expect("taken");
            }
            // And these are redundant.
            add(&mut filter, ALLOW, "ioctl", &all[1..]).expect("taken");
        }
        assert_eq!(ioctl_decides(&mut filter, &[0, 0, 19_999]), ALLOW);
        assert_eq!(ioctl_decides(&mut filter, &[1, 1, 20_000]), KILL);
        // As many tests as with the last rules alone.
        let mut alone = ioctl(KILL, &[]);
        for value in 0..20_000 {
            add(&mut alone, ALLOW, "ioctl", &[eq(2, value)]).expect("taken");
        }
        assert_eq!(
            program(&mut filter, Optimization::Priority).instructions(),
            program(&mut alone, Optimization::Priority).instructions()
        );
    });
}

/// Each rule once copied and walked all that were there; the programs are too long.
#[test]
fn many_rules_with_mixed_orders_end_soon() {
    within(SOON, || {
        let mixed: [fn(u8, u64) -> Comparison; 3] = [eq, lt, ge];
        let orders: [fn(u8, u64) -> Comparison; 5] = [ne, lt, gt, le, ge];
        let mut draw = 1u64;
        for (operators, arguments, rules) in [(&mixed[..], 2, 20_000), (&orders[..], 6, 2500)] {
            let mut filter = ioctl(KILL, &[]);
            for _ in 0..rules {
                let comparisons = (0..arguments).map(|argument| {
                    draw = draw.wrapping_mul(6364136223846793005).wrapping_add(1);
                    let operator = operators[(draw >> 33) as usize % operators.len()];
                    operator(argument, draw >> 44)
                });
                let comparisons: Vec<Comparison> = comparisons.collect();
                add(&mut filter, ALLOW, "ioctl", &comparisons).expect("one action");
            }
            assert_eq!(filter.program().err(), Some(Error::ProgramTooLong));
        }
    });
}

/// The tests that no call reaches were counted, and the program was called too long.
#[test]
fn a_condition_that_always_holds_hides_any_number_of_rules() {
    within(SOON, || {
        let mut filter = filter_for(&[Arch::X86_64], KILL);
        for datum in 0..70_000 {
            add(&mut filter, ALLOW, "ioctl", &[eq(0, datum)]).expect("taken");
        }
        assert_eq!(filter.program().err(), Some(Error::ProgramTooLong));
        let always = "a1 >= 0".parse().unwrap();
        filter.rule_if(ERRNO, "ioctl", &always).expect("taken");
        for optimization in [Optimization::Priority, Optimization::Search] {
            filter.attributes_mut().optimization = optimization;
            assert!(filter.program().expect("short").instructions().len() < 16);
            assert_eq!(ioctl_decides(&mut filter, &[7]), ERRNO);
        }
    });
}

#[test]
fn rule_behind_many_leading_tests_is_added_soon() {
    // One add compared the whole level again for each node and each leading
    // test: minutes with 300 rules, for ever with two leading arguments more.
    within(SOON, || {
        let mut filter = ioctl(KILL, &[]);
        for rule in 0..2000u64 {
            add(&mut filter, ALLOW, "ioctl", &[eq(5, rule << 32)]).expect("taken");
        }
        let leading = (0..5u8).map(|argument| ne(argument, 7));
        let comparisons: Vec<Comparison> = leading.chain([eq(5, 9)]).collect();
        add(&mut filter, ALLOW, "ioctl", &comparisons).expect("taken");
        assert_eq!(ioctl_decides(&mut filter, &[0, 0, 0, 0, 0, 9]), ALLOW);
        assert_eq!(ioctl_decides(&mut filter, &[7, 0, 0, 0, 0, 9]), KILL);
    });
}

#[test]
fn text_of_prioritized_calls_at_level_2_ends() {
    // Calls that got a priority before a rule made the indentation negative.
    within(SOON, || {
        let mut filter = filter_for(&[Arch::X86_64], KILL);
        let known = |&number: &i32| Arch::native().syscall_name(number).is_some();
        let numbers: Vec<i32> = (0..).filter(known).take(40).collect();
        for &number in &numbers {
            filter.prioritize(number, 1).expect("known");
        }
        for &number in &numbers {
            let rule = filter.add_rule(ALLOW, number, &Comparisons::NONE, RuleMode::BestEffort);
            rule.expect("taken");
        }
        filter.attributes_mut().optimization = Optimization::Search;
        assert!(filter.pseudo_code().expect("text").len() < 10_000);
    });
}

/// The weight of a call is taken off its priority in 16 bits. More tests than
/// that set all bits that a caller may set, and they stay: as in the C library.
#[test]
fn more_tests_than_a_priority_holds_leave_their_mark() {
    let priority = |filter: &Filter| {
        let text = filter.pseudo_code().expect("text");
        let text = String::from_utf8(text).expect("ASCII");
        let (_, rest) = text
            .split_once("\"ioctl\" (16) [priority: ")
            .expect("shown");
        rest.split_once(']').expect("a number").0.to_string()
    };
    within(SOON, move || {
        let mut filter = filter_for(&[Arch::X86_64], KILL);
        for datum in 0..6000 {
            let all: Vec<_> = (0..6).map(|argument| eq(argument, datum)).collect();
            add(&mut filter, ALLOW, "ioctl", &all).expect("taken");
        }
        // 11 tests a rule, and the first high word for all of them.
        assert_eq!(priority(&filter), "-466");
        add(&mut filter, ALLOW, "ioctl", &[]).expect("taken");
        assert_eq!(priority(&filter), "-1");
    });
}
