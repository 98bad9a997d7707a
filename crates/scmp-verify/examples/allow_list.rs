// SPDX-License-Identifier: LGPL-2.1-only
//! Builds a small allow list, prints it, and asks it about two calls.
//!
//! `cargo run --example allow_list`

use scmp::{Action, Arch, Filter, Syscall};
use scmp_verify::{SyscallData, run};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut filter = Filter::new(Action::errno(1)?)?;
    filter
        .rules(Action::Allow, ["read", "exit_group", "rt_sigreturn"])?
        // Standard output and error only.
        .rule(Action::Allow, "write", ["a0 <= 2".parse()?])?;

    let text = filter.pseudo_code()?;
    println!("{}", String::from_utf8_lossy(&text));

    let program = filter.program()?;
    println!("{} instructions", program.instructions().len());
    for descriptor in [2, 3] {
        let number = Syscall::from("write").number()?.unsigned_abs();
        let arguments = [descriptor, 0, 0, 0, 0, 0];
        let call = SyscallData::new(Arch::native().audit_token(), number, arguments);
        let decision = run(program, &call)?;
        match Action::from_raw(decision) {
            Some(action) => println!("write to descriptor {descriptor}: {action}"),
            None => println!("write to descriptor {descriptor}: {decision:#x}"),
        }
    }
    Ok(())
}
