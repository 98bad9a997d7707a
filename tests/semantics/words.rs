// SPDX-License-Identifier: LGPL-2.1-only
//! Word sizes and byte orders.

use super::*;

#[test]
fn halves_lie_where_the_byte_order_puts_them() {
    // struct seccomp_data: argument 0 is at 16; the interpreter of this
    // library must not be the only one to say which half that is.
    for (arch, high, first) in [
        (Arch::X86_64, 20, [0x20, 0, 0, 0, 4, 0, 0, 0]),
        (Arch::S390x, 16, [0, 0x20, 0, 0, 0, 0, 0, 4]),
    ] {
        let mut filter = filter_for(&[arch], KILL);
        add(&mut filter, ALLOW, "ioctl", &[eq(0, 0x7777_0000_0000)]).expect("taken");
        let program = program(&mut filter, Optimization::Priority);
        assert_eq!(program.to_bytes().expect("bytes")[..8], first);
        let instructions = program.instructions();
        let test = instructions.iter().position(|test| test.k == 0x7777);
        let load = instructions[test.expect("the high half is tested") - 1];
        assert_eq!(
            (load.code, load.k),
            (scmp::bpf::op::LOAD, high),
            "{}",
            arch.name()
        );
    }
}

/// A list of values is the same bytes as a rule for each of them.
#[test]
fn a_list_has_the_bytes_of_its_values_at_level_1() {
    for (set, values) in [
        ("a1 in {1, 3, 7}", vec![1, 3, 7]),
        ("a1 in {0}", vec![0]),
        (
            "a1 in {5, 0x100000005, 0x10000000f, 0xffffffffffffffff}",
            vec![5, 0x1_0000_0005, 0x1_0000_000f, u64::MAX],
        ),
    ] {
        let mut one = filter_for(&[Arch::X86_64], KILL);
        one.rule_if(Action::Allow, "ioctl", &set.parse().unwrap())
            .unwrap();
        let mut several = filter_for(&[Arch::X86_64], KILL);
        for value in values {
            let equal = Comparison::new(1, Operator::Equal, value).unwrap();
            several.rule(Action::Allow, "ioctl", [equal]).unwrap();
        }
        assert_eq!(one.program().unwrap(), several.program().unwrap(), "{set}");
    }
}

#[test]
fn text_shows_masks_and_ranges_of_a_set() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    let condition = "a1 & 1 == 0 && a1 & 0xf0 != 0x20 && a1 in {2..=9, 99} && (int)a2 < 3";
    let condition = condition.parse().unwrap();
    filter.rule_if(Action::Allow, "ioctl", &condition).unwrap();
    let text = String::from_utf8(filter.pseudo_code().unwrap()).unwrap();
    let rule = "
    if ($a1 & 0x0000000000000001 == 0 &&
        $a1 & 0x00000000000000f0 != 32 &&
        $a1 in {
        2..=9
        99
    })
      if ((int)$a2 in {
          0..=2
      })
        action ALLOW;
";
    assert!(text.contains(rule), "{text}");
}

/// A range of 1000 values is a test or two, where a rule for each value is one test or more.
#[test]
fn a_range_is_short() {
    let mut range = filter_for(&[Arch::X86_64], KILL);
    range
        .rule_if(
            Action::Allow,
            "ioctl",
            &"a1 in 1000..=1999".parse().unwrap(),
        )
        .unwrap();
    let mut rules = filter_for(&[Arch::X86_64], KILL);
    for value in 1000..2000 {
        let equal = Comparison::new(1, Operator::Equal, value).unwrap();
        rules.rule(Action::Allow, "ioctl", [equal]).unwrap();
    }
    // The program without the rule: 6 instructions and two returns.
    let length = |filter: &mut Filter| filter.program().unwrap().instructions().len() - 8;
    assert!(
        length(&mut range) * 100 < length(&mut rules),
        "{} {}",
        length(&mut range),
        length(&mut rules)
    );
}
