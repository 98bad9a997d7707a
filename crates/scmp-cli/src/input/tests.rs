// SPDX-License-Identifier: LGPL-2.1-only
//! What the tests of several formats do.

use scmp::Arch;
use scmp::bpf::Program;
use scmp_verify::{SyscallData, run};

use super::{Failure, Input};

/// What a call gets.
pub fn verdict(program: &Program, arch: Arch, number: u32, arguments: [u64; 6]) -> u32 {
    let data = SyscallData::new(arch.audit_token(), number, arguments);
    run(program, &data).unwrap()
}

/// Whatever is cut off a text in JSON, the mistake has a place; whatever one byte in so many
/// becomes, there is an answer.
pub fn damage(text: &str, step: usize, read: impl Fn(&str) -> Result<Input, Failure>) {
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let why = read(&text[..end]).unwrap_err().to_string();
        let parts = why.matches(':').count();
        assert!(why.starts_with("f:") && parts >= 3, "{end}: {why}");
    }
    for at in (0..text.len()).step_by(step) {
        for byte in [b'"', b'0', b'{', b']', b'x', b' '] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = read(&String::from_utf8(bytes).unwrap());
        }
    }
}
