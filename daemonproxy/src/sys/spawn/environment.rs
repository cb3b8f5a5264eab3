//! The environment of a child that has one of its own.
//!
//! It is put together here, in memory that the next one uses again. So it is for children of
//! fork(2), which have a copy.

use std::ffi::{CStr, c_char};

use daemonproxy_core::Errno;
use daemonproxy_protocol::Fields;

use super::super::start::environ;
use super::decode::decode_onto;
use super::identity::Person;

/// Room for the digits of a process id.
pub(super) const PID_DIGITS: usize = 10;

/// Strings that are put together.
pub(super) struct Environment {
    text: Vec<u8>,
    /// Where each begins in there, or a string of the daemon's own environment.
    list: Vec<Variable>,
    pointers: Vec<*const c_char>,
}

#[derive(Copy, Clone)]
enum Variable {
    Own(usize),
    Daemon(*const c_char),
}

/// What a child should have.
#[derive(Default)]
pub(super) struct Contents<'a> {
    /// For every child, and for this one: `KEY=VALUE`, `KEY%=VALUE`, `!KEY`, and a first `!`.
    pub(super) lists: [Fields<'a>; 2],
    pub(super) person: Option<Person>,
    /// The names of descriptors from 3 on.
    pub(super) listen: Option<Fields<'a>>,
    /// Where to send messages to the daemon (sd_notify(3)): a name without the NUL before it.
    pub(super) notify: Option<&'a [u8]>,
    /// How often it must say that it is alive, in microseconds.
    pub(super) watchdog: Option<u128>,
}

/// Where it is.
pub(super) struct Made {
    pub(super) list: *const *const c_char,
    /// The value of PATH, if there is one.
    pub(super) path: Option<&'static [u8]>,
    /// Where the child writes its process id, or null.
    pub(super) pids: [*mut u8; 2],
}

impl Contents<'_> {
    /// Whether there is anything that the daemon itself does not have.
    pub(super) fn is_own(&self) -> bool {
        self.person.is_some()
            || self.listen.is_some()
            || self.notify.is_some()
            || self.lists.iter().any(|list| !list.is_empty())
    }

    fn bytes(&self) -> usize {
        let names = self.listen.map_or(0, |names| names.as_bytes().len() + 100);
        let lists: usize = self.lists.iter().map(|list| list.as_bytes().len() + 1).sum();
        // Four variables with what is in three fields of an entry.
        let notify = self.notify.map_or(0, |name| name.len() + 200);
        lists + names + notify + self.person.as_ref().map_or(0, |_| 4 * 300)
    }

    fn count(&self) -> usize {
        // Each takes two bytes of a list at least.
        10 + self.lists.iter().map(|list| list.as_bytes().len() / 2 + 1).sum::<usize>()
    }
}

impl Environment {
    /// With room for so many bytes of lists.
    pub(super) fn new(longest: usize) -> Self {
        let count = if longest == 0 { 0 } else { longest / 2 + daemons().count() + 8 };
        Self {
            text: Vec::with_capacity(if longest == 0 { 0 } else { longest + 8192 }),
            list: Vec::with_capacity(count),
            pointers: Vec::with_capacity(count + 1),
        }
    }

    /// Puts it together; it stays there until the next one.
    pub(super) fn make(&mut self, contents: &Contents<'_>) -> Result<Made, Errno> {
        let no_memory = |_| Errno(libc::ENOMEM);
        let count = contents.count() + daemons().count();
        self.text.clear();
        self.list.clear();
        self.pointers.clear();
        self.text.try_reserve(contents.bytes()).map_err(no_memory)?;
        self.list.try_reserve(count).map_err(no_memory)?;
        self.pointers.try_reserve(count + 1).map_err(no_memory)?;
        self.list.extend(daemons().map(Variable::Daemon));
        let [every, own] = contents.lists;
        self.apply(every);
        if own.iter().next() == Some(b"!") {
            self.list.clear();
        }
        if let Some(Person { name, home, shell }) = &contents.person {
            let name = name.as_bytes();
            for (key, value) in [
                (&b"HOME"[..], home.as_bytes()),
                (b"USER", name),
                (b"LOGNAME", name),
                (b"SHELL", shell.as_bytes()),
            ] {
                self.set(key, value);
            }
        }
        self.apply_rest(own);
        let mut pids = [None; 2];
        if let Some(names) = contents.listen {
            pids[0] = Some(self.set_listen(names));
        }
        if let Some(name) = contents.notify {
            self.set_with(b"NOTIFY_SOCKET", |text| {
                text.push(b'@');
                text.extend_from_slice(name);
            });
        }
        if let Some(micros) = contents.watchdog {
            self.set(b"WATCHDOG_USEC", micros.to_string().as_bytes());
            pids[1] = Some(self.set_with(b"WATCHDOG_PID", |text| {
                text.extend_from_slice(&[0; PID_DIGITS]);
            }));
        }
        for &variable in &self.list {
            self.pointers.push(match variable {
                Variable::Daemon(string) => string,
                Variable::Own(at) => self.text[at..].as_ptr().cast(),
            });
        }
        self.pointers.push(std::ptr::null());
        let path =
            self.list.iter().find_map(|&variable| self.string(variable).strip_prefix(b"PATH="));
        // SAFETY: of the daemon's environment, or of our text, which stays until the child that has
        // a copy of it has been made; nothing uses it after that.
        let path =
            path.map(|path| unsafe { std::slice::from_raw_parts(path.as_ptr(), path.len()) });
        let pids = pids.map(|at| match at {
            Some(at) => self.text[at..].as_mut_ptr(),
            None => std::ptr::null_mut(),
        });
        Ok(Made { list: self.pointers.as_ptr(), path, pids })
    }

    fn apply(&mut self, list: Fields<'_>) {
        if list.iter().next() == Some(b"!") {
            self.list.clear();
        }
        self.apply_rest(list);
    }

    /// All but what a first `!` means.
    fn apply_rest(&mut self, list: Fields<'_>) {
        for item in list.iter() {
            if let Some(key) = item.strip_prefix(b"!") {
                self.remove(key);
            } else if let Some(at) = item.iter().position(|&byte| byte == b'=') {
                let (key, value) = (&item[..at], &item[at + 1..]);
                match key.strip_suffix(b"%") {
                    Some(key) => {
                        self.set_with(key, |text| decode_onto(value, text));
                    }
                    None => self.set(key, value),
                }
            }
        }
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.set_with(key, |text| text.extend_from_slice(value));
    }

    /// In place of the one with the same key, or at the end. Returns where its value begins.
    fn set_with(&mut self, key: &[u8], value: impl FnOnce(&mut Vec<u8>)) -> usize {
        let at = self.text.len();
        self.text.extend_from_slice(key);
        self.text.push(b'=');
        let begin = self.text.len();
        value(&mut self.text);
        self.text.push(0);
        match self.list.iter().position(|&variable| self.is(variable, key)) {
            Some(place) => self.list[place] = Variable::Own(at),
            None => self.list.push(Variable::Own(at)),
        }
        begin
    }

    fn remove(&mut self, key: &[u8]) {
        let mut list = std::mem::take(&mut self.list);
        list.retain(|&variable| !self.is(variable, key));
        self.list = list;
    }

    fn set_listen(&mut self, names: Fields<'_>) -> usize {
        let count = names.len().to_string();
        self.set(b"LISTEN_FDS", count.as_bytes());
        self.set_with(b"LISTEN_FDNAMES", |text| {
            let names = names.as_bytes().iter();
            text.extend(names.map(|&byte| if byte == b'\t' { b':' } else { byte }));
        });
        self.set_with(b"LISTEN_PID", |text| text.extend_from_slice(&[0; PID_DIGITS]))
    }

    fn is(&self, variable: Variable, key: &[u8]) -> bool {
        self.string(variable).strip_prefix(key).is_some_and(|rest| rest.starts_with(b"="))
    }

    fn string(&self, variable: Variable) -> &[u8] {
        match variable {
            Variable::Own(at) => {
                self.text[at..].split(|&byte| byte == 0).next().unwrap_or_default()
            }
            // SAFETY: the environment stays as it is while the process lives.
            Variable::Daemon(string) => unsafe { CStr::from_ptr(string) }.to_bytes(),
        }
    }
}

/// The daemon's own variables.
fn daemons() -> impl Iterator<Item = *const c_char> {
    // SAFETY: a null-terminated list of strings, and nothing in the daemon changes it.
    unsafe {
        let mut next = environ;
        std::iter::from_fn(move || {
            let string = if next.is_null() { std::ptr::null() } else { *next };
            (!string.is_null()).then(|| {
                next = next.add(1);
                string
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(every: &[u8], own: &[u8]) -> Vec<String> {
        let mut environment = Environment::new(0);
        let lists = [Fields::new(every), Fields::new(own)];
        environment.make(&Contents { lists, ..Contents::default() }).unwrap();
        let list = environment.list.iter();
        list.map(|&it| String::from_utf8_lossy(environment.string(it)).into_owned()).collect()
    }

    #[test]
    fn lists_come_one_after_the_other() {
        assert_eq!(made(b"!\tA=1\tB=2\tC=3", b"!B\tA=x\tD%=a%0Ab"), ["A=x", "C=3", "D=a\nb"]);
        assert_eq!(made(b"A=1", b"!\tB=1"), ["B=1"]);
        assert_eq!(made(b"!\tAB=1", b"A=2\t!AB"), ["A=2"]);
        assert!(made(b"A=1", b"").len() > 1, "the daemon has an environment");
    }

    #[test]
    fn descriptors_are_announced() {
        let mut environment = Environment::new(0);
        let listen = Some(Fields::new(b"http\thttps"));
        let lists = [Fields::new(b"!"), Fields::default()];
        let made = environment.make(&Contents { lists, listen, ..Contents::default() }).unwrap();
        assert!(!made.pids[0].is_null());
        let all: Vec<_> = environment.list.iter().map(|&it| environment.string(it)).collect();
        assert_eq!(all[..2], [&b"LISTEN_FDS=2"[..], b"LISTEN_FDNAMES=http:https"]);
    }
}
