// SPDX-License-Identifier: LGPL-2.1-only

use scmp::bpf::{Instruction, MAX_INSTRUCTIONS};

use super::*;
use crate::random::Random;

/// Every operation that the kernel takes from seccomp, with fields of the kind that it has.
const OPERATIONS: [u16; 44] = [
    0x00, 0x01, 0x20, 0x60, 0x61, 0x80, 0x81, 0x02, 0x03, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34,
    0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0xa4, 0xac, 0x05, 0x15, 0x1d, 0x25,
    0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x06, 0x16, 0x07, 0x87, 0x94, 0x9c, 0x0e,
];

fn constant(random: &mut Random) -> u32 {
    let action = random.pick(&ACTIONS).0;
    match random.below(4) {
        0 => random.word() as u32,
        1 => random.below(64) as u32,
        2 => action | random.below(300) as u32,
        _ => action,
    }
}

/// Any fields.
fn instruction(random: &mut Random) -> Instruction {
    let code = match random.below(4) {
        0 => random.word() as u16,
        1 => random.word() as u16 & 0xff,
        _ => random.pick(&OPERATIONS),
    };
    Instruction::new(
        code,
        [random.word() as u8, random.word() as u8],
        constant(random),
    )
}

/// A program in which only fields that have a meaning are not 0.
fn plain_program(random: &mut Random) -> Vec<Instruction> {
    let length = random.between(1, 40);
    let fields = |at: usize| {
        let code = random.pick(&OPERATIONS);
        let following = length - at;
        let is_jump = code & code::CLASS == code::JMP;
        let branches = is_jump && code & code::OPERATION != code::JA;
        let jumps = [(); 2].map(|()| match branches {
            true => random.below(following) as u8,
            false => 0,
        });
        let shows_no_k = matches!(code, 0x80 | 0x81 | 0x07 | 0x87 | 0x16 | 0x0e)
            || matches!(code & code::CLASS, code::ALU | code::JMP) && code & code::X != 0;
        let k = match code {
            _ if shows_no_k => 0,
            0x05 => random.below(following) as u32,
            // Data of an action that does not show them.
            0x06 => match constant(random) {
                k if action(k).is_some_and(|text| !text.contains('(')) => k & 0xffff_0000,
                k => k,
            },
            _ => constant(random),
        };
        Instruction::new(code, jumps, k)
    };
    (0..length).map(fields).collect()
}

fn listing(program: &[Instruction]) -> String {
    let mut text = Vec::new();
    write_listing(&mut text, program.iter().copied()).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn what_is_written_is_read_as_the_same() {
    let mut random = Random::new(1);
    for _ in 0..500 {
        let length = random.below(60);
        let program: Vec<Instruction> = (0..length).map(|_| instruction(&mut random)).collect();
        assert_eq!(parse(&listing(&program)), Ok(program));
    }
}

#[test]
fn columns_and_places_may_be_missing() {
    let mut random = Random::new(2);
    for _ in 0..500 {
        let program = plain_program(&mut random);
        let text = listing(&program);
        let lines = || text.lines().skip(2);
        let without = |start: usize, end: usize| -> String {
            let cut = lines().map(|line| format!("{}{}\n", &line[..start], &line[end..]));
            cut.collect()
        };
        for text in [without(0, 7), without(7, 35), without(0, 35)] {
            assert_eq!(parse(&text), Ok(program.clone()), "{text}");
        }
        let columns: String = lines().map(|line| format!("{}\n", &line[..32])).collect();
        assert_eq!(parse(&columns), Ok(program));
    }
}

#[test]
fn text_of_the_c_library_is_read() {
    let text = "
        0000: 0x1d 0x01 0x00 0x00000005   jeq 5    true:0002 false:0001
        0001: 0x0c 0x00 0x00 0x00000007   add 7
        0002: 0x06 0x00 0x00 0x7fc00000   ret 0x7fc00000";
    let codes: Vec<u16> = parse(text).unwrap().iter().map(|each| each.code).collect();
    assert_eq!(codes, [0x1d, 0x0c, 0x06]);
}

#[test]
fn mistakes_name_their_place() {
    for (text, place, what) in [
        ("foo", "1:1", "expected an operation"),
        ("ret ALLOW\n  ???", "2:3", "expected an operation"),
        ("ret ALLOWED", "1:5", "expected an action"),
        ("ret", "1:4", "expected an action"),
        ("ret ERRNO(65536)", "1:11", "expected data from 0 to 65535"),
        ("ret ERRNO 1", "1:11", "expected `(`"),
        ("ret LOG é", "1:9", "expected the end of the line"),
        ("é ld 1", "1:1", "expected an operation"),
        ("ld $data[4", "1:11", "expected `]`"),
        (
            "ld $data[-4]",
            "1:10",
            "expected a number from 0 to 4294967295",
        ),
        (
            "ld 4294967296",
            "1:4",
            "expected a number from 0 to 4294967295",
        ),
        ("jeq 1 true:1", "1:13", "expected `false:`"),
        (
            "jeq 1 true:1 false:257",
            "1:20",
            "expected a place from 1 to 256",
        ),
        ("jmp 0", "1:5", "expected a place from 1 to 4294967295"),
        (
            "0001: ret LOG",
            "1:1",
            "expected the place of the instruction from 0 to 0",
        ),
        ("0x10000 0 0 0", "1:1", "expected a code from 0 to 65535"),
        ("0x6 256 0 0", "1:5", "expected a jump from 0 to 255"),
        ("0x6 0 0", "1:8", "expected a number from 0 to 4294967295"),
        ("0x6 0 0 0 ret LOG", "1:11", "the columns mean `ret KILL`"),
        ("0x7 0 0 0 txa", "1:11", "the columns mean `tax`"),
        (
            "0x6 0 0 0 ret KILL KILL",
            "1:20",
            "expected the end of the line",
        ),
    ] {
        let mistake = parse(text).unwrap_err();
        assert_eq!(mistake.to_string(), format!("{place}: {what}"), "{text}");
    }
}

#[test]
fn a_text_may_not_be_too_long() {
    let lines = "tax\n".repeat(MAX_INSTRUCTIONS);
    assert_eq!(
        parse(&format!("{lines}\n# the end")).map(|read| read.len()),
        Ok(MAX_INSTRUCTIONS)
    );
    let mistake = parse(&format!("{lines}txa")).unwrap_err();
    assert_eq!((mistake.line, mistake.column), (MAX_INSTRUCTIONS + 1, 4));
}

/// Damaged texts get an answer or an error.
#[test]
fn any_text_is_read_without_a_panic() {
    let mut random = Random::new(3);
    let mut refused = 0;
    for _ in 0..2000 {
        let program = plain_program(&mut random);
        let mut text: Vec<char> = listing(&program).chars().collect();
        for _ in 0..1 + random.below(4) {
            let at = random.below(text.len());
            let put = random.pick(&['é', '$', '0', ' ', '\n', 'x', '[', '\u{2028}']);
            match random.below(3) {
                0 => text[at] = put,
                1 => text.truncate(at + 1),
                _ => text.insert(at, put),
            }
        }
        refused += usize::from(parse(&text.iter().collect::<String>()).is_err());
    }
    assert!(refused > 400);
}
