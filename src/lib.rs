// SPDX-License-Identifier: LGPL-2.1-only
//! The C ABI of libseccomp 2.6.1, over the safe core.
//!
//! Every function has the same shape: check pointers, call the core, turn
//! `Error` into a negative `errno` (`errno`), let no panic out
//! (`entry`). Return codes, argument checks and errno follow the C library here. Generated
//! programs and text follow it in the crate `scmp`.
//!
//! The two variadic functions are in `variadic.c`, because Rust can't define
//! such functions; they collect their arguments and call `*_array`.
//!
//! # Threads, fork, signals
//! Different filters may be used by different threads at once; one filter
//! must not. The known features of the kernel are shared by all threads.
//! After fork(2) the child has copies of the parent's filters.
//! docs/architecture.md lists the functions that are async-signal-safe, and where a
//! thread may be cancelled.

mod context;
mod descriptor;
mod entry;
mod errno;
mod error;
mod filter;
mod library;
mod listener;
mod load;
mod notify;
mod output;
mod resolve;
mod rules;
pub mod types;

pub use filter::*;
pub use library::{seccomp_api_get, seccomp_api_set, seccomp_version};
pub use load::*;
pub use notify::*;
pub use output::*;
pub use resolve::*;
pub use rules::*;

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
