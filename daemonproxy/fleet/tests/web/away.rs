//! A daemon that goes away, or hangs, is shown as such, and comes back by itself.

use daemonproxy_testing::{Setup, kill};

use crate::page::{Page, daemon};

#[test]
fn a_daemon_that_ends_and_another_one_in_its_place() {
    let mut first = daemon();
    first.connect().define_sleeper("old");
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("socket");
    std::os::unix::fs::symlink(first.socket(), &link).unwrap();
    let page = Page::at(&link);
    let mut watcher = page.watch();
    watcher.until("old", "state", "down");
    first.kill();
    first.wait_exit();
    let node = watcher.until_node("gone");
    assert!(node["said"].as_str().unwrap().contains("closed the connection"), "{node}");
    // What was known stays to be seen; nothing can be done to it.
    assert_eq!(page.service("old")["row"]["name"], "old");
    assert_eq!(page.service("old")["details"], serde_json::Value::Null);
    assert!(page.log("old")["none"].as_str().unwrap().contains("the daemon is not there"));
    assert_eq!(page.act("old", "start").status, 409);
    let second = daemon();
    second.connect().define_sleeper("new");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(second.socket(), &link).unwrap();
    // All of what a new daemon has may come before the word that it is there.
    let mut later = page.watch();
    later.until("new", "state", "down");
    watcher.until_node("here");
    let names = |it: &serde_json::Value| {
        it["services"].as_array().unwrap().iter().map(|row| row["name"].to_string()).collect()
    };
    let now: Vec<String> = names(&page.watch().message());
    assert_eq!(now, ["\"new\""]);
}

#[test]
fn a_page_that_is_there_before_the_daemon() {
    let setup = Setup::new::<&str>([]);
    let socket = setup.path("control");
    let page = Page::at(std::path::Path::new(&socket));
    let node = page.watch().until_node("gone");
    assert!(
        ["connecting", "there is no socket"].iter().any(|it| node["said"].to_string().contains(it))
    );
    assert_eq!(page.get("/metrics").status, 200);
}

#[test]
fn a_daemon_that_hangs() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut watcher = page.watch();
    watcher.until_node("here");
    kill(daemon.pid(), libc::SIGSTOP);
    let node = watcher.until_node("silent");
    assert_eq!(node["said"], "the daemon does not answer");
    kill(daemon.pid(), libc::SIGCONT);
    watcher.until_node("here");
}
