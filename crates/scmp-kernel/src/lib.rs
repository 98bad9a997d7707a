// SPDX-License-Identifier: LGPL-2.1-only
//! Seccomp in the running kernel: which features it has, loading programs, and
//! notifications. All system calls are in `sys`.
//!
//! Features are probed when first asked about and remembered in [`Features`],
//! because a filter that is loaded later may forbid the probe.

mod error;
mod features;
mod load;
mod notify;
mod sys;

pub use error::Error;
pub use features::{Feature, Features};
pub use load::{LoadOptions, Loaded, load};
pub use notify::{
    NotificationSizes, add_descriptor, id_is_valid, notification_sizes, receive, respond,
};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
