//! A node whose clock is hours off, in either direction, by libfaketime: it does what it is to do,
//! says all that happens, and `status` says that its clock is wrong.

use std::path::PathBuf;

use daemonproxy_testing::eventually;

use crate::setup::{Machine, Server, is_there, sleeping};

/// The library for programs with several threads.
fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    let mut paths = folders.map(|it| it.path().join("faketime/libfaketimeMT.so.1"));
    let found = paths.find(|path| path.exists());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "there is no libfaketime");
    found
}

#[test]
fn a_clock_that_is_hours_off_is_told_and_nothing_is_lost() {
    if !is_there() {
        return;
    }
    let Some(library) = library() else {
        println!("left out: there is no libfaketime");
        return;
    };
    let preload = format!("LD_PRELOAD={}", library.display());
    let server = Server::start();
    server.does(&["init"]);
    for (nth, (off, said)) in
        [("+5h", "5h00m ahead of"), ("-5h", "5h00m behind")].into_iter().enumerate()
    {
        let name = format!("n{nth}");
        // Only what people go by is wrong: the others are counted by the kernel from its start.
        let off = format!("FAKETIME={off}");
        let wrapped = ["env", &preload, &off, "FAKETIME_DONT_FAKE_MONOTONIC=1"];
        let machine = Machine::wrapped(&name, &server.url(), &wrapped);
        let revision = server.put(&sleeping(1000), &name);
        server.until_revision(&name, revision);
        server.until(&name, "ready", said);
        let pid = machine.pid("web").unwrap();
        daemonproxy_testing::kill(pid.into(), libc::SIGKILL);
        eventually("it is started again, and all of it was told", || {
            let events = server.does(&["events", &name, "web"]);
            let ups = events.lines().filter(|it| it.contains(" up ")).count();
            (ups == 2 && events.contains("signal=SIGKILL")).then_some(())
        });
        let next = server.put(&sleeping(1001), &name);
        server.until_revision(&name, next);
        assert!(machine.args_of("web").unwrap().contains("1001"));
    }
    // Whose clock is right has no such note.
    let right = Machine::start("right", &server.url());
    let revision = server.put(&sleeping(1000), "right");
    let status = server.until_revision("right", revision);
    assert_eq!(status["note"], "", "{}", right.log());
}
