// SPDX-License-Identifier: LGPL-2.1-only
//! Compiles the ordered rules of seccompiler and minijail: the first rule that matches decides.
//! No `scmp::Filter` decides as their programs do: errors may be above 4094, socketcall and
//! ipc are not searched for the calls that they carry, and on x86_64 the numbers of x32 get the
//! default. The code is longer than the core's: system calls are tested one after the other,
//! and each comparison loads its words anew.

use scmp::bpf::{Program, op};
use scmp::{Arch, Error, WordSize};

use crate::code::{Code, Label, NUMBER_OFFSET, TOKEN_OFFSET};
use crate::formula::{Atom, Formula, Relation};

/// The rules of one architecture.
#[derive(Clone, Debug)]
pub struct ArchRules {
    pub arch: Arch,
    /// In the order in which they are tried.
    pub rules: Vec<RawRule>,
    /// The value for calls that no rule matches (`SECCOMP_RET_*`).
    pub default: u32,
}

#[derive(Clone, Debug)]
pub struct RawRule {
    /// The system call, as the kernel sees it.
    pub number: u32,
    pub condition: Formula,
    /// The value that the program returns (`SECCOMP_RET_*`).
    pub action: u32,
}

/// The program that decides by these rules. Calls of other architectures get `foreign`.
///
/// # Errors
/// [`Error::ProgramTooLong`] for more than 65,535 instructions.
pub fn compile(of_arch: &ArchRules, foreign: u32) -> Result<Program, Error> {
    let mut code = Code::default();
    let foreign = code.result(foreign)?;
    let otherwise = code.result(of_arch.default)?;
    let covered = code.calls(of_arch.arch, &of_arch.rules, otherwise)?;
    let token = of_arch.arch.audit_token();
    code.test(op::JUMP_EQUAL, token, covered, foreign)?;
    code.load(TOKEN_OFFSET)?;
    code.finish(of_arch.arch.endian())
}

impl Code {
    /// Tests the number against each of the rules' system calls.
    fn calls(&mut self, arch: Arch, rules: &[RawRule], otherwise: Label) -> Result<Label, Error> {
        let mut by_number: Vec<&RawRule> = rules.iter().collect();
        // A stable sort keeps the order of a system call's rules.
        by_number.sort_by_key(|rule| rule.number);
        let mut next = otherwise;
        for rules in by_number
            .chunk_by(|one, two| one.number == two.number)
            .rev()
        {
            let mut decided = otherwise;
            for rule in rules.iter().rev() {
                let action = self.result(rule.action)?;
                decided = self.condition(arch, &rule.condition, action, decided)?;
            }
            next = self.test(op::JUMP_EQUAL, rules[0].number, decided, next)?;
        }
        // The tests leave the number in the accumulator.
        match by_number.is_empty() {
            true => Ok(otherwise),
            false => self.load(NUMBER_OFFSET),
        }
    }

    fn condition(
        &mut self,
        arch: Arch,
        condition: &Formula,
        yes: Label,
        no: Label,
    ) -> Result<Label, Error> {
        let mut next = no;
        for atoms in condition.any.iter().rev() {
            let mut passed = yes;
            for atom in atoms.iter().rev() {
                passed = self.atom(arch, atom, passed, next)?;
            }
            next = passed;
        }
        Ok(next)
    }

    fn atom(&mut self, arch: Arch, atom: &Atom, yes: Label, no: Label) -> Result<Label, Error> {
        let (code, yes, no) = match atom.relation {
            Relation::Equal => (op::JUMP_EQUAL, yes, no),
            Relation::NotEqual => (op::JUMP_EQUAL, no, yes),
            Relation::Greater => (op::JUMP_GREATER, yes, no),
            Relation::LessOrEqual => (op::JUMP_GREATER, no, yes),
            Relation::GreaterOrEqual => (op::JUMP_GREATER_OR_EQUAL, yes, no),
            Relation::Less => (op::JUMP_GREATER_OR_EQUAL, no, yes),
        };
        let offset = |high| u32::from(arch.argument_offset(atom.argument, high));
        let halves = |value: u64| [(value >> 32) as u32, value as u32];
        let ([mask_high, mask_low], [high, low]) = (halves(atom.mask), halves(atom.value));
        let start = self.test(code, low, yes, no)?;
        let low_half = self.masked(offset(false), mask_low, start)?;
        if atom.width == WordSize::Bits32 || (mask_high == 0 && high == 0) {
            return Ok(low_half);
        }
        // The low halves count where the high ones are equal.
        let mut start = self.test(op::JUMP_EQUAL, high, low_half, no)?;
        if code != op::JUMP_EQUAL {
            start = self.test(op::JUMP_GREATER, high, yes, start)?;
        }
        self.masked(offset(true), mask_high, start)
    }

    /// Loads a word and masks it, before the tests that were written last.
    fn masked(&mut self, offset: u32, mask: u32, tests: Label) -> Result<Label, Error> {
        debug_assert!(self.is_last(tests));
        if mask != u32::MAX {
            self.push(op::AND, mask, [0, 0])?;
        }
        self.load(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::tests::{atom, condition};
    use crate::random::Random;
    use scmp_verify::decision::{Analysis, Field, Function, Order};

    fn rules(random: &mut Random, arch: Arch, count: usize) -> ArchRules {
        let mut rule = || RawRule {
            number: random.below(5) as u32,
            condition: condition(random),
            action: 0x5_0000 + random.below(100) as u32,
        };
        ArchRules {
            arch,
            rules: (0..count).map(|_| rule()).collect(),
            default: 0x7fff_0000,
        }
    }

    const FOREIGN: u32 = 0x8000_0000;

    /// What ordered rules mean, without a program.
    fn meaning(analysis: &mut Analysis, of_arch: &ArchRules, foreign: u32) -> Function {
        let no = analysis.constant(0).unwrap();
        let is = |analysis: &mut Analysis, field, value: u32| {
            let width = WordSize::Bits32;
            let equal = analysis.compare(field, width, u64::MAX, Order::Equal, value.into());
            equal.unwrap()
        };
        let mut next = analysis.constant(of_arch.default).unwrap();
        for rule in of_arch.rules.iter().rev() {
            let number = is(analysis, Field::Number, rule.number);
            let holds = rule.condition.region(analysis).unwrap();
            let matches = analysis.choose(number, holds, no).unwrap();
            let action = analysis.constant(rule.action).unwrap();
            next = analysis.choose(matches, action, next).unwrap();
        }
        let token = of_arch.arch.audit_token();
        let own = is(analysis, Field::Architecture, token);
        let foreign = analysis.constant(foreign).unwrap();
        analysis.choose(own, next, foreign).unwrap()
    }

    /// Fails unless a program decides as the rules mean, for all calls.
    fn prove(program: &Program, of_arch: &ArchRules, foreign: u32) {
        let mut analysis = Analysis::new();
        let meant = meaning(&mut analysis, of_arch, foreign);
        let decided = analysis.of_program(program).unwrap();
        if let Some(input) = analysis.difference(meant, decided) {
            let values = [meant, decided].map(|function| analysis.value(function, &input));
            panic!("{input:x?}: {values:x?}: {of_arch:#?}");
        }
        assert_eq!(meant, decided);
    }

    const ARCHES: [Arch; 6] = [
        Arch::X86_64,
        Arch::X86,
        Arch::Aarch64,
        Arch::S390x,
        Arch::S390,
        Arch::Mips64,
    ];

    #[test]
    fn programs_are_proven() {
        let mut random = Random::new(4);
        for arch in ARCHES.into_iter().cycle().take(1_500) {
            let size = random.pick(&[0, 1, 3, 6, 10]);
            let rules = rules(&mut random, arch, size);
            prove(&compile(&rules, FOREIGN).unwrap(), &rules, FOREIGN);
        }
    }

    #[test]
    fn jumps_lead_over_more_than_255_instructions() {
        let mut random = Random::new(2);
        // Of many rules, and of one rule of so many comparisons that each jumps over the others.
        for arch in [Arch::X86_64, Arch::S390x] {
            let many = rules(&mut random, arch, 250);
            let mut same = atom(&mut random);
            (same.relation, same.mask) = (Relation::Greater, u64::MAX);
            let atoms = (0..300).map(|value| Atom { value, ..same }).collect();
            let one = ArchRules {
                rules: vec![RawRule {
                    number: 3,
                    condition: Formula::all(atoms),
                    action: 0x5_0001,
                }],
                ..many.clone()
            };
            for (rules, least) in [(many, 4), (one, 150)] {
                let program = compile(&rules, FOREIGN).unwrap();
                let jumps = program.instructions().iter();
                let long = jumps.filter(|each| each.code == op::JUMP && each.k > 255);
                let long = long.count();
                assert!(long >= least, "{long} long jumps");
                prove(&program, &rules, FOREIGN);
            }
            // Jumps of about 255.
            for _ in 0..100 {
                let rules = rules(&mut random, arch, 25);
                prove(&compile(&rules, FOREIGN).unwrap(), &rules, FOREIGN);
            }
        }
    }

    #[test]
    fn what_is_no_program_is_refused() {
        let long = rules(&mut Random::new(3), Arch::X86_64, 65_536);
        assert_eq!(compile(&long, FOREIGN), Err(Error::ProgramTooLong));
    }
}
