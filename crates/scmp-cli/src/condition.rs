// SPDX-License-Identifier: LGPL-2.1-only
//! Conditions on a call's arguments, as rules of any format have them.

use std::fmt;
use std::ops::RangeInclusive;

use scmp::{ArgumentSet, Comparison, Operator, WordSize};
use scmp_verify::decision::Order;

/// Holds if all comparisons of one of its alternatives hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub any: Vec<Vec<Atom>>,
}

/// A comparison of an argument with a value: `(argument & mask) test value`, unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atom {
    /// From 0 to 5.
    pub argument: u8,
    pub width: Width,
    pub mask: u64,
    pub test: Test,
    pub value: u64,
}

/// The bits of an argument, of the mask and of the value that a comparison reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// The low 32.
    Int,
    Long,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    pub fn always() -> Condition {
        Condition::all(Vec::new())
    }

    /// Holds if all of them hold.
    pub fn all(atoms: Vec<Atom>) -> Condition {
        Condition { any: vec![atoms] }
    }

    /// How many alternatives [`Condition::and`] makes of sets, and how many atoms each has, at
    /// most. An empty set counts as one alternative: it may come after many.
    pub fn size(condition: &scmp::Condition) -> (usize, usize) {
        let (mut alternatives, mut atoms) = (1_usize, 0);
        for set in condition.sets() {
            let (ranges, bounds) = match excluded(set) {
                Some(values) => (1, values.len()),
                None => (set.ranges().len().max(1), 2),
            };
            alternatives = alternatives.saturating_mul(ranges);
            atoms += set.masks().len() + bounds;
        }
        (alternatives, atoms)
    }

    /// Holds if an argument is in a set too: an alternative for each of its ranges, unless it
    /// has all values but some.
    pub fn and(&self, set: &ArgumentSet) -> Condition {
        let width = Width::from(set.width());
        let atom = |test, mask, value| Atom {
            argument: set.argument(),
            width,
            mask,
            test,
            value,
        };
        let masks = set.masks().map(|(mask, bits, is_equal)| {
            let test = if is_equal {
                Test::Equal
            } else {
                Test::NotEqual
            };
            atom(test, mask, bits)
        });
        let masks: Vec<Atom> = masks.collect();
        let all = u64::MAX;
        // What an argument passes that is in the ranges: one of these.
        let passed: Vec<Vec<Atom>> = match excluded(set) {
            Some(values) => {
                let unequal = |value| atom(Test::NotEqual, all, value);
                vec![values.into_iter().map(unequal).collect()]
            }
            None => {
                let within = |range: RangeInclusive<u64>| match range.into_inner() {
                    (first, last) if first == last => vec![atom(Test::Equal, all, first)],
                    (first, last) => {
                        let from = (first > 0).then(|| atom(Test::GreaterOrEqual, all, first));
                        let up_to = last < width.bits();
                        let up_to = up_to.then(|| atom(Test::LessOrEqual, all, last));
                        from.into_iter().chain(up_to).collect()
                    }
                };
                set.ranges().map(within).collect()
            }
        };
        let mut any = Vec::new();
        for alternative in &self.any {
            let all = passed.iter().map(|own| [alternative, &masks, own]);
            any.extend(all.map(|parts| parts.map(Vec::as_slice).concat()));
        }
        Condition { any }
    }

    /// Whether the form says so: an alternative without comparisons.
    pub fn is_always(&self) -> bool {
        self.any.iter().any(Vec::is_empty)
    }

    /// Whether it holds for these arguments.
    pub fn holds(&self, arguments: &[u64; 6]) -> bool {
        let holds = |atoms: &Vec<Atom>| atoms.iter().all(|atom| atom.holds(arguments));
        self.any.iter().any(holds)
    }
}

/// The values that are not in the ranges of a set, if these have all others.
fn excluded(set: &ArgumentSet) -> Option<Vec<u64>> {
    let most = Width::from(set.width()).bits();
    let ranges: Vec<_> = set.ranges().collect();
    let (first, last) = (ranges.first()?, ranges.last()?);
    if (*first.start(), *last.end()) != (0, most) {
        return None;
    }
    let between = ranges
        .windows(2)
        .map(|pair| (pair[0].end() + 1, pair[1].start() - 1));
    between
        .map(|(first, last)| (first == last).then_some(first))
        .collect()
}

impl FromIterator<Comparison> for Condition {
    /// Holds if all of libseccomp's comparisons hold.
    fn from_iter<I: IntoIterator<Item = Comparison>>(comparisons: I) -> Condition {
        Condition::all(comparisons.into_iter().map(Atom::from).collect())
    }
}

impl From<Comparison> for Atom {
    fn from(comparison: Comparison) -> Atom {
        let (mask, test) = match comparison.operator() {
            Operator::NotEqual => (u64::MAX, Test::NotEqual),
            Operator::Less => (u64::MAX, Test::Less),
            Operator::LessOrEqual => (u64::MAX, Test::LessOrEqual),
            Operator::Equal => (u64::MAX, Test::Equal),
            Operator::GreaterOrEqual => (u64::MAX, Test::GreaterOrEqual),
            Operator::Greater => (u64::MAX, Test::Greater),
            Operator::MaskedEqual { mask } => (mask, Test::Equal),
        };
        Atom {
            argument: comparison.argument(),
            width: comparison.width().into(),
            mask,
            test,
            // libseccomp masks the value too.
            value: comparison.datum() & mask,
        }
    }
}

impl Atom {
    /// Whether it holds for these arguments.
    pub fn holds(&self, arguments: &[u64; 6]) -> bool {
        let bits = self.width.bits();
        let word = arguments[usize::from(self.argument)] & self.mask & bits;
        let value = self.value & bits;
        match self.test {
            Test::Equal => word == value,
            Test::NotEqual => word != value,
            Test::Less => word < value,
            Test::LessOrEqual => word <= value,
            Test::Greater => word > value,
            Test::GreaterOrEqual => word >= value,
        }
    }
}

impl From<WordSize> for Width {
    fn from(width: WordSize) -> Width {
        match width {
            WordSize::Bits32 => Width::Int,
            WordSize::Bits64 => Width::Long,
        }
    }
}

impl From<Width> for scmp_verify::decision::Width {
    fn from(width: Width) -> Self {
        match width {
            Width::Int => Self::Bits32,
            Width::Long => Self::Bits64,
        }
    }
}

impl Test {
    /// The order that is asked for, and whether it must hold or must not.
    pub fn order(self) -> (Order, bool) {
        match self {
            Test::Equal => (Order::Equal, true),
            Test::NotEqual => (Order::Equal, false),
            Test::Less => (Order::GreaterOrEqual, false),
            Test::LessOrEqual => (Order::Greater, false),
            Test::Greater => (Order::Greater, true),
            Test::GreaterOrEqual => (Order::GreaterOrEqual, true),
        }
    }
}

impl Width {
    /// A mask of the bits that count.
    pub fn bits(self) -> u64 {
        match self {
            Width::Int => u64::from(u32::MAX),
            Width::Long => u64::MAX,
        }
    }
}

impl fmt::Display for Condition {
    /// Writes `(int)a0 == 40 && a1 & 0xf != 3 || a2 < 4`, `always` or `never`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_always() {
            return f.write_str("always");
        }
        if self.any.is_empty() {
            return f.write_str("never");
        }
        for (place, atoms) in self.any.iter().enumerate() {
            let or = if place == 0 { "" } else { " || " };
            f.write_str(or)?;
            for (place, atom) in atoms.iter().enumerate() {
                let and = if place == 0 { "" } else { " && " };
                write!(f, "{and}{atom}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Atom {
    /// Writes `a0 == 2`, or `(int)a0 & 0xff != 2` of the low 32 bits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.width.bits();
        if self.width == Width::Int {
            f.write_str("(int)")?;
        }
        write!(f, "a{}", self.argument)?;
        if self.mask & bits != bits {
            write!(f, " & {:#x}", self.mask & bits)?;
        }
        write!(f, " {} {}", self.test, self.value & bits)
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Test::Equal => "==",
            Test::NotEqual => "!=",
            Test::Less => "<",
            Test::LessOrEqual => "<=",
            Test::Greater => ">",
            Test::GreaterOrEqual => ">=",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(argument: u8, width: Width, mask: u64, test: Test, value: u64) -> Atom {
        Atom {
            argument,
            width,
            mask,
            test,
            value,
        }
    }

    #[test]
    fn conditions_are_written_as_c() {
        let equal = atom(0, Width::Int, u64::MAX, Test::Equal, 40);
        let masked = atom(1, Width::Long, 0xf, Test::NotEqual, 3);
        let less = atom(2, Width::Long, u64::MAX, Test::Less, 4);
        let condition = Condition {
            any: vec![vec![equal, masked], vec![less]],
        };
        let text = "(int)a0 == 40 && a1 & 0xf != 3 || a2 < 4";
        assert_eq!(condition.to_string(), text);
        assert_eq!(Condition::always().to_string(), "always");
        assert_eq!(Condition { any: Vec::new() }.to_string(), "never");
    }

    #[test]
    fn an_int_has_no_high_bits() {
        let high = 5 << 32 | 7;
        let holds = |width| atom(3, width, u64::MAX, Test::Equal, 7).holds(&[high; 6]);
        assert!(holds(Width::Int) && !holds(Width::Long));
        // Nor have its mask and value.
        let int = atom(0, Width::Int, !0xf, Test::Equal, 9 << 32);
        assert!(int.holds(&[high; 6]));
        assert_eq!(int.to_string(), "(int)a0 & 0xfffffff0 == 0");
    }
}
