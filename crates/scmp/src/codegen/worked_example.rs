// SPDX-License-Identifier: LGPL-2.1-only
//! The steps, blocks and instructions that docs/compiler.md shows: see
//! `filter::worked_example`.

use std::collections::BTreeMap;

use super::*;
use crate::bpf::Instruction;
use crate::rule::{Action, Endian};

/// A program with what it was made of, as text.
pub(crate) struct Described {
    pub(crate) steps: String,
    /// The blocks that are no steps.
    pub(crate) blocks: String,
    /// These blocks for graphviz.
    pub(crate) dot: String,
    pub(crate) program: String,
}

/// Generates a program like `generate`, and describes it.
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
        unknown_calls: filter.unknown_calls(),
        default,
        bad_architecture,
        reversed: vec![Step::Block(bad_architecture)],
        trees: TreeLowering::new(form),
    };
    let mut next = bad_architecture;
    for section in sections(filter).rev() {
        next = compiler.section(&section, &mut Vec::new(), next).unwrap();
    }
    compiler.push(Step::Load(ARCHITECTURE)).unwrap();
    let (blocks, mut steps) = (compiler.blocks, compiler.reversed);
    let program = layout::assemble(&blocks, &steps, default, Endian::Little).unwrap();
    assert_eq!(
        compile(filter).as_ref(),
        Ok(&program),
        "the steps of `generate`"
    );
    steps.reverse();
    let (program, starts) = (program.instructions(), BTreeMap::new());
    let mut parts = Parts {
        blocks,
        steps,
        default,
        program,
        starts,
    };
    parts.find_starts(0, Target::FOLLOWING, 0);
    let (blocks, dot) = parts.blocks_and_dot();
    let (steps, program) = (parts.steps(), parts.program());
    Described {
        steps,
        blocks,
        dot,
        program,
    }
}

struct Parts<'a> {
    blocks: Blocks,
    steps: Vec<Step>,
    default: BlockId,
    program: &'a [Instruction],
    /// The step or block that starts at a position of the program.
    starts: BTreeMap<usize, String>,
}

fn word(offset: u8) -> String {
    match offset {
        0 => "number".to_string(),
        4 => "arch".to_string(),
        // Little-endian: the low half of an argument comes first.
        _ => format!(
            "a{}.{}",
            offset / 8 - 2,
            ["lo", "hi"][usize::from(offset / 4 % 2)]
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

fn name(target: Target) -> String {
    match target {
        Target::FOLLOWING => "next".to_string(),
        Target::SECOND => "next but one".to_string(),
        block => format!("b{}", block.index() - Target::SECOND.index() - 1),
    }
}

fn line(label: &str, content: &str, targets: &[Target]) -> String {
    let [holds, fails] = match *targets {
        [holds, fails] => [
            format!("true: {}", name(holds)),
            format!("false: {}", name(fails)),
        ],
        _ => Default::default(),
    };
    format!("{label:<4}{content:<31} {holds:<11} {fails}")
        .trim_end()
        .to_string()
        + "\n"
}

impl Parts<'_> {
    /// What a step does, and where it leads.
    fn step(&self, step: &Step) -> (String, Vec<Target>) {
        match *step {
            Step::Load(from) => (format!("load {}", word(from.offset)), Vec::new()),
            Step::Call { number, block } => (
                format!("call {number}"),
                vec![Target::to(block), Target::FOLLOWING],
            ),
            Step::LastCall { number, block } => (
                format!("call {number}"),
                vec![Target::to(block), Target::to(self.default)],
            ),
            Step::Unmatched(block) => ("others".to_string(), vec![Target::to(block)]),
            Step::Block(id) => {
                let (content, targets) = self.block(id);
                (format!("{}: {content}", name(Target::to(id))), targets)
            }
        }
    }

    /// What a block does, and where it leads.
    fn block(&self, id: BlockId) -> (String, Vec<Target>) {
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

    /// The step that is this block.
    fn step_of(&self, block: Target) -> Option<usize> {
        let is_it = |step: &Step| matches!(*step, Step::Block(id) if Target::to(id) == block);
        self.steps.iter().position(is_it)
    }

    fn steps(&self) -> String {
        let line = |(at, step)| {
            let (content, targets) = self.step(step);
            line(&format!("s{at}"), &content, &targets)
        };
        self.steps.iter().enumerate().map(line).collect()
    }

    fn blocks_and_dot(&self) -> (String, String) {
        let (mut text, mut dot) = (String::new(), String::new());
        let (mut found, mut rest) = (BTreeMap::new(), Vec::new());
        for step in &self.steps {
            let (content, targets) = self.step(step);
            if let Step::Call { number, .. } | Step::LastCall { number, .. } = step {
                let to = name(targets[0]);
                dot +=
                    &format!("c{number} [label=\"{content}\", shape=oval];\nc{number} -> {to};\n");
            }
            rest.extend(targets.into_iter().filter_map(Target::block));
        }
        while let Some(id) = rest.pop() {
            if found.insert(Target::to(id).index(), id).is_none() {
                rest.extend(self.block(id).1.into_iter().filter_map(Target::block));
            }
        }
        for id in found
            .into_values()
            .filter(|&id| self.step_of(Target::to(id)).is_none())
        {
            let (label, (content, targets)) = (name(Target::to(id)), self.block(id));
            text += &line(&label, &content, &targets);
            dot += &format!("{label} [label=\"{label}: {content}\"];\n");
            for (side, &target) in ["true", "false"].iter().zip(&targets) {
                dot += &format!("{label} -> {} [label=\"{side}\"];\n", name(target));
            }
        }
        (text, dot)
    }

    /// Finds where a target, and all that it leads to, start in the program. `next` is the
    /// place of the step that follows.
    fn find_starts(&mut self, mut at: usize, target: Target, next: usize) {
        let step = match target.block() {
            None => Some(next + target.index()),
            Some(_) => self.step_of(target),
        };
        let label = step.map_or_else(|| name(target), |step| format!("s{step}"));
        if self.starts.insert(at, label).is_some() {
            return;
        }
        let next = step.map_or(next, |step| step + 1);
        let (_, targets) = match (step, target.block()) {
            (None, Some(id)) => self.block(id),
            _ => self.step(&self.steps[next - 1]),
        };
        if self.program[at].code == op::LOAD {
            at += 1;
        }
        if let Some(Step::Load(_)) = step.map(|step| self.steps[step]) {
            return self.find_starts(at, Target::FOLLOWING, next);
        }
        let Instruction {
            jump_true,
            jump_false,
            ..
        } = self.program[at];
        for (target, skipped) in targets.into_iter().zip([jump_true, jump_false]) {
            self.find_starts(at + 1 + usize::from(skipped), target, next);
        }
    }

    fn program(&self) -> String {
        let line = |(at, instruction): (usize, &Instruction)| {
            let label = self.starts.get(&at).map_or("", String::as_str);
            let bytes = instruction
                .to_bytes(Endian::Little)
                .map(|byte| format!("{byte:02x}"));
            let &Instruction {
                code,
                jump_true,
                jump_false,
                k,
            } = instruction;
            let [holds, fails] =
                [jump_true, jump_false].map(|skipped| at + 1 + usize::from(skipped));
            let meaning = match code {
                op::LOAD => format!("load {}", word(k as u8)),
                op::RETURN => format!("return {:?}", Action::from_raw(k).unwrap()),
                _ => format!("{}: {holds}, else {fails}", test(code, k)),
            };
            format!("{label:<4} {at:>3}  {}  {meaning}\n", bytes.join(" "))
        };
        self.program.iter().enumerate().map(line).collect()
    }
}
