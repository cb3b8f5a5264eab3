//! Nothing grows without a bound, whoever is slow.

use std::io::{Read, Write};

use daemonproxy_testing::{eventually, status_field};

use crate::page::{Page, daemon};

#[test]
fn a_number_of_browsers_watch_and_the_next_is_told_so() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut watchers: Vec<_> = (0..64).map(|_| page.watch()).collect();
    for watcher in &mut watchers {
        assert_eq!(watcher.status(), "HTTP/1.1 200 OK");
    }
    assert_eq!(page.watch().status(), "HTTP/1.1 503 Service Unavailable");
    // Others are served all the same.
    assert_eq!(page.get("/").status, 200);
    watchers.pop();
    eventually("there is a place again", || {
        (page.watch().status() == "HTTP/1.1 200 OK").then_some(())
    });
}

#[test]
fn for_a_browser_that_does_not_read_nothing_is_kept() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut conn = daemon.connect();
    for nth in 0..500 {
        conn.define(&format!("service-{nth}"), &["/bin/true", &"x".repeat(100)]);
    }
    let mut reads = page.watch();
    reads.until("service-499", "state", "down");
    let slow: Vec<_> = (0..20).map(|_| page.watch()).collect();
    let memory = || {
        let text = status_field(page.pid(), "VmRSS").unwrap_or_default();
        text.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap()
    };
    let before = memory();
    // Each round changes all of them; nobody of the slow ones takes any of it.
    for round in 1..=20 {
        let text = format!("round-{round}");
        for nth in 0..500 {
            conn.send(&format!("service.args\tservice-{nth}\t/bin/sh\t{text}"));
            conn.send(&format!("service.auto_up\tservice-{nth}\t{round}\tHUP"));
        }
        conn.sync();
    }
    conn.define_sleeper("last");
    reads.until("last", "state", "down");
    let after = memory();
    assert!(after < before + 30_000, "{before} kB before, {after} kB after");
    drop(slow);
}

#[test]
fn what_is_no_request_is_refused_and_harms_nobody() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let long = "x".repeat(200_000);
    for sent in [
        "\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\n\r\n"),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
    ] {
        let mut stream = page.connect();
        // It may be closed before all of it is sent.
        let _ = stream.write_all(sent.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{sent:.40?}");
    }
    assert_eq!(page.get("/").status, 200);
}
