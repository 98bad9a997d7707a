// SPDX-License-Identifier: LGPL-2.1-only
//! Prints the API level of the running kernel. Arguments are ignored.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use scmp_kernel::Features;

fn main() -> ExitCode {
    scmp_tools::run_for_line(|| Ok(Features::new().level()))
}
