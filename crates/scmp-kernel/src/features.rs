// SPDX-License-Identifier: LGPL-2.1-only
//! Which seccomp features the running kernel has.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::notify::NotificationSizes;
use super::sys;
use crate::error::Error;
use scmp::Action;

/// Something that not all kernels have.
///
/// ```
/// use scmp_kernel::{Feature, Features};
///
/// let features = Features::new();
/// assert!(features.has(Feature::Syscall) || features.level() == 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
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

/// The features of a kernel, one bit each, with the API level in the bits above. One atomic
/// word, so that other threads see all of it or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known(u32);

impl Known {
    /// No level is 0.
    const UNKNOWN: Known = Known(0);
    const LEVEL_SHIFT: u32 = 16;

    fn new(features: u32, level: u32) -> Known {
        Known(features | level << Known::LEVEL_SHIFT)
    }

    fn has(self, feature: Feature) -> bool {
        self.0 & bit(feature) != 0
    }

    fn level(self) -> u32 {
        self.0 >> Known::LEVEL_SHIFT
    }

    /// The same features at another level.
    fn at_level(self, level: u32) -> Known {
        let features = self.0 & ((1 << Known::LEVEL_SHIFT) - 1);
        Known::new(features, level)
    }
}

fn bit(feature: Feature) -> u32 {
    1 << feature as u32
}

/// The kernel's known features.
///
/// Several threads may use one `Features` at once. Probing publishes all features together,
/// so a thread never misses a feature because another thread is probing. After fork(2) the
/// child has a copy of the parent's.
///
/// ```
/// use scmp::Action;
/// use scmp_kernel::Features;
///
/// static FEATURES: Features = Features::new();
/// let kill = match FEATURES.has_action(Action::KillProcess) {
///     true => Action::KillProcess,
///     false => Action::KillThread,
/// };
/// # assert_ne!(kill, Action::Allow);
/// ```
#[derive(Debug)]
pub struct Features {
    /// A [`Known`].
    known: AtomicU32,
    /// Sizes of request and response, a half each; 0 before they are known.
    sizes: AtomicU32,
}

impl Default for Features {
    fn default() -> Self {
        Features::new()
    }
}

impl Features {
    /// Nothing is known yet.
    ///
    /// ```
    /// use scmp_kernel::{Feature, Features};
    ///
    /// // Asks the kernel once for the whole program.
    /// static FEATURES: Features = Features::new();
    /// let logs = FEATURES.has(Feature::LogAction);
    /// # let _ = logs;
    /// ```
    pub const fn new() -> Self {
        Features {
            known: AtomicU32::new(Known::UNKNOWN.0),
            sizes: AtomicU32::new(0),
        }
    }

    /// Whether the kernel has the feature. The first question probes all
    /// features, because a filter that is loaded later may forbid it.
    ///
    /// ```
    /// use scmp_kernel::{Feature, Features};
    ///
    /// let features = Features::new();
    /// if !features.has(Feature::Notify) {
    ///     println!("no notifications before Linux 5.0");
    /// }
    /// ```
    pub fn has(&self, feature: Feature) -> bool {
        self.known().has(feature)
    }

    fn known(&self) -> Known {
        match Known(self.known.load(Relaxed)) {
            Known::UNKNOWN => self.find(),
            known => known,
        }
    }

    fn find(&self) -> Known {
        let found = self.probe();
        // A level that was set meanwhile stays.
        let unknown = Known::UNKNOWN.0;
        let published = (self.known).compare_exchange(unknown, found.0, Relaxed, Relaxed);
        published.map_or_else(Known, |_| found)
    }

    /// Asks the kernel for every feature.
    fn probe(&self) -> Known {
        if !self.kernel_has(Syscall) {
            return Known::new(0, 1);
        }
        let all = LEVELS.iter().flat_map(|(_, features)| *features);
        let found = all.filter(|&&feature| feature == Syscall || self.kernel_has(feature));
        let features = found.fold(0, |bits, &feature| bits | bit(feature));
        let has_all = |wanted: &[Feature]| wanted.iter().all(|&each| features & bit(each) != 0);
        let complete = LEVELS.iter().take_while(|(_, wanted)| has_all(wanted));
        Known::new(features, complete.last().map_or(1, |&(level, _)| level))
    }

    /// Asks the kernel for one feature. The kernel must have seccomp(2), unless the feature is
    /// `Syscall`.
    fn kernel_has(&self, feature: Feature) -> bool {
        let listener = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
        match feature {
            // Strict mode takes no flags, so this is refused: with EINVAL by a
            // kernel that knows seccomp(2).
            Syscall => {
                sys::seccomp_without_data(libc::SECCOMP_SET_MODE_STRICT, 1)
                    == Err(Error::Os(libc::EINVAL))
            }
            ThreadSync => knows_flags(libc::SECCOMP_FILTER_FLAG_TSYNC),
            LogFlag => knows_flags(libc::SECCOMP_FILTER_FLAG_LOG),
            SpeculationAllow => knows_flags(libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW),
            Listener => knows_flags(listener),
            ThreadSyncEsrch => knows_flags(libc::SECCOMP_FILTER_FLAG_TSYNC_ESRCH),
            // The kernel takes this flag only together with a listener.
            WaitKillable => knows_flags(listener | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV),
            KillProcess => sys::action_available(Action::KillProcess.to_raw()),
            LogAction => sys::action_available(Action::Log.to_raw()),
            Notify => self.ask_for_sizes().is_ok(),
        }
    }

    /// Whether the feature is known to be there; never probes.
    ///
    /// ```
    /// use scmp_kernel::{Feature, Features};
    ///
    /// let features = Features::new();
    /// assert!(!features.is_known(Feature::Syscall));
    /// features.level();
    /// assert_eq!(features.is_known(Feature::Syscall), features.has(Feature::Syscall));
    /// ```
    pub fn is_known(&self, feature: Feature) -> bool {
        Known(self.known.load(Relaxed)).has(feature)
    }

    /// Whether the kernel has the action.
    ///
    /// ```
    /// use scmp::Action;
    ///
    /// assert!(scmp_kernel::Features::new().has_action(Action::Allow));
    /// ```
    // The C layer calls this for each rule: 2 % of the life of openssh's filter.
    #[inline]
    pub fn has_action(&self, action: Action) -> bool {
        match action {
            Action::KillProcess => self.has(KillProcess),
            Action::Log => self.has(LogAction),
            Action::Notify => self.has(Notify),
            _ => true,
        }
    }

    /// The API level, 1 to 7, found once by probing; seccomp_api_get(3).
    ///
    /// ```
    /// let level = scmp_kernel::Features::new().level();
    /// assert!((1..=7).contains(&level));
    /// ```
    pub fn level(&self) -> u32 {
        self.known().level()
    }

    /// Assumes that the kernel has the features of `level` and lacks those of higher
    /// levels; seccomp_api_set(3).
    ///
    /// ```
    /// use scmp_kernel::{Feature, Features};
    ///
    /// let features = Features::new();
    /// features.set_level(3)?;
    /// assert!(features.has(Feature::LogFlag) && !features.has(Feature::Notify));
    /// # Ok::<(), scmp_kernel::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ApiLevel`] if `level` is not 1 to 7.
    pub fn set_level(&self, level: u32) -> Result<(), Error> {
        if !(1..=HIGHEST_LEVEL).contains(&level) {
            return Err(Error::ApiLevel);
        }
        let granted = LEVELS.iter().filter(|&&(needed, _)| level >= needed);
        let features = granted.flat_map(|(_, features)| *features);
        let features = features.fold(0, |bits, &feature| bits | bit(feature));
        self.known.store(Known::new(features, level).0, Relaxed);
        Ok(())
    }

    /// The sizes of the kernel's notification structures, asked for once: when features are
    /// probed, or now if a level was set before.
    ///
    /// ```
    /// let features = scmp_kernel::Features::new();
    /// assert_eq!(features.notification_sizes(), scmp_kernel::notification_sizes());
    /// ```
    ///
    /// # Errors
    /// [`Error::Os`].
    pub fn notification_sizes(&self) -> Result<NotificationSizes, Error> {
        let known = self.sizes.load(Relaxed);
        if known != 0 {
            return Ok(NotificationSizes {
                request: (known >> 16) as usize,
                response: known as u16 as usize,
            });
        }
        self.ask_for_sizes()
    }

    fn ask_for_sizes(&self) -> Result<NotificationSizes, Error> {
        let sizes = sys::notification_sizes()?;
        // struct seccomp_notif_sizes (linux/seccomp.h) has 16 bits for each.
        let both = (sizes.request as u32) << 16 | sizes.response as u32;
        self.sizes.store(both, Relaxed);
        Ok(sizes)
    }

    /// Probes anew, but keeps the level, as seccomp_reset(3) without a filter does.
    ///
    /// ```
    /// let features = scmp_kernel::Features::new();
    /// let level = features.level();
    /// features.reset();
    /// assert_eq!(features.level(), level);
    /// ```
    pub fn reset(&self) {
        let found = self.probe();
        let keep_level = |before| {
            let level = Known(before).level();
            let level = if level == 0 { found.level() } else { level };
            Some(found.at_level(level).0)
        };
        // The closure never declines.
        let _ = self.known.fetch_update(Relaxed, Relaxed, keep_level);
    }
}

/// A filter without a program is refused: with EFAULT if the kernel knows the
/// flags.
fn knows_flags(flags: libc::c_ulong) -> bool {
    sys::seccomp_without_data(libc::SECCOMP_SET_MODE_FILTER, flags) == Err(Error::Os(libc::EFAULT))
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
