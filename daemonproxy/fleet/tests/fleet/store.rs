//! A store that is gone, empty, old, broken, or another one: it is reported, and not obeyed.

use std::fs;

use daemonproxy_testing::eventually;

use crate::setup::{Machine, Server, copy, is_there, one_that_runs, sleeping};

#[test]
fn without_the_store_all_goes_on() {
    if !is_there() {
        return;
    }
    let (mut server, mut machine) = one_that_runs(&sleeping(1000));
    let revision = server.status("n1")["status"]["applied"]["revision"].as_u64().unwrap();
    let before = machine.pid("web").unwrap();
    server.kill();
    // Also if the agent starts again while there is no server.
    machine.agent.kill();
    machine.start_agent();
    eventually("the agent looks at the daemon", || {
        machine.log().contains("applied, revision").then_some(())
    });
    assert_eq!(machine.pid("web").unwrap(), before);
    // A daemon that is new has what was applied last, without the store.
    machine.daemon = None;
    machine.start_daemon();
    eventually("it runs again", || machine.pid("web"));
    server.again();
    server.until_revision("n1", revision);
    let next = server.put(&sleeping(1001), "n1");
    server.until_revision("n1", next);
    assert_eq!(machine.args_of("web").unwrap(), "sleep 1001");
}

#[test]
fn an_old_copy_of_the_store_is_not_obeyed_until_the_epoch_rises() {
    if !is_there() {
        return;
    }
    let mut server = Server::start();
    server.does(&["init"]);
    let machine = Machine::start("n1", &server.url());
    let first = server.put(&sleeping(1), "n1");
    // Its services end by themselves; what counts is what they are told to run.
    eventually("it is applied", || {
        (server.status("n1")["status"]["applied"]["revision"] == first).then_some(())
    });
    server.kill();
    let old = server.store().with_file_name("old");
    copy(&server.store(), &old);
    server.again();
    let second = server.put(&sleeping(1000), "n1");
    server.until_revision("n1", second);
    let pid = machine.pid("web").unwrap();

    server.kill();
    fs::remove_dir_all(server.store()).unwrap();
    copy(&old, &server.store());
    server.again();
    server.until("n1", "went back", "the store has revision");
    assert_eq!(machine.pid("web").unwrap(), pid);
    // The revision that was applied, with another content.
    let again = server.put(&sleeping(2000), "n1");
    assert_eq!(again, second);
    server.until("n1", "went back", "another content");
    assert_eq!(machine.pid("web").unwrap(), pid);
    server.does(&["epoch", "--raise"]);
    server.until_revision("n1", again);
    assert_eq!(machine.args_of("web").unwrap(), "sleep 2000");
}

#[test]
fn an_empty_store_removes_nothing_and_a_new_one_is_not_obeyed() {
    if !is_there() {
        return;
    }
    let (mut server, machine) = one_that_runs(&sleeping(1000));
    let pid = machine.pid("web").unwrap();

    server.kill();
    fs::remove_dir_all(server.store()).unwrap();
    server.again();
    server.does(&["init"]);
    server.until("n1", "idle", "what was applied goes on");
    for seconds in 2000..2003 {
        server.put(&sleeping(seconds), "n1");
    }
    server.until("n1", "went back", "another store of the same epoch");
    assert_eq!(machine.pid("web").unwrap(), pid);
    server.does(&["epoch", "--raise"]);
    let revision = server.put(&sleeping(3000), "n1");
    server.until_revision("n1", revision);
    assert_eq!(machine.args_of("web").unwrap(), "sleep 3000");
}

#[test]
fn a_value_that_is_broken_is_reported_and_what_runs_goes_on() {
    if !is_there() {
        return;
    }
    let (server, machine) = one_that_runs(&sleeping(1000));
    let pid = machine.pid("web").unwrap();
    // `dpfleet put` would refuse them.
    for (value, state, note) in [
        (&b"[service.web]\nrunn = 1\n"[..], "failed", "runn"),
        (b"\xff\xfe", "failed", "UTF-8"),
        (b"", "failed", "no service"),
    ] {
        crate::permissions::publish(server.port, None, "$KV.dp_desired.n1", value, "");
        server.until("n1", state, note);
        assert_eq!(machine.pid("web").unwrap(), pid);
    }
    let meta = b"{}";
    crate::permissions::publish(server.port, None, "$KV.dp_desired._meta", meta, "");
    server.until("n1", "unreadable", "no epoch");
    assert_eq!(machine.pid("web").unwrap(), pid);
    let said = server.dpfleet(&["epoch", "--raise"]);
    assert!(said.status == 1 && said.err.contains("cannot be read"), "{said:?}");
}
