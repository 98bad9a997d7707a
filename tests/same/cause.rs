// SPDX-License-Identifier: LGPL-2.1-only
//! What a comparison of the two libraries can show.

/// What a sequence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    Same,
    /// The C library's program decides some input against the rules.
    Wrong,
    /// The same, because it never loads the number on some architectures: but
    /// on x86_64 it does so with the first system call by priority, unless
    /// that one has no rule, or a pseudo number. On the others the programs
    /// decide the same.
    Unloaded,
    /// The same, because it returns an action with its bytes in reverse: on
    /// architectures of the other byte order, where jumps are too long. But
    /// for these bytes the programs are the same.
    Swapped,
    /// The C library writes text without end; without the text it is the same.
    Endless,
    /// The C library does not return.
    Hang,
    /// The C library is ended by a signal.
    Crash,
    /// A failed `seccomp_rule_add` has changed the C library's filter.
    FailedRule,
    /// A failed `seccomp_syscall_priority` has.
    FailedPriority,
    /// A rejected transaction has.
    Rejected,
    /// A removed architecture is in the C library's filter again.
    Returned,
    /// The C library's text lacks what another rule says, beside a rule that one
    /// has made redundant. The program does not, or it does not matter.
    Lost,
    /// Both programs are right, but where matching rules have different
    /// actions they take different ones.
    OtherAction,
    /// x86_64 and x32 both have rules on -1. At level 2 the C library takes the
    /// other one's than at level 1.
    OtherEntry,
    /// The C library takes a rule that ours refuses, because another rule
    /// compares the same and has another action.
    Contradiction,
    /// The programs decide the same, but the C library's tests a word that is
    /// left over from another test.
    Leftover,
    /// The programs decide the same, the text is the same, the code is not.
    Code,
    /// The programs decide the same, what the text says of a rule differs.
    Tree,
    /// The text differs in the weight of rules only, which both programs'
    /// order of system calls comes from.
    Weight,
    /// The check has given up.
    GaveUp,
    /// At level 2 ours is longer than it may be: see `examine::is_too_long`.
    OursLong,
    /// Ours decides some input against the rules.
    OursWrong,
    /// Ours does not return, or is ended by a signal.
    OursFails,
    /// A call is answered differently.
    Answer,
}

impl Cause {
    fn facts(self) -> (Cause, &'static str, Explained) {
        let mut all = FACTS.into_iter();
        all.find(|facts| facts.0 == self)
            .expect("each has its line")
    }

    pub fn all() -> impl Iterator<Item = Cause> {
        FACTS.into_iter().map(|(cause, ..)| cause)
    }

    /// The C library's filter lets through or stops what it must not, or there
    /// is none.
    pub fn is_broken(self) -> bool {
        matches!(
            self,
            Cause::Wrong | Cause::Unloaded | Cause::Swapped | Cause::Hang | Cause::Crash
        )
    }

    pub fn describe(self) -> &'static str {
        self.facts().1
    }

    /// Whether nothing in docs/differences.md explains it; less does if all
    /// rules compare with `==` and masked equality only.
    pub fn is_unexplained(self, only_equality: bool) -> bool {
        match self.facts().2 {
            Explained::Always => false,
            Explained::ByOrders => only_equality,
            Explained::Never => true,
        }
    }
}

/// What each cause shows, in the order of reports, and whether docs/differences.md explains it.
const FACTS: [(Cause, &str, Explained); 24] = {
    use Cause::*;
    use Explained::*;
    [
        (Same, "same return codes, text, bytes (level 1)", Always),
        (Wrong, "C decides wrongly (proven)", Always),
        (Unloaded, "C never loads the number", Always),
        (
            Swapped,
            "C returns an action in the wrong byte order",
            Always,
        ),
        (Endless, "C writes text without end", Always),
        (Hang, "C hangs", ByOrders),
        (Crash, "C crashes", Always),
        (FailedRule, "failed rule changes C's filter", Always),
        (FailedPriority, "failed priority changes C's filter", Always),
        (Rejected, "rejected transaction changes C's filter", Always),
        (Returned, "C: a removed architecture comes back", Always),
        (Lost, "C: a redundant rule takes another with it", Always),
        (OtherAction, "another of several matching actions", ByOrders),
        (
            OtherEntry,
            "level 2: the other architecture's rule on -1",
            Always,
        ),
        (
            Contradiction,
            "C takes a rule that contradicts another",
            ByOrders,
        ),
        (Leftover, "C tests the wrong word, to no effect", Always),
        (Code, "same text and decisions, other code", ByOrders),
        (Tree, "same decisions, other text", ByOrders),
        (Weight, "same decisions, other weight of a rule", ByOrders),
        (GaveUp, "UNEXPLAINED, the check gave up", Never),
        (OursLong, "OURS is too long at level 2", Never),
        (OursWrong, "OURS decides wrongly", Never),
        (OursFails, "OURS hangs or crashes", Never),
        (Answer, "UNEXPLAINED return code or answer", Never),
    ]
};

/// Whether docs/differences.md explains a cause.
#[derive(Clone, Copy)]
enum Explained {
    Always,
    /// If some rule compares with `!=`, `<`, `<=`, `>` or `>=`.
    ByOrders,
    Never,
}
