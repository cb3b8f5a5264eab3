//! `/metrics`, for Prometheus.

use std::io::Write;
use std::process::{Command, Stdio};

use daemonproxy_testing::exited;

use crate::page::{Page, daemon};

#[test]
fn what_there_is_as_metrics() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut conn = daemon.connect();
    conn.define_sleeper("web");
    conn.define_shell("job", "exit 3");
    conn.run("web");
    conn.run("job");
    conn.wait_for(exited("job", 3));
    let mut watcher = page.watch();
    watcher.until("web", "state", "ready");
    watcher.until("job", "cause", "exit 3");
    let answer = page.get("/metrics");
    assert!(answer.head.to_lowercase().contains("content-type: text/plain; version=0.0.4"));
    let of = |name: &str, labels: &str| {
        let line = format!("daemonproxy_{name}{{node=\"{}\"{labels}}} ", page.node());
        let found = answer.body.lines().find_map(|it| it.strip_prefix(&line));
        found.unwrap_or_else(|| panic!("{line} is not in {}", answer.body)).to_owned()
    };
    assert_eq!(of("up", ""), "1");
    assert_eq!(of("service_state", ",service=\"web\",state=\"ready\""), "1");
    assert_eq!(of("service_state", ",service=\"web\",state=\"down\""), "0");
    assert_eq!(of("service_state", ",service=\"job\",state=\"down\""), "1");
    assert_eq!(of("service_starts_total", ",service=\"job\""), "1");
    assert!(of("service_uptime_seconds", ",service=\"web\"").parse::<f64>().unwrap() >= 0.0);
    promtool_likes(&answer.body);
}

/// What the tool of Prometheus itself says.
fn promtool_likes(text: &str) {
    let tool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut tool) = tool else {
        let said = "promtool is not installed: the metrics are not checked with it";
        assert!(std::env::var_os("CI").is_none(), "{said}");
        println!("{said}");
        return;
    };
    tool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ended = tool.wait_with_output().unwrap();
    let said = [ended.stdout, ended.stderr].concat();
    assert!(ended.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
}
