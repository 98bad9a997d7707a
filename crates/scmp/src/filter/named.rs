// SPDX-License-Identifier: LGPL-2.1-only
//! Rules that name their system call.

use std::fmt::{self, Write as _};
use std::io;

use thiserror::Error as ThisError;

use super::Filter;
use super::transactions::RejectOnDrop;
use crate::arch::Arch;
use crate::error::Error;
use crate::rule::{Action, Comparison, Comparisons, RuleMode};

/// A system call, by name or by its number on the native architecture.
///
/// ```
/// use scmp::{Action, Filter, Syscall};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.rules(Action::Log, [Syscall::from("openat"), Syscall::from(libc::SYS_openat2)])?;
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syscall<'a> {
    /// The name, such as `openat`. `switch_endian` (Power) has the number of
    /// `sys_debug_setcontext` where the native architecture has neither, as in libseccomp's
    /// header: there a rule on the one is a rule on the other.
    Name(&'a str),
    /// The number on the native architecture; as wide as libc's constants.
    Number(i64),
}

impl Syscall<'_> {
    /// The number on the native architecture, as [`Arch::syscall_number`] gives it.
    ///
    /// ```
    /// use scmp::{Arch, Error, Syscall};
    ///
    /// let read = Arch::native().syscall_number("read").unwrap();
    /// assert_eq!(Syscall::Name("read").number(), Ok(read));
    /// assert_eq!(Syscall::Name("raed").number(), Err(Error::UnknownName));
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`]; [`Error::UnknownSyscall`] for a number of more than 32 bits.
    pub fn number(self) -> Result<i32, Error> {
        match self {
            Syscall::Name(name) => {
                let number = Arch::native().syscall_number(name);
                number.ok_or(Error::UnknownName)
            }
            Syscall::Number(number) => i32::try_from(number).map_err(|_| Error::UnknownSyscall),
        }
    }
}

impl fmt::Display for Syscall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Syscall::Name(name) => f.pad(name),
            Syscall::Number(number) => number.fmt(f),
        }
    }
}

impl<'a> From<&'a str> for Syscall<'a> {
    fn from(name: &'a str) -> Self {
        Syscall::Name(name)
    }
}

impl<'a> From<&&'a str> for Syscall<'a> {
    fn from(name: &&'a str) -> Self {
        Syscall::Name(name)
    }
}

impl<'a> From<&'a String> for Syscall<'a> {
    fn from(name: &'a String) -> Self {
        Syscall::Name(name)
    }
}

impl From<i32> for Syscall<'_> {
    fn from(number: i32) -> Self {
        Syscall::Number(number.into())
    }
}

impl From<i64> for Syscall<'_> {
    fn from(number: i64) -> Self {
        Syscall::Number(number)
    }
}

/// Why a rule was not added, and on which system call.
///
/// ```
/// use scmp::{Action, Error, Filter};
///
/// let mut filter = Filter::new(Action::errno(1)?)?;
/// let refused = filter.rules(Action::Allow, ["read", "wirte"]).unwrap_err();
/// assert_eq!(refused.to_string(), "rule on wirte: no system call has this name");
/// assert_eq!((refused.syscall(), refused.error()), ("wirte", Error::UnknownName));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("rule on {syscall}: {error}")]
pub struct RuleError {
    syscall: String,
    error: Error,
}

impl RuleError {
    fn new(syscall: Syscall<'_>, error: Error) -> RuleError {
        let mut text = String::new();
        let length = match syscall {
            Syscall::Name(name) => name.len(),
            Syscall::Number(_) => "-9223372036854775808".len(),
        };
        // If memory has run out, the error lacks the name.
        if text.try_reserve_exact(length).is_ok() {
            // Writing to a string with room for it can't fail.
            let _ = write!(text, "{syscall}");
        }
        RuleError {
            syscall: text,
            error,
        }
    }

    /// The system call as the caller gave it; empty if there was no memory for it.
    ///
    /// ```
    /// let mut filter = scmp::Filter::new(scmp::Action::Allow)?;
    /// let refused = filter.rule(scmp::Action::Log, -2, []).unwrap_err();
    /// assert_eq!(refused.syscall(), "-2");
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn syscall(&self) -> &str {
        &self.syscall
    }

    /// The reason.
    ///
    /// ```
    /// let mut filter = scmp::Filter::new(scmp::Action::Allow)?;
    /// let refused = filter.rule(scmp::Action::Allow, "read", []).unwrap_err();
    /// assert_eq!(refused.error(), scmp::Error::ActionIsDefault);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn error(&self) -> Error {
        self.error
    }
}

impl From<RuleError> for Error {
    fn from(error: RuleError) -> Error {
        error.error
    }
}

impl From<RuleError> for io::Error {
    fn from(error: RuleError) -> io::Error {
        match io::Error::from(error.error).kind() {
            io::ErrorKind::OutOfMemory => io::ErrorKind::OutOfMemory.into(),
            kind => io::Error::new(kind, error),
        }
    }
}

impl Filter {
    /// Adds a rule: calls of `syscall` whose arguments pass all comparisons get `action`.
    /// The rule applies to every architecture of the filter that has the call, in
    /// [`RuleMode::BestEffort`]. Gives the filter back, for the next rule.
    ///
    /// ```
    /// use scmp::{Action, Comparisons, Filter};
    ///
    /// let mut filter = Filter::new(Action::errno(1)?)?;
    /// filter
    ///     .rule(Action::Allow, "ioctl", ["a1 == 0x5401".parse()?, "a0 <= 2".parse()?])?
    ///     .rule(Action::Allow, "kill", "a0 == 0, a1 < 32".parse::<Comparisons>()?)?
    ///     .rule(Action::Allow, libc::SYS_exit_group, [])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A rule of another action may replace this one, or have it dropped without an error:
    /// [which rule decides](Filter#which-rule-decides).
    ///
    /// # Errors
    /// [`RuleError`] with [`Error::UnknownName`] or an error of [`Filter::add_rule`]; with
    /// [`Error::InvalidArgument`] if two comparisons are of one argument.
    pub fn rule<'a>(
        &mut self,
        action: Action,
        syscall: impl Into<Syscall<'a>>,
        comparisons: impl IntoIterator<Item = Comparison>,
    ) -> Result<&mut Self, RuleError> {
        let syscall = syscall.into();
        let mut all = Comparisons::NONE;
        let mut comparisons = comparisons.into_iter();
        let added = comparisons
            .try_for_each(|comparison| all.add(comparison))
            .and_then(|()| self.add_rule(action, syscall.number()?, &all, RuleMode::BestEffort));
        match added {
            Ok(()) => Ok(self),
            Err(error) => Err(RuleError::new(syscall, error)),
        }
    }

    /// Like [`Filter::rule`], with a condition: [`Filter::add_rule_if`].
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule_if(Action::errno(1)?, "prctl", &"(int)a0 in {22, 35..=36}".parse()?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RuleError`] with [`Error::UnknownName`] or an error of [`Filter::add_rule_if`].
    #[cfg(feature = "extensions")]
    pub fn rule_if<'a>(
        &mut self,
        action: Action,
        syscall: impl Into<Syscall<'a>>,
        condition: &crate::rule::Condition,
    ) -> Result<&mut Self, RuleError> {
        let syscall = syscall.into();
        let number = syscall.number();
        let added = number
            .and_then(|number| self.add_rule_if(action, number, condition, RuleMode::BestEffort));
        match added {
            Ok(()) => Ok(self),
            Err(error) => Err(RuleError::new(syscall, error)),
        }
    }

    /// Adds a rule without comparisons for each of several system calls, or none if one
    /// of them fails. Gives the filter back, for the next rules. With two
    /// names or more, each use of this method copies the filter's rules (a transaction).
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::errno(1)?)?;
    /// filter.rules(Action::Allow, ["read", "write", "exit_group"])?;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`RuleError`] as for [`Filter::rule`], with the first system call that fails.
    pub fn rules<'a, S: Into<Syscall<'a>>>(
        &mut self,
        action: Action,
        syscalls: impl IntoIterator<Item = S>,
    ) -> Result<&mut Self, RuleError> {
        let mut syscalls = syscalls.into_iter().map(Into::into);
        let Some(first) = syscalls.next() else {
            return Ok(self);
        };
        // A rule that fails changes nothing.
        let Some(second) = syscalls.next() else {
            return self.rule(action, first, []);
        };
        let started = self.start_transaction();
        started.map_err(|error| RuleError::new(first, error))?;
        let open = RejectOnDrop(self);
        for syscall in [first, second].into_iter().chain(syscalls) {
            open.0.rule(action, syscall, [])?;
        }
        open.commit();
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_make_the_same_rules() {
        let program = |syscall: Syscall<'_>| {
            let mut filter = Filter::new(Action::Allow).unwrap();
            filter.rule(Action::Log, syscall, []).unwrap();
            filter.program().unwrap().clone()
        };
        let read = Arch::native().syscall_number("read").unwrap();
        assert_eq!(program("read".into()), program(read.into()));
        assert_eq!(
            program((&String::from("read")).into()),
            program(i64::from(read).into())
        );
        const CALLS: &[&str] = &["read"];
        let mut filter = Filter::new(Action::Allow).unwrap();
        filter.rules(Action::Log, CALLS).unwrap();
        assert_eq!(*filter.program().unwrap(), program("read".into()));
    }

    // It copied all rules in each call: 28 s.
    #[test]
    fn one_name_costs_no_copy_of_the_rules() {
        let mut filter = Filter::new(Action::Allow).unwrap();
        for value in 0..60_000u64 {
            let compared = Comparison::new(1, crate::rule::Operator::Equal, value).unwrap();
            filter.rule(Action::Log, "ioctl", [compared]).unwrap();
        }
        let started = std::time::Instant::now();
        for _ in 0..20_000 {
            filter.rules(Action::Log, ["read"]).unwrap();
        }
        let took = started.elapsed();
        assert!(took.as_secs() < 2, "{took:?}");
    }

    // The transaction stayed open, with the rules of the names before.
    #[test]
    fn names_that_panic_add_no_rules() {
        let mut filter = Filter::new(Action::Allow).unwrap();
        filter.start_transaction().unwrap();
        filter.rules(Action::Log, ["read"]).unwrap();
        let before = filter.pseudo_code().unwrap();
        let names = ["write", ""].into_iter();
        let names = names.inspect(|name| assert!(!name.is_empty(), "on purpose"));
        let add = std::panic::AssertUnwindSafe(|| filter.rules(Action::Log, names).is_ok());
        assert!(std::panic::catch_unwind(add).is_err());
        assert_eq!(filter.pseudo_code().unwrap(), before);
        filter.reject_transaction();
        assert_ne!(filter.pseudo_code().unwrap(), before);
    }

    #[test]
    fn failed_rules_change_nothing() {
        let mut filter = Filter::new(Action::Allow).unwrap();
        let before = filter.pseudo_code().unwrap();
        let wide = i64::from(u32::MAX) + 1;
        for (syscall, error) in [
            (Syscall::Name("raed"), Error::UnknownName),
            (Syscall::Number(wide), Error::UnknownSyscall),
            (
                Syscall::Number(-2),
                Error::InvalidArgument(crate::error::Invalid::ReservedNumber),
            ),
        ] {
            let refused = filter.rules(Action::Log, ["read".into(), syscall]);
            let refused = refused.expect_err("a rule that fails");
            assert_eq!(refused.error(), error);
            assert_eq!(refused.syscall(), syscall.to_string());
            assert_eq!(filter.pseudo_code().unwrap(), before);
        }
        let twice = ["a0 == 1".parse().unwrap(), "a0 == 2".parse().unwrap()];
        assert!(filter.rule(Action::Log, "read", twice).is_err());
        assert_eq!(filter.pseudo_code().unwrap(), before);
        filter.rules(Action::Log, ["read"]).unwrap();
        assert_ne!(filter.pseudo_code().unwrap(), before);
    }
}
