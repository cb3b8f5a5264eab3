//! What changes is told without being asked for, and what is behind it can be asked for.

use daemonproxy_testing::{eventually, exited, programs};

use crate::page::{Page, daemon};

#[test]
fn states_are_told_as_they_change() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut conn = daemon.connect();
    let mut watcher = page.watch();
    assert_eq!(watcher.message()["all"], true);
    conn.define_sleeper("web");
    let row = watcher.until("web", "state", "down");
    assert_eq!((&row["cause"], &row["mood"]), (&"never started".into(), &"plain".into()));
    let pid = conn.run("web");
    let row = watcher.until("web", "state", "ready");
    assert_eq!((row["pid"].as_i64(), &row["mood"]), (Some(pid), &"good".into()));
    conn.send("service.stop\tweb");
    let row = watcher.until("web", "state", "down");
    assert_eq!((&row["cause"], &row["held"]), (&"stopped, SIGTERM, held".into(), &true.into()));
    conn.send("service.delete\tweb");
    watcher.find("web is gone", |message| {
        message["gone"].as_array().unwrap().iter().any(|it| it[1] == "web").then_some(())
    });
    // Who comes later hears nothing of it.
    assert_eq!(page.watch().message()["services"], serde_json::json!([]));
}

#[test]
fn why_a_service_does_not_run_and_its_runs() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let (mut conn, mut watcher) = (daemon.connect(), page.watch());
    watcher.until_node("here");
    conn.define_shell("job", "exit 3");
    for _ in 0..3 {
        conn.run("job");
        conn.wait_for(exited("job", 3));
    }
    conn.define("typo", &["no-such-program"]);
    conn.send("service.start\ttypo");
    watcher.until("typo", "cause", "cannot be executed: No such file or directory");
    let job = page.service("job");
    let why = job["details"]["why"].as_array().unwrap();
    assert!(why[0].as_str().unwrap().starts_with("job has been down for "), "{why:?}");
    assert!(why.iter().any(|it| it.as_str().unwrap().ends_with("with exit status 3.")), "{why:?}");
    assert_eq!(job["details"]["args"], "/bin/sh -c exit 3");
    let ended = job["ended"].as_array().unwrap();
    assert_eq!(ended.len(), 3, "{ended:?}");
    assert!(ended.iter().all(|run| run["how"] == "exit 3" && run["mood"] == "bad"), "{ended:?}");
    let runs: Vec<_> = ended.iter().map(|run| run["run"].as_u64().unwrap()).collect();
    assert_eq!(runs, [3, 2, 1]);
    assert!(ended[0]["took"].as_i64().unwrap() >= 0 && ended[0]["cpu"].is_i64());
    let said = page.service("typo")["details"]["why"].to_string();
    assert!(said.contains("Its program never ran"), "{said}");
    assert_eq!(page.get(&format!("/api/service?node={}&name=x", page.node())).status, 404);
    assert_eq!(page.get("/api/service?node=elsewhere&name=job").status, 404);
    assert_eq!(page.get("/api/service?name=job").status, 400);
}

#[test]
fn the_end_of_a_log() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut conn = daemon.connect();
    let logger = programs::built("daemonproxy-log", "daemonproxy-log");
    let dir = daemon.path("log");
    let script =
        "i=0; while [ $i -lt 300 ]; do echo \"line $i <b>&\"; i=$((i+1)); done; exec sleep 300";
    conn.define_shell("web", script);
    conn.define_sleeper("mute");
    conn.send(&format!("service.pipe\tweb\t1,2\t{}\t{dir}", logger.display()));
    conn.sync();
    conn.send("service.start\tweb");
    let lines = eventually("the last line is in the log", || {
        let log = page.log("web");
        let lines = log["lines"].as_array().unwrap().clone();
        lines.last().is_some_and(|it| it.as_str().unwrap().contains("line 299")).then_some(lines)
    });
    assert_eq!(lines.len(), 200);
    assert!(lines[0].as_str().unwrap().ends_with(" line 100 <b>&"), "{:?}", lines[0]);
    let none = page.log("mute");
    assert!(none["none"].as_str().unwrap().starts_with("mute has no log"), "{none}");
    assert!(page.log("x")["refused"].as_str().unwrap().starts_with("There is no service x"));
}

#[test]
fn all_of_the_page_comes_from_here() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    for (path, kind) in [
        ("/", "text/html"),
        ("/page.css", "text/css"),
        ("/page.js", "text/javascript"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let answer = page.get(path);
        let head = answer.head.to_ascii_lowercase();
        assert!(answer.status == 200 && head.contains(&format!("content-type: {kind}")), "{head}");
        assert!(head.contains("content-security-policy: default-src 'none'; script-src 'self'"));
        assert!(head.contains("x-content-type-options: nosniff"), "{head}");
        let foreign = answer.body.replace("http://www.w3.org/2000/svg", "");
        assert!(!foreign.contains("http://") && !foreign.contains("https://"), "{path}");
        // What the policy would not run.
        assert!(!answer.body.contains("style=") && !answer.body.contains("onclick=\""), "{path}");
    }
    assert_eq!(page.get("/nothing").status, 404);
}
