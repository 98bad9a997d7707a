// SPDX-License-Identifier: LGPL-2.1-only
//! Which seccomp features the running kernel has.

use std::sync::atomic::{
    AtomicI8, AtomicI32, AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use super::notify::{NotificationSizes, notification_sizes};
use super::sys;
use crate::error::{Error, Invalid};
use crate::filter::Action;

/// Something that not all kernels have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Feature {
    /// seccomp(2) itself (Linux 3.17).
    Syscall,
    /// `SECCOMP_FILTER_FLAG_TSYNC` (3.17).
    ThreadSync,
    /// `SECCOMP_FILTER_FLAG_LOG` (4.14).
    LogFlag,
    /// [`Action::Log`] (4.14).
    LogAction,
    /// [`Action::KillProcess`] (4.14).
    KillProcess,
    /// `SECCOMP_FILTER_FLAG_SPEC_ALLOW` (4.17).
    SpeculationAllow,
    /// `SECCOMP_FILTER_FLAG_NEW_LISTENER` (5.0).
    Listener,
    /// [`Action::Notify`] (5.0).
    Notify,
    /// `SECCOMP_FILTER_FLAG_TSYNC_ESRCH` (5.7).
    ThreadSyncEsrch,
    /// `SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV` (5.19).
    WaitKillable,
}

use Feature::*;

const COUNT: usize = 10;

/// Each API level with what it adds, seccomp_api_get(3).
const LEVELS: [(u32, &[Feature]); 6] = [
    (2, &[Syscall, ThreadSync]),
    (3, &[LogFlag, LogAction, KillProcess]),
    (4, &[SpeculationAllow]),
    (5, &[Listener, Notify]),
    (6, &[ThreadSyncEsrch]),
    (7, &[WaitKillable]),
];

/// The highest API level, seccomp_api_get(3).
const HIGHEST_LEVEL: u32 = 7;

const UNKNOWN: i8 = -1;

/// What is known of the kernel, and the listener that came with a filter.
///
/// All of it may be used by several threads at once: a probe that runs twice
/// finds the same. After fork(2) the child has what the parent knew.
#[derive(Debug)]
pub struct Features {
    known: [AtomicI8; COUNT],
    level: AtomicU32,
    listener: AtomicI32,
    /// Sizes of request and response, a half each; 0 before they are known.
    sizes: AtomicU64,
}

impl Default for Features {
    fn default() -> Self {
        Features::new()
    }
}

impl Features {
    /// Nothing is known yet.
    pub const fn new() -> Self {
        Features {
            known: [const { AtomicI8::new(UNKNOWN) }; COUNT],
            level: AtomicU32::new(0),
            listener: AtomicI32::new(-1),
            sizes: AtomicU64::new(0),
        }
    }

    /// Whether the kernel has the feature; probes it the first time.
    #[inline]
    pub fn has(&self, feature: Feature) -> bool {
        match self.known[feature as usize].load(Relaxed) {
            UNKNOWN => self.find(feature),
            found => found != 0,
        }
    }

    #[cold]
    #[inline(never)]
    fn find(&self, feature: Feature) -> bool {
        let found = self.probe(feature);
        self.known[feature as usize].store(i8::from(found), Relaxed);
        found
    }

    /// Whether the feature is known to be there; never probes.
    pub fn is_known(&self, feature: Feature) -> bool {
        self.known[feature as usize].load(Relaxed) > 0
    }

    /// Whether the kernel has the action.
    #[inline(always)]
    pub fn has_action(&self, action: Action) -> bool {
        match action {
            Action::KillProcess => self.has(KillProcess),
            Action::Log => self.has(LogAction),
            Action::Notify => self.has(Notify),
            _ => true,
        }
    }

    /// The API level, 1 to 7, found once by probing; seccomp_api_get(3).
    pub fn level(&self) -> u32 {
        // Who sees the level sees what it was found by.
        let known = self.level.load(Acquire);
        if known > 0 {
            return known;
        }
        self.probe_all();
        let complete = LEVELS
            .iter()
            .take_while(|(_, features)| features.iter().all(|&feature| self.has(feature)))
            .last();
        let level = complete.map_or(1, |&(level, _)| level);
        self.level.store(level, Release);
        level
    }

    /// Takes the features of `level` for granted, and those of higher levels
    /// for missing; seccomp_api_set(3).
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if `level` is not 1 to 7.
    pub fn set_level(&self, level: u32) -> Result<(), Error> {
        if !(1..=HIGHEST_LEVEL).contains(&level) {
            return Err(Error::InvalidArgument(Invalid::ApiLevel));
        }
        for (needed, features) in LEVELS {
            for &feature in features {
                self.known[feature as usize].store(i8::from(level >= needed), Relaxed);
            }
        }
        self.level.store(level, Release);
        Ok(())
    }

    /// Probes every feature, because a filter may forbid it later.
    fn probe_all(&self) {
        for &feature in LEVELS.iter().flat_map(|(_, features)| *features) {
            self.has(feature);
        }
    }

    /// The sizes of the kernel's notification structures, asked for once.
    ///
    /// # Errors
    /// [`Error::Kernel`].
    pub fn notification_sizes(&self) -> Result<NotificationSizes, Error> {
        let known = self.sizes.load(Relaxed);
        if known != 0 {
            return Ok(NotificationSizes {
                request: (known >> 32) as usize,
                response: known as u32 as usize,
            });
        }
        let sizes = notification_sizes()?;
        let both = (sizes.request as u64) << 32 | sizes.response as u64;
        self.sizes.store(both, Relaxed);
        Ok(sizes)
    }

    /// The listener of the filter that was loaded; `None` before.
    pub fn listener(&self) -> Option<i32> {
        Some(self.listener.load(Relaxed)).filter(|&fd| fd >= 0)
    }

    pub(super) fn set_listener(&self, fd: i32) {
        self.listener.store(fd, Relaxed);
    }

    /// Closes the listener and probes anew, but keeps the level;
    /// seccomp_reset(3) without a filter.
    pub fn reset(&self) {
        let listener = self.listener.swap(-1, Relaxed);
        // As in the C library, descriptor 0 stays open.
        if listener > 0 {
            sys::close(listener);
        }
        for known in &self.known {
            known.store(UNKNOWN, Relaxed);
        }
        self.probe_all();
    }

    fn probe(&self, feature: Feature) -> bool {
        match feature {
            // Strict mode takes no flags, so this is refused: with EINVAL by
            // a kernel that knows seccomp(2).
            Syscall => {
                sys::seccomp_without_data(sys::SET_MODE_STRICT, 1)
                    == Err(Error::Kernel(libc::EINVAL))
            }
            ThreadSync => self.has_flag(libc::SECCOMP_FILTER_FLAG_TSYNC),
            LogFlag => self.has_flag(libc::SECCOMP_FILTER_FLAG_LOG),
            SpeculationAllow => self.has_flag(libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW),
            Listener => self.has_flag(libc::SECCOMP_FILTER_FLAG_NEW_LISTENER),
            ThreadSyncEsrch => self.has_flag(libc::SECCOMP_FILTER_FLAG_TSYNC_ESRCH),
            // The kernel takes this flag only together with a listener.
            WaitKillable => {
                self.has(Listener)
                    && self.has_flag(
                        libc::SECCOMP_FILTER_FLAG_NEW_LISTENER
                            | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                    )
            }
            KillProcess => self.has_probed_action(Action::KillProcess),
            LogAction => self.has_probed_action(Action::Log),
            Notify => self.has(Syscall) && sys::notification_sizes().is_ok(),
        }
    }

    /// A filter without a program is refused: with EFAULT if the kernel knows
    /// the flags.
    fn has_flag(&self, flags: libc::c_ulong) -> bool {
        self.has(Syscall)
            && sys::seccomp_without_data(sys::SET_MODE_FILTER, flags)
                == Err(Error::Kernel(libc::EFAULT))
    }

    fn has_probed_action(&self, action: Action) -> bool {
        self.has(Syscall) && sys::action_available(action.to_raw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_can_be_set_and_bound_the_features() {
        let features = Features::new();
        assert!(features.set_level(0).is_err());
        assert!(features.set_level(8).is_err());
        features.set_level(3).unwrap();
        assert_eq!(features.level(), 3);
        assert!(features.has(KillProcess));
        assert!(!features.has(SpeculationAllow));
        assert!(!features.has_action(Action::Notify));
        features.set_level(1).unwrap();
        assert!(!features.has(Syscall));
    }

    #[test]
    fn probing_finds_a_level_and_keeps_it() {
        let features = Features::new();
        let level = features.level();
        assert!((1..=HIGHEST_LEVEL).contains(&level));
        features.reset();
        assert_eq!(features.level(), level);
    }
}
