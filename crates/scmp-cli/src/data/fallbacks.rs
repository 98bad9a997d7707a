// SPDX-License-Identifier: LGPL-2.1-only
//! Calls for which C libraries and others need ENOSYS where the call is missing.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::rows;

const CSV: &str = include_str!("../../data/fallbacks.csv");

/// What libraries do if the kernel lacks a call.
#[derive(Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Calls one of which they make then, separated by spaces; `nothing` if they do without.
    pub instead: &'static str,
    /// Which of them, with the version that began to: `glibc 2.34`.
    pub library: &'static str,
    /// What depends on it.
    pub reason: &'static str,
}

/// What libraries do if the kernel answers ENOSYS to a call, and only then; `None` if they do
/// nothing, or the same after any error.
pub fn of(call: &str) -> Option<&'static Fallback> {
    static TABLE: LazyLock<HashMap<&str, Fallback>> = LazyLock::new(|| {
        let fallback = |[call, instead, library, reason]: [&'static str; 4]| {
            let fallback = Fallback {
                instead,
                library,
                reason,
            };
            (call, fallback)
        };
        rows(CSV).map(fallback).collect()
    });
    TABLE.get(call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names;

    #[test]
    fn known_fallbacks() {
        let clone3 = of("clone3").unwrap();
        assert_eq!((clone3.instead, clone3.library), ("clone", "glibc 2.34"));
        assert!(clone3.reason.starts_with("pthread_create()"));
        assert!(of("faccessat2").is_some());
        assert_eq!(of("read"), None);
    }

    #[test]
    fn all_are_calls() {
        for [call, instead, library, reason] in rows(CSV) {
            assert!(names::known(call).is_some(), "{call}");
            let is_call = |name: &str| names::known(name).is_some();
            let known = instead == "nothing" || instead.split(' ').all(is_call);
            assert!(known, "{call}: {instead}");
            assert!(!library.is_empty() && !reason.is_empty(), "{call}");
        }
        // Each new 64-bit time has the older call beside it.
        for call in names::all() {
            if call.ends_with("_time64") && call != "io_pgetevents_time64" {
                assert!(of(call).is_some(), "{call}");
            }
        }
    }
}
