// SPDX-License-Identifier: LGPL-2.1-only
//! Word sizes and byte orders.

use super::*;

#[test]
fn narrow_architectures_see_the_low_words_only() {
    for arch in Arch::all().filter(|arch| arch.word_size() == scmp::WordSize::Bits32) {
        let mut filter = filter_for(&[arch], KILL);
        add(&mut filter, ALLOW, "ioctl", &[eq(0, 0x1_0000_0005)]).expect("taken");
        add(
            &mut filter,
            TRAP,
            "ioctl",
            &[masked(1, 0xffff_ffff_0000_00ff, 7)],
        )
        .expect("taken");
        add(
            &mut filter,
            ALLOW,
            "read",
            &[masked(1, 0xffff_ffff_0000_0000, 7)],
        )
        .expect("taken");
        let name = arch.name();
        assert_eq!(decide(&mut filter, arch, "ioctl", &[5, 0]), ALLOW, "{name}");
        assert_eq!(
            decide(&mut filter, arch, "ioctl", &[9 << 32 | 5, 0]),
            ALLOW,
            "{name}"
        );
        assert_eq!(decide(&mut filter, arch, "ioctl", &[6, 0]), KILL, "{name}");
        assert_eq!(
            decide(&mut filter, arch, "ioctl", &[6, 0x107]),
            TRAP,
            "{name}"
        );
        assert_eq!(
            decide(&mut filter, arch, "read", &[6, 0x107]),
            ALLOW,
            "{name}"
        );
    }
}

#[test]
fn wide_architectures_see_both_words() {
    for arch in Arch::all().filter(|arch| arch.word_size() == scmp::WordSize::Bits64) {
        let mut filter = filter_for(&[arch], KILL);
        add(&mut filter, ALLOW, "ioctl", &[lt(2, 0x1_0000_0005)]).expect("taken");
        let name = arch.name();
        let mut decision = |a2| decide(&mut filter, arch, "ioctl", &[0, 0, a2]);
        assert_eq!(decision(0xffff_ffff), ALLOW, "{name}");
        assert_eq!(decision(0x1_0000_0004), ALLOW, "{name}");
        assert_eq!(decision(0x1_0000_0005), KILL, "{name}");
        assert_eq!(decision(0x2_0000_0000), KILL, "{name}");
    }
}

#[test]
fn halves_lie_where_the_byte_order_puts_them() {
    // struct seccomp_data: argument 0 is at 16; the interpreter of this
    // library must not be the only one to say which half that is.
    for (arch, high, first) in [
        (Arch::X86_64, 20, [0x20, 0, 0, 0, 4, 0, 0, 0]),
        (Arch::S390x, 16, [0, 0x20, 0, 0, 0, 0, 0, 4]),
    ] {
        let mut filter = filter_for(&[arch], KILL);
        add(&mut filter, ALLOW, "ioctl", &[eq(0, 0x7777_0000_0000)]).expect("taken");
        let program = program(&mut filter, Optimization::Priority);
        assert_eq!(program.to_bytes().expect("bytes")[..8], first);
        let instructions = program.instructions();
        let test = instructions.iter().position(|test| test.k == 0x7777);
        let load = instructions[test.expect("the high half is tested") - 1];
        assert_eq!(
            (load.code, load.k),
            (scmp::bpf::op::LOAD, high),
            "{}",
            arch.name()
        );
    }
}
