// SPDX-License-Identifier: LGPL-2.1-only
#![forbid(unsafe_code)]
#![cfg_attr(not(feature = "extensions"), allow(dead_code))]
//! Seccomp filters from rules.
//!
//! This crate is the core of a drop-in replacement for libseccomp: a [`Filter`] takes
//! rules, and gives a BPF [`bpf::Program`] or pseudo filter code. It is safe Rust
//! without global state. The crate `scmp-kernel` loads programs, `scmp-verify` checks
//! them.
//!
//! ```
//! use scmp::{Action, Comparison, Filter, Operator};
//!
//! let mut filter = Filter::new(Action::errno(libc::EPERM)?)?;
//! let to_stderr = Comparison::new(0, Operator::Equal, 2)?;
//! filter
//!     .rules(Action::Allow, ["read", "close", "exit_group"])?
//!     .rule(Action::Allow, "write", [to_stderr])?;
//! assert!(filter.program()?.instructions().len() > 8);
//! # Ok::<(), scmp::Error>(())
//! ```
//!
//! # Features
//! `extensions`, on by default: [`Filter::add_rule_if`], [`Filter::first_match`],
//! [`Filter::unknown_calls`] and what belongs to them, which libseccomp does not have.

pub mod arch;
pub mod bpf;
mod codegen;
mod emit;
mod error;
mod fallible;
mod filter;
mod hash;
mod lower;
mod policy;
mod resolved;
mod rule;
pub mod syscalls;

pub use arch::Arch;
pub use error::{Error, Invalid, ParseError};
pub use filter::{Filter, RuleError, Syscall};
pub use rule::{
    Action, ArgumentSet, Attributes, Comparison, Comparisons, Condition, Endian, Errno, Operator,
    Optimization, RuleMode, WordSize,
};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
