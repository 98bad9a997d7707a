// SPDX-License-Identifier: LGPL-2.1-only
//! Comparisons of one system call argument with a constant.

use crate::error::Error;

/// How an argument is compared. Arguments and data are unsigned; on 32-bit
/// architectures only the low 32 bits of argument, datum and mask count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Not equal to the datum.
    NotEqual,
    /// Less than the datum.
    Less,
    /// Less than or equal to the datum.
    LessOrEqual,
    /// Equal to the datum.
    Equal,
    /// Greater than or equal to the datum.
    GreaterOrEqual,
    /// Greater than the datum.
    Greater,
    /// `argument & mask` equals `datum & mask`.
    MaskedEqual {
        /// The bits that count.
        mask: u64,
    },
}

/// One comparison of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Comparison {
    argument: u8,
    operator: Operator,
    datum: u64,
}

impl Comparison {
    /// Compares argument 0 to 5.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if `argument` is above 5.
    pub const fn new(argument: u8, operator: Operator, datum: u64) -> Result<Self, Error> {
        if argument as usize >= ARGUMENTS {
            return Err(Error::InvalidArgument("system calls have arguments 0 to 5"));
        }
        Ok(Self {
            argument,
            operator,
            datum,
        })
    }

    /// The argument's position, 0 to 5.
    pub const fn argument(&self) -> u8 {
        self.argument
    }

    /// How it is compared.
    pub const fn operator(&self) -> Operator {
        self.operator
    }

    /// What it is compared with.
    pub const fn datum(&self) -> u64 {
        self.datum
    }
}

/// The arguments of a system call (`struct seccomp_data`, linux/seccomp.h).
pub(crate) const ARGUMENTS: usize = 6;

/// The comparisons of one rule, at most one for each argument; the rule
/// matches when all hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Comparisons {
    by_argument: [Option<Comparison>; ARGUMENTS],
}

impl Comparisons {
    /// Takes comparisons in any order.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if two compare the same argument.
    pub fn new(comparisons: &[Comparison]) -> Result<Self, Error> {
        let mut all = Self::default();
        for comparison in comparisons {
            all.add(*comparison)?;
        }
        Ok(all)
    }

    /// Takes one more comparison.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if its argument is compared already.
    pub fn add(&mut self, comparison: Comparison) -> Result<(), Error> {
        match &mut self.by_argument[usize::from(comparison.argument)] {
            Some(_) => Err(Error::InvalidArgument("an argument is compared twice")),
            slot => {
                *slot = Some(comparison);
                Ok(())
            }
        }
    }

    /// In the order of the arguments.
    pub fn iter(&self) -> impl Iterator<Item = &Comparison> {
        self.by_argument.iter().flatten()
    }

    /// Whether the rule compares nothing.
    pub fn is_empty(&self) -> bool {
        self.by_argument.iter().all(Option::is_none)
    }

    /// The same, with argument 0 compared for equality with `call` whatever
    /// it was compared with before: a rule on a multiplexer.
    pub(crate) fn on_multiplexer(mut self, call: u32) -> Self {
        self.by_argument[0] = Some(Comparison {
            argument: 0,
            operator: Operator::Equal,
            datum: u64::from(call),
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_checked() {
        assert!(Comparison::new(6, Operator::Equal, 0).is_err());
        let first = Comparison::new(3, Operator::Less, 1).unwrap();
        let second = Comparison::new(3, Operator::Greater, 2).unwrap();
        assert!(Comparisons::new(&[first, second]).is_err());
    }

    #[test]
    fn order_is_by_argument() {
        let high = Comparison::new(5, Operator::Equal, 0).unwrap();
        let low = Comparison::new(1, Operator::Equal, 0).unwrap();
        let all = Comparisons::new(&[high, low]).unwrap();
        assert!(all.iter().eq([&low, &high]));
    }
}
