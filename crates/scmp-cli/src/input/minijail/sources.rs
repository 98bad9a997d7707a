// SPDX-License-Identifier: LGPL-2.1-only
//! The files that policies include.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::input::{MAX_SIZE, limited};

/// Files may include files, to this depth, counted with the policy itself: the limit of
/// minijail's compiler.
const MAX_DEPTH: usize = 10;

/// Texts of files, and how much of them has been included.
#[derive(Default)]
pub struct Sources {
    texts: HashMap<PathBuf, Rc<str>>,
    included: usize,
}

/// A file that is to be read.
pub struct Included {
    pub path: PathBuf,
    pub text: Rc<str>,
    /// Whether the file was found beside the one that includes it, not at its own path.
    pub beside: bool,
}

impl Sources {
    /// Begins to read the policy once more.
    pub fn restart(&mut self) {
        self.included = 0;
    }

    /// The file that a statement in the last of the open `files` includes. A path begins
    /// with `./` or `/`.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn include(&mut self, path: &str, files: &[PathBuf]) -> Result<Included, String> {
        let folder = files.last().and_then(|file| file.parent());
        let beside = |name: &Path| folder.unwrap_or(Path::new("")).join(name);
        let wanted = match path.strip_prefix("./") {
            Some(relative) => beside(Path::new(relative)),
            None => PathBuf::from(path),
        };
        // Paths of the device on which the policy is used.
        let other = wanted.file_name().map(|name| beside(Path::new(name)));
        let (path, moved) = match other {
            Some(other) if path.starts_with('/') && !wanted.is_file() && other.is_file() => {
                (other, true)
            }
            _ => (wanted, false),
        };
        if files.len() >= MAX_DEPTH {
            return Err(format!("included more than {MAX_DEPTH} levels deep"));
        }
        let whole = |path: &Path| fs::canonicalize(path).ok();
        if whole(&path)
            .is_some_and(|path| files.iter().any(|file| whole(file).as_ref() == Some(&path)))
        {
            return Err("includes itself".to_string());
        }
        let text = self.text(&path)?;
        // So that the number of inclusions is bounded too.
        self.included += text.len().max(4096);
        if self.included > MAX_SIZE {
            return Err(format!("more than {} MiB are included", MAX_SIZE >> 20));
        }
        Ok(Included {
            path,
            text,
            beside: moved,
        })
    }

    fn text(&mut self, path: &Path) -> Result<Rc<str>, String> {
        if let Some(text) = self.texts.get(path) {
            return Ok(text.clone());
        }
        // Others, such as pipes, may never end.
        let status = fs::metadata(path).map_err(|why| why.to_string())?;
        if !status.is_file() {
            return Err("not a file".to_string());
        }
        let bytes = limited(File::open(path).map_err(|why| why.to_string())?)?;
        let text = String::from_utf8(bytes).map_err(|_| "not UTF-8".to_string())?;
        let text: Rc<str> = text.into();
        self.texts.insert(path.to_path_buf(), text.clone());
        Ok(text)
    }
}
