//! The timers of a connection: `conn.timer NAME SECONDS` brings the event `conn.timer NAME`, later
//! and to this connection only.
//!
//! So a controller that can do nothing but read lines has timeouts. No timer is lost, not even with
//! what an overflow throws away: one that runs out while its connection does not read waits until
//! it does.

use daemonproxy_protocol::{Name, Refusal};

use crate::limits::MOST_TIMERS;
use crate::refusal::Outcome;
use crate::system::Monotonic;
use crate::table::NameBuf;
use crate::upgrade::state::Writer;
use crate::upgrade::value::{Value, halves, read_list, write_list};

#[derive(Copy, Clone, PartialEq, Eq)]
struct Timer {
    name: NameBuf,
    at: Monotonic,
}

/// All timers of one connection. Their memory is part of that of the connection: a few hundred
/// bytes.
pub(super) struct Timers {
    /// The first `count` are in use, the earliest first; those of the same moment in the order in
    /// which they were set.
    list: [Timer; MOST_TIMERS],
    count: usize,
}

impl Timers {
    pub(super) const NONE: Self = Self {
        list: [Timer { name: NameBuf::NONE, at: Monotonic::from_nanos(0) }; MOST_TIMERS],
        count: 0,
    };

    fn all(&self) -> &[Timer] {
        &self.list[..self.count]
    }

    pub(super) fn set(&mut self, name: Name<'_>, at: Monotonic) -> Outcome<'static> {
        if !self.cancel(name) && self.count == MOST_TIMERS {
            return Err(Refusal::TooManyTimers);
        }
        let place = self.list[..self.count].partition_point(|timer| timer.at <= at);
        self.list.copy_within(place..self.count, place + 1);
        self.list[place] = Timer { name: name.into(), at };
        self.count += 1;
        Ok(())
    }

    /// Returns whether there was one.
    pub(super) fn cancel(&mut self, name: Name<'_>) -> bool {
        let is_it = |timer: &Timer| timer.name.as_bytes() == name.as_bytes();
        let Some(place) = self.list[..self.count].iter().position(is_it) else { return false };
        self.remove(place);
        true
    }

    fn remove(&mut self, place: usize) {
        self.list.copy_within(place + 1..self.count, place);
        self.count -= 1;
    }

    /// When the first of them runs out.
    pub(super) fn next(&self) -> Option<Monotonic> {
        self.list[..self.count].first().map(|timer| timer.at)
    }

    /// Takes the first one, if it has run out.
    pub(super) fn take_due(&mut self, now: Monotonic) -> Option<NameBuf> {
        let first = self.list[..self.count].first().filter(|timer| timer.at <= now)?.name;
        self.remove(0);
        Some(first)
    }

    pub(super) fn clear(&mut self) {
        self.count = 0;
    }
}

impl PartialEq for Timers {
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

/// `NAME:MOMENT`.
impl Value for Timer {
    fn write(&self, to: &mut Writer) {
        let Self { name, at } = self;
        name.write(to);
        to.push(b":");
        at.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (name, at) = halves(text)?;
        Some(Self { name: Value::parse(name)?, at: Value::parse(at)? })
    }
}

/// Over an upgrade: all of them in their order, with commas between.
impl Value for Timers {
    fn write(&self, to: &mut Writer) {
        write_list(to, self.all());
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut timers = Self::NONE;
        read_list(text, |timer| {
            *timers.list.get_mut(timers.count)? = timer;
            timers.count += 1;
            Some(())
        })?;
        Some(timers)
    }
}
