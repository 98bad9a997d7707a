// SPDX-License-Identifier: LGPL-2.1-only

use super::*;
use crate::input::SourceRule;
use crate::input::tests::{self, damage};
use scmp::Endian;
use scmp_verify::proof::{self, Answer};

/// All that the dialects have.
const PROFILE: &str = r#"{
  "defaultAction": "SCMP_ACT_ERRNO",
  "defaultErrnoRet": 1,
  "defaultErrno": "EPERM",
  "archMap": [
    {"architecture": "SCMP_ARCH_X86_64",
     "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
    {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]},
    {"architecture": "SCMP_ARCH_RISCV64", "subArchitectures": null}
  ],
  "flags": ["SECCOMP_FILTER_FLAG_LOG"],
  "syscalls": [
    {"names": ["read", "write", "no_such_call"], "action": "SCMP_ACT_ALLOW", "args": []},
    {"name": "getpid", "action": "SCMP_ACT_ALLOW", "args": null, "comment": "old form"},
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]},
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 8, "valueTwo": 0, "op": "SCMP_CMP_EQ"},
              {"index": 0, "value": 4294967295, "valueTwo": 0, "op": "SCMP_CMP_EQ"}]},
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
     "includes": {}, "excludes": {"caps": ["CAP_SYS_ADMIN"], "arches": ["s390", "s390x"]}},
    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS",
     "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
    {"names": ["clone", "clone3", "mount"], "action": "SCMP_ACT_ALLOW",
     "includes": {"caps": ["CAP_SYS_ADMIN"]}},
    {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}},
    {"names": ["modify_ldt"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["amd64"]}},
    {"names": ["acct"], "action": "SCMP_ACT_TRACE", "errnoRet": 7},
    {"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}
  ]
}"#;

fn options(runtime: Runtime, cap: &[&str]) -> Options {
    Options {
        cap: cap.iter().map(|word| word.parse().unwrap()).collect(),
        kernel: None,
        runtime,
    }
}

/// The filter; what it decides before runc's addition is proven to be what the rules say.
fn build(text: &str, machine: Arch, options: &Options) -> Subject {
    let (profile, _) = text::read(text, options.runtime).unwrap();
    let built = proven(&profile, machine, options);
    if options.runtime == Runtime::Runc {
        let crun = Options {
            runtime: Runtime::Crun,
            ..options.clone()
        };
        proven(&profile, machine, &crun);
    }
    built
}

fn proven(profile: &Profile, machine: Arch, options: &Options) -> Subject {
    let (built, _) = super::build(profile, machine, options).unwrap();
    if let Some(rules) = &built.rule_set {
        assert_eq!(proof::check(&built.programs[0], rules), Ok(Answer::Equal));
    } else {
        assert_eq!(options.runtime, Runtime::Runc);
    }
    built
}

fn verdict(built: &Subject, arch: Arch, call: &str, first: u64) -> u32 {
    let number = arch.syscall_number(call).unwrap() as u32;
    let arguments = [first, 0, 0, 0, 0, 0];
    tests::verdict(&built.programs[0], arch, number, arguments)
}

const ALLOW: u32 = 0x7fff_0000;

fn errno(number: u32) -> u32 {
    0x0005_0000 | number
}

/// The mistake that a text has, and its place.
fn mistake(text: &str, runtime: Runtime) -> String {
    let options = options(runtime, &[]);
    let why = read("f", text, &[Arch::X86_64], &options);
    why.unwrap_err().to_string()
}

fn notes(text: &str, runtime: Runtime) -> Vec<String> {
    let input = read("f", text, &[Arch::X86_64], &options(runtime, &[])).unwrap();
    let text = |note: &Note| {
        let place = note.place.as_ref().map(|place| place.in_file("f") + ": ");
        place.unwrap_or_default() + &note.text
    };
    input.notes.iter().map(text).collect()
}

#[test]
fn rules_depend_on_capabilities_machine_and_kernel() {
    let plain = options(Runtime::Runc, &[]);
    let x86_64 = build(PROFILE, Arch::X86_64, &plain);
    assert_eq!(x86_64.arches, [Arch::X86_64, Arch::X86, Arch::X32]);
    let of = |call, first| verdict(&x86_64, Arch::X86_64, call, first);
    assert_eq!(
        [of("read", 0), of("getpid", 0), of("ptrace", 0)],
        [ALLOW; 3]
    );
    assert_eq!([of("socket", 2), of("socket", 40)], [ALLOW, errno(1)]);
    assert_eq!(
        [of("clone", 17), of("clone", 0x1000_0000)],
        [ALLOW, errno(1)]
    );
    assert_eq!([of("clone3", 0), of("mount", 0)], [errno(38), errno(1)]);
    assert_eq!([of("acct", 0), of("modify_ldt", 0)], [0x7ff0_0007, ALLOW]);
    assert_eq!(verdict(&x86_64, Arch::X86, "modify_ldt", 0), ALLOW);
    assert_eq!(verdict(&x86_64, Arch::X32, "read", 0), ALLOW);
    assert_eq!(verdict(&x86_64, Arch::Aarch64, "read", 0), 0);

    let admin = build(
        PROFILE,
        Arch::X86_64,
        &options(Runtime::Runc, &["sys_admin"]),
    );
    let of = |call, first| verdict(&admin, Arch::X86_64, call, first);
    assert_eq!(
        [of("clone", 0x1000_0000), of("clone3", 0), of("mount", 0)],
        [ALLOW; 3]
    );

    let s390x = build(PROFILE, Arch::S390x, &plain);
    assert_eq!(
        (s390x.arches.as_slice(), s390x.programs[0].endian()),
        (&[Arch::S390x][..], Endian::Big)
    );
    assert_eq!(verdict(&s390x, Arch::S390x, "clone", 0), errno(1));
    let arm = build(PROFILE, Arch::Aarch64, &plain);
    assert_eq!(verdict(&arm, Arch::Arm, "getpid", 0), ALLOW);

    let old = Options {
        kernel: Some(Kernel(4, 7)),
        ..plain
    };
    let old = build(PROFILE, Arch::X86_64, &old);
    assert_eq!(verdict(&old, Arch::X86_64, "ptrace", 0), errno(1));
}

#[test]
fn runtimes_differ() {
    // Seven comparisons.
    let one = r#"{"index": 1, "value": 6, "op": "SCMP_CMP_EQ"}"#;
    let other = one.replace('6', "7");
    let args = [&[one; 6][..], &[&other]].concat().join(", ");
    let text = format!(
        r#"{{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{{"names": ["read"],
            "action": "SCMP_ACT_TRAP", "args": [{args}]}}]}}"#
    );
    let seventh = |runtime| {
        let built = build(&text, Arch::X86_64, &options(runtime, &[]));
        tests::verdict(&built.programs[0], Arch::X86_64, 0, [7; 6])
    };
    assert_eq!(seventh(Runtime::Runc), 0x0003_0000);
    assert_eq!(seventh(Runtime::Crun), ALLOW);
}

#[test]
fn an_argument_that_is_named_twice_makes_rules_of_their_own() {
    for runtime in [Runtime::Runc, Runtime::Crun] {
        let built = build(PROFILE, Arch::X86_64, &options(runtime, &[]));
        let of = |first| verdict(&built, Arch::X86_64, "personality", first);
        assert_eq!([of(8), of(0xffff_ffff), of(0)], [ALLOW, ALLOW, errno(1)]);
    }
}

#[test]
fn names_of_errors_have_the_machines_numbers() {
    let mips = build(PROFILE, Arch::Mipsel64, &options(Runtime::Crun, &[]));
    assert_eq!(verdict(&mips, Arch::Mipsel64, "clone3", 0), errno(89));
}

#[test]
fn notes_say_what_the_runtime_leaves_out() {
    let all = notes(PROFILE, Runtime::Runc);
    let expected = [
        "f:13:33: no system call has the name no_such_call: runc ignores it",
        "f:17:42: args name one argument twice: runc makes of each comparison a rule of its \
         own, so one of them is enough for SCMP_ACT_ALLOW",
        "f:23:64: podman reads the name \"ENOSYS\"; docker does not, and takes EPERM",
        "f:30:36: errno 1 is the default action: runc drops the entry",
        "runc answers calls above the highest number that the profile names with ENOSYS: \
         521 on x32, 435 on x86, 435 on x86_64",
    ];
    assert_eq!(all, expected);
    let text = r#"{"defaultAction": "SCMP_ACT_LOG", "seccomp": 1, "listenerPath": "/run/agent",
                   "defaulterrnoret": 4}"#;
    let expected = [
        "f:1:35: \"seccomp\" is unknown",
        "f:1:65: listenerPath is",
        "f:2:39: defaultErrnoRet belongs",
    ];
    let all = notes(text, Runtime::Runc);
    assert_eq!(all.len(), expected.len());
    for (note, start) in all.iter().zip(expected) {
        assert!(note.starts_with(start), "{start}: {note}");
    }
}

#[test]
fn a_containers_configuration_has_a_profile() {
    let text = |entry: &str| {
        format!(
            r#"{{"ociVersion": "1.1.0", "process": {{"args": [["deep"]]}}, "linux": {{
            "namespaces": [], "seccomp": {{"defaultAction": "SCMP_ACT_KILL_PROCESS",
            "architectures": ["SCMP_ARCH_X86"], "syscalls": [{entry}]}}}}}}"#
        )
    };
    let entry = r#"{"names": ["read"], "action": "SCMP_ACT_ALLOW",
                    "includes": {"caps": ["CAP_BPF"]}, "NAME": "write"}"#;
    let built = build(&text(entry), Arch::X86_64, &options(Runtime::Crun, &[]));
    assert_eq!(built.arches, [Arch::X86_64, Arch::X86]);
    let of = |call| verdict(&built, Arch::X86, call, 0);
    // The runtime knows neither `includes` nor `name`.
    assert_eq!([of("read"), of("write")], [ALLOW, 0x8000_0000]);
    assert_eq!(notes(&text(entry), Runtime::Crun).len(), 2);
    // runc reads members in any case, crun does not.
    let entry = r#"{"Names": ["read"], "action": "SCMP_ACT_ALLOW"}"#;
    let rules = |runtime| {
        build(&text(entry), Arch::X86_64, &options(runtime, &[]))
            .rules
            .len()
    };
    // On both architectures.
    assert_eq!([rules(Runtime::Runc), rules(Runtime::Crun)], [2, 0]);
}

#[test]
fn source_rules_have_places_and_numbers() {
    let input = read("f", PROFILE, &[Arch::X86_64], &options(Runtime::Crun, &[])).unwrap();
    let rules = &input.subjects[0].rules;
    let of = |call: &str, arch: Arch| {
        let rules = rules
            .iter()
            .filter(|rule| rule.call == call && rule.arch == arch);
        let text = |rule: &SourceRule| {
            let at = rule.place.in_file("f");
            format!("{at} {} {} {:#x}", rule.number, rule.condition, rule.action)
        };
        rules.map(text).collect::<Vec<_>>()
    };
    assert_eq!(of("write", Arch::X86), ["f:13:24 4 always 0x7fff0000"]);
    let socket = [
        "f:15:16 359 a0 != 40 0x7fff0000",
        "f:15:16 102 a0 == 1 0x7fff0000",
    ];
    assert_eq!(of("socket", Arch::X86), socket);
    assert_eq!(
        of("read", Arch::X32),
        ["f:13:16 1073741824 always 0x7fff0000"]
    );
}

#[test]
fn mistakes_name_their_place_and_what_was_expected() {
    let long = "x".repeat(100);
    let cases = [
        ("[]", "f:1:1: an array: expected an object"),
        ("{\"syscalls\": []}", "f:1:1: \"defaultAction\" is missing"),
        (
            "{\"defaultAction\": 3}",
            "f:1:19: 3: expected SCMP_ACT_ALLOW, _LOG,",
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_OK\"}",
            "f:1:19: \"SCMP_ACT_OK\": expected SCMP_ACT_ALLOW, _LOG,",
        ),
        ("@\"syscalls\": {}", "f:2:13: an object: expected an array"),
        ("@\"syscalls\": [7]", "f:2:14: 7: expected an object"),
        (
            "@\"syscalls\": [{\"names\": [\"read\"]}]",
            "f:2:14: \"action\" is missing",
        ),
        (
            "@\"syscalls\": [{\"names\": [\"\"], \"action\": \"SCMP_ACT_ALLOW\"}]",
            "f:2:25: \"\": expected the name of a system call",
        ),
        (
            "@\"syscalls\": [{\"names\": [\"a\"], \"name\": \"b\", \"action\": \"SCMP_ACT_ALLOW\"}]",
            "f:2:25: name and names exclude each other",
        ),
        (
            "%{\"index\": 6, \"op\": \"SCMP_CMP_EQ\"}",
            "f:3:11: 6: expected an argument, 0 to 5",
        ),
        (
            "%{\"index\": -1, \"op\": \"SCMP_CMP_EQ\"}",
            "f:3:11: -1: expected an argument, 0 to 5",
        ),
        (
            "%{\"index\": 1, \"op\": \"EQ\"}",
            "f:3:20: \"EQ\": expected SCMP_CMP_NE, _LT,",
        ),
        (
            "%{\"index\": 1, \"op\": \"SCMP_CMP_EQ\", \"value\": 18446744073709551616}",
            "f:3:44: 18446744073709551616: expected a number of 64 bits",
        ),
        (
            "@\"architectures\": [\"SCMP_ARCH_VAX\"]",
            "f:2:19: \"SCMP_ARCH_VAX\": expected an arch",
        ),
        (
            "@\"architectures\": [\"SCMP_ARCH_S390X\"]",
            "f:2:19: crun refuses it on x86_64: ",
        ),
        (
            "@\"flags\": [\"LOG\"]",
            "f:2:11: \"LOG\": expected SECCOMP_FILTER_FLAG_TSYNC",
        ),
        (
            "@\"architectures\": [\"SCMP_ARCH_X86\"], \"archMap\": [{\"architecture\": \"x\"}]",
            "f:2:19: architectures and archMap exclude each other",
        ),
        (
            "@\"defaultaction\": \"\"",
            "f:2:1: \"defaultaction\" is given twice",
        ),
        (
            "@\"defaultErrnoRet\": 1",
            "f:2:20: defaultErrnoRet belongs to",
        ),
        ("{\"linux\": {}}", "f:1:11: \"seccomp\" is missing"),
        (
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 4095}",
            "f:1:56: 4095: expected a number of an error, 0 to 4094",
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrno\": \"ENONE\"}",
            "f:1:53: \"ENONE\": expected the name of an error",
        ),
        (
            &format!("{{\"defaultAction\": \"{long}\"}}"),
            &format!("f:1:19: \"{}\"…: expected SCMP_ACT_ALLOW", &long[..60]),
        ),
    ];
    for (text, expected) in cases {
        let text = match text.chars().next() {
            Some('@') => format!("{{\"defaultAction\": \"SCMP_ACT_LOG\",\n{}}}", &text[1..]),
            Some('%') => format!(
                "{{\"defaultAction\": \"SCMP_ACT_LOG\", \"syscalls\": [\n{{\"names\": [\"read\"],\
                 \"action\": \"SCMP_ACT_ALLOW\", \"args\": [\n{}]}}]}}",
                &text[1..]
            ),
            _ => text.to_string(),
        };
        let why = mistake(&text, Runtime::Crun);
        assert!(
            why.starts_with(expected),
            "{text}\n{why}\nexpected {expected}"
        );
    }
    let text = "{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}";
    let why = "f:1:19: runc refuses SCMP_ACT_NOTIFY as default";
    assert_eq!(mistake(text, Runtime::Runc), why);
    let why = mistake(
        &PROFILE.replace("SCMP_ACT_ALLOW", "SCMP_ACT_NOTIFY"),
        Runtime::Runc,
    );
    assert_eq!(why, "f:13:24: runc refuses SCMP_ACT_NOTIFY for write");
}

#[test]
fn damaged_texts_are_mistakes_with_places() {
    let options = options(Runtime::Runc, &[]);
    damage(PROFILE, 29, |text| {
        read("f", text, &[Arch::X86_64], &options)
    });
}

#[test]
fn depth_and_numbers_of_names_are_limited() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    for member in ["syscalls", "defaultAction", "architectures", "flags"] {
        let text = format!("{{\"defaultAction\": \"SCMP_ACT_LOG\", \"{member}\": {deep}}}");
        let why = mistake(&text, Runtime::Runc);
        assert!(why.starts_with("f:1:"), "{why}");
    }
    // What nobody reads may be as deep as it likes.
    let text = format!("{{\"defaultAction\": \"SCMP_ACT_LOG\", \"x\": {deep}}}");
    assert_eq!(
        notes(&text, Runtime::Runc),
        ["f:1:35: \"x\" is unknown: it is ignored"]
    );
    let names = vec!["\"read\""; 40_000].join(",");
    let entry = |args: &str| {
        format!("{{\"names\": [{names}], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{args}]}}")
    };
    let text = |entries: [String; 2]| {
        let entries = entries.join(",\n");
        format!("{{\"defaultAction\": \"SCMP_ACT_LOG\",\n\"syscalls\": [{entries}]}}")
    };
    let why = mistake(&text([entry(""), entry("")]), Runtime::Runc);
    assert_eq!(why, "f:3:1: more than 65536 names of system calls");
    let arg = "{\"index\": 0, \"op\": \"SCMP_CMP_EQ\"}";
    let none = entry("").replace(&names, "");
    let why = mistake(&text([entry(&[arg, arg].join(",")), none]), Runtime::Runc);
    assert!(why.ends_with(": more than 65536 rules"), "{why}");
    let long = entry("").replace(&names, &[names.as_str(); 2].join(","));
    let why = mistake(&text([long.clone(), long]), Runtime::Runc);
    assert_eq!(why, "f:2:24: more than 65536 elements");
}

#[test]
fn podmans_own_profile_is_read() {
    let path = "/usr/share/containers/seccomp.json";
    let Ok(text) = std::fs::read_to_string(path) else {
        // Also with MUST_RUN: the package depends on container networking, so that checks do
        // not install it.
        return eprintln!("skipped: no {path} (golang-github-containers-common)");
    };
    let cases = [
        (Arch::X86_64, &[][..], errno(1)),
        (Arch::X86_64, &["all"], ALLOW),
        (Arch::S390x, &[], errno(1)),
    ];
    for (machine, cap, acct) in cases {
        let built = build(&text, machine, &options(Runtime::Runc, cap));
        assert_eq!(verdict(&built, machine, "read", 0), ALLOW);
        assert_eq!(verdict(&built, machine, "acct", 0), acct);
    }
}
