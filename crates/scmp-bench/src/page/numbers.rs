// SPDX-License-Identifier: LGPL-2.1-only
//! Numbers as text.

/// With three digits.
fn three_digits(number: f64) -> String {
    let before = number.abs().max(1e-9).log10().floor() as i32 + 1;
    let text = format!("{number:.*}", (3 - before).clamp(0, 3) as usize);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

/// From microseconds.
pub fn duration(micros: f64) -> String {
    match micros {
        ..0.9995 => format!("{} ns", three_digits(micros * 1e3)),
        ..999.5 => format!("{} µs", three_digits(micros)),
        ..999_500.0 => format!("{} ms", three_digits(micros / 1e3)),
        _ => format!("{} s", three_digits(micros / 1e6)),
    }
}

pub fn memory(bytes: f64) -> String {
    match bytes {
        ..999_500.0 => format!("{} kB", three_digits(bytes / 1e3)),
        _ => format!("{} MB", three_digits(bytes / 1e6)),
    }
}

/// A ratio.
pub fn times(ratio: f64) -> String {
    match ratio {
        ..10.0 => format!("{ratio:.2}"),
        ..100.0 => format!("{ratio:.1}"),
        _ => format!("{ratio:.0}"),
    }
}

/// A count, or a mean of counts.
pub fn count(number: f64) -> String {
    match number {
        ..1e4 if number.fract() == 0.0 => format!("{number}"),
        ..1e4 => format!("{number:.2}"),
        ..999_500.0 => format!("{} k", three_digits(number / 1e3)),
        ..999_500_000.0 => format!("{} M", three_digits(number / 1e6)),
        _ => format!("{} G", three_digits(number / 1e9)),
    }
}

/// What a column measures.
pub fn unit(kind: &str, what: &str) -> fn(f64) -> String {
    match (kind, what) {
        (_, "memory" | "size" | "peak") => memory,
        ("heap" | "program" | "count" | "library", _) => count,
        (_, "rules" | "length" | "factor of a refused rule") => count,
        _ => duration,
    }
}
