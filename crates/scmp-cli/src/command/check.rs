// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp check`: what is unsound or surprising in a filter.

use std::ffi::OsString;
use std::fmt::{self, Display, Formatter, Write as _};

use clap::ValueEnum;
use serde::Serialize;
use serde_json::json;

use crate::failure::Failure;
use crate::input;
use crate::lint::{self, Finding, LINTS};
use crate::output::{self, Answer};

/// Is this filter sound?
///
/// Each finding has an id, one line of why, an example call and a fix. Exit code 0 if
/// nothing is found, else 1.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    #[arg(required_unless_present = "list")]
    filter: Option<OsString>,
    /// Do not report findings of these kinds
    #[arg(long, value_name = "ID", value_parser = id, value_delimiter = ',')]
    allow: Vec<String>,
    /// List the kinds of findings
    #[arg(long)]
    list: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    input: input::Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
    /// As code scanners exchange results (SARIF 2.1.0)
    Sarif,
}

fn id(text: &str) -> Result<String, String> {
    match LINTS.iter().any(|lint| lint.id == text) {
        true => Ok(text.to_string()),
        false => Err("no kind of finding (--list names them)".to_string()),
    }
}

/// The answer.
#[derive(Serialize)]
struct Checked {
    input: String,
    /// The input's name as a reference.
    #[serde(skip)]
    file: String,
    findings: Vec<Finding>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let Some(filter) = arguments.filter.as_ref().filter(|_| !arguments.list) else {
        let lines = LINTS
            .iter()
            .map(|lint| format!("{}\n    {}\n", lint.id, lint.why));
        output::print(&lines.collect::<String>())?;
        return Ok(Answer::Yes);
    };
    let input = input::read_filters(filter, &arguments.input)?;
    let findings = lint::check(&input, &arguments.input.arch, &arguments.allow)
        .map_err(|why| Failure::unanswered(&input.name, why))?;
    let file = match filter.as_encoded_bytes() {
        b"-" => uri(input.name.as_bytes()),
        name => uri(name),
    };
    let checked = Checked {
        input: input.name,
        file,
        findings,
    };
    match arguments.format {
        Form::Text => output::print(&checked.to_string())?,
        Form::Json => output::print_json("scmp-check", &checked)?,
        Form::Sarif => output::print(&format!("{:#}\n", checked.sarif()))?,
    }
    Ok(match checked.findings.is_empty() {
        true => Answer::Yes,
        false => Answer::No,
    })
}

impl Display for Checked {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            let place = match &finding.place {
                Some(place) => place.in_file(&self.input),
                None => self.input.clone(),
            };
            writeln!(f, "{place}: {}: {}", finding.id, finding.what)?;
            writeln!(f, "    why: {}", finding.why)?;
            if !finding.arches.is_empty() {
                writeln!(f, "    on: {}", finding.arches.join(", "))?;
            }
            if let Some(example) = &finding.example {
                writeln!(f, "    example: {example}")?;
            }
            writeln!(f, "    fix: {}", finding.fix)?;
        }
        match self.findings.len() {
            0 => writeln!(f, "nothing found"),
            1 => writeln!(f, "1 finding"),
            count => writeln!(f, "{count} findings"),
        }
    }
}

impl Checked {
    fn sarif(&self) -> serde_json::Value {
        let rules = LINTS
            .iter()
            .map(|lint| json!({ "id": lint.id, "shortDescription": { "text": lint.why } }));
        let results = self.findings.iter().map(|finding| {
            let file = finding.place.as_ref().and_then(|place| place.file.as_deref());
            let file = file.map_or(self.file.clone(), |file| uri(file.as_bytes()));
            let mut location = json!({ "artifactLocation": { "uri": file } });
            if let Some(place) = &finding.place {
                location["region"] = json!({ "startLine": place.line });
                if place.column > 0 {
                    location["region"]["startColumn"] = place.column.into();
                }
            }
            let example = finding.example.as_deref().unwrap_or_default();
            json!({
                "ruleId": finding.id,
                "level": "warning",
                "message": { "text": format!("{}. {} Fix: {}.", finding.what, finding.why, finding.fix) },
                "locations": [{ "physicalLocation": location }],
                "properties": { "architectures": finding.arches, "example": example },
            })
        });
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "scmp",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules.collect::<Vec<_>>(),
                } },
                "columnKind": "unicodeCodePoints",
                "results": results.collect::<Vec<_>>(),
            }],
        })
    }
}

/// A file's name as a reference by RFC 3986.
fn uri(name: &[u8]) -> String {
    let mut uri = String::new();
    for &byte in name {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => uri.push(byte.into()),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_references() {
        assert_eq!(uri(b"/a/b-c_d.profile"), "/a/b-c_d.profile");
        assert_eq!(uri("ä b%:c\n".as_bytes()), "%C3%A4%20b%25%3Ac%0A");
    }
}
