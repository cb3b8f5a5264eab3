//! Which service is selected: by its name, so that it stays the same one however the list is
//! ordered.

use crate::screen::Key;
use crate::scroll::Scroll;

#[derive(Debug, Default)]
pub(super) struct Choice {
    name: Option<Vec<u8>>,
    /// The names in the order in which they were shown last.
    shown: Vec<Vec<u8>>,
}

impl Choice {
    /// To be called with what is shown, each time it is.
    pub(super) fn shows(&mut self, names: Vec<Vec<u8>>) {
        self.shown = names;
    }

    /// Where it is in the list; none if nothing is selected, or it is not there at the moment.
    pub(super) fn at(&self) -> Option<usize> {
        self.shown.iter().position(|name| Some(name) == self.name.as_ref())
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        self.at().and(self.name.as_deref())
    }

    /// Whether the key selects something, or nothing. The arrows begin with the first service that
    /// can be seen.
    pub(super) fn takes(&mut self, key: Key, scroll: &mut Scroll) -> bool {
        let last = self.shown.len().saturating_sub(1);
        let to = match (key, self.at()) {
            (Key::Escape, Some(_)) => {
                self.name = None;
                return true;
            }
            (Key::Up | Key::Down | Key::Char(b'k' | b'j'), None) => scroll.first(),
            (Key::Up | Key::Char(b'k'), Some(at)) => at.saturating_sub(1),
            (Key::Down | Key::Char(b'j'), Some(at)) => at + 1,
            (Key::PageUp | Key::Char(b'b'), Some(at)) => at.saturating_sub(scroll.page()),
            (Key::PageDown | Key::Char(b' '), Some(at)) => at + scroll.page(),
            (Key::Home | Key::Char(b'g'), Some(_)) => 0,
            (Key::End | Key::Char(b'G'), Some(_)) => last,
            _ => return false,
        };
        let to = to.min(last);
        self.name = self.shown.get(to).cloned();
        scroll.reveal(to);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_and_stays_with_its_service() {
        let names: Vec<String> = (0..10).map(|number| number.to_string()).collect();
        let mut scroll = Scroll::default();
        let mut choice = Choice::default();
        choice.shows(names.iter().map(|name| name.clone().into_bytes()).collect());
        let mut after = |keys: &[Key]| {
            for &key in keys {
                let _ = choice.takes(key, &mut scroll) || scroll.takes(key);
                scroll.part(&names, 4);
            }
            let selected = choice.name().map_or("-".into(), String::from_utf8_lossy);
            format!("{selected} of {}", scroll.part(&names, 4).concat())
        };
        assert_eq!(after(&[]), "- of 0123");
        assert_eq!(after(&[Key::PageDown]), "- of 3456", "without one, the list moves");
        assert_eq!(after(&[Key::Down]), "3 of 3456");
        assert_eq!(after(&[Key::Up]), "2 of 2345");
        assert_eq!(after(&[Key::PageDown]), "5 of 2345");
        assert_eq!(after(&[Key::Down]), "6 of 3456");
        assert_eq!(after(&[Key::End, Key::Down]), "9 of 6789");
        assert_eq!(after(&[Key::Home, Key::Up]), "0 of 0123");
        choice.shows(vec![b"9".to_vec(), b"0".to_vec()]);
        assert_eq!((choice.at(), choice.name()), (Some(1), Some(&b"0"[..])));
        choice.shows(vec![b"9".to_vec()]);
        assert_eq!(choice.name(), None, "it is not shown");
        choice.shows(Vec::new());
        assert!(choice.takes(Key::Down, &mut scroll));
        assert_eq!(choice.name(), None);
    }
}
