// SPDX-License-Identifier: LGPL-2.1-only
//! Programs as graphs.

use std::io;

use scmp::bpf::Instruction;

use super::code;
use super::listing::{Operand, Statement, operation};

/// Constants above this are also shown as hexadecimal in comparisons.
const LARGE: u32 = 256;

/// Writes a program as the C library's `scmp_bpf_disasm -d` prints it: a graph of its
/// instructions in the language of Graphviz's dot(1).
///
/// ```
/// use scmp::bpf::{Instruction, op};
///
/// let allow = Instruction::new(op::RETURN, [0, 0], 0x7fff_0000);
/// let mut text = Vec::new();
/// scmp_verify::assembly::write_graph(&mut text, [allow])?;
/// assert!(text.starts_with(b"digraph {\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of writing.
pub fn write_graph(
    mut output: impl io::Write,
    instructions: impl IntoIterator<Item = Instruction>,
) -> io::Result<()> {
    writeln!(output, "digraph {{")?;
    writeln!(output, "\tstart[shape=\"box\", style=rounded];")?;
    let mut previous = None;
    for (place, instruction) in (0u32..).zip(instructions) {
        let Instruction { code, k, .. } = instruction;
        let class = code & code::CLASS;
        let is_jump = class == code::JMP && code & code::OPERATION == code::JA;
        let mut label = operation(code).to_string();
        if class != code::MISC && !is_jump {
            label += &match Operand(instruction).to_string() {
                datum if class == code::JMP => format!(" {datum:<4}"),
                operand => format!(" {operand}"),
            };
        }
        if class == code::JMP && !is_jump && code & code::X == 0 && k > LARGE {
            label += &format!("\\n(0x{k:08x})");
        }
        let shape = match class {
            code::LD | code::LDX | code::ST | code::STX => ",shape=parallelogram",
            code::ALU => ",shape=rectangle",
            code::JMP if is_jump => ",shape=hexagon",
            code::JMP => ",shape=diamond",
            code::RET => ", shape=\"box\", style=rounded",
            _ => "",
        };
        writeln!(output, "\tline{place}[label=\"{label}\"{shape}]")?;
        let statement = Statement { place, instruction };
        if is_jump {
            writeln!(output, "\tline{place} -> line{}", statement.target(k))?;
        } else if class == code::JMP {
            for (target, name) in statement.branches().iter().zip(["true", "false"]) {
                writeln!(output, "\tline{place} -> line{target} [label=\"{name}\"]")?;
            }
        }
        match previous {
            None => writeln!(output, "\tstart -> line{place}")?,
            Some(code::JMP | code::RET) => {}
            Some(_) => writeln!(output, "\tline{} -> line{place}", place - 1)?,
        }
        previous = Some(class);
    }
    writeln!(output, "}}")
}
