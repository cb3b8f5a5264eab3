//! The order of an orderly shutdown, for random services connected by random pipes.
//!
//! Each service ends as soon as it gets SIGTERM. What must hold whenever one gets it:
//!
//! - Whoever writes to it, directly or not, has gone, unless it writes back to that one (a circle).
//! - If it is a controller or reads from one, all that is neither has gone.
//! - If it reads the daemon's log, directly or not, all that does not has gone.

use daemonproxy_testing::Rng;

use crate::fixture::Fixture;

const MOST: usize = 7;
const PIPES: usize = 5;

struct Graph {
    /// The fd list of each service, in the order of their starts.
    fds: Vec<String>,
    controller: Vec<bool>,
    /// Whether something of the one comes to the other, directly or not.
    reaches: Vec<Vec<bool>>,
    behind_log: Vec<bool>,
    log: Option<usize>,
}

impl Graph {
    fn new(rng: &mut Rng, feeds_back: bool) -> Self {
        let count = 2 + rng.below(MOST - 1);
        let log = rng.one_in(3).then(|| rng.below(PIPES));
        let controller: Vec<bool> = (0..count).map(|_| rng.one_in(5)).collect();
        // By pipe: who reads, and who writes.
        let mut reads = vec![vec![false; count]; PIPES];
        let mut writes = vec![vec![false; count]; PIPES];
        for pipe in 0..PIPES {
            for _ in 0..1 + rng.below(2) {
                let reader = rng.below(count);
                reads[pipe][reader] = true;
                for _ in 0..rng.below(3) {
                    writes[pipe][rng.below(count)] = true;
                }
            }
            if !feeds_back {
                // Who writes has a smaller number than whoever reads.
                let first = reads[pipe].iter().position(|&reads| reads).unwrap_or(0);
                writes[pipe].iter_mut().skip(first).for_each(|writes| *writes = false);
            }
        }
        let mut reaches = vec![vec![false; count]; count];
        for (from, row) in reaches.iter_mut().enumerate() {
            for (to, reached) in row.iter_mut().enumerate() {
                *reached = (0..PIPES).any(|pipe| writes[pipe][from] && reads[pipe][to]);
            }
        }
        for via in 0..count {
            for from in 0..count {
                for to in 0..count {
                    reaches[from][to] |= reaches[from][via] && reaches[via][to];
                }
            }
        }
        let reads_log = |s: usize| log.is_some_and(|log| reads[log][s]);
        let behind_log =
            (0..count).map(|s| (0..count).any(|r| reads_log(r) && (r == s || reaches[r][s])));
        let behind_log = behind_log.collect();
        let fds = (0..count).map(|s| {
            let mut fds = vec!["null".to_owned()];
            fds.extend((0..PIPES).filter(|&p| reads[p][s]).map(|p| format!("p{p}.r")));
            fds.extend((0..PIPES).filter(|&p| writes[p][s]).map(|p| format!("p{p}.w")));
            fds.extend(controller[s].then(|| "control.socket".to_owned()));
            fds.join(" ")
        });
        Self { fds: fds.collect(), controller, reaches, behind_log, log }
    }

    fn is_late(&self, s: usize) -> bool {
        self.controller[s]
            || (0..self.fds.len()).any(|other| self.controller[other] && self.reaches[other][s])
    }

    /// Whether `first` must have gone before `then` gets SIGTERM.
    fn is_before(&self, first: usize, then: usize) -> bool {
        if self.behind_log[first] != self.behind_log[then] {
            return self.behind_log[then];
        }
        if !self.behind_log[then] && self.is_late(first) != self.is_late(then) {
            return self.is_late(then);
        }
        self.reaches[first][then] && !self.reaches[then][first]
    }
}

fn run(seed: u64, feeds_back: bool) {
    let mut rng = Rng::new(seed);
    let graph = Graph::new(&mut rng, feeds_back);
    let count = graph.fds.len();
    let mut f = Fixture::new();
    let c = f.connect();
    for pipe in 0..PIPES {
        let kind = if rng.one_in(4) { " unix" } else { "" };
        f.send(c, &format!("fd.pipe p{pipe}.r p{pipe}.w{kind}"));
    }
    if let Some(log) = graph.log {
        f.send(c, &format!("log.dest fd p{log}.w"));
    }
    // The order of the pids has nothing to do with that of the pipes.
    let mut order: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        order.swap(at, rng.below(at + 1));
    }
    for service in order {
        f.send(c, &format!("service.fds s{service} {}", graph.fds[service]));
        f.run_service(c, &format!("s{service}"));
    }
    f.calls();
    f.send(c, "terminate.shutdown");
    let mut alive = vec![true; count];
    for _ in 0..200 {
        if f.leave().is_some() {
            break;
        }
        let calls = f.calls();
        let stopped = calls.iter().filter_map(|call| {
            call.strip_prefix("kill s")?.strip_suffix(" SIGTERM")?.parse::<usize>().ok()
        });
        let stopped: Vec<usize> = stopped.collect();
        for &then in &stopped {
            for first in (0..count).filter(|&first| alive[first] && first != then) {
                let wrong = graph.is_before(first, then);
                assert!(!wrong, "graph {seed}: s{then} before s{first}, of {:#?}", graph.fds);
            }
        }
        for service in stopped {
            alive[service] = false;
            f.exit(&format!("s{service}"), 0);
        }
        // Not while somebody has just got it on account of these.
        if f.world().calls.is_empty() {
            f.advance_to_deadline();
        }
    }
    assert_eq!(f.exit_code(), Some(0), "graph {seed}: {:#?}", graph.fds);
    assert_eq!(alive, vec![false; count]);
}

#[test]
fn without_circles() {
    for seed in 0..400 {
        run(seed, false);
    }
}

#[test]
fn with_circles() {
    for seed in 1_000..1_400 {
        run(seed, true);
    }
}
