//! The options of a control socket: the OPTIONS of `socket.create`.

use crate::conn::Rights;
use crate::field::{Name, write_u64};
use crate::flags;
use crate::generated::refusal::Refusal;
use crate::kind::is_glob;

/// How a control socket is made, and what those may do who come by it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct SocketOptions<'a> {
    /// The name of an additional socket. The one without a name is that of protocol 1.
    pub name: Option<Name<'a>>,
    /// The permissions of its file, up to 0o777; otherwise what the umask leaves of all.
    pub mode: Option<u16>,
    /// The user that owns its file.
    pub uid: Option<u32>,
    /// The group of its file.
    pub gid: Option<u32>,
    /// What those may do who connect; otherwise everything.
    pub rights: Option<Rights>,
    /// The services that they are limited to: patterns with `:` between them.
    pub services: Option<&'a [u8]>,
    /// How many may be connected at a time.
    pub most: Option<u32>,
}

impl<'a> SocketOptions<'a> {
    /// Reads the options: words with commas between them, each at most once.
    ///
    /// # Errors
    ///
    /// What is wrong with the first that is wrong.
    // socket_options = [ "-" / socket_option *( "," socket_option ) ]
    pub(crate) fn parse(field: &'a [u8]) -> Result<Self, Refusal<'a>> {
        let mut options = Self::default();
        if matches!(field, b"" | b"-") {
            return Ok(options);
        }
        for option in field.split(|&byte| byte == b',') {
            options.take(option)?;
        }
        if options.services.is_some() && options.rights.is_none_or(|it| it == Rights::Full) {
            return Err(Refusal::CannotLimitFullRights);
        }
        Ok(options)
    }

    fn take(&mut self, option: &'a [u8]) -> Result<(), Refusal<'a>> {
        let wrong = Refusal::InvalidSocketOption { option };
        let equals = option.iter().position(|&byte| byte == b'=');
        let (key, value) = option.split_at(equals.ok_or(Refusal::InvalidOptions)?);
        let value = &value[1..];
        let given_before = match key {
            b"name" => self.name.replace(Name::new(value).ok_or(wrong)?).is_some(),
            b"mode" => self.mode.replace(flags::mode(value).ok_or(wrong)?).is_some(),
            b"uid" => self.uid.replace(number(value).ok_or(wrong)?).is_some(),
            b"gid" => self.gid.replace(number(value).ok_or(wrong)?).is_some(),
            b"most" => {
                let most = number(value).filter(|&most| most > 0).ok_or(wrong)?;
                self.most.replace(most).is_some()
            }
            b"rights" => {
                let rights = Rights::parse(value);
                let rights = rights.ok_or(Refusal::UnknownRights { rights: value })?;
                self.rights.replace(rights).is_some()
            }
            b"services" => {
                if let Some(pattern) = globs(value).find(|pattern| !is_glob(pattern)) {
                    return Err(Refusal::InvalidPattern { pattern });
                }
                self.services.replace(value).is_some()
            }
            _ => return Err(Refusal::InvalidOptions),
        };
        if given_before { Err(wrong) } else { Ok(()) }
    }

    /// The patterns of services, one by one.
    pub fn globs(self) -> impl Iterator<Item = &'a [u8]> + Clone {
        self.services.into_iter().flat_map(globs)
    }

    /// Appends the options, `-` if there are none.
    pub fn write(self, out: &mut Vec<u8>) {
        let begin = out.len();
        let mut add = |key: &str, value: &mut dyn FnMut(&mut Vec<u8>)| {
            if out.len() > begin {
                out.push(b',');
            }
            out.extend_from_slice(key.as_bytes());
            out.push(b'=');
            value(out);
        };
        if let Some(name) = self.name {
            add("name", &mut |out| out.extend_from_slice(name.as_bytes()));
        }
        if let Some(mode) = self.mode {
            add("mode", &mut |out| flags::write_mode(out, mode));
        }
        for (key, number) in [("uid", self.uid), ("gid", self.gid)] {
            if let Some(number) = number {
                add(key, &mut |out| write_u64(out, number.into()));
            }
        }
        if let Some(rights) = self.rights {
            add("rights", &mut |out| out.extend_from_slice(rights.as_str().as_bytes()));
        }
        if let Some(services) = self.services {
            add("services", &mut |out| out.extend_from_slice(services));
        }
        if let Some(most) = self.most {
            add("most", &mut |out| write_u64(out, most.into()));
        }
        if out.len() == begin {
            out.push(b'-');
        }
    }
}

fn globs(services: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    services.split(|&byte| byte == b':')
}

/// A number of 32 bits. The highest one is no user and no group, but means that they stay as they
/// are.
fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (number < u32::MAX).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<SocketOptions<'_>, Refusal<'_>> {
        SocketOptions::parse(text.as_bytes())
    }

    #[test]
    fn options_are_written_as_they_are_read() {
        for text in ["-", "name=a.b,mode=0660,uid=0,gid=12,rights=operate,services=a*:b?,most=3"] {
            let mut out = Vec::new();
            parse(text).unwrap().write(&mut out);
            assert_eq!(out, text.as_bytes());
        }
        assert_eq!(parse(""), parse("-"));
        assert_eq!(parse("mode=0").unwrap().mode, Some(0));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for text in ["fast", "fast=1", "name", "-,mode=1", ",", "rights=watch,"] {
            assert_eq!(parse(text), Err(Refusal::InvalidOptions), "{text}");
        }
        for option in ["name=", "name=a/b", "mode=0778", "mode=1000", "uid=-1", "gid=x", "most=0"] {
            let option = option.as_bytes();
            assert_eq!(SocketOptions::parse(option), Err(Refusal::InvalidSocketOption { option }));
        }
        let option = b"uid=4294967295";
        assert_eq!(SocketOptions::parse(option), Err(Refusal::InvalidSocketOption { option }));
        assert_eq!(parse("uid=1,uid=1"), Err(Refusal::InvalidSocketOption { option: b"uid=1" }));
        assert_eq!(parse("rights=root"), Err(Refusal::UnknownRights { rights: b"root" }));
        assert_eq!(
            parse("rights=watch,services=a:"),
            Err(Refusal::InvalidPattern { pattern: b"" })
        );
        for text in ["services=a", "services=a,rights=full"] {
            assert_eq!(parse(text), Err(Refusal::CannotLimitFullRights));
        }
    }
}
