// SPDX-License-Identifier: LGPL-2.1-only
//! What a filter must decide, worked out without trees and programs: a loop
//! over its rules, with its own facts on architectures. Nothing here uses the
//! library beyond its data types and its table of system call names.

pub mod case;
pub mod check;
pub mod facts;
pub mod generate;
pub mod inputs;
// tests/decisions.rs does without: its inputs are too many for long filters.
#[allow(dead_code)]
pub mod long;
pub mod model;
pub mod random;
pub mod shrink;
