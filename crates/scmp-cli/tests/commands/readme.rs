// SPDX-License-Identifier: LGPL-2.1-only
//! The examples of the README's section "Look at a filter" print what it says. `BLESS=1`
//! writes the outputs anew.

use std::fs;
use std::path::Path;
use std::process::Command;

const HEADING: &str = "## Look at a filter\n";

/// The output of a command line that begins with `scmp`, run in the project's folder.
fn output(line: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = Path::new(env!("CARGO_BIN_EXE_scmp"))
        .parent()
        .expect("a folder");
    let path = format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let shell = Command::new("sh")
        .args(["-c", line])
        .current_dir(root)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .output();
    let shell = shell.expect("a shell");
    assert!(
        shell.status.code().is_some_and(|code| code < 2),
        "{line}: {shell:?}"
    );
    String::from_utf8(shell.stdout).expect("text")
}

#[test]
fn examples_print_what_the_readme_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = fs::read_to_string(&path).expect("the README");
    let start = text.find(HEADING).expect("the section") + HEADING.len();
    let length = text[start..].find("\n## ").unwrap_or(text.len() - start);
    let section = &text[start..start + length];
    let mut new = String::new();
    let mut examples = 0;
    for (index, part) in section.split("```").enumerate() {
        new += if index == 0 { "" } else { "```" };
        let Some(example) = part.strip_prefix("console\n$ ").filter(|_| index % 2 == 1) else {
            new += part;
            continue;
        };
        examples += 1;
        let (command, _) = example.split_once('\n').expect("a line");
        new += &format!("console\n$ {command}\n{}", output(command));
    }
    assert!(examples > 5, "{examples}");
    if new != section && std::env::var_os("BLESS").is_some() {
        let text = text.replacen(section, &new, 1);
        fs::write(&path, text).expect("the README");
        return;
    }
    assert_eq!(
        new, section,
        "BLESS=1 cargo test -p scmp-cli --test commands readme"
    );
}
