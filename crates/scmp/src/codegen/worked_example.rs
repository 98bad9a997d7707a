// SPDX-License-Identifier: LGPL-2.1-only
//! The steps, blocks and instructions that docs/compiler.md shows: see
//! `filter::worked_example`.

use std::collections::BTreeMap;

use super::*;
use crate::bpf::Instruction;
use crate::rule::Action;

/// A program with what it was made of.
#[derive(Default)]
pub(crate) struct Described {
    pub(crate) steps: String,
    pub(crate) blocks: String,
    pub(crate) program: String,
    /// The blocks that system calls lead to, for graphviz.
    pub(crate) dot: String,
}

/// Generates a program like `generate`, and describes the steps and blocks too.
pub(crate) fn describe(filter: &Resolved<'_>) -> Described {
    let form = match filter.attributes.optimization {
        Optimization::Priority => Form::Linear,
        Optimization::Search => Form::Search,
    };
    let mut blocks = Blocks::default();
    let bad_architecture = blocks.action(filter.attributes.bad_architecture);
    let default = blocks.action(filter.default_action);
    let mut compiler = Compiler {
        blocks,
        allow_skip: false,
        form,
        default,
        bad_architecture,
        reversed: vec![Step::Block(bad_architecture)],
        trees: TreeLowering::new(form),
    };
    let mut next = bad_architecture;
    for section in sections(filter).rev() {
        next = compiler.section(&section, next).unwrap();
    }
    compiler.push(Step::Load(ARCHITECTURE)).unwrap();
    let (blocks, mut steps) = (compiler.blocks, compiler.reversed);
    let endian = filter.arches[0].arch.endian();
    let program = layout::assemble(&blocks, &steps, default, endian).unwrap();
    assert_eq!(
        compile(filter),
        Ok(program.clone()),
        "the steps of `generate`"
    );
    steps.reverse();
    let mut starts = BTreeMap::new();
    let parts = Parts {
        blocks,
        steps,
        default,
    };
    let instructions = program.instructions();
    parts.find_starts(instructions, 0, Target::FOLLOWING, 0, &mut starts);
    let mut text = Described::default();
    parts.describe(&mut text);
    for (at, instruction) in instructions.iter().enumerate() {
        let label = starts.get(&at).map_or("", String::as_str);
        let bytes = instruction
            .to_bytes(endian)
            .map(|byte| format!("{byte:02x}"))
            .join(" ");
        let meaning = meaning(at, instruction);
        text.program += &format!("{label:<8}{at:>3}  {bytes}  {meaning}\n");
    }
    text
}

fn word(offset: u8) -> String {
    match offset {
        0 => "number".to_string(),
        4 => "arch".to_string(),
        // Little-endian: the low half of an argument comes first.
        _ => format!(
            "a{}.{}",
            offset / 8 - 2,
            if offset % 8 == 0 { "lo" } else { "hi" }
        ),
    }
}

fn test(code: u16, k: u32) -> String {
    let k = if k < 0x1000 {
        k.to_string()
    } else {
        format!("{k:#x}")
    };
    format!("{} {k}", if code == op::JUMP_EQUAL { "==" } else { ">=" })
}

fn meaning(at: usize, instruction: &Instruction) -> String {
    let &Instruction {
        code,
        jump_true,
        jump_false,
        k,
    } = instruction;
    let [holds, fails] = [jump_true, jump_false].map(|skipped| at + 1 + usize::from(skipped));
    match code {
        op::LOAD => format!("load {}", word(k as u8)),
        op::RETURN => format!("return {:?}", Action::from_raw(k).unwrap()),
        op::JUMP_EQUAL | op::JUMP_GREATER_OR_EQUAL => {
            format!("{}: {holds}, else {fails}", test(code, k))
        }
        _ => unreachable!("the page's filters do not need it"),
    }
}

struct Parts {
    blocks: Blocks,
    steps: Vec<Step>,
    default: BlockId,
}

impl Parts {
    fn name(&self, target: Target) -> String {
        match target {
            Target::FOLLOWING => "next".to_string(),
            Target::SECOND => "next but one".to_string(),
            block => format!("b{}", block.index() - Target::SECOND.index() - 1),
        }
    }

    /// What a block does, and where it leads.
    fn content(&self, id: BlockId) -> (String, Vec<Target>) {
        let block = self.blocks.get(id);
        let load = match (block.loads(), block.reloads()) {
            (Some(offset), _) => format!("load {}, ", word(offset)),
            (_, Some(held)) => format!("reload {}, ", word(held.offset)),
            _ => String::new(),
        };
        match block.is_return() {
            true => (
                format!("return {:?}", Action::from_raw(block.k).unwrap()),
                Vec::new(),
            ),
            false => (load + &test(block.code, block.k), block.targets.to_vec()),
        }
    }

    fn line(&self, label: &str, (content, targets): (String, Vec<Target>)) -> String {
        let [holds, fails] = match targets[..] {
            [holds, fails] => [("true: ", holds), ("false: ", fails)]
                .map(|(side, target)| side.to_string() + &self.name(target)),
            _ => Default::default(),
        };
        let line = format!("{label:<4}{content:<31} {holds:<11} {fails}");
        line.trim_end().to_string() + "\n"
    }

    fn describe(&self, text: &mut Described) {
        let (mut found, mut rest) = (BTreeMap::new(), Vec::new());
        for (place, step) in self.steps.iter().enumerate() {
            let (content, targets) = match *step {
                Step::Load(from) => (format!("load {}", word(from.offset)), Vec::new()),
                Step::Call { number, block } | Step::LastCall { number, block } => {
                    let block = Target::to(block);
                    let call = format!("call{number} [label=\"call {number}\", shape=oval];\n");
                    text.dot += &format!("{call}call{number} -> {};\n", self.name(block));
                    let is_last = matches!(step, Step::LastCall { .. });
                    let other = if is_last {
                        Target::to(self.default)
                    } else {
                        Target::FOLLOWING
                    };
                    (format!("call {number}"), vec![block, other])
                }
                Step::Block(id) => {
                    let (content, targets) = self.content(id);
                    (format!("{}: {content}", self.name(Target::to(id))), targets)
                }
            };
            rest.extend(targets.iter().filter_map(|target| target.block()));
            text.steps += &self.line(&format!("s{place}"), (content, targets));
        }
        while let Some(id) = rest.pop() {
            if found.insert(Target::to(id).index(), id).is_none() {
                let (_, targets) = self.content(id);
                rest.extend(targets.into_iter().filter_map(Target::block));
            }
        }
        for id in found.into_values() {
            let (content, targets) = self.content(id);
            let name = self.name(Target::to(id));
            text.dot += &format!("{name} [label=\"{name}: {content}\"];\n");
            for (side, &target) in ["true", "false"].iter().zip(&targets) {
                text.dot += &format!("{name} -> {} [label=\"{side}\"];\n", self.name(target));
            }
            text.blocks += &self.line(&name, (content, targets));
        }
    }

    /// Finds where a target, and all that it leads to, start in the program. `next` is the
    /// place of the step that follows.
    fn find_starts(
        &self,
        program: &[Instruction],
        mut at: usize,
        target: Target,
        mut next: usize,
        starts: &mut BTreeMap<usize, String>,
    ) {
        let is_it = |step: &Step| matches!(*step, Step::Block(id) if Target::to(id) == target);
        let step = match target.block() {
            None => Some(next + target.index()),
            Some(_) => self.steps.iter().position(is_it),
        };
        let label = step.map_or_else(|| self.name(target), |step| format!("s{step}"));
        if starts.insert(at, label).is_some() {
            return;
        }
        next = step.map_or(next, |step| step + 1);
        let targets = match (step.map(|step| self.steps[step]), target.block()) {
            (Some(Step::Call { block, .. }), _) => vec![Target::to(block), Target::FOLLOWING],
            (Some(Step::LastCall { block, .. }), _) => {
                [block, self.default].map(Target::to).to_vec()
            }
            (Some(Step::Block(id)), _) | (None, Some(id)) => {
                at += usize::from(program[at].code == op::LOAD);
                self.content(id).1
            }
            _ => return self.find_starts(program, at + 1, Target::FOLLOWING, next, starts),
        };
        let skipped = [program[at].jump_true, program[at].jump_false];
        for (target, skipped) in targets.into_iter().zip(skipped) {
            self.find_starts(program, at + 1 + usize::from(skipped), target, next, starts);
        }
    }
}
