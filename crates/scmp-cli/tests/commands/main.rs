// SPDX-License-Identifier: LGPL-2.1-only
//! The commands, run as a user runs them.

mod architectures;
mod changes;
mod check;
mod diff;
mod exact_input;
mod inputs;
mod json_inputs;
mod json_outputs;
mod minijail;
mod process;
mod programs;
#[path = "../../../../tests/oracle/random.rs"]
#[allow(dead_code)]
mod random;
mod readme;
mod removal;
mod run;
mod show;
mod syscalls;
mod test;
mod why;
