// SPDX-License-Identifier: LGPL-2.1-only
//! Random profiles.

use crate::programs::random::Random;

const ACTIONS: [&str; 10] = [
    "allow",
    "log",
    "notify",
    "trace 7",
    "errno 1",
    "errno 38",
    // MIPS has its own name for it.
    "errno 89",
    "trap 3",
    "kill-thread",
    "kill-process",
];

const NAMES: [&str; 14] = [
    "read",
    "write",
    "close",
    "openat",
    "socket",
    "clone",
    "ioctl",
    "personality",
    "prctl",
    "mount",
    "socketcall",
    "shmget",
    "arch_prctl",
    "io_uring_setup",
];

/// Architectures of one byte order.
const ARCHES: [&str; 7] = [
    "x86_64",
    "x86_64 x86",
    "x86_64 x86 x32",
    "x32",
    "aarch64 arm x86_64",
    "mipsel mipsel64 mipsel64n32",
    "s390x s390",
];

/// A profile, and one that differs in a few lines.
pub fn pair(random: &mut Random) -> [String; 2] {
    let mut lines = vec![
        format!("default {}", random.pick(&ACTIONS)),
        format!("foreign {}", random.pick(&ACTIONS)),
        format!("arch {}", random.pick(&ARCHES)),
    ];
    for _ in 0..random.between(2, 8) {
        lines.push(rule(random));
    }
    let mut changed = lines.clone();
    for _ in 0..random.between(0, 2) {
        match random.below(10) {
            0 => changed[0] = format!("default {}", random.pick(&ACTIONS)),
            1 => changed[1] = format!("foreign {}", random.pick(&ACTIONS)),
            // Both must have one byte order.
            2 if !lines[2].contains("s390x") => changed[2] = "arch x86_64 x86".to_string(),
            3 => changed.push(rule(random)),
            _ => {
                let place = random.between(3, changed.len() - 1);
                changed[place] = rule(random);
            }
        }
    }
    [lines, changed].map(|lines| lines.join("\n") + "\n")
}

fn rule(random: &mut Random) -> String {
    let action = random.pick(&ACTIONS);
    let calls = (0..random.between(1, 3)).map(|_| {
        let name = random.pick(&NAMES);
        // Each argument once.
        let mut tests = Vec::new();
        for argument in 0..4 {
            if random.chance(30) {
                tests.push(test(random, argument));
            }
        }
        match tests.is_empty() {
            true => name.to_string(),
            false => format!("{name}({})", tests.join(", ")),
        }
    });
    let calls: Vec<String> = calls.collect();
    format!("{action} {}", calls.join(" "))
}

fn test(random: &mut Random, argument: usize) -> String {
    let data = [0, 1, 2, 5, 16, 0xffff_ffff, 0x1_0000_0000, 0x2_0000_0005];
    let datum = random.pick(&data);
    if random.chance(30) {
        let mask = random.pick(&[1, 3, 0xf, 0x7e02_0000, 0x1_0000_0001, 0xffff_ffff_u64]);
        return format!("a{argument} & {mask:#x} == {:#x}", datum & mask);
    }
    let operator = random.pick(&["==", "==", "!=", "<", "<=", ">", ">="]);
    format!("a{argument} {operator} {datum:#x}")
}
