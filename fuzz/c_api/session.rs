// SPDX-License-Identifier: LGPL-2.1-only
//! A sequence of calls on a few filters, and what must hold after each.

use std::ffi::c_int;
use std::ptr;

use scmp_fuzz::Input;

use crate::api::*;
use crate::calls;
use crate::choice;
use crate::picture::{self, Picture};

const FILTERS: usize = 3;
const MAX_CALLS: usize = 100;

/// Trees may grow with each rule that compares, as the rules ask for.
const MAX_CONDITIONAL_RULES: usize = 12;

pub struct Session<'a> {
    pub input: Input<'a>,
    filters: [Slot; FILTERS],
    pub conditional_rules: usize,
    pub has_loaded: bool,
}

/// A filter that is live or null.
struct Slot {
    ctx: Handle,
    /// For each open transaction, what the filter was when it began, where that was seen.
    saved: Vec<Option<Picture>>,
}

/// A filter of the session by its place; beyond, something that is none.
#[derive(Clone, Copy, PartialEq)]
pub struct Place(usize);

/// Zeros, where a filter should be.
static NO_FILTER: [u64; 512] = [0; 512];

pub fn run(data: &[u8]) {
    // SAFETY: what is known of the kernel starts anew; levels are numbers.
    unsafe {
        assert_eq!(seccomp_api_set(7), 0);
        assert_eq!(seccomp_reset(ptr::null_mut(), 0), 0);
    }
    let empty = || Slot {
        ctx: ptr::null_mut(),
        saved: Vec::new(),
    };
    let mut session = Session {
        input: Input::new(data),
        filters: [empty(), empty(), empty()],
        conditional_rules: 0,
        has_loaded: false,
    };
    // SAFETY: an action, and a place that is free.
    session.filters[0].ctx = unsafe { seccomp_init(choice::action(&mut session.input)) };
    for _ in 0..MAX_CALLS {
        if session.input.is_empty() {
            break;
        }
        calls::one(&mut session);
    }
    session.finish();
}

impl Session<'_> {
    pub fn place(&mut self) -> Place {
        Place(match self.input.byte() {
            0..160 => 0,
            160..200 => 1,
            200..240 => 2,
            // None, in two ways.
            byte => 3 + usize::from(byte & 1),
        })
    }

    /// A filter's place, and its handle.
    pub fn filter(&mut self) -> (Place, Handle) {
        let place = self.place();
        (place, self.handle(place))
    }

    pub fn handle(&self, place: Place) -> Handle {
        match self.filters.get(place.0) {
            Some(slot) => slot.ctx,
            None if place.0 == FILTERS => NO_FILTER.as_ptr().cast_mut().cast(),
            // Misaligned.
            None => NO_FILTER
                .as_ptr()
                .cast::<u8>()
                .wrapping_add(1)
                .cast_mut()
                .cast(),
        }
    }

    pub fn may_compare(&self) -> bool {
        self.conditional_rules < MAX_CONDITIONAL_RULES
    }

    /// Makes a call on filters, and checks the answer: zero or one of the codes in
    /// `errors`, -ENOMEM if and only if memory may have run out. A call that fails has
    /// changed nothing, nor one that is to change nothing (`keeps`).
    pub fn call(
        &mut self,
        name: &str,
        places: &[Place],
        errors: &[c_int],
        keeps: bool,
        call: impl FnOnce() -> c_int,
    ) -> c_int {
        let after = choice::failing_allocation(&mut self.input);
        let before = self.input.chance(30).then(|| self.pictures(places));
        let (code, ran_out) = with_memory(after, call);
        let expected = match -code {
            0 => true,
            libc::ENOMEM => ran_out,
            error => errors.contains(&error),
        };
        assert!(expected, "{name} returns {code}, memory ran out: {ran_out}");
        if let Some(before) = before.filter(|_| keeps || code < 0) {
            let after = self.pictures(places);
            assert!(
                before == after,
                "{name} returns {code} and changes {before:?} to {after:?}"
            );
        }
        code
    }

    fn pictures(&self, places: &[Place]) -> Vec<Picture> {
        // SAFETY: the filters are live, or visibly none.
        let one = |place: &Place| unsafe { picture::of(self.handle(*place)) };
        places.iter().map(one).collect()
    }

    pub fn picture(&self, place: Place) -> Picture {
        // SAFETY: the filter is live, or visibly none.
        unsafe { picture::of(self.handle(place)) }
    }

    pub fn init(&mut self, place: Place) {
        let action = choice::action(&mut self.input);
        if place.0 >= FILTERS || !self.handle(place).is_null() {
            return;
        }
        let after = choice::failing_allocation(&mut self.input);
        // SAFETY: any action may be asked for.
        let (ctx, ran_out) = with_memory(after, || unsafe { seccomp_init(action) });
        let is_common = matches!(action, 0 | 0x7fff_0000 | 0x0003_0000 | 0x0005_0001);
        assert!(
            !ctx.is_null() || ran_out || !is_common,
            "no filter for {action:#x}"
        );
        self.filters[place.0].ctx = ctx;
    }

    pub fn release(&mut self, place: Place) {
        let ctx = self.handle(place);
        // SAFETY: live, or visibly none; forgotten below.
        unsafe { seccomp_release(ctx) };
        self.forget(place);
    }

    /// The filter has gone.
    pub fn forget(&mut self, place: Place) {
        if let Some(slot) = self.filters.get_mut(place.0) {
            slot.ctx = ptr::null_mut();
            slot.saved.clear();
        }
    }

    /// The filter is as new.
    pub fn forget_transactions(&mut self, place: Place) {
        if let Some(slot) = self.filters.get_mut(place.0) {
            slot.saved.clear();
        }
    }

    pub fn started(&mut self, place: Place) {
        let picture = self.input.chance(50).then(|| self.picture(place));
        if let Some(slot) = self.filters.get_mut(place.0) {
            slot.saved.push(picture);
        }
    }

    /// The innermost transaction has ended; what the filter was before it.
    pub fn ended(&mut self, place: Place) -> Option<Picture> {
        self.filters.get_mut(place.0)?.saved.pop()?
    }

    pub fn has_transaction(&self, place: Place) -> bool {
        let slot = self.filters.get(place.0);
        slot.is_some_and(|slot| !slot.saved.is_empty())
    }

    fn finish(&mut self) {
        for place in (0..FILTERS).map(Place) {
            let ctx = self.handle(place);
            if !ctx.is_null() {
                let before = self.picture(place);
                // SAFETY: a live filter.
                let code = unsafe { seccomp_precompute(ctx) };
                assert_eq!(
                    code,
                    before.program.as_ref().map_or_else(|&code| code, |_| 0)
                );
                assert!(
                    before == self.picture(place),
                    "seccomp_precompute changes the filter"
                );
            }
            self.release(place);
        }
    }
}
