//! Shell wildcards over one piece of text: `*`, `?`, `[…]`.

/// A compiled wildcard pattern; it matches whole texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wildcard {
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Char(char),
    AnyChar,
    AnyRun,
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Wildcard {
    /// Reads a pattern; a `[` that no `]` closes stands for itself, as in `fnmatch`.
    pub(crate) fn parse(pattern: &str) -> Self {
        let chars: Vec<char> = pattern.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let token = match chars[at] {
                '*' => Token::AnyRun,
                '?' => Token::AnyChar,
                '[' => match read_set(&chars, at) {
                    Some((set, end)) => {
                        at = end;
                        set
                    }
                    None => Token::Char('['),
                },
                c => Token::Char(c),
            };
            let repeated = token == Token::AnyRun && tokens.last() == Some(&Token::AnyRun);
            if !repeated {
                tokens.push(token);
            }
            at += 1;
        }
        Self { tokens }
    }

    /// The text itself, where the pattern has no wildcard.
    pub(crate) fn as_literal(&self) -> Option<String> {
        self.tokens
            .iter()
            .map(|token| match token {
                Token::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    }

    /// Whether the pattern matches the whole text; linear but for the last `*`.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut token = 0;
        let mut rest = text.chars();
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            if let Some(Token::AnyRun) = self.tokens.get(token) {
                token += 1;
                retry = Some((token, rest.clone()));
                continue;
            }
            let mut ahead = rest.clone();
            match (self.tokens.get(token), ahead.next()) {
                (None, None) => return true,
                (Some(expected), Some(c)) if expected.accepts(c) => {
                    token += 1;
                    rest = ahead;
                }
                _ => {
                    let Some((start, tried)) = &mut retry else {
                        return false;
                    };
                    if tried.next().is_none() {
                        return false;
                    }
                    token = *start;
                    rest = tried.clone();
                }
            }
        }
    }
}

impl Token {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Char(expected) => *expected == c,
            Self::AnyChar | Self::AnyRun => true,
            Self::Set { negated, ranges } => {
                ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated
            }
        }
    }
}

/// Reads the set that opens at `open`; gives it with the index of its `]`.
fn read_set(chars: &[char], open: usize) -> Option<(Token, usize)> {
    let mut at = open + 1;
    let negated = chars.get(at) == Some(&'!');
    if negated {
        at += 1;
    }
    let first = at;
    let close = (first + 1..chars.len()).find(|&i| chars[i] == ']')?;
    let mut ranges = Vec::new();
    while at < close {
        if at + 2 < close && chars[at + 1] == '-' {
            ranges.push((chars[at], chars[at + 2]));
            at += 3;
        } else {
            ranges.push((chars[at], chars[at]));
            at += 1;
        }
    }
    Some((Token::Set { negated, ranges }, close))
}

#[cfg(test)]
mod tests {
    use super::Wildcard;

    fn matches(pattern: &str, text: &str) -> bool {
        Wildcard::parse(pattern).matches(text)
    }

    #[test]
    fn a_star_takes_any_run_and_backtracks() {
        assert!(matches("*ab*ab", "xabyabab"));
        assert!(!matches("*ab*ab", "xab"));
        assert!(matches("a**", "a"));
    }

    #[test]
    fn a_set_takes_one_character() {
        assert!(matches("[a-c]x", "bx"));
        assert!(!matches("[!a-c]x", "bx"));
        assert!(matches("[]]", "]"));
        assert!(matches("[-a]", "-"));
    }

    #[test]
    fn an_unclosed_set_is_a_bracket() {
        assert!(matches("a[b", "a[b"));
    }

    #[test]
    fn the_empty_pattern_takes_the_empty_text_only() {
        assert!(matches("", ""));
        assert!(!matches("", "a"));
    }
}
