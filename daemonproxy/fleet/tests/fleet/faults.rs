//! kill -9 of the server, the agents and a daemon, while intents change; and a connection on which
//! nothing comes any more. No service stops because of it, nothing is applied twice, nothing older
//! than what was applied is, and in the end all have the last.

use std::thread;
use std::time::Duration;

use daemonproxy_testing::{Rng, eventually};

use crate::relay::Relay;
use crate::setup::{Machine, Server, is_there, sleeping};

/// How often something is killed.
fn rounds() -> usize {
    std::env::var("FLEET_ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(12)
}

/// A service that never changes, and one that says what it was given.
fn intent(nth: usize, folder: &str) -> String {
    format!(
        "[service.still]\nrun = \"sleep 100000\"\n[service.web]\n\
         sh = \"echo {nth} >> {folder}/$NODE; exec sleep 50000\"\nenv = {{ NODE = \"NODE\" }}\n"
    )
}

#[test]
fn killed_again_and_again_while_intents_change() {
    if !is_there() {
        return;
    }
    let told = tempfile::tempdir().unwrap();
    let folder = told.path().to_str().unwrap();
    let mut server = Server::start();
    server.does(&["init"]);
    let names = ["n1", "n2", "n3"];
    let mut machines: Vec<_> = names.map(|name| Machine::start(name, &server.url())).into();
    let put = |server: &Server, nth: usize| -> Vec<u64> {
        let one = |name: &&str| {
            server.put(&intent(nth, folder).replace("\"NODE\"", &format!("\"{name}\"")), name)
        };
        names.iter().map(one).collect()
    };
    for (name, revision) in names.iter().zip(put(&server, 0)) {
        server.until_revision(name, revision);
    }
    // The daemon of the last one is killed, too, and its services with it.
    let still: Vec<_> = machines[..2].iter().map(|it| it.pid("still").unwrap()).collect();
    let mut rng = Rng::new(19);
    let mut last = Vec::new();
    for nth in 1..=rounds() {
        let victim = rng.below(5);
        match victim {
            0 => server.kill(),
            1..=3 => machines[victim - 1].agent.kill(),
            _ => machines[2].daemon = None,
        }
        if victim == 0 {
            thread::sleep(Duration::from_millis(rng.below(300) as u64));
            server.again();
        }
        last = put(&server, nth);
        // In the middle of it.
        thread::sleep(Duration::from_millis(rng.below(400) as u64));
        match victim {
            0 => {}
            1..=3 => machines[victim - 1].start_agent(),
            _ => machines[2].start_daemon(),
        }
    }
    for (name, revision) in names.iter().zip(last) {
        server.until_revision(name, revision);
    }
    let now: Vec<_> = machines[..2].iter().map(|it| it.pid("still").unwrap()).collect();
    assert_eq!(now, still, "a service has stopped");
    for (nth, name) in names.iter().enumerate() {
        let text = std::fs::read_to_string(told.path().join(name)).unwrap();
        let all: Vec<usize> = text.lines().map(|it| it.parse().unwrap()).collect();
        // A daemon that is new starts what was applied last once more.
        let is_in_order = all.windows(2).all(|it| it[0] < it[1] || nth == 2 && it[0] == it[1]);
        assert!(is_in_order, "{name}: {all:?}");
        assert_eq!(all.last(), Some(&rounds()), "{name}");
    }
}

#[test]
fn a_node_that_is_cut_off_goes_on_and_catches_up() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    server.does(&["init"]);
    let line = Relay::to(server.port);
    let machine = Machine::start("n1", &line.url());
    let revision = server.put(&sleeping(1000), "n1");
    server.until_revision("n1", revision);
    let pid = machine.pid("web").unwrap();
    line.hold_up();
    server.until("n1", "silent", "for");
    let next = server.put(&sleeping(1001), "n1");
    assert_eq!(machine.pid("web").unwrap(), pid);
    line.go_on();
    server.until_revision("n1", next);
    let events = || server.does(&["events", "n1", "web"]);
    eventually("what has happened is told", || events().contains("stop=").then_some(()));
}
