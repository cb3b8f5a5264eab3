//! What whoever has started the daemon opened for it: descriptors from 3 on, and their names
//! (sd_listen_fds(3)).

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_protocol::Name;

use super::start::take_variables;

/// In the environment for the daemon alone: services are given descriptors of their own.
pub(super) const VARIABLES: [&str; 3] = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"];
/// The number of the first one.
const FIRST: usize = 3;
/// Names that mean something else already; so does whatever begins with [`NUMBERED`].
const RESERVED: [&[u8]; 8] = [
    b"null",
    b"stdin",
    b"stdout",
    b"stderr",
    b"control.event",
    b"control.cmd",
    b"control.socket",
    b"terminal.log",
];
/// How the names of all other descriptors begin.
const NUMBERED: &[u8] = b"fd_";

/// See the top of this file.
pub(crate) struct Handed {
    count: usize,
    names: OsString,
}

impl Handed {
    /// Takes what is in the environment out of it ([`take_variables`]).
    pub(crate) fn take() -> Self {
        let [pid, count, names] = take_variables(VARIABLES);
        let number = |text: Option<OsString>| text.and_then(|text| text.to_str()?.parse().ok());
        // Else they are for another process, which did not take the variables out.
        let is_for_us = number(pid) == usize::try_from(std::process::id()).ok();
        let count = if is_for_us { number(count).unwrap_or(0) } else { 0 };
        Self { count, names: names.unwrap_or_default() }
    }

    /// The name that the descriptor of this number was given, if it can have that: it is a name,
    /// means nothing else, and none before it has it.
    pub(crate) fn name(&self, number: usize) -> Option<&[u8]> {
        let nth = number.checked_sub(FIRST).filter(|&nth| nth < self.count)?;
        let mut names = self.names.as_bytes().split(|&byte| byte == b':');
        let before = names.clone().take(nth);
        let name = names.nth(nth)?;
        Name::new(name)?;
        let is_free = !name.starts_with(NUMBERED) && !RESERVED.contains(&name);
        (is_free && !before.into_iter().any(|it| it == name)).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(count: usize, names: &str) -> Vec<Option<String>> {
        let handed = Handed { count, names: names.into() };
        let name = |number| handed.name(number).map(|it| String::from_utf8_lossy(it).into_owned());
        (FIRST..FIRST + count + 1).map(name).collect()
    }

    #[test]
    fn a_name_is_taken_if_it_can_be_one() {
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(named(2, "http:https:more"), [some("http"), some("https"), None]);
        assert_eq!(named(3, "web.socket:web.socket"), [some("web.socket"), None, None, None]);
        assert_eq!(named(4, ":null:fd_9:a b"), [None, None, None, None, None]);
        assert_eq!(named(1, &"x".repeat(32)), [None, None]);
        assert_eq!(named(0, "http"), [None]);
    }
}
