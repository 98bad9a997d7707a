// SPDX-License-Identifier: LGPL-2.1-only
//! The completions that are installed are those of the program. `BLESS=1` writes them anew.

use std::path::Path;

use snapbox::cmd::Command;

#[test]
fn completions_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file) in [
        ("bash", "scmp.bash"),
        ("zsh", "_scmp"),
        ("fish", "scmp.fish"),
    ] {
        let script = Command::new(snapbox::cmd::cargo_bin!("scmp"))
            .args(["completions", shell])
            .assert()
            .success();
        let script = String::from_utf8_lossy(&script.get_output().stdout).into_owned();
        let path = folder.join(file);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &script).expect("a file");
        }
        let installed = std::fs::read_to_string(&path).expect("a script");
        assert!(
            installed == script,
            "{file}: BLESS=1 cargo test -p scmp-cli --test commands completions"
        );
    }
}
