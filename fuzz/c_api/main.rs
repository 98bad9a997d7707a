// SPDX-License-Identifier: LGPL-2.1-only
//! Any sequence of calls of the C API, with plausible and with senseless arguments, and
//! with memory that runs out. Callers keep only the rules that C forces on them: pointers
//! are null or point to what they should, and released filters are not used.

#![no_main]

mod api;
mod calls;
mod choice;
mod files;
mod loading;
mod picture;
mod session;

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: loading::prepare(), |data: &[u8]| session::run(data));
