//! Random histories of the rules: clocks that run too fast or too slowly, bridges that die or stall,
//! answers that are lost or late, and daemons that stop what nobody vouches for.

use std::time::Duration;

use super::rules::{Act, Lease, Record, Service, Times, Written};

/// A random number generator, the same every time.
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.draw() % limit
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// A writing or a reading that is under way.
struct Asked {
    /// When it arrives at the store, in real time, and when its answer is back, if ever.
    arrives: u64,
    returns: Option<u64>,
    /// On the clock of the node.
    sent: Duration,
    what: Act,
    answer: Option<Answer>,
}

enum Answer {
    Read(Option<(u64, Record)>),
    Written(Written),
}

struct Node {
    lease: Lease,
    /// Its clock: real milliseconds times this, over 1000, plus what it was set to.
    rate: u64,
    offset: u64,
    asked: Option<Asked>,
    /// Late writings of which the answer is given up: they may still arrive.
    late: Vec<(u64, Record, u64)>,
    /// The bridge is dead or stalls until then.
    away: u64,
    /// On the clock of the node: the daemon stops the service then, if it is not vouched for.
    deadman: Option<Duration>,
    /// In real time: a stop was begun, and the service ends then.
    ends: Option<u64>,
    runs: bool,
    token: u64,
    lives: u64,
}

impl Node {
    fn clock(&self, now: u64) -> Duration {
        millis(self.offset + now * self.rate / 1000)
    }
}

/// The times of all histories.
const TIMES: Times = Times { deadman: Duration::from_secs(8), stop: Duration::from_secs(3) };

/// One history. Panics if two run at once; returns how often the lease has changed hands.
fn history(seed: u64) -> u64 {
    let mut chance = Chance(seed);
    let mut store: Option<(u64, Record)> = None;
    let mut revision = 0;
    let count = 2 + chance.below(3);
    let mut nodes: Vec<Node> = (0..count)
        .map(|nth| Node {
            lease: Lease::new(&format!("{nth}-0"), TIMES),
            rate: 800 + chance.below(400),
            offset: chance.below(10_000_000),
            asked: None,
            late: Vec::new(),
            away: 0,
            deadman: None,
            ends: None,
            runs: false,
            token: 0,
            lives: 0,
        })
        .collect();
    let is_calm = chance.one_in(4);
    let mut last_token = 0;
    let mut hands = 0;
    let mut now = 0;
    let step = 250;
    let mut nobody = 0;
    while now < 600_000 {
        now += step;
        for (nth, node) in nodes.iter_mut().enumerate() {
            let clock = node.clock(now);
            // The store gets what arrives now.
            let write = |store: &mut Option<(u64, Record)>,
                         revision: &mut u64,
                         record: &Record,
                         on: u64| {
                if store.as_ref().map_or(0, |it| it.0) != on {
                    return Written::Conflict;
                }
                *revision += 1;
                *store = Some((*revision, record.clone()));
                Written::Stored(*revision)
            };
            node.late.retain(|(at, record, on)| {
                if *at <= now {
                    write(&mut store, &mut revision, record, *on);
                }
                *at > now
            });
            if let Some(asked) = &mut node.asked
                && asked.answer.is_none()
                && asked.arrives <= now
            {
                asked.answer = Some(match &asked.what {
                    Act::Write(record, on) => {
                        Answer::Written(write(&mut store, &mut revision, record, *on))
                    }
                    _ => Answer::Read(store.clone()),
                });
            }
            // The daemon does its part, whatever the bridge does.
            if node.runs && node.ends.is_none() && node.deadman.is_some_and(|at| at <= clock) {
                node.ends = Some(now + chance.below(3000) * 1000 / node.rate);
            }
            if node.ends.is_some_and(|at| at <= now) {
                (node.runs, node.ends, node.deadman) = (false, None, None);
            }
            // The bridge dies, or stalls.
            if !is_calm && node.away <= now && chance.one_in(400) {
                node.away = now + 500 + chance.below(60_000);
                if chance.one_in(2) {
                    node.lives += 1;
                    node.lease = Lease::new(&format!("{nth}-{}", node.lives), TIMES);
                    if let Some(Asked {
                        what: Act::Write(record, on), arrives, answer: None, ..
                    }) = node.asked.take()
                    {
                        node.late.push((arrives, record, on));
                    }
                }
            }
            if node.away > now {
                continue;
            }
            bridge(node, &mut chance, now, clock, is_calm);
            if node.runs && node.token > last_token {
                hands += 1;
                last_token = node.token;
            }
        }
        let running = nodes.iter().filter(|it| it.runs).count();
        assert!(running <= 1, "seed {seed}: {running} at once after {now} ms");
        nobody = if running == 0 { nobody + step } else { 0 };
        // Without faults there is soon somebody, and always.
        let soon = u64::try_from(TIMES.lease().as_millis()).unwrap() * 3 * 1000 / 800;
        assert!(!is_calm || nobody < soon, "seed {seed}: nobody for {nobody} ms");
    }
    hands
}

fn bridge(node: &mut Node, chance: &mut Chance, now: u64, clock: Duration, is_calm: bool) {
    // What has come back, or is waited for no longer.
    let is_back =
        |asked: &Asked| asked.returns.is_some_and(|at| at <= now) && asked.answer.is_some();
    let is_given_up = |asked: &Asked| clock >= asked.sent + millis(5000);
    let mut again = None;
    match node.asked.take() {
        Some(asked) if is_back(&asked) => match asked.answer {
            Some(Answer::Read(there)) => again = node.lease.read(asked.sent, clock, there),
            Some(Answer::Written(how)) => node.lease.written(clock, how),
            None => {}
        },
        Some(asked) if is_given_up(&asked) => {
            if let Act::Write(record, on) = asked.what {
                node.lease.written(clock, Written::Unclear);
                if asked.answer.is_none() {
                    node.late.push((asked.arrives, record, on));
                }
            }
        }
        other => node.asked = other,
    }
    match node.lease.service(clock) {
        Service::Vouch(token) => {
            // A service that is being stopped is not vouched for, and not started before its end.
            if node.ends.is_none() {
                (node.runs, node.token) = (true, token);
                node.deadman = Some(clock + TIMES.deadman);
            }
        }
        Service::Leave => {}
        Service::Stop => {
            if node.runs && node.ends.is_none() {
                node.ends = Some(now + chance.below(3000) * 1000 / node.rate);
            }
        }
    }
    if node.asked.is_none() {
        let what = again.unwrap_or_else(|| node.lease.next(clock));
        if !matches!(what, Act::Rest(_)) {
            let slow = if !is_calm && chance.one_in(10) { 30_000 } else { 300 };
            let arrives = now + 1 + chance.below(slow);
            let is_lost = !is_calm && chance.one_in(8);
            let returns = (!is_lost).then(|| arrives + chance.below(slow));
            node.asked = Some(Asked { arrives, returns, sent: clock, what, answer: None });
        }
    }
}

#[test]
fn never_two_at_once() {
    let count = std::env::var("LEASE_HISTORIES").ok().and_then(|it| it.parse().ok());
    let count = count.unwrap_or(300);
    let hands: u64 = (0..count).map(history).sum();
    // It is about something: it changes hands again and again.
    assert!(hands > count, "{hands} in {count} histories");
}
