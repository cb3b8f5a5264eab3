//! The rules of a lease: who may run what only one of a fleet may run. A state machine that knows no
//! network and no clock: it is told what time it is, and what was answered.
//!
//! The store keeps one record for each lease, which whoever holds it writes again and again. Nothing
//! expires there. Whoever wants it must see the same revision for twice the time of the lease, by
//! his own clock, and then writes only if it still is that revision. Whoever holds it counts from
//! before he sent what was acknowledged, and vouches for the service only as long as the daemon
//! would stop it in time if this were the last that it hears. So two clocks would have to differ by
//! a factor of two for two to run at once, whatever is lost, late, or dies. A machine that stands
//! still as a whole, and its clock with it, has such a clock: only the token helps then.
//!
//! Another one takes over within two and a half times the time of the lease: after two of it, and
//! what it takes to see the last sign of life, to ask again, and to write. With a clock that is too
//! slow by a fifth it takes three.

use std::time::Duration;

/// What the time of a lease is made of.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    /// The daemon stops the service so long after the last time that it was vouched for.
    pub(crate) deadman: Duration,
    /// Stopping it may take so long.
    pub(crate) stop: Duration,
}

impl Times {
    /// The time of the lease.
    pub(crate) fn lease(self) -> Duration {
        self.deadman + self.stop + self.slack() + self.margin()
    }

    /// An answer counts for the daemon if it comes so soon after the question.
    pub(crate) fn slack(self) -> Duration {
        self.deadman / 2
    }

    /// What is left for what nobody has thought of.
    fn margin(self) -> Duration {
        self.deadman / 4
    }

    /// How often it is renewed.
    pub(crate) fn period(self) -> Duration {
        self.deadman / 4
    }
}

/// What is in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Whose it is, and the number of his writing: nobody else's is the same.
    pub(crate) holder: String,
    pub(crate) number: u64,
    /// The time of the lease, as its holder counts.
    pub(crate) lease: Duration,
    /// The revision when it was acquired: with the epoch, the token.
    pub(crate) acquired: u64,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Nothing, for so long.
    Rest(Duration),
    /// Read the record, and tell [`Lease::read`].
    Read,
    /// Write this if the revision is still that one, and tell [`Lease::written`].
    Write(Record, u64),
}

/// What is to be done with the service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// It may run until the daemon stops it; the daemon is told so now. With the token.
    Vouch(u64),
    /// It must not run.
    Stop,
    /// It goes on as it is: what the daemon was told before holds.
    Leave,
}

/// How a writing ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is stored, as this revision.
    Stored(u64),
    /// Somebody else has written.
    Conflict,
    /// Nobody knows.
    Unclear,
}

#[derive(Clone, Debug)]
pub(crate) struct Lease {
    me: String,
    times: Times,
    number: u64,
    /// What was seen last, and since when it is the same.
    seen: Option<Seen>,
    /// It is ours: when what was acknowledged last was sent, and the token.
    held: Option<Held>,
    /// What was sent, and is not answered.
    sent: Option<(Record, Duration)>,
    /// When something was asked last.
    asked: Option<Duration>,
}

#[derive(Clone, Debug)]
struct Seen {
    revision: u64,
    since: Duration,
}

#[derive(Copy, Clone, Debug)]
struct Held {
    sent: Duration,
    token: u64,
}

impl Lease {
    pub(crate) fn new(me: &str, times: Times) -> Self {
        let me = me.to_owned();
        Self { me, times, number: 0, seen: None, held: None, sent: None, asked: None }
    }

    /// What is to be asked of the store.
    pub(crate) fn next(&mut self, now: Duration) -> Act {
        if let Some(asked) = self.asked {
            let pause = (asked + self.times.period()).saturating_sub(now);
            if !pause.is_zero() {
                return Act::Rest(pause);
            }
        }
        self.asked = Some(now);
        match (&self.held, &self.seen) {
            (Some(held), Some(seen)) if self.sent.is_none() => {
                let (token, revision) = (held.token, seen.revision);
                self.write(now, token, revision)
            }
            _ => Act::Read,
        }
    }

    fn write(&mut self, now: Duration, acquired: u64, revision: u64) -> Act {
        self.number += 1;
        let (holder, number) = (self.me.clone(), self.number);
        let record = Record { holder, number, lease: self.times.lease(), acquired };
        self.sent = Some((record.clone(), now));
        Act::Write(record, revision)
    }

    /// The record was read; it was asked for at `asked`. Returns what is to be asked at once.
    pub(crate) fn read(
        &mut self,
        asked: Duration,
        now: Duration,
        there: Option<(u64, Record)>,
    ) -> Option<Act> {
        let revision = there.as_ref().map_or(0, |it| it.0);
        if let Some((sent, at)) = self.sent.take()
            && there.as_ref().is_some_and(|it| it.1 == sent)
        {
            // The answer was lost, and it is there.
            self.took(revision, &sent, at, now);
            return None;
        }
        let lease = there.as_ref().map_or(self.times.lease(), |it| it.1.lease);
        let lease = lease.max(self.times.lease());
        match &self.seen {
            Some(seen) if seen.revision == revision => {}
            _ => self.seen = Some(Seen { revision, since: now }),
        }
        if self.held.is_some() {
            // It is still as we left it, or somebody else has it.
            let is_ours = there.is_some_and(|it| it.1.holder == self.me);
            if !is_ours {
                self.held = None;
            }
            return None;
        }
        let since = self.seen.as_ref().map_or(now, |seen| seen.since);
        // What nobody ever had was let go long ago. It could also have been deleted just now.
        (asked >= since + lease * 2).then(|| self.write(now, 0, revision))
    }

    /// How the writing ended.
    pub(crate) fn written(&mut self, now: Duration, how: Written) {
        match how {
            Written::Stored(revision) => {
                if let Some((record, at)) = self.sent.take() {
                    self.took(revision, &record, at, now);
                }
            }
            Written::Conflict => {
                self.sent = None;
                self.held = None;
                self.seen = None;
            }
            // It is read next, and then known, as long as it cannot come later: it is written only
            // onto the revision that was there.
            Written::Unclear => {}
        }
    }

    fn took(&mut self, revision: u64, record: &Record, at: Duration, now: Duration) {
        let token = if record.acquired == 0 { revision } else { record.acquired };
        self.held = Some(Held { sent: at, token });
        self.seen = Some(Seen { revision, since: now });
    }

    /// Until when the service may be vouched for.
    pub(crate) fn until(&self, times: Times) -> Duration {
        self.held.map_or(Duration::ZERO, |held| held.sent + times.slack())
    }

    /// What is to be done with the service now.
    pub(crate) fn service(&self, now: Duration) -> Service {
        match self.held {
            Some(held) if now <= held.sent + self.times.slack() => Service::Vouch(held.token),
            Some(held) if now < held.sent + self.times.slack() + self.times.deadman => {
                Service::Leave
            }
            _ => Service::Stop,
        }
    }
}
