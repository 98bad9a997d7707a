// SPDX-License-Identifier: LGPL-2.1-only
//! Options as getopt(3) of glibc reads them: `-ab`, `-aVALUE`, `-a VALUE`, `--`; operands
//! and options may be mixed, unless the environment has `POSIXLY_CORRECT`.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::vec;

/// The options of a command line, in order.
#[derive(Debug)]
pub struct Options {
    /// As getopt's: a letter for each option, and a colon after those with a value.
    letters: &'static str,
    arguments: vec::IntoIter<OsString>,
    /// What is left of an argument with options.
    cluster: VecDeque<u8>,
    operands: Vec<OsString>,
    operands_end_options: bool,
}

/// An option that the program does not have, or that lacks its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadOption {
    /// There is no such option.
    Unknown(u8),
    /// The last argument is an option with a value.
    NoValue(u8),
}

impl fmt::Display for BadOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadOption::Unknown(letter) => write!(f, "unknown option: -{}", letter.escape_ascii()),
            BadOption::NoValue(letter) => write!(f, "option -{} needs a value", *letter as char),
        }
    }
}

impl Options {
    /// The options of the process.
    pub fn of_process(letters: &'static str) -> Options {
        let mut options = Options::new(letters, std::env::args_os().skip(1));
        options.operands_end_options = std::env::var_os("POSIXLY_CORRECT").is_some();
        options
    }

    fn new(letters: &'static str, arguments: impl IntoIterator<Item = OsString>) -> Options {
        Options {
            letters,
            arguments: arguments.into_iter().collect::<Vec<_>>().into_iter(),
            cluster: VecDeque::new(),
            operands: Vec::new(),
            operands_end_options: false,
        }
    }

    /// The next option and its value, which is empty for an option without one; `None`
    /// after the last.
    ///
    /// # Errors
    /// [`BadOption`].
    pub fn next_option(&mut self) -> Result<Option<(u8, OsString)>, BadOption> {
        while self.cluster.is_empty() {
            let Some(argument) = self.arguments.next() else {
                return Ok(None);
            };
            match argument.as_bytes() {
                b"--" => self.operands.extend(self.arguments.by_ref()),
                [b'-', cluster @ ..] if !cluster.is_empty() => {
                    self.cluster = cluster.to_vec().into();
                }
                _ => {
                    self.operands.push(argument);
                    if self.operands_end_options {
                        self.operands.extend(self.arguments.by_ref());
                    }
                }
            }
        }
        let Some(letter) = self.cluster.pop_front() else {
            return Ok(None);
        };
        let mut letters = self.letters.bytes().skip_while(|known| *known != letter);
        if letter == b':' || letters.next().is_none() {
            return Err(BadOption::Unknown(letter));
        }
        let value = match letters.next() {
            Some(b':') if self.cluster.is_empty() => {
                self.arguments.next().ok_or(BadOption::NoValue(letter))?
            }
            Some(b':') => OsString::from_vec(self.cluster.drain(..).collect()),
            _ => OsString::new(),
        };
        Ok(Some((letter, value)))
    }

    /// The operands. All of them are known after the last option.
    pub fn operands(&self) -> Vec<&OsStr> {
        self.operands.iter().map(OsString::as_os_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (Vec<(char, String)>, Vec<String>);

    fn read(options: &mut Options) -> Result<Read, BadOption> {
        let mut found = Vec::new();
        while let Some((letter, value)) = options.next_option()? {
            found.push((letter as char, value.into_string().unwrap()));
        }
        let operands = options.operands();
        let operands = operands.iter().map(|name| name.to_string_lossy());
        Ok((found, operands.map(|name| name.into_owned()).collect()))
    }

    fn options(line: &str) -> Options {
        Options::new("a:ht", line.split(' ').map(OsString::from))
    }

    fn found(options: &[(char, &str)], operands: &[&str]) -> Result<Read, BadOption> {
        let options = options
            .iter()
            .map(|(letter, value)| (*letter, value.to_string()));
        Ok((
            options.collect(),
            operands.iter().map(|name| name.to_string()).collect(),
        ))
    }

    #[test]
    fn options_are_read_as_getopt_reads_them() {
        for (line, expected) in [
            ("-h -t", found(&[('h', ""), ('t', "")], &[])),
            ("-hax86 b", found(&[('h', ""), ('a', "x86")], &["b"])),
            ("-a=x", found(&[('a', "=x")], &[])),
            ("-a -- -t", found(&[('a', "--"), ('t', "")], &[])),
            ("a -t b", found(&[('t', "")], &["a", "b"])),
            ("a -- -t --", found(&[], &["a", "-t", "--"])),
            ("- -t", found(&[('t', "")], &["-"])),
            ("-t -x", Err(BadOption::Unknown(b'x'))),
            ("-t:", Err(BadOption::Unknown(b':'))),
            ("--help", Err(BadOption::Unknown(b'-'))),
            ("x -a", Err(BadOption::NoValue(b'a'))),
        ] {
            assert_eq!(read(&mut options(line)), expected, "{line}");
        }
    }

    #[test]
    fn an_operand_may_end_the_options() {
        let mut options = options("-t a -x");
        options.operands_end_options = true;
        assert_eq!(read(&mut options), found(&[('t', "")], &["a", "-x"]));
    }
}
