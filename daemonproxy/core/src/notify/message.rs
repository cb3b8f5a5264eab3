//! A message of sd_notify(3), taken apart.

use std::time::Duration;

/// What the watchdog hears.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Bark {
    /// It is alive.
    Alive,
    /// It is not well, and wants to be ended.
    Trigger,
}

/// What a message says. Of several lines of a kind the last one counts; what is not known is
/// ignored.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message<'a> {
    pub(super) ready: bool,
    pub(super) stopping: bool,
    pub(super) reloading: bool,
    pub(super) status: Option<&'a [u8]>,
    pub(super) watchdog: Option<Bark>,
    pub(super) extend: Option<Duration>,
    pub(super) errno: Option<i32>,
    pub(super) main_pid: bool,
    /// `FDSTORE=1`, `FDSTOREREMOVE=1`, and the name.
    pub(super) store: bool,
    pub(super) remove: bool,
    pub(super) fd_name: Option<&'a [u8]>,
    /// `BARRIER=1`, and nothing else.
    pub(super) barrier: bool,
}

impl<'a> Message<'a> {
    // assignment *( LF assignment ) [ LF ]
    pub(super) fn parse(text: &'a [u8]) -> Self {
        let mut message = Self::default();
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        for line in text.split(|&byte| byte == b'\n') {
            let Some(at) = line.iter().position(|&byte| byte == b'=') else { continue };
            let (key, value) = (&line[..at], &line[at + 1..]);
            match (key, value) {
                (b"READY", b"1") => message.ready = true,
                (b"STOPPING", b"1") => message.stopping = true,
                (b"RELOADING", b"1") => message.reloading = true,
                (b"STATUS", _) => message.status = Some(value),
                (b"WATCHDOG", b"1") => message.watchdog = Some(Bark::Alive),
                (b"WATCHDOG", b"trigger") => message.watchdog = Some(Bark::Trigger),
                (b"EXTEND_TIMEOUT_USEC", _) => {
                    message.extend = number(value).map(Duration::from_micros);
                }
                (b"ERRNO", _) => {
                    message.errno = number(value).and_then(|number| i32::try_from(number).ok());
                }
                (b"FDSTORE", b"1") => message.store = true,
                (b"FDSTOREREMOVE", b"1") => message.remove = true,
                (b"FDNAME", _) => message.fd_name = Some(value),
                (b"MAINPID" | b"MAINPIDFDID", _) => message.main_pid = true,
                (b"BARRIER", b"1") => message.barrier = text == b"BARRIER=1",
                _ => {}
            }
        }
        message
    }
}

fn number(text: &[u8]) -> Option<u64> {
    str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_at_the_end_is_optional() {
        let ready = Message { ready: true, ..Message::default() };
        assert_eq!(Message::parse(b"READY=1"), ready);
        assert_eq!(Message::parse(b"READY=1\n"), ready);
        assert_eq!(Message::parse(b"READY=0\nREADY\n\nX=1\nREADY=1"), ready);
    }

    #[test]
    fn several_things_are_said_at_once() {
        let text =
            b"STOPPING=1\nSTATUS=a=b\nWATCHDOG=trigger\nEXTEND_TIMEOUT_USEC=1500000\nERRNO=2\n\
            MAINPID=1";
        let message = Message::parse(text);
        assert!(message.stopping && message.main_pid && !message.ready);
        assert_eq!(message.status, Some(&b"a=b"[..]));
        assert_eq!(message.watchdog, Some(Bark::Trigger));
        assert_eq!(message.extend, Some(Duration::from_millis(1500)));
        assert_eq!(message.errno, Some(2));
        assert_eq!(Message::parse(b"ERRNO=x\nEXTEND_TIMEOUT_USEC=-1"), Message::default());
    }

    #[test]
    fn a_barrier_is_alone() {
        assert!(Message::parse(b"BARRIER=1").barrier);
        assert!(Message::parse(b"BARRIER=1\n").barrier);
        assert!(!Message::parse(b"READY=1\nBARRIER=1").barrier);
        assert!(!Message::parse(b"BARRIER=2").barrier);
    }
}
