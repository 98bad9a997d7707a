// SPDX-License-Identifier: LGPL-2.1-only
//! Turns `data/syscalls.csv` and `data/first-kernel.csv` into the constant tables that
//! `src/syscalls/table.rs` and `src/syscalls/kernel.rs` include.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::{env, fs, path::Path};

#[path = "build/first_kernel.rs"]
mod first_kernel;
#[path = "src/syscalls/name_hash.rs"]
mod name_hash;

const CSV: &str = "data/syscalls.csv";

/// The one pseudo number that two names share in libseccomp's published header; the
/// second of them is found by it.
const SHARED_PSEUDO: i32 = -10191;

/// Numbers are kept in 16 bits: these represent arm's private ones, from 0xf_0000 up.
const PRIVATE: i32 = 0xf000;

/// Pseudo numbers are -100 to -299, and from -10_001 down.
const PSEUDO_LOW: i32 = 200;

struct Record<'a> {
    name: &'a str,
    pseudo: i32,
    numbers: Vec<i32>,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/syscalls/name_hash.rs");
    println!("cargo::rerun-if-changed=build/first_kernel.rs");
    println!("cargo::rerun-if-changed={CSV}");
    println!("cargo::rerun-if-changed={}", first_kernel::CSV);
    let text = fs::read_to_string(CSV).unwrap_or_else(|e| panic!("{CSV}: {e}"));
    let out = parse(&text).and_then(|(columns, records)| {
        check(&columns, &records)?;
        let names = records.iter().map(|record| record.name).collect();
        Ok((render(&columns, &records), columns, names))
    });
    let (out, columns, names): (_, _, Vec<&str>) = out.unwrap_or_else(|e| panic!("{CSV}: {e}"));
    write("syscall_table.rs", &out);
    write("first_kernel.rs", &first_kernel::table(&columns, &names));
}

fn write(name: &str, text: &str) {
    let path = Path::new(&env::var_os("OUT_DIR").expect("OUT_DIR")).join(name);
    fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

fn parse(text: &str) -> Result<(Vec<&str>, Vec<Record<'_>>), String> {
    let lines = text.lines().enumerate();
    let mut lines = lines.filter(|(_, line)| !line.starts_with('#'));
    let header = lines.next().map_or("", |(_, line)| line);
    let columns = header
        .strip_prefix("name,pseudo,")
        .ok_or("no header line")?;
    let columns: Vec<&str> = columns.split(',').collect();
    let mut records = Vec::new();
    for (i, line) in lines {
        let err = |what: &str| format!("line {}: {what}: {line}", i + 1);
        let cells: Vec<&str> = line.split(',').collect();
        if cells.len() != columns.len() + 2 {
            return Err(err("wrong number of cells"));
        }
        let name = cells[0];
        if name.is_empty() || !name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric()) {
            return Err(err("bad name"));
        }
        let pseudo = match cells[1] {
            "" => 0,
            s => match s.parse::<i16>() {
                Ok(n) if matches!(n, -299..=-100 | -20_000..=-10_001) => i32::from(n),
                _ => {
                    return Err(err(
                        "pseudo number not from -100 to -299, nor from -10001 down",
                    ));
                }
            },
        };
        let number = |s: &&str| match (*s, s.parse::<i32>()) {
            ("-", _) => Ok(-1),
            (_, Ok(n)) if n >= 0 => Ok(n),
            _ => Err(err("a cell is neither a number nor -")),
        };
        let numbers: Vec<i32> = cells[2..].iter().map(number).collect::<Result<_, _>>()?;
        if pseudo == 0 && numbers.contains(&-1) {
            return Err(err("lacks somewhere, so it needs a pseudo number"));
        }
        records.push(Record {
            name,
            pseudo,
            numbers,
        });
    }
    Ok((columns, records))
}

fn check(columns: &[&str], records: &[Record<'_>]) -> Result<(), String> {
    if let Some(w) = records.windows(2).find(|w| w[0].name >= w[1].name) {
        return Err(format!("{} must not come before {}", w[0].name, w[1].name));
    }
    // A zero must fit behind the name.
    if let Some(r) = records
        .iter()
        .find(|r| r.name.len() >= name_hash::NAME_SIZE)
    {
        return Err(format!("{} is too long", r.name));
    }
    let mut seen = HashSet::new();
    let mut pseudos = records.iter().map(|r| r.pseudo);
    if let Some(p) = pseudos.find(|p| ![0, SHARED_PSEUDO].contains(p) && !seen.insert(*p)) {
        return Err(format!("pseudo number {p} appears twice"));
    }
    for (i, column) in columns.iter().enumerate() {
        let mut seen = HashMap::new();
        for r in records.iter().filter(|r| r.numbers[i] >= 0) {
            if let Some(other) = seen.insert(r.numbers[i], r.name) {
                return Err(format!("{column}: {other} and {} share a number", r.name));
            }
        }
    }
    Ok(())
}

/// `x86_64` becomes `X8664`.
fn variant(column: &str) -> String {
    let word = |w: &str| w[..1].to_ascii_uppercase() + &w[1..];
    let words = column.split('_').filter(|w| !w.is_empty());
    words.map(word).collect()
}

fn array<T: ToString>(out: &mut String, name: &str, ty: &str, items: impl IntoIterator<Item = T>) {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let (len, items) = (items.len(), items.join(","));
    *out += &format!("pub(super) static {name}: [{ty}; {len}] = [{items}];\n");
}

/// A cell of the table in 16 bits; 0xffff where there is none.
fn encode(number: i32) -> u16 {
    match number {
        -1 => u16::MAX,
        0..PRIVATE => number as u16,
        0xf_0000..=0xf_0ffe => (number - 0xf_0000 + PRIVATE) as u16,
        _ => panic!("{number} is neither small nor private"),
    }
}

/// The position of a pseudo number in the index of pseudo numbers.
fn pseudo_place(pseudo: i32) -> usize {
    let place = match pseudo {
        -299..=-100 => -100 - pseudo,
        -20_000..=-10_001 => -10_001 - pseudo + PSEUDO_LOW,
        _ => panic!("pseudo number {pseudo} is in no range"),
    };
    place as usize
}

/// Rows by name, by hash, and the multipliers of the hash's buckets.
fn name_slots(records: &[Record<'_>]) -> (Vec<u16>, Vec<u8>) {
    let mut buckets = vec![Vec::new(); name_hash::BUCKETS];
    for (row, record) in (0u16..).zip(records) {
        let hash = name_hash::hash(record.name.as_bytes());
        buckets[name_hash::bucket(hash)].push((hash, row));
    }
    // Full buckets first, while there is most room.
    let mut order: Vec<usize> = (0..buckets.len()).collect();
    order.sort_by_key(|&bucket| (Reverse(buckets[bucket].len()), bucket));
    let mut slots = vec![name_hash::EMPTY; name_hash::SLOTS];
    let mut multipliers = vec![0; name_hash::BUCKETS];
    for bucket in order {
        let fits = |multiplier: &u8| {
            let mut taken = HashSet::new();
            let mut places = buckets[bucket].iter();
            places.all(|&(hash, _)| {
                let slot = name_hash::slot(hash, *multiplier);
                slots[slot] == name_hash::EMPTY && taken.insert(slot)
            })
        };
        let multiplier = (1..=u8::MAX)
            .step_by(2)
            .find(fits)
            .expect("no multiplier for a bucket of names: change FACTOR in name_hash.rs");
        multipliers[bucket] = multiplier;
        for &(hash, row) in &buckets[bucket] {
            slots[name_hash::slot(hash, multiplier)] = row;
        }
    }
    (slots, multipliers)
}

fn render(columns: &[&str], records: &[Record<'_>]) -> String {
    let (mut starts, mut by_number) = (vec![0], Vec::new());
    let mut most_numbers = 0;
    for c in 0..columns.len() {
        let mut rows = Vec::new();
        for (row, record) in (0u16..).zip(records) {
            if let number @ 0..PRIVATE = record.numbers[c] {
                let number = number as usize;
                rows.resize(rows.len().max(number + 1), name_hash::EMPTY);
                rows[number] = row;
            }
        }
        most_numbers = most_numbers.max(rows.len());
        by_number.extend(rows);
        starts.push(by_number.len());
    }
    let mut by_pseudo = Vec::new();
    for (row, record) in (0u16..).zip(records) {
        if record.pseudo != 0 {
            let place = pseudo_place(record.pseudo);
            by_pseudo.resize(by_pseudo.len().max(place + 1), name_hash::EMPTY);
            by_pseudo[place] = row;
        }
    }
    let numbers = (0..columns.len()).map(|c| {
        let cells = records.iter().map(|r| encode(r.numbers[c]).to_string());
        format!("[{}]", cells.collect::<Vec<_>>().join(","))
    });
    let padded = |r: &Record<'_>| format!("{:\0<1$}", r.name, name_hash::NAME_SIZE);
    let names: String = records.iter().map(padded).collect();
    let (slots, multipliers) = name_slots(records);

    let mut out = String::from("abis! {\n");
    for column in columns {
        out += &format!("    {} {column:?},\n", variant(column));
    }
    out += &format!("}}\npub(super) const NAMES: &str = {names:?};\n");
    out += &format!("pub(super) const PRIVATE: u16 = {PRIVATE};\n");
    out += &format!("pub(super) const MAX_NUMBERS: usize = {most_numbers};\n");
    out += &format!("pub(super) const PSEUDO_LOW: u32 = {PSEUDO_LOW};\n");
    out += &format!("pub(super) const SHARED_PSEUDO: i32 = {SHARED_PSEUDO};\n");
    array(
        &mut out,
        "NAME_LENGTHS",
        "u8",
        records.iter().map(|r| r.name.len()),
    );
    array(&mut out, "NAME_SLOTS", "u16", slots);
    array(&mut out, "NAME_MULTIPLIERS", "u8", multipliers);
    array(&mut out, "PSEUDO", "i16", records.iter().map(|r| r.pseudo));
    let row = format!("[u16; {}]", records.len());
    array(&mut out, "NUMBERS", &row, numbers);
    array(&mut out, "BY_NUMBER", "u16", &by_number);
    array(&mut out, "BY_NUMBER_STARTS", "u16", &starts);
    array(&mut out, "BY_PSEUDO", "u16", &by_pseudo);
    out
}
