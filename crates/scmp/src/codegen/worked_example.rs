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

/// Describes the program of a filter.
pub(crate) fn describe(filter: &Resolved<'_>) -> Described {
    let form = match filter.attributes.optimization {
        Optimization::Priority => Form::Linear,
        Optimization::Search => Form::Search,
    };
    let compiler = steps(filter, form).unwrap();
    let program = generate(filter, form).unwrap();
    let (program, starts) = (program.instructions(), BTreeMap::new());
    let mut parts = Parts {
        blocks: &compiler.blocks,
        steps: Vec::new(),
        program,
        starts,
    };
    for step in compiler.reversed.iter().rev() {
        parts.add(*step, &compiler.calls);
    }
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
    blocks: &'a Blocks,
    /// The steps; the test of each call is one.
    steps: Vec<Shown>,
    program: &'a [Instruction],
    /// The step or block that starts at a position of the program.
    starts: BTreeMap<usize, String>,
}

/// What a step does, and where it leads.
struct Shown {
    step: Step,
    content: String,
    targets: Vec<Target>,
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
    fn add(&mut self, step: Step, calls: &[TestedCall]) {
        let shown = match step {
            Step::Load(from) => vec![(format!("load {}", word(from.offset)), Vec::new())],
            Step::Calls {
                start,
                end,
                otherwise,
            } => {
                let nexts = [Target::FOLLOWING, Target::to(otherwise)];
                let call = |at| {
                    let next = nexts[usize::from(at + 1 == end)];
                    let TestedCall { number, block, .. } = calls[at];
                    (format!("call {number}"), vec![Target::to(block), next])
                };
                (start..end).map(call).collect()
            }
            Step::Block(id) => {
                let (content, targets) = self.block(id);
                vec![(format!("{}: {content}", name(Target::to(id))), targets)]
            }
        };
        let shown = shown.into_iter().map(|(content, targets)| Shown {
            step,
            content,
            targets,
        });
        self.steps.extend(shown);
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
        let is_it =
            |shown: &Shown| matches!(shown.step, Step::Block(id) if Target::to(id) == block);
        self.steps.iter().position(is_it)
    }

    fn steps(&self) -> String {
        let line =
            |(at, shown): (usize, &Shown)| line(&format!("s{at}"), &shown.content, &shown.targets);
        self.steps.iter().enumerate().map(line).collect()
    }

    fn blocks_and_dot(&self) -> (String, String) {
        let (mut text, mut dot) = (String::new(), String::new());
        let (mut found, mut rest) = (BTreeMap::new(), Vec::new());
        for Shown {
            step,
            content,
            targets,
        } in &self.steps
        {
            if let Step::Calls { .. } = step {
                let (node, to) = (content.replace("call ", "c"), name(targets[0]));
                dot += &format!("{node} [label=\"{content}\", shape=oval];\n{node} -> {to};\n");
            }
            rest.extend(targets.iter().filter_map(|target| target.block()));
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
            _ => (String::new(), self.steps[next - 1].targets.clone()),
        };
        if self.program[at].code == op::LOAD {
            at += 1;
        }
        if let Some(Step::Load(_)) = step.map(|step| self.steps[step].step) {
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
