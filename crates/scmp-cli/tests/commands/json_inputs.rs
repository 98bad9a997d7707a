// SPDX-License-Identifier: LGPL-2.1-only
//! Profiles in JSON, read as a user has them read.

use snapbox::str;

use crate::run::scmp;

const CONTAINER: &str = r#"{
  "defaultAction": "SCMP_ACT_ERRNO",
  "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
  "syscalls": [
    {"names": ["read", "wirte"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
    {"names": ["openat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}
  ]
}"#;

#[test]
fn a_containers_profile_is_shown_with_notes() {
    let of = |arguments: &str| {
        let command = scmp(["show", "-", "--arch", "x86_64"]);
        let command = command.args(arguments.split(' ')).stdin(CONTAINER);
        command.assert().success()
    };
    of("--cap sys_admin mount openat2 clone3").stdout_eq(str![[r#"
note: standard input:5:24: no system call has the name wirte: runc ignores it
note: standard input:7:38: errno 1 is the default action: runc drops the entry
note: standard input: runc answers calls above the highest number that the profile names with ENOSYS: 437 on x86, 437 on x86_64

standard input on x86_64: 24 instructions

x86_64
  allow: 1 call
    mount
  errno 1 (EPERM): 2 calls
    clone3 openat2

other architectures
  x86: not the same for all calls (add x86 to --arch to see its calls)
  all others: kill-thread

"#]]);
    of("--runtime crun clone3 mount").stdout_eq(str![[r#"
note: standard input:5:24: no system call has the name wirte: crun ignores it
note: standard input:7:38: errno 1 is the default action: crun drops the entry

standard input on x86_64: 12 instructions

x86_64
  errno 1 (EPERM): 2 calls
    clone3 mount

other architectures
  x86: not the same for all calls (add x86 to --arch to see its calls)
  all others: kill-thread

"#]]);
}

#[test]
fn firecrackers_dwords_have_64_bits() {
    let filter = r#"{"api": {"default_action": "trap", "filter_action": "allow", "filter": [
        {"syscall": "madvise", "args": [{"index": 2, "type": "dword", "op": "lt", "val": 5}]}]}}"#;
    let of = |compiler| {
        let command = scmp(["show", "-", "--arch", "x86_64", "--compiler", compiler]);
        command.arg("madvise").stdin(filter).assert().success()
    };
    of("seccompiler").stdout_eq(str![[r#"
standard input on api on x86_64: 9 instructions

x86_64
  by arguments: 1
    madvise
      trap 0 if (int)behavior >= 5
      allow otherwise

other architectures
  kill-process

"#]]);
    of("firecracker").stdout_eq(str![[r#"
note: standard input:2:77: Firecracker compares 64 bits of this dword: the high half counts

standard input on api on x86_64: 14 instructions

x86_64
  by arguments: 1
    madvise
      trap 0 if behavior >= 5
      allow otherwise

other architectures
  kill-thread

"#]]);
}
