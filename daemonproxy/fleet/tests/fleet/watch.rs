//! `dpfleet status -w` and `events -f`: what changes is shown, also after the server was away.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use daemonproxy_testing::eventually;
use serde_json::Value;

use crate::setup::{Machine, Process, Server, is_there, one_that_runs, program, sleeping};

/// Whoever tries to connect a few times has given up by then.
const LONG: Duration = Duration::from_secs(4);

#[test]
fn what_changes_is_shown_also_after_the_server_was_away() {
    if !is_there() {
        return;
    }
    let mut server = Server::start();
    server.does(&["init"]);
    let machine = Machine::start("n1", &server.url());
    let shown = machine.state().with_file_name("shown");
    let mut command = program(&server.url());
    command.args(["status", "-w"]).stdout(File::create(&shown).unwrap());
    let _watch = Process::start(&mut command);
    let has = |revision: u64| {
        let text = fs::read_to_string(&shown).unwrap();
        let is_it = |line: &str| {
            let words: Vec<_> = line.split_whitespace().take(3).collect();
            words == ["n1", "ready", &*revision.to_string()]
        };
        text.lines().any(is_it)
    };
    let first = server.put(&sleeping(1001), "n1");
    eventually("the first is shown", || has(first).then_some(()));
    server.is_away(LONG);
    let second = server.put(&sleeping(1002), "n1");
    eventually("the second is shown", || has(second).then_some(()));
}

#[test]
fn events_go_on_and_each_is_told_once_also_after_the_server_was_away() {
    if !is_there() {
        return;
    }
    let (mut server, machine) = one_that_runs(&sleeping(1000));
    let follow = |name: &str, args: &[&str]| {
        let shown = machine.state().with_file_name(name);
        let mut command = program(&server.url());
        command.args(["events", "n1", "web", "-o", "json"]).args(args);
        let process = Process::start(command.stdout(File::create(&shown).unwrap()));
        (shown, process)
    };
    // The runs that began, by their number: with all that was there, or with what is new only.
    let runs = |shown: &Path| -> Vec<u64> {
        let text = fs::read_to_string(shown).unwrap();
        let events = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let ups = events.filter(|it| it["state"][0] == "up");
        ups.map(|it| it["state"][2].as_str().unwrap().parse().unwrap()).collect()
    };
    let pid = || u64::try_from(machine.pid("web")?).ok();
    let again = |what: &str| {
        let before = pid().unwrap();
        daemonproxy_testing::kill(before as i64, libc::SIGKILL);
        eventually(what, || pid().filter(|&now| now != before))
    };
    let first = pid().unwrap();
    let (all, _all) = follow("all", &["-f"]);
    eventually("what was there is told", || (runs(&all) == [first]).then_some(()));
    let (new, _new) = follow("new", &["--new"]);
    let mut started = vec![first];
    // Nothing shows when it begins to listen, but that it hears of one.
    eventually("who wants only what is new is told of a start", || {
        started.push(again("it is started again"));
        eventually("that is told", || (runs(&all) == started).then_some(()));
        (!runs(&new).is_empty()).then_some(())
    });
    server.kill();
    let last = again("it is started again while the server is away");
    started.push(last);
    server.again();
    server.is_away(LONG);
    eventually("that is told, too", || (runs(&all) == started).then_some(()));
    eventually("who wants only what is new is told as well", || {
        (runs(&new).last() == Some(&last)).then_some(())
    });
    assert!(!runs(&new).contains(&first));
}
