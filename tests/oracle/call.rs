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
        match *self {
            Call::Merge(one, other) => [one, other].contains(&wanted),
            Call::Init(filter, _)
            | Call::Reset(filter, _)
            | Call::SetAttribute(filter, ..)
            | Call::Attribute(filter, _)
            | Call::AddArch(filter, _)
            | Call::RemoveArch(filter, _)
            | Call::HasArch(filter, _)
            | Call::Rule { filter, .. }
            | Call::Priority(filter, ..)
            | Call::Start(filter)
            | Call::Reject(filter)
            | Call::Commit(filter)
            | Call::Text(filter)
            | Call::Program(filter)
            | Call::ProgramToMemory(filter, _)
            | Call::Precompute(filter)
            | Call::Load(filter)
            | Call::ReleaseTwice(filter) => filter == wanted,
            Call::SetLevel(_) | Call::Resolve(..) => false,
        }
    }
}

/// The player's line.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Init(filter, action) => write!(f, "init {filter} {action}"),
            Call::Reset(filter, action) => write!(f, "reset {filter} {action}"),
            Call::Merge(to, from) => write!(f, "merge {to} {from}"),
            Call::SetAttribute(filter, name, value) => {
                write!(f, "attr_set {filter} {name} {value}")
            }
            Call::Attribute(filter, name) => write!(f, "attr_get {filter} {name}"),
            Call::AddArch(filter, token) => write!(f, "arch_add {filter} {token}"),
            Call::RemoveArch(filter, token) => write!(f, "arch_remove {filter} {token}"),
            Call::HasArch(filter, token) => write!(f, "arch_exist {filter} {token}"),
            Call::Rule {
                filter,
                exact,
                action,
                number,
                compared,
            } => {
                let exact = u8::from(*exact);
                write!(
                    f,
                    "rule {filter} {exact} {action} {number} {}",
                    compared.len()
                )?;
                for Compared {
                    argument,
                    operator,
                    a,
                    b,
                } in compared
                {
                    write!(f, " {argument} {operator} {a} {b}")?;
                }
                Ok(())
            }
            Call::Priority(filter, number, value) => {
                write!(f, "priority {filter} {number} {value}")
            }
            Call::Start(filter) => write!(f, "start {filter}"),
            Call::Reject(filter) => write!(f, "reject {filter}"),
            Call::Commit(filter) => write!(f, "commit {filter}"),
            Call::Text(filter) => write!(f, "pfc {filter}"),
            Call::Program(filter) => write!(f, "bpf {filter}"),
            Call::ProgramToMemory(filter, size) => write!(f, "bpf_mem {filter} {size}"),
            Call::Precompute(filter) => write!(f, "precompute {filter}"),
            Call::Load(filter) => write!(f, "load {filter}"),
            Call::ReleaseTwice(filter) => write!(f, "release_twice {filter}"),
            Call::SetLevel(level) => write!(f, "api_set {level}"),
            Call::Resolve(token, name) => write!(f, "name {token} {name}"),
        }
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

fn arch(token: u32) -> String {
    match Arch::from_token(token) {
        Some(arch) => format!("SCMP_ARCH_{}", arch.name().to_uppercase()),
        None => format!("{token:#x}"),
    }
}

fn number(number: i32) -> String {
    match Arch::native().syscall_name(number) {
        Some(name) => format!("SCMP_SYS({name})"),
        None => number.to_string(),
    }
}

fn compared(compared: &[Compared]) -> String {
    const OPERATORS: [&str; 7] = ["NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"];
    let mut text = String::new();
    for one in compared {
        let operator = match OPERATORS.get((one.operator as usize).wrapping_sub(1)) {
            Some(name) => format!("SCMP_CMP_{name}"),
            None => one.operator.to_string(),
        };
        let _ = write!(
            text,
            ", SCMP_CMP({}, {operator}, {:#x}",
            one.argument, one.a
        );
        if one.operator == 7 {
            let _ = write!(text, ", {:#x}", one.b);
        }
        text.push(')');
    }
    text
}

fn statement(call: &Call) -> String {
    const ATTRIBUTES: &str = "\
        ACT_DEFAULT ACT_BADARCH CTL_NNP CTL_TSYNC API_TSKIP CTL_LOG CTL_SSB CTL_OPTIMIZE \
        API_SYSRAWRC CTL_WAITKILL";
    let attribute = |name: i32| match ATTRIBUTES.split(' ').nth((name as usize).wrapping_sub(1)) {
        Some(name) => format!("SCMP_FLTATR_{name}"),
        None => name.to_string(),
    };
    match call {
        Call::Init(f, default) => format!("f{f} = seccomp_init({})", action(*default)),
        Call::Reset(f, default) => format!("seccomp_reset(f{f}, {})", action(*default)),
        Call::Merge(to, from) => format!("seccomp_merge(f{to}, f{from})"),
        Call::SetAttribute(f, name, value) => {
            let value = match name {
                2 => action(*value),
                _ => value.to_string(),
            };
            format!("seccomp_attr_set(f{f}, {}, {value})", attribute(*name))
        }
        Call::Attribute(f, name) => format!("seccomp_attr_get(f{f}, {}, &v)", attribute(*name)),
        Call::AddArch(f, token) => format!("seccomp_arch_add(f{f}, {})", arch(*token)),
        Call::RemoveArch(f, token) => format!("seccomp_arch_remove(f{f}, {})", arch(*token)),
        Call::HasArch(f, token) => format!("seccomp_arch_exist(f{f}, {})", arch(*token)),
        Call::Rule {
            filter,
            exact,
            action: wanted,
            number: call,
            compared: all,
        } => format!(
            "seccomp_rule_add{}(f{filter}, {}, {}, {}{})",
            if *exact { "_exact" } else { "" },
            action(*wanted),
            number(*call),
            all.len(),
            compared(all)
        ),
        Call::Priority(f, call, value) => {
            format!("seccomp_syscall_priority(f{f}, {}, {value})", number(*call))
        }
        Call::Start(f) => format!("seccomp_transaction_start(f{f})"),
        Call::Reject(f) => format!("seccomp_transaction_reject(f{f})"),
        Call::Commit(f) => format!("seccomp_transaction_commit(f{f})"),
        Call::Text(f) => format!("seccomp_export_pfc(f{f}, 1)"),
        Call::Program(f) => format!("seccomp_export_bpf(f{f}, 1)"),
        Call::ProgramToMemory(f, size) => {
            format!("size = {size}, seccomp_export_bpf_mem(f{f}, buffer, &size)")
        }
        Call::Precompute(f) => format!("seccomp_precompute(f{f})"),
        Call::Load(f) => format!("seccomp_load(f{f})"),
        Call::ReleaseTwice(f) => format!("seccomp_release(f{f});\nseccomp_release(f{f})"),
        Call::SetLevel(level) => format!("seccomp_api_set({level})"),
        Call::Resolve(token, name) => format!(
            "seccomp_syscall_resolve_name_arch({}, \"{name}\")",
            arch(*token)
        ),
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
