// SPDX-License-Identifier: LGPL-2.1-only
//! Options as getopt(3) of glibc reads them: `-ab`, `-aVALUE`, `-a VALUE`, `--`; operands
//! and options may be mixed, unless the environment has `POSIXLY_CORRECT`.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
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
    /// A sentence that names an option which the program does not have, or which lacks its
    /// value.
    pub fn next_option(&mut self) -> Result<Option<(u8, OsString)>, String> {
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
            return Err(format!("unknown option: -{}", letter.escape_ascii()));
        }
        let value = match letters.next() {
            Some(b':') if self.cluster.is_empty() => (self.arguments.next())
                .ok_or_else(|| format!("option -{} needs a value", letter as char))?,
            Some(b':') => OsString::from_vec(self.cluster.drain(..).collect()),
            _ => OsString::new(),
        };
        Ok(Some((letter, value)))
    }

    /// The operands. Complete only after `next_option` has returned `None`.
    pub fn operands(&self) -> Vec<&OsStr> {
        self.operands.iter().map(OsString::as_os_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (Vec<(char, String)>, Vec<String>);

    fn read(options: &mut Options) -> Result<Read, String> {
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

    fn found(options: &[(char, &str)], operands: &[&str]) -> Result<Read, String> {
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
            ("-t -x", Err("unknown option: -x".to_string())),
            ("-t:", Err("unknown option: -:".to_string())),
            ("--help", Err("unknown option: --".to_string())),
            ("x -a", Err("option -a needs a value".to_string())),
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
