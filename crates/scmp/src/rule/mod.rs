// SPDX-License-Identifier: LGPL-2.1-only
//! What rules consist of: actions, comparisons, conditions, settings. This module depends
//! on `error` and `fallible` only.

mod action;
mod comparison;
mod condition;
mod condition_text;
mod settings;
mod text;
mod word;

pub use action::{Action, Errno};
pub(crate) use comparison::{ARGUMENTS, Kind, imply};
pub use comparison::{Comparison, Comparisons, Operator};
pub(crate) use condition::MaskTest;
pub use condition::{ArgumentSet, Condition};
pub use settings::{Attributes, Optimization, RuleMode};
pub use word::{Endian, WordSize};

/// Whether the feature `extensions` is on: filters may have what libseccomp lacks. The
/// `libseccomp.so` of this project is built without it, and is a sixth smaller.
pub(crate) const EXTENSIONS: bool = cfg!(feature = "extensions");
