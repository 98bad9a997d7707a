// SPDX-License-Identifier: LGPL-2.1-only
//! What rules consist of: actions, comparisons, settings. This module depends on
//! `error` only.

mod action;
mod comparison;
mod settings;
mod text;
mod word;

pub use action::{Action, Errno};
pub(crate) use comparison::{ARGUMENTS, Kind, imply};
pub use comparison::{Comparison, Comparisons, Operator};
pub use settings::{Attributes, Optimization, RuleMode};
pub use word::{Endian, WordSize};
