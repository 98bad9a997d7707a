// SPDX-License-Identifier: LGPL-2.1-only
//! A client of syscallz: a list of what is allowed, one call refused with an error
//! number, one comparison of an argument, then all of it tried in this process.

use std::io::Error;
use syscallz::{Action, Cmp, Comparator, Context, Syscall};

fn errno(number: libc::c_long, args: [libc::c_long; 2]) -> i32 {
    // SAFETY: neither call takes a pointer.
    let result = unsafe { libc::syscall(number, args[0], args[1]) };
    if result == -1 {
        Error::last_os_error().raw_os_error().unwrap()
    } else {
        0
    }
}

fn main() -> syscallz::Result<()> {
    let mut context = Context::init_with_action(Action::Allow)?;
    context.set_action_for_syscall(Action::Errno(libc::EDOM as u16), Syscall::personality)?;
    context.set_rule_for_syscall(
        Action::Errno(libc::EXDEV as u16),
        Syscall::getpriority,
        &[Comparator::new(1, Cmp::Gt, 7, None)],
    )?;
    context.load()?;
    assert_eq!(errno(libc::SYS_personality, [-1, 0]), libc::EDOM);
    assert_eq!(errno(libc::SYS_getpriority, [0, 8]), libc::EXDEV);
    assert_eq!(errno(libc::SYS_getpriority, [0, 0]), 0);

    // Under the first one, a list of what is allowed.
    let mut list = Context::init()?;
    for call in [
        Syscall::write,
        Syscall::getpid,
        Syscall::exit_group,
        Syscall::sigaltstack,
        Syscall::munmap,
    ] {
        list.allow_syscall(call)?;
    }
    list.load()?;
    println!("worked: two filters");
    if std::env::args().any(|arg| arg == "forbidden") {
        errno(libc::SYS_getpriority, [0, 0]);
        println!("SURVIVED");
    }
    Ok(())
}
