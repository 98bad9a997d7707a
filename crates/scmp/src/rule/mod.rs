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

/// Whether filters may have what libseccomp does not. Where not, the compiler leaves out the
/// code for it: the C library is a sixth smaller.
pub(crate) const EXTENSIONS: bool = cfg!(feature = "extensions");
