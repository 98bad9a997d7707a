// SPDX-License-Identifier: LGPL-2.1-only
//! What `--format json` writes is described in docs/scmp/json.md.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{file, json, scmp};

/// The names of all members.
fn members<'a>(value: &'a Value, names: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                names.insert(name);
                members(value, names);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|each| members(each, names)),
        _ => {}
    }
}

/// The code spans of a text.
fn spans(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_member_is_described() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scmp/json.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let (shared, schemas) = page.split_once("\n## scmp-").expect("schemas");
    let shared = spans(shared);
    let text = "arch x86_64 x86\ndefault errno 1\nallow read reed\nallow socket(a0 == 1..2)\n\
                log ioctl(a1 & 0xff == 3)\nerrno 13 clone3 uretprobe\n";
    let one = file("one.profile", text);
    let other = file("other.profile", "default errno 1\nallow read write\n");
    let assertions = file("assertions", "allow read\nallow write\n");
    let trace = file("trace", "read 3\nsocketcall 1\n");
    let path = |path: &PathBuf| path.display().to_string();
    let bpf = file("allow.c", "{ 6, 0, 0, 0x7fff0000 }");
    let (one, other, bpf) = (path(&one), path(&other), path(&bpf));
    let (assertions, trace) = (path(&assertions), path(&trace));
    let records = "type=SECCOMP arch=c000003e syscall=1 code=0x0 comm=\"a\"\n";
    let commands: [(&str, &[&str]); 11] = [
        ("show", &[&one]),
        ("why", &[&one, "uretprobe"]),
        ("why", &[&one, "--audit"]),
        ("diff", &[&one, &other]),
        ("diff", &["--exact-input", &other, &bpf]),
        ("diff", &["--exact-input", &bpf, &bpf]),
        ("test", &[&one, &assertions]),
        ("check", &[&one]),
        ("cost", &[&one, "--trace", &trace]),
        ("syscalls", &["clone3"]),
        ("sim", &[&one, "read(3)"]),
    ];
    let mut named = BTreeSet::new();
    for (command, arguments) in commands {
        let run = scmp([command]).args(arguments).args(["--format", "json"]);
        let run = run.stdin(records).assert();
        let code = run.get_output().status.code();
        assert!(code.is_some_and(|code| code < 2), "{command}: {code:?}");
        let json = json(&run);
        assert_eq!(json["schema"]["version"], 1);
        let name = json["schema"]["name"].as_str().expect("a name");
        let schema = name.strip_prefix("scmp-").expect("the tool's name");
        assert!(schema.starts_with(command), "{name}");
        let mut sections = schemas.split("\n## scmp-");
        let section = sections.find_map(|section| section.strip_prefix(&format!("{schema}\n")));
        let own = spans(section.unwrap_or_else(|| panic!("{name} is not described")));
        let mut names = BTreeSet::new();
        members(&json, &mut names);
        for member in names {
            let described = own.contains(member) || shared.contains(member);
            assert!(described, "{name}: {member}");
            named.insert(member.to_string());
        }
    }
    assert!(named.len() > 50, "{named:?}");
}
