//! Whom a child runs as: /etc/passwd and /etc/group, read when it is started.
//!
//! The program is static, so the C library could not ask other sources of names anyway, and it
//! would want memory. A file is read in pieces, however long its lines are.

use std::ffi::CStr;

use daemonproxy_core::{Errno, Fd, SpawnFailure, SpawnStage};
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;

use super::super::fd::{close, give, read};

const PASSWD: &CStr = c"/etc/passwd";
const GROUP: &CStr = c"/etc/group";

/// The most supplementary groups.
pub(super) const MOST_GROUPS: usize = 64;
/// The longest field of these files that means anything here.
const LONGEST: usize = 255;

/// What the options say.
#[derive(Copy, Clone, Default)]
pub(super) struct Wanted<'a> {
    pub(super) user: Option<&'a [u8]>,
    pub(super) group: Option<&'a [u8]>,
    pub(super) groups: Option<&'a [u8]>,
}

/// What the child sets.
#[derive(Copy, Clone)]
pub(super) struct Ids {
    pub(super) user: Option<u32>,
    pub(super) group: Option<u32>,
    pub(super) groups: Groups,
}

/// Supplementary groups.
#[derive(Copy, Clone)]
pub(super) struct Groups {
    list: [u32; MOST_GROUPS],
    count: usize,
}

/// Somebody with an entry, for the environment.
pub(super) struct Person {
    pub(super) name: Field,
    pub(super) home: Field,
    pub(super) shell: Field,
}

impl Wanted<'_> {
    pub(super) fn is_any(&self) -> bool {
        self.user.is_some() || self.group.is_some() || self.groups.is_some()
    }

    /// What of it does not exist, if that can be known.
    pub(super) fn unknown(&self) -> Option<SpawnStage> {
        let failure = self.look_up().err().filter(|failure| failure.errno == NOBODY)?;
        // A file that is not there says the same.
        [PASSWD, GROUP].iter().all(|path| Database::open(path).is_ok()).then_some(failure.stage)
    }

    /// Looks all of it up. Somebody who was given by name also has an environment.
    pub(super) fn look_up(&self) -> Result<(Ids, Option<Person>), SpawnFailure> {
        let at = |stage| move |errno| SpawnFailure { stage, errno };
        let mut ids = Ids { user: None, group: None, groups: Groups::NONE };
        let mut person = None;
        if let Some(user) = self.user {
            let found = User::find(user).map_err(at(SpawnStage::User))?;
            match (found, number(user)) {
                (Some(entry), given) => {
                    ids.user = Some(entry.user);
                    ids.group = Some(entry.group);
                    person = given.is_none().then_some(entry.person);
                }
                (None, Some(given)) if self.group.is_some() => ids.user = Some(given),
                (None, _) => return Err(at(SpawnStage::User)(NOBODY)),
            }
        }
        let group_of = |name: &[u8]| match number(name) {
            Some(number) => Ok(number),
            None => find_group(name)?.ok_or(NOBODY),
        };
        if let Some(group) = self.group {
            ids.group = Some(group_of(group).map_err(at(SpawnStage::Group))?);
        }
        match (self.groups, &person) {
            (Some(names), _) => {
                for name in names.split(|&byte| byte == b':').filter(|name| !name.is_empty()) {
                    let group = group_of(name).and_then(|group| ids.groups.add(group));
                    group.map_err(at(SpawnStage::Group))?;
                }
            }
            (None, Some(person)) => {
                add_groups_of(person.name.as_bytes(), &mut ids.groups)
                    .map_err(at(SpawnStage::Group))?;
                if let Some(own) = ids.group {
                    ids.groups.add(own).map_err(at(SpawnStage::Group))?;
                }
            }
            (None, None) => {}
        }
        Ok((ids, person))
    }
}

/// There is no such user or group.
const NOBODY: Errno = Errno(libc::ENOENT);

impl Groups {
    const NONE: Self = Self { list: [0; MOST_GROUPS], count: 0 };

    pub(super) fn as_slice(&self) -> &[u32] {
        self.list.get(..self.count).unwrap_or_default()
    }

    fn add(&mut self, group: u32) -> Result<(), Errno> {
        if self.as_slice().contains(&group) {
            return Ok(());
        }
        *self.list.get_mut(self.count).ok_or(Errno(libc::E2BIG))? = group;
        self.count += 1;
        Ok(())
    }
}

struct User {
    user: u32,
    group: u32,
    person: Person,
}

impl User {
    /// By name or by number: the first entry that fits.
    fn find(wanted: &[u8]) -> Result<Option<Self>, Errno> {
        let by_number = number(wanted);
        let mut file = Database::open(PASSWD)?;
        // name:password:UID:GID:comment:home:shell
        while let Some(name) = file.field(b"")? {
            let mut next = || Ok(file.field(b"")?.unwrap_or(Field::NONE));
            let _ = next()?;
            let (user, group) = (next()?, next()?);
            let _ = next()?;
            let (home, shell) = (next()?, next()?);
            file.skip_line()?;
            let (Some(user), Some(group)) = (number(user.as_bytes()), number(group.as_bytes()))
            else {
                continue;
            };
            if by_number.map_or(name.is(wanted), |number| number == user) {
                return Ok(Some(Self { user, group, person: Person { name, home, shell } }));
            }
        }
        Ok(None)
    }
}

/// The number of this group.
fn find_group(wanted: &[u8]) -> Result<Option<u32>, Errno> {
    let mut file = Database::open(GROUP)?;
    // name:password:GID:members
    while let Some(name) = file.field(b"")? {
        let _ = file.field(b"")?;
        let group = file.field(b"")?.and_then(|group| number(group.as_bytes()));
        file.skip_line()?;
        if name.is(wanted) && group.is_some() {
            return Ok(group);
        }
    }
    Ok(None)
}

/// All groups of which this user is a member.
fn add_groups_of(user: &[u8], groups: &mut Groups) -> Result<(), Errno> {
    let mut file = Database::open(GROUP)?;
    while file.field(b"")?.is_some() {
        let _ = file.field(b"")?;
        let group = file.field(b"")?.and_then(|group| number(group.as_bytes()));
        let mut is_member = false;
        while let Some(member) = file.rest_of_line(b",")? {
            is_member |= member.is(user);
        }
        if let (true, Some(group)) = (is_member, group) {
            groups.add(group)?;
        }
    }
    Ok(())
}

/// A field of such a file, cut when it is very long; then it is nobody's name.
pub(super) struct Field {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Field {
    const NONE: Self = Self { bytes: [0; LONGEST], length: 0 };

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn is(&self, wanted: &[u8]) -> bool {
        self.length <= LONGEST && self.as_bytes() == wanted
    }
}

/// One of these files.
struct Database {
    fd: Fd,
    buffer: [u8; 4096],
    at: usize,
    end: usize,
    /// The last field was the last of its line.
    line_is_over: bool,
}

impl Database {
    fn open(path: &CStr) -> Result<Self, Errno> {
        let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
        let fd = nix::fcntl::open(path, flags, Mode::empty()).map_err(super::super::errno)?;
        Ok(Self { fd: give(fd), buffer: [0; 4096], at: 0, end: 0, line_is_over: true })
    }

    fn byte(&mut self) -> Result<Option<u8>, Errno> {
        if self.at == self.end {
            self.at = 0;
            self.end = read(self.fd, &mut self.buffer)?.unwrap_or(0);
        }
        let byte = self.buffer.get(self.at).copied().filter(|_| self.at < self.end);
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    /// The next field, which `:` ends, or one of these. Of a line that is over: the first of the
    /// next one. Nothing at the end of the file.
    fn field(&mut self, separators: &[u8]) -> Result<Option<Field>, Errno> {
        let mut field = Field::NONE;
        let mut any = false;
        loop {
            match self.byte()? {
                None => {
                    self.line_is_over = true;
                    return Ok(any.then_some(field));
                }
                Some(byte) if byte == b':' || byte == b'\n' || separators.contains(&byte) => {
                    self.line_is_over = byte == b'\n';
                    return Ok(Some(field));
                }
                Some(byte) => {
                    any = true;
                    if let Some(place) = field.bytes.get_mut(field.length) {
                        *place = byte;
                    }
                    field.length += 1;
                }
            }
        }
    }

    /// The next field of this line, if there is one.
    fn rest_of_line(&mut self, separators: &[u8]) -> Result<Option<Field>, Errno> {
        if self.line_is_over { Ok(None) } else { self.field(separators) }
    }

    fn skip_line(&mut self) -> Result<(), Errno> {
        while self.rest_of_line(b"")?.is_some() {}
        Ok(())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        close(self.fd);
    }
}

fn number(text: &[u8]) -> Option<u32> {
    if !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // The highest number means "no change" to the kernel.
    std::str::from_utf8(text).ok()?.parse().ok().filter(|&number| number != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_found() {
        for user in [&b"root"[..], b"0"] {
            let wanted = Wanted { user: Some(user), ..Wanted::default() };
            let (ids, person) = wanted.look_up().ok().unwrap();
            assert_eq!((ids.user, ids.group), (Some(0), Some(0)));
            assert_eq!(person.is_some(), user == b"root");
        }
    }

    #[test]
    fn nobody_of_that_name_is_not() {
        let stage = |wanted: Wanted<'_>| wanted.look_up().err().map(|failure| failure.stage);
        let user = Some(&b"no-such-user"[..]);
        assert_eq!(stage(Wanted { user, ..Wanted::default() }), Some(SpawnStage::User));
        assert_eq!(stage(Wanted { group: user, ..Wanted::default() }), Some(SpawnStage::Group));
        let user = Some(&b"4123456789"[..]);
        assert_eq!(stage(Wanted { user, ..Wanted::default() }), Some(SpawnStage::User));
        let group = Some(&b"7"[..]);
        let groups = Some(&b"8:root:8"[..]);
        let (ids, _) = Wanted { user, group, groups }.look_up().ok().unwrap();
        assert_eq!((ids.user, ids.group), (Some(4_123_456_789), Some(7)));
        assert_eq!(ids.groups.as_slice(), [8, 0]);
    }
}
