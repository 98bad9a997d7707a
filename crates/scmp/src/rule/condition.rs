// SPDX-License-Identifier: LGPL-2.1-only
//! Conditions: sets of values, one for each argument.

use std::ops::RangeInclusive;

use super::comparison::Passing;
use super::{ARGUMENTS, Comparison, Comparisons, WordSize};
use crate::error::{Error, Invalid};
use crate::fallible;

/// A set of values of one argument. Values are unsigned numbers of 64 bits, or of the low 32
/// bits ([`ArgumentSet::of_int`]). On 32-bit architectures an argument is less than 2³², so
/// larger values match nothing there.
///
/// Its text is a comparison, `a1 in 16..=32`, `a1 in {1, 3, 7..=9}` or `a1 & 0xf != 3`, or
/// several of these with `&&` between them.
///
/// ```
/// use scmp::ArgumentSet;
///
/// let set: ArgumentSet = "a1 in {1, 3, 7..=9}".parse()?;
/// assert!(set.contains(8) && !set.contains(2));
/// assert_eq!(set, ArgumentSet::new(1, [1..=1, 3..=3, 7..=9])?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArgumentSet {
    argument: u8,
    width: WordSize,
    /// Ascending; between two ranges at least one value is missing.
    ranges: Vec<(u64, u64)>,
    /// All of these must hold, too. Ascending.
    masks: Vec<MaskTest>,
}

/// Whether the bits under a mask are, or are not, these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MaskTest {
    pub(crate) mask: u64,
    pub(crate) bits: u64,
    pub(crate) is_equal: bool,
}

impl ArgumentSet {
    /// The values in some ranges of argument 0 to 5. A range that ends before it begins has
    /// none.
    ///
    /// ```
    /// let set = scmp::ArgumentSet::new(0, [3..=5, 1..=2])?;
    /// assert_eq!(set.to_string(), "a0 in 1..=5");
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if `argument` is above 5; [`Error::OutOfMemory`].
    pub fn new(
        argument: u8,
        ranges: impl IntoIterator<Item = RangeInclusive<u64>>,
    ) -> Result<ArgumentSet, Error> {
        ArgumentSet::of_width(argument, WordSize::Bits64, ranges)
    }

    /// The same for the low 32 bits of an argument, as the kernel takes an `int`:
    /// [`Comparison::of_int`].
    ///
    /// ```
    /// let set = scmp::ArgumentSet::of_int(0, [1..=2])?;
    /// assert!(set.contains(2) && set.contains(1 << 32 | 2));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`ArgumentSet::new`].
    pub fn of_int(
        argument: u8,
        ranges: impl IntoIterator<Item = RangeInclusive<u32>>,
    ) -> Result<ArgumentSet, Error> {
        let given = ranges.into_iter().filter(|range| !range.is_empty());
        let wide = given.map(|range| u64::from(*range.start())..=u64::from(*range.end()));
        ArgumentSet::of_width(argument, WordSize::Bits32, wide)
    }

    pub(super) fn of_width(
        argument: u8,
        width: WordSize,
        ranges: impl IntoIterator<Item = RangeInclusive<u64>>,
    ) -> Result<ArgumentSet, Error> {
        if usize::from(argument) >= ARGUMENTS {
            return Err(Error::InvalidArgument(Invalid::ArgumentPosition));
        }
        let mut given = Vec::new();
        for range in ranges {
            if !range.is_empty() {
                fallible::push(&mut given, (*range.start(), *range.end()))?;
            }
        }
        given.sort_unstable();
        // Overlapping and neighbouring ranges become one.
        given.dedup_by(|next, range| {
            let joins = next.0 <= range.1.saturating_add(1);
            if joins {
                range.1 = range.1.max(next.1);
            }
            joins
        });
        Ok(ArgumentSet {
            argument,
            width,
            ranges: given,
            masks: Vec::new(),
        })
    }

    /// The values whose bits under a mask are, or are not, those of `bits`. Bits outside the
    /// mask are ignored.
    ///
    /// ```
    /// let odd = scmp::ArgumentSet::masked(0, 1, 0, false)?;
    /// assert_eq!(odd.to_string(), "a0 & 0x1 != 0");
    /// assert!(odd.contains(7) && !odd.contains(8));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`ArgumentSet::new`].
    pub fn masked(
        argument: u8,
        mask: u64,
        bits: u64,
        is_equal: bool,
    ) -> Result<ArgumentSet, Error> {
        ArgumentSet::masked_of_width(argument, WordSize::Bits64, mask, bits, is_equal)
    }

    pub(super) fn masked_of_width(
        argument: u8,
        width: WordSize,
        mask: u64,
        bits: u64,
        is_equal: bool,
    ) -> Result<ArgumentSet, Error> {
        let most = width.largest();
        let (mask, bits) = (mask & most, bits & mask & most);
        // Masks of no bit or of all bits are stored as ranges.
        let [first, second] = match (mask == most, mask == 0, is_equal) {
            (true, _, true) => [Some(bits..=bits), None],
            (true, _, false) => [
                bits.checked_sub(1).map(|last| 0..=last),
                (bits < most).then(|| bits + 1..=most),
            ],
            (_, true, false) => [None, None],
            _ => [Some(0..=most), None],
        };
        let ranges = [first, second].into_iter().flatten();
        let mut set = ArgumentSet::of_width(argument, width, ranges)?;
        if mask != most && mask != 0 {
            let test = MaskTest {
                mask,
                bits,
                is_equal,
            };
            fallible::push(&mut set.masks, test)?;
        }
        Ok(set)
    }

    /// The values that pass a comparison, on an architecture of this word size.
    pub(crate) fn of(comparison: &Comparison, word_size: WordSize) -> Result<ArgumentSet, Error> {
        let (argument, width) = (comparison.argument(), comparison.width_on(word_size));
        let (mask, bits, is_equal) = match comparison.passing(width) {
            Passing::Range(first, last) => {
                return ArgumentSet::of_width(argument, width, [first..=last]);
            }
            Passing::AllBut(value) => (width.largest(), value, false),
            Passing::Masked { mask, bits } => (mask, bits, true),
        };
        ArgumentSet::masked_of_width(argument, width, mask, bits, is_equal)
    }

    /// The values that are in both sets.
    ///
    /// ```
    /// use scmp::ArgumentSet;
    ///
    /// let tens = ArgumentSet::new(1, [10..=19])?;
    /// let even = ArgumentSet::masked(1, 1, 0, true)?;
    /// let both = tens.and(&even)?;
    /// assert!(both.contains(12) && !both.contains(13) && !both.contains(20));
    /// assert_eq!(both.to_string(), "a1 & 0x1 == 0 && a1 in 10..=19");
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] with [`Invalid::ArgumentsDiffer`] if the sets are of different
    /// arguments, or only one is [of an `int`](ArgumentSet::of_int); [`Error::OutOfMemory`].
    pub fn and(&self, other: &ArgumentSet) -> Result<ArgumentSet, Error> {
        if (self.argument, self.width) != (other.argument, other.width) {
            return Err(Error::InvalidArgument(Invalid::ArgumentsDiffer));
        }
        let mut ranges = Vec::new();
        let mut others = other.ranges.iter().peekable();
        for &(first, last) in &self.ranges {
            while let Some(&&(start, end)) = others.peek() {
                if start <= last && first <= end {
                    fallible::push(&mut ranges, (first.max(start), last.min(end)))?;
                }
                if end > last {
                    break;
                }
                others.next();
            }
        }
        let mut masks = fallible::with_room(self.masks.len() + other.masks.len())?;
        masks.extend(self.masks.iter().chain(&other.masks));
        masks.sort_unstable();
        masks.dedup();
        Ok(ArgumentSet {
            ranges,
            masks,
            ..*self
        })
    }

    /// Whether a value of the argument is in the set, on a 64-bit architecture.
    ///
    /// ```
    /// let set: scmp::ArgumentSet = "a3 != 5".parse()?;
    /// assert!(set.contains(6) && !set.contains(5));
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn contains(&self, value: u64) -> bool {
        let value = value & self.width.largest();
        let at = self.ranges.partition_point(|&(_, last)| last < value);
        let in_range = self.ranges.get(at).is_some_and(|range| range.0 <= value);
        in_range && self.masks.iter().all(|test| test.holds(value))
    }

    /// The argument's position, 0 to 5.
    ///
    /// ```
    /// assert_eq!("a3 in {1, 2}".parse::<scmp::ArgumentSet>()?.argument(), 3);
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn argument(&self) -> u8 {
        self.argument
    }

    /// How many bits of the argument count on 64-bit architectures.
    ///
    /// ```
    /// let set: scmp::ArgumentSet = "(int)a3 in {1, 2}".parse()?;
    /// assert_eq!(set.width(), scmp::WordSize::Bits32);
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn width(&self) -> WordSize {
        self.width
    }

    /// The ranges of values that are in the set if they pass [`ArgumentSet::masks`]: ascending,
    /// with values between them.
    ///
    /// ```
    /// let set: scmp::ArgumentSet = "a3 in {7, 1, 2}".parse()?;
    /// assert!(set.ranges().eq([1..=2, 7..=7]));
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn ranges(&self) -> impl ExactSizeIterator<Item = RangeInclusive<u64>> + '_ {
        self.ranges.iter().map(|&(first, last)| first..=last)
    }

    pub(crate) fn mask_tests(&self) -> &[MaskTest] {
        &self.masks
    }

    /// The mask tests, as (mask, bits, is_equal): `(value & mask == bits) == is_equal` must
    /// hold. Ascending.
    ///
    /// ```
    /// let set: scmp::ArgumentSet = "a3 & 0xf0 != 0x10".parse()?;
    /// assert!(set.masks().eq([(0xf0, 0x10, false)]));
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn masks(&self) -> impl ExactSizeIterator<Item = (u64, u64, bool)> + '_ {
        let masks = self.masks.iter();
        masks.map(|test| (test.mask, test.bits, test.is_equal))
    }

    /// A condition has one set for each key, in this order.
    fn key(&self) -> (u8, bool) {
        (self.argument, self.width == WordSize::Bits32)
    }

    fn copy(&self) -> Result<ArgumentSet, Error> {
        Ok(ArgumentSet {
            ranges: fallible::copy_of(&self.ranges)?,
            masks: fallible::copy_of(&self.masks)?,
            ..*self
        })
    }
}

impl MaskTest {
    fn holds(&self, value: u64) -> bool {
        (value & self.mask == self.bits) == self.is_equal
    }
}

/// The condition of a rule: each named argument is in its set. An argument has at most one
/// set of 64-bit values and one of its low 32 bits.
///
/// Its text is that of the sets, with `&&` between them; all sets of one argument and one
/// width that are given are intersected.
///
/// ```
/// use scmp::Condition;
///
/// let condition: Condition = "a1 >= 1 && a1 < 10 && (int)a0 in {3, 5}".parse()?;
/// assert!(condition.holds(&[5, 9, 0, 0, 0, 0]));
/// assert_eq!(condition.to_string(), "(int)a0 in {3, 5} && a1 in 1..=9");
/// # Ok::<(), scmp::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Condition {
    /// By argument; of one, the whole argument first.
    sets: Vec<ArgumentSet>,
}

impl Condition {
    /// The condition that holds for all calls.
    ///
    /// ```
    /// assert!(scmp::Condition::always().holds(&[9; 6]));
    /// ```
    pub fn always() -> Condition {
        Condition::default()
    }

    /// Adds a set that an argument must be in. Takes time linear in the ranges of the
    /// argument's set. To intersect many sets, parse one text: that takes O(n log n).
    ///
    /// ```
    /// use scmp::{ArgumentSet, Condition};
    ///
    /// let mut condition = Condition::always();
    /// condition.and(&ArgumentSet::new(0, [1..=9])?)?;
    /// condition.and(&ArgumentSet::new(0, [5..=20])?)?;
    /// assert_eq!(condition.to_string(), "a0 in 5..=9");
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`]; the condition is unchanged then.
    pub fn and(&mut self, set: &ArgumentSet) -> Result<(), Error> {
        let at = self.sets.partition_point(|own| own.key() < set.key());
        match self.sets.get_mut(at) {
            Some(own) if own.key() == set.key() => *own = own.and(set)?,
            _ => {
                let set = set.copy()?;
                fallible::reserve(&mut self.sets, 1)?;
                self.sets.insert(at, set);
            }
        }
        Ok(())
    }

    /// The condition that each argument is in all of its sets. Sets of one argument are
    /// intersected in pairs, and the results again, until one is left. Intersecting each with
    /// the result of all before it would take quadratic time.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn of_all(mut sets: Vec<ArgumentSet>) -> Result<Condition, Error> {
        sets.sort_unstable_by_key(ArgumentSet::key);
        let mut condition = Condition::always();
        for all in sets.chunk_by_mut(|one, next| one.key() == next.key()) {
            let mut left = all.len();
            while left > 1 {
                for pair in 0..left / 2 {
                    all[pair] = all[2 * pair].and(&all[2 * pair + 1])?;
                }
                if left % 2 == 1 {
                    all.swap(left / 2, left - 1);
                }
                left = left.div_ceil(2);
            }
            condition.and(&all[0])?;
        }
        Ok(condition)
    }

    /// Whether all arguments are in their sets, on a 64-bit architecture.
    ///
    /// ```
    /// let condition: scmp::Condition = "a0 < 3 && a1 != 5".parse()?;
    /// assert!(!condition.holds(&[2, 5, 0, 0, 0, 0]));
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn holds(&self, arguments: &[u64; 6]) -> bool {
        let holds = |set: &ArgumentSet| set.contains(arguments[usize::from(set.argument)]);
        self.sets.iter().all(holds)
    }

    /// The sets, by argument.
    ///
    /// ```
    /// let condition: scmp::Condition = "a1 != 5 && a0 < 3 && a1 != 7".parse()?;
    /// assert!(condition.sets().iter().map(|set| set.argument()).eq([0, 1]));
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn sets(&self) -> &[ArgumentSet] {
        &self.sets
    }

    pub(super) fn into_sets(self) -> Vec<ArgumentSet> {
        self.sets
    }

    /// Whether there are no sets. `a0 >= 0` has a set, though of all values: its rule counts as
    /// conditional, and comes before those with comparisons.
    ///
    /// ```
    /// assert!("".parse::<scmp::Condition>()?.is_always());
    /// assert!(!"a0 >= 0".parse::<scmp::Condition>()?.is_always());
    /// # Ok::<(), scmp::ParseError>(())
    /// ```
    pub fn is_always(&self) -> bool {
        self.sets.is_empty()
    }

    /// What comparisons say on architectures of this word size.
    pub(crate) fn of(comparisons: &Comparisons, word_size: WordSize) -> Result<Condition, Error> {
        let mut condition = Condition::always();
        for comparison in comparisons.iter() {
            condition.and(&ArgumentSet::of(comparison, word_size)?)?;
        }
        Ok(condition)
    }

    /// Requires argument 0 to be `call` in place of its own sets, as a rule on a multiplexer
    /// needs.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn on_multiplexer(&self, call: u32) -> Result<Condition, Error> {
        let call = u64::from(call);
        let mut condition = Condition::always();
        condition.and(&ArgumentSet::new(0, [call..=call])?)?;
        for set in self.sets.iter().filter(|set| set.argument != 0) {
            condition.and(set)?;
        }
        Ok(condition)
    }

    pub(crate) fn copy(&self) -> Result<Condition, Error> {
        let mut sets = fallible::with_room(self.sets.len())?;
        for set in &self.sets {
            sets.push(set.copy()?);
        }
        Ok(Condition { sets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Of an int, the last value was left.
    #[test]
    fn ranges_that_have_been_walked_have_no_values() {
        let mut wide = 0..=3_u64;
        let mut narrow = 0..=3_u32;
        assert_eq!((wide.by_ref().count(), narrow.by_ref().count()), (4, 4));
        for set in [
            ArgumentSet::new(0, [wide]),
            ArgumentSet::of_int(0, [narrow]),
        ] {
            assert!(!set.unwrap().contains(3));
        }
    }
}
