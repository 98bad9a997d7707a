// SPDX-License-Identifier: LGPL-2.1-only
//! Runs scmp, and has its answers as text.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use serde_json::Value;
use snapbox::cmd::{Command, OutputAssert};

/// The program; coreutils' timeout(1) ends what hangs. EMULATOR runs what this machine can't.
pub fn program() -> process::Command {
    let emulator = std::env::var("EMULATOR").unwrap_or_default();
    let mut command = process::Command::new("timeout");
    command.arg("120").args(emulator.split_whitespace());
    command.arg(snapbox::cmd::cargo_bin!("scmp"));
    command
}

/// A command line, without colours.
pub fn scmp<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let command = Command::from_std(program()).env("NO_COLOR", "1");
    command.args(arguments)
}

pub fn stdout(answer: &OutputAssert) -> String {
    String::from_utf8_lossy(&answer.get_output().stdout).into_owned()
}

pub fn stderr(answer: &OutputAssert) -> String {
    String::from_utf8_lossy(&answer.get_output().stderr).into_owned()
}

pub fn json(answer: &OutputAssert) -> Value {
    serde_json::from_str(&stdout(answer)).expect("JSON")
}

/// A folder for the running test: its own, unless one thread runs all tests.
pub fn folder() -> PathBuf {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default().replace("::", "-");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A file in it.
pub fn file(name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
    let path = folder().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, contents).expect("a file");
    path
}
