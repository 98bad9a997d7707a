// SPDX-License-Identifier: LGPL-2.1-only
#![forbid(unsafe_code)]
//! Runs seccomp programs, and checks them for all inputs: against each other, and
//! against the rules that they were made from.

pub mod assembly;
pub mod cost;
pub mod decision;
mod interpreter;
pub mod op;
mod operation;
pub mod profile;
pub mod proof;
#[cfg(test)]
#[path = "../../../tests/oracle/random.rs"]
#[allow(dead_code)]
mod random;
pub mod text;
mod validation;

pub use interpreter::{Fault, SyscallData, run, run_stack, trace};
pub use validation::{Flaw, InstructionFault, validate};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
