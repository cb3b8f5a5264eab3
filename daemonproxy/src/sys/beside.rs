//! Names for files next to another one, in the same directory.

use std::ffi::CStr;

use daemonproxy_core::Errno;

use super::clock::monotonic;

/// Bytes of the longest path that a unix socket can have (`sun_path` of unix(7), without the NUL).
const LONGEST_SOCKET: usize = 107;
/// Room for that, and for what is added to it.
const ROOM: usize = LONGEST_SOCKET + 16;
/// How many characters make a name unique.
const SECRET: usize = 8;

/// A path with a NUL after it, in memory of its own.
pub(super) struct Beside {
    bytes: [u8; ROOM],
    length: usize,
}

impl Beside {
    /// `DIR/.BASE.WORD` for `DIR/BASE`.
    pub(super) fn new(path: &[u8], word: &[u8]) -> Self {
        let (dir, base) = split(path);
        let mut name = Self { bytes: [0; ROOM], length: 0 };
        for part in [dir, b".", base, b".", word] {
            name.push(part);
        }
        name
    }

    /// A probably unused name for a socket: one that is not too long if `path` is not.
    pub(super) fn secret(path: &[u8]) -> Self {
        let mut word = [0; SECRET];
        scramble(&mut word);
        let name = Self::new(path, &word);
        if name.length <= LONGEST_SOCKET {
            return name;
        }
        let (dir, _) = split(path);
        let mut name = Self { bytes: [0; ROOM], length: 0 };
        name.push(dir);
        let room = LONGEST_SOCKET.saturating_sub(name.length);
        name.push(word.get(..room).unwrap_or(&word));
        name
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    pub(super) fn as_path(&self) -> Result<&CStr, Errno> {
        CStr::from_bytes_until_nul(&self.bytes).map_err(|_| Errno(libc::ENAMETOOLONG))
    }

    /// What does not fit is left out, except for the NUL.
    fn push(&mut self, more: &[u8]) {
        for (place, &byte) in self.bytes[..ROOM - 1].iter_mut().skip(self.length).zip(more) {
            *place = byte;
            self.length += 1;
        }
    }
}

fn split(path: &[u8]) -> (&[u8], &[u8]) {
    path.split_at(path.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1))
}

/// Letters and digits that are different each time, and in each process.
fn scramble(word: &mut [u8]) {
    const CHARACTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let seed = monotonic().nanos() ^ u64::from(std::process::id()) << 40;
    // A multiplication spreads them over the upper bits.
    let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for place in word {
        *place = CHARACTERS[(bits >> 59) as usize];
        bits <<= 5;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_in_the_same_directory() {
        assert_eq!(Beside::new(b"/run/a.sock", b"lock").as_bytes(), b"/run/.a.sock.lock");
        assert_eq!(Beside::new(b"a", b"lock").as_bytes(), b".a.lock");
    }

    #[test]
    fn a_secret_is_as_long_as_it_may_be() {
        for base in 1..=20 {
            let path = [&[b'd'; LONGEST_SOCKET - 21][..], b"/", &vec![b'b'; base]].concat();
            let name = Beside::secret(&path);
            assert!(name.length <= LONGEST_SOCKET, "{base}");
            assert!(name.length >= path.len().min(LONGEST_SOCKET - 20 + SECRET), "{base}");
            assert_eq!(name.as_path().unwrap().to_bytes(), name.as_bytes());
        }
    }
}
