// SPDX-License-Identifier: LGPL-2.1-only
//! Programs as text: the listing and the graph that the C library's `scmp_bpf_disasm`
//! prints, and a reader of the listing.
//!
//! ```text
//!  line  OP   JT   JF   K
//! =================================
//!  0000: 0x20 0x00 0x00 0x00000004   ld  $data[4]
//!  0001: 0x15 0x00 0x01 0xc000003e   jeq 3221225534 true:0002 false:0003
//!  0002: 0x06 0x00 0x00 0x7fff0000   ret ALLOW
//!  0003: 0x06 0x00 0x00 0x00050001   ret ERRNO(1)
//! ```
//!
//! A line has the place of an instruction, its four fields, and what they mean.
//! `$data` is `struct seccomp_data`, `$temp` the scratch memory, `$acc` the accumulator,
//! `X` the index register. [`parse`] reads such a text.
//!
//! The text differs from the C library's in two points: arithmetic and jumps by X name
//! `X`, where the C library shows the unused constant, and `SECCOMP_RET_USER_NOTIF` is
//! `NOTIFY`, where it shows a number.
//!
//! ```
//! use scmp_verify::{assembly, profile::Profile};
//!
//! let mut built = Profile::parse("default errno 1\nallow read")?.build()?;
//! let program = built.filter.program()?.instructions();
//! let mut text = Vec::new();
//! assembly::write_listing(&mut text, program.iter().copied())?;
//! assert_eq!(assembly::parse(std::str::from_utf8(&text)?)?, program);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod graph;
mod listing;
mod reader;
#[cfg(test)]
mod tests;

pub use graph::write_graph;
pub use listing::{Statement, action, write_listing};
pub use reader::{Mistake, parse};

/// The fields of an operation code, and their values: linux/bpf_common.h and
/// linux/filter.h.
mod code {
    pub const CLASS: u16 = 0x07;
    pub const LD: u16 = 0x00;
    pub const LDX: u16 = 0x01;
    pub const ST: u16 = 0x02;
    pub const STX: u16 = 0x03;
    pub const ALU: u16 = 0x04;
    pub const JMP: u16 = 0x05;
    pub const RET: u16 = 0x06;
    pub const MISC: u16 = 0x07;

    pub const SIZE: u16 = 0x18;
    pub const HALF: u16 = 0x08;
    pub const BYTE: u16 = 0x10;

    pub const MODE: u16 = 0xe0;
    pub const IMM: u16 = 0x00;
    pub const ABS: u16 = 0x20;
    pub const IND: u16 = 0x40;
    pub const MEM: u16 = 0x60;
    pub const LEN: u16 = 0x80;
    pub const MSH: u16 = 0xa0;

    /// The operand is X, not K.
    pub const X: u16 = 0x08;
    pub const OPERATION: u16 = 0xf0;
    /// [`ALU`] operations by their number in [`OPERATION`].
    pub const ARITHMETIC: [&str; 11] = [
        "add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg", "mod", "xor",
    ];
    pub const OR: u16 = 0x40;
    pub const AND: u16 = 0x50;
    /// [`JMP`] operations by their number in [`OPERATION`].
    pub const JUMPS: [&str; 5] = ["jmp", "jeq", "jgt", "jge", "jset"];
    pub const JA: u16 = 0x00;

    /// What [`RET`] returns: a constant, or the accumulator.
    pub const VALUE: u16 = 0x18;
    pub const ACCUMULATOR: u16 = 0x10;

    pub const TAX: u16 = 0x07;
    pub const TXA: u16 = 0x87;
}

/// Returned actions by `SECCOMP_RET_*` (linux/seccomp.h), and whether the text has the
/// data in the low 16 bits.
const ACTIONS: [(u32, &str, bool); 8] = [
    (0x8000_0000, "KILL_PROCESS", false),
    (0x0000_0000, "KILL", false),
    (0x0003_0000, "TRAP", false),
    (0x0005_0000, "ERRNO", true),
    (0x7fc0_0000, "NOTIFY", false),
    (0x7ff0_0000, "TRACE", true),
    (0x7ffc_0000, "LOG", false),
    (0x7fff_0000, "ALLOW", false),
];
