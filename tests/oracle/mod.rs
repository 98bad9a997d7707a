// SPDX-License-Identifier: LGPL-2.1-only
//! Random sequences of calls; and what the filters that they make must decide, worked out
//! without trees and programs: a loop over the rules, with its own facts on architectures.
//! Nothing here uses the library beyond its data types and its table of system call names,
//! but for `check`, which compares, and the exact check's rule sets in `arch_rules`.

// No test uses all of it.
#![allow(dead_code)]

pub mod arch_rules;
pub mod call;
pub mod case;
pub mod check;
pub mod facts;
pub mod generate;
pub mod inputs;
pub mod long;
pub mod model;
pub mod random;
pub mod run;
pub mod shrink;
pub mod vocabulary;
