// SPDX-License-Identifier: LGPL-2.1-only
//! Comparisons of one system call argument with a constant.

use super::WordSize;
use crate::error::{Error, Invalid};

/// How an argument is compared. Arguments and data are unsigned; on 32-bit
/// architectures only the low 32 bits of argument, datum and mask count.
///
/// Its text is one of `!=`, `<`, `<=`, `==`, `>=`, `>` or, with the mask, `& 0xff ==`.
///
/// ```
/// use scmp::Operator;
///
/// assert_eq!("& 0xff ==".parse(), Ok(Operator::MaskedEqual { mask: 0xff }));
/// assert_eq!(Operator::LessOrEqual.to_string(), "<=");
/// ```
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

/// Compares one system call argument with a constant.
///
/// Its text is the argument, `a0` to `a5`, its operator and the constant, which is decimal,
/// or hexadecimal after `0x`. `(int)` precedes an argument of which only the low 32
/// bits count ([`Comparison::of_int`]).
///
/// ```
/// use scmp::{Comparison, Operator};
///
/// let is_fork = Comparison::new(0, Operator::MaskedEqual { mask: 0x7e02_0000 }, 0)?;
/// assert_eq!(is_fork.to_string(), "a0 & 0x7e020000 == 0");
/// assert_eq!("a0 & 0x7e020000 == 0".parse(), Ok(is_fork));
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Comparison {
    argument: u16,
    /// If 32 bits, only the low halves of the argument, mask and datum count; the high halves
    /// of mask and datum are 0.
    width: WordSize,
    kind: Kind,
    /// The mask of `Kind::MaskedEqual`; all bits for other kinds.
    mask: u64,
    datum: u64,
}

/// An operator without its mask, to save memory. In the order of libseccomp's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub(crate) enum Kind {
    NotEqual,
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
    MaskedEqual,
}

impl Comparison {
    /// Compares argument 0 to 5.
    ///
    /// ```
    /// use scmp::{Action, Comparison, Filter, Operator};
    ///
    /// let mut filter = Filter::new(Action::errno(1)?)?;
    /// let to_stderr = Comparison::new(0, Operator::Equal, 2)?;
    /// filter.rule(Action::Allow, "write", [to_stderr])?;
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if `argument` is above 5.
    pub const fn new(argument: u8, operator: Operator, datum: u64) -> Result<Self, Error> {
        let (kind, mask) = match operator {
            Operator::NotEqual => (Kind::NotEqual, u64::MAX),
            Operator::Less => (Kind::Less, u64::MAX),
            Operator::LessOrEqual => (Kind::LessOrEqual, u64::MAX),
            Operator::Equal => (Kind::Equal, u64::MAX),
            Operator::GreaterOrEqual => (Kind::GreaterOrEqual, u64::MAX),
            Operator::Greater => (Kind::Greater, u64::MAX),
            Operator::MaskedEqual { mask } => (Kind::MaskedEqual, mask),
        };
        if argument as usize >= ARGUMENTS {
            return Err(Error::InvalidArgument(Invalid::ArgumentPosition));
        }
        Ok(Self {
            argument: argument as u16,
            width: WordSize::Bits64,
            kind,
            mask,
            datum,
        })
    }

    /// Compares the low 32 bits of argument 0 to 5, unsigned, with those of the datum. That
    /// is how the kernel takes an `int`: it ignores the high half of the register, which
    /// the caller may set as it likes. So a rule that refuses `a0 == 40` lets 2³² + 40
    /// through, and one that allows `a0 == -100` as 64 bits refuses callers that leave the
    /// high half 0. On 32-bit architectures this is the same as [`Comparison::new`].
    ///
    /// ```
    /// use scmp::{Comparison, Operator};
    ///
    /// let is_vsock = Comparison::of_int(0, Operator::Equal, 40)?;
    /// assert_eq!(is_vsock.to_string(), "(int)a0 == 40");
    /// // AT_FDCWD, in each form in which a caller may pass it.
    /// let is_here = Comparison::of_int(0, Operator::Equal, -100_i64 as u64)?;
    /// assert_eq!(is_here.datum(), 0xffff_ff9c);
    /// assert_eq!("(int)a0 == -100".parse(), Ok(is_here));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if `argument` is above 5.
    pub const fn of_int(argument: u8, operator: Operator, datum: u64) -> Result<Self, Error> {
        match Self::new(argument, operator, datum) {
            Ok(comparison) => Ok(Self {
                width: WordSize::Bits32,
                mask: comparison.mask as u32 as u64,
                datum: comparison.datum as u32 as u64,
                ..comparison
            }),
            Err(error) => Err(error),
        }
    }

    /// How many bits of the argument count on 64-bit architectures: 32 if the comparison is
    /// [of an `int`](Comparison::of_int). On 32-bit architectures 32 bits always do.
    ///
    /// ```
    /// use scmp::{Comparison, WordSize};
    ///
    /// let comparison: Comparison = "(int)a1 > 7".parse()?;
    /// assert_eq!(comparison.width(), WordSize::Bits32);
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub const fn width(&self) -> WordSize {
        self.width
    }

    /// How many bits of the argument count on architectures of this word size.
    pub(crate) fn width_on(&self, word_size: WordSize) -> WordSize {
        match word_size {
            WordSize::Bits32 => WordSize::Bits32,
            WordSize::Bits64 => self.width,
        }
    }

    /// The argument's position, 0 to 5.
    ///
    /// ```
    /// let comparison: scmp::Comparison = "a4 > 7".parse()?;
    /// assert_eq!((comparison.argument(), comparison.datum()), (4, 7));
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub const fn argument(&self) -> u8 {
        self.argument as u8
    }

    /// The operator, with its mask.
    ///
    /// ```
    /// let comparison: scmp::Comparison = "a4 > 7".parse()?;
    /// assert_eq!(comparison.operator(), scmp::Operator::Greater);
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub const fn operator(&self) -> Operator {
        match self.kind {
            Kind::NotEqual => Operator::NotEqual,
            Kind::Less => Operator::Less,
            Kind::LessOrEqual => Operator::LessOrEqual,
            Kind::Equal => Operator::Equal,
            Kind::GreaterOrEqual => Operator::GreaterOrEqual,
            Kind::Greater => Operator::Greater,
            Kind::MaskedEqual => Operator::MaskedEqual { mask: self.mask },
        }
    }

    /// Whether no bit counts: a `MaskedEqual` without one in its mask. Such a comparison has no
    /// test.
    pub(crate) fn has_no_bits(&self, word_size: WordSize) -> bool {
        self.mask & self.width_on(word_size).largest() == 0
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The bits that count.
    pub(crate) fn mask(&self) -> u64 {
        self.mask
    }

    /// The constant that the argument is compared with.
    ///
    /// ```
    /// let comparison: scmp::Comparison = "a0 & 0xf0 == 0x10".parse()?;
    /// assert_eq!(comparison.datum(), 16);
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub const fn datum(&self) -> u64 {
        self.datum
    }
}

/// The values that pass a comparison.
pub(super) enum Passing {
    /// From the first to the last; none if the first is greater.
    Range(u64, u64),
    /// All but one.
    AllBut(u64),
    /// Those with these bits under the mask.
    Masked { mask: u64, bits: u64 },
}

impl Comparison {
    /// The values for which it holds, as far as `width` bits count.
    pub(super) fn passing(&self, width: WordSize) -> Passing {
        let largest = width.largest();
        let datum = self.datum & largest;
        let none = Passing::Range(1, 0);
        match self.operator() {
            Operator::Equal => Passing::Range(datum, datum),
            Operator::NotEqual => Passing::AllBut(datum),
            Operator::Less => datum
                .checked_sub(1)
                .map_or(none, |last| Passing::Range(0, last)),
            Operator::LessOrEqual => Passing::Range(0, datum),
            Operator::GreaterOrEqual => Passing::Range(datum, largest),
            Operator::Greater if datum == largest => none,
            Operator::Greater => Passing::Range(datum + 1, largest),
            Operator::MaskedEqual { mask } if mask & largest == largest => {
                Passing::Range(datum, datum)
            }
            Operator::MaskedEqual { mask } => Passing::Masked {
                mask: mask & largest,
                bits: datum & mask,
            },
        }
    }

    /// The value of the whole word that alone passes; `None` if none or several do.
    pub(crate) fn only_value(&self, word_size: WordSize) -> Option<u64> {
        match self.passing(word_size) {
            Passing::Range(first, last) if first == last => {
                (self.width_on(word_size) == word_size).then_some(first)
            }
            _ => None,
        }
    }

    /// Whether no value passes.
    pub(crate) fn never_holds(&self, word_size: WordSize) -> bool {
        let passing = self.passing(self.width_on(word_size));
        matches!(passing, Passing::Range(first, last) if first > last)
    }

    /// Whether every value passes.
    fn holds_always(&self, word_size: WordSize) -> bool {
        let width = self.width_on(word_size);
        match self.passing(width) {
            Passing::Masked { mask, .. } => mask == 0,
            Passing::Range(0, last) => last == width.largest(),
            _ => false,
        }
    }

    /// Whether each value that passes this comparison passes `other`. May say
    /// no where a mask and a range are compared, or an `int` and 64 bits.
    fn implies(&self, other: &Comparison, word_size: WordSize) -> bool {
        use Passing::{AllBut, Masked, Range};
        if other.holds_always(word_size) {
            return true;
        }
        let (width, others) = (self.width_on(word_size), other.width_on(word_size));
        if (width, self.kind) == (WordSize::Bits64, Kind::Equal) {
            return other.passes(self.datum, others);
        }
        if width != others {
            return false;
        }
        match (self.passing(width), other.passing(width)) {
            (Range(first, last), _) if first > last => true,
            (Range(first, last), Range(lowest, highest)) => lowest <= first && last <= highest,
            (Range(first, last), AllBut(value)) => value < first || last < value,
            (Range(first, last), Masked { mask, bits }) => first == last && first & mask == bits,
            (AllBut(value), AllBut(other)) => value == other,
            (AllBut(_), _) => false,
            (Masked { .. }, Range(..)) => false,
            (Masked { mask, bits }, AllBut(value)) => value & mask != bits,
            (
                Masked { mask, bits },
                Masked {
                    mask: wider,
                    bits: fewer,
                },
            ) => mask & wider == wider && bits & wider == fewer,
        }
    }
}

impl Comparison {
    /// Whether an argument passes.
    fn passes(&self, argument: u64, width: WordSize) -> bool {
        let argument = argument & width.largest();
        match self.passing(width) {
            Passing::Range(first, last) => (first..=last).contains(&argument),
            Passing::AllBut(value) => argument != value,
            Passing::Masked { mask, bits } => argument & mask == bits,
        }
    }
}

/// The arguments of a system call (`struct seccomp_data`, linux/seccomp.h).
pub(crate) const ARGUMENTS: usize = 6;

/// The comparisons of one rule, at most one for each argument; the rule
/// matches when all hold. Their text is that of each, with commas between them.
///
/// ```
/// use scmp::Comparisons;
///
/// let all: Comparisons = "a1 < 0x10, a0 == 2".parse()?;
/// assert_eq!(all.to_string(), "a0 == 2, a1 < 16");
/// # Ok::<(), scmp::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Comparisons {
    /// In the order of the arguments; entries from `count` on are fillers.
    all: [Comparison; ARGUMENTS],
    count: usize,
}

/// For entries that are not used.
const FILLER: Comparison = Comparison {
    argument: 0,
    width: WordSize::Bits32,
    kind: Kind::NotEqual,
    mask: 0,
    datum: 0,
};

impl Default for Comparisons {
    fn default() -> Self {
        Comparisons::NONE
    }
}

impl IntoIterator for Comparisons {
    type Item = Comparison;
    type IntoIter = std::iter::Take<std::array::IntoIter<Comparison, ARGUMENTS>>;

    /// In the order of the arguments.
    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter().take(self.count)
    }
}

impl Comparisons {
    /// The most comparisons of a rule: one for each argument of a system call.
    ///
    /// ```
    /// assert_eq!(scmp::Comparisons::MAX, 6);
    /// ```
    pub const MAX: usize = ARGUMENTS;

    /// No comparisons: the rule matches every call with its number.
    ///
    /// ```
    /// assert!(scmp::Comparisons::NONE.is_empty());
    /// ```
    pub const NONE: Comparisons = Comparisons {
        all: [FILLER; ARGUMENTS],
        count: 0,
    };

    /// The comparisons of a rule, given in any order.
    ///
    /// ```
    /// use scmp::{Comparison, Comparisons, Operator};
    ///
    /// let positive = Comparison::new(2, Operator::Greater, 0)?;
    /// assert_eq!(Comparisons::new(&[positive])?.as_slice(), [positive]);
    /// assert!(Comparisons::new(&[positive, positive]).is_err());
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if two compare the same argument.
    pub fn new(comparisons: &[Comparison]) -> Result<Self, Error> {
        let mut all = Self::NONE;
        for comparison in comparisons {
            all.add(*comparison)?;
        }
        Ok(all)
    }

    /// Takes one more comparison.
    ///
    /// ```
    /// use scmp::{Comparison, Comparisons, Operator};
    ///
    /// let mut all = Comparisons::NONE;
    /// all.add(Comparison::new(0, Operator::NotEqual, 1)?)?;
    /// assert!(!all.is_empty());
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if its argument is compared already.
    pub fn add(&mut self, comparison: Comparison) -> Result<(), Error> {
        let mut place = self.count;
        while place > 0 && self.all[place - 1].argument >= comparison.argument {
            if self.all[place - 1].argument == comparison.argument {
                return Err(Error::InvalidArgument(Invalid::ArgumentTwice));
            }
            place -= 1;
        }
        self.insert(place, comparison);
        Ok(())
    }

    fn insert(&mut self, place: usize, comparison: Comparison) {
        for later in (place..self.count).rev() {
            self.all[later + 1] = self.all[later];
        }
        self.all[place] = comparison;
        self.count += 1;
    }

    /// The comparisons, in the order of the arguments.
    ///
    /// ```
    /// let all: scmp::Comparisons = "a1 < 2, a0 == 2".parse()?;
    /// assert_eq!(all.as_slice()[0].argument(), 0);
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn as_slice(&self) -> &[Comparison] {
        &self.all[..self.count]
    }

    /// The comparisons, in the order of the arguments.
    ///
    /// ```
    /// let all: scmp::Comparisons = "a1 < 2, a0 == 2".parse()?;
    /// assert_eq!(all.iter().filter(|each| each.argument() > 1).count(), 0);
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &Comparison> {
        self.as_slice().iter()
    }

    /// Whether the rule compares nothing.
    ///
    /// ```
    /// assert!(scmp::Comparisons::NONE.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Replaces the comparison of argument 0 with equality to `call`, as a rule on a
    /// multiplexer needs.
    ///
    /// ```
    /// let domain_is_netlink: scmp::Comparisons = "a0 == 16".parse()?;
    /// // socketcall(SYS_SOCKET, pointer)
    /// assert_eq!(domain_is_netlink.on_multiplexer(1).to_string(), "a0 == 1");
    /// assert_eq!(domain_is_netlink.on_multiplexer(2).to_string(), "a0 == 2");
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn on_multiplexer(mut self, call: u32) -> Self {
        let comparison = Comparison {
            argument: 0,
            width: WordSize::Bits64,
            kind: Kind::Equal,
            mask: u64::MAX,
            datum: u64::from(call),
        };
        match self.as_slice() {
            [first, ..] if first.argument == 0 => self.all[0] = comparison,
            _ => self.insert(0, comparison),
        }
        self
    }
}

/// Whether each input that passes `these` passes `others`.
pub(crate) fn imply(these: &[Comparison], others: &[Comparison], word_size: WordSize) -> bool {
    others.iter().all(|other| {
        let own = these.iter().find(|own| own.argument == other.argument);
        match own {
            None => other.holds_always(word_size),
            Some(own) => own.implies(other, word_size),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implication_holds_value_by_value() {
        let operators = [
            Operator::NotEqual,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Equal,
            Operator::GreaterOrEqual,
            Operator::Greater,
            Operator::MaskedEqual { mask: 5 },
            Operator::MaskedEqual { mask: 4 },
            Operator::MaskedEqual { mask: 0 },
        ];
        let passes = |comparison: &Comparison, value: u64| {
            let value = match comparison.width() {
                WordSize::Bits64 => value,
                WordSize::Bits32 => u64::from(value as u32),
            };
            match comparison.operator() {
                Operator::NotEqual => value != comparison.datum,
                Operator::Less => value < comparison.datum,
                Operator::LessOrEqual => value <= comparison.datum,
                Operator::Equal => value == comparison.datum,
                Operator::GreaterOrEqual => value >= comparison.datum,
                Operator::Greater => value > comparison.datum,
                Operator::MaskedEqual { mask } => value & mask == comparison.datum & mask,
            }
        };
        let all = || {
            operators.iter().flat_map(|&operator| {
                [0, 1, 4, 5, 9].into_iter().flat_map(move |datum| {
                    let makers = [Comparison::new, Comparison::of_int];
                    makers.map(|make| make(0, operator, datum).unwrap())
                })
            })
        };
        let mut implied = 0;
        for one in all() {
            for other in all() {
                if one.implies(&other, WordSize::Bits64) {
                    implied += 1;
                    for value in (0..32).flat_map(|low| [low, 1 << 32 | low]) {
                        assert!(
                            !passes(&one, value) || passes(&other, value),
                            "{one:?} {other:?} {value}"
                        );
                    }
                }
            }
        }
        assert!(implied > 1000, "{implied}");
    }
}
