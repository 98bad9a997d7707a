// SPDX-License-Identifier: LGPL-2.1-only
//! The words of a policy.

use std::fmt;

use crate::input::Place;

/// What a policy consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A name, or a statement's `@name`.
    Word(&'a str),
    /// A number in C's notation, perhaps a wrong one.
    Number(&'a str),
    Symbol(&'static str),
    /// What no policy contains.
    Stray(char),
    /// The end of a line that no backslash continues, or of the text.
    End,
}

/// Longer ones first.
const SYMBOLS: [&str; 21] = [
    "||", "&&", "==", "!=", "<=", ">=", "|", "&", "<", ">", "=", "~", "(", ")", "{", "}", "[", "]",
    ":", ";", ",",
];

/// A place in the text, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Position {
    /// The place in a file: `None` for the input itself.
    pub fn of(self, file: Option<&str>) -> Place {
        Place {
            file: file.map(str::to_string),
            line: self.line,
            column: self.column,
        }
    }
}

/// Reads tokens one after the other, with one of them in advance.
pub struct Lexer<'a> {
    rest: &'a str,
    reached: Position,
    ahead: Option<(Token<'a>, Position)>,
    /// Comments that end in a backslash: the readers of policies differ on them.
    pub continued_comments: Vec<Position>,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Lexer<'a> {
        Lexer {
            rest: text,
            reached: Position { line: 1, column: 1 },
            ahead: None,
            continued_comments: Vec::new(),
        }
    }

    /// Whether no token is left, not even an end of line.
    pub fn is_done(&self) -> bool {
        self.rest.is_empty() && self.ahead.is_none()
    }

    /// The next token, which remains the next one, and its place.
    pub fn peek(&mut self) -> (Token<'a>, Position) {
        match self.ahead {
            Some(ahead) => ahead,
            None => {
                let next = self.read();
                self.ahead = Some(next);
                next
            }
        }
    }

    /// The next token and its place.
    pub fn next(&mut self) -> (Token<'a>, Position) {
        let next = self.peek();
        self.ahead = None;
        next
    }

    /// The text up to the next space, for a path. No token may have been read in advance.
    pub fn path(&mut self) -> (&'a str, Position) {
        debug_assert!(self.ahead.is_none());
        self.skip(|c| c == ' ' || c == '\t');
        let start = self.reached;
        (self.skip(|c| !c.is_ascii_whitespace()), start)
    }

    fn read(&mut self) -> (Token<'a>, Position) {
        loop {
            self.skip(|c| c.is_ascii_whitespace() && c != '\n');
            if self.rest.starts_with('#') {
                let start = self.reached;
                let comment = self.skip(|c| c != '\n');
                if comment.trim_end_matches('\r').ends_with('\\') {
                    self.continued_comments.push(start);
                    self.end_line();
                }
                continue;
            }
            let Some(after) = self.rest.strip_prefix('\\') else {
                break;
            };
            match after.strip_prefix('\r').unwrap_or(after).starts_with('\n') {
                true => self.end_line(),
                // The kind of token that no statement takes.
                false => break,
            }
        }
        let start = self.reached;
        (self.token(), start)
    }

    fn token(&mut self) -> Token<'a> {
        let mut chars = self.rest.chars();
        let Some(first) = chars.next() else {
            return Token::End;
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let signed = first == '-' && chars.next().is_some_and(|c| c.is_ascii_digit());
        if first == '\n' {
            self.end_line();
            return Token::End;
        }
        if signed || first.is_ascii_digit() {
            let mut place = 0;
            let within = |c: char| {
                place += 1;
                is_word(c) || (place == 1 && c == '-')
            };
            return Token::Number(self.skip(within));
        }
        if is_word(first) || first == '@' {
            return Token::Word(self.skip(|c| is_word(c) || c == '-' || c == '@'));
        }
        for symbol in SYMBOLS {
            if self.rest.starts_with(symbol) {
                self.rest = &self.rest[symbol.len()..];
                self.reached.column += symbol.len();
                return Token::Symbol(symbol);
            }
        }
        self.rest = &self.rest[first.len_utf8()..];
        self.reached.column += 1;
        Token::Stray(first)
    }

    /// Passes the text up to the first character that is not wanted, within the line.
    fn skip(&mut self, mut wanted: impl FnMut(char) -> bool) -> &'a str {
        let mut end = self.rest.len();
        for (place, c) in self.rest.char_indices() {
            if c == '\n' || !wanted(c) {
                end = place;
                break;
            }
            self.reached.column += 1;
        }
        let (passed, rest) = self.rest.split_at(end);
        self.rest = rest;
        passed
    }

    /// Passes what is left of the line, and its end.
    fn end_line(&mut self) {
        self.skip(|_| true);
        if let Some(rest) = self.rest.strip_prefix('\n') {
            self.rest = rest;
            self.reached.line += 1;
            self.reached.column = 1;
        }
    }
}

impl fmt::Display for Token<'_> {
    /// As it is written in a policy, shortened.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Word(text) | Token::Number(text) => write!(f, "{text:.40}"),
            Token::Symbol(symbol) => write!(f, "'{symbol}'"),
            Token::Stray(c) => write!(f, "{c:?}"),
            Token::End => f.write_str("the end of the line"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(Token<'_>, usize, usize)> {
        let mut lexer = Lexer::new(text);
        let mut all = Vec::new();
        while !lexer.is_done() {
            let (token, at) = lexer.next();
            all.push((token, at.line, at.column));
        }
        all
    }

    #[test]
    fn lines_continue_and_comments_end() {
        use Token::*;
        let text = "ab: -0x1||~C \\\r\n  & # no\nkill-process\\";
        let expected = [
            (Word("ab"), 1, 1),
            (Symbol(":"), 1, 3),
            (Number("-0x1"), 1, 5),
            (Symbol("||"), 1, 9),
            (Symbol("~"), 1, 11),
            (Word("C"), 1, 12),
            (Symbol("&"), 2, 3),
            (End, 2, 9),
            (Word("kill-process"), 3, 1),
            (Stray('\\'), 3, 13),
        ];
        assert_eq!(tokens(text), expected);
        assert_eq!(tokens("# a\\\nb"), [(Word("b"), 2, 1)]);
        assert_eq!(tokens("é"), [(Stray('é'), 1, 1)]);
    }

    #[test]
    fn paths_end_at_a_space() {
        let mut lexer = Lexer::new("@include ./a#b:c\t# d");
        assert_eq!(lexer.next().0, Token::Word("@include"));
        assert_eq!(lexer.path().0, "./a#b:c");
        assert_eq!(lexer.next().0, Token::End);
    }
}
