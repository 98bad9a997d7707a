// SPDX-License-Identifier: LGPL-2.1-only
use super::*;
use crate::interpreter::tests::{call, program};
use crate::profile::Profile;
use crate::random::Random;
use scmp::Arch;

/// What a profile decides for a call of an architecture.
fn decided(analysis: &mut Analysis, text: &str, arch: Arch, call: &str) -> Function {
    let mut built = Profile::parse(text).unwrap().build().unwrap();
    let program = built.filter.program().unwrap();
    let all = analysis.of_program(program).unwrap();
    let token = arch.audit_token().into();
    let here = analysis.fix(all, Field::Architecture, token).unwrap();
    let number = arch.syscall_number(call).unwrap() as u64;
    analysis.fix(here, Field::Number, number).unwrap()
}

/// The disjunction of terms.
fn any(analysis: &mut Analysis, terms: &[Term]) -> Function {
    let yes = analysis.constant(1).unwrap();
    let mut all = analysis.constant(0).unwrap();
    for term in terms {
        let here = analysis.of_term(term).unwrap();
        all = analysis.choose(here, yes, all).unwrap();
    }
    all
}

/// The condition under which a value is allowed, as text.
fn allowed(text: &str, arch: Arch, call: &str) -> Vec<String> {
    let mut analysis = Analysis::new();
    let decided = decided(&mut analysis, text, arch, call);
    let allowed = analysis.where_value(decided, 0x7fff_0000).unwrap();
    let terms = analysis.terms(allowed).unwrap();
    assert_eq!(any(&mut analysis, &terms), allowed);
    let show = |analysis: &mut Analysis, term: &Term| {
        let tests = term.tests.iter().map(|set| {
            let described = analysis.describe(*set).unwrap();
            assert_member(analysis, *set, &described);
            let not = if described.negated { "not " } else { "" };
            let low = if described.width == WordSize::Bits32 {
                "low "
            } else {
                ""
            };
            let parts: Vec<String> = described
                .parts
                .iter()
                .map(|part| match part {
                    Part::Range(first, last) if first == last => format!("{first:#x}"),
                    Part::Range(first, last) => format!("{first:#x}..{last:#x}"),
                    Part::Masked { mask, value } => format!("&{mask:#x}={value:#x}"),
                })
                .collect();
            format!("{:?} {not}{low}{}", set.field(), parts.join(","))
        });
        tests.collect::<Vec<_>>().join("; ")
    };
    terms.iter().map(|term| show(&mut analysis, term)).collect()
}

/// A description has the same values as its set.
fn assert_member(analysis: &mut Analysis, set: ValueSet, described: &Described) {
    let [yes, no] = [1, 0].map(|value| analysis.constant(value).unwrap());
    let mut union = no;
    let (field, width) = (set.field(), described.width);
    for part in &described.parts {
        let here = match *part {
            Part::Range(first, last) => {
                let order = Order::GreaterOrEqual;
                let from = analysis.compare(field, width, u64::MAX, order, first);
                let after = analysis.compare(field, width, u64::MAX, Order::Greater, last);
                let after = after.unwrap();
                let to = analysis.choose(after, no, from.unwrap());
                to.unwrap()
            }
            Part::Masked { mask, value } => analysis
                .compare(field, width, mask, Order::Equal, value)
                .unwrap(),
        };
        union = analysis.choose(here, yes, union).unwrap();
    }
    if described.negated {
        union = analysis.choose(union, no, yes).unwrap();
    }
    assert_eq!(union.0, set.node);
}

#[test]
fn conditions_are_short() {
    let of = |rule: &str, call| {
        let text = format!("default errno 1\nallow {rule}");
        allowed(&text, Arch::X86_64, call)
    };
    assert_eq!(of("read", "read"), [""]);
    assert_eq!(of("read", "write"), [] as [String; 0]);
    assert_eq!(of("read(a0 == 3)", "read"), ["Argument(0) 0x3"]);
    assert_eq!(of("read(a0 != 3)", "read"), ["Argument(0) not 0x3"]);
    let clone = of("clone(a0 & 0x7e020000 == 0)", "clone");
    assert_eq!(clone, ["Argument(0) low &0x7e020000=0x0"]);
    let low = of("read(a2 & 0xffffffff == 9)", "read");
    assert_eq!(low, ["Argument(2) low 0x9"]);
    let range = of("read(a1 >= 2, a2 < 9)", "read");
    assert_eq!(
        range,
        ["Argument(1) 0x2..0xffffffffffffffff; Argument(2) 0x0..0x8"]
    );
    // Neither condition needs the other's complement.
    let either = of("read(a0 == 1) read(a1 == 2)", "read");
    assert_eq!(either, ["Argument(1) 0x2", "Argument(0) 0x1"]);
    let values = of("personality(a0 == 0) personality(a0 == 8)", "personality");
    assert_eq!(values, ["Argument(0) 0x0,0x8"]);
}

#[test]
fn numbers_are_split_by_what_they_do() {
    let mut analysis = Analysis::new();
    let text = "default errno 1\nallow read write close\nlog open(a1 == 2)";
    let mut built = Profile::parse(text).unwrap().build().unwrap();
    let all = analysis
        .of_program(built.filter.program().unwrap())
        .unwrap();
    let architectures = analysis.split(all, Field::Architecture).unwrap();
    assert_eq!(architectures.len(), 2);
    let token = Arch::X86_64.audit_token().into();
    let here = analysis.fix(all, Field::Architecture, token).unwrap();
    let parts = analysis.split(here, Field::Number).unwrap();
    let mut seen = Vec::new();
    for (numbers, decided) in parts {
        let ranges = analysis.ranges(numbers, 100).unwrap();
        seen.push((ranges, analysis.constant_value(decided)));
    }
    // Number -1 is a call that a tracer has skipped.
    let expected = [
        (vec![0..=1, 3..=3], Some(0x7fff_0000)),
        (vec![2..=2], None),
        (
            vec![4..=0x3fff_ffff, 0xffff_ffff..=0xffff_ffff],
            Some(0x0005_0001),
        ),
        (vec![0x4000_0000..=0xffff_fffe], Some(0)),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn what_is_too_wide_is_given_up() {
    let mut analysis = Analysis::new();
    let (number, equal) = (Field::Number, Order::Equal);
    let odd = analysis
        .compare(number, WordSize::Bits64, 1, equal, 1)
        .unwrap();
    let [_, (set, _)] = analysis.split(odd, number).unwrap()[..] else {
        panic!("two sides");
    };
    assert_eq!(analysis.ranges(set, 1000), Err(Unanswered::GaveUp));
    let described = analysis.describe(set).unwrap();
    assert_eq!(described.parts, [Part::Masked { mask: 1, value: 1 }]);
    // The architecture comes before the number.
    let token = analysis
        .compare(Field::Architecture, WordSize::Bits64, !0, equal, 7)
        .unwrap();
    let both = analysis.choose(token, odd, token).unwrap();
    assert_eq!(analysis.split(both, number), Err(Unanswered::GaveUp));
}

/// Regression: sets of more than 256 masks were given up, whatever they cost.
#[test]
fn sets_of_many_masks_are_described() {
    let ranges: Vec<String> = (1..=6_u64)
        .map(|index| {
            let first = index.wrapping_mul(0x2aaa_aaaa_aaaa_aaab) >> 2 | index << 59;
            format!("{first}..={}", first + 0x0155_5555_5555_5557)
        })
        .collect();
    let masks = [
        0x8000_0400_0010_0000_u64,
        0x0410_0000_8000_0010,
        0x0000_4000_0400_2001,
    ];
    let masks = masks.map(|mask| format!("a0 & {mask} != {}", mask & 0x0fff_0000_ffff_0000));
    let (ranges, masks) = (ranges.join(", "), masks.join(" && "));
    let text = format!("default errno 1\nallow read(a0 in {{{ranges}}} && {masks})");
    let mut analysis = Analysis::new();
    let decided = decided(&mut analysis, &text, Arch::X86_64, "read");
    let wanted = analysis.where_value(decided, 0x7fff_0000).unwrap();
    let terms = analysis.terms(wanted).unwrap();
    let set = terms[0].tests[0];
    let described = analysis.describe(set).unwrap();
    assert!(described.parts.len() > 256, "{}", described.parts.len());
    assert_member(&mut analysis, set, &described);
}

#[test]
fn byte_orders_decide_alike() {
    let mut analysis = Analysis::new();
    let rules = "default errno 1\nallow read(a0 > 0x1200000003, a1 != 5)";
    let of = |analysis: &mut Analysis, arch: Arch| {
        let text = format!("arch {}\n{rules}", arch.name());
        decided(analysis, &text, arch, "read")
    };
    let little = of(&mut analysis, Arch::X86_64);
    let big = of(&mut analysis, Arch::S390x);
    assert_eq!(little, big);
    assert_eq!(analysis.difference(little, big), None);
    let other = analysis.constant(0x0005_0001).unwrap();
    let input = analysis.difference(little, other).unwrap();
    assert!(input.arguments[0] > 0x12_0000_0003 && input.arguments[1] != 5);
    assert_eq!(analysis.value(little, &input), 0x7fff_0000);
}

/// Rules drawn at random: the terms are the condition, and each of them is needed.
#[test]
fn terms_cover_exactly() {
    let mut random = Random::new(1);
    for _ in 0..300 {
        let mut text = "default errno 1\nallow ".to_string();
        for _ in 0..random.between(1, 4) {
            let mut tests = Vec::new();
            for argument in 0..3 {
                let datum = random.pick(&[0, 1, 2, 3, 0x1_0000_0000, 0xffff_ffff]);
                match random.below(6) {
                    0 => {
                        let operator = random.pick(&["==", "!=", "<", "<=", ">", ">="]);
                        tests.push(format!("a{argument} {operator} {datum}"));
                    }
                    1 => {
                        let mask = random.pick(&[1, 3, 6, 0x1_0000_0001_u64]);
                        tests.push(format!("a{argument} & {mask} == {}", datum & mask));
                    }
                    _ => {}
                }
            }
            text += &match tests.is_empty() {
                true => "read ".to_string(),
                false => format!("read({}) ", tests.join(", ")),
            };
        }
        let mut analysis = Analysis::new();
        let decided = decided(&mut analysis, &text, Arch::X86_64, "read");
        let wanted = analysis.where_value(decided, 0x7fff_0000).unwrap();
        let terms = analysis.terms(wanted).unwrap();
        assert_eq!(any(&mut analysis, &terms), wanted, "{text}");
        for set in terms.iter().flat_map(|term| &term.tests) {
            let described = analysis.describe(*set).unwrap();
            assert_member(&mut analysis, *set, &described);
        }
        assert!(terms.len() <= 6, "{text}: {}", terms.len());
        assert_needed(&mut analysis, &terms, wanted, &text);
    }
}

/// Without any of its terms, a condition is another one.
fn assert_needed(analysis: &mut Analysis, terms: &[Term], condition: Function, text: &str) {
    for left_out in 0..terms.len() {
        let mut others = terms.to_vec();
        others.remove(left_out);
        let others = any(analysis, &others);
        assert_ne!(others, condition, "{text}: {left_out}");
    }
}

// The term that was found first is covered by those that follow.
#[test]
fn terms_are_not_superfluous() {
    let mut random = Random::new(7);
    let mut analysis = Analysis::new();
    let [yes, no] = [1, 0].map(|value| analysis.constant(value).unwrap());
    for _ in 0..300 {
        // Some products of sets of small values.
        let mut condition = no;
        for _ in 0..5 {
            let mut product = yes;
            for argument in 0..3 {
                let mut set = no;
                for value in 0..4 {
                    let field = Field::Argument(argument);
                    let order = Order::Equal;
                    let here = analysis.compare(field, WordSize::Bits32, 3, order, value);
                    if random.chance(50) {
                        set = analysis.choose(here.unwrap(), yes, set).unwrap();
                    }
                }
                product = analysis.choose(set, product, no).unwrap();
            }
            condition = analysis.choose(product, yes, condition).unwrap();
        }
        let terms = analysis.terms(condition).unwrap();
        assert_eq!(any(&mut analysis, &terms), condition);
        assert_needed(&mut analysis, &terms, condition, "products");
    }
}

// Lists of parts took memory without a bound.
#[test]
fn parts_are_bounded() {
    /// The low bits of the number, from this one on.
    fn low_bits(analysis: &mut Analysis, bit: Bit, before: u32) -> Node {
        if bit == Field::Number.places().end {
            return analysis.diagrams.constant(before).unwrap();
        }
        let [low, high] = [0, 1].map(|value| low_bits(analysis, bit + 1, before << 1 | value));
        analysis.diagrams.test(bit, low, high).unwrap()
    }
    let parts = |bits: Bit| {
        let mut analysis = Analysis::new();
        let first = Field::Number.places().end - bits;
        let function = Function(low_bits(&mut analysis, first, 0));
        let parts = analysis.split(function, Field::Number)?;
        Ok(parts.len())
    };
    assert_eq!(parts(12), Ok(1 << 12));
    assert_eq!(parts(17), Err(Unanswered::GaveUp));
}

// Data of kill-thread was a difference.
#[test]
fn ignored_data_is_no_difference() {
    use crate::op;
    let mut analysis = Analysis::new();
    let mut of = |value: u32| {
        analysis
            .of_stack(&[program(&[(op::RETURN, 0, 0, value)])])
            .unwrap()
    };
    for (one, other) in [
        (0x8000_0000, 0x8000_0009),
        (0, 9),
        (0x7ffc_0000, 0x7ffc_0009),
        (0x7fc0_0000, 0x7fc0_0009),
        (0x0005_0fff, 0x0005_ffff),
    ] {
        assert_eq!(of(one), of(other), "{one:#x}");
    }
    for (one, other) in [
        (0x0003_0000, 0x0003_0009),
        (0x7ff0_0000, 0x7ff0_0009),
        (0x0005_0001, 0x0005_0002),
    ] {
        assert_ne!(of(one), of(other), "{one:#x}");
    }
}

#[test]
fn the_strictest_of_a_stack_decides() {
    let mut analysis = Analysis::new();
    let program = |text: &str| {
        let mut built = Profile::parse(text).unwrap().build().unwrap();
        built.filter.program().unwrap().clone()
    };
    let old = program("default errno 1\nallow read write\nlog close");
    let new = program("default errno 2\nkill-process read\nallow write close");
    let stack = analysis.of_stack(&[old, new]).unwrap();
    let value = |name: &str| {
        let number = Arch::X86_64.syscall_number(name).unwrap();
        analysis.value(stack, &call(number as u32, [0; 6]))
    };
    let expected = [
        ("read", 0x8000_0000),
        ("write", 0x7fff_0000),
        ("close", 0x7ffc_0000),
        ("open", 0x0005_0002),
    ];
    for (call, expected) in expected {
        assert_eq!(value(call), expected, "{call}");
    }
}

// The sixth argument and the instruction pointer were taken for each other.
#[test]
fn a_field_is_the_one_that_is_compared() {
    let mut analysis = Analysis::new();
    for field in Field::ALL {
        let value = 1 << (field.bits() - 1);
        let (width, order) = (WordSize::Bits64, Order::Equal);
        let here = analysis.compare(field, width, u64::MAX, order, value);
        let here = here.unwrap();
        for other in Field::ALL {
            let depends = analysis.depends_on(here, other).unwrap();
            assert_eq!(depends, other == field, "{field:?} {other:?}");
        }
        let fixed = analysis.fix(here, field, value).unwrap();
        assert_eq!(analysis.constant_value(fixed), Some(1), "{field:?}");
    }
}

// The set's field was not equal to argument 5, whose values it has.
#[test]
fn arguments_beyond_the_last_are_the_last() {
    let mut analysis = Analysis::new();
    let (width, equal) = (WordSize::Bits64, Order::Equal);
    let beyond = Field::Argument(9);
    let condition = analysis.compare(beyond, width, u64::MAX, equal, 1).unwrap();
    let last = Field::Argument(5);
    let parts = analysis.split(condition, last).unwrap();
    assert_eq!(analysis.split(condition, beyond).unwrap(), parts);
    assert!(parts.iter().all(|(set, _)| set.field() == last));
}
