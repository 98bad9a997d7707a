// SPDX-License-Identifier: LGPL-2.1-only
//! Functions that are measured by themselves: names, numbers, refused rules.

use std::ffi::CString;
use std::hint::black_box;
use std::ptr;
use std::time::Instant;

use scmp::{Action, Arch};

use crate::case::Case;
use crate::library::Library;
use crate::player::Player;
use crate::turns::{self, Side, since};

const COLUMNS: [&str; 6] = [
    "resolve_name",
    "resolve_name_arch x86",
    "resolve_num_arch",
    "arch_native",
    "refused exact rule",
    "refused exact rule, no others",
];

/// The numbers and names of an architecture that both libraries know.
fn names(libraries: &[Library; 2], arch: Arch) -> Vec<(i32, CString)> {
    let known = (0..600).filter_map(|number| {
        let name = CString::new(arch.syscall_name(number)?).ok()?;
        let is_known = |library: &Library| {
            (library.syscall_resolve_name_arch)(arch.token(), name.as_ptr()) == number
        };
        libraries.iter().all(is_known).then_some((number, name))
    });
    known.collect()
}

/// Each function is called many times.
pub fn measure(libraries: &[Library; 2], case: &Case) {
    let [native, x86] = [Arch::X86_64, Arch::X86].map(|arch| names(libraries, arch));
    let (native, x86) = (&native, &x86);
    let sides = [("c", &libraries[0]), ("ours", &libraries[1])].map(|(name, library)| {
        Side::new(name, move || {
            let mut player = Player::new(library, case, 1);
            let filters = [true, false].map(|with_rules| player.filter(with_rules));
            // Of 32-bit architectures only; systemd tries such calls on all.
            let refused = (library.syscall_resolve_name)(c"waitpid".as_ptr());
            let refuse = move |filter| {
                let allow = Action::Allow.to_raw();
                let result = (library.rule_add_exact_array)(filter, allow, refused, 0, ptr::null());
                assert!(result < 0, "waitpid is refused");
            };
            move |columns| {
                columns.copy_from_slice(&[
                    each(native, |(_, name)| {
                        (library.syscall_resolve_name)(name.as_ptr());
                    }),
                    each(x86, |(_, name)| {
                        (library.syscall_resolve_name_arch)(Arch::X86.token(), name.as_ptr());
                    }),
                    each(native, |(number, _)| {
                        let token = Arch::X86_64.token();
                        let name = (library.syscall_resolve_num_arch)(token, *number);
                        // SAFETY: the library has allocated it for its caller.
                        unsafe { libc::free(name.cast()) };
                    }),
                    each(&[(); 1000], |()| {
                        (library.arch_native)();
                    }),
                    each(&[(); 20], |()| refuse(filters[0])),
                    each(&[(); 20], |()| refuse(filters[1])),
                ]);
            }
        })
    });
    turns::take("lookup", &case.name, &COLUMNS, (15, 1000), &sides);
    let alone = Side::new("floor", move || {
        move |columns: &mut [f64]| {
            columns[0] = each(native, |(_, name)| {
                // black_box: the compiler would leave both calls out.
                // SAFETY: malloc(3) gives what free(3) takes.
                unsafe { libc::free(black_box(libc::malloc(name.count_bytes() + 1))) };
            });
        }
    });
    turns::take("lookup", &case.name, &COLUMNS[2..3], (15, 1000), &[alone]);
}

/// Nanoseconds of a call.
fn each<T>(all: &[T], call: impl FnMut(&T)) -> f64 {
    let began = Instant::now();
    all.iter().for_each(call);
    since(began) / all.len() as f64
}
