// SPDX-License-Identifier: LGPL-2.1-only
//! Findings about what calls get, whoever made the filter.

use scmp::{Arch, WordSize};
use scmp_verify::SyscallData;
use scmp_verify::decision::{Field, Function, Order, Unanswered, strictness};

use super::{
    ARCH_NOT_TESTED, EPERM_FOR_ENOSYS, Finding, INT_AS_LONG, Lint, OPEN_BY_EQUIVALENT,
    OPEN_BY_FOREIGN, OPEN_BY_MULTIPLEXER, OPEN_BY_X32,
};
use crate::data::{arguments, tables};
use crate::input::Subject;
use crate::matrix::{ArchCalls, Call, Explorer, Matrix};
use crate::names;
use crate::wording::{self, ArchCall, has_high_halves, is_refusal};

type Findings = Result<Vec<Finding>, Unanswered>;

/// A call of a filter, about which something may be found.
pub struct Asked<'a> {
    pub subject: &'a Subject,
    /// What the calls of its architecture get.
    pub of_arch: &'a ArchCalls,
    pub call: &'a Call,
}

impl Asked<'_> {
    /// A finding at the first rule on a call of the architecture.
    fn finding(
        &self,
        lint: Lint,
        on: &Call,
        what: String,
        fix: String,
        example: String,
    ) -> Finding {
        let arch = self.of_arch.arch;
        let mut rules = self.subject.rules.iter();
        let rule = rules.find(|rule| rule.arch == arch && rule.number == on.number);
        Finding::new(lint, Some(arch), what, fix)
            .at(rule.map(|rule| rule.place.clone()))
            .example(example)
    }
}

impl Explorer {
    /// Where a function lets calls through.
    fn let_through(&mut self, function: Function) -> Result<Function, Unanswered> {
        let mut through = self.analysis.constant(0)?;
        for value in self.analysis.values(function)? {
            if !is_refusal(value) {
                let here = self.analysis.where_value(function, value)?;
                through = self.analysis.either(here, through)?;
            }
        }
        Ok(through)
    }

    /// A call to which a function returns something else than another one, and both values:
    /// one that slips past the other, if there is one.
    fn most_lenient_difference(
        &mut self,
        function: Function,
        other: Function,
    ) -> Result<Option<(SyscallData, [u32; 2])>, Unanswered> {
        let mut found: Option<(SyscallData, [u32; 2])> = None;
        for value in self.analysis.values(function)? {
            for instead in self.analysis.values(other)? {
                let slips = |[value, instead]: [u32; 2]| strictness(value) > strictness(instead);
                let worse = |(_, found): &(_, [u32; 2])| slips(*found) || !slips([value, instead]);
                if value == instead || found.as_ref().is_some_and(worse) {
                    continue;
                }
                let here = self.analysis.where_value(function, value)?;
                let there = self.analysis.where_value(other, instead)?;
                let both = self.analysis.both(here, there)?;
                if let Some(example) = self.analysis.example(both)? {
                    found = Some((example, [value, instead]));
                }
            }
        }
        Ok(found)
    }

    /// Whether a function refuses all calls.
    fn refuses_all(&mut self, function: Function) -> Result<bool, Unanswered> {
        Ok(self.analysis.values(function)?.into_iter().all(is_refusal))
    }
}

/// Arguments of 32 bits whose other bits matter.
pub fn arguments(explorer: &mut Explorer, asked: &Asked<'_>) -> Findings {
    let &Asked { of_arch, call, .. } = asked;
    let arch = of_arch.arch;
    let mut findings = Vec::new();
    let is_one = explorer.analysis.constant_value(call.decided).is_some();
    if is_one || !has_high_halves(arch) {
        return Ok(findings);
    }
    let known = arguments::of(arch, call.name).unwrap_or_default();
    for (position, argument) in (0..).zip(known) {
        if argument.bits(arch) == 64 {
            continue;
        }
        let field = Field::Argument(position);
        let short = explorer.analysis.with_short(call.decided, field)?;
        let Some((mut example, [long, short])) =
            explorer.most_lenient_difference(call.decided, short)?
        else {
            continue;
        };
        example.number = call.number;
        let effect = match strictness(long) > strictness(short) {
            true => "slips past",
            false => "is refused",
        };
        let name = argument.name;
        let c_type = argument.c_type;
        let [long, short] = [long, short].map(|value| wording::action(arch, value));
        let what = format!(
            "{}: {name} has the type {c_type}; with high bits set, a call {effect}: {long}, not {short}",
            call.name
        );
        let low = u64::from(u32::MAX);
        let fix = format!(
            "compare the low half: (int)a{position} == VALUE, or a{position} & {low:#x} == VALUE"
        );
        let example = wording::call(&example, ArchCall::of(arch, call.name));
        findings.push(asked.finding(INT_AS_LONG, call, what, fix, example));
    }
    Ok(findings)
}

/// Calls that are refused by their own number, and open through `socketcall` or `ipc`.
pub fn multiplexed(explorer: &mut Explorer, asked: &Asked<'_>) -> Findings {
    let &Asked { of_arch, call, .. } = asked;
    let arch = of_arch.arch;
    if !matches!(call.name, "socketcall" | "ipc") {
        return Ok(Vec::new());
    }
    let through = explorer.let_through(call.decided)?;
    let mut open = Vec::new();
    for name in names::all() {
        let Some(inner) = inner_call(arch, call, name) else {
            continue;
        };
        let selects = explorer.selects(arch, call, inner)?;
        let allowed = explorer.analysis.both(selects, through)?;
        let Some(example) = explorer.analysis.example(allowed)? else {
            continue;
        };
        let refused = match of_arch.find(name) {
            Some(own) => explorer.refuses_all(own.decided)?,
            // It has no number of its own.
            None => {
                let (field, number) = (Field::Argument(0), inner.into());
                let plain = explorer.analysis.fix(call.decided, field, number)?;
                explorer.refuses_all(plain)?
            }
        };
        if refused {
            open.push((name, example));
        }
    }
    let Some((first, example)) = open.first() else {
        return Ok(Vec::new());
    };
    let by = call.name;
    let names: Vec<&str> = open.iter().map(|(name, _)| *name).collect();
    let what = format!("refused, and allowed through {by}: {}", names.join(" "));
    let word = example.arguments[0];
    let (word, fix) = match word >> VERSION_SHIFT {
        0 => (
            word.to_string(),
            format!("refuse {by}, or these calls of it"),
        ),
        _ => (
            format!("{word:#x}"),
            format!(
                "refuse {by}, or mask its first argument with 0xffff: the upper half is a version"
            ),
        ),
    };
    let fix = format!("{fix}; {first} is {by}({word}, …)");
    let example = format!("{by}({word})");
    let finding = asked.finding(OPEN_BY_MULTIPLEXER, call, what, fix, example);
    Ok(vec![finding])
}

/// Where the word that tells `ipc` the call has the version.
const VERSION_SHIFT: u32 = 16;

/// `SHMAT`: version 1 is refused.
const SHMAT: u32 = 21;

impl Explorer {
    /// Where a multiplexer's first argument, of which the kernel reads 32 bits, selects an
    /// inner call. `ipc` takes a version in its upper half, but for s390's, which refuses one.
    fn selects(
        &mut self,
        arch: Arch,
        multiplexer: &Call,
        inner: u32,
    ) -> Result<Function, Unanswered> {
        let has_version = multiplexer.name == "ipc" && !matches!(arch, Arch::S390 | Arch::S390x);
        let mask = match has_version {
            true => (1 << VERSION_SHIFT) - 1,
            false => u32::MAX.into(),
        };
        let mut is = |mask, value: u32| {
            let field = Field::Argument(0);
            let equal = Order::Equal;
            (self.analysis).compare(field, WordSize::Bits32, mask, equal, value.into())
        };
        let mut selects = is(mask, inner)?;
        if has_version && inner == SHMAT {
            let refused = is(u64::MAX, 1 << VERSION_SHIFT | inner)?;
            selects = self.analysis.without(selects, refused)?;
        }
        // `int-as-long` is about the high half.
        let width = WordSize::Bits64;
        let mask = u64::MAX << 32;
        let short = (self.analysis).compare(Field::Argument(0), width, mask, Order::Equal, 0)?;
        self.analysis.both(short, selects)
    }
}

/// The number by which a multiplexer knows a call, if it does.
fn inner_call(arch: Arch, multiplexer: &Call, name: &str) -> Option<u32> {
    let through = names::targets(arch, name)?.multiplexed?;
    (through.number == multiplexer.number).then_some(through.call)
}

/// Calls that are refused, and open through another one.
pub fn equivalents(explorer: &mut Explorer, asked: &Asked<'_>) -> Findings {
    let &Asked { of_arch, call, .. } = asked;
    let arch = of_arch.arch;
    if !explorer.refuses_all(call.decided)? {
        return Ok(Vec::new());
    }
    let mut open = Vec::new();
    for equivalent in tables::equivalents(call.name) {
        let Some(other) = of_arch.find(equivalent.call) else {
            continue;
        };
        let through = explorer.let_through(other.decided)?;
        if let Some(example) = explorer.analysis.example(through)? {
            let example = wording::call(&example, ArchCall::of(arch, other.name));
            open.push((other, equivalent.reason, example));
        }
    }
    let Some((first, _, example)) = open.first() else {
        return Ok(Vec::new());
    };
    let ways = open
        .iter()
        .map(|(other, reason, _)| format!("{} ({reason})", other.name));
    let ways: Vec<String> = ways.collect();
    let name = call.name;
    let what = format!("{name} is refused; allowed are {}", ways.join(", "));
    let fix = format!("refuse these too, or allow {name}");
    let finding = asked.finding(OPEN_BY_EQUIVALENT, first, what, fix, example.clone());
    Ok(vec![finding])
}

/// Calls that get EPERM, where C libraries need ENOSYS.
pub fn fallbacks(explorer: &mut Explorer, asked: &Asked<'_>) -> Findings {
    let &Asked { of_arch, call, .. } = asked;
    let arch = of_arch.arch;
    let enosys = wording::errno_number(arch, "ENOSYS").unwrap_or(38);
    let errors = 0x0005_0000..=0x0005_ffff;
    let is_other = |value: &u32| errors.contains(value) && value & 0xffff != enosys;
    let value = explorer.analysis.constant_value(call.decided);
    let refused = value.filter(is_other);
    let (Some(value), Some(fallback)) = (refused, tables::fallback(call.name)) else {
        return Ok(Vec::new());
    };
    // Without the older call, the fallback fails too.
    let mut works = fallback.instead == "nothing";
    for older in fallback.instead.split_whitespace() {
        if let Some(older) = of_arch.find(older) {
            works |= !explorer.refuses_all(older.decided)?;
        }
    }
    if !works {
        return Ok(Vec::new());
    }
    let name = call.name;
    let action = wording::action(arch, value);
    let what = format!("{name} gets {action}: {}", fallback.reason);
    let fix = format!("answer {name} with errno {enosys} (ENOSYS)");
    let example = format!("{name}()");
    let finding = asked.finding(EPERM_FOR_ENOSYS, call, what, fix, example);
    Ok(vec![finding])
}

/// Calls that are refused on x86_64 and open by their x32 number.
pub fn x32(explorer: &mut Explorer, subject: &Subject, matrix: &Matrix) -> Findings {
    let of = |arch| matrix.arches.iter().find(|each| each.arch == arch);
    let (Some(plain), Some(x32)) = (of(Arch::X86_64), of(Arch::X32)) else {
        return Ok(Vec::new());
    };
    // A filter with rules for x32 says what it wants.
    if subject.arches.contains(&Arch::X32) {
        return Ok(Vec::new());
    }
    let mut open = Vec::new();
    for call in &plain.calls {
        let Some(other) = x32.find(call.name) else {
            continue;
        };
        if explorer.refuses_all(call.decided)? && !explorer.refuses_all(other.decided)? {
            open.push(call.name);
        }
    }
    let Some(first) = open.first() else {
        return Ok(Vec::new());
    };
    let more = match open.len() {
        1 => String::new(),
        more => format!(" and {} more", more - 1),
    };
    let what = format!("{first}{more}: refused on x86_64, allowed by the number of x32");
    let fix = "refuse numbers from 0x40000000 on, or add rules for x32".to_string();
    let finding = Finding::new(OPEN_BY_X32, Some(Arch::X32), what, fix);
    Ok(vec![finding.example(format!("x32 {first}()"))])
}

/// Calls of architectures without rules.
pub fn foreign(explorer: &mut Explorer, matrix: &Matrix) -> Findings {
    // A filter that refuses nothing is none, and one that refuses everything is never wrong.
    let values = explorer.analysis.values(matrix.whole)?;
    let refuses = |value: &u32| is_refusal(*value);
    if !values.iter().any(refuses) || values.iter().all(refuses) {
        return Ok(Vec::new());
    }
    let fix = "refuse calls of other architectures".to_string();
    if !explorer
        .analysis
        .depends_on(matrix.whole, Field::Architecture)?
    {
        let what = "the filter decides by the number alone".to_string();
        return Ok(vec![Finding::new(ARCH_NOT_TESTED, None, what, fix)]);
    }
    for &(token, decided) in &matrix.others {
        if !explorer.refuses_all(decided)? {
            let what = "calls of other architectures are allowed".to_string();
            let finding = Finding::new(OPEN_BY_FOREIGN, None, what, fix);
            return Ok(vec![
                finding.example(format!("a call with the architecture {token:#x}")),
            ]);
        }
    }
    Ok(Vec::new())
}
