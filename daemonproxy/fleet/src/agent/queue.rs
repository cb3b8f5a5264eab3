//! What has happened and is not in the store yet: bounded, the oldest is dropped first, counted and
//! told.

use std::collections::VecDeque;

use crate::model::Happened;

/// At most so many wait.
const MOST: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Happened>,
    /// How many were dropped since that was told.
    dropped: u64,
    /// How many were dropped in all.
    lost: u64,
}

impl Queue {
    pub(super) fn push(&mut self, happened: Happened) {
        self.waiting.push_back(happened);
        while self.waiting.len() > MOST {
            self.waiting.pop_front();
            self.dropped += 1;
            self.lost += 1;
        }
    }

    /// How many were dropped in all.
    pub(super) fn lost(&self) -> u64 {
        self.lost
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0
    }

    /// Takes the first ones out, with a gap in front of them if some are missing there. What cannot
    /// be sent comes back.
    pub(super) fn take(&mut self, most: usize, gap: impl FnOnce(u64) -> Happened) -> Vec<Happened> {
        let mut first = Vec::new();
        if self.dropped > 0 {
            first.push(gap(std::mem::take(&mut self.dropped)));
        }
        let count = self.waiting.len().min(most);
        first.extend(self.waiting.drain(..count));
        first
    }

    /// Puts those back that were taken and not sent.
    pub(super) fn put_back(&mut self, unsent: Vec<Happened>) {
        for happened in unsent.into_iter().rev() {
            if self.waiting.len() < MOST {
                self.waiting.push_front(happened);
            } else {
                let lost = if happened.event == "gap" { happened.lost } else { 1 };
                self.dropped += lost;
                self.lost += if happened.event == "gap" { 0 } else { 1 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Queue};
    use crate::model::Happened;

    fn nth(seq: u64) -> Happened {
        Happened { seq, ..Happened::default() }
    }

    fn gap(lost: u64) -> Happened {
        Happened { event: "gap".into(), lost, ..Happened::default() }
    }

    #[test]
    fn the_oldest_are_dropped_and_counted() {
        let mut queue = Queue::default();
        let most = MOST as u64;
        (0..most + 10).for_each(|seq| queue.push(nth(seq)));
        assert_eq!(queue.lost(), 10);
        let taken = queue.take(2, gap);
        assert_eq!((taken[0].lost, taken[1].seq, taken[2].seq), (10, 10, 11));
        // They could not be sent, and two others have come meanwhile.
        (0..2).for_each(|seq| queue.push(nth(most + 10 + seq)));
        queue.put_back(taken);
        let taken = queue.take(1, gap);
        assert_eq!((taken[0].lost, taken[1].seq), (12, 12));
        assert_eq!(queue.lost(), 12);
    }
}
