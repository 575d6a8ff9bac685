//! Strings and characters.

use super::super::machine::{Eval, Exit, Machine};
use super::super::num::Num;
use super::super::real::Real;
use super::super::text::Text;
use super::super::ty::Ty;
use super::super::value::{Cond, Item, Value};
use crate::name::Name;
use crate::source::Span;

/// What is looked for in a string.
enum Pattern {
    Text(String),
    Chars(Vec<char>),
}

/// `text.method(pattern)` for either kind of pattern.
macro_rules! by_pattern {
    ($pattern:expr, |$p:ident| $result:expr) => {
        match $pattern {
            Pattern::Text(text) => {
                let $p = text.as_str();
                $result
            }
            Pattern::Chars(chars) => {
                let $p = chars.as_slice();
                $result
            }
        }
    };
}

impl<'p> Machine<'p> {
    pub(super) fn text_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        generics: &[Ty],
        span: Span,
    ) -> Option<Eval> {
        let Value::Text(text) = value else {
            return None;
        };
        match name {
            "to_string" | "to_owned" | "into" | "as_str" | "clone" | "as_ref" | "into_string"
            | "borrow" | "into_owned" | "into_boxed_str" | "as_mut_str" => {
                return Some(Ok(value.clone()));
            }
            "parse" => return Some(self.parsed(text, generics.first(), span)),
            _ => {}
        }
        let Some(known) = text.known().map(str::to_string) else {
            return self.partly_known(text, name, args).map(Ok);
        };
        let pattern = match args.first() {
            Some(arg) => match self.pattern(arg, &known, span) {
                Ok(pattern) => pattern,
                Err(exit) => return Some(Err(exit)),
            },
            None => None,
        };
        if let Some(value) = self.whole_method(&known, name, args) {
            return Some(Ok(value));
        }
        if let Some(pattern) = &pattern
            && let Some(value) = self.searching_method(&known, name, pattern, args)
        {
            return Some(Ok(value));
        }
        self.partly_known(text, name, args).map(Ok)
    }

    /// A string, a character, several characters, or what a condition says of the string's characters.
    fn pattern(&mut self, arg: &Value, text: &str, span: Span) -> Result<Option<Pattern>, Exit> {
        Ok(match self.deref(arg) {
            Value::Text(pattern) => pattern.known().map(|text| Pattern::Text(text.to_string())),
            Value::List(list) => list
                .items
                .iter()
                .map(|item| match item {
                    Item::One(Value::Text(text)) => single_char(text.known()?),
                    _ => None,
                })
                .collect::<Option<Vec<char>>>()
                .map(Pattern::Chars),
            function @ (Value::Closure(_) | Value::Function(_)) => {
                let mut chosen = Vec::new();
                let mut distinct: Vec<char> = text.chars().collect();
                distinct.sort_unstable();
                distinct.dedup();
                for c in distinct {
                    let verdict = self.call_value(&function, vec![char_value(c)], span)?;
                    match self.truth(&verdict) {
                        Cond::Known(true) => chosen.push(c),
                        Cond::Known(false) => {}
                        _ => return Ok(None),
                    }
                }
                Some(Pattern::Chars(chosen))
            }
            _ => None,
        })
    }

    /// Methods of a known string that look for nothing.
    fn whole_method(&mut self, text: &str, name: &str, args: &[Value]) -> Option<Value> {
        let pieces = |pieces: Vec<String>| {
            Value::list(
                pieces
                    .iter()
                    .map(|piece| Item::One(Value::text(piece)))
                    .collect(),
            )
        };
        let owned = |text: &str| text.to_string();
        Some(match name {
            "len" => Value::known(text.len() as i128),
            "is_empty" => Value::Bool(Cond::Known(text.is_empty())),
            "to_lowercase" => Value::text(&text.to_lowercase()),
            "to_uppercase" => Value::text(&text.to_uppercase()),
            "to_ascii_lowercase" => Value::text(&text.to_ascii_lowercase()),
            "to_ascii_uppercase" => Value::text(&text.to_ascii_uppercase()),
            "trim" => Value::text(text.trim()),
            "trim_start" => Value::text(text.trim_start()),
            "trim_end" => Value::text(text.trim_end()),
            "repeat" => {
                let count = self.number(args.first()?).known()?;
                let count = usize::try_from(count).ok().filter(|count| *count < 4096)?;
                Value::text(&text.repeat(count))
            }
            "lines" => pieces(text.lines().map(owned).collect()),
            "split_whitespace" | "split_ascii_whitespace" => {
                pieces(text.split_whitespace().map(owned).collect())
            }
            "chars" => Value::list(text.chars().map(|c| Item::One(char_value(c))).collect()),
            "char_indices" => {
                let pair = |(at, c): (usize, char)| {
                    Item::One(Value::tuple(vec![Value::known(at as i128), char_value(c)]))
                };
                Value::list(text.char_indices().map(pair).collect())
            }
            "bytes" | "as_bytes" | "into_bytes" => Value::list(
                text.bytes()
                    .map(|byte| Item::One(Value::known(byte.into())))
                    .collect(),
            ),
            "split_at" => {
                let at = self.number(args.first()?).known()?;
                let (before, after) = text.split_at_checked(usize::try_from(at).ok()?)?;
                Value::tuple(vec![Value::text(before), Value::text(after)])
            }
            "get" => {
                let found = self
                    .bounds(args.first()?, text.len())
                    .and_then(|(from, to)| text.get(from..to));
                found.map_or(Value::Opt(None), |piece| Value::some(Value::text(piece)))
            }
            "eq_ignore_ascii_case" => {
                let other = self.display(args.first()?);
                Value::Bool(Cond::Known(text.eq_ignore_ascii_case(other.known()?)))
            }
            "to_digit" => {
                let radix = u32::try_from(self.number(args.first()?).known()?).ok()?;
                let digit = single_char(text)?.to_digit(radix.clamp(2, 36));
                digit.map_or(Value::Opt(None), |digit| {
                    Value::some(Value::known(digit.into()))
                })
            }
            _ => Value::Bool(Cond::Known(char_question(single_char(text)?, name)?)),
        })
    }

    /// Methods of a known string that look for something.
    fn searching_method(
        &mut self,
        text: &str,
        name: &str,
        pattern: &Pattern,
        args: &[Value],
    ) -> Option<Value> {
        let truth = |truth: bool| Value::Bool(Cond::Known(truth));
        let option = |found: Option<&str>| {
            found.map_or(Value::Opt(None), |piece| Value::some(Value::text(piece)))
        };
        let pair = |found: Option<(&str, &str)>| {
            found.map_or(Value::Opt(None), |(before, after)| {
                let pair = vec![Value::text(before), Value::text(after)];
                Value::some(Value::tuple(pair))
            })
        };
        let place = |found: Option<usize>| {
            found.map_or(Value::Opt(None), |at| Value::some(Value::known(at as i128)))
        };
        let list = |pieces: Vec<&str>| {
            let pieces = pieces
                .into_iter()
                .map(|piece| Item::One(Value::text(piece)));
            Value::list(pieces.collect())
        };
        let second = |machine: &mut Self| args.get(1).map(|arg| machine.display(arg));
        Some(match name {
            "contains" => truth(by_pattern!(pattern, |p| text.contains(p))),
            "starts_with" => truth(by_pattern!(pattern, |p| text.starts_with(p))),
            "ends_with" => truth(by_pattern!(pattern, |p| text.ends_with(p))),
            "eq" => match pattern {
                Pattern::Text(other) => truth(text == other),
                Pattern::Chars(_) => return None,
            },
            "find" => place(by_pattern!(pattern, |p| text.find(p))),
            "rfind" => place(by_pattern!(pattern, |p| text.rfind(p))),
            "strip_prefix" => option(by_pattern!(pattern, |p| text.strip_prefix(p))),
            "strip_suffix" => option(by_pattern!(pattern, |p| text.strip_suffix(p))),
            "split_once" => pair(by_pattern!(pattern, |p| text.split_once(p))),
            "rsplit_once" => pair(by_pattern!(pattern, |p| text.rsplit_once(p))),
            "split" => list(by_pattern!(pattern, |p| text.split(p).collect())),
            "rsplit" => list(by_pattern!(pattern, |p| text.rsplit(p).collect())),
            "split_terminator" => {
                list(by_pattern!(pattern, |p| text.split_terminator(p).collect()))
            }
            "split_inclusive" => list(by_pattern!(pattern, |p| text.split_inclusive(p).collect())),
            "matches" => list(by_pattern!(pattern, |p| text.matches(p).collect())),
            "trim_start_matches" => {
                Value::text(by_pattern!(pattern, |p| text.trim_start_matches(p)))
            }
            "trim_end_matches" => Value::text(by_pattern!(pattern, |p| text.trim_end_matches(p))),
            "trim_matches" => Value::text(match pattern {
                Pattern::Text(p) => text.trim_matches(single_char(p)?),
                Pattern::Chars(chars) => text.trim_matches(chars.as_slice()),
            }),
            "replace" => {
                let by = second(self)?;
                let by = by.known()?;
                Value::text(&by_pattern!(pattern, |p| text.replace(p, by)))
            }
            "replacen" => {
                let by = second(self)?;
                let by = by.known()?;
                let count = usize::try_from(self.number(args.get(2)?).known()?).ok()?;
                Value::text(&by_pattern!(pattern, |p| text.replacen(p, by, count)))
            }
            _ => return None,
        })
    }

    /// A path in a folder.
    fn path_below(&mut self, folder: &Text, name: &Value) -> Text {
        let name = self.display(name);
        let name = match name.known() {
            Some(name) => Text::literal(name.trim_start_matches("./")),
            None => name,
        };
        folder.joined("/", &name)
    }

    /// What a string of which nothing is known does to what is known.
    pub(super) fn unknown_text_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
    ) -> Option<Eval> {
        if name != "join" {
            return None;
        }
        let folder = self.display(value);
        Some(Ok(Value::Text(self.path_below(&folder, args.first()?))))
    }

    /// `splitn` and its kin take the pattern second; everything else here holds whatever the unknown parts of the string are.
    fn partly_known(&mut self, text: &Text, name: &str, args: &[Value]) -> Option<Value> {
        if let ("splitn" | "rsplitn", Some(known)) = (name, text.known()) {
            let count = usize::try_from(self.number(args.first()?).known()?).ok()?;
            let pattern = self.display(args.get(1)?);
            let pattern = pattern.known()?;
            let pieces: Vec<&str> = match name {
                "splitn" => known.splitn(count, pattern).collect(),
                _ => known.rsplitn(count, pattern).collect(),
            };
            let pieces = pieces
                .into_iter()
                .map(|piece| Item::One(Value::text(piece)));
            return Some(Value::list(pieces.collect()));
        }
        let pattern = args.first().map(|arg| self.deref(arg));
        let pattern = match &pattern {
            Some(Value::Text(pattern)) => pattern.known(),
            _ => None,
        };
        let changed = || Value::Text(Text::hole("a changed string"));
        let option = |found: Option<Option<Text>>| match found {
            Some(Some(text)) => Value::some(Value::Text(text)),
            Some(None) => Value::Opt(None),
            None => Value::one_of([
                Value::some(Value::Text(Text::hole("a part of a string"))),
                Value::Opt(None),
            ]),
        };
        Some(match name {
            "is_empty" => Value::Bool(match text.is_surely_not_empty() {
                true => Cond::Known(false),
                false => Cond::Unknown,
            }),
            "starts_with" => condition(pattern.and_then(|p| text.starts_with(p))),
            "ends_with" => condition(pattern.and_then(|p| text.ends_with(p))),
            "contains" => condition(pattern.and_then(|p| text.contains(p))),
            "eq" => Value::Bool(Cond::Unknown),
            // Of paths; lists of strings are lists.
            "join" => Value::Text(self.path_below(text, args.first()?)),
            "strip_prefix" => option(pattern.and_then(|p| {
                Some(match text.starts_with(p)? {
                    true => Some(text.without_start(p.len())),
                    false => None,
                })
            })),
            "strip_suffix" => option(pattern.and_then(|p| {
                Some(match text.ends_with(p)? {
                    true => Some(text.without_end(p.len())),
                    false => None,
                })
            })),
            "replace" | "replacen" => {
                let by = args.get(1).map(|arg| self.display(arg));
                let limit = match name {
                    "replacen" => self.number(args.get(2)?).known(),
                    _ => Some(i128::MAX),
                };
                match (pattern, by.as_ref().and_then(Text::known), limit) {
                    (Some(pattern), Some(by), Some(limit)) => text
                        .replaced(pattern, by, limit)
                        .map_or_else(changed, Value::Text),
                    _ => changed(),
                }
            }
            "to_lowercase" | "to_uppercase" | "trim" | "to_ascii_lowercase"
            | "to_ascii_uppercase" | "trim_start" | "trim_end" | "trim_matches"
            | "trim_start_matches" | "trim_end_matches" => changed(),
            _ => return None,
        })
    }

    /// `parse`
    fn parsed(&mut self, text: &Text, ty: Option<&Ty>, span: Span) -> Eval {
        let ty = ty.cloned().unwrap_or(Ty::Unknown);
        if let Ty::Struct(..) | Ty::Enum(..) = &ty {
            let function = self.associated(&ty, &[Name::new("from_str")], &[], span)?;
            return self.call_value(&function, vec![Value::Text(text.clone())], span);
        }
        let Some(text) = text.known() else {
            return Ok(Value::of_type(ty));
        };
        let error = match ty {
            Ty::Int => "ParseIntError",
            Ty::Float | Ty::Single => "ParseFloatError",
            _ => "ParseBoolError",
        };
        let parsed = match ty {
            Ty::Int => text.parse::<i128>().ok().map(Value::known),
            Ty::Float => text
                .parse()
                .ok()
                .map(|n| Value::Float(Some(Real::Double(n)))),
            Ty::Single => text
                .parse()
                .ok()
                .map(|n| Value::Float(Some(Real::Single(n)))),
            Ty::Bool => text.parse().ok().map(|b| Value::Bool(Cond::Known(b))),
            Ty::Text => Some(Value::text(text)),
            // Only a number can look like one.
            Ty::Unknown => {
                return Ok(match text.parse::<i128>() {
                    Ok(number) => Value::known(number),
                    Err(_) => Value::unknown(),
                });
            }
            ty => return Ok(Value::of_type(ty)),
        };
        let error = Value::of_type(Ty::foreign("std", error));
        Ok(parsed.unwrap_or_else(|| Value::err(error)))
    }

    /// The part of a string that a range of bytes cuts out.
    pub(in super::super) fn slice_of_text(&mut self, text: &Text, range: &Value) -> Value {
        let piece = text.known().and_then(|text| {
            let (from, to) = self.bounds(range, text.len())?;
            text.get(from..to).map(str::to_string)
        });
        match piece {
            Some(piece) => Value::text(&piece),
            None => Value::Text(Text::hole("a part of a string")),
        }
    }

    /// A function of `char`.
    pub(super) fn char_function(&mut self, name: &str, args: &[Value]) -> Option<Eval> {
        let first = args.first().map(|arg| self.deref(arg))?;
        let from_code = |number: i128| u32::try_from(number).ok().and_then(char::from_u32);
        let option = |c: Option<char>| c.map_or(Value::Opt(None), |c| Value::some(char_value(c)));
        Some(Ok(match (name, &first) {
            ("from", Value::Int(Num::Known(number))) => char_value(from_code(*number)?),
            ("from", Value::Text(_)) => first,
            ("from_u32", Value::Int(Num::Known(number))) => option(from_code(*number)),
            ("from_digit", Value::Int(Num::Known(number))) => {
                let radix = self.number(args.get(1)?).known()?;
                let digit = u32::try_from(*number).ok()?;
                option(char::from_digit(
                    digit,
                    u32::try_from(radix).ok()?.clamp(2, 36),
                ))
            }
            (_, Value::Text(text)) => {
                let c = single_char(text.known()?)?;
                Value::Bool(Cond::Known(char_question(c, name)?))
            }
            _ => return None,
        }))
    }
}

fn condition(truth: Option<bool>) -> Value {
    Value::Bool(truth.map_or(Cond::Unknown, Cond::Known))
}

fn char_value(c: char) -> Value {
    Value::text(c.encode_utf8(&mut [0; 4]))
}

fn single_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn char_question(c: char, name: &str) -> Option<bool> {
    Some(match name {
        "is_alphabetic" => c.is_alphabetic(),
        "is_numeric" => c.is_numeric(),
        "is_alphanumeric" => c.is_alphanumeric(),
        "is_uppercase" => c.is_uppercase(),
        "is_lowercase" => c.is_lowercase(),
        "is_whitespace" => c.is_whitespace(),
        "is_ascii" => c.is_ascii(),
        "is_ascii_digit" => c.is_ascii_digit(),
        "is_ascii_alphabetic" => c.is_ascii_alphabetic(),
        "is_ascii_alphanumeric" => c.is_ascii_alphanumeric(),
        "is_ascii_uppercase" => c.is_ascii_uppercase(),
        "is_ascii_lowercase" => c.is_ascii_lowercase(),
        "is_ascii_punctuation" => c.is_ascii_punctuation(),
        "is_ascii_whitespace" => c.is_ascii_whitespace(),
        _ => return None,
    })
}
