//! The terminal as a full screen: the alternate screen, drawn again each time; keys that come
//! without Enter; and at the end everything as it was before, however it ends.

use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{
    InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};

use crate::failure::{FAILED, Failure, Result};
use crate::style::width;
use crate::terminal;

/// Columns and rows of the terminal on standard output.
pub(crate) fn size() -> Option<(usize, usize)> {
    // SAFETY: a winsize of zeros is valid, and the call fills it.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: TIOCGWINSZ writes one winsize, which lives as long as the call.
    let got = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size) };
    (got == 0 && size.ws_col > 0).then(|| (size.ws_col.into(), size.ws_row.into()))
}

/// How many columns the terminal has.
pub(crate) fn columns() -> usize {
    size().map_or(80, |(columns, _)| columns)
}

/// How many rows the terminal has.
pub(crate) fn rows() -> usize {
    size().map_or(24, |(_, rows)| rows)
}

/// A line cut to the terminal on standard output; unchanged if there is none.
pub(crate) fn fit(line: &str) -> String {
    size().map_or_else(|| line.to_owned(), |(columns, _)| cut(line, columns))
}

/// A key.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Char(u8),
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Escape,
    /// One that means nothing here.
    Other,
}

/// How long the remaining bytes of one key may take.
const REST: Duration = Duration::from_millis(30);

/// Whether the second screen is shown, for an end that comes from elsewhere.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Goes back to the first screen, if the second is shown.
pub(crate) fn leave() {
    if SHOWN.swap(false, Ordering::SeqCst) {
        write_plainly(b"\x1b[?25h\x1b[?1049l");
    }
}

/// The second screen, while it is shown.
pub(crate) struct Screen {
    before: Termios,
}

impl Screen {
    /// Whether there is a terminal to show it on.
    pub(crate) fn is_possible() -> Result<()> {
        if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
            return Ok(());
        }
        Err(Failure::new(FAILED, "this needs a terminal"))
    }

    pub(crate) fn open() -> Result<Self> {
        let before = tcgetattr(std::io::stdin()).map_err(std::io::Error::from)?;
        let mut raw = before.clone();
        raw.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG);
        raw.input_flags.remove(InputFlags::IXON);
        raw.control_chars[SpecialCharacterIndices::VMIN as usize] = 0;
        raw.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &raw).map_err(std::io::Error::from)?;
        let screen = Self { before };
        SHOWN.store(true, Ordering::SeqCst);
        put("\x1b[?1049h\x1b[?25l")?;
        Ok(screen)
    }

    /// Leaves for a while, as ^Z does, and comes back when it is in the foreground again.
    pub(crate) fn suspend(&self) -> Result<()> {
        leave();
        terminal::suspend();
        SHOWN.store(true, Ordering::SeqCst);
        put("\x1b[?2004l\x1b[?1049h\x1b[?25l")
    }

    /// Shows these lines, as many and as much of each as there is room for.
    pub(crate) fn draw(&self, lines: &[String]) -> Result<()> {
        let (columns, rows) = size().unwrap_or((80, 24));
        let mut out = String::from("\x1b[H");
        for (index, line) in lines.iter().take(rows).enumerate() {
            if index > 0 {
                out.push_str("\r\n");
            }
            // Before the text: after a line that fills the row, this would take its last character.
            out.push_str("\x1b[K");
            out.push_str(&cut(line, columns));
        }
        if lines.len() < rows {
            out.push_str("\r\n\x1b[J");
        }
        put(&out)
    }

    /// The next key; none if nothing was typed within that time.
    pub(crate) fn key(&self, wait: Duration) -> Result<Option<Key>> {
        match self.byte(wait)? {
            None => Ok(None),
            Some(0x1b) => Ok(Some(self.after_escape()?)),
            Some(byte) => Ok(Some(Key::Char(byte))),
        }
    }

    /// What a key is that sends more than one byte: `ESC [` or `ESC O`, perhaps numbers, and a
    /// letter or `~`.
    fn after_escape(&self) -> Result<Key> {
        match self.byte(REST)? {
            Some(b'[' | b'O') => {}
            Some(_) => return Ok(Key::Other),
            None => return Ok(Key::Escape),
        }
        let mut sequence = Vec::new();
        while let Some(byte) = self.byte(REST)? {
            sequence.push(byte);
            if (0x40..=0x7e).contains(&byte) || sequence.len() > 8 {
                break;
            }
        }
        Ok(match &sequence[..] {
            b"A" => Key::Up,
            b"B" => Key::Down,
            b"H" | b"1~" | b"7~" => Key::Home,
            b"F" | b"4~" | b"8~" => Key::End,
            b"5~" => Key::PageUp,
            b"6~" => Key::PageDown,
            _ => Key::Other,
        })
    }

    fn byte(&self, wait: Duration) -> Result<Option<u8>> {
        let stdin = std::io::stdin();
        let mut fds = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        let millis = u16::try_from(wait.as_millis()).unwrap_or(u16::MAX);
        match poll(&mut fds, PollTimeout::from(millis)) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(std::io::Error::from(error).into()),
        }
        if fds[0].any() != Some(true) {
            return Ok(None);
        }
        // One at a time: what is typed after a key that ends this is for somebody else.
        let mut key = [0];
        let n = nix::unistd::read(stdin, &mut key).map_err(std::io::Error::from)?;
        if n == 0 {
            return Err(Failure::new(FAILED, "the terminal is gone"));
        }
        Ok(Some(key[0]))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
        let _ = tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &self.before);
    }
}

/// Writes to the terminal, past all locks and buffers. There is nobody to tell if it is gone.
pub(crate) fn write_plainly(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match nix::unistd::write(std::io::stdout(), bytes) {
            Ok(count) if count > 0 => bytes = &bytes[count..],
            Err(nix::errno::Errno::EINTR) => {}
            _ => return,
        }
    }
}

fn put(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// The part of a line that fits, colours not counted.
pub(crate) fn cut(line: &str, columns: usize) -> String {
    if width(line) <= columns {
        return line.to_owned();
    }
    let mut kept = String::new();
    let mut left = columns.saturating_sub(1);
    let mut in_escape = false;
    for character in line.chars() {
        match character {
            '\x1b' => in_escape = true,
            'm' if in_escape => in_escape = false,
            _ if in_escape => {}
            _ if left == 0 => continue,
            _ => left -= 1,
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn colours_are_not_counted_and_not_cut() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("\x1b[1mabcd\x1b[0m", 3), "\x1b[1mab\x1b[0m…");
    }
}
