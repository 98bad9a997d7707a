// SPDX-License-Identifier: LGPL-2.1-only
//! The few places where the crate grows memory. Each reports exhaustion
//! instead of aborting, because a C caller must be able to see `-ENOMEM`.

use crate::error::Error;

/// Makes room for `extra` more elements, so that as many pushes can't fail.
///
/// Grows by allocating anew, not by realloc(3): for large blocks that is
/// mremap(2), which a filter that is in force may forbid while it allows what
/// malloc(3) and free(3) need.
pub(crate) fn reserve<T>(vec: &mut Vec<T>, extra: usize) -> Result<(), Error> {
    match vec.capacity() - vec.len() >= extra {
        true => Ok(()),
        false => grow(vec, extra),
    }
}

/// Initial capacity, in elements, enough for a small filter. Vectors of different
/// elements differ in bytes: malloc(3) caches only a few blocks of each size.
const SMALLEST: usize = 64;

/// Upper bound of the initial capacity, in bytes.
const SMALLEST_BYTES: usize = 1024;

#[cold]
fn grow<T>(vec: &mut Vec<T>, extra: usize) -> Result<(), Error> {
    let needed = vec.len().checked_add(extra).ok_or(Error::OutOfMemory)?;
    let smallest = SMALLEST.min(SMALLEST_BYTES / size_of::<T>().max(1));
    let usual = smallest.max(2 * vec.capacity());
    let mut larger = Vec::new();
    larger
        .try_reserve_exact(needed.max(usual))
        .map_err(|_| Error::OutOfMemory)?;
    larger.append(vec);
    *vec = larger;
    Ok(())
}

/// `Vec::push` that reports exhaustion.
pub(crate) fn push<T>(vec: &mut Vec<T>, value: T) -> Result<(), Error> {
    reserve(vec, 1)?;
    vec.push(value);
    Ok(())
}

/// An empty vector with room for `count` elements.
pub(crate) fn with_room<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut vec = Vec::new();
    vec.try_reserve_exact(count)
        .map_err(|_| Error::OutOfMemory)?;
    Ok(vec)
}

/// A copy of `slice`.
pub(crate) fn copy_of<T: Copy>(slice: &[T]) -> Result<Vec<T>, Error> {
    let mut copy = with_room(slice.len())?;
    copy.extend_from_slice(slice);
    Ok(copy)
}

/// `count` copies of `value`.
pub(crate) fn filled<T: Copy>(count: usize, value: T) -> Result<Vec<T>, Error> {
    let mut vec = with_room(count)?;
    vec.resize(count, value);
    Ok(vec)
}
