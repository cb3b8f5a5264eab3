//! `dpfleet status -w`: what changes is shown, also after the server was away.

use std::fs::{self, File};

use daemonproxy_testing::eventually;

use crate::setup::{Machine, Process, Server, is_there, program, sleeping};

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
    server.kill();
    server.again();
    let second = server.put(&sleeping(1002), "n1");
    eventually("the second is shown", || has(second).then_some(()));
}
