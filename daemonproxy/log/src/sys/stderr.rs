//! Standard error: messages, and the copy of everything that `--tee` makes. A reader that does not
//! read keeps nobody up for ever.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stderr;

use super::signals::Signals;
use crate::core::text::Text;

/// A pipe with room for anything has room for this much.
const PIECE: usize = 4096;
/// How long the copy may take once we are to end.
const LAST_PATIENCE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// A message in several parts. If it cannot be written at once it is not written.
pub(crate) fn say(parts: &[&[u8]]) {
    let mut text = Text::<512>::EMPTY;
    text.push(b"daemonproxy-log: ");
    for part in parts {
        text.push(part);
    }
    text.push(b"\n");
    let mut ready = [PollFd::from_borrowed_fd(stderr(), PollFlags::OUT)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    if poll(&mut ready, Some(&now)).is_ok_and(|count| count > 0) {
        // There is nobody else to tell.
        let _ = rustix::io::write(stderr(), text.as_bytes());
    }
}

/// Copies these bytes there. Waits for a slow reader, which holds up the services as it would
/// without us; when we are to end, for a second at most. False when there is nobody any more.
pub(crate) fn copy(mut bytes: &[u8], signals: &Signals) -> bool {
    while !bytes.is_empty() {
        let stderr = stderr();
        let mut ready = [
            PollFd::from_borrowed_fd(stderr, PollFlags::OUT),
            PollFd::from_borrowed_fd(signals.fd(), PollFlags::IN),
        ];
        let ending = signals.end.get();
        let watched = if ending { &mut ready[..1] } else { &mut ready[..] };
        let count = poll(watched, ending.then_some(&LAST_PATIENCE)).unwrap_or(0);
        if count == 0 && ending {
            return true;
        }
        if !ready[1].revents().is_empty() {
            signals.take();
        }
        if ready[0].revents().is_empty() {
            continue;
        }
        match rustix::io::write(stderr, &bytes[..bytes.len().min(PIECE)]) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(_) => return false,
        }
    }
    true
}
