// SPDX-License-Identifier: LGPL-2.1-only
//! Conditions on a call's arguments, as rules of any format have them.

use std::fmt;
use std::ops::RangeInclusive;

use scmp::{ArgumentSet, Comparison, Operator, WordSize};
use scmp_verify::decision::{Analysis, Field, Function, Order, Unanswered};

/// A condition in disjunctive normal form: holds if all comparisons of one of its alternatives
/// hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    pub any: Vec<Vec<Atom>>,
}

/// A comparison of an argument with a value: `(argument & mask) relation value`, unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atom {
    /// From 0 to 5.
    pub argument: u8,
    /// Which bits of the argument, of the mask and of the value count.
    pub width: WordSize,
    pub mask: u64,
    pub relation: Relation,
    pub value: u64,
}

/// How an argument, masked, must relate to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Formula {
    pub fn always() -> Formula {
        Formula::all(Vec::new())
    }

    /// Holds if all of them hold.
    pub fn all(atoms: Vec<Atom>) -> Formula {
        Formula { any: vec![atoms] }
    }

    /// How many alternatives [`Formula::and`] makes of sets, and how many atoms each has, at
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
    pub fn and(&self, set: &ArgumentSet) -> Formula {
        let width = set.width();
        let atom = |relation, mask, value| Atom {
            argument: set.argument(),
            width,
            mask,
            relation,
            value,
        };
        let masks = set.masks().map(|(mask, bits, is_equal)| {
            let relation = if is_equal {
                Relation::Equal
            } else {
                Relation::NotEqual
            };
            atom(relation, mask, bits)
        });
        let masks: Vec<Atom> = masks.collect();
        let all = u64::MAX;
        // What an argument passes that is in the ranges: one of these.
        let passed: Vec<Vec<Atom>> = match excluded(set) {
            Some(values) => {
                let unequal = |value| atom(Relation::NotEqual, all, value);
                vec![values.into_iter().map(unequal).collect()]
            }
            None => {
                let within = |range: RangeInclusive<u64>| match range.into_inner() {
                    (first, last) if first == last => vec![atom(Relation::Equal, all, first)],
                    (first, last) => {
                        let from = (first > 0).then(|| atom(Relation::GreaterOrEqual, all, first));
                        let up_to = last < bits(width);
                        let up_to = up_to.then(|| atom(Relation::LessOrEqual, all, last));
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
        Formula { any }
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

    /// 1 where it holds, else 0.
    pub fn region(&self, analysis: &mut Analysis) -> Result<Function, Unanswered> {
        let mut any = analysis.constant(0)?;
        for atoms in &self.any {
            let mut all = analysis.constant(1)?;
            for atom in atoms {
                let field = Field::Argument(atom.argument);
                let (order, holds) = atom.relation.order();
                let here = analysis.compare(field, atom.width, atom.mask, order, atom.value)?;
                all = match holds {
                    true => analysis.both(here, all)?,
                    false => analysis.without(all, here)?,
                };
            }
            any = analysis.either(all, any)?;
        }
        Ok(any)
    }
}

/// The values that are not in the ranges of a set, if these have all others.
fn excluded(set: &ArgumentSet) -> Option<Vec<u64>> {
    let most = bits(set.width());
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

impl FromIterator<Atom> for Formula {
    /// Holds if all of them hold.
    fn from_iter<I: IntoIterator<Item = Atom>>(atoms: I) -> Formula {
        Formula::all(atoms.into_iter().collect())
    }
}

impl From<Comparison> for Atom {
    fn from(comparison: Comparison) -> Atom {
        let (mask, relation) = match comparison.operator() {
            Operator::NotEqual => (u64::MAX, Relation::NotEqual),
            Operator::Less => (u64::MAX, Relation::Less),
            Operator::LessOrEqual => (u64::MAX, Relation::LessOrEqual),
            Operator::Equal => (u64::MAX, Relation::Equal),
            Operator::GreaterOrEqual => (u64::MAX, Relation::GreaterOrEqual),
            Operator::Greater => (u64::MAX, Relation::Greater),
            Operator::MaskedEqual { mask } => (mask, Relation::Equal),
        };
        Atom {
            argument: comparison.argument(),
            width: comparison.width(),
            mask,
            relation,
            // libseccomp masks the value too.
            value: comparison.datum() & mask,
        }
    }
}

impl Atom {
    /// A mask of the bits that it reads of an argument, of the mask and of the value.
    pub fn bits(&self) -> u64 {
        bits(self.width)
    }

    /// Whether it holds for these arguments.
    pub fn holds(&self, arguments: &[u64; 6]) -> bool {
        let bits = self.bits();
        let word = arguments[usize::from(self.argument)] & self.mask & bits;
        let value = self.value & bits;
        match self.relation {
            Relation::Equal => word == value,
            Relation::NotEqual => word != value,
            Relation::Less => word < value,
            Relation::LessOrEqual => word <= value,
            Relation::Greater => word > value,
            Relation::GreaterOrEqual => word >= value,
        }
    }
}

/// A mask of the bits that count.
pub fn bits(width: WordSize) -> u64 {
    match width {
        WordSize::Bits32 => u64::from(u32::MAX),
        WordSize::Bits64 => u64::MAX,
    }
}

impl Relation {
    /// The order that is asked for, and whether it must hold or must not.
    fn order(self) -> (Order, bool) {
        match self {
            Relation::Equal => (Order::Equal, true),
            Relation::NotEqual => (Order::Equal, false),
            Relation::Less => (Order::GreaterOrEqual, false),
            Relation::LessOrEqual => (Order::Greater, false),
            Relation::Greater => (Order::Greater, true),
            Relation::GreaterOrEqual => (Order::GreaterOrEqual, true),
        }
    }
}

impl Formula {
    /// As text, with the atoms as the function writes them: `always`, `never`, or
    /// `(int)a0 == 40 && a1 & 0xf != 3 || a2 < 4`.
    pub fn written(&self, atom: &dyn Fn(&Atom) -> String) -> String {
        if self.is_always() {
            return "always".to_string();
        }
        if self.any.is_empty() {
            return "never".to_string();
        }
        let all = |atoms: &Vec<Atom>| {
            let atoms: Vec<String> = atoms.iter().map(atom).collect();
            atoms.join(" && ")
        };
        let any: Vec<String> = self.any.iter().map(all).collect();
        any.join(" || ")
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(&Atom::to_string))
    }
}

impl fmt::Display for Atom {
    /// Writes `a0 == 2`, or `(int)a0 & 0xff != 2` of the low 32 bits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.bits();
        if self.width == WordSize::Bits32 {
            f.write_str("(int)")?;
        }
        write!(f, "a{}", self.argument)?;
        if self.mask & bits != bits {
            write!(f, " & {:#x}", self.mask & bits)?;
        }
        write!(f, " {} {}", self.relation, self.value & bits)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Relation::Equal => "==",
            Relation::NotEqual => "!=",
            Relation::Less => "<",
            Relation::LessOrEqual => "<=",
            Relation::Greater => ">",
            Relation::GreaterOrEqual => ">=",
        })
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::random::Random;
    use scmp_verify::SyscallData;

    /// Values near others' halves and bounds.
    fn value(random: &mut Random) -> u64 {
        let mut half = || {
            random.pick(&[
                0,
                1,
                2,
                3,
                0xf,
                0x7fff_ffff,
                0x8000_0000,
                0xffff_fffe,
                0xffff_ffff,
            ])
        };
        half() << 32 | half()
    }

    pub fn atom(random: &mut Random) -> Atom {
        use Relation::*;
        Atom {
            argument: random.below(6) as u8,
            width: random.pick(&[WordSize::Bits32, WordSize::Bits64]),
            mask: match random.chance(50) {
                true => u64::MAX,
                false => value(random),
            },
            relation: random.pick(&[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]),
            value: value(random),
        }
    }

    /// Of at most three alternatives of three atoms; sometimes always or never true.
    pub fn condition(random: &mut Random) -> Formula {
        let any = (0..random.below(4)).map(|_| {
            let count = random.below(4);
            (0..count).map(|_| atom(random)).collect()
        });
        Formula { any: any.collect() }
    }

    fn made(argument: u8, width: WordSize, mask: u64, relation: Relation, value: u64) -> Atom {
        Atom {
            argument,
            width,
            mask,
            relation,
            value,
        }
    }

    #[test]
    fn conditions_are_written_as_c() {
        let equal = made(0, WordSize::Bits32, u64::MAX, Relation::Equal, 40);
        let masked = made(1, WordSize::Bits64, 0xf, Relation::NotEqual, 3);
        let less = made(2, WordSize::Bits64, u64::MAX, Relation::Less, 4);
        let condition = Formula {
            any: vec![vec![equal, masked], vec![less]],
        };
        let text = "(int)a0 == 40 && a1 & 0xf != 3 || a2 < 4";
        assert_eq!(condition.to_string(), text);
        assert_eq!(Formula::always().to_string(), "always");
        assert_eq!(Formula { any: Vec::new() }.to_string(), "never");
    }

    #[test]
    fn an_int_has_no_high_bits() {
        let high = 5 << 32 | 7;
        let holds = |width| made(3, width, u64::MAX, Relation::Equal, 7).holds(&[high; 6]);
        assert!(holds(WordSize::Bits32) && !holds(WordSize::Bits64));
        // Nor have its mask and value.
        let int = made(0, WordSize::Bits32, !0xf, Relation::Equal, 9 << 32);
        assert!(int.holds(&[high; 6]));
        assert_eq!(int.to_string(), "(int)a0 & 0xfffffff0 == 0");
    }

    #[test]
    fn region_is_where_it_holds() {
        let mut random = Random::new(5);
        let mut held = 0;
        for _ in 0..2_000 {
            let condition = condition(&mut random);
            let mut analysis = Analysis::new();
            let region = condition.region(&mut analysis).unwrap();
            for _ in 0..50 {
                let input = SyscallData::new(0, 0, [(); 6].map(|()| value(&mut random)));
                let holds = u32::from(condition.holds(&input.arguments));
                assert_eq!(
                    analysis.value(region, &input),
                    holds,
                    "{condition} {input:x?}"
                );
                held += holds;
            }
        }
        // It does not hold nearly always or nearly never.
        assert!((20_000..80_000).contains(&held), "{held}");
    }
}
