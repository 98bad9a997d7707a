// SPDX-License-Identifier: LGPL-2.1-only
//! One libseccomp, opened by its path.

use std::ffi::{CString, c_char, c_int, c_uint, c_void};
use std::mem;
use std::path::Path;

/// `scmp_filter_ctx`.
pub type Filter = *mut c_void;

/// `struct scmp_arg_cmp`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Compared {
    pub argument: c_uint,
    pub operator: c_int,
    pub a: u64,
    pub b: u64,
}

pub type AddRule = extern "C" fn(Filter, u32, c_int, c_uint, *const Compared) -> c_int;

/// A library that is open, of which nothing is known.
pub struct Opened(*mut c_void);

impl Opened {
    /// Opens a library for the life of the process.
    pub fn open(path: &Path) -> Opened {
        let name = CString::new(path.as_os_str().as_encoded_bytes()).expect("a path");
        // SAFETY: `name` is a C string. The library's start-up code is trusted.
        let library = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW) };
        assert!(!library.is_null(), "{}: dlopen failed", path.display());
        Opened(library)
    }

    fn find(&self, name: &str) -> *mut c_void {
        let name = CString::new(format!("seccomp_{name}")).expect("a name");
        // SAFETY: the library is open, and `name` is a C string.
        unsafe { libc::dlsym(self.0, name.as_ptr()) }
    }
}

macro_rules! functions {
    ($($name:ident: $type:ty;)*) => {
        /// The functions that are measured. They are trusted with what this program
        /// gives them: C strings, filters that are alive, lists as long as it says.
        pub struct Library {
            $(pub $name: $type,)*
            /// Since 2.6.
            pub precompute: Option<extern "C" fn(Filter) -> c_int>,
        }

        impl Library {
            pub fn of(library: &Opened) -> Library {
                $(assert!(!library.find(stringify!($name)).is_null(), stringify!($name));)*
                // SAFETY: libseccomp's functions have these types. A null pointer is `None`.
                unsafe {
                    Library {
                        $($name: mem::transmute::<*mut c_void, $type>(
                            library.find(stringify!($name)),
                        ),)*
                        precompute: mem::transmute::<
                            *mut c_void,
                            Option<extern "C" fn(Filter) -> c_int>,
                        >(library.find("precompute")),
                    }
                }
            }
        }
    };
}

functions! {
    api_set: extern "C" fn(c_uint) -> c_int;
    arch_add: extern "C" fn(Filter, u32) -> c_int;
    arch_native: extern "C" fn() -> u32;
    arch_remove: extern "C" fn(Filter, u32) -> c_int;
    arch_resolve_name: extern "C" fn(*const c_char) -> u32;
    attr_set: extern "C" fn(Filter, c_int, u32) -> c_int;
    export_bpf: extern "C" fn(Filter, c_int) -> c_int;
    export_pfc: extern "C" fn(Filter, c_int) -> c_int;
    init: extern "C" fn(u32) -> Filter;
    load: extern "C" fn(Filter) -> c_int;
    release: extern "C" fn(Filter);
    rule_add_array: AddRule;
    rule_add_exact_array: AddRule;
    syscall_priority: extern "C" fn(Filter, c_int, u8) -> c_int;
    syscall_resolve_name: extern "C" fn(*const c_char) -> c_int;
    syscall_resolve_name_arch: extern "C" fn(u32, *const c_char) -> c_int;
    syscall_resolve_num_arch: extern "C" fn(u32, c_int) -> *mut c_char;
}
