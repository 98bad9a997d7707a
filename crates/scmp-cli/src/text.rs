// SPDX-License-Identifier: LGPL-2.1-only
//! Texts of others as parts of answers.

use std::path::Path;

/// As a part of a line. Control characters and what else breaks lines or changes the direction
/// of text are escaped: with them, a name could look like more lines, or command the terminal.
pub fn in_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars() {
        let is_mark = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        match c.is_control() || is_mark {
            true => line.extend(c.escape_default()),
            false => line.push(c),
        }
    }
    line
}

/// A file's name as a part of a line.
pub fn file_name(path: &Path) -> String {
    in_line(&path.display().to_string())
}

/// As a part of an XML document.
pub fn in_xml(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            // XML has no way to write these.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_in_lines() {
        let text = "ä\\n\r\nnote: \u{1b}[2J\u{9b}\u{202e}";
        assert_eq!(in_line(text), "ä\\n\\r\\nnote: \\u{1b}[2J\\u{9b}\\u{202e}");
    }

    #[test]
    fn text_becomes_xml() {
        let text = "a<\"b\">\t&\u{1}\u{ffff}ä";
        assert_eq!(
            in_xml(text),
            "a&lt;&quot;b&quot;&gt;\t&amp;\u{fffd}\u{fffd}ä"
        );
    }
}
