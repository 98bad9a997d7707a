// SPDX-License-Identifier: LGPL-2.1-only
//! Policies as they are written.

use crate::formula::Formula;
use crate::input::{Note, Place};

/// A policy as it is written, for one machine.
#[derive(Debug, Default)]
pub struct Policy {
    pub statements: Vec<Statement>,
    /// Of the last `@default`.
    pub default: Option<u32>,
    /// The first `@denylist`.
    pub denylist: Option<Place>,
    /// The first thing that only minijail's compiler knows, and what it is.
    pub compiler_only: Option<(Place, String)>,
    pub notes: Vec<Note>,
}

/// System calls and what is done with them.
#[derive(Debug)]
pub struct Statement {
    pub calls: Vec<Call>,
    /// At least one.
    pub filters: Vec<Filter>,
}

#[derive(Debug)]
pub struct Call {
    pub name: String,
    pub number: u32,
}

#[derive(Debug)]
pub struct Filter {
    /// `None` for all arguments.
    pub condition: Option<Formula>,
    /// `None` if the policy names none, after a condition.
    pub action: Option<Action>,
    pub place: Place,
}

/// An action and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `return ERRNO`
    Errno(u16),
    /// `return` alone: as libminijail blocks other calls.
    Blocked,
    /// Any other: its value (`SECCOMP_RET_*`).
    Other(u32),
}
