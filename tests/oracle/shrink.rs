// SPDX-License-Identifier: LGPL-2.1-only
//! Makes a sequence small.

use super::call::{Call, Compared};

/// Removes calls and simplifies rules while the sequence still `shows` the fault; returns the
/// smallest sequence found.
pub fn shrink(mut calls: Vec<Call>, mut shows: impl FnMut(&[Call]) -> bool) -> Vec<Call> {
    loop {
        let before = calls.clone();
        let mut size = calls.len() / 2;
        while size > 0 {
            let mut at = 0;
            while at < calls.len() {
                let mut less = calls.clone();
                less.drain(at..(at + size).min(calls.len()));
                match shows(&less) {
                    true => calls = less,
                    false => at += size,
                }
            }
            size /= 2;
        }
        for at in 0..calls.len() {
            for simpler in simpler(&calls[at]) {
                let mut changed = calls.clone();
                changed[at] = simpler;
                if shows(&changed) {
                    calls = changed;
                    break;
                }
            }
        }
        if calls == before {
            return calls;
        }
    }
}

/// Forms of one call that say less.
fn simpler(call: &Call) -> Vec<Call> {
    let Call::Rule {
        filter,
        exact,
        action,
        number,
        compared,
    } = call
    else {
        return Vec::new();
    };
    let with = |compared: Vec<Compared>, exact: bool| Call::Rule {
        filter: *filter,
        exact,
        action: *action,
        number: *number,
        compared,
    };
    let mut all = Vec::new();
    if *exact {
        all.push(with(compared.clone(), false));
    }
    for at in 0..compared.len() {
        let mut less = compared.clone();
        less.remove(at);
        all.push(with(less, *exact));
        let old = compared[at];
        let mut change = |new: Compared| {
            let mut changed = compared.clone();
            changed[at] = new;
            all.push(with(changed, *exact));
        };
        // Downwards only, or it would never end.
        for a in [0, 1, 2, 1 << 32] {
            if a < old.a {
                change(Compared { a, ..old });
            }
        }
        for b in [0, 1] {
            if b < old.b {
                change(Compared { b, ..old });
            }
        }
    }
    all
}
