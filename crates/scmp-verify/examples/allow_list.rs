// SPDX-License-Identifier: LGPL-2.1-only
//! Builds a small allow list, prints it, and asks it about two calls.
//!
//! `cargo run --example allow_list`

use scmp::{Action, Arch, Comparison, Comparisons, Error, Filter, Operator, RuleMode};
use scmp_verify::{SyscallData, run};

fn main() -> Result<(), Error> {
    let native = Arch::native();
    let number = |name: &str| {
        native
            .syscall_number(name.as_bytes())
            .ok_or(Error::UnknownSyscall)
    };

    let mut filter = Filter::new(Action::errno(1)?)?;
    for name in ["read", "exit_group", "rt_sigreturn"] {
        filter.add_rule(
            Action::Allow,
            number(name)?,
            &Comparisons::default(),
            RuleMode::Exact,
        )?;
    }
    // Standard output and error only.
    let descriptor = Comparison::new(0, Operator::LessOrEqual, 2)?;
    filter.add_rule(
        Action::Allow,
        number("write")?,
        &Comparisons::new(&[descriptor])?,
        RuleMode::Exact,
    )?;

    let text = filter.pseudo_code()?;
    println!("{}", String::from_utf8_lossy(&text));

    let program = filter.program()?;
    println!("{} instructions", program.instructions().len());
    for descriptor in [2, 3] {
        let call = SyscallData {
            number: number("write")?.unsigned_abs(),
            audit_token: native.audit_token(),
            instruction_pointer: 0,
            arguments: [descriptor, 0, 0, 0, 0, 0],
        };
        let verdict = run(program, &call).ok().and_then(Action::from_raw);
        println!("write to descriptor {descriptor}: {verdict:?}");
    }
    Ok(())
}
