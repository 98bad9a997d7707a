// SPDX-License-Identifier: LGPL-2.1-only
//! Instructions as text.

use std::fmt;
use std::io;

use scmp::bpf::Instruction;

use super::{ACTIONS, code};

/// What a code that is no operation is called.
const UNKNOWN: &str = "???";

/// Writes a program as the C library's `scmp_bpf_disasm` prints it: two lines of
/// headings, and one for each instruction.
///
/// ```
/// use scmp::bpf::{Instruction, op};
///
/// let allow = Instruction::new(op::RETURN, [0, 0], 0x7fff_0000);
/// let mut text = Vec::new();
/// scmp_verify::assembly::write_listing(&mut text, [allow])?;
/// assert!(text.ends_with(b"\n 0000: 0x06 0x00 0x00 0x7fff0000   ret ALLOW\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of writing.
pub fn write_listing(
    mut output: impl io::Write,
    instructions: impl IntoIterator<Item = Instruction>,
) -> io::Result<()> {
    writeln!(output, " line  OP   JT   JF   K")?;
    writeln!(output, "=================================")?;
    for (place, instruction) in (0..).zip(instructions) {
        let Instruction {
            code,
            jump_true,
            jump_false,
            k,
        } = instruction;
        write!(output, " {place:04}: 0x{code:02x} 0x{jump_true:02x} ")?;
        write!(output, "0x{jump_false:02x} 0x{k:08x}   ")?;
        writeln!(output, "{}", Statement { place, instruction })?;
    }
    Ok(())
}

/// An instruction, displayed as its operation and operand.
///
/// ```
/// use scmp::bpf::{Instruction, op};
/// use scmp_verify::assembly::Statement;
///
/// let jump = Instruction::new(op::JUMP_EQUAL, [0, 3], 7);
/// let text = Statement { place: 1, instruction: jump }.to_string();
/// assert_eq!(text, "jeq 7    true:0002 false:0005");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The instruction's place in its program, from 0: the text of a jump has the place
    /// to which it leads.
    pub place: u32,
    /// The instruction.
    pub instruction: Instruction,
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Instruction { code, k, .. } = self.instruction;
        write!(f, "{:<3} ", operation(code))?;
        if code & code::CLASS != code::JMP {
            return write!(f, "{}", Operand(self.instruction));
        }
        if code & code::OPERATION == code::JA {
            return write!(f, "{:04}", self.target(k));
        }
        let [jump_true, jump_false] = self.branches();
        let operand = Operand(self.instruction).to_string();
        write!(f, "{operand:<4} true:{jump_true:04} false:{jump_false:04}")
    }
}

impl Statement {
    /// The place after this many skipped instructions. The kernel refuses a jump that
    /// wraps around.
    pub(super) fn target(&self, skipped: u32) -> u32 {
        self.place.wrapping_add(1).wrapping_add(skipped)
    }

    /// Where a conditional jump leads: if the condition holds, and if not.
    pub(super) fn branches(&self) -> [u32; 2] {
        let Instruction {
            jump_true,
            jump_false,
            ..
        } = self.instruction;
        [jump_true, jump_false].map(|skipped| self.target(u32::from(skipped)))
    }
}

/// The operand of an instruction, without the places to which a jump leads.
pub(super) struct Operand(pub(super) Instruction);

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Instruction { code, k, .. } = self.0;
        match code & code::CLASS {
            code::LD | code::LDX => match code & code::MODE {
                code::ABS => write!(f, "$data[{k}]"),
                code::MEM => write!(f, "$temp[{k}]"),
                code::IMM => write!(f, "{k}"),
                code::IND => write!(f, "$data[X + {k}]"),
                code::LEN => write!(f, "len($data)"),
                code::MSH => write!(f, "4 * $data[{k}] & 0x0f"),
                _ => Ok(()),
            },
            code::ST | code::STX => write!(f, "$temp[{k}]"),
            code::ALU | code::JMP if code & code::X != 0 && operation(code) != UNKNOWN => {
                write!(f, "X")
            }
            code::ALU if code & code::X == 0 => match code & code::OPERATION {
                code::OR | code::AND => write!(f, "0x{k:08x}"),
                _ => write!(f, "{k}"),
            },
            code::RET if code & code::VALUE == code::ACCUMULATOR => write!(f, "$acc"),
            code::RET if code & code::X != 0 => write!(f, "{UNKNOWN}"),
            code::RET => match action(k) {
                Some(action) => write!(f, "{action}"),
                None => write!(f, "0x{k:08x}"),
            },
            code::MISC => Ok(()),
            _ => write!(f, "{k}"),
        }
    }
}

/// The name of an operation; `???` for codes that are none.
pub(super) fn operation(code: u16) -> &'static str {
    let numbered = |names: &[&'static str]| names.get(usize::from(code >> 4)).copied();
    let known = match code & code::CLASS {
        // The highest modes are none, and so is the largest size.
        code::LD | code::LDX if code > 0xbf || code & code::SIZE == code::SIZE => None,
        code::LDX => Some("ldx"),
        code::LD => Some(match code & code::SIZE {
            code::HALF => "ldh",
            code::BYTE => "ldb",
            _ => "ld",
        }),
        code::ALU => numbered(&code::ARITHMETIC),
        code::JMP => numbered(&code::JUMPS),
        code::RET if code <= code::RET | code::ACCUMULATOR => Some("ret"),
        _ => match code {
            code::ST => Some("st"),
            code::STX => Some("stx"),
            code::TAX => Some("tax"),
            code::TXA => Some("txa"),
            _ => None,
        },
    };
    known.unwrap_or(UNKNOWN)
}

/// A returned value as the C library's tools print it: an action, with its data where it
/// is `ERRNO` or `TRACE`. `None` if the value has no action; the kernel then kills the
/// process.
///
/// ```
/// use scmp_verify::assembly::action;
///
/// assert_eq!(action(0x0005_0001).as_deref(), Some("ERRNO(1)"));
/// assert_eq!(action(0x7fff_0000).as_deref(), Some("ALLOW"));
/// assert_eq!(action(0x0001_0000), None);
/// ```
pub fn action(value: u32) -> Option<String> {
    let [action, data] = [value & 0xffff_0000, value & 0xffff];
    let known = ACTIONS.iter().find(|known| known.0 == action);
    known.map(|(_, name, has_data)| match has_data {
        true => format!("{name}({data})"),
        false => name.to_string(),
    })
}
