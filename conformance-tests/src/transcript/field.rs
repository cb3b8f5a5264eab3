//! A field of a transcript: bytes as they are, or a placeholder for a whole field.
//!
//! - `\xNN` is the byte with that number, in two hexadecimal digits. Any other backslash is itself.
//! - `{KIND}` stands for any value of that kind. `{KIND:NAME}` is bound by its first use and stands
//!   for that value from then on; `{KIND:NAME+5}` is five more than it. `{ts:now}` is bound from
//!   the start.
//! - `KEY={KIND}`, in the same forms, is a fact of a run whose value is of that kind.
//! - A literal field that looks like a placeholder is written `\x7b...}`.

use std::collections::BTreeMap;
use std::fmt;

/// What a placeholder can stand for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A second of the monotonic clock.
    Timestamp,
    /// A process id.
    Pid,
    /// How long something took, in seconds.
    Seconds,
    /// A moment or a duration in seconds, with what is after the point.
    Moment,
    /// A number, 0 or more.
    Number,
    /// Anything.
    Text,
    /// The program by which the suite gets hold of a service's descriptors: several fields.
    Relay,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Timestamp,
        Self::Pid,
        Self::Seconds,
        Self::Moment,
        Self::Number,
        Self::Text,
        Self::Relay,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Timestamp => "ts",
            Self::Pid => "pid",
            Self::Seconds => "secs",
            Self::Moment => "moment",
            Self::Number => "num",
            Self::Text => "text",
            Self::Relay => "relay",
        }
    }

    fn accepts(self, value: &[u8]) -> bool {
        let number = || std::str::from_utf8(value).ok()?.parse::<i64>().ok();
        match self {
            Self::Moment => {
                let (whole, rest) =
                    value.split_at(value.iter().take_while(|&&b| b != b'.').count());
                let is_number =
                    |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
                is_number(whole) && rest.strip_prefix(b".").is_none_or(is_number)
            }
            Self::Timestamp | Self::Seconds | Self::Number => number().is_some_and(|n| n >= 0),
            Self::Pid => number().is_some_and(|n| n > 0),
            Self::Text => true,
            Self::Relay => false,
        }
    }
}

/// A placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// What it can stand for.
    pub kind: Kind,
    /// The name by which its value is remembered.
    pub name: Option<String>,
    /// What to add to the remembered value.
    pub offset: i64,
}

/// A field as a transcript has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// These bytes.
    Literal(Vec<u8>),
    /// Whatever fits.
    Hole(Hole),
    /// This key and `=`, and whatever fits behind it.
    Fact(Vec<u8>, Hole),
}

impl Pattern {
    /// Reads a field.
    pub fn parse(field: &str) -> Result<Self, String> {
        if let Some(at) = field.find("={")
            && field[..at].bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && let Ok(Self::Hole(hole)) = Self::parse(&field[at + 1..])
        {
            return Ok(Self::Fact(field[..=at].into(), hole));
        }
        let Some(inner) = field.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return Ok(Self::Literal(unescape(field)));
        };
        let (kind, name) = match inner.split_once(':') {
            Some((kind, name)) => (kind, Some(name)),
            None => (inner, None),
        };
        let Some(kind) = Kind::ALL.into_iter().find(|known| known.name() == kind) else {
            let known = Kind::ALL.map(Kind::name).join(" ");
            return Err(format!(
                "no placeholder `{field}`, there are: {known} (a literal brace is \\x7b)"
            ));
        };
        let Some(name) = name else { return Ok(Self::Hole(Hole { kind, name: None, offset: 0 })) };
        let at = name.find(['+', '-']).unwrap_or(name.len());
        let offset = match &name[at..] {
            "" => 0,
            digits => digits
                .parse()
                .map_err(|_| format!("`{field}`: expected a number after the sign"))?,
        };
        if at == 0 {
            return Err(format!("`{field}`: expected a name after the colon"));
        }
        Ok(Self::Hole(Hole { kind, name: Some(name[..at].to_owned()), offset }))
    }

    /// The bytes, if they are known without any binding.
    pub fn literal(&self) -> Option<&[u8]> {
        match self {
            Self::Literal(bytes) => Some(bytes),
            Self::Hole(_) | Self::Fact(..) => None,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(bytes) => {
                let text = escape(bytes);
                if Self::parse(&text).as_ref() == Ok(self) {
                    f.write_str(&text)
                } else {
                    // It would be taken for a placeholder.
                    write!(f, "\\x7b{}", &text[1..])
                }
            }
            Self::Fact(key, hole) => {
                write!(f, "{}{}", escape(key), Self::Hole(hole.clone()))
            }
            Self::Hole(Hole { kind, name: None, .. }) => write!(f, "{{{}}}", kind.name()),
            Self::Hole(Hole { kind, name: Some(name), offset: 0 }) => {
                write!(f, "{{{}:{name}}}", kind.name())
            }
            Self::Hole(Hole { kind, name: Some(name), offset }) => {
                write!(f, "{{{}:{name}{offset:+}}}", kind.name())
            }
        }
    }
}

/// What the placeholders of one run stand for.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    values: BTreeMap<(Kind, String), Vec<u8>>,
    relay: Vec<Vec<u8>>,
    made: u32,
}

impl Bindings {
    /// At this second of the clock; `relay` is the command line that stands for `{relay}`.
    pub fn new(now: i64, relay: &[&str]) -> Self {
        let mut bindings = Self::default();
        bindings.values.insert((Kind::Timestamp, "now".to_owned()), now.to_string().into_bytes());
        bindings.relay = relay.iter().map(|field| field.as_bytes().to_vec()).collect();
        bindings
    }

    /// What a placeholder is bound to.
    fn value(&self, hole: &Hole) -> Option<Vec<u8>> {
        let name = hole.name.clone()?;
        let value = self.values.get(&(hole.kind, name))?;
        if hole.offset == 0 {
            return Some(value.clone());
        }
        let number: i64 = std::str::from_utf8(value).ok()?.parse().ok()?;
        Some((number + hole.offset).to_string().into_bytes())
    }

    /// Whether these bytes match the pattern; binds what was not bound yet.
    pub fn matches(&mut self, pattern: &Pattern, value: &[u8]) -> bool {
        let hole = match pattern {
            Pattern::Literal(bytes) => return bytes == value,
            Pattern::Hole(hole) => hole,
            Pattern::Fact(key, hole) => {
                let value = value.strip_prefix(&key[..]);
                return value
                    .is_some_and(|value| self.matches(&Pattern::Hole(hole.clone()), value));
            }
        };
        if let Some(bound) = self.value(hole) {
            return bound == value;
        }
        if !hole.kind.accepts(value) || hole.offset != 0 {
            return false;
        }
        if let Some(name) = &hole.name {
            self.values.insert((hole.kind, name.clone()), value.to_vec());
        }
        true
    }

    /// Whether a line matches the patterns of its fields. If it does not, its bindings are
    /// forgotten.
    pub fn matches_line(&mut self, patterns: &[Pattern], line: &[u8]) -> bool {
        let patterns = self.expand(patterns);
        let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        if fields.len() != patterns.len() {
            return false;
        }
        let before = self.values.clone();
        let fits = patterns.iter().zip(fields).all(|(pattern, field)| self.matches(pattern, field));
        if !fits {
            self.values = before;
        }
        fits
    }

    /// The line that these patterns stand for. Fails with the placeholder that is not bound yet.
    pub fn line(&self, patterns: &[Pattern]) -> Result<Vec<u8>, String> {
        let fields = self.expand(patterns).into_iter().map(|pattern| match pattern {
            Pattern::Literal(bytes) => Ok(bytes),
            Pattern::Hole(ref hole) => self
                .value(hole)
                .ok_or_else(|| format!("{pattern} is used before anything has bound it")),
            Pattern::Fact(ref key, ref hole) => self
                .value(hole)
                .map(|value| [&key[..], &value].concat())
                .ok_or_else(|| format!("{pattern} is used before anything has bound it")),
        });
        Ok(fields.collect::<Result<Vec<_>, _>>()?.join(&b'\t'))
    }

    /// A command to send. The word of an echo was made up when it was recorded, and is made up
    /// again.
    pub fn command_line(&mut self, patterns: &[Pattern]) -> Result<Vec<u8>, String> {
        match patterns {
            [Pattern::Literal(name), Pattern::Hole(Hole { kind: Kind::Text, .. })]
                if name == b"echo" =>
            {
                Ok(self.made_up_line(patterns))
            }
            _ => self.line(patterns),
        }
    }

    /// The same, with a made-up value for every placeholder that is free.
    pub fn made_up_line(&mut self, patterns: &[Pattern]) -> Vec<u8> {
        let mut fields = Vec::new();
        for pattern in self.expand(patterns) {
            fields.push(match pattern {
                Pattern::Literal(bytes) => bytes,
                Pattern::Hole(hole) => self.made_up(hole),
                Pattern::Fact(key, hole) => [key, self.made_up(hole)].concat(),
            });
        }
        fields.join(&b'\t')
    }

    fn made_up(&mut self, hole: Hole) -> Vec<u8> {
        if let Some(value) = self.value(&hole) {
            return value;
        }
        self.made += 1;
        let value = match hole.kind {
            Kind::Timestamp => (200_000 + self.made).to_string(),
            Kind::Pid => (4000 + self.made).to_string(),
            Kind::Seconds | Kind::Number => self.made.to_string(),
            Kind::Moment => format!("{}.25", 200_000 + self.made),
            Kind::Text | Kind::Relay => format!("text-{}", self.made),
        };
        let value = value.into_bytes();
        if let Some(name) = hole.name {
            self.values.insert((hole.kind, name), value.clone());
        }
        value
    }

    /// `{relay}` is several fields.
    fn expand(&self, patterns: &[Pattern]) -> Vec<Pattern> {
        let relay = || self.relay.iter().cloned().map(Pattern::Literal);
        let mut expanded = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            match pattern {
                Pattern::Hole(Hole { kind: Kind::Relay, .. }) => expanded.extend(relay()),
                other => expanded.push(other.clone()),
            }
        }
        expanded
    }
}

/// Bytes below 0x20, beyond ASCII and the odd backslash are written as `\xNN`.
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let looks_like_an_escape = byte == b'\\' && unescape_at(&bytes[at..]).is_some();
        if (b' '..0x7f).contains(&byte) && !looks_like_an_escape {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// The inverse of [`escape`].
pub fn unescape(text: &str) -> Vec<u8> {
    unescape_bytes(text.as_bytes())
}

/// The same for what may not be text.
pub fn unescape_bytes(mut text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    while let Some((&first, rest)) = text.split_first() {
        match unescape_at(text) {
            Some(byte) => {
                bytes.push(byte);
                text = &text[4..];
            }
            None => {
                bytes.push(first);
                text = rest;
            }
        }
    }
    bytes
}

/// The byte, if the text begins with an escape.
fn unescape_at(text: &[u8]) -> Option<u8> {
    let digits = text.strip_prefix(b"\\x")?.get(..2)?;
    let is_lower_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !digits.iter().all(is_lower_hex) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        let bytes: Vec<u8> = (0..=255).chain(*b"\\x41\\n\\").collect();
        assert_eq!(unescape(&escape(&bytes)), bytes);
        assert_eq!(unescape("a\\n\\x4\\x41"), b"a\\n\\x4A");
    }

    #[test]
    fn what_a_pattern_prints_is_read_again() {
        for text in [
            "{ts}",
            "{pid:1}",
            "{ts:now+5}",
            "{ts:now-5}",
            "start={moment:1}",
            "plain",
            "\\x00",
            "",
        ] {
            assert_eq!(Pattern::parse(text).unwrap().to_string(), text);
        }
        let literal = Pattern::Literal(b"{pid}".to_vec());
        assert_eq!(Pattern::parse(&literal.to_string()), Ok(literal));
        assert_eq!(Pattern::parse("a={bogus}"), Ok(Pattern::Literal(b"a={bogus}".to_vec())));
        assert!(Pattern::parse("{bogus}").is_err() && Pattern::parse("{ts:}").is_err());
    }

    #[test]
    fn the_first_use_binds() {
        let mut bindings = Bindings::new(1000, &[]);
        let pattern = |text| Pattern::parse(text).unwrap();
        assert!(bindings.matches(&pattern("{pid:1}"), b"7"));
        assert!(!bindings.matches(&pattern("{pid:1}"), b"8"));
        assert!(bindings.matches(&pattern("{pid:2}"), b"8"));
        assert!(!bindings.matches(&pattern("{pid}"), b"-"));
        assert!(bindings.matches(&pattern("{ts:now+5}"), b"1005"));
        assert!(bindings.matches(&pattern("pid={pid:1}"), b"pid=7"));
        assert!(!bindings.matches(&pattern("pid={pid:1}"), b"pid=8"));
        assert!(bindings.matches(&pattern("start={moment}"), b"start=1000.000000001"));
        assert!(!bindings.matches(&pattern("start={moment}"), b"start=soon"));
        assert_eq!(bindings.line(&[pattern("kill"), pattern("{pid:2}")]), Ok(b"kill\t8".to_vec()));
        assert!(bindings.line(&[pattern("{pid:3}")]).is_err());
    }
}
