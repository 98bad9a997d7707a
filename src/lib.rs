// SPDX-License-Identifier: LGPL-2.1-only
//! Seccomp filters from rules.
//!
//! This crate is the core of a drop-in replacement for libseccomp. The core is
//! safe Rust without global state: a [`Filter`] takes rules, and gives a BPF
//! [`bpf::Program`] or pseudo filter code. [`kernel`] loads programs. The C
//! ABI (`seccomp_*`) is a thin layer on top, behind the feature `capi`.
//!
//! ```
//! use scmp::{Action, Arch, Comparison, Comparisons, Filter, Match, Operator};
//!
//! let mut filter = Filter::new(Action::errno(libc::EPERM)?)?;
//! let number = |name: &[u8]| Arch::native().syscall_number(name).unwrap();
//! filter.add_rule(Action::Allow, number(b"read"), &Comparisons::default(), Match::Exact)?;
//! let to_stderr = Comparison::new(0, Operator::Equal, 2)?;
//! filter.add_rule(
//!     Action::Allow,
//!     number(b"write"),
//!     &Comparisons::new(&[to_stderr])?,
//!     Match::Exact,
//! )?;
//! assert!(filter.program()?.instructions().len() > 5);
//! # Ok::<(), scmp::Error>(())
//! ```

#[forbid(unsafe_code)]
pub mod arch;
#[forbid(unsafe_code)]
pub mod bpf;
#[forbid(unsafe_code)]
mod compiler;
#[forbid(unsafe_code)]
mod error;
#[forbid(unsafe_code)]
mod fallible;
#[forbid(unsafe_code)]
mod filter;
#[forbid(unsafe_code)]
mod hash;
pub mod kernel;
#[forbid(unsafe_code)]
mod pfc;
#[forbid(unsafe_code)]
pub mod profile;
#[forbid(unsafe_code)]
pub mod proof;
#[forbid(unsafe_code)]
pub mod syscalls;
#[forbid(unsafe_code)]
mod tree;

#[cfg(feature = "capi")]
pub mod capi;

pub use arch::{Arch, Endian, WordSize};
pub use error::{Error, Invalid};
pub use filter::{
    Action, Attributes, Comparison, Comparisons, Errno, Filter, Match, Operator, Optimization,
};
