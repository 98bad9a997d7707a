// SPDX-License-Identifier: LGPL-2.1-only
//! Prints a program as text, or as a graph.

#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::vec;

use scmp::Endian;
use scmp::bpf::{INSTRUCTION_SIZE, Instruction, Program};
use scmp_tools::{Failure, Options};
use scmp_verify::assembly;

/// So many instructions are read at once: a stream of any length needs no more memory.
const BLOCK: usize = 8192;

fn main() -> ExitCode {
    scmp_tools::run(print)
}

fn print(output: &mut impl Write) -> Result<(), Failure> {
    let name = scmp_tools::program_name("scmp_bpf_disasm");
    let usage = format!("{name} [-a <arch>] [-d] [-h] [<file>]");
    let wrong = |why: String| Failure::usage(&usage, why);
    let mut options = Options::of_process("a:dh");
    let mut endian = Endian::HOST;
    let mut is_graph = false;
    while let Some((letter, value)) = options.next_option().map_err(wrong)? {
        match letter {
            b'a' => endian = scmp_tools::arch(&value).map_err(wrong)?.endian(),
            b'd' => is_graph = true,
            _ => return Err(wrong("prints a BPF program as text".to_string())),
        }
    }
    let operands = options.operands();
    let (input, place): (Box<dyn Read>, _) = match operands[..] {
        [] => (Box::new(io::stdin()), "standard input".to_string()),
        [dash] if dash == OsStr::new("-") => (Box::new(io::stdin()), "standard input".to_string()),
        [path] => {
            let place = path.to_string_lossy().into_owned();
            let file = File::open(path).map_err(|error| Failure::io(&place, &error))?;
            (Box::new(file), place)
        }
        _ => return Err(wrong("more than one file".to_string())),
    };
    let mut instructions = Instructions {
        input,
        endian,
        block: Vec::new().into_iter(),
        end: None,
    };
    let written = match is_graph {
        true => assembly::write_graph(output, &mut instructions),
        false => assembly::write_listing(output, &mut instructions),
    };
    written.map_err(|error| scmp_tools::unwritten(&error))?;
    match instructions.end {
        Some(End::Failed(error)) => Err(Failure::io(place, &error)),
        Some(End::Within(bytes)) => Err(Failure {
            code: libc::EINVAL,
            message: format!("error: {place}: ends with {bytes} bytes that are no instruction"),
        }),
        None => Ok(()),
    }
}

/// How a stream ends that is no whole program.
enum End {
    Failed(io::Error),
    /// After so many bytes of an instruction.
    Within(usize),
}

/// The instructions of a stream.
struct Instructions {
    input: Box<dyn Read>,
    endian: Endian,
    block: vec::IntoIter<Instruction>,
    end: Option<End>,
}

impl Instructions {
    /// Reads a block; it stays empty at the end.
    fn refill(&mut self) {
        let mut bytes = Vec::new();
        let limit = (BLOCK * INSTRUCTION_SIZE) as u64;
        if let Err(error) = self.input.by_ref().take(limit).read_to_end(&mut bytes) {
            self.end = Some(End::Failed(error));
        }
        let excess = bytes.len() % INSTRUCTION_SIZE;
        if excess != 0 && self.end.is_none() {
            self.end = Some(End::Within(excess));
        }
        bytes.truncate(bytes.len() - excess);
        match Program::from_bytes(&bytes, self.endian) {
            Ok(program) => self.block = program.instructions().to_vec().into_iter(),
            // A block is no longer than a program may be, so memory has run out.
            Err(_) => self.end = Some(End::Failed(io::ErrorKind::OutOfMemory.into())),
        }
    }
}

impl Iterator for Instructions {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        if self.block.len() == 0 && self.end.is_none() {
            self.refill();
        }
        self.block.next()
    }
}
