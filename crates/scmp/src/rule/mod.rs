// SPDX-License-Identifier: LGPL-2.1-only
//! The words that rules are made of: actions, comparisons, settings. All other
//! modules use them; this one uses none.

mod action;
mod comparison;
mod settings;
mod word;

pub use action::{Action, Errno};
pub(crate) use comparison::{ARGUMENTS, Kind, imply};
pub use comparison::{Comparison, Comparisons, Operator};
pub use settings::{Attributes, Optimization, RuleMode};
pub use word::{Endian, WordSize};
