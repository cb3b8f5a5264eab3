//! Comma-separated flags of files, pipes and sockets, and the levels of the log.
//!
//! Each is written in one way only, but can be read in several: in any order, and without the words
//! that are implied.

use crate::field::write_u64;

/// A word among some flags that is not one of them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct UnknownFlag<'a>(pub &'a [u8]);

/// The words of a list of flags. `-` and an empty field are no flags.
// [ "-" / flag *( "," flag ) ]
fn words(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let count = if matches!(bytes, b"" | b"-") { 0 } else { usize::MAX };
    bytes.split(|&byte| byte == b',').take(count)
}

/// Appends words with commas between them.
struct Writer<'v> {
    out: &'v mut Vec<u8>,
    begin: usize,
}

impl<'v> Writer<'v> {
    fn new(out: &'v mut Vec<u8>) -> Self {
        let begin = out.len();
        Self { out, begin }
    }

    fn word(&mut self, word: &str) {
        if self.out.len() > self.begin {
            self.out.push(b',');
        }
        self.out.extend_from_slice(word.as_bytes());
    }

    fn word_if(&mut self, holds: bool, word: &str) {
        if holds {
            self.word(word);
        }
    }
}

/// How a file is opened: the FLAGS of `fd.open`, and of a file in `fd.state`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "they are flags, each independent of the others")]
pub struct FileFlags {
    /// For reading.
    pub read: bool,
    /// For writing.
    pub write: bool,
    /// Every write goes to the end of the file (O_APPEND).
    pub append: bool,
    /// The file is made if it is not there (O_CREAT).
    pub create: bool,
    /// What is in the file is thrown away (O_TRUNC).
    pub truncate: bool,
    /// Reads and writes do not wait (O_NONBLOCK).
    pub nonblock: bool,
    /// Directories on the way are made if they are not there.
    pub mkdir: bool,
    /// The permissions of a file that is made, up to 0o777. Without `create` it is never there.
    pub mode: Option<u16>,
}

/// What is wrong with the flags of a file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileFlagsError<'a> {
    Unknown(UnknownFlag<'a>),
    /// This word: it is no mode, or nothing is created.
    Mode(&'a [u8]),
}

impl FileFlags {
    /// Reads `read write append create trunc truncate nonblock mkdir mode=MODE`.
    ///
    /// Without `read` or `write`, `append` and `trunc` imply `write`, and all else implies `read`:
    /// the result always has one of the two.
    ///
    /// # Errors
    ///
    /// The first word that is none of these, or a MODE that is wrong, or that is there without
    /// `create`.
    pub fn parse(bytes: &[u8]) -> Result<Self, UnknownFlag<'_>> {
        Self::parse_flags(bytes).map_err(|error| match error {
            FileFlagsError::Unknown(flag) => flag,
            FileFlagsError::Mode(word) => UnknownFlag(word),
        })
    }

    // file_flags = [ "-" / ( file_flag / mode ) *( "," ( file_flag / mode ) ) ]
    pub(crate) fn parse_flags(bytes: &[u8]) -> Result<Self, FileFlagsError<'_>> {
        let mut flags = Self::default();
        let mut mode_word = None;
        for word in words(bytes) {
            match word {
                b"read" => flags.read = true,
                b"write" => flags.write = true,
                b"append" => flags.append = true,
                b"create" => flags.create = true,
                b"trunc" | b"truncate" => flags.truncate = true,
                b"nonblock" => flags.nonblock = true,
                b"mkdir" => flags.mkdir = true,
                _ => {
                    let digits = word.strip_prefix(b"mode=");
                    let digits = digits.ok_or(FileFlagsError::Unknown(UnknownFlag(word)))?;
                    flags.mode = Some(mode(digits).ok_or(FileFlagsError::Mode(word))?);
                    mode_word = Some(word);
                }
            }
        }
        if let Some(word) = mode_word.filter(|_| !flags.create) {
            return Err(FileFlagsError::Mode(word));
        }
        if !flags.read && !flags.write {
            flags.write = flags.append || flags.truncate;
            flags.read = !flags.write;
        }
        Ok(flags)
    }

    /// Appends the flags: `read`, `write` or `read,write`, then `,append ,create ,trunc ,nonblock
    /// ,mkdir ,mode=0640`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut words = Writer::new(out);
        words.word_if(self.read, "read");
        words.word_if(self.write, "write");
        words.word_if(self.append, "append");
        words.word_if(self.create, "create");
        words.word_if(self.truncate, "trunc");
        words.word_if(self.nonblock, "nonblock");
        words.word_if(self.mkdir, "mkdir");
        if let Some(mode) = self.mode {
            words.word("mode=");
            write_mode(words.out, mode);
        }
    }
}

/// The permissions of a file: 0 to 0777.
// mode = "mode=" 1*4octdigit
pub(crate) fn mode(digits: &[u8]) -> Option<u16> {
    if !(1..=4).contains(&digits.len()) || !digits.iter().all(|digit| matches!(digit, b'0'..=b'7'))
    {
        return None;
    }
    let mode = digits.iter().fold(0, |mode, digit| mode * 8 + u16::from(digit - b'0'));
    (mode <= 0o777).then_some(mode)
}

/// Appends permissions in octal.
pub(crate) fn write_mode(out: &mut Vec<u8>, mode: u16) {
    let digit = |place: u16| b'0' + (mode >> (3 * place) & 7) as u8;
    out.extend([3, 2, 1, 0].map(digit));
}

/// The domain of a socket, which says what its addresses look like.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Domain {
    /// `unix`: addresses are paths.
    #[default]
    Unix,
    /// `inet`: IPv4.
    Inet,
    /// `inet6`: IPv6.
    Inet6,
}

impl Domain {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Unix => "unix",
            Self::Inet => "inet",
            Self::Inet6 => "inet6",
        }
    }
}

/// The type of a socket.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SocketType {
    /// `stream`: a connection that carries bytes.
    #[default]
    Stream,
    /// `dgram`: single messages.
    Dgram,
    /// `seqpacket`: a connection that carries messages.
    Seqpacket,
}

impl SocketType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Dgram => "dgram",
            Self::Seqpacket => "seqpacket",
        }
    }
}

/// What has been said of domain and type so far.
#[derive(Copy, Clone, Default)]
struct Endpoint {
    domain: Option<Domain>,
    kind: Option<SocketType>,
    /// `tcp` or `udp` was there: without a domain that means `inet`.
    internet: bool,
}

impl Endpoint {
    /// Takes a word, if it is about domain or type. The last one of each counts.
    fn take(&mut self, word: &[u8]) -> bool {
        match word {
            b"unix" => self.domain = Some(Domain::Unix),
            b"inet" => self.domain = Some(Domain::Inet),
            b"inet6" => self.domain = Some(Domain::Inet6),
            b"stream" => self.kind = Some(SocketType::Stream),
            b"dgram" => self.kind = Some(SocketType::Dgram),
            b"seqpacket" => self.kind = Some(SocketType::Seqpacket),
            b"tcp" | b"udp" => {
                self.kind =
                    Some(if word == b"tcp" { SocketType::Stream } else { SocketType::Dgram });
                self.internet = true;
            }
            _ => return false,
        }
        true
    }

    fn is_given(self) -> bool {
        self.domain.is_some() || self.kind.is_some()
    }

    fn domain_and_type(self) -> (Domain, SocketType) {
        let usual = if self.internet { Domain::Inet } else { Domain::Unix };
        (self.domain.unwrap_or(usual), self.kind.unwrap_or_default())
    }
}

/// How a pipe is made: the FLAGS of `fd.pipe`, and of a pipe in `fd.state`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PipeFlags {
    /// Reads and writes do not wait (O_NONBLOCK).
    pub nonblock: bool,
    /// Not a pipe but a pair of connected sockets of this kind.
    pub socket: Option<(Domain, SocketType)>,
}

impl PipeFlags {
    /// Reads `nonblock unix inet inet6 tcp udp dgram stream seqpacket`. Each but the first asks for
    /// a pair of sockets, of the kind `unix,stream` unless something else is given.
    ///
    /// # Errors
    ///
    /// The first word that is not one of these.
    // pipe_flags = [ "-" / pipe_flag *( "," pipe_flag ) ]
    pub fn parse(bytes: &[u8]) -> Result<Self, UnknownFlag<'_>> {
        let mut nonblock = false;
        let mut endpoint = Endpoint::default();
        for word in words(bytes) {
            if word == b"nonblock" {
                nonblock = true;
            } else if !endpoint.take(word) {
                return Err(UnknownFlag(word));
            }
        }
        Ok(Self { nonblock, socket: endpoint.is_given().then(|| endpoint.domain_and_type()) })
    }

    /// Appends the flags: domain and type if it is a pair of sockets, then `nonblock`. May append
    /// nothing.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut words = Writer::new(out);
        if let Some((domain, kind)) = self.socket {
            words.word(domain.as_str());
            words.word(kind.as_str());
        }
        words.word_if(self.nonblock, "nonblock");
    }
}

/// How a socket is made: the FLAGS of `fd.socket`, and of a socket in `fd.state`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SocketFlags {
    /// Its domain.
    pub domain: Domain,
    /// Its type.
    pub kind: SocketType,
    /// Reads, writes and accepts do not wait (O_NONBLOCK).
    pub nonblock: bool,
    /// Directories on the way to a unix socket are made if they are not there.
    pub mkdir: bool,
    /// It is bound to an address.
    pub bind: bool,
    /// It listens, with a queue of this length; never 0. It is bound then, too.
    pub listen: Option<u16>,
}

/// What is wrong with the flags of a socket.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum SocketFlagsError<'a> {
    Unknown(UnknownFlag<'a>),
    ListenQueue,
}

impl SocketFlags {
    /// The length of the listen queue when none is given.
    pub const BACKLOG: u16 = 32;

    /// Reads `unix inet inet6 tcp udp stream dgram seqpacket nonblock mkdir bind listen
    /// listen=BACKLOG`.
    ///
    /// # Errors
    ///
    /// The first word that is not one of these, or a `listen=BACKLOG` whose BACKLOG is not 1 to
    /// 65535.
    pub fn parse(bytes: &[u8]) -> Result<Self, UnknownFlag<'_>> {
        Self::parse_flags(bytes).map_err(|error| match error {
            SocketFlagsError::Unknown(flag) => flag,
            SocketFlagsError::ListenQueue => UnknownFlag(
                words(bytes)
                    .find(|word| backlog(word).is_some_and(|n| n.is_none()))
                    .unwrap_or_default(),
            ),
        })
    }

    // socket_flags = [ "-" / socket_flag *( "," socket_flag ) ]
    pub(crate) fn parse_flags(bytes: &[u8]) -> Result<Self, SocketFlagsError<'_>> {
        let mut flags = Self::default();
        let mut endpoint = Endpoint::default();
        for word in words(bytes) {
            match word {
                b"nonblock" => flags.nonblock = true,
                b"mkdir" => flags.mkdir = true,
                b"bind" => flags.bind = true,
                _ if endpoint.take(word) => {}
                _ => match backlog(word) {
                    Some(Some(length)) => flags.listen = Some(length),
                    Some(None) => return Err(SocketFlagsError::ListenQueue),
                    None => return Err(SocketFlagsError::Unknown(UnknownFlag(word))),
                },
            }
        }
        flags.bind |= flags.listen.is_some();
        (flags.domain, flags.kind) = endpoint.domain_and_type();
        Ok(flags)
    }

    /// Appends the flags: domain and type, then `,bind ,listen=N ,mkdir ,nonblock`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut words = Writer::new(out);
        words.word(self.domain.as_str());
        words.word(self.kind.as_str());
        words.word_if(self.bind, "bind");
        if let Some(backlog) = self.listen {
            words.word("listen=");
            write_u64(words.out, u64::from(backlog));
        }
        words.word_if(self.mkdir, "mkdir");
        words.word_if(self.nonblock, "nonblock");
    }
}

/// `None`: this is not about the queue. `Some(None)`: it is, and wrong.
// "listen" [ "=" 1*5DIGIT ]
fn backlog(word: &[u8]) -> Option<Option<u16>> {
    let rest = word.strip_prefix(b"listen")?;
    if rest.is_empty() {
        return Some(Some(SocketFlags::BACKLOG));
    }
    let digits = rest.strip_prefix(b"=")?;
    Some(crate::kind::integer(digits).and_then(|n| u16::try_from(n.value).ok()).filter(|&n| n > 0))
}

/// How much a log message matters.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// Every step.
    Trace,
    /// For debugging.
    Debug,
    /// Normal events.
    Info,
    /// Something is odd.
    Warning,
    /// Something failed.
    Error,
    /// The daemon cannot go on.
    Fatal,
}

impl LogLevel {
    /// Its name, as it precedes a log message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

/// Which log messages are suppressed: those of this level and of all before it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogFilter {
    /// Nothing is suppressed.
    None,
    /// `trace` is.
    Trace,
    /// `debug` and `trace` are. The daemon begins with this.
    Debug,
    /// `info` and what is before it.
    Info,
    /// `warning` and what is before it.
    Warning,
    /// `error` and what is before it.
    Error,
    /// Everything is suppressed.
    Fatal,
}

impl LogFilter {
    const ALL: [Self; 7] =
        [Self::None, Self::Trace, Self::Debug, Self::Info, Self::Warning, Self::Error, Self::Fatal];

    /// The filter of this name.
    // level = "none" / "trace" / "debug" / "info" / "warning" / "error" / "fatal"
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.as_str().as_bytes() == bytes)
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// Appends its name.
    pub fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_str().as_bytes());
    }

    /// Whether a message of this level is kept out of the log.
    #[must_use]
    pub const fn suppresses(self, level: LogLevel) -> bool {
        self as u8 > level as u8
    }

    /// The filter that suppresses one level more; the last one stays.
    #[must_use]
    pub fn up(self) -> Self {
        Self::ALL.get(self as usize + 1).copied().unwrap_or(self)
    }

    /// The filter that suppresses one level less; the first one stays.
    #[must_use]
    pub fn down(self) -> Self {
        Self::ALL[(self as usize).saturating_sub(1)]
    }

    /// The filter after this change.
    #[must_use]
    pub fn changed(self, change: FilterChange) -> Self {
        match change {
            FilterChange::Set(filter) => filter,
            FilterChange::Up => self.up(),
            FilterChange::Down => self.down(),
        }
    }
}

/// What `log.filter` asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum FilterChange {
    /// This filter.
    Set(LogFilter),
    /// `+`: suppress one level more.
    Up,
    /// `-`: suppress one level less.
    Down,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> String {
        let mut out = Vec::new();
        FileFlags::parse(text.as_bytes()).unwrap().write(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn socket(text: &str) -> String {
        let mut out = Vec::new();
        SocketFlags::parse(text.as_bytes()).unwrap().write(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn pipe(text: &str) -> String {
        let mut out = Vec::new();
        PipeFlags::parse(text.as_bytes()).unwrap().write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_file_is_read_unless_something_else_is_said() {
        assert_eq!(file(""), "read");
        assert_eq!(file("-"), "read");
        assert_eq!(file("create"), "read,create");
        assert_eq!(file("append,create"), "write,append,create");
        assert_eq!(file("truncate"), "write,trunc");
        assert_eq!(file("read,append"), "read,append");
        assert_eq!(
            file("mkdir,nonblock,trunc,create,append,write,read"),
            "read,write,append,create,trunc,nonblock,mkdir"
        );
        assert_eq!(FileFlags::parse(b"read,,write"), Err(UnknownFlag(b"")));
        assert_eq!(file("mode=640,write,create"), "write,create,mode=0640");
        assert_eq!(file("create,mode=0"), "read,create,mode=0000");
        for wrong in ["mode=", "mode=8", "mode=1000", "mode=00640", "mode=-1"] {
            let flags = format!("create,{wrong}");
            assert_eq!(FileFlags::parse(flags.as_bytes()), Err(UnknownFlag(wrong.as_bytes())));
        }
        assert_eq!(FileFlags::parse(b"write,mode=0640"), Err(UnknownFlag(b"mode=0640")));
    }

    #[test]
    fn sockets_have_defaults() {
        assert_eq!(socket(""), "unix,stream");
        assert_eq!(socket("udp"), "inet,dgram");
        assert_eq!(socket("inet6,tcp"), "inet6,stream");
        assert_eq!(socket("listen,inet"), "inet,stream,bind,listen=32");
        assert_eq!(
            socket("nonblock,mkdir,seqpacket,listen=65535"),
            "unix,seqpacket,bind,listen=65535,mkdir,nonblock"
        );
        assert_eq!(SocketFlags::parse(b"bind,listener"), Err(UnknownFlag(b"listener")));
        assert_eq!(SocketFlags::parse(b"bind,listen=0"), Err(UnknownFlag(b"listen=0")));
        assert_eq!(SocketFlags::parse_flags(b"listen="), Err(SocketFlagsError::ListenQueue));
    }

    #[test]
    fn a_pipe_is_a_pipe_until_a_socket_is_asked_for() {
        assert_eq!(pipe(""), "");
        assert_eq!(pipe("nonblock"), "nonblock");
        assert_eq!(pipe("nonblock,dgram"), "unix,dgram,nonblock");
        assert_eq!(PipeFlags::parse(b"bind"), Err(UnknownFlag(b"bind")));
    }

    #[test]
    fn filters_suppress_their_level_and_below() {
        assert!(!LogFilter::None.suppresses(LogLevel::Trace));
        assert!(LogFilter::Debug.suppresses(LogLevel::Debug));
        assert!(!LogFilter::Debug.suppresses(LogLevel::Info));
        assert!(LogFilter::Fatal.suppresses(LogLevel::Fatal));
        assert_eq!(LogFilter::Fatal.changed(FilterChange::Up), LogFilter::Fatal);
        assert_eq!(LogFilter::None.changed(FilterChange::Down), LogFilter::None);
        assert_eq!(LogFilter::Info.changed(FilterChange::Up), LogFilter::Warning);
    }
}
