// SPDX-License-Identifier: LGPL-2.1-only
//! What can be seen of a filter from outside.

use std::ffi::c_int;
use std::ptr;

use scmp::Arch;

use crate::api::*;
use crate::files;

#[derive(Clone, PartialEq)]
pub struct Picture {
    pub program: Result<Vec<u8>, c_int>,
    pub text: Result<Vec<u8>, c_int>,
    pub attributes: Vec<Result<u32, c_int>>,
    pub arches: Vec<u32>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text.as_ref().map(|text| String::from_utf8_lossy(text));
        writeln!(
            f,
            "{:x?} {:x?} {:x?}",
            self.program, self.attributes, self.arches
        )?;
        match text {
            Ok(text) => write!(f, "{text}"),
            Err(code) => write!(f, "no text: {code}"),
        }
    }
}

/// # Safety
/// `ctx` is null or a live filter.
pub unsafe fn of(ctx: Handle) -> Picture {
    // SAFETY: the caller vouches for it.
    unsafe {
        Picture {
            program: program(ctx),
            text: text(ctx),
            attributes: (1..=10).map(|attribute| value(ctx, attribute)).collect(),
            arches: Arch::all()
                .map(Arch::token)
                .filter(|&token| seccomp_arch_exist(ctx, token) == 0)
                .collect(),
        }
    }
}

/// The program, by seccomp_export_bpf_mem: into memory of its size, and into less.
///
/// # Safety
/// `ctx` is null or a live filter.
pub unsafe fn program(ctx: Handle) -> Result<Vec<u8>, c_int> {
    // SAFETY: the caller vouches for the filter; buffers are as large as said.
    unsafe {
        let mut size = usize::MAX;
        match seccomp_export_bpf_mem(ctx, ptr::null_mut(), &mut size) {
            0 => {}
            code => {
                assert_eq!(size, usize::MAX, "a failed export changes the size");
                return Err(code);
            }
        }
        assert!(size >= 8 && size % 8 == 0, "{size}");
        let mut bytes = vec![0xa5u8; size].into_boxed_slice();
        let mut length = size;
        let code = seccomp_export_bpf_mem(ctx, bytes.as_mut_ptr().cast(), &mut length);
        assert_eq!((code, length), (0, size));

        let mut less = vec![0xa5u8; size - 1].into_boxed_slice();
        let mut length = less.len();
        let code = seccomp_export_bpf_mem(ctx, less.as_mut_ptr().cast(), &mut length);
        assert_eq!((code, length), (-libc::ERANGE, size));
        assert!(
            less.iter().all(|&byte| byte == 0xa5),
            "a short buffer is written to"
        );
        Ok(bytes.into_vec())
    }
}

/// # Safety
/// `ctx` is null or a live filter.
unsafe fn text(ctx: Handle) -> Result<Vec<u8>, c_int> {
    files::empty_memory();
    // SAFETY: the caller vouches for it.
    match unsafe { seccomp_export_pfc(ctx, files::memory()) } {
        0 => Ok(files::read_memory()),
        code => Err(code),
    }
}

/// # Safety
/// `ctx` is null or a live filter.
unsafe fn value(ctx: Handle, attribute: u32) -> Result<u32, c_int> {
    let mut value = 0xdead_beef;
    // SAFETY: the caller vouches for it; the value is writable.
    match unsafe { seccomp_attr_get(ctx, attribute, &mut value) } {
        0 => Ok(value),
        code => {
            assert_eq!(value, 0xdead_beef, "a failed call changes the value");
            Err(code)
        }
    }
}
