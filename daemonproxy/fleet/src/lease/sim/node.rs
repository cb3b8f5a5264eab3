//! A machine: its clock, its daemon with the service, and its bridge.

use std::time::Duration;

use daemonproxy_testing::Rng;

use super::world::Store;
use super::{Faults, STEP, TIMES};
use crate::lease::{Act, Lease, Record, Service, Written};

/// A question to the store that is under way.
#[derive(Debug)]
struct Asked {
    /// When it arrives there, in real time, and when its answer is back, if ever.
    arrives: u64,
    returns: Option<u64>,
    /// On the clock of the node.
    sent: Duration,
    what: Act,
    answer: Option<Answer>,
}

#[derive(Debug)]
enum Answer {
    Read(Option<(u64, Record)>),
    Written(Written),
}

/// A service that runs.
#[derive(Debug)]
struct Run {
    token: u64,
    who: String,
    /// On the clock of the node: the daemon stops it then, if nobody vouches for it.
    deadman: Duration,
    /// It is being stopped, and is over then.
    ends: Option<Duration>,
}

#[derive(Debug)]
pub(super) struct Node {
    name: usize,
    /// How often its bridge has died.
    lives: u64,
    who: String,
    lease: Lease,
    clock: Duration,
    /// Of the right speed, in thousandths.
    speed: u32,
    run: Option<Run>,
    asked: Option<Asked>,
    /// Late writings of which the answer is given up: they may still arrive.
    late: Vec<(u64, Record, u64)>,
    /// The bridge is dead, or stalls, until then.
    away: u64,
    /// The whole machine stands still until then, and whether its clock does.
    paused: u64,
    stands_still: bool,
    /// On its clock: when it was paused last. What it was told before may be old.
    woke: Option<Duration>,
    next_jump: u64,
}

impl Node {
    pub(super) fn new(name: usize, rng: &mut Rng, faults: Faults) -> Self {
        let who = format!("{name}-0");
        Self {
            name,
            lives: 0,
            lease: Lease::new(&who, TIMES),
            who,
            clock: Duration::from_millis(rng.draw() % 10_000_000),
            speed: if faults.skew { 800 + rng.below(401) as u32 } else { 1000 },
            run: None,
            asked: None,
            late: Vec::new(),
            away: 0,
            paused: 0,
            stands_still: false,
            woke: None,
            next_jump: 0,
        }
    }

    /// The token of the service, if it runs.
    pub(super) fn running(&self) -> Option<u64> {
        self.run.as_ref().map(|it| it.token)
    }

    /// Who has started it.
    pub(super) fn who(&self) -> &str {
        self.run.as_ref().map_or(&self.who, |it| &it.who)
    }

    /// Whether it is vouched for.
    pub(super) fn is_well(&self) -> bool {
        matches!(self.lease.service(self.clock), Service::Vouch(_))
    }

    pub(super) fn is_paused(&self, now: u64) -> bool {
        now < self.paused
    }

    /// Whether its bridge is dead, or stalls.
    pub(super) fn is_away(&self, now: u64) -> bool {
        now < self.away
    }

    /// Whether it was paused since it was told last that it has the lease.
    pub(super) fn was_paused(&self) -> bool {
        self.woke.is_some()
    }

    /// The clock goes on, and what may happen does.
    pub(super) fn time_passes(&mut self, now: u64, rng: &mut Rng, faults: Faults) {
        if !self.is_paused(now) || !self.stands_still {
            self.clock += Duration::from_micros(STEP * u64::from(self.speed));
        }
        if faults.pauses && !self.is_paused(now) && rng.one_in(600) {
            self.paused = now + 500 + rng.draw() % 120_000;
            self.stands_still = rng.one_in(2);
            self.woke = Some(self.clock);
        }
        if faults.jumps && self.next_jump <= now && rng.one_in(40) {
            self.next_jump = now + 60_000;
            let most = TIMES.lease().as_millis() as u64 / 4;
            let by = Duration::from_millis(rng.draw() % most);
            self.clock = match rng.one_in(2) {
                true => self.clock + by,
                false => self.clock.saturating_sub(by),
            };
        }
        if faults.bridges && !self.is_away(now) && rng.one_in(400) {
            let until = now + 500 + rng.draw() % 60_000;
            match rng.one_in(2) {
                true => self.begins_again(until),
                false => self.away = until,
            }
        }
    }

    /// The bridge dies, and comes back when another one had the time to take over.
    pub(super) fn dies(&mut self, now: u64, rng: &mut Rng) {
        self.begins_again(now + 500 + rng.draw() % 120_000);
    }

    /// The bridge is dead until then, and then a new one, that knows nothing.
    fn begins_again(&mut self, until: u64) {
        self.away = until;
        self.lives += 1;
        self.who = format!("{}-{}", self.name, self.lives);
        self.lease = Lease::new(&self.who, TIMES);
        if let Some(asked) = self.asked.take() {
            self.give_up(asked);
        }
    }

    fn give_up(&mut self, asked: Asked) {
        if let Asked { what: Act::Write(record, on), arrives, answer: None, .. } = asked {
            self.late.push((arrives, record, on));
        }
    }

    /// The store gets what arrives now, whatever the machine does.
    pub(super) fn arrivals(&mut self, now: u64, store: &mut Store) {
        self.late.retain(|(at, record, on)| {
            if *at <= now {
                store.write(record, *on);
            }
            *at > now
        });
        if let Some(asked) = self.asked.as_mut().filter(|it| it.answer.is_none())
            && asked.arrives <= now
        {
            asked.answer = Some(match &asked.what {
                Act::Write(record, on) => Answer::Written(store.write(record, *on)),
                _ => Answer::Read(store.record.clone()),
            });
        }
    }

    /// The daemon does its part, whatever the bridge does.
    pub(super) fn daemon(&mut self, rng: &mut Rng) {
        if self.run.as_ref().is_some_and(|it| it.deadman <= self.clock) {
            self.stop(rng);
        }
        let is_over = |run: &Run| run.ends.is_some_and(|at| at <= self.clock);
        if self.run.as_ref().is_some_and(is_over) {
            self.run = None;
        }
    }

    fn stop(&mut self, rng: &mut Rng) {
        let most = TIMES.stop.as_millis() as u64;
        let ends = self.clock + Duration::from_millis(rng.draw() % most);
        if let Some(run) = &mut self.run {
            run.ends.get_or_insert(ends);
        }
    }

    pub(super) fn bridge(&mut self, now: u64, rng: &mut Rng, faults: Faults) {
        if self.is_away(now) {
            return;
        }
        let again = self.answers(now);
        // What was sent after it woke up says that it has the lease.
        if self.woke.is_some_and(|at| self.lease.until(TIMES) >= at + TIMES.slack()) {
            self.woke = None;
        }
        match self.lease.service(self.clock) {
            Service::Vouch(token) => {
                let deadman = self.clock + TIMES.deadman;
                match &mut self.run {
                    // What is being stopped is not vouched for, and not started before its end.
                    Some(Run { ends: Some(_), .. }) => {}
                    Some(run) => run.deadman = deadman,
                    None => {
                        let who = self.who.clone();
                        self.run = Some(Run { token, who, deadman, ends: None });
                    }
                }
            }
            Service::Leave => {}
            Service::Stop => self.stop(rng),
        }
        if self.asked.is_none() {
            let what = again.unwrap_or_else(|| self.lease.next(self.clock));
            if !matches!(what, Act::Rest(_)) {
                let slow = if faults.bridges && rng.one_in(10) { 30_000 } else { 300 };
                let arrives = now + 1 + rng.draw() % slow;
                let is_lost = faults.bridges && rng.one_in(8);
                let returns = (!is_lost).then(|| arrives + rng.draw() % slow);
                self.asked = Some(Asked { arrives, returns, sent: self.clock, what, answer: None });
            }
        }
    }

    /// Takes what has come back, or is waited for no longer. Returns what is to be asked at once.
    fn answers(&mut self, now: u64) -> Option<Act> {
        let asked = self.asked.take()?;
        let is_back = asked.returns.is_some_and(|at| at <= now);
        let is_given_up = self.clock >= asked.sent + Duration::from_secs(5);
        match asked.answer {
            Some(Answer::Read(there)) if is_back => {
                return self.lease.read(asked.sent, self.clock, there);
            }
            Some(Answer::Written(how)) if is_back => self.lease.written(self.clock, how),
            _ if is_given_up => {
                if matches!(asked.what, Act::Write(..)) {
                    self.lease.written(self.clock, Written::Unclear);
                }
                self.give_up(asked);
            }
            _ => self.asked = Some(asked),
        }
        None
    }
}
