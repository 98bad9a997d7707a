// SPDX-License-Identifier: LGPL-2.1-only
//! Seccomp in the running kernel: which features it has, loading programs, and
//! notifications.
//!
//! [`Load`] puts a filter in force, and a [`Listener`] receives its notifications.
//! Features are probed when first asked about and remembered in [`Features`],
//! because a filter that is loaded later may forbid the probe.
//!
//! [`filters_of`] reads the filters of a thread, [`filters_of_threads`] those of a
//! process, and [`trace`] those that a program installs.
//!
//! The functions that take raw memory or give a raw descriptor ([`receive`], [`install`] and
//! their like) serve the C library.

mod error;
mod features;
mod installed;
mod listener;
mod load;
mod notify;
mod ptrace;
mod sys;
mod trace;

pub use error::Error;
pub use features::{Feature, Features};
pub use installed::{filters_of, filters_of_threads};
pub use listener::{AddDescriptor, Listener, Notification, Response};
pub use load::{Load, LoadOptions, Loaded, install, load};
pub use notify::{NotificationSizes, add_descriptor, id_is_valid, is_listener, receive, respond};
pub use sys::notification_sizes;
pub use trace::{Stack, Trace, trace};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
