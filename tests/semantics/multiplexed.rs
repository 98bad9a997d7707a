// SPDX-License-Identifier: LGPL-2.1-only
//! Calls that go through `socketcall` and `ipc`.

use super::decide_number as on;
use super::*;

#[test]
fn some_calls_exist_in_the_multiplexer_only() {
    let mut filter = filter_for(&[Arch::S390], KILL);
    add(&mut filter, ALLOW, "semop", &[]).expect("taken");
    add(&mut filter, ERRNO, "accept", &[]).expect("taken");
    assert_eq!(on(&mut filter, Arch::S390, 117, &[1]), ALLOW);
    assert_eq!(on(&mut filter, Arch::S390, 117, &[2]), KILL);
    assert_eq!(on(&mut filter, Arch::S390, 102, &[5]), ERRNO);
    // s390x reached semtimedop by a number of its own later.
    let mut filter = filter_for(&[Arch::S390x], KILL);
    add(&mut filter, ALLOW, "semtimedop", &[]).expect("taken");
    assert_eq!(on(&mut filter, Arch::S390x, 117, &[4]), ALLOW);
    assert_eq!(on(&mut filter, Arch::S390x, 392, &[0]), ALLOW);
    assert_eq!(on(&mut filter, Arch::S390x, 117, &[1 << 32 | 4]), KILL);
}

#[test]
fn rule_on_the_multiplexer_meets_those_on_its_calls() {
    let mut filter = filter_for(&[Arch::X86], KILL);
    add(&mut filter, ALLOW, "socketcall", &[eq(0, 1)]).expect("taken");
    assert_eq!(
        add(&mut filter, ERRNO, "socket", &[]),
        Err(Error::ConflictingRule)
    );
    // Refused for 102, so it is not on 359 either.
    assert_eq!(on(&mut filter, Arch::X86, 359, &[]), KILL);
    add(&mut filter, TRAP, "socketcall", &[]).expect("taken");
    assert_eq!(on(&mut filter, Arch::X86, 102, &[1]), TRAP);
}

#[test]
fn calls_that_an_architecture_lacks_are_left_out() {
    let mut filter = filter_for(&[Arch::X86_64, Arch::Aarch64], KILL);
    add(&mut filter, ALLOW, "open", &[]).expect("taken");
    assert_eq!(decide(&mut filter, Arch::X86_64, "open", &[]), ALLOW);
    assert_eq!(decide(&mut filter, Arch::Aarch64, "open", &[]), KILL);
    let mut filter = filter_for(&[Arch::Aarch64], KILL);
    let always = Comparisons::NONE;
    assert_eq!(
        filter.add_rule(ALLOW, number("open"), &always, RuleMode::Exact),
        Err(Error::NotOnArchitecture)
    );
}

#[test]
fn exact_rules_on_multiplexed_calls_compare_nothing() {
    let mut filter = filter_for(&[Arch::X86], KILL);
    let compares = Comparisons::new(&[eq(1, 1)]).expect("one");
    assert_eq!(
        filter.add_rule(ALLOW, number("socket"), &compares, RuleMode::Exact),
        Err(Error::InexactMultiplexed)
    );
    assert_eq!(
        filter.add_rule(ALLOW, number("socket"), &Comparisons::NONE, RuleMode::Exact),
        Ok(())
    );
}

/// Architectures with the numbers of `socketcall`, `ipc` and the direct `socket`.
fn multiplexed() -> Vec<(Arch, [u32; 3])> {
    let numbers = |arch: Arch| {
        let named = |name: &[u8]| u32::try_from(arch.syscall_number(name)?).ok();
        let socketcall = named(b"socketcall")?;
        let near = socketcall - 102..socketcall + 500;
        let is_socket = |number: &u32| arch.syscall_name(*number as i32) == Some("socket");
        let socket = near.into_iter().find(is_socket)?;
        Some((arch, [socketcall, named(b"ipc")?, socket]))
    };
    Arch::all().filter_map(numbers).collect()
}

const AF_UNIX: u64 = 1;
const AF_NETLINK: u64 = 16;
/// What `socketcall` calls `socket` and `bind`.
const SYS_SOCKET: u64 = 1;
const SYS_BIND: u64 = 2;
/// Where the arguments are; no filter sees them.
const POINTER: u64 = 0x8000_1000;

#[test]
fn eleven_architectures_are_multiplexed() {
    let names: Vec<_> = multiplexed().iter().map(|(arch, _)| arch.name()).collect();
    let expected = [
        "x86", "m68k", "mips", "mipsel", "ppc", "ppc64", "ppc64le", "s390", "s390x", "sheb", "sh",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_rule_on_one_family_is_on_all_families_through_socketcall() {
    for (arch, [socketcall, _, socket]) in multiplexed() {
        for (default, action) in [(KILL, ALLOW), (ALLOW, ERRNO)] {
            let mut filter = filter_for(&[arch], default);
            add(&mut filter, action, "socket", &[eq(0, AF_UNIX)]).expect("taken");
            assert_eq!(on(&mut filter, arch, socket, &[AF_UNIX]), action);
            assert_eq!(on(&mut filter, arch, socket, &[AF_NETLINK]), default);
            let any_family = [SYS_SOCKET, POINTER];
            assert_eq!(on(&mut filter, arch, socketcall, &any_family), action);
            assert_eq!(on(&mut filter, arch, socketcall, &[SYS_BIND]), default);
        }
    }
}

#[test]
fn other_arguments_are_compared_with_those_of_the_multiplexer() {
    const SHMGET: u64 = 23;
    for (arch, [socketcall, ipc, socket]) in multiplexed() {
        let mut filter = filter_for(&[arch], ALLOW);
        add(&mut filter, ERRNO, "socket", &[eq(1, 3)]).expect("taken");
        assert_eq!(on(&mut filter, arch, socket, &[AF_UNIX, 3]), ERRNO);
        // The pointer is compared, so that the rule practically never matches.
        assert_eq!(
            on(&mut filter, arch, socketcall, &[SYS_SOCKET, POINTER]),
            ALLOW
        );
        assert_eq!(on(&mut filter, arch, socketcall, &[SYS_SOCKET, 3]), ERRNO);

        // shmget(key, 4096, flags) is ipc(SHMGET, key, 4096, flags).
        let mut filter = filter_for(&[arch], ALLOW);
        add(&mut filter, ERRNO, "shmget", &[eq(1, 4096)]).expect("taken");
        assert_eq!(on(&mut filter, arch, ipc, &[SHMGET, 7, 4096]), ALLOW);
        assert_eq!(on(&mut filter, arch, ipc, &[SHMGET, 4096, 8]), ERRNO);
    }
}

/// The kernel takes the low half of ipc's first argument for the call.
#[test]
fn versions_of_ipc_are_other_calls() {
    const SHMGET: u64 = 23;
    for (arch, [_, ipc, _]) in multiplexed() {
        let mut filter = filter_for(&[arch], ALLOW);
        add(&mut filter, ERRNO, "shmget", &[]).expect("taken");
        assert_eq!(on(&mut filter, arch, ipc, &[SHMGET]), ERRNO);
        assert_eq!(on(&mut filter, arch, ipc, &[1 << 16 | SHMGET]), ALLOW);
        add(&mut filter, ERRNO, "ipc", &[]).expect("taken");
        assert_eq!(on(&mut filter, arch, ipc, &[1 << 16 | SHMGET]), ERRNO);
    }
}

/// The kernel takes socketcall's first argument for an int; the comparison that selects the
/// call is of 64 bits.
#[test]
fn the_high_half_of_the_first_argument_leads_past_the_multiplexer() {
    for (arch, [socketcall, ..]) in multiplexed() {
        let mut filter = filter_for(&[arch], ALLOW);
        add(&mut filter, ERRNO, "socket", &[]).expect("taken");
        assert_eq!(on(&mut filter, arch, socketcall, &[1]), ERRNO);
        let passes = match arch.word_size() {
            scmp::WordSize::Bits32 => ERRNO,
            scmp::WordSize::Bits64 => ALLOW,
        };
        assert_eq!(on(&mut filter, arch, socketcall, &[1 << 32 | 1]), passes);
    }
}

#[test]
fn an_unconditional_rule_on_the_multiplexer_replaces_those_on_its_calls() {
    let enosys = Action::errno(libc::ENOSYS).unwrap();
    for (arch, [socketcall, _, socket]) in multiplexed() {
        for first in [true, false] {
            let mut filter = filter_for(&[arch], KILL);
            if first {
                add(&mut filter, enosys, "socketcall", &[]).expect("taken");
            }
            add(&mut filter, ALLOW, "socket", &[eq(0, AF_UNIX)]).expect("taken");
            add(&mut filter, ALLOW, "bind", &[]).expect("taken");
            if !first {
                add(&mut filter, enosys, "socketcall", &[]).expect("taken");
            }
            assert_eq!(on(&mut filter, arch, socket, &[AF_UNIX]), ALLOW);
            assert_eq!(on(&mut filter, arch, socket, &[AF_NETLINK]), KILL);
            for call in [SYS_SOCKET, SYS_BIND, 99] {
                assert_eq!(
                    on(&mut filter, arch, socketcall, &[call, POINTER]),
                    enosys,
                    "{arch:?}, first: {first}"
                );
            }
        }
    }
}

/// Regression: on the multiplexer, a rule with a condition came before the unconditional one,
/// which decided on the call's own number.
#[test]
fn an_unconditional_rule_on_a_call_replaces_its_conditions_on_the_multiplexer() {
    let condition = "(int)a1 in {1, 2}".parse().expect("a condition");
    for (arch, [socketcall, _, socket]) in multiplexed() {
        for first in [true, false] {
            let mut filter = filter_for(&[arch], ALLOW);
            if first {
                add(&mut filter, ERRNO, "socket", &[]).expect("taken");
            }
            for call in ["socket", "bind"] {
                filter
                    .rule_if(Action::Log, call, &condition)
                    .expect("taken");
            }
            filter.start_transaction().expect("memory");
            if !first {
                add(&mut filter, ERRNO, "socket", &[]).expect("taken");
            }
            for (number, arguments, action) in [
                (socket, &[AF_UNIX, 1][..], ERRNO),
                (socketcall, &[SYS_SOCKET, 1], ERRNO),
                (socketcall, &[SYS_BIND, 1], Action::Log),
                (socketcall, &[SYS_BIND, 3], ALLOW),
            ] {
                assert_eq!(on(&mut filter, arch, number, arguments), action, "{arch:?}");
            }
            filter.reject_transaction();
            let before = if first { ERRNO } else { Action::Log };
            assert_eq!(on(&mut filter, arch, socketcall, &[SYS_SOCKET, 1]), before);
        }
    }
}

#[test]
fn the_multiplexer_has_no_rule_with_the_default_action() {
    let mut filter = filter_for(&[Arch::X86], KILL);
    assert_eq!(
        add(&mut filter, KILL, "socketcall", &[]),
        Err(Error::ActionIsDefault)
    );
}
