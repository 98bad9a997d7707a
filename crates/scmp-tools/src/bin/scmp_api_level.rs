// SPDX-License-Identifier: LGPL-2.1-only
//! Prints the API level of the running kernel. Arguments are ignored.

#![forbid(unsafe_code)]

use std::io::Write as _;
use std::process::ExitCode;

use scmp_kernel::Features;

fn main() -> ExitCode {
    scmp_tools::run(|output| {
        let level = Features::new().level();
        writeln!(output, "{level}").map_err(|error| scmp_tools::unwritten(&error))
    })
}
