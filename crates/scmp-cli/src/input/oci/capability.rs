// SPDX-License-Identifier: LGPL-2.1-only
//! The capabilities of a container, on which rules may depend.

use std::collections::HashSet;
use std::str::FromStr;

use super::Runtime;
use crate::data::constants;

/// What podman gives a container (containers.conf(5), `default_capabilities`).
const PODMAN: &str = "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL \
    CAP_NET_BIND_SERVICE CAP_SETFCAP CAP_SETGID CAP_SETPCAP CAP_SETUID CAP_SYS_CHROOT";

/// What docker gives a container more (docker-run(1)).
const DOCKER: &str = "CAP_AUDIT_WRITE CAP_MKNOD CAP_NET_RAW";

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
        let known = constants::capabilities().find(|known| known[4..] == *name);
        known
            .map(Change::Add)
            .ok_or("expected a capability such as SYS_ADMIN, or `all` or `none`")
    }
}

/// The container's capabilities: those that docker gives with runc, or podman with crun, and
/// then the changes.
pub fn set(runtime: Runtime, changes: &[Change]) -> HashSet<&'static str> {
    let mut set = HashSet::from_iter(PODMAN.split(' '));
    if runtime == Runtime::Runc {
        set.extend(DOCKER.split(' '));
    }
    for change in changes {
        match *change {
            Change::None => set.clear(),
            Change::All => set.extend(constants::capabilities()),
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
        let all = of(&["all"]);
        assert_eq!(all.len(), 41);
        assert!("SYS_ADMN".parse::<Change>().is_err());
        assert!(set(Runtime::Runc, &[]).contains("CAP_MKNOD"));
        assert!(set(Runtime::Runc, &[]).is_subset(&all));
    }
}
