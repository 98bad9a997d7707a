// SPDX-License-Identifier: LGPL-2.1-only
//! JSON whose values know their places. Values are read when they are asked for, so members
//! that nobody knows cost nothing, and depth costs no stack.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{MAX_RULES, Mistake, Place};

/// Whether a text is a JSON object, by its start: a C initialiser has digits there.
pub fn is_object(text: &[u8]) -> bool {
    let inner = text.trim_ascii_start().strip_prefix(b"{");
    let next = inner.and_then(|inner| inner.trim_ascii_start().first());
    matches!(next, Some(b'"' | b'}'))
}

/// A JSON text.
pub struct Source<'a> {
    text: &'a str,
    /// The last place that was asked for. The next one is near, so all of them cost a few
    /// passes over the text.
    reached: Cell<Reached>,
}

#[derive(Clone, Copy)]
struct Reached {
    offset: usize,
    line: usize,
    column: usize,
}

/// A value of a JSON text, not yet read.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    source: &'a Source<'a>,
    raw: &'a str,
}

/// The members of an object, which are taken out by name.
pub struct Object<'a> {
    value: Value<'a>,
    members: Vec<Member<'a>>,
    any_case: bool,
}

struct Member<'a> {
    key: String,
    offset: usize,
    value: Value<'a>,
}

impl<'a> Source<'a> {
    pub fn new(text: &'a str) -> Source<'a> {
        Source {
            text,
            reached: Cell::new(Reached {
                offset: 0,
                line: 1,
                column: 1,
            }),
        }
    }

    /// The whole text as a value.
    ///
    /// # Errors
    /// The first error of the syntax.
    pub fn value(&'a self) -> Result<Value<'a>, Mistake> {
        let raw: &RawValue = serde_json::from_str(self.text).map_err(|why| {
            let line_start = match why.line() {
                0 | 1 => 0,
                line => (self.text.match_indices('\n').nth(line - 2)).map_or(0, |(at, _)| at + 1),
            };
            let offset = line_start + why.column().saturating_sub(1);
            self.mistake(offset, without_place(&why))
        })?;
        Ok(Value {
            source: self,
            raw: raw.get(),
        })
    }

    /// The place of a byte.
    fn place(&self, mut offset: usize) -> Place {
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let Reached {
            offset: last,
            line,
            column,
        } = self.reached.get();
        let between = &self.text[offset.min(last)..offset.max(last)];
        let lines = between.matches('\n').count();
        let chars = between.chars().count();
        let forward = offset >= last;
        let reached = Reached {
            offset,
            line: if forward { line + lines } else { line - lines },
            column: match lines {
                0 if forward => column + chars,
                0 => column - chars,
                _ => {
                    let before = self.text[..offset].rsplit('\n').next();
                    before.map_or(0, |before| before.chars().count()) + 1
                }
            },
        };
        self.reached.set(reached);
        Place::new(reached.line, reached.column)
    }

    fn mistake(&self, offset: usize, what: String) -> Mistake {
        self.place(offset.min(self.text.len())).mistake(what)
    }
}

/// The message without ` at line 1 column 2`, which is said elsewhere.
fn without_place(why: &serde_json::Error) -> String {
    let text = why.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text[..end].to_string()
}

impl<'a> Value<'a> {
    fn offset(&self) -> usize {
        // `raw` is a part of `text`.
        self.raw.as_ptr() as usize - self.source.text.as_ptr() as usize
    }

    pub fn place(&self) -> Place {
        self.source.place(self.offset())
    }

    /// A mistake at this place.
    pub fn mistake(&self, what: impl Into<String>) -> Mistake {
        self.source.mistake(self.offset(), what.into())
    }

    /// A mistake that says what is here and what was expected.
    pub fn expected(&self, wanted: &str) -> Mistake {
        let found = match (self.raw.as_bytes().first(), self.raw.char_indices().nth(60)) {
            (Some(b'{'), _) => "an object".to_string(),
            (Some(b'['), _) => "an array".to_string(),
            (_, Some((end, _))) => format!("{}…", &self.raw[..end]),
            (_, None) => self.raw.to_string(),
        };
        self.mistake(format!("{found}: expected {wanted}"))
    }

    fn is_null(&self) -> bool {
        self.raw == "null"
    }

    fn read<T: Deserialize<'a>>(&self, wanted: &str) -> Result<T, Mistake> {
        serde_json::from_str(self.raw).map_err(|_| self.expected(wanted))
    }

    /// An object of at most [`MAX_RULES`] members. `any_case`: members are taken whatever the
    /// case of their names, as Go's programs do.
    ///
    /// # Errors
    /// It is none, or has a member twice: programs differ in which one they read.
    pub fn object(&self, any_case: bool) -> Result<Object<'a>, Mistake> {
        let Members(members) = match self.raw.starts_with('{') {
            true => self.read("an object")?,
            false => return Err(self.expected("an object")),
        };
        if members.len() > MAX_RULES {
            return Err(self.mistake(format!("more than {MAX_RULES} members")));
        }
        let mut end = self.offset() + 1;
        let mut seen = HashSet::new();
        let mut object = Object {
            value: *self,
            members: Vec::new(),
            any_case,
        };
        for (key, raw) in members {
            let between = &self.source.text[end..];
            let start = between.len()
                - between
                    .trim_start_matches([' ', '\t', '\r', '\n', ','])
                    .len();
            let offset = end + start;
            let value = Value {
                source: self.source,
                raw: raw.get(),
            };
            end = value.offset() + value.raw.len();
            let folded = match any_case {
                true => key.to_ascii_lowercase(),
                false => key.clone(),
            };
            if !seen.insert(folded) {
                let what = format!("{key:?} is given twice");
                return Err(self.source.mistake(offset, what));
            }
            object.members.push(Member { key, offset, value });
        }
        Ok(object)
    }

    /// The elements of an array, which has at most [`MAX_RULES`].
    pub fn array(&self) -> Result<Vec<Value<'a>>, Mistake> {
        let all: Vec<&RawValue> = self.read("an array")?;
        if all.len() > MAX_RULES {
            return Err(self.mistake(format!("more than {MAX_RULES} elements")));
        }
        let value = |raw: &'a RawValue| Value {
            source: self.source,
            raw: raw.get(),
        };
        Ok(all.into_iter().map(value).collect())
    }

    /// A string; `wanted` says which.
    pub fn string(&self, wanted: &str) -> Result<String, Mistake> {
        self.read(wanted)
    }

    /// A number of a type; `wanted` says which.
    pub fn number<T: DeserializeOwned>(&self, wanted: &str) -> Result<T, Mistake> {
        self.read(wanted)
    }
}

impl<'a> Object<'a> {
    /// Whether there is such a member.
    pub fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| self.is(member, name))
    }

    fn is(&self, member: &Member<'_>, name: &str) -> bool {
        match self.any_case {
            true => member.key.eq_ignore_ascii_case(name),
            false => member.key == name,
        }
    }

    /// The member, if there is one and it isn't `null`.
    pub fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let at = (self.members.iter()).position(|member| self.is(member, name))?;
        let value = self.members.remove(at).value;
        (!value.is_null()).then_some(value)
    }

    /// The member.
    ///
    /// # Errors
    /// There is none.
    pub fn need(&mut self, name: &str) -> Result<Value<'a>, Mistake> {
        let missing = |value: Value<'_>| value.mistake(format!("{name:?} is missing"));
        let value = self.value;
        self.take(name).ok_or_else(|| missing(value))
    }

    /// The elements of an array; none if there is no such member.
    pub fn array(&mut self, name: &str) -> Result<Vec<Value<'a>>, Mistake> {
        self.take(name)
            .map_or(Ok(Vec::new()), |value| value.array())
    }

    /// The members that nobody has taken: names, their places, values.
    pub fn rest(self) -> impl Iterator<Item = (String, Place, Value<'a>)> {
        let source = self.value.source;
        (self.members.into_iter())
            .map(move |member| (member.key, source.place(member.offset), member.value))
    }
}

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_names_have_places() {
        let text = "{\n \"ä\\\"\": [1, \"é\",\n  {}] ,\n\t\"b\":null}";
        let source = Source::new(text);
        let object = source.value().unwrap().object(false).unwrap();
        let rest: Vec<_> = object.rest().collect();
        let names: Vec<_> = (rest.iter())
            .map(|(name, at, value)| (name.as_str(), at.clone(), value.place()))
            .collect();
        let expected = [
            ("ä\"", Place::new(2, 2), Place::new(2, 9)),
            ("b", Place::new(4, 2), Place::new(4, 6)),
        ];
        assert_eq!(names, expected);
        let elements = rest[0].2.array().unwrap();
        let places: Vec<_> = elements.iter().map(Value::place).collect();
        let expected = [Place::new(2, 10), Place::new(2, 13), Place::new(3, 3)];
        assert_eq!(places, expected);
        let backwards: Vec<_> = elements.iter().rev().map(Value::place).collect();
        assert!(backwards.iter().rev().eq(&expected));
        assert_eq!(elements[1].string("").unwrap(), "é");
        let why = elements[1].number::<u32>("a number").unwrap_err();
        assert_eq!(why.what, "\"é\": expected a number");
        assert_eq!(
            elements[2].expected("a number").what,
            "an object: expected a number"
        );
    }

    #[test]
    fn members_are_taken_by_name() {
        let source = Source::new("{\"One\": 1, \"two\": null}");
        let value = source.value().unwrap();
        let mut exact = value.object(false).unwrap();
        assert!(exact.take("one").is_none() && exact.take("two").is_none());
        assert_eq!(exact.rest().count(), 1);
        let mut any_case = value.object(true).unwrap();
        assert!(any_case.take("one").is_some());
        let why = any_case.need("three").err().unwrap();
        assert_eq!(
            (why.place, why.what.as_str()),
            (Place::new(1, 1), "\"three\" is missing")
        );
        let source = Source::new("{\"one\": 1,\n \"One\": 2}");
        assert!(source.value().unwrap().object(false).is_ok());
        let why = source.value().unwrap().object(true).err().unwrap();
        assert_eq!(
            (why.place, why.what.as_str()),
            (Place::new(2, 2), "\"One\" is given twice")
        );
    }

    #[test]
    fn errors_of_the_syntax_have_places() {
        let cases = [
            ("", 1, 1),
            ("{\"a\": 1,\n}", 2, 1),
            ("[1,\n\n\n", 4, 1),
            ("{\"ä\" 1}", 1, 6),
            ("{} {}", 1, 4),
        ];
        for (text, line, column) in cases {
            let why = Source::new(text).value().err().unwrap();
            assert_eq!(
                why.place,
                Place::new(line, column),
                "{text:?}: {}",
                why.what
            );
            assert!(!why.what.contains("at line"), "{}", why.what);
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = "[".repeat(1 << 18);
        assert!(Source::new(&deep).value().is_err());
        let text = deep.clone() + &"]".repeat(1 << 18);
        let source = Source::new(&text);
        let mut value = source.value().unwrap();
        for _ in 0..5 {
            value = value.array().unwrap()[0];
        }
        assert!(value.object(false).is_err());
    }
}
