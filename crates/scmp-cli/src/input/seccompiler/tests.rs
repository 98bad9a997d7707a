// SPDX-License-Identifier: LGPL-2.1-only

use super::*;
use crate::input::tests::{self, damage};

const FILE: &str = r#"{
  "vmm": {
    "default_action": {"errno": 9},
    "filter_action": "allow",
    "filter": [
      {"syscall": "read", "comment": "always"},
      {"syscall": "fcntl", "args": [
        {"index": 1, "type": "dword", "op": "eq", "val": 2, "comment": "F_SETFD"},
        {"index": 2, "type": "qword", "op": "gt", "val": 4294967296}]},
      {"syscall": "fcntl", "args": [
        {"index": 1, "type": "dword", "op": {"masked_eq": 12}, "val": 7}]},
      {"syscall": "madvise", "args": [{"index": 2, "type": "dword", "op": "le", "val": 4}]}
    ]
  },
  "vcpu": {"default_action": "allow", "filter_action": "trap", "filter": []}
}"#;

const ALLOW: u32 = 0x7fff_0000;
const DEFAULT: u32 = 0x0005_0009;

fn options(compiler: Compiler) -> Options {
    Options {
        category: None,
        compiler,
    }
}

fn verdict(subject: &Subject, call: &str, arguments: [u64; 3]) -> u32 {
    let machine = subject.machine.unwrap();
    let number = machine.syscall_number(call).unwrap() as u32;
    let [first, second, third] = arguments;
    of_arch(subject, machine, number, [first, second, third, 0, 0, 0])
}

fn of_arch(subject: &Subject, arch: Arch, number: u32, arguments: [u64; 6]) -> u32 {
    tests::verdict(&subject.programs[0], arch, number, arguments)
}

#[test]
fn one_of_a_calls_rules_must_match() {
    let input = read(
        "f",
        FILE,
        &[Arch::X86_64, Arch::Aarch64],
        &options(Compiler::Seccompiler),
    );
    let input = input.unwrap();
    let subjects: Vec<String> = input.subjects.iter().map(Subject::to_string).collect();
    let expected = [
        "vmm on x86_64",
        "vmm on aarch64",
        "vcpu on x86_64",
        "vcpu on aarch64",
    ];
    assert_eq!(subjects, expected);
    for subject in &input.subjects[..2] {
        let of = |call, arguments| verdict(subject, call, arguments);
        assert_eq!(of("read", [1, 2, 3]), ALLOW);
        assert_eq!(of("write", [1, 2, 3]), DEFAULT);
        let high = 1 << 32;
        let cases = [
            ([0, 2, high + 1], ALLOW),
            ([0, high | 2, high + 1], ALLOW),
            ([0, 2, high], DEFAULT),
            ([0, 4 | 1, 0], ALLOW),
            ([0, 8 | 4, 0], DEFAULT),
            ([0, high | 4, 0], ALLOW),
        ];
        for (arguments, right) in cases {
            assert_eq!(of("fcntl", arguments), right, "{arguments:x?}");
        }
        assert_eq!(of("madvise", [0, 0, high | 4]), ALLOW);
        assert_eq!(of("madvise", [0, 0, 5]), DEFAULT);
    }
    let foreign = of_arch(&input.subjects[0], Arch::X86, 0, [0; 6]);
    assert_eq!(foreign, 0x8000_0000);
    // No rule, so x32 gets the default.
    let x32 = of_arch(&input.subjects[0], Arch::X32, 0x4000_0000, [0; 6]);
    assert_eq!(x32, DEFAULT);
    let rules = input.subjects[0].rules.iter();
    let rules = rules.map(|rule| format!("{} {}", rule.place.in_file("f"), rule.condition));
    let expected = [
        "f:6:19 always",
        "f:7:19 (int)a1 == 2 && a2 > 4294967296",
        "f:10:19 (int)a1 & 0xc == 4",
        "f:12:19 (int)a2 <= 4",
    ];
    assert_eq!(rules.collect::<Vec<_>>(), expected);
}

#[test]
fn firecracker_compares_64_bits_of_most_dwords() {
    let input = read("f", FILE, &[Arch::X86_64], &options(Compiler::Firecracker)).unwrap();
    let of = |call, arguments| verdict(&input.subjects[0], call, arguments);
    let high = 1 << 32;
    assert_eq!(of("fcntl", [0, high | 2, high + 1]), ALLOW);
    assert_eq!(of("madvise", [0, 0, 4]), ALLOW);
    assert_eq!(of("madvise", [0, 0, high | 4]), DEFAULT);
    let foreign = of_arch(&input.subjects[0], Arch::X86, 0, [0; 6]);
    assert_eq!(foreign, 0);
    let places: Vec<_> = (input.notes.iter())
        .map(|note| note.place.as_ref().unwrap().in_file("f"))
        .collect();
    assert_eq!(places, ["f:12:75"]);
    // It compares all 64 bits of a mask.
    let masked = &input.subjects[0].rules[2];
    assert_eq!(masked.condition.to_string(), "a1 & 0xc == 4");
}

#[test]
fn a_rule_without_args_beside_others_is_lost() {
    let text = FILE.replace("madvise\", \"args\"", "read\", \"args\"");
    let input = read("f", &text, &[Arch::X86_64], &options(Compiler::Seccompiler)).unwrap();
    let of = |third| verdict(&input.subjects[0], "read", [0, 0, third]);
    assert_eq!([of(4), of(5)], [ALLOW, DEFAULT]);
    assert_eq!(input.notes.len(), 1);
    assert!(
        input.notes[0]
            .text
            .starts_with("seccompiler loses this rule: read")
    );
    let input = read("f", &text, &[Arch::X86_64], &options(Compiler::Firecracker)).unwrap();
    assert_eq!(verdict(&input.subjects[0], "read", [0, 0, 5]), ALLOW);
}

#[test]
fn a_category_is_chosen() {
    let mut options = options(Compiler::Seccompiler);
    options.category = Some("vcpu".to_string());
    let input = read("f", FILE, &[Arch::X86_64], &options).unwrap();
    let [subject] = &input.subjects[..] else {
        panic!()
    };
    assert_eq!(verdict(subject, "write", [0; 3]), ALLOW);
    options.category = Some("api".to_string());
    let why = read("f", FILE, &[], &options).unwrap_err();
    let expected = "f:1:1: no category \"api\": expected one of vmm, vcpu";
    assert_eq!(why.to_string(), expected);
}

#[test]
fn mistakes_name_their_place_and_what_was_expected() {
    let one = |rule: &str| {
        format!(
            "{{\"a\":{{\"mismatch_action\":\"trap\",\"match_action\":\"log\",\"filter\":[\n{rule}]}}}}"
        )
    };
    let arg = |arg: &str| one(&format!("{{\"syscall\":\"read\",\"args\":[\n{arg}]}}"));
    let both = [Compiler::Seccompiler, Compiler::Firecracker];
    let seccompiler = &both[..1];
    let cases = [
        (
            "[]".to_string(),
            &both[..],
            "f:1:1: an array: expected an object",
        ),
        ("{}".to_string(), &both, "f:1:1: no categories of threads"),
        (
            "{\"a\": {}}".to_string(),
            &both,
            "f:1:7: \"default_action\" is missing",
        ),
        (
            "{\"a\": 1, \"a\": 2}".to_string(),
            &both,
            "f:1:10: \"a\" is given twice",
        ),
        (one("{}"), seccompiler, "f:2:1: \"syscall\" is missing"),
        (
            one("{\"syscall\": \"raed\"}"),
            seccompiler,
            "f:2:13: raed: seccompiler refuses the file: x86_64 has no such system call",
        ),
        (
            one("{\"syscall\": \"read\", \"x\": 1}"),
            seccompiler,
            "f:2:21: \"x\" is unknown",
        ),
        (
            one("{\"syscall\": \"read\", \"args\": []}"),
            seccompiler,
            "f:2:29: seccompiler",
        ),
        (
            arg("{\"index\": 6}"),
            seccompiler,
            "f:3:11: 6: expected an argument, 0 to 5",
        ),
        (
            arg("{\"index\": 5, \"val\": 1, \"type\": \"word\"}"),
            seccompiler,
            "f:3:32: \"word\": expected \"dword\" or \"qword\"",
        ),
        (
            arg("{\"index\": 5, \"val\": 1, \"type\": \"dword\", \"op\": \"in\"}"),
            seccompiler,
            "f:3:47: \"in\": expected \"eq\", \"ne\",",
        ),
        (
            arg("{\"index\": 5, \"val\": 1, \"type\": \"dword\", \"op\": {\"eq\": 1}}"),
            seccompiler,
            "f:3:47: an object: expected \"eq\", \"ne\",",
        ),
        (
            FILE.replace("\"trap\"", "\"allow\""),
            seccompiler,
            "f:15:3: both actions are the same",
        ),
        (
            FILE.replace("\"trap\"", "\"no\""),
            &both,
            "f:15:56: \"no\": expected \"allow\",",
        ),
        (
            FILE.replace("\"trap\"", "{\"errno\": 1, \"trace\": 1}"),
            &both,
            "f:15:56: an object: expected \"allow\",",
        ),
    ];
    for (text, compilers, expected) in cases {
        for &compiler in compilers {
            let why = read("f", &text, &[Arch::X86_64], &options(compiler)).unwrap_err();
            assert!(
                why.to_string().starts_with(expected),
                "{text}\n{why}\nexpected {expected}"
            );
        }
    }
    let why = read("f", FILE, &[Arch::S390x], &options(Compiler::Seccompiler)).unwrap_err();
    assert_eq!(
        why.to_string(),
        "f:1:1: seccompiler makes no filters for s390x"
    );
}

#[test]
fn damaged_texts_are_mistakes_with_places() {
    for compiler in [Compiler::Seccompiler, Compiler::Firecracker] {
        let options = options(compiler);
        damage(FILE, 3, |text| read("f", text, &[Arch::X86_64], &options));
    }
}

// `why` looks for the rules with the value that the kernel takes.
#[test]
fn rules_have_the_error_that_the_kernel_takes() {
    let text = r#"{"main": {"default_action": "allow", "filter_action": {"errno": 5000},
        "filter": [{"syscall": "read"}]}}"#;
    let options = options(Compiler::Seccompiler);
    let input = read("large", text, &[Arch::X86_64], &options).unwrap();
    let subject = &input.subjects[0];
    assert_eq!(verdict(subject, "read", [0; 3]), 0x0005_0000 | 5000);
    assert_eq!(subject.rules[0].action, 0x0005_0fff);
}

#[test]
fn categories_are_limited() {
    let file = |count: usize| {
        let category = r#"{"mismatch_action":"trap","match_action":"allow","filter":[]}"#;
        let all = (0..count).map(|at| format!("\"t{at}\":{category}"));
        format!("{{{}}}", all.collect::<Vec<_>>().join(","))
    };
    let options = options(Compiler::Seccompiler);
    let read = |count| read("f", &file(count), &[Arch::X86_64], &options);
    assert_eq!(read(256).unwrap().subjects.len(), 256);
    let Err(Failure::Input(why)) = read(257) else {
        panic!("257 categories are read");
    };
    assert!(why.contains("more than 256 categories"), "{why}");
}
