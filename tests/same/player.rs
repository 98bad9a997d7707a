// SPDX-License-Identifier: LGPL-2.1-only
//! One library in a process of its own.

use std::fmt::Display;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where tests-c/same/player.c has been built, and a library.
#[derive(Clone, Debug)]
pub struct Library {
    pub player: PathBuf,
    pub path: PathBuf,
    /// Processor time that a sequence may take.
    pub milliseconds: u32,
}

impl Library {
    /// The library with another limit of processor time.
    pub fn within(&self, milliseconds: u32) -> Library {
        Library {
            milliseconds,
            ..self.clone()
        }
    }
}

/// What became of a sequence of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One line a call.
    Answers(Vec<String>),
    /// It took more processor time than it may.
    Hang,
    /// An export wrote more than any filter needs.
    Endless,
    /// It ended with this signal.
    Crash(i32),
}

impl Outcome {
    pub fn answers(&self) -> Option<&[String]> {
        match self {
            Outcome::Answers(lines) => Some(lines),
            _ => None,
        }
    }

    pub fn is_answered(&self) -> bool {
        self.answers().is_some()
    }
}

pub struct Player {
    library: Library,
    running: Option<Running>,
}

struct Running {
    child: Child,
    calls: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// linux/signal.h, any architecture that this runs on.
const SIGXFSZ: i32 = 25;
const SIGPROF: i32 = 27;

impl Running {
    fn start(library: &Library) -> Running {
        let mut child = Command::new(&library.player)
            .arg(&library.path)
            .arg(library.milliseconds.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the player starts");
        Running {
            calls: child.stdin.take().expect("a pipe"),
            answers: BufReader::new(child.stdout.take().expect("a pipe")),
            child,
        }
    }

    fn play(&mut self, text: &[u8]) -> Option<Vec<String>> {
        self.calls.write_all(text).ok()?;
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line).ok()? == 0 {
                return None;
            }
            line.pop();
            if line == "end" {
                return Some(lines);
            }
            lines.push(line);
        }
    }
}

impl Player {
    pub fn new(library: &Library) -> Player {
        Player {
            library: library.clone(),
            running: None,
        }
    }

    pub fn play(&mut self, calls: &[impl Display]) -> Outcome {
        let mut text = String::new();
        for call in calls {
            text.push_str(&call.to_string());
            text.push('\n');
        }
        text.push_str("end\n");
        let library = &self.library;
        let running = self.running.get_or_insert_with(|| Running::start(library));
        if let Some(answers) = running.play(text.as_bytes()) {
            assert_eq!(answers.len(), calls.len(), "one answer a call");
            return Outcome::Answers(answers);
        }
        let mut running = self.running.take().expect("it was there");
        drop(running.calls);
        let status = running.child.wait().expect("the player has ended");
        match status.signal() {
            Some(SIGPROF) => Outcome::Hang,
            Some(SIGXFSZ) => Outcome::Endless,
            Some(signal) => Outcome::Crash(signal),
            None => panic!("the player gave up: {status}, {text}"),
        }
    }

    /// Plays what must go well.
    pub fn ask(&mut self, calls: &[impl Display]) -> Vec<String> {
        match self.play(calls) {
            Outcome::Answers(answers) => answers,
            other => panic!("{}: {other:?}", self.library.path.display()),
        }
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            drop(running.calls);
            let _ = running.child.wait();
        }
    }
}
