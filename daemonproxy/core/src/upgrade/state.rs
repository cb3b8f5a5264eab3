//! The state as text: lines of fields with TABs between them, as everywhere in the protocol.
//!
//! The first field says what a line is about: a command that makes a setting again, or `resume.…`
//! for what no command can say. Of these, each field is a `KEY=VALUE`, and one that is as in a new
//! daemon is left out. So a state without a new thing can be read by a program that does not know
//! that thing; and one with it cannot be misread, since an unknown key is an error.

use daemonproxy_protocol::{Fields, key};

use crate::memory::{NoRoom, Reserved, Text};
use crate::system::Fd;

/// FNV-1a.
const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// A number for these bytes, and for what was before them: 0 for nothing.
#[must_use]
pub fn digest(before: u64, bytes: &[u8]) -> u64 {
    let one = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    bytes.iter().fold(before ^ FNV_BASIS, one)
}

/// A state that was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The lines, each with its LF.
    pub text: Vec<u8>,
    /// All descriptors that are named in it: whoever goes on with it needs them.
    pub fds: Vec<Fd>,
    /// What must be known to understand it, each word hashed, in order: kinds of lines, keys, words.
    pub words: Vec<u64>,
}

/// A value that is written in one field.
pub trait Value: Sized {
    /// Appends it.
    fn write(&self, to: &mut Writer);
    /// The value that is written there; `None` if that cannot be one.
    fn parse(text: &[u8]) -> Option<Self>;
    /// Becomes that value, in the memory that it has if it has some.
    fn read(&mut self, text: &[u8]) -> Option<()> {
        *self = Self::parse(text)?;
        Some(())
    }
}

/// A state that is being written.
#[derive(Default)]
pub struct Writer {
    state: State,
    /// There was no memory for all of it.
    is_cut: bool,
    /// The hash of the kind of this line.
    kind: u64,
}

impl Writer {
    /// Appends a part of a field.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.is_cut || self.state.text.try_reserve(bytes.len()).is_err() {
            self.is_cut = true;
            return;
        }
        self.state.text.add(bytes);
    }

    /// Appends what a function of the protocol writes: at most so many bytes.
    pub(crate) fn push_written(&mut self, most: usize, write: impl FnOnce(&mut Vec<u8>)) {
        if self.is_cut || self.state.text.try_reserve(most).is_err() {
            self.is_cut = true;
            return;
        }
        write(&mut self.state.text);
    }

    /// Appends a word that has a meaning.
    pub(crate) fn push_word(&mut self, word: &[u8]) {
        self.push(word);
        self.must_know(word);
    }

    /// Appends a descriptor.
    pub(crate) fn push_fd(&mut self, fd: Fd) {
        fd.0.write(self);
        let place = self.state.fds.partition_point(|&other| other < fd);
        if fd.0 < 0 || self.state.fds.get(place) == Some(&fd) {
            return;
        }
        match self.state.fds.try_reserve(1) {
            Ok(()) => self.state.fds.put_at(place, fd),
            Err(_) => self.is_cut = true,
        }
    }

    /// Begins a line.
    pub fn begin(&mut self, kind: &[u8]) {
        self.push(kind);
        self.kind = 0;
        self.kind = self.must_know(kind);
    }

    /// Adds a field, as it is.
    pub fn field(&mut self, field: &[u8]) {
        self.push(b"\t");
        self.push(field);
    }

    /// Adds a field `KEY=VALUE`.
    pub fn keyed(&mut self, key: &str, value: &impl Value) {
        self.push(b"\t");
        self.push(key.as_bytes());
        self.must_know(key.as_bytes());
        self.push(b"=");
        value.write(self);
    }

    /// The same, unless the value is what it would be in a new daemon.
    pub(crate) fn unless_fresh<T: Value + PartialEq>(&mut self, key: &str, value: &T, fresh: &T) {
        if value != fresh {
            self.keyed(key, value);
        }
    }

    /// Whoever reads this line must know that word.
    fn must_know(&mut self, word: &[u8]) -> u64 {
        let hash = digest(self.kind, word);
        if let Err(place) = self.state.words.binary_search(&hash) {
            match self.state.words.try_reserve(1) {
                Ok(()) => self.state.words.put_at(place, hash),
                Err(_) => self.is_cut = true,
            }
        }
        hash
    }

    /// Ends the line.
    pub fn end(&mut self) {
        self.push(b"\n");
    }

    /// A whole line: a command with the fields of a list, of each of which what is before this must
    /// be known.
    pub(crate) fn command(&mut self, command: &[u8], name: &[u8], list: Fields<'_>) {
        self.begin(command);
        if !name.is_empty() {
            self.field(name);
        }
        if !list.is_empty() {
            self.field(list.as_bytes());
        }
        if command == b"service.options" {
            for option in list.iter() {
                self.must_know(key(option));
            }
        }
        self.end();
    }

    /// The whole state.
    pub(crate) fn finish(self) -> Result<State, NoRoom> {
        if self.is_cut { Err(NoRoom) } else { Ok(self.state) }
    }
}

/// Why a state cannot be read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Wrong<'a> {
    /// This key is not known, or not here.
    Key(&'a [u8]),
    /// This field has a value that cannot be.
    Value(&'a [u8]),
    /// A field is missing.
    Missing,
    /// There is no such kind of line, or it is not a command that this daemon knows.
    Kind,
    /// It is about something of which nothing was said before.
    Unknown,
    /// There is no memory for it.
    NoRoom,
}

impl From<NoRoom> for Wrong<'_> {
    fn from(_: NoRoom) -> Self {
        Self::NoRoom
    }
}

/// What reading something of a state comes to.
pub type Read<'a, T = ()> = Result<T, Wrong<'a>>;

/// A line of a state.
#[derive(Copy, Clone)]
pub struct StateLine<'a> {
    /// What it is about.
    pub kind: &'a [u8],
    /// What follows that.
    pub rest: Fields<'a>,
}

impl<'a> StateLine<'a> {
    /// Cuts a line.
    pub fn of(line: &'a [u8]) -> Self {
        match line.iter().position(|&byte| byte == b'\t') {
            Some(tab) => Self { kind: &line[..tab], rest: Fields::new(&line[tab + 1..]) },
            None => Self { kind: line, rest: Fields::default() },
        }
    }

    /// Its first field, and all after that.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn first(self) -> Read<'a, (&'a [u8], Fields<'a>)> {
        let bytes = self.rest.as_bytes();
        match bytes.iter().position(|&byte| byte == b'\t') {
            Some(tab) => Ok((&bytes[..tab], Fields::new(&bytes[tab + 1..]))),
            None if bytes.is_empty() => Err(Wrong::Missing),
            None => Ok((bytes, Fields::default())),
        }
    }
}

/// Cuts a field into its key and its value.
///
/// # Errors
///
/// It has no `=`.
pub fn split(field: &[u8]) -> Read<'_, (&[u8], &[u8])> {
    let equals = field.iter().position(|&byte| byte == b'=').ok_or(Wrong::Key(field))?;
    Ok((&field[..equals], &field[equals + 1..]))
}

/// What can be written to a state, field by field, and be read again.
pub(crate) trait Carried {
    /// Adds its fields to a line.
    fn save(&self, to: &mut Writer);
    /// Takes one of them. Those that do not come stay as they are in a new daemon.
    fn set<'a>(&mut self, field: &'a [u8]) -> Read<'a>;

    /// Takes all of them.
    fn load<'a>(&mut self, fields: Fields<'a>) -> Read<'a> {
        fields.iter().try_for_each(|field| self.set(field))
    }
}

/// Says of a type which of its fields are carried over an upgrade, each under its own name, and
/// which are not, because something else that is carried says them too. All are named, so one that
/// is new does not compile until it is decided what becomes of it.
macro_rules! carried {
    ($type:ty, as in $fresh:expr, carries $($field:ident)*, but not $($not:ident)*) => {
        impl $crate::upgrade::state::Carried for $type {
            fn save(&self, to: &mut $crate::upgrade::state::Writer) {
                let Self { $($field,)* $($not: _,)* } = self;
                let fresh: &Self = &$fresh;
                $(to.unless_fresh(stringify!($field), $field, &fresh.$field);)*
            }

            fn set<'a>(&mut self, field: &'a [u8]) -> $crate::upgrade::state::Read<'a> {
                let (key, value) = $crate::upgrade::state::split(field)?;
                let _ = value;
                $(if key == stringify!($field).as_bytes() {
                    return $crate::upgrade::state::Value::read(&mut self.$field, value)
                        .ok_or($crate::upgrade::state::Wrong::Value(field));
                })*
                Err($crate::upgrade::state::Wrong::Key(key))
            }
        }
    };
}

/// Says by which word each of the values of a type is carried.
macro_rules! carried_words {
    ($type:ty: $($value:ident = $word:literal)*) => {
        impl $crate::upgrade::state::Value for $type {
            fn write(&self, to: &mut $crate::upgrade::state::Writer) {
                to.push_word(match self { $(Self::$value => $word,)* });
            }

            fn parse(text: &[u8]) -> Option<Self> {
                match text { $($word => Some(Self::$value),)* _ => None }
            }
        }
    };
}

pub(crate) use {carried, carried_words};
