//! A list that is longer than the screen, and the keys that move it.

use crate::screen::Key;

/// Which part of a list is shown.
#[derive(Debug, Default)]
pub(crate) struct Scroll {
    first: usize,
    /// How many lines there was room for, and how many there were.
    room: usize,
    count: usize,
}

impl Scroll {
    /// Whether the key moves the list; if so, the next [`part`](Self::part) differs.
    pub(crate) fn takes(&mut self, key: Key) -> bool {
        let page = self.page();
        self.first = match key {
            Key::Up | Key::Char(b'k') => self.first.saturating_sub(1),
            Key::Down | Key::Char(b'j') => self.first + 1,
            Key::PageUp | Key::Char(b'b') => self.first.saturating_sub(page),
            Key::PageDown | Key::Char(b' ') => self.first + page,
            Key::Home | Key::Char(b'g') => 0,
            Key::End | Key::Char(b'G') => usize::MAX,
            _ => return false,
        };
        self.first = self.first.min(self.last_first());
        true
    }

    /// Which of these lines to show in this much room. No room is left unused while lines are
    /// hidden.
    pub(crate) fn part<'l>(&mut self, lines: &'l [String], room: usize) -> &'l [String] {
        (self.room, self.count) = (room, lines.len());
        self.first = self.first.min(self.last_first());
        &lines[self.first..lines.len().min(self.first + room)]
    }

    /// The first line that is shown.
    pub(crate) fn first(&self) -> usize {
        self.first
    }

    /// How far a page is.
    pub(crate) fn page(&self) -> usize {
        self.room.saturating_sub(1).max(1)
    }

    /// Moves as little as possible, so that this line is shown.
    pub(crate) fn reveal(&mut self, line: usize) {
        let least = (line + 1).saturating_sub(self.room.max(1));
        self.first = self.first.clamp(least, line);
    }

    /// `, 11-30 of 300` if not all of it is shown.
    pub(crate) fn place(&self) -> String {
        if self.count <= self.room {
            return String::new();
        }
        let last = self.count.min(self.first + self.room);
        format!(", {}-{last} of {}", self.first + 1, self.count)
    }

    fn last_first(&self) -> usize {
        self.count.saturating_sub(self.room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stops_at_both_ends() {
        let lines: Vec<String> = (1..=10).map(|number| number.to_string()).collect();
        let mut scroll = Scroll::default();
        let mut shown = |keys: &[Key]| {
            keys.iter().for_each(|&key| assert!(scroll.takes(key)));
            let part = scroll.part(&lines, 4).join(" ");
            part + &scroll.place()
        };
        assert_eq!(shown(&[]), "1 2 3 4, 1-4 of 10");
        assert_eq!(shown(&[Key::Up]), "1 2 3 4, 1-4 of 10");
        assert_eq!(shown(&[Key::Down]), "2 3 4 5, 2-5 of 10");
        assert_eq!(shown(&[Key::PageDown]), "5 6 7 8, 5-8 of 10");
        assert_eq!(shown(&[Key::PageDown, Key::PageDown]), "7 8 9 10, 7-10 of 10");
        assert_eq!(shown(&[Key::Home]), "1 2 3 4, 1-4 of 10");
        assert_eq!(shown(&[Key::End]), "7 8 9 10, 7-10 of 10");
        assert!(!Scroll::default().takes(Key::Char(b'x')));
    }

    #[test]
    fn a_list_that_becomes_shorter_is_still_seen() {
        let lines: Vec<String> = (1..=10).map(|number| number.to_string()).collect();
        let mut scroll = Scroll::default();
        scroll.part(&lines, 4);
        scroll.takes(Key::End);
        assert_eq!(scroll.part(&lines[..3], 4), &lines[..3]);
        assert_eq!(scroll.place(), "");
    }
}
