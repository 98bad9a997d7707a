// SPDX-License-Identifier: LGPL-2.1-only

//! Another Rust static library, to be linked into one program with
//! libseccomp.a: it allocates, panics and unwinds with a standard library of
//! its own.

/// 0..n summed, or -1 through a caught panic for a negative n.
#[no_mangle]
pub extern "C" fn neighbour_sum(n: i32) -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    std::panic::catch_unwind(|| {
        let numbers: Vec<i32> = (0..n).collect();
        numbers.iter().sum::<i32>() + numbers[0]
    })
    .unwrap_or(-1)
}
