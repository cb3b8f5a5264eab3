//! What takes the place of the list for a while: why a service runs or does not, and what it writes.

use daemonproxy_client::StateView;
use daemonproxy_look::why;

use crate::logs;
use crate::screen::Key;
use crate::style::{Paint, Style, readable};
use crate::wrap::wrap;

/// What is shown.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum What {
    Why,
    Log,
}

/// The keys.
pub(super) const HELP: &str = "w why  o output";

/// See the top of this file. None: the list is there.
#[derive(Default)]
pub(super) struct Page(Option<(What, Vec<u8>)>);

impl Page {
    /// Whether a key was for this: one that opens it for the service that is selected, or, while it
    /// is open, any key but those that end the program.
    pub(super) fn takes(&mut self, key: Key, selected: Option<&[u8]>) -> bool {
        let what = match key {
            Key::Char(b'w') => Some(What::Why),
            Key::Char(b'o') => Some(What::Log),
            _ => None,
        };
        if let Some((shown, name)) = self.0.take() {
            // The other one, of the same service; the same key, and every other one, go back.
            self.0 = what.filter(|&what| what != shown).map(|what| (what, name));
            return !matches!(key, Key::Char(0x03 | 0x04));
        }
        self.0 = what.zip(selected.map(<[u8]>::to_vec));
        self.0.is_some()
    }

    /// Its lines, of which the last ones matter, for so much room.
    pub(super) fn lines(
        &self,
        view: &StateView,
        style: Style,
        (columns, rows): (usize, usize),
    ) -> Option<Vec<String>> {
        let (what, name) = self.0.as_ref()?;
        let shown = readable(name);
        let help = "w why  o output  any other key: the list";
        let mut lines = vec![style.paint(Paint::Faint, help), String::new()];
        match what {
            What::Why => {
                for (at, sentence) in why::all(name, view).iter().enumerate() {
                    let (first, indent) = if at == 0 { (0, 2) } else { (2, 4) };
                    let paint = if at == 0 { Paint::Bold } else { Paint::Plain };
                    let wrapped = wrap(sentence, first, indent, columns);
                    lines.extend(wrapped.into_iter().map(|line| style.paint(paint, &line)));
                }
            }
            What::Log => {
                lines.push(style.paint(Paint::Bold, &format!("What {shown} writes")));
                match logs::last(view, &shown, rows) {
                    Err(failure) => lines.extend(wrap(&failure.text, 2, 4, columns)),
                    Ok(all) => {
                        // A long one takes several rows.
                        let all = all.iter().flat_map(|line| wrap(line, 0, 2, columns));
                        let all: Vec<_> = all.collect();
                        let room = rows.saturating_sub(lines.len());
                        lines.extend_from_slice(&all[all.len().saturating_sub(room)..]);
                    }
                }
            }
        }
        Some(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_key_goes_back() {
        let mut page = Page::default();
        assert!(!page.takes(Key::Char(b'w'), None), "no service is selected");
        assert!(page.takes(Key::Char(b'w'), Some(b"db")));
        assert!(page.takes(Key::Char(b'o'), Some(b"other")));
        assert_eq!(page.0, Some((What::Log, b"db".to_vec())), "it stays with that service");
        assert!(page.takes(Key::Char(b'q'), Some(b"db")));
        assert_eq!(page.0, None);
        assert!(!page.takes(Key::Char(b'q'), Some(b"db")));
        page.takes(Key::Char(b'w'), Some(b"db"));
        assert!(!page.takes(Key::Char(0x03), Some(b"db")), "^C leaves at once");
    }
}
