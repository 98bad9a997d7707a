// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp sim`, `why`, `show` and `diff` against the interpreter and so against each other:
//! random profiles and random programs of all operations, a changed one beside each, and
//! random calls. Conditions are taken from the JSON and evaluated here.
//!
//! `SCMP_AGREEMENT=n` tries n pairs of filters, `SCMP_SEED=s` begins elsewhere.

#[path = "agreement/changes.rs"]
mod changes;
#[path = "agreement/profile.rs"]
mod profile;
#[path = "../../scmp-verify/tests/programs/mod.rs"]
mod programs;
#[path = "kernel/shown.rs"]
#[allow(dead_code)]
mod shown;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use changes::Changes;
use programs::random::{Random, setting};
use scmp::arch::X32_SYSCALL_BIT;
use scmp::bpf::Program;
use scmp::{Arch, Endian, WordSize};
use scmp_verify::decision::effective;
use scmp_verify::{SyscallData, run, run_stack, validate};
use serde_json::Value;
use shown::{Decision, Filter};

const CALLS: usize = 5;

/// A filter as a file, and the program that it becomes.
struct Subject {
    path: PathBuf,
    program: Program,
    /// The program's file.
    compiled: PathBuf,
    /// The profile's architectures.
    arches: Vec<String>,
}

impl Subject {
    /// The file and the value of `--arch` with which to ask about an architecture: a profile
    /// is built for those that are named, and on one of them a rule may be refused, for all.
    fn asked(&self, arch: Arch, call: &SyscallData) -> (&str, String) {
        let is_known = self.arches.iter().any(|each| each == arch.name());
        let is_long = call.arguments.iter().any(|word| word >> 32 != 0);
        let has_short = self.arches.iter().any(|each| {
            let arch = Arch::from_name(each);
            arch.is_some_and(is_short)
        });
        match is_known && !(is_long && has_short) {
            true => (name(&self.path), self.arches.join(",")),
            false => (name(&self.compiled), arch.name().to_string()),
        }
    }

    fn decide(&self, call: &SyscallData) -> u32 {
        run_stack(std::slice::from_ref(&self.program), call).expect("a valid program")
    }
}

/// What scmp writes, and its exit code; `None` if it gave up.
fn scmp<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Option<(Vec<u8>, i32)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scmp"));
    let output = command.args(arguments).output().expect("scmp runs");
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(3) => None,
        Some(code @ (0 | 1)) => Some((output.stdout, code)),
        code => panic!("{command:?}: {code:?}: {said}"),
    }
}

fn json<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Option<(Value, i32)> {
    let (output, code) = scmp(arguments.into_iter().chain(["--format", "json"]))?;
    Some((serde_json::from_slice(&output).expect("JSON"), code))
}

fn name(path: &Path) -> &str {
    path.to_str().expect("a name in UTF-8")
}

/// Two filters; `None` if the kernel would refuse one of them.
fn subjects(random: &mut Random, folder: &Path) -> Option<[Subject; 2]> {
    if random.chance(50) {
        let texts = profile::pair(random);
        let mut made = Vec::new();
        for (text, file) in texts.iter().zip(["1.profile", "2.profile"]) {
            let path = folder.join(file);
            fs::write(&path, text).expect("a file");
            let (bytes, _) = scmp(["asm", name(&path)])?;
            let big = text.contains("s390x");
            let endian = if big { Endian::Big } else { Endian::Little };
            let compiled = path.with_extension("bpf");
            fs::write(&compiled, &bytes).expect("a file");
            let arches = text.lines().find_map(|line| line.strip_prefix("arch "));
            let arches = arches.expect("its architectures").split_whitespace();
            made.push(Subject {
                path,
                program: Program::from_bytes(&bytes, endian).expect("a program"),
                compiled,
                arches: arches.map(str::to_string).collect(),
            });
        }
        return made.try_into().ok();
    }
    let one = programs::program(random);
    let numbers = [0, 1, 2, 3, 5, 41];
    let call = programs::call(random, &one, &numbers);
    let other = programs::mutant(&one, &call, random);
    let mut made = Vec::new();
    for (program, file) in [one, other].into_iter().zip(["1.bpf", "2.bpf"]) {
        validate(&program).ok()?;
        let path = folder.join(file);
        fs::write(&path, program.to_bytes().expect("bytes")).expect("a file");
        made.push(Subject {
            compiled: path.clone(),
            path,
            program,
            arches: Vec::new(),
        });
    }
    made.try_into().ok()
}

/// Whether calls of an architecture have arguments of 32 bits.
fn is_short(arch: Arch) -> bool {
    let long = [Arch::X32, Arch::Mips64n32, Arch::Mipsel64n32];
    arch.word_size() == WordSize::Bits32 && !long.contains(&arch)
}

/// A call for both filters, of an architecture that they know or of another.
fn call(random: &mut Random, subjects: &[Subject; 2], shown: &Filter) -> SyscallData {
    let which = random.below(2);
    let program = &subjects[which].program;
    let mut call = programs::call(random, program, &[0, 1, 3, 16, 41, 56, 135, 257]);
    let tokens: Vec<u32> = shown
        .architectures
        .iter()
        .map(|each| each.audit_token)
        .collect();
    call.audit_token = match random.below(10) {
        0 => call.arguments[0] as u32,
        1 => Arch::Aarch64.audit_token(),
        _ => random.pick(&tokens),
    };
    let known = &shown.architectures[random.below(tokens.len())];
    call.number = match random.below(10) {
        0..4 => random.pick(program.instructions()).k,
        4..7 => known.calls[random.below(known.calls.len())].number,
        7 => u32::MAX,
        _ => call.number,
    };
    if random.chance(10) {
        call.number |= X32_SYSCALL_BIT;
    }
    if Arch::of_call(call.audit_token, call.number).is_some_and(is_short) {
        call.arguments = call.arguments.map(|word| word & u64::from(u32::MAX));
        call.instruction_pointer &= u64::from(u32::MAX);
    }
    call
}

/// A call as text; `known` says which arguments are.
fn text(call: &SyscallData, known: [bool; 6]) -> String {
    let arguments = call.arguments.iter().zip(known);
    let arguments = arguments.map(|(word, known)| match known {
        true => format!("{word:#x}"),
        false => "_".to_string(),
    });
    let arguments: Vec<String> = arguments.collect();
    format!("{}({})", call.number, arguments.join(", "))
}

/// The answer about an architecture.
fn of_arch(answers: &[Value], arch: Arch) -> &Value {
    let mut answers = answers.iter();
    let answer = answers.find(|answer| answer["arch"] == arch.name());
    answer.expect("an answer about the architecture")
}

/// What `sim` says: the value and its text.
fn simulated(subject: &Subject, arch: Arch, call: &SyscallData) -> Option<(u32, String)> {
    let pointer = call.instruction_pointer.to_string();
    let (path, arches) = subject.asked(arch, call);
    let asked = text(call, [true; 6]);
    let arguments = ["sim", path, &asked, "--arch", &arches];
    let pointer = ["--instruction-pointer", &pointer];
    let (answer, code) = json(arguments.into_iter().chain(pointer))?;
    let runs = answer["runs"].as_array().expect("runs");
    let value = |run: &Value| run["value"].as_u64().expect("a value") as u32;
    let refuses = |run| ![0x7fff, 0x7ffc].contains(&(value(run) >> 16));
    assert_eq!(code, i32::from(runs.iter().any(refuses)), "{answer}");
    let answer = of_arch(runs, arch);
    let value = value(answer);
    let raw = answer["programs"][0]["value"].as_u64();
    let right = run(&subject.program, call).expect("a valid program");
    assert_eq!(raw, Some(right.into()), "sim: {} {call:x?}", arch.name());
    let action = answer["action"].as_str().expect("an action");
    Some((value, action.to_string()))
}

/// What `why` says, as [`simulated`], if only these arguments are known.
fn explained(
    subject: &Subject,
    arch: Arch,
    call: &SyscallData,
    known: [bool; 6],
) -> Option<(u32, String)> {
    let (path, arches) = subject.asked(arch, call);
    let asked = text(call, known);
    let (answer, _) = json(["why", path, &asked, "--arch", &arches])?;
    let calls = answer["calls"].as_array().expect("calls");
    let verdicts = of_arch(calls, arch)["verdicts"].clone();
    let verdicts: Vec<Decision> = serde_json::from_value(verdicts).expect("verdicts");
    let verdict = shown::holding(&verdicts, call).unwrap_or_else(|why| panic!("{asked}: {why}"));
    Some((verdict.value, verdict.action.clone()))
}

#[test]
fn all_commands_say_the_same() {
    let started = Instant::now();
    let first = setting("SCMP_SEED", 1 << 40);
    let count = setting("SCMP_AGREEMENT", 10);
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("agreement-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let [mut tried, mut gave_up, mut calls, mut differing] = [0u64; 4];
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let Some(subjects) = subjects(&mut random, &folder) else {
            continue;
        };
        tried += 1;
        // On a failure, this names the case.
        println!("seed {seed}");
        let began = Instant::now();
        match agree(&mut random, &subjects) {
            Some(counts) => {
                calls += counts[0];
                differing += counts[1];
            }
            None => gave_up += 1,
        }
        println!("  {:.1?}", began.elapsed());
    }
    fs::remove_dir_all(&folder).expect("the files of the last pair");
    println!(
        "{tried} of {count} pairs tried, {gave_up} too complex, {calls} calls, {differing} of \
         them decided differently, {:.1?}",
        started.elapsed()
    );
    assert!(tried * 2 > count && gave_up * 5 < tried);
    assert!(calls > 0 && differing * 50 > calls);
}

/// Draws some calls, and compares what the commands say of each. Returns how many calls these
/// were, and how many of them the two filters decide differently; `None` if a command gave up.
fn agree(random: &mut Random, subjects: &[Subject; 2]) -> Option<[u64; 2]> {
    let mut shown = Vec::new();
    for subject in subjects {
        let (text, _) = scmp(["show", name(&subject.path), "--format", "json"])?;
        let mut filters = shown::filters(std::str::from_utf8(&text).expect("UTF-8"));
        shown.push(filters.remove(0));
    }
    let paths = [0, 1].map(|index| name(&subjects[index].path));
    let (changes, code) = json(["diff", paths[0], paths[1]])?;
    let listed = shown.iter().flat_map(|filter| &filter.architectures);
    let tokens = listed.map(|each| each.audit_token).collect();
    let changes = Changes::of(&changes, tokens);
    assert_eq!(code, i32::from(!changes.is_empty()));
    for example in changes.examples() {
        let [one, other] = [0, 1].map(|index| subjects[index].decide(&example));
        assert_ne!(one, other, "an example of a change: {example:x?}");
    }
    let mut counts = [0; 2];
    for round in 0..CALLS {
        // Those near a change are rare otherwise.
        let call = match changes.examples().nth(random.below(8)) {
            Some(example) if round % 2 == 1 => example,
            _ => call(random, subjects, &shown[0]),
        };
        let right = [0, 1].map(|index| subjects[index].decide(&call));
        assert_eq!(right, right.map(effective));
        counts[0] += 1;
        counts[1] += u64::from(right[0] != right[1]);
        // The words of `show`, where it lists the architecture.
        let mut listed_words = [const { None }; 2];
        for ((shown, right), words) in shown.iter().zip(right).zip(&mut listed_words) {
            let verdict = shown.decision(&call);
            let value = verdict.as_ref().map(|verdict| verdict.value);
            let mut listed = shown.architectures.iter();
            let is_listed = listed.any(|each| each.audit_token == call.audit_token);
            // Of ranges of other architectures, only examples are told.
            let is_one_of = |why: &str| why.ends_with(" entries") && why != "0 entries";
            let unsaid = !is_listed && value.as_ref().is_err_and(|why| is_one_of(why));
            if !unsaid {
                assert_eq!(value, Ok(right), "show: {call:x?}");
            }
            if is_listed {
                *words = verdict.ok().map(|verdict| verdict.action);
            }
        }
        changes.assert_change(&call, right);
        let Some(arch) = Arch::of_call(call.audit_token, call.number) else {
            continue;
        };
        let mut said = Vec::new();
        for ((subject, right), listed) in subjects.iter().zip(right).zip(listed_words) {
            let (value, action) = simulated(subject, arch, &call)?;
            assert_eq!(value, right, "sim: {call:x?}");
            assert_eq!(
                &action,
                listed.as_ref().unwrap_or(&action),
                "show: {call:x?}"
            );
            let known = std::array::from_fn(|_| random.chance(60));
            for known in [[true; 6], known] {
                let (value, words) = explained(subject, arch, &call, known)?;
                assert_eq!((value, &words), (right, &action), "why: {call:x?}");
            }
            said.push(action);
        }
        if let [from, to] = &said[..] {
            changes.assert_words(&call, [from, to]);
        }
    }
    Some(counts)
}
