//! A line as it is shown to a person.

/// A line for a person.
pub(super) fn show(line: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(&line[..line.len().min(300)]).into_owned();
    if line.len() > 300 {
        text.push_str("...");
    }
    text
}
