// SPDX-License-Identifier: LGPL-2.1-only
//! Random programs over all operations that seccomp has, and random system calls for them.

// Each test uses a part of this.
#![allow(dead_code)]

mod damage;
#[path = "../../../../tests/oracle/random.rs"]
pub mod random;

pub use damage::CODES;
use damage::{damage, word};
use random::Random;
use scmp::bpf::{Instruction, Program};
use scmp::{Arch, Endian};
use scmp_verify::{SyscallData, op, trace};

const ALLOW: u32 = 0x7fff_0000;
const ERRNO: u32 = 0x0005_0000;

/// A program that the kernel often accepts: three of five are made with care; in the others
/// some instructions are damaged.
pub fn program(random: &mut Random) -> Program {
    let careful = random.chance(60);
    let mut maker = Maker::new(random);
    maker.start();
    for _ in 0..maker.random.between(2, 16) {
        maker.step();
    }
    if maker.random.chance(60) {
        maker.load();
    }
    maker.end();
    let mut instructions = maker.finish();
    if !careful {
        for _ in 0..random.between(1, 2) {
            let place = random.below(instructions.len());
            damage(&mut instructions[place], random);
        }
    }
    Program::new(instructions, Endian::HOST).expect("memory")
}

/// Another program that differs in one instruction: mostly in one that this call comes to.
pub fn mutant(program: &Program, call: &SyscallData, random: &mut Random) -> Program {
    let mut instructions = program.instructions().to_vec();
    let mut places = Vec::new();
    let _ = trace(program, call, |place| places.push(place));
    match random.chance(80) && !places.is_empty() {
        true => {
            let place = random.pick(&places);
            damage(&mut instructions[place], random);
        }
        false => {
            let place = random.below(instructions.len());
            damage(&mut instructions[place], random);
        }
    }
    Program::new(instructions, program.endian()).expect("memory")
}

struct Maker<'a> {
    random: &'a mut Random,
    instructions: Vec<Instruction>,
    /// Words of scratch memory that were stored before any jump.
    stored: Vec<u32>,
    jumped: bool,
}

impl Maker<'_> {
    fn new(random: &mut Random) -> Maker<'_> {
        Maker {
            random,
            instructions: Vec::new(),
            stored: Vec::new(),
            jumped: false,
        }
    }

    fn put(&mut self, code: u16, k: u32) {
        // What the operation ignores may be anything.
        let jumps = [(); 2].map(|()| match self.random.chance(90) {
            true => 0,
            false => self.random.word() as u8,
        });
        self.instructions.push(Instruction::new(code, jumps, k));
    }

    fn ignored(&mut self) -> u32 {
        match self.random.chance(80) {
            true => 0,
            false => word(self.random),
        }
    }

    /// Loads a word, mostly a few bits of it.
    fn load(&mut self) {
        let place = match self.random.below(10) {
            0..3 => 0,
            3 => 1,
            4 => 2 + self.random.below(2),
            _ => 4 + self.random.below(12),
        };
        self.put(op::LOAD, 4 * place as u32);
        if self.random.chance(85) {
            let mask = self.random.pick(&[1, 3, 7, 0xf, 0x1f, 0x3c, 0x8000_0001]);
            self.put(op::AND, mask);
        }
    }

    /// Some words in the registers and in scratch memory.
    fn start(&mut self) {
        for _ in 0..self.random.below(3) {
            self.load();
            match self.random.below(3) {
                0 => self.store(op::STORE),
                1 => {
                    let k = self.ignored();
                    self.put(op::INDEX_FROM_ACCUMULATOR, k);
                }
                _ => {}
            }
        }
        if self.random.chance(80) {
            self.load();
        }
    }

    fn store(&mut self, code: u16) {
        let place = self.random.below(16) as u32;
        self.put(code, place);
        if !self.jumped {
            self.stored.push(place);
        }
    }

    fn step(&mut self) {
        let code = match self.random.below(10) {
            0 => return self.load(),
            1..5 => self.random.pick(&CODES[30..39]),
            _ => self.random.pick(&CODES),
        };
        let k = match code {
            op::LOAD => return self.load(),
            // Else most programs would return the same for all calls.
            op::LOAD_CONSTANT | op::LOAD_SIZE if self.random.chance(70) => return self.load(),
            op::STORE | op::STORE_INDEX => return self.store(code),
            op::LOAD_SCRATCH | op::INDEX_SCRATCH if self.random.chance(80) => {
                if self.stored.is_empty() {
                    return;
                }
                self.random.pick(&self.stored)
            }
            op::LOAD_SCRATCH | op::INDEX_SCRATCH => self.random.below(16) as u32,
            op::SHIFT_LEFT | op::SHIFT_RIGHT => self.random.below(32) as u32,
            op::DIVIDE => word(self.random).max(1),
            op::JUMP
            | op::JUMP_EQUAL
            | op::JUMP_GREATER
            | op::JUMP_GREATER_OR_EQUAL
            | op::JUMP_ANY_BIT => {
                self.jumped = true;
                word(self.random)
            }
            op::RETURN | op::RETURN_ACCUMULATOR => return self.end_side(),
            op::INDEX_CONSTANT => word(self.random),
            _ if code & op::BY_INDEX != 0 => {
                self.jumped |= code & 7 == 5;
                self.ignored()
            }
            _ => word(self.random),
        };
        self.put(code, k);
        if self.random.chance(50) {
            self.end_side();
        }
    }

    /// A return behind a branch; elsewhere it would hide what follows.
    fn end_side(&mut self) {
        let last = self.instructions.last().map(|last| last.code);
        if last.is_some_and(|code| code & 7 == 5 && code != op::JUMP) || self.random.chance(1) {
            self.end();
        }
    }

    /// A return. A value of the accumulator shows as an errno.
    fn end(&mut self) {
        if self.random.chance(60) {
            if self.random.chance(97) {
                let mask = self.random.pick(&[0x3f, 0xff, 0xfc0]);
                self.put(op::AND, mask);
                self.put(op::OR, ERRNO);
            }
            let k = self.ignored();
            return self.put(op::RETURN_ACCUMULATOR, k);
        }
        let value = match self.random.below(20) {
            0..14 => ERRNO | self.random.between(1, 200) as u32,
            14..17 => ALLOW,
            17 => self.random.pick(&[ERRNO, ERRNO | 0xffff, ALLOW | 7]),
            // Trace, notify.
            18 => self.random.pick(&[0x7ff0_0001, 0x7fc0_0000]),
            _ => word(self.random),
        };
        self.put(op::RETURN, value);
    }

    /// The instructions, with jumps that stay inside.
    fn finish(self) -> Vec<Instruction> {
        let mut instructions = self.instructions;
        for index in 0..instructions.len() {
            // Jumps between the instructions of a return are rare: whole words have too many
            // values for a proof.
            let targets: Vec<u32> = (0..(instructions.len() - index - 1).min(6))
                .filter(|skipped| {
                    let target = instructions[index + 1 + skipped];
                    let within = [(op::OR, ERRNO), (op::RETURN_ACCUMULATOR, target.k)];
                    !within.contains(&(target.code, target.k)) || self.random.chance(1)
                })
                .map(|skipped| skipped as u32)
                .collect();
            let target = |random: &mut Random| match targets[..] {
                [] => 0,
                _ => random.pick(&targets),
            };
            let instruction = &mut instructions[index];
            if instruction.code == op::JUMP {
                instruction.k = target(self.random);
            } else if instruction.code & 7 == 5 {
                instruction.jump_true = target(self.random) as u8;
                instruction.jump_false = target(self.random) as u8;
            }
        }
        instructions
    }
}

/// A system call whose words are often those that the program compares with. `number` is
/// one of `numbers`.
pub fn call(random: &mut Random, program: &Program, numbers: &[u32]) -> SyscallData {
    let constant = |random: &mut Random| {
        let k = random.pick(program.instructions()).k;
        k.wrapping_add(random.pick(&[0, 0, 1, u32::MAX]))
    };
    let half = |random: &mut Random| match random.chance(50) {
        true => word(random),
        false => constant(random),
    };
    let double = |random: &mut Random| u64::from(half(random)) << 32 | u64::from(half(random));
    SyscallData {
        number: random.pick(numbers),
        audit_token: Arch::native().audit_token(),
        instruction_pointer: double(random),
        arguments: std::array::from_fn(|_| double(random)),
    }
}
