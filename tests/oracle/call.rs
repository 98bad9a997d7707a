// SPDX-License-Identifier: LGPL-2.1-only
//! Calls of the C API, as tests/same's player takes them and as a C program.

use std::fmt::{self, Write};

use scmp::{Arch, Comparison, Operator, WordSize};

/// `SCMP_CMP_32BIT`.
pub const OF_INT: u32 = 1 << 16;

/// `struct scmp_arg_cmp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub argument: u32,
    pub operator: u32,
    pub a: u64,
    pub b: u64,
}

impl Compared {
    pub fn of(comparison: &Comparison) -> Compared {
        let datum = comparison.datum();
        let (operator, a, b) = match comparison.operator() {
            Operator::NotEqual => (1, datum, 0),
            Operator::Less => (2, datum, 0),
            Operator::LessOrEqual => (3, datum, 0),
            Operator::Equal => (4, datum, 0),
            Operator::GreaterOrEqual => (5, datum, 0),
            Operator::Greater => (6, datum, 0),
            Operator::MaskedEqual { mask } => (7, mask, datum),
        };
        let width = match comparison.width() {
            WordSize::Bits64 => 0,
            WordSize::Bits32 => OF_INT,
        };
        Compared {
            argument: comparison.argument().into(),
            operator: operator | width,
            a,
            b,
        }
    }

    /// `None` without such an argument or operator.
    pub fn comparison(&self) -> Option<Comparison> {
        let make = match self.operator & OF_INT {
            0 => Comparison::new,
            _ => Comparison::of_int,
        };
        let (operator, datum) = match self.operator & !OF_INT {
            1 => (Operator::NotEqual, self.a),
            2 => (Operator::Less, self.a),
            3 => (Operator::LessOrEqual, self.a),
            4 => (Operator::Equal, self.a),
            5 => (Operator::GreaterOrEqual, self.a),
            6 => (Operator::Greater, self.a),
            7 => (Operator::MaskedEqual { mask: self.a }, self.b),
            _ => return None,
        };
        make(self.argument.try_into().ok()?, operator, datum).ok()
    }
}

/// One call. Filters are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Init(u8, u32),
    Reset(u8, u32),
    Merge(u8, u8),
    SetAttribute(u8, i32, u32),
    Attribute(u8, i32),
    AddArch(u8, u32),
    RemoveArch(u8, u32),
    HasArch(u8, u32),
    Rule {
        filter: u8,
        exact: bool,
        action: u32,
        number: i32,
        compared: Vec<Compared>,
    },
    Priority(u8, i32, u8),
    Start(u8),
    Reject(u8),
    Commit(u8),
    Text(u8),
    Program(u8),
    ProgramToMemory(u8, usize),
    Precompute(u8),
    Load(u8),
    ReleaseTwice(u8),
    SetLevel(u32),
    /// The number of a name on the architecture with this token.
    Resolve(u32, &'static str),
}

impl Call {
    /// The calls by which a new filter covers these architectures, and no others.
    pub fn cover(filter: u8, arches: &[Arch]) -> impl Iterator<Item = Call> {
        let native = Arch::native();
        let uncovered = (!arches.contains(&native)).then_some(native);
        let removed = uncovered.map(|native| Call::RemoveArch(filter, native.token()));
        let others = arches.iter().filter(move |&&arch| arch != native);
        let added = others.map(move |arch| Call::AddArch(filter, arch.token()));
        removed.into_iter().chain(added)
    }

    /// Whether what it answers is a whole filter.
    pub fn exports(&self) -> bool {
        matches!(
            self,
            Call::Text(_) | Call::Program(_) | Call::ProgramToMemory(..)
        )
    }

    /// Whether it reads or changes this filter.
    pub fn is_of(&self, wanted: u8) -> bool {
        self.words().1.contains(&Word::Filter(wanted))
    }

    /// The function's name in C without `seccomp_`, and its arguments.
    fn words(&self) -> (&'static str, Vec<Word>) {
        use Word::*;
        let of = |name, filter, others: &[Word]| (name, [&[Filter(filter)], others].concat());
        match *self {
            Call::Init(f, default) => of("init", f, &[Action(default)]),
            Call::Reset(f, default) => of("reset", f, &[Action(default)]),
            Call::Merge(to, from) => of("merge", to, &[Filter(from)]),
            Call::SetAttribute(f, 2, action) => of("attr_set", f, &[Attribute(2), Action(action)]),
            Call::SetAttribute(f, name, v) => of("attr_set", f, &[Attribute(name), Plain(v)]),
            Call::Attribute(f, name) => of("attr_get", f, &[Attribute(name), Raw("&v")]),
            Call::AddArch(f, token) => of("arch_add", f, &[Token(token)]),
            Call::RemoveArch(f, token) => of("arch_remove", f, &[Token(token)]),
            Call::HasArch(f, token) => of("arch_exist", f, &[Token(token)]),
            Call::Rule {
                filter,
                exact,
                action,
                number,
                ref compared,
            } => {
                let name = ["rule_add", "rule_add_exact"][usize::from(exact)];
                let mut words = vec![Action(action), Number(number), Plain(compared.len() as u32)];
                words.extend(compared.iter().copied().map(Argument));
                of(name, filter, &words)
            }
            Call::Priority(f, number, value) => of(
                "syscall_priority",
                f,
                &[Number(number), Plain(value.into())],
            ),
            Call::Start(f) => of("transaction_start", f, &[]),
            Call::Reject(f) => of("transaction_reject", f, &[]),
            Call::Commit(f) => of("transaction_commit", f, &[]),
            Call::Text(f) => of("export_pfc", f, &[Raw("1")]),
            Call::Program(f) => of("export_bpf", f, &[Raw("1")]),
            Call::ProgramToMemory(f, size) => of("export_bpf_mem", f, &[Size(size)]),
            Call::Precompute(f) => of("precompute", f, &[]),
            Call::Load(f) => of("load", f, &[]),
            Call::ReleaseTwice(f) => of("release_twice", f, &[]),
            Call::SetLevel(level) => ("api_set", vec![Plain(level)]),
            Call::Resolve(token, name) => {
                ("syscall_resolve_name_arch", vec![Token(token), Name(name)])
            }
        }
    }
}

/// An argument of a call.
#[derive(Clone, Copy, PartialEq)]
enum Word {
    Filter(u8),
    Action(u32),
    Attribute(i32),
    Token(u32),
    Number(i32),
    Argument(Compared),
    Size(usize),
    Name(&'static str),
    Plain(u32),
    Raw(&'static str),
}

/// As the player reads it. `{:#}`: in C.
impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ATTRIBUTES: &str = "\
            ACT_DEFAULT ACT_BADARCH CTL_NNP CTL_TSYNC API_TSKIP CTL_LOG CTL_SSB CTL_OPTIMIZE \
            API_SYSRAWRC CTL_WAITKILL";
        const OPERATORS: &str = "NE LT LE EQ GE GT MASKED_EQ";
        let nth = |prefix, names: &str, at: u32| match names
            .split(' ')
            .nth((at as usize).wrapping_sub(1))
        {
            Some(name) => format!("SCMP_{prefix}_{name}"),
            None => at.to_string(),
        };
        let in_c = f.alternate();
        match *self {
            Word::Filter(filter) if in_c => write!(f, "f{filter}"),
            Word::Filter(filter) => write!(f, "{filter}"),
            Word::Action(raw) if in_c => f.write_str(&action(raw)),
            Word::Attribute(name) if in_c => f.write_str(&nth("FLTATR", ATTRIBUTES, name as u32)),
            Word::Token(token) if in_c => match Arch::from_token(token) {
                Some(arch) => write!(f, "SCMP_ARCH_{}", arch.name().to_uppercase()),
                None => write!(f, "{token:#x}"),
            },
            Word::Number(number) if in_c => match Arch::native().syscall_name(number) {
                Some(name) => write!(f, "SCMP_SYS({name})"),
                None => write!(f, "{number}"),
            },
            Word::Argument(one) if in_c => {
                let operator = nth("CMP", OPERATORS, one.operator);
                write!(f, "SCMP_CMP({}, {operator}, {:#x}", one.argument, one.a)?;
                match one.operator {
                    7 => write!(f, ", {:#x})", one.b),
                    _ => f.write_str(")"),
                }
            }
            Word::Argument(one) => {
                write!(f, "{} {} {} {}", one.argument, one.operator, one.a, one.b)
            }
            Word::Size(_) if in_c => f.write_str("buffer, &size"),
            Word::Size(size) => write!(f, "{size}"),
            Word::Name(name) if in_c => write!(f, "\"{name}\""),
            Word::Action(value) | Word::Token(value) | Word::Plain(value) => write!(f, "{value}"),
            Word::Attribute(value) | Word::Number(value) => write!(f, "{value}"),
            Word::Name(text) | Word::Raw(text) => f.write_str(text),
        }
    }
}

/// The player's line.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, words) = self.words();
        f.write_str(name)?;
        words.iter().try_for_each(|word| write!(f, " {word}"))
    }
}

fn action(raw: u32) -> String {
    let data = raw & 0xffff;
    match raw & 0xffff_0000 {
        0x8000_0000 if data == 0 => "SCMP_ACT_KILL_PROCESS".into(),
        0 if data == 0 => "SCMP_ACT_KILL".into(),
        0x0003_0000 if data == 0 => "SCMP_ACT_TRAP".into(),
        0x0005_0000 => format!("SCMP_ACT_ERRNO({data})"),
        0x7fc0_0000 if data == 0 => "SCMP_ACT_NOTIFY".into(),
        0x7ff0_0000 => format!("SCMP_ACT_TRACE({data})"),
        0x7ffc_0000 if data == 0 => "SCMP_ACT_LOG".into(),
        0x7fff_0000 if data == 0 => "SCMP_ACT_ALLOW".into(),
        _ => format!("{raw:#x}"),
    }
}

fn statement(call: &Call) -> String {
    let (name, words) = call.words();
    let words: Vec<String> = words.iter().map(|word| format!("{word:#}")).collect();
    let plain = format!("seccomp_{name}({})", words.join(", "));
    match call {
        Call::Init(f, default) => format!("f{f} = seccomp_init({})", action(*default)),
        Call::ProgramToMemory(_, size) => format!("size = {size}, {plain}"),
        Call::ReleaseTwice(f) => format!("seccomp_release(f{f});\nseccomp_release(f{f})"),
        _ => plain,
    }
}

/// A C program that makes the calls.
pub fn c_program(calls: &[Call]) -> String {
    let mut text = String::from(
        "#include <seccomp.h>\n\nint main(void)\n{\n\tscmp_filter_ctx f0 = NULL, f1 = NULL;\n",
    );
    if calls.iter().any(|call| matches!(call, Call::Attribute(..))) {
        text.push_str("\tuint32_t v;\n");
    }
    if calls
        .iter()
        .any(|call| matches!(call, Call::ProgramToMemory(..)))
    {
        text.push_str("\tchar buffer[4096];\n\tsize_t size;\n");
    }
    text.push('\n');
    for line in statements(calls).lines() {
        let _ = writeln!(text, "\t{line}");
    }
    text.push_str("}\n");
    text
}

/// The calls alone, one a line.
pub fn statements(calls: &[Call]) -> String {
    let lines = calls.iter().map(|call| statement(call) + ";\n");
    lines.collect()
}
