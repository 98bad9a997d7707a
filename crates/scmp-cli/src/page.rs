// SPDX-License-Identifier: LGPL-2.1-only
//! An answer as one HTML page that needs nothing else.

use serde::Serialize;

use crate::failure::Failure;

/// The page: it makes its table of the data.
const PAGE: &str = include_str!("page.html");

/// The page of data: a title, filters as `scmp show` has them, and changes as `scmp diff`
/// has them.
///
/// # Errors
/// [`Failure::Output`] if the data can't be written.
pub fn of(data: &impl Serialize) -> Result<String, Failure> {
    let json = serde_json::to_string(data).map_err(|why| Failure::Output(why.into()))?;
    // No text may end the script that the data are in.
    Ok(PAGE.replace("@DATA@", &json.replace('<', "\\u003c")))
}
