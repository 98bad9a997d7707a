// SPDX-License-Identifier: LGPL-2.1-only
//! A program of the crate `libseccomp`, for scripts/check-rust-programs.sh: refuses one call
//! always and one by its argument, tries both, and shows that the process has no libseccomp.

use libseccomp::{scmp_cmp, ScmpAction, ScmpFilterContext, ScmpSyscall, ScmpVersion};
use std::error::Error;
use std::fs::{self, File};
use std::os::unix::process::parent_id;

/// A number that no kernel returns.
const REFUSED: i32 = 77;

fn main() -> Result<(), Box<dyn Error>> {
    assert_eq!(ScmpVersion::current()?, ScmpVersion::from((2, 6, 1)));
    let mut filter = ScmpFilterContext::new(ScmpAction::Allow)?;
    let refuse = ScmpAction::Errno(REFUSED);
    filter.add_rule(refuse, ScmpSyscall::from_name("getppid")?)?;
    let close = ScmpSyscall::from_name("close")?;
    filter.add_rule_conditional(refuse, close, &[scmp_cmp!($arg0 == 1000)])?;
    // The crate has this function where it knows that the library is of 2.6.
    assert!(filter.export_bpf_mem()?.len() > 8);
    assert!(parent_id() < 1 << 30);
    filter.load()?;
    assert_eq!(parent_id() as i32, -REFUSED);
    drop(File::open("/proc/self/status")?);

    let status = fs::read_to_string("/proc/self/status")?;
    assert!(status.contains("\nSeccomp:\t2\n"));
    assert!(!fs::read_to_string("/proc/self/maps")?.contains("libseccomp"));
    println!("worked: one filter, no libseccomp");
    Ok(())
}
