//! What a connection may do, and with which services (`conn.restrict`, and the options of the
//! socket it came by).
//!
//! It can only become less. Patterns are kept as text in memory of fixed size, as `conn.state` has
//! them: those of one command with `:` between them, one of which must match, and `&` between those
//! of several commands, all of which must hold.

use daemonproxy_protocol::{ConnRights, Name, Refusal, Rights};

use crate::limits::MOST_PATTERNS;
use crate::upgrade::state::Writer;
use crate::upgrade::value::Value;

/// Room for that many patterns, and what is between them.
const ROOM: usize = MOST_PATTERNS * (Name::MAX + 1);

/// What a connection may do.
#[derive(Copy, Clone)]
pub(crate) struct Scope {
    rights: Rights,
    patterns: [u8; ROOM],
    length: usize,
}

impl Scope {
    /// Everything: what a connection has that nobody restricts.
    pub(crate) const FULL: Self = Self { rights: Rights::Full, patterns: [0; ROOM], length: 0 };

    pub(crate) fn rights(&self) -> Rights {
        self.rights
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rights == Rights::Full
    }

    /// As it is shown to people.
    pub(crate) fn shown(&self) -> ConnRights<'_> {
        ConnRights { rights: self.rights, services: self.services() }
    }

    /// The services that it is limited to, as text.
    fn services(&self) -> Option<&[u8]> {
        self.patterns.get(..self.length).filter(|patterns| !patterns.is_empty())
    }

    /// Whether it may know of the service of this name.
    pub(crate) fn sees(&self, name: &[u8]) -> bool {
        self.services().is_none_or(|patterns| {
            let mut parts = patterns.split(|&byte| byte == b'&');
            parts.all(|part| part.split(|&byte| byte == b':').any(|glob| matches(glob, name)))
        })
    }

    /// Takes rights away. What was taken before stays away.
    pub(crate) fn narrow<'g>(
        &mut self,
        to: Rights,
        globs: impl Iterator<Item = &'g [u8]> + Clone,
    ) -> Result<(), Refusal<'static>> {
        if to > self.rights {
            return Err(Refusal::NotPermitted);
        }
        if to == Rights::Full && globs.clone().next().is_some() {
            return Err(Refusal::CannotLimitFullRights);
        }
        let mut narrowed = *self;
        narrowed.rights = to;
        for (nth, glob) in globs.enumerate() {
            narrowed.add(if nth == 0 { b'&' } else { b':' }, glob)?;
        }
        *self = narrowed;
        Ok(())
    }

    fn add(&mut self, before: u8, glob: &[u8]) -> Result<(), Refusal<'static>> {
        let known = self
            .services()
            .map_or(0, |patterns| patterns.split(|&byte| matches!(byte, b':' | b'&')).count());
        if known == MOST_PATTERNS {
            return Err(Refusal::TooManyPatterns);
        }
        let begin = if known == 0 { 0 } else { self.length + 1 };
        let Some(place) = self.patterns.get_mut(begin..begin + glob.len()) else {
            return Err(Refusal::TooManyPatterns);
        };
        place.copy_from_slice(glob);
        if known > 0 {
            self.patterns[self.length] = before;
        }
        self.length = begin + glob.len();
        Ok(())
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        (self.rights, self.services()) == (other.rights, other.services())
    }
}

/// Over an upgrade: `RIGHTS`, or `RIGHTS:PATTERNS`.
impl Value for Scope {
    fn write(&self, to: &mut Writer) {
        let Self { rights, patterns: _, length: _ } = self;
        to.push(rights.as_str().as_bytes());
        if let Some(patterns) = self.services() {
            to.push(b":");
            to.push(patterns);
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let colon = text.iter().position(|&byte| byte == b':');
        let (rights, patterns) = match colon {
            Some(colon) => (&text[..colon], &text[colon + 1..]),
            None => (text, &b""[..]),
        };
        let mut scope = Self { rights: Rights::parse(rights)?, ..Self::FULL };
        scope.patterns.get_mut(..patterns.len())?.copy_from_slice(patterns);
        scope.length = patterns.len();
        Some(scope)
    }
}

/// Whether a pattern matches the whole name. Takes no longer than the product of their lengths: of
/// several `*` only the last one has to be tried again.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of_name) = (0, 0);
    // Where to go on behind the last `*`, and which part of the name that one has taken.
    let mut again = None;
    while of_name < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                again = Some((at, of_name));
            }
            Some(&byte) if byte == b'?' || byte == name[of_name] => {
                at += 1;
                of_name += 1;
            }
            _ => {
                let Some((behind, taken)) = again else { return false };
                again = Some((behind, taken + 1));
                (at, of_name) = (behind, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowed(scope: Scope, rights: Rights, globs: &str) -> Result<Scope, Refusal<'static>> {
        let mut scope = scope;
        let globs = globs.split(' ').filter(|glob| !glob.is_empty()).map(str::as_bytes);
        scope.narrow(rights, globs).map(|()| scope)
    }

    #[test]
    fn patterns_match_whole_names() {
        let holds = ["web web", "w* web", "* web", "w?b web", "*b web", "*e*b web", "web* web"];
        let more = ["*a*b* xaxbx", "**? a", "a*bc abcbc"];
        for case in holds.into_iter().chain(more) {
            let (pattern, name) = case.split_once(' ').unwrap();
            assert!(matches(pattern.as_bytes(), name.as_bytes()), "{case}");
        }
        for case in ["we web", "web we", "? web", "*x web", "w*c web", "??? we", "a*bc abcb"] {
            let (pattern, name) = case.split_once(' ').unwrap();
            assert!(!matches(pattern.as_bytes(), name.as_bytes()), "{case}");
        }
        // This would take for ever if every star were tried.
        assert!(!matches(b"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", &[b'a'; Name::MAX]));
    }

    #[test]
    fn it_only_becomes_less() {
        let one = narrowed(Scope::FULL, Rights::Operate, "web-* mail").unwrap();
        assert!(one.sees(b"web-1") && one.sees(b"mail") && !one.sees(b"db"));
        let two = narrowed(one, Rights::Operate, "*1 db").unwrap();
        assert_eq!(two.services(), Some(&b"web-*:mail&*1:db"[..]));
        assert!(two.sees(b"web-1") && !two.sees(b"mail") && !two.sees(b"db"));
        let three = narrowed(two, Rights::Watch, "").unwrap();
        assert_eq!((three.rights(), three.services()), (Rights::Watch, two.services()));
        assert_eq!(narrowed(three, Rights::Operate, "").err(), Some(Refusal::NotPermitted));
        assert_eq!(narrowed(three, Rights::Full, "").err(), Some(Refusal::NotPermitted));
    }

    #[test]
    fn there_is_room_for_sixteen_of_the_longest() {
        let long = vec!["x".repeat(Name::MAX); MOST_PATTERNS].join(" ");
        let scope = narrowed(Scope::FULL, Rights::Watch, &long).unwrap();
        assert_eq!(scope.services().map(<[u8]>::len), Some(ROOM - 1));
        assert_eq!(narrowed(scope, Rights::Watch, "a").err(), Some(Refusal::TooManyPatterns));
        let more = format!("{long} a");
        assert_eq!(
            narrowed(Scope::FULL, Rights::Watch, &more).err(),
            Some(Refusal::TooManyPatterns)
        );
    }
}
