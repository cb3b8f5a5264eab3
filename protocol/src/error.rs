//! What can be wrong with a line, and how it is said.
//!
//! A command that cannot be carried out is a [`Refusal`]: its sender is at fault, or the world is.
//! That type is generated from the grammar; here is how it becomes an event. An event that cannot
//! be read is an [`EventError`]: whatever sent it does not speak this protocol.

use std::fmt;

use crate::generated::refusal::Refusal;

/// How much of a command is quoted in the answer to it.
const QUOTED_COMMAND: usize = 30;
/// How much of a field is quoted in an error text, so that an event stays shorter than a line can
/// be.
const QUOTED_FIELD: usize = 255;

/// Appends the event that answers a command which was refused, without an LF.
///
/// That is `error<TAB>TEXT, for command "START..."`, where START is the first 30 bytes of `line`,
/// and the dots are only there when more was cut off. TABs and other control characters in START
/// become spaces, so that the event has exactly two fields. For an unknown command or an over-long
/// line the text stands alone.
pub fn write_error_event(out: &mut Vec<u8>, refusal: &Refusal<'_>, line: &[u8]) {
    out.extend_from_slice(b"error\t");
    refusal.write(out);
    if refusal.is_bare() {
        return;
    }
    out.extend_from_slice(b", for command \"");
    write_quoted(out, line, QUOTED_COMMAND);
    out.push(b'"');
}

/// Appends a field that the peer sent, for use in a text.
pub(crate) fn write_field(out: &mut Vec<u8>, field: &[u8]) {
    write_quoted(out, field, QUOTED_FIELD);
}

fn write_quoted(out: &mut Vec<u8>, bytes: &[u8], limit: usize) {
    let shown = &bytes[..bytes.len().min(limit)];
    out.extend(shown.iter().map(|&byte| if byte < 0x20 { b' ' } else { byte }));
    if shown.len() < bytes.len() {
        out.extend_from_slice(b"...");
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

impl std::error::Error for Refusal<'_> {}

/// A line that begins like an event but is not one: its sender is at fault.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct EventError {
    /// The event, such as `service.state`.
    pub event: &'static str,
    /// The field that is missing, wrong, or one too many.
    pub field: &'static str,
    /// What should have been there.
    pub expected: &'static str,
}

impl EventError {
    #[cold]
    pub(crate) const fn new(
        event: &'static str,
        field: &'static str,
        expected: &'static str,
    ) -> Self {
        Self { event, field, expected }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}: {}: expected {}", self.event, self.field, self.expected)
    }
}

impl std::error::Error for EventError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(refusal: Refusal<'_>, line: &str) -> String {
        let mut out = Vec::new();
        write_error_event(&mut out, &refusal, line.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_short_command_is_quoted_whole() {
        let line = "service.start\tfoo-bar-baz-x.yz";
        assert_eq!(line.len(), 30);
        assert_eq!(
            event(Refusal::NoSuchService, line),
            "error\tNo such service, for command \"service.start foo-bar-baz-x.yz\""
        );
    }

    #[test]
    fn a_long_command_is_cut_at_30_bytes() {
        assert_eq!(
            event(Refusal::NoSuchService, "service.start\tfoo-bar-baz-x.yz1"),
            "error\tNo such service, for command \"service.start foo-bar-baz-x.yz...\""
        );
    }

    #[test]
    fn an_unknown_command_stands_alone() {
        let refusal = Refusal::UnknownCommand { name: b"foo\x01bar" };
        assert_eq!(event(refusal, "foo\x01bar\tx"), "error\tUnknown command: foo bar");
        assert_eq!(event(Refusal::LineTooLong, ""), "error\tline too long");
    }

    #[test]
    fn texts_with_holes() {
        let kill = Refusal::Kill { name: b"web", pid: 7, reason: "Operation not permitted" };
        assert_eq!(kill.to_string(), "can't kill web (pid 7): Operation not permitted");
        let long = Refusal::UnknownFlag { flag: &[b'x'; 300] };
        assert_eq!(long.to_string(), format!("unknown flag \"{}...\"", "x".repeat(255)));
    }
}
