// SPDX-License-Identifier: LGPL-2.1-only

use scmp::WordSize;
use scmp_verify::decision::{Analysis, Field, Function, Order};

use super::policy::Statement;
use super::*;
use crate::random::Random;

fn options(minijail: Option<Reader>) -> Options {
    let kill = Kill::Thread;
    Options { minijail, kill }
}

fn parse(text: &str, machine: Arch, options: &Options) -> Policy {
    let parsed = parser::parse(text, None, machine, options, &mut Sources::default());
    parsed.unwrap_or_else(|why| panic!("{why:?}: {text}"))
}

fn decide(text: &str, machine: Arch, reader: Option<Reader>) -> Decided {
    let options = options(reader);
    let decided = Decided::by(&parse(text, machine, &options), machine, &options);
    decided.unwrap_or_else(|why| panic!("{why:?}: {text}"))
}

fn refused(text: &str, reader: Option<Reader>) -> String {
    let machine = [Arch::X86_64];
    match read("p", None, text, &machine, &options(reader)) {
        Ok(_) => panic!("no mistake in {text}"),
        Err(why) => why.to_string(),
    }
}

/// What a policy decides, from what was parsed, without conditions and programs.
struct Evaluation<'a> {
    analysis: &'a mut Analysis,
    machine: Arch,
}

impl Evaluation<'_> {
    fn policy(&mut self, policy: &Policy, reader: Reader) -> Function {
        let kill = self.constant(KILL_THREAD);
        let default = match policy.denylist {
            Some(_) => ALLOW,
            None => policy.default.unwrap_or(KILL_THREAD),
        };
        let mut decided = self.constant(default);
        let calls = policy.statements.iter().flat_map(|each| &each.calls);
        let mut numbers: Vec<u32> = calls.map(|call| call.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let statements = policy.statements.iter();
            let about = |each: &&Statement| each.calls.iter().any(|call| call.number == number);
            let mut statements: Vec<&Statement> = statements.filter(about).collect();
            let mut open = policy.default.unwrap_or(default);
            if reader == Reader::Library {
                statements.truncate(1);
                if let (Some(_), Some(Action::Errno(errno))) = (
                    &statements[0].filters[0].condition,
                    &statements[0].filters[0].action,
                ) {
                    open = ERRNO | u32::from(*errno);
                }
            }
            let mut here = self.constant(open);
            for filter in statements
                .iter()
                .rev()
                .flat_map(|each| each.filters.iter().rev())
            {
                here = self.filter(filter, reader, here);
            }
            let is_call = self.is(Field::Number, number);
            decided = self.analysis.choose(is_call, here, decided).unwrap();
        }
        let is_native = self.is(Field::Architecture, self.machine.audit_token());
        self.analysis.choose(is_native, decided, kill).unwrap()
    }

    fn filter(&mut self, filter: &Filter, reader: Reader, otherwise: Function) -> Function {
        let action = match &filter.action {
            Some(Action::Errno(errno)) => ERRNO | u32::from(*errno),
            Some(Action::Other(action)) => *action,
            Some(Action::Blocked) => KILL_THREAD,
            None => ALLOW,
        };
        let Some(condition) = &filter.condition else {
            return self.constant(action);
        };
        let matched = match reader {
            Reader::Library => ALLOW,
            Reader::Compiler => action,
        };
        let holds = condition.region(self.analysis).unwrap();
        let matched = self.constant(matched);
        self.analysis.choose(holds, matched, otherwise).unwrap()
    }

    fn is(&mut self, field: Field, value: u32) -> Function {
        let (width, mask) = (WordSize::Bits32, u64::MAX);
        let is = (self.analysis).compare(field, width, mask, Order::Equal, value.into());
        is.unwrap()
    }

    fn constant(&mut self, value: u32) -> Function {
        self.analysis.constant(value).unwrap()
    }
}

/// Compares the program with the evaluation. Returns the number of instructions.
fn check(text: &str, machine: Arch, reader: Reader) -> usize {
    let policy = parse(text, machine, &options(Some(reader)));
    let decided = decide(text, machine, Some(reader));
    let subject = decided.subject(&options(Some(reader))).unwrap();
    let program = &subject.programs[0];
    let mut analysis = Analysis::new();
    let right = Evaluation {
        analysis: &mut analysis,
        machine,
    }
    .policy(&policy, reader);
    let function = analysis.of_program(program).unwrap();
    let differ = analysis.difference(function, right);
    assert_eq!(differ, None, "{machine} {reader:?}\n{text}");
    program.instructions().len()
}

/// Both readers understand it alike.
const COMMON: &str = "
    # Every operator, and constants of every form.
    read: 1
    write: arg0 == 1
    close: arg0 != 0x2
    lseek: arg2 < 3
    dup: arg0 <= 017
    pread64: arg0 > 5 && arg1 >= -2
    mmap: arg2 in ~PROT_EXEC || arg2 in ~PROT_WRITE
    clone: arg0 & CLONE_THREAD|CLONE_VM
    mprotect: arg2 in PROT_READ|(PROT_WRITE|~(~PROT_EXEC|2)) && \\
              arg0 == 4294967295 || arg1 & 0
    munmap: arg0 in -1
    exit: return EPERM
    kill: return 0x10
    brk: return
    ";

/// Only the compiler reads it.
const GROUPS: &str = "
    @default trap
    {read, write}: allow
    # A call's filters are tried one after the other, also those of several lines.
    openat: { arg2 & O_CREAT; return EACCES, arg2 == 1; log, arg2 < 9; trace }
    openat: arg3 > 7; user-notify
    openat: kill-process
    open[arch=x86_64]: kill-thread
    open[arch=arm,s390x]: kill
    {fchown [arch=arm64], fchown[arch=x86_64, s390x]}: {trap}
    mmap: arg0 == 1
    mmap: arg0 == 1; return ENOMEM
    getpid: 0x1
    ";

const DENIED: &str = "
    @denylist
    bpf: return EPERM
    clone: { arg0 & CLONE_NEWUSER; return EPERM, arg0 & CLONE_NEWNET; return ENOSYS }
    mmap: arg2 & PROT_EXEC
    ";

#[test]
fn programs_decide_as_their_policies() {
    for machine in [Arch::X86_64, Arch::Aarch64, Arch::S390x] {
        assert!(check(COMMON, machine, Reader::Library) > 40);
        assert!(check(GROUPS, machine, Reader::Compiler) > 30);
        check(DENIED, machine, Reader::Compiler);
        let common = COMMON.replace("brk: return\n", "");
        check(&common, machine, Reader::Compiler);
    }
    // Values of 32 bits.
    let on_arm = |text: &str| text.replace("mmap:", "mmap2:");
    check(&on_arm(COMMON), Arch::Arm, Reader::Library);
    check(&on_arm(GROUPS), Arch::Arm, Reader::Compiler);
    check(&on_arm(DENIED), Arch::Arm, Reader::Compiler);
}

fn value(random: &mut Random) -> String {
    let single = [
        "0",
        "1",
        "0x7fffffff",
        "0xffffffff",
        "-1",
        "-0x80000000",
        "020",
        "O_CREAT",
    ];
    let mut value = random.pick(&["", "", "~"]).to_string();
    value += random.pick(&single);
    match random.pick(&["", "", "|", "()"]) {
        "|" => value + "|" + random.pick(&single),
        "()" => format!("~({value}|{})", random.pick(&single)),
        _ => value,
    }
}

fn condition(random: &mut Random) -> String {
    let argument = random.pick(&["arg0", "arg1", "arg5"]);
    let operator = random.pick(&["==", "!=", "<", "<=", ">", ">=", "&", "in"]);
    let test = format!("{argument} {operator} {}", value(random));
    match random.pick(&["", "&&", "||"]) {
        "" => test,
        and => format!("{test} {and} {}", condition(random)),
    }
}

#[test]
fn random_policies_decide_as_they_read() {
    let mut random = Random::new(1);
    let machines = [Arch::X86_64, Arch::S390x, Arch::Arm];
    let mut instructions = 0;
    for round in 0..150 {
        let reader = [Reader::Library, Reader::Compiler][round % 2];
        let mut text = String::new();
        for call in ["read", "write", "ioctl"] {
            let lines = match reader {
                Reader::Library => 1,
                Reader::Compiler => 2,
            };
            for _ in 0..lines {
                let condition = condition(&mut random);
                let action = match reader {
                    Reader::Library => random.pick(&["", "; return 7"]),
                    Reader::Compiler => random.pick(&["", "; log", "; return 7", "; kill-process"]),
                };
                text += &format!("{call}: {condition}{action}\n");
            }
        }
        instructions += check(&text, machines[round % 3], reader);
    }
    assert!(instructions > 150 * 20, "{instructions}");
}

#[test]
fn readers_differ_on_return_after_a_condition() {
    let text = "read: arg0 == 1; return EPERM";
    let actions = |reader| -> Vec<_> {
        let decided = decide(text, Arch::X86_64, reader);
        let rules = decided.rules.iter();
        rules
            .map(|rule| (rule.condition.to_string(), rule.action))
            .collect()
    };
    let library = [
        ("a0 == 1".to_string(), ALLOW),
        ("always".to_string(), ERRNO | 1),
    ];
    assert_eq!(actions(Some(Reader::Library)), library);
    assert_eq!(actions(None), library);
    let compiler = [("a0 == 1".to_string(), ERRNO | 1)];
    assert_eq!(actions(Some(Reader::Compiler)), compiler);
    let notes = decide(text, Arch::X86_64, None).notes;
    assert!(
        notes.iter().any(|note| note.text.contains("if it does")),
        "{notes:?}"
    );
}

#[test]
fn contents_tell_the_reader() {
    let reader = |text| decide(text, Arch::X86_64, None).reader;
    for common in [COMMON, "", "read: 1\nread: arg0 == 1"] {
        assert_eq!(reader(common), Reader::Library, "{common}");
    }
    let others = [
        "read: allow",
        "{read}: 1",
        "@default kill",
        "@denylist",
        "read: arg0 == 1; 1",
    ];
    let more = [
        "read[arch=arm]: 1",
        "read: {1}",
        "read: arg0 == 1\nread: arg0 == 2",
    ];
    for compilers in others.into_iter().chain(more) {
        assert_eq!(reader(compilers), Reader::Compiler, "{compilers}");
        let why = refused(compilers, Some(Reader::Library));
        assert!(why.contains("libminijail refuses"), "{why}");
    }
}

#[test]
fn notes_say_what_is_ignored() {
    let notes = |text| {
        let policy = parse(text, Arch::X86_64, &options(None));
        let decided = Decided::by(&policy, Arch::X86_64, &options(None)).unwrap();
        let all: Vec<Note> = policy.notes.into_iter().chain(decided.notes).collect();
        let shown = all.iter().map(|note| {
            let place = note.place.as_ref().map(|place| place.in_file("p"));
            format!("{}: {}", place.unwrap_or_default(), note.text)
        });
        shown.collect::<Vec<_>>().join("\n")
    };
    let said = [
        ("@frequency ./f\n", "p:1:12: ./f says"),
        (
            "read: 1",
            ": the policy has no @default: blocked calls get kill-thread",
        ),
        (
            "read: return 70000",
            "p:1:14: return 70000: a filter returns the low 16 bits",
        ),
        ("read[arch=vax]: 1", "p:1:11: vax is no architecture"),
        ("# a \\\nread: 1", "p:1:1: the comment ends in a backslash"),
        (
            "read: 1\nread: arg0 == 1",
            "p:2:7: the second line for read",
        ),
        (
            "read: {arg0 == 1; log, 1}",
            "p:1:24: compile_seccomp_policy.py forgets",
        ),
    ];
    for (text, note) in said {
        let notes = notes(text);
        assert!(notes.contains(note), "{text}: {notes}");
    }
}

#[test]
fn mistakes_have_a_place() {
    let mistakes = [
        ("read 1", "p:1:6: 1: expected ':'"),
        ("read: 1 1", "p:1:9: 1: expected the end of the line"),
        (
            "read:",
            "p:1:6: the end of the line: expected a comparison such as arg0 == 1, or an action: 1 or allow, return ERROR, kill, trap, trace, log or user-notify",
        ),
        (
            "read: 2",
            "p:1:7: 2: expected a comparison such as arg0 == 1, or an action: 1 or allow, return ERROR, kill, trap, trace, log or user-notify",
        ),
        (
            "\n\n  notasyscall: 1",
            "p:3:3: notasyscall: no system call has this name",
        ),
        ("mmap2: 1", "p:1:1: mmap2: x86_64 has no such system call"),
        ("3: 1", "p:1:1: 3: expected the name of a system call"),
        (
            "group@name: 1",
            "p:1:1: group@name: groups of calls are not known here: a file of one's own defines them",
        ),
        (
            "open: argnn ==",
            "p:1:7: argnn: expected a comparison such as arg0 == 1, or an action: 1 or allow, return ERROR, kill, trap, trace, log or user-notify",
        ),
        ("open: arg6 == 1", "p:1:7: arg6: expected arg0 to arg5"),
        (
            "open: arg0 = 1",
            "p:1:12: '=': expected ==, !=, <, <=, >, >=, & or in",
        ),
        (
            "open: arg0 ==",
            "p:1:14: the end of the line: expected a number or a constant's name",
        ),
        (
            "open: arg0 == NOPE",
            "p:1:15: NOPE: expected a number or a constant's name",
        ),
        (
            "open: arg0 == 08",
            "p:1:15: 08: expected a number of 64 bits",
        ),
        (
            "open: arg0 == ~~1",
            "p:1:16: '~': expected a number or a constant's name",
        ),
        (
            "open: arg0 == (1|2",
            "p:1:19: the end of the line: expected ')'",
        ),
        (
            "open: arg0 == 1 &&",
            "p:1:19: the end of the line: expected a comparison such as arg0 == 1",
        ),
        (
            "open: arg0 == 1 || \\\n  x",
            "p:2:3: x: expected a comparison such as arg0 == 1",
        ),
        (
            "open: arg0 == 1; open",
            "p:1:18: open: expected an action: return ERROR, 1 or allow, kill, trap, trace, log or user-notify",
        ),
        (
            "open: return nothing",
            "p:1:14: nothing: expected a number or a constant's name",
        ),
        (
            "{open, : 1",
            "p:1:8: ':': expected the name of a system call",
        ),
        ("open: {1", "p:1:9: the end of the line: expected '}'"),
        ("open[os=linux]: 1", "p:1:6: os: expected arch"),
        (
            "open[arch=]: 1",
            "p:1:11: ']': expected the name of an architecture",
        ),
        (
            "open: $",
            "p:1:7: '$': expected a comparison such as arg0 == 1, or an action: 1 or allow, return ERROR, kill, trap, trace, log or user-notify",
        ),
        ("open: 1 \\", "p:1:9: '\\\\': expected the end of the line"),
        (
            "@default allow",
            "p:1:10: allow: expected kill, kill-process, kill-thread, trap or user-notify",
        ),
        (
            "@deny",
            "p:1:1: @deny: expected @include, @default, @denylist or @frequency",
        ),
        (
            "@include",
            "p:1:9: the end of the line: expected a path that begins with / or ./",
        ),
        (
            "@include file",
            "p:1:10: file: expected a path that begins with / or ./",
        ),
        ("@include /", "p:1:10: /: not a file"),
        (
            "@denylist\nopen: log",
            "p:2:7: expected `return`, as the policy has @denylist",
        ),
        ("{open}: return", "p:1:9: `return` alone: expected an error"),
        (
            "open: allow\nopen: log",
            "p:2:7: open has an action for all arguments already (line:1:7)",
        ),
    ];
    for (text, why) in mistakes {
        assert_eq!(refused(text, None), why, "{text}");
    }
}

// `why` looks for the rules with the value that the kernel takes; `check` said that such a rule
// never decides.
#[test]
fn rules_have_the_error_that_the_kernel_takes() {
    let decided = decide("read: return 5000", Arch::X86_64, None);
    let subject = decided.subject(&options(None)).unwrap();
    let mut instructions = subject.programs[0].instructions().iter();
    assert!(instructions.any(|each| each.k == ERRNO | 5000));
    assert_eq!(subject.rules[0].action, ERRNO | 4095);
}

#[test]
fn nothing_is_nested_too_deep() {
    let nested = |depth| format!("read: arg0 == {}1{}", "(".repeat(depth), ")".repeat(depth));
    check(&nested(100), Arch::X86_64, Reader::Library);
    let why = refused(&nested(10_000), None);
    assert_eq!(why, "p:1:115: '(': nested more than 100 deep");
}

#[test]
fn what_is_cut_off_is_read_or_refused() {
    for text in [COMMON, GROUPS, DENIED] {
        let mut mistakes = 0;
        for end in 0..text.len() {
            let cut = read("p", None, &text[..end], &[Arch::X86_64], &options(None));
            if let Err(why) = cut {
                assert!(why.to_string().starts_with("p:"), "{why}");
                mistakes += 1;
            }
        }
        assert!(mistakes > 50, "{mistakes}");
    }
}

#[test]
fn no_policy_has_more_tests_than_a_program() {
    let line = "read: arg0 == 1 || arg1 == 1\n";
    let why = refused(&line.repeat(40_000), None);
    assert!(why.ends_with(": more than 65535 tests"), "{why}");
    let one = "read: arg0 == 1".to_string() + &" || arg0 == 1".repeat(70_000);
    let why = refused(&one, None);
    assert!(why.ends_with(": more than 65535 tests"), "{why}");
    let product = format!(
        "{{{}}}: {{{}}}",
        ["read"; 300].join(","),
        ["arg0 == 1"; 300].join(",")
    );
    let why = refused(&product, None);
    assert!(why.ends_with(": more than 65535 tests"), "{why}");
    let conditions = "arg0 == 1 || ".repeat(300) + "arg0 == 1";
    let copies = format!("{{{}}}: {conditions}", ["read"; 300].join(","));
    let why = refused(&copies, None);
    assert!(why.ends_with(": more than 65535 tests"), "{why}");
    let long = "read: arg0 == 1".to_string() + &" || arg0 == 1".repeat(30_000);
    assert_eq!(
        refused(&long, None),
        "p: the program exceeds 65535 instructions"
    );
}

#[test]
fn policies_are_recognised() {
    let policies = ["read: 1", "_llseek : 1", "@include ./a", "{read, write}: 1"];
    for line in policies
        .into_iter()
        .chain(["open[arch=arm]: 1", "{read}: {trap}"])
    {
        assert!(is_statement(line), "{line}");
    }
    let others = [
        "{ 0x20, 0, 0, 4 }",
        "{\"a\": 1}",
        "{",
        "default allow",
        "POLICY a {",
    ];
    for line in others.into_iter().chain(["0: 1", ": 1", "a b: 1"]) {
        assert!(!is_statement(line), "{line}");
    }
}
