// SPDX-License-Identifier: LGPL-2.1-only
//! The commands, run as a user runs them.

mod architectures;
mod check;
mod completions;
mod diff;
mod inputs;
mod json_inputs;
mod json_outputs;
mod minijail;
mod process;
mod programs;
mod readme;
mod show;
mod syscalls;
mod test;
mod why;

use std::fs;
use std::path::{Path, PathBuf};

use snapbox::cmd::{Command, OutputAssert};

fn scmp(command: &str) -> Command {
    let scmp = Command::new(snapbox::cmd::cargo_bin!("scmp"));
    scmp.env("NO_COLOR", "1").arg(command)
}

/// A file of one test's own.
fn file(name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, contents).expect("a file");
    path
}

/// What a command has written to standard output.
fn stdout(run: &OutputAssert) -> String {
    String::from_utf8_lossy(&run.get_output().stdout).into_owned()
}

/// What a command has written to standard error.
fn stderr(run: &OutputAssert) -> String {
    String::from_utf8_lossy(&run.get_output().stderr).into_owned()
}

/// What a command has written to standard output, as JSON.
fn json(run: &OutputAssert) -> serde_json::Value {
    serde_json::from_slice(&run.get_output().stdout).expect("JSON")
}
