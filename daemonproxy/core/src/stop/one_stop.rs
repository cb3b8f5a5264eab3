//! The stop of one service: how far it has got, and what its next step is.
//!
//! A stop is about the process group that the service leads, and its session if it leads one.
//! Meanwhile the main process is not reaped when it has ended: as long as it is a zombie, no other
//! process can get its pid, which is also the number of the group and of the session. With
//! `kill=main` a stop is about the main process alone, and nothing is kept. Nothing in here has a
//! side effect; `steps.rs` takes the steps.

use std::time::Duration;

use crate::system::{Monotonic, Pid};
use crate::table::Slot;
use crate::upgrade::state::{Writer, carried, carried_words};
use crate::upgrade::value::{Value, halves};

/// How far it has come.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Others must go first.
    Waiting,
    /// It has nothing to read any more, and may end by itself.
    Eof,
    /// It got SIGTERM.
    Term,
    /// It got SIGKILL.
    Kill,
    /// It outlived even that.
    GivenUp,
}

/// What has become of the main process.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Main {
    Runs,
    /// It has ended, and stays a zombie to keep its pid.
    Kept,
    /// It has ended and was reaped, since the others of its group cannot be checked.
    Reaped,
}

/// Which group of services it stops with, one after the other.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Ordinary,
    /// Controllers, and what reads from them, directly or not.
    Controller,
    /// The reader of the daemon's log, and what reads from that.
    AfterLog,
}

/// The stop of one service. It is over, and forgotten, when its whole group has gone.
#[derive(Copy, Clone, Debug)]
pub(crate) struct OneStop {
    /// The main process, and its group.
    pub(crate) pid: Pid,
    pub(crate) slot: Slot,
    /// When the next step is due, if there is one.
    at: Monotonic,
    pub(crate) step: Step,
    pub(crate) main: Main,
    pub(crate) rank: Rank,
    /// The group, and not only the main process, has been told to end.
    pub(crate) group_told: bool,
    /// Those of its session that are in other groups are still to get what the group got: they
    /// get it one by one, at the next look.
    pub(crate) session_waits: bool,
    /// What the current look at all processes has found.
    pub(crate) seen: Seen,
}

/// What there is of a group.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct Seen {
    /// The main process: if not even that is seen, the look is worthless.
    pub(crate) main: bool,
    /// Others that live.
    pub(crate) others: bool,
    /// Others that have ended and were not reaped by their parents.
    pub(crate) zombies: bool,
}

carried!(
    OneStop, as in OneStop::new(Pid(0), Slot::FIRST),
    carries pid slot at step main rank group_told session_waits,
    // Of a look, which is over.
    but not seen
);
carried_words!(Step:
    Waiting = b"waiting" Eof = b"eof" Term = b"term" Kill = b"kill" GivenUp = b"given-up");
carried_words!(Main: Runs = b"runs" Kept = b"kept" Reaped = b"reaped");
carried_words!(Rank:
    Ordinary = b"ordinary" Controller = b"controller" AfterLog = b"after-log");

impl OneStop {
    pub(crate) fn new(pid: Pid, slot: Slot) -> Self {
        Self {
            pid,
            slot,
            at: Monotonic::default(),
            step: Step::Waiting,
            main: Main::Runs,
            rank: Rank::Ordinary,
            group_told: false,
            session_waits: false,
            seen: Seen::default(),
        }
    }

    /// When the next step is due.
    pub(crate) fn deadline(&self) -> Option<Monotonic> {
        match self.step {
            Step::Eof | Step::Term | Step::Kill => Some(self.at),
            Step::Waiting | Step::GivenUp => None,
        }
    }

    pub(crate) fn is_due(&self, now: Monotonic) -> bool {
        self.deadline().is_some_and(|at| at <= now)
    }

    /// It is there, and was not given up.
    pub(crate) fn is_left(&self) -> bool {
        self.step != Step::GivenUp
    }

    pub(crate) fn set_step(&mut self, step: Step, at: Monotonic) {
        self.step = step;
        self.at = at;
    }

    /// SIGKILL comes at this moment, or earlier if that was decided before. Returns whether the
    /// stop begins with this.
    pub(crate) fn hasten(&mut self, kill: Monotonic) -> bool {
        let begins = matches!(self.step, Step::Waiting | Step::Eof);
        if begins {
            self.set_step(Step::Term, kill);
        } else if self.step == Step::Term {
            self.at = self.at.min(kill);
        }
        begins
    }

    /// Moves SIGTERM, or SIGKILL if it has got that, to these moments, if it would come earlier.
    pub(crate) fn put_off(&mut self, term: Monotonic, kill: Monotonic) {
        self.at = self.at.max(match self.step {
            Step::Eof => term,
            Step::Term => kill,
            Step::Waiting | Step::Kill | Step::GivenUp => return,
        });
    }

    /// Moves the next step forward, if it is later than this: SIGKILL at `kill`, giving up at
    /// `end`.
    pub(crate) fn hurry(&mut self, now: Monotonic, kill: Monotonic, end: Monotonic) {
        if self.step == Step::Eof && kill <= now {
            // No time for SIGTERM.
            self.step = Step::Term;
        }
        self.at = self.at.min(match self.step {
            Step::Eof => now.halfway_to(kill),
            Step::Term => kill,
            Step::Kill => end,
            Step::Waiting | Step::GivenUp => return,
        });
    }
}

/// When the steps of a stop are due. One deadline holds for all that are stopped together, however
/// many of them wait for each other.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// When SIGKILL comes.
    pub(crate) kill: Monotonic,
    /// When whatever is still there is given up.
    pub(crate) end: Monotonic,
}

/// `KILL:END`.
impl Value for Times {
    fn write(&self, to: &mut Writer) {
        let Self { kill, end } = self;
        kill.write(to);
        to.push(b":");
        end.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (kill, end) = halves(text)?;
        Some(Self { kill: Value::parse(kill)?, end: Value::parse(end)? })
    }
}

impl Times {
    /// SIGKILL after this time, and giving up after this one more.
    pub(crate) fn new(now: Monotonic, term: Duration, kill: Duration) -> Self {
        let at = now.plus(term);
        Self { kill: at, end: at.plus(kill) }
    }

    /// The same times from now, wherever that is sooner.
    pub(crate) fn hurry(&mut self, now: Monotonic, term: Duration, kill: Duration) {
        self.kill = self.kill.min(now.plus(term));
        self.end = self.end.min(self.kill.max(now).plus(kill));
    }

    /// SIGKILL for one whose turn it is now. Whoever had to wait until the others got SIGKILL has
    /// half of what is left until the end.
    pub(crate) fn kill_at(self, now: Monotonic) -> Monotonic {
        if now <= self.kill { self.kill } else { now.halfway_to(self.end) }
    }

    /// SIGTERM for one whose turn it is now and that may first end by itself.
    pub(crate) fn term_at(self, now: Monotonic) -> Monotonic {
        now.halfway_to(self.kill_at(now))
    }

    /// The time from which nobody waits for anybody any more.
    pub(crate) fn no_more_waiting(self) -> Monotonic {
        self.kill.halfway_to(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Monotonic {
        Monotonic::default().plus_millis(millis)
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_stop_is_as_small_as_it_was_inside_the_service() {
        assert!(size_of::<OneStop>() <= 24, "{} bytes", size_of::<OneStop>());
    }

    #[test]
    fn however_many_come_one_after_the_other_all_is_over_at_the_end() {
        let times = Times::new(at(0), seconds(10), seconds(5));
        let mut now = at(0);
        for _ in 0..100 {
            assert!(times.term_at(now) <= times.kill_at(now));
            now = times.kill_at(now);
            assert!(now <= times.end);
        }
        assert_eq!(times.kill_at(at(9_000)), at(10_000));
        assert_eq!(times.kill_at(at(11_000)), at(13_000));
        assert_eq!(times.term_at(at(11_000)), at(12_000));
    }

    #[test]
    fn times_only_become_shorter() {
        let mut times = Times::new(at(0), seconds(10), seconds(5));
        times.hurry(at(1_000), seconds(10), seconds(10));
        assert_eq!((times.kill, times.end), (at(10_000), at(15_000)));
        times.hurry(at(2_000), seconds(0), seconds(5));
        assert_eq!((times.kill, times.end), (at(2_000), at(7_000)));
        times.hurry(at(3_000), seconds(0), seconds(1));
        assert_eq!((times.kill, times.end), (at(2_000), at(4_000)));
    }
}
