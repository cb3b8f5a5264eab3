//! Random schedules of faults, with real servers, daemons and agents: whatever is killed, stopped,
//! cut off or late, no two nodes run what has a lease; and when it is over, one does.
//!
//! `LEASE_SCHEDULES` says how many, `LEASE_WORLDS` how many at once, `LEASE_SEED` from which seed on.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use daemonproxy_testing::{PATIENCE, Rng, kill};

use crate::relay::Relay;
use crate::setup::{Machine, Server, is_there};

/// What may be done to a machine or to the server, and undone after a while.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// The process is killed, and started again.
    Killed,
    /// SIGSTOP and SIGCONT.
    Stopped,
    /// Nothing comes through, and all of it later.
    HeldUp,
    /// The connections are closed, and new ones refused.
    Cut,
    /// The daemon is killed: another one takes its place.
    NoDaemon,
    /// The service is killed.
    NoService,
    /// An operator stops it, and lets it go again.
    Held,
}

/// One that is for the server, too.
const OF_SERVER: [Fault; 2] = [Fault::Killed, Fault::Stopped];
const OF_MACHINE: [Fault; 7] = [
    Fault::Killed,
    Fault::Stopped,
    Fault::HeldUp,
    Fault::Cut,
    Fault::NoDaemon,
    Fault::NoService,
    Fault::Held,
];

const LEASES: [&str; 2] = ["one", "two"];

/// A server and three machines, each with a line of its own.
struct World {
    folder: tempfile::TempDir,
    server: Server,
    machines: Vec<Machine>,
    lines: Vec<Relay>,
    /// Daemons that were killed: what they have left behind is not cleaned up before the end.
    dead: Vec<daemonproxy_testing::Daemon>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start();
        server.does(&["init"]);
        let lines: Vec<_> = (0..3).map(|_| Relay::to(server.port)).collect();
        let machine =
            |(nth, line): (usize, &Relay)| Machine::start(&format!("n{nth}"), &line.url());
        let machines: Vec<_> = lines.iter().enumerate().map(machine).collect();
        let world = Self { folder, server, machines, lines, dead: Vec::new() };
        for machine in &world.machines {
            world.server.put(&file(world.folder.path(), &machine.name), &machine.name);
        }
        world
    }

    fn begin(&mut self, target: usize, fault: Fault) {
        if target == self.machines.len() {
            match fault {
                Fault::Stopped => kill(self.server.pid(), libc::SIGSTOP),
                _ => self.server.kill(),
            }
            return;
        }
        let machine = &mut self.machines[target];
        match fault {
            Fault::Killed => machine.agent.kill(),
            Fault::Stopped => kill(machine.agent.pid(), libc::SIGSTOP),
            Fault::HeldUp => self.lines[target].hold_up(),
            Fault::Cut => self.lines[target].cut(),
            Fault::NoDaemon => {
                let mut daemon = machine.daemon.take().unwrap();
                daemon.kill();
                self.dead.push(daemon);
            }
            Fault::NoService => {
                let pids = LEASES.iter().filter_map(|name| machine.pid(name));
                pids.for_each(|pid| kill(pid.into(), libc::SIGKILL));
            }
            // It may not be there yet.
            Fault::Held => drop(machine.client().command(["service.stop", LEASES[0]])),
        }
    }

    fn end(&mut self, target: usize, fault: Fault) {
        if target == self.machines.len() {
            match fault {
                Fault::Stopped => kill(self.server.pid(), libc::SIGCONT),
                _ => self.server.again(),
            }
            return;
        }
        let machine = &mut self.machines[target];
        match fault {
            Fault::Killed => machine.start_agent(),
            Fault::Stopped => kill(machine.agent.pid(), libc::SIGCONT),
            Fault::HeldUp | Fault::Cut => self.lines[target].go_on(),
            Fault::NoDaemon => machine.start_daemon(),
            Fault::NoService => {}
            Fault::Held => drop(machine.client().command(["service.release", LEASES[0]])),
        }
    }

    /// Faults that overlap, of each target one.
    fn schedule(&mut self, seed: u64) {
        let mut rng = Rng::new(seed);
        let mut moments = Vec::new();
        for target in 0..=self.machines.len() {
            if rng.one_in(2) {
                continue;
            }
            let fault = match target == self.machines.len() {
                true => rng.choose(&OF_SERVER),
                false => rng.choose(&OF_MACHINE),
            };
            let begin = rng.below(3000);
            moments.push((begin, target, fault, true));
            moments.push((begin + rng.below(6000), target, fault, false));
        }
        moments.sort_by_key(|&(at, .., is_begin)| (at, !is_begin));
        let began = Instant::now();
        for (at, target, fault, is_begin) in moments {
            let at = began + Duration::from_millis(at as u64);
            thread::sleep(at.saturating_duration_since(Instant::now()));
            match is_begin {
                true => self.begin(target, fault),
                false => self.end(target, fault),
            }
        }
    }

    /// What the services have found. They write it down themselves.
    fn check(&self, seeds: &str) {
        let both = fs::read_to_string(self.folder.path().join("both")).unwrap_or_default();
        assert_eq!(both, "", "{seeds}: two at once; logs:\n{}", self.logs());
        for name in LEASES {
            let told = fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
            let runs: Vec<(u64, &str)> = told.lines().map(run).collect();
            let is_in_order = |two: &[(u64, &str)]| {
                two[0].0 < two[1].0 || two[0].0 == two[1].0 && two[0].1 == two[1].1
            };
            assert!(runs.windows(2).all(is_in_order), "{seeds}: {name}: {runs:?}\n{}", self.logs());
        }
    }

    /// One node has each of them, after a while.
    fn until_they_run(&self, seeds: &str) {
        for name in LEASES {
            let deadline = Instant::now() + PATIENCE;
            while !self.machines.iter().any(|it| it.pid(name).is_some()) {
                if Instant::now() >= deadline {
                    panic!("{seeds}: nobody has {name}\n{}", self.logs());
                }
                thread::sleep(Duration::from_millis(200));
            }
        }
    }

    fn logs(&self) -> String {
        let of = |it: &Machine| {
            let client = it.client();
            let view = client.view();
            let services = LEASES.map(|name| format!("{:?}\n", view.service(name.as_bytes())));
            format!("{}:\n{}{}", it.name, it.log(), services.concat())
        };
        self.machines.iter().map(of).collect()
    }

    /// How often one has been started.
    fn runs(&self) -> usize {
        let of = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        LEASES.iter().map(|name| of(name).lines().count()).sum()
    }
}

/// The token, and the node, of a line that a service has written.
fn run(line: &str) -> (u64, &str) {
    let (token, node) = line.split_once(' ').unwrap();
    (token.split_once('.').unwrap().1.parse().unwrap(), node)
}

/// A lock of the kernel ends with the process that has it: who cannot have it is the second. It takes
/// its time to stop.
fn file(folder: &Path, node: &str) -> String {
    let folder = folder.display();
    let service = |name: &&str| {
        format!(
            "[service.{name}]\nlease = \"{name}\"\ndeadman = 1\nstop = {{ after = \"1s\" }}\n\
             sh = '''\nexec 9>> {folder}/{name}.lock\n\
             flock -n 9 || echo $LEASE_TOKEN {node} {name} >> {folder}/both\n\
             echo $LEASE_TOKEN {node} >> {folder}/{name}\n\
             trap 'sleep 0.8 9>&-; exit 0' TERM\nsleep 100000 9>&- &\nwait\n'''\n"
        )
    };
    LEASES.iter().map(service).collect()
}

#[test]
fn never_two_holders_whatever_happens() {
    if !is_there() {
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let count = number("LEASE_SCHEDULES").unwrap_or(6);
    let worlds = number("LEASE_WORLDS").unwrap_or(2);
    let first = number("LEASE_SEED").unwrap_or(0);
    let next = AtomicU64::new(first);
    let runs = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..worlds {
            scope.spawn(|| {
                let mut world = World::new();
                let mut seeds = "at the start".to_owned();
                world.until_they_run(&seeds);
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        break;
                    }
                    seeds = format!("seed {seed}");
                    world.schedule(seed);
                    world.until_they_run(&seeds);
                    world.check(&seeds);
                }
                runs.fetch_add(world.runs() as u64, Ordering::Relaxed);
            });
        }
    });
    println!("{count} schedules from seed {first} on: {} runs", runs.into_inner());
}
