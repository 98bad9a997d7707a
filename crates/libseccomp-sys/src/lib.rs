// SPDX-License-Identifier: LGPL-2.1-only
//! Takes the place of crates.io's crate of this name by `[patch.crates-io]`: [`scmp_sys`].

pub use scmp_sys::*;
