// SPDX-License-Identifier: LGPL-2.1-only
//! The capabilities of a container, on which rules may depend.

use std::collections::HashSet;
use std::str::FromStr;

use super::Runtime;

/// All capabilities of Linux 6.1 (capabilities(7), linux/capability.h).
const ALL: [&str; 41] = [
    "CAP_AUDIT_CONTROL",
    "CAP_AUDIT_READ",
    "CAP_AUDIT_WRITE",
    "CAP_BLOCK_SUSPEND",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_KILL",
    "CAP_LEASE",
    "CAP_LINUX_IMMUTABLE",
    "CAP_MAC_ADMIN",
    "CAP_MAC_OVERRIDE",
    "CAP_MKNOD",
    "CAP_NET_ADMIN",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_RAW",
    "CAP_PERFMON",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYSLOG",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_CHROOT",
    "CAP_SYS_MODULE",
    "CAP_SYS_NICE",
    "CAP_SYS_PACCT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_WAKE_ALARM",
];

/// What podman gives a container (containers.conf(5), `default_capabilities`).
const PODMAN: [&str; 11] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_NET_BIND_SERVICE",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
];

/// What docker gives a container more (docker-run(1)).
const DOCKER: [&str; 3] = ["CAP_AUDIT_WRITE", "CAP_MKNOD", "CAP_NET_RAW"];

/// A change of the set that a container has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    None,
    All,
    Add(&'static str),
}

impl FromStr for Change {
    type Err = &'static str;

    /// `none`, `all`, or a capability with or without `CAP_`, in either case.
    fn from_str(word: &str) -> Result<Change, &'static str> {
        let upper = word.to_ascii_uppercase();
        let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
        match word {
            "none" => return Ok(Change::None),
            "all" => return Ok(Change::All),
            _ => {}
        }
        let known = ALL.iter().find(|known| known[4..] == *name);
        known
            .map(|known| Change::Add(known))
            .ok_or("expected a capability such as SYS_ADMIN, or `all` or `none`")
    }
}

/// The container's capabilities: those that docker gives with runc, or podman with crun, and
/// then the changes.
pub fn set(runtime: Runtime, changes: &[Change]) -> HashSet<&'static str> {
    let mut set = HashSet::from(PODMAN);
    if runtime == Runtime::Runc {
        set.extend(DOCKER);
    }
    for change in changes {
        match *change {
            Change::None => set.clear(),
            Change::All => set.extend(ALL),
            Change::Add(one) => set.extend([one]),
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_made_in_their_order() {
        let of = |words: &[&str]| {
            let changes: Vec<Change> = words.iter().map(|word| word.parse().unwrap()).collect();
            set(Runtime::Crun, &changes)
        };
        assert_eq!(of(&["sys_admin"]).len(), 12);
        assert!(of(&["none", "CAP_BPF"]) == HashSet::from(["CAP_BPF"]));
        assert!(of(&["cap_bpf", "none"]).is_empty());
        assert_eq!(of(&["all"]).len(), ALL.len());
        assert!("SYS_ADMN".parse::<Change>().is_err());
        assert!(set(Runtime::Runc, &[]).contains("CAP_MKNOD"));
        assert!(PODMAN.iter().chain(&DOCKER).all(|name| ALL.contains(name)));
    }
}
