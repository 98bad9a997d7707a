// SPDX-License-Identifier: LGPL-2.1-only
//! What depends on the kernel: loading, and calls under a filter. Each in a child of its
//! own, because a filter stays.

use std::time::Instant;

use scmp::bpf::{INSTRUCTION_SIZE, Instruction, op};
use scmp::{Action, Endian};

use crate::case::Case;
use crate::library::Library;
use crate::player::{Player, compile};
use crate::process;
use crate::turns::{self, Side, since};

/// The library and the level of each.
const SIDES: [(&str, usize, u32); 4] = [
    ("c-1", 0, 1),
    ("ours-1", 1, 1),
    ("c-2", 0, 2),
    ("ours-2", 1, 2),
];

const CALLS: u32 = 20_000;

pub fn measure_load(libraries: &[Library; 2], case: &Case) {
    let load = SIDES.map(|(name, at, level)| {
        Side::new(name, move || {
            let library = &libraries[at];
            let mut player = Player::new(library, case, level);
            let filter = player.filter(true);
            assert_eq!(player.generate(filter), 0, "{}: no program", case.name);
            move |columns| {
                columns.copy_from_slice(&process::once(0, 1, |took| {
                    let began = Instant::now();
                    let result = (library.load)(filter);
                    took[0] = since(began);
                    assert_eq!(result, 0, "the filter can't be loaded");
                }));
            }
        })
    });
    turns::take("kernel", &case.name, &["load"], (15, 0), &load);

    let allow = Instruction::new(op::RETURN, [0, 0], Action::Allow.to_raw());
    let mut programs = compiled(libraries, case);
    programs.push(("floor", allow.to_bytes(Endian::HOST).to_vec()));
    let install = programs.iter().map(|(name, program)| {
        in_children(name, |took| {
            let began = Instant::now();
            install(program);
            took[0] = since(began);
        })
    });
    let install: Vec<Side> = install.collect();
    turns::take("kernel", &case.name, &["install"], (60, 0), &install);
}

/// What a call costs. What a filter always allows, the kernel does not ask it about (since
/// 5.11); about a call whose arguments are compared it does: personality(2) here.
pub fn measure_calls(libraries: &[Library; 2], case: &Case) {
    let mut programs = compiled(libraries, case);
    programs.push(("floor", Vec::new()));
    let calls = [
        (libc::SYS_getppid, 0),
        (libc::SYS_personality, 0xffff_ffff_u32),
    ];
    let sides = programs.iter().map(|(name, program)| {
        in_children(name, |took| {
            if !program.is_empty() {
                install(program);
            }
            for (took, (call, argument)) in took.iter_mut().zip(calls) {
                let began = Instant::now();
                for _ in 0..CALLS {
                    // SAFETY: these calls take no pointers.
                    unsafe { libc::syscall(call, argument) };
                }
                *took = since(began) / f64::from(CALLS);
            }
        })
    });
    let columns = ["call always allowed", "call with a checked argument"];
    let sides: Vec<Side> = sides.collect();
    turns::take("kernel", &case.name, &columns, (15, 0), &sides);
}

fn compiled(libraries: &[Library; 2], case: &Case) -> Vec<(&'static str, Vec<u8>)> {
    let compile = |(name, at, level): (_, usize, _)| {
        let (program, _) = compile(&libraries[at], case, level);
        assert!(
            !program.is_empty(),
            "{}: {name} makes no program",
            case.name
        );
        (name, program)
    };
    SIDES.into_iter().map(compile).collect()
}

fn in_children<'a>(name: &'a str, work: impl Fn(&mut [f64]) + Copy + 'a) -> Side<'a> {
    Side::new(name, move || {
        move |columns| columns.copy_from_slice(&process::once(0, columns.len(), work))
    })
}

fn install(program: &[u8]) {
    let program = libc::sock_fprog {
        len: (program.len() / INSTRUCTION_SIZE) as u16,
        filter: program.as_ptr().cast_mut().cast(),
    };
    let mode = libc::SECCOMP_SET_MODE_FILTER;
    // SAFETY: the kernel reads the program, which is as long as is said.
    let result = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        libc::syscall(libc::SYS_seccomp, mode, 0, &raw const program)
    };
    assert_eq!(result, 0, "the kernel does not take the program");
}
