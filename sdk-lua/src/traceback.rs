//! Where the script is, reported at any moment: in a signal handler, or when there is no memory
//! left. So nothing is allocated for it, and the interpreter is only read.

use std::ffi::{CStr, c_char, c_int};

use mlua::ffi::{self, lua_Debug, lua_State};

use crate::running;

/// How many frames are shown at either end of a stack.
const ENDS: c_int = 12;

/// Says this on standard error, its parts one after the other, and what runs.
pub(crate) fn show(what: &[&str]) {
    let mut text = Text { bytes: [0; Text::SIZE], used: 0 };
    text.add(b"daemonproxy-lua: ");
    what.iter().for_each(|part| text.add(part.as_bytes()));
    text.add(b"\nstack traceback:\n");
    for (at, co) in running::innermost_first().enumerate() {
        let depth = depth(co);
        if at > 0 && depth > 0 {
            text.add(b"\t-- resumed by:\n");
        }
        // For a deep stack, only the innermost and the outermost part.
        for level in 0..depth {
            if level == ENDS && depth > 2 * ENDS {
                text.add(b"\t...\n");
            }
            if level < ENDS || level >= depth - ENDS {
                add_frame(&mut text, co, level);
            }
        }
    }
    text.show();
}

fn depth(state: *mut lua_State) -> c_int {
    // SAFETY: all of a lua_Debug may be zero, and lua_getstack only follows the list of frames.
    unsafe {
        let mut frame: lua_Debug = std::mem::zeroed();
        (0..1_000_000)
            .find(|&level| ffi::lua_getstack(state, level, &raw mut frame) == 0)
            .unwrap_or(0)
    }
}

fn add_frame(text: &mut Text, state: *mut lua_State, level: c_int) {
    // SAFETY: as above. With these options lua_getinfo reads what is there and allocates nothing.
    let frame = unsafe {
        let mut frame: lua_Debug = std::mem::zeroed();
        if ffi::lua_getstack(state, level, &raw mut frame) == 0
            || ffi::lua_getinfo(state, c"Sln".as_ptr(), &raw mut frame) == 0
        {
            return;
        }
        frame
    };
    text.add(b"\t");
    text.add_c(frame.short_src.as_ptr());
    text.add(b":");
    if frame.currentline > 0 {
        text.add_number(frame.currentline);
        text.add(b":");
    }
    if !frame.name.is_null() {
        text.add(b" in ");
        text.add_c(frame.namewhat);
        text.add(b" '");
        text.add_c(frame.name);
        text.add(b"'");
    } else if frame.linedefined > 0 {
        text.add(b" in function <line ");
        text.add_number(frame.linedefined);
        text.add(b">");
    } else if frame.linedefined == 0 {
        text.add(b" in main chunk");
    } else {
        text.add(b" in ?");
    }
    text.add(b"\n");
}

/// A text of limited size, which a pipe takes whole.
struct Text {
    bytes: [u8; Self::SIZE],
    used: usize,
}

impl Text {
    const SIZE: usize = 4096;

    fn add(&mut self, bytes: &[u8]) {
        let n = bytes.len().min(Self::SIZE - self.used);
        self.bytes[self.used..self.used + n].copy_from_slice(&bytes[..n]);
        self.used += n;
    }

    fn add_c(&mut self, text: *const c_char) {
        if !text.is_null() {
            // SAFETY: the interpreter ends its texts with a NUL, and they live while their frame
            // does.
            self.add(unsafe { CStr::from_ptr(text) }.to_bytes());
        }
    }

    fn add_number(&mut self, number: c_int) {
        let mut digits = [0; 12];
        let mut rest = number.unsigned_abs();
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.add(&digits[at..]);
    }

    /// Writes it to standard error, unless nobody reads there for a second.
    fn show(&self) {
        let mut fd = libc::pollfd { fd: 2, events: libc::POLLOUT, revents: 0 };
        // SAFETY: both calls are async-signal-safe, and are given what they may read and write.
        unsafe {
            if libc::poll(&raw mut fd, 1, 1000) > 0 {
                libc::write(2, self.bytes.as_ptr().cast(), self.used);
            }
        }
    }
}
