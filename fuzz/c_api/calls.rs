// SPDX-License-Identifier: LGPL-2.1-only
//! Each exported function, called with what the input says.

use std::ffi::{CStr, c_int, c_uint};
use std::ptr;

use libc::{EACCES, ECANCELED, EDOM, EEXIST, EFAULT, EINVAL, ENOENT, EOPNOTSUPP, ERANGE, ESRCH};
use scmp::Arch;

use crate::api::*;
use crate::session::{Place, Session};
use crate::{choice, files, loading, picture};

/// What `SCMP_FLTATR_API_SYSRAWRC` is for.
const SYSRAWRC: c_uint = 9;

/// Two system calls have this pseudo number.
const SHARED_PSEUDO: c_int = -10_191;

pub fn one(session: &mut Session) {
    // SAFETY of the whole file: filters are live, null, or visibly none; other pointers
    // are null or point to what they should.
    match session.input.below(40) {
        0..12 => rule(session),
        12 => version(session),
        13 => {
            let place = session.place();
            session.init(place);
        }
        14 => reset(session),
        15 => {
            let place = session.place();
            session.release(place);
        }
        16 => merge(session),
        17..20 => arch(session),
        20 => attr_get(session),
        21..24 => attr_set(session),
        24 => resolve_number(session),
        25 => resolve_name(session),
        26 => arch_name(session),
        27 | 28 => priority(session),
        29 => notify_alloc(session),
        30 => notify(session),
        31 => export_pfc(session),
        32 => export_bpf(session),
        33 => export_bpf_mem(session),
        34 => {
            let (place, ctx) = session.filter();
            // SAFETY: see above.
            let call = || unsafe { seccomp_precompute(ctx) };
            session.call(
                "seccomp_precompute",
                &[place],
                &[EINVAL, EFAULT],
                true,
                call,
            );
        }
        35 | 36 => start(session),
        37 => commit(session),
        38 => reject(session),
        _ => load(session),
    }
}

fn rule(session: &mut Session) {
    let (place, ctx) = session.filter();
    let form = session.input.byte();
    let action = choice::action(&mut session.input);
    let number = choice::number(&mut session.input);
    let count: c_uint = match session.input.byte() {
        255 => session.input.word(),
        byte => c_uint::from([0u8, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7][usize::from(byte) % 12]),
    };
    if count != 0 && !session.may_compare() {
        return;
    }
    // More than six must be refused before any is read.
    let given = if count > 6 { 0 } else { count };
    let compared: Box<[ArgCmp]> = (0..given)
        .map(|_| choice::comparison(&mut session.input))
        .collect();
    // At an odd address, in memory that ends with the array.
    let size = size_of_val(&*compared);
    let mut bytes = vec![0u8; size + 1].into_boxed_slice();
    // SAFETY: both have room for so many bytes.
    unsafe { ptr::copy_nonoverlapping(compared.as_ptr().cast(), bytes[1..].as_mut_ptr(), size) };
    let array = match form / 4 % 16 {
        0 => ptr::null(),
        1 => bytes[1..].as_ptr().cast(),
        _ => compared.as_ptr(),
    };
    let (name, exact) = match form % 4 {
        0 => ("seccomp_rule_add_array", false),
        1 => ("seccomp_rule_add_exact_array", true),
        2 => ("seccomp_rule_add", false),
        _ => ("seccomp_rule_add_exact", true),
    };
    // SAFETY: see above.
    let call = || unsafe {
        match form % 4 {
            0 => seccomp_rule_add_array(ctx, action, number, count, array),
            1 => seccomp_rule_add_exact_array(ctx, action, number, count, array),
            _ => call_variadic(exact, ctx, action, number, count, compared.as_ptr()),
        }
    };
    let errors: &[c_int] = match exact {
        true => &[EINVAL, EACCES, EEXIST, EFAULT, EDOM, EOPNOTSUPP],
        false => &[EINVAL, EACCES, EEXIST, EFAULT],
    };
    let code = session.call(name, &[place], errors, false, call);
    session.conditional_rules += usize::from(code == 0 && count != 0);
    let refused = count > 6 || form % 4 < 2 && count > 0 && form / 4 % 16 == 0;
    assert!(
        !refused || code == -EINVAL,
        "{name} takes {count} comparisons at {array:p}"
    );
}

fn version(session: &mut Session) {
    // SAFETY: see above.
    unsafe {
        let version = &*seccomp_version();
        assert_eq!((version.major, version.minor, version.micro), (2, 6, 1));
        assert_eq!(seccomp_arch_native(), Arch::native().token());
        assert!(matches!(seccomp_api_get(), 1..=7));
        let level = c_uint::from(session.input.byte() % 10);
        let code = seccomp_api_set(level);
        assert_eq!(code, if (1..=7).contains(&level) { 0 } else { -EINVAL });
        assert!(code != 0 || seccomp_api_get() == level);
    }
}

fn reset(session: &mut Session) {
    let (place, ctx) = session.filter();
    let action = choice::action(&mut session.input);
    // SAFETY: see above.
    let call = || unsafe { seccomp_reset(ctx, action) };
    if session.call("seccomp_reset", &[place], &[EINVAL], ctx.is_null(), call) == 0 {
        session.forget_transactions(place);
    }
}

fn merge(session: &mut Session) {
    let (target, source) = (session.place(), session.place());
    let (to, from) = (session.handle(target), session.handle(source));
    // SAFETY: see above; `from` is forgotten once it has gone.
    let call = || unsafe { seccomp_merge(to, from) };
    let errors = [EINVAL, EDOM, EEXIST];
    let code = session.call("seccomp_merge", &[target, source], &errors, false, call);
    if code == 0 {
        assert!(to != from);
        session.forget(source);
    }
}

fn arch(session: &mut Session) {
    let (place, ctx) = session.filter();
    let which = session.input.below(4);
    let token = choice::arch(&mut session.input);
    // SAFETY: see above.
    unsafe {
        let had = seccomp_arch_exist(ctx, token);
        assert!(
            matches!(-had, 0 | EINVAL | EEXIST),
            "seccomp_arch_exist returns {had}"
        );
        let code = match which {
            0 => {
                let call = || seccomp_arch_remove(ctx, token);
                session.call(
                    "seccomp_arch_remove",
                    &[place],
                    &[EINVAL, EEXIST],
                    false,
                    call,
                )
            }
            _ => {
                let call = || seccomp_arch_add(ctx, token);
                session.call(
                    "seccomp_arch_add",
                    &[place],
                    &[EINVAL, EEXIST, EDOM],
                    false,
                    call,
                )
            }
        };
        let has = match (which, code) {
            (0, 0) => -EEXIST,
            (_, 0) => 0,
            _ => had,
        };
        assert_eq!(seccomp_arch_exist(ctx, token), has);
    }
}

fn attr_get(session: &mut Session) {
    let (place, ctx) = session.filter();
    let attribute = choice::attribute(&mut session.input);
    // At an odd address, in memory that ends with the value.
    let mut bytes = Box::new([0xa5u8; 5]);
    let at = match session.input.chance(5) {
        true => ptr::null_mut(),
        false => bytes[1..].as_mut_ptr().cast(),
    };
    // SAFETY: see above.
    let call = || unsafe { seccomp_attr_get(ctx, attribute, at) };
    let code = session.call("seccomp_attr_get", &[place], &[EINVAL], true, call);
    assert!(bytes[0] == 0xa5 && (code == 0 || *bytes == [0xa5; 5]));
}

fn attr_set(session: &mut Session) {
    let (place, ctx) = session.filter();
    let attribute = choice::attribute(&mut session.input);
    let value = choice::attribute_value(&mut session.input);
    // SAFETY: see above.
    let call = || unsafe { seccomp_attr_set(ctx, attribute, value) };
    let errors = [EACCES, EINVAL, EOPNOTSUPP];
    if session.call("seccomp_attr_set", &[place], &errors, false, call) != 0 {
        return;
    }
    let mut now = 0xdead_beef;
    // SAFETY: see above.
    assert_eq!(unsafe { seccomp_attr_get(ctx, attribute, &mut now) }, 0);
    let expected = match attribute {
        2 | 8 => value,
        _ => u32::from(value != 0),
    };
    assert_eq!(now, expected, "attribute {attribute}");
}

/// A name that the library has given, as ours.
///
/// # Safety
/// Null, or from seccomp_syscall_resolve_num_arch.
unsafe fn take(name: *mut libc::c_char) -> Option<Vec<u8>> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller vouches for it.
    unsafe {
        let copy = CStr::from_ptr(name).to_bytes().to_vec();
        libc::free(name.cast());
        Some(copy)
    }
}

fn resolve_number(session: &mut Session) {
    let token = choice::arch(&mut session.input);
    let number = choice::number(&mut session.input);
    let after = choice::failing_allocation(&mut session.input);
    // SAFETY: see above.
    unsafe {
        let resolve = || seccomp_syscall_resolve_num_arch(token, number);
        let (name, ran_out) = with_memory(after, resolve);
        let Some(name) = take(name) else {
            assert!(!ran_out || resolve_and_free(token, number));
            return;
        };
        let text = std::ffi::CString::new(name.clone()).expect("no null bytes");
        let back = seccomp_syscall_resolve_name_arch(token, text.as_ptr());
        assert_ne!(back, -1, "{text:?}");
        if back != SHARED_PSEUDO {
            let again = take(seccomp_syscall_resolve_num_arch(token, back));
            assert_eq!(again.as_ref(), Some(&name), "{number}, {back}");
        }
    }
}

/// Memory is asked for only where there is a name.
///
/// # Safety
/// None that the caller has to keep.
unsafe fn resolve_and_free(token: u32, number: c_int) -> bool {
    // SAFETY: the name is fresh.
    unsafe { take(seccomp_syscall_resolve_num_arch(token, number)) }.is_some()
}

fn resolve_name(session: &mut Session) {
    let token = choice::arch(&mut session.input);
    let name = choice::name(&mut session.input);
    // SAFETY: see above.
    unsafe {
        let number = seccomp_syscall_resolve_name_arch(token, name.as_ptr());
        let rewritten = seccomp_syscall_resolve_name_rewrite(token, name.as_ptr());
        assert_eq!(
            number == -1,
            rewritten == -1,
            "{name:?}: {number}, {rewritten}"
        );
        if number != -1 {
            let back = take(seccomp_syscall_resolve_num_arch(token, number));
            let back = back.unwrap_or_else(|| panic!("{number} has no name, {name:?} has it"));
            assert!(
                back == name.as_bytes() || number == SHARED_PSEUDO,
                "{name:?}, {number}"
            );
        }
        let native = seccomp_syscall_resolve_name_arch(0, name.as_ptr());
        assert_eq!(seccomp_syscall_resolve_name(name.as_ptr()), native);
        assert_eq!(seccomp_syscall_resolve_name(ptr::null()), -1);
        assert_eq!(seccomp_syscall_resolve_name_arch(token, ptr::null()), -1);
        assert_eq!(seccomp_syscall_resolve_name_rewrite(token, ptr::null()), -1);
    }
}

fn arch_name(session: &mut Session) {
    let name = choice::name(&mut session.input);
    // SAFETY: see above.
    unsafe {
        let token = seccomp_arch_resolve_name(name.as_ptr());
        let expected = Arch::from_name(name.as_bytes()).map_or(0, Arch::token);
        assert_eq!(token, expected, "{name:?}");
        assert_eq!(seccomp_arch_resolve_name(ptr::null()), 0);
    }
}

fn priority(session: &mut Session) {
    let (place, ctx) = session.filter();
    let number = choice::number(&mut session.input);
    let priority = session.input.byte();
    // SAFETY: see above.
    let call = || unsafe { seccomp_syscall_priority(ctx, number, priority) };
    session.call(
        "seccomp_syscall_priority",
        &[place],
        &[EINVAL, EFAULT],
        false,
        call,
    );
}

fn notify_alloc(session: &mut Session) {
    let wanted = session.input.byte();
    let fd = files::any(&mut session.input);
    let (mut request, mut response) = (ptr::null_mut(), ptr::null_mut());
    let one = if wanted & 1 == 0 {
        &raw mut request
    } else {
        ptr::null_mut()
    };
    let other = if wanted & 2 == 0 {
        &raw mut response
    } else {
        ptr::null_mut()
    };
    let errors = [EOPNOTSUPP, ECANCELED, EFAULT];
    // SAFETY: see above.
    unsafe {
        let call = || seccomp_notify_alloc(one, other);
        let code = session.call("seccomp_notify_alloc", &[], &errors, false, call);
        assert_eq!(code == 0 && wanted & 1 == 0, !request.is_null());
        assert_eq!(code == 0 && wanted & 2 == 0, !response.is_null());
        if !request.is_null() {
            assert!((*request).id == 0 && (*request).pid == 0 && (*request).data.args == [0; 6]);
        }
        // There is no listener that could answer.
        let errors = [EINVAL, EOPNOTSUPP, ECANCELED];
        let call = || seccomp_notify_receive(fd, request);
        let code = session.call("seccomp_notify_receive", &[], &errors, false, call);
        assert_ne!(code, 0);
        let call = || seccomp_notify_respond(fd, response);
        let code = session.call("seccomp_notify_respond", &[], &errors, false, call);
        assert_ne!(code, 0);
        seccomp_notify_free(request, response);
        seccomp_notify_free(ptr::null_mut(), ptr::null_mut());
    }
}

fn notify(session: &mut Session) {
    let (place, ctx) = session.filter();
    let fd = files::any(&mut session.input);
    let id = session.input.double();
    // SAFETY: see above.
    unsafe {
        let call = || seccomp_notify_id_valid(fd, id);
        let code = session.call(
            "seccomp_notify_id_valid",
            &[],
            &[ENOENT, EOPNOTSUPP],
            false,
            call,
        );
        assert_ne!(code, 0);
        let mut addfd = Box::new(seccomp_notif_addfd {
            id,
            flags: session.input.word(),
            srcfd: session.input.word(),
            newfd: session.input.word(),
            newfd_flags: session.input.word(),
        });
        let to = match session.input.chance(10) {
            true => ptr::null_mut(),
            false => &raw mut *addfd,
        };
        let call = || seccomp_notify_addfd(fd, to);
        let errors = [EINVAL, EOPNOTSUPP, ECANCELED];
        let code = session.call("seccomp_notify_addfd", &[], &errors, false, call);
        assert_ne!(code, 0);
        let call = || seccomp_notify_fd(ctx);
        let code = session.call("seccomp_notify_fd", &[place], &[EINVAL, EFAULT], true, call);
        assert_ne!(code, 0);
    }
}

/// Whether codes of the kernel are passed on.
fn is_raw(session: &Session, place: Place) -> bool {
    let mut raw = 0;
    // SAFETY: see above.
    unsafe { seccomp_attr_get(session.handle(place), SYSRAWRC, &mut raw) == 0 && raw == 1 }
}

/// What writing to a descriptor may fail with.
fn write_errors(session: &Session, place: Place) -> Vec<c_int> {
    match is_raw(session, place) {
        false => vec![EINVAL, EFAULT, ECANCELED],
        true => vec![EINVAL, EFAULT, libc::EBADF, libc::ENOSPC, libc::EAGAIN],
    }
}

fn export_pfc(session: &mut Session) {
    let (place, ctx) = session.filter();
    let fd = files::any(&mut session.input);
    let errors = write_errors(session, place);
    // SAFETY: see above.
    let call = || unsafe { seccomp_export_pfc(ctx, fd) };
    session.call("seccomp_export_pfc", &[place], &errors, true, call);
}

fn export_bpf(session: &mut Session) {
    let (place, ctx) = session.filter();
    let fd = files::any(&mut session.input);
    let errors = write_errors(session, place);
    // SAFETY: see above.
    unsafe {
        let call = || seccomp_export_bpf(ctx, fd);
        session.call("seccomp_export_bpf", &[place], &errors, true, call);
        files::empty_memory();
        let code = seccomp_export_bpf(ctx, files::memory());
        let written = files::read_memory();
        match picture::program(ctx) {
            Ok(program) => assert!(code == 0 && program == written, "{program:x?} {written:x?}"),
            Err(error) => assert!(code == error && written.is_empty()),
        }
    }
}

fn export_bpf_mem(session: &mut Session) {
    let (place, ctx) = session.filter();
    let size = usize::from(session.input.short() & 0xfff);
    let mut buffer = vec![0xa5u8; size].into_boxed_slice();
    let mut length = size;
    let (to, size_at) = match session.input.below(8) {
        0 => (ptr::null_mut(), &raw mut length),
        1 => (buffer.as_mut_ptr().cast(), ptr::null_mut()),
        _ => (buffer.as_mut_ptr().cast(), &raw mut length),
    };
    // SAFETY: see above.
    let call = || unsafe { seccomp_export_bpf_mem(ctx, to, size_at) };
    let errors = [EINVAL, EFAULT, ERANGE];
    let code = session.call("seccomp_export_bpf_mem", &[place], &errors, true, call);
    assert!(!size_at.is_null() || code == -EINVAL || code == -libc::ENOMEM);
    match code {
        0 => assert!(to.is_null() || length <= size),
        _ => assert!(buffer.iter().all(|&byte| byte == 0xa5)),
    }
}

fn start(session: &mut Session) {
    let (place, ctx) = session.filter();
    // SAFETY: see above.
    let call = || unsafe { seccomp_transaction_start(ctx) };
    if session.call("seccomp_transaction_start", &[place], &[EINVAL], true, call) == 0 {
        session.started(place);
    }
}

fn commit(session: &mut Session) {
    let (place, ctx) = session.filter();
    // SAFETY: see above.
    let call = || unsafe { seccomp_transaction_commit(ctx) };
    if session.call(
        "seccomp_transaction_commit",
        &[place],
        &[EINVAL],
        true,
        call,
    ) == 0
    {
        session.ended(place);
    }
}

/// Does nothing, as the others, for a filter that has lost its last architecture.
fn reject(session: &mut Session) {
    let (place, ctx) = session.filter();
    let has_arches = !session.picture(place).arches.is_empty();
    let keeps = !has_arches || !session.has_transaction(place);
    let call = || {
        // SAFETY: see above.
        unsafe { seccomp_transaction_reject(ctx) };
        0
    };
    session.call("seccomp_transaction_reject", &[place], &[], keeps, call);
    if let Some(before) = has_arches.then(|| session.ended(place)).flatten() {
        let after = session.picture(place);
        // A transaction is about rules and architectures.
        if after.attributes == before.attributes {
            assert!(
                before == after,
                "a rejected transaction leaves {after:?} of {before:?}"
            );
        }
    }
}

fn load(session: &mut Session) {
    let (place, ctx) = session.filter();
    let in_child = session.input.chance(2) && !session.has_loaded;
    let errors = match is_raw(session, place) {
        false => vec![EINVAL, EFAULT, ECANCELED, ESRCH],
        // Kernel's codes, of which the undocumented become EFAULT.
        true => vec![EINVAL, EFAULT, EACCES, ENOENT, ESRCH, ECANCELED],
    };
    // SAFETY: see above.
    unsafe {
        if loading::is_harmless(ctx) {
            let call = || seccomp_load(ctx);
            let code = session.call("seccomp_load", &[place], &errors, true, call);
            assert_ne!(code, 0, "a filter is in force");
        } else if in_child {
            session.has_loaded = true;
            let code = loading::in_child(ctx).unwrap_or(0);
            assert!(
                code == 0 || errors.contains(&-code),
                "seccomp_load returns {code}"
            );
        }
    }
}
