// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp show`, run as a user runs it.

use snapbox::str;

use crate::run::{json, scmp, stdout};

const PROFILE: &str = "\
default errno 1
allow read write close
allow clone(a0 & 0x7e020000 == 0) socket(a0 == 1..2)
errno 38 clone3
";

#[test]
fn calls_are_shown_by_action() {
    let shown = scmp(["show", "-", "--from", "profile"]).stdin(PROFILE);
    shown.assert().success().stdout_eq(str![[r#"
standard input: 26 instructions

x86_64
  allow: 3 calls
    close read write
  errno 38 (ENOSYS): 1 call
    clone3
  errno 1 (EPERM): 379 calls
    all that are not named here (--all names them)
  by arguments: 2
    clone
      allow if (int)clone_flags & (CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET) == 0
      errno 1 (EPERM) otherwise
    socket
      allow if domain in {AF_UNIX, AF_INET}
      errno 1 (EPERM) otherwise
  other numbers: errno 1 (EPERM)
  allowed by newer kernels without running the filter: uprobe (from Linux 6.18 on), uretprobe (from Linux 6.14 on)

x32
  every call: kill-thread

other architectures
  kill-thread

"#]]);
}

#[test]
fn one_call_in_json() {
    let shown = scmp(["show", "-", "socket", "--format", "json"]).stdin(PROFILE);
    let json = json(&shown.assert().success());
    assert_eq!(json["schema"]["name"], "scmp-show");
    let calls = &json["filters"][0]["architectures"][0]["calls"];
    assert_eq!(calls[0]["name"], "socket");
    let when = &calls[0]["decisions"][0]["when"][0][0];
    assert_eq!(when["values"][0]["range"]["last"], 2);
}

#[test]
fn mistakes_have_a_place() {
    let failed = |text: &'static [u8]| scmp(["show", "-"]).stdin(text).assert().code(2);
    failed(b"default allow\nalow read").stderr_eq(str![[r#"
scmp: standard input:2:1: alow: not an action: expected allow, log, [..]

"#]]);
    // The format was not known.
    failed(b"allow read").stderr_eq(str![[r#"
scmp: standard input:1:1: no default action: expected a line such as `default errno 1`

"#]]);
    failed(b"{ 6, 0, 0, 0 },\n{ 6, 0, 0 }").stderr_eq(str![[r#"
scmp: standard input:2:11: '}': expected ','

"#]]);
    failed(b"default allow\n\xff").stderr_eq(str![[r#"
scmp: standard input: the format is not known: expected a profile[..]

"#]]);
}

/// What is said of one call is not said of every call.
#[test]
fn one_call_is_not_every_call() {
    let shown = scmp(["show", "-", "read"]).stdin("arch x86_64 x86\ndefault errno 1\nallow read");
    shown.assert().success().stdout_eq(str![[r#"
standard input: [..] instructions

x86
  allow: 1 call
    read

x86_64
  allow: 1 call
    read

x32
  kill-thread: 1 call
    read

other architectures
  kill-thread

"#]]);
}

#[test]
fn unknown_calls_are_refused() {
    for call in ["reed", "socketcall"] {
        let shown = scmp(["show", "-", "read", call]).stdin(PROFILE);
        let shown = shown.assert().code(2).stdout_eq("");
        let expected = format!(
            "scmp: call '{call}': not a system call of x32, x86_64: expected a name, as `scmp \
             syscalls` lists them\n"
        );
        shown.stderr_eq(expected);
    }
}

#[test]
fn a_page_and_a_picture_are_complete() {
    let page = scmp(["show", "-", "--html"]).stdin(PROFILE);
    let page = stdout(&page.assert().success());
    let (_, data) = page.split_once("id=\"data\">").expect("the data");
    let (data, _) = data.split_once("</script>").expect("its end");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    let calls = data["filters"][0]["architectures"][0]["calls"].as_array();
    let socket = calls
        .expect("calls")
        .iter()
        .find(|call| call["name"] == "socket");
    let decision = &socket.expect("socket")["decisions"][0];
    assert_eq!(decision["action"], "allow");
    let rule = "standard input:3: allow socket if a0 == 1 (AF_UNIX)";
    assert_eq!(decision["rules"][0], rule);
    // Nothing is fetched.
    for outside in ["http://", "https://", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    let picture = scmp(["show", "-", "socket", "--svg"]).stdin(PROFILE);
    let picture = stdout(&picture.assert().success());
    for part in [
        "<title>x86_64 socket</title>",
        "domain in {AF_UNIX, AF_INET}",
        "otherwise",
        "errno 1 (EPERM)",
    ] {
        assert!(picture.contains(part), "{part}: {picture}");
    }
    let picture = scmp(["show", "-", "--svg"]).stdin(PROFILE);
    picture.assert().code(2);
}

#[test]
fn decisions_by_number_have_no_line_of_their_own() {
    let program = "{ 0x20, 0, 0, 0 }, { 0x15, 0, 1, 59 }, { 6, 0, 0, 0 }, { 6, 0, 0, 0x7fff0000 }";
    let shown = scmp(["show", "-", "execve", "--arch", "x86_64"]).stdin(program);
    shown.assert().success().stdout_eq(str![[r#"
standard input: 4 instructions

x86_64
  kill-thread: 1 call
    execve

other architectures
      kill-thread if number == 0x3b
      allow otherwise

"#]]);
}
