//! The fleet on the page: a real server, agents and daemons.

use std::collections::BTreeMap;

use daemonproxy_testing::{kill, programs};
use serde_json::Value;

use crate::page::Page;
use crate::setup::{Machine, Server, is_there};

fn service(page: &Page, node: &str, name: &str) -> Value {
    page.get(&format!("/api/service?node={node}&name={name}")).json()
}

#[test]
fn nodes_and_their_services_and_runs_that_have_ended() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    server.does(&["init"]);
    let machines = ["n1", "n2"].map(|name| Machine::start(name, &server.url()));
    let web = "[service.web]\nrun = \"sleep 1000\"\n";
    let job = "[service.job]\nrun = \"sh -c 'exit 3'\"\nrestart = \"never\"\n";
    let secret = "env = { PASSWORD = \"hunter2-hunter2\" }\nsecrets = [\"PASSWORD\"]\n";
    let revision = server.put(&format!("{web}{secret}"), "n1");
    server.until_revision("n1", revision);
    server.put(job, "n2");
    server.until("n2", "broken", "job has ended");

    let page = Page::of_fleet(&server.url());
    let mut watcher = page.watch();
    let row = watcher.until("web", "state", "ready");
    let pid = machines[0].pid("web").map(i64::from);
    assert_eq!((row["node"].as_str(), row["pid"].as_i64()), (Some("n1"), pid));
    assert!(row["since"].is_i64(), "{row}");
    let row = watcher.until("job", "state", "down");
    assert_eq!((&row["node"], &row["cause"]), (&"n2".into(), &"exit 3".into()));
    let why = service(&page, "n1", "web")["details"]["why"].to_string();
    assert!(why.contains("web has been up for ") && !why.contains("has no triggers"), "{why}");
    // It had ended before there was a page.
    let ended = daemonproxy_testing::eventually("the end of the run is known", || {
        let ended = service(&page, "n2", "job")["ended"].as_array().unwrap().clone();
        (!ended.is_empty()).then_some(ended)
    });
    assert_eq!((ended.len(), &ended[0]["how"]), (1, &"exit 3".into()));

    // It changes by itself.
    let revision = server.put(&web.replace("web", "other"), "n1");
    watcher.until("other", "state", "ready");
    let said = format!("revision {revision}");
    watcher.until_nodes(|nodes| nodes.values().find(|it| it["said"] == said).map(drop));
    // A node can be drained from here, but no service stopped.
    assert_eq!(page.get("/api/about").json()["fleet"], true);
    assert_eq!(page.act_on("n1", "other", "stop").status, 409);
    assert_eq!(page.act_on("nobody", "", "drain").status, 409);
    assert_eq!(page.act_on("n1", "", "drain").status, 200);
    watcher.until("other", "state", "down");
    watcher.until_nodes(|nodes| (nodes["n1"]["drained"] == true).then_some(()));
    assert_eq!(page.act_on("n1", "", "undrain").status, 200);
    watcher.until("other", "state", "ready");
    watcher.until_nodes(|nodes| (nodes["n1"]["drained"] == false).then_some(()));
    // Nothing is said that is secret.
    for path in ["/metrics", "/api/service?node=n1&name=other", "/api/log?node=n1&name=other"] {
        let answer = page.get(path);
        assert!(answer.status == 200 && !answer.body.contains("hunter2"), "{answer:?}");
    }
    let metrics = page.get("/metrics").body;
    assert!(metrics.contains("daemonproxy_up{node=\"n1\"} 1"), "{metrics}");
}

#[test]
fn what_goes_away_is_shown_and_comes_back() {
    if !is_there() {
        return;
    }
    let mut server = Server::start();
    // Before there is a store.
    let page = Page::of_fleet(&server.url());
    let mut watcher = page.watch();
    let is = |nodes: &BTreeMap<String, Value>, node: &str, state: &str, said: &str| {
        let found = nodes.get(node).filter(|it| it["state"] == state);
        found.filter(|it| it["said"].as_str().unwrap().contains(said)).map(drop)
    };
    watcher.until_nodes(|it| is(it, "the store", "gone", "dpfleet init"));
    server.does(&["init"]);
    let mut machine = Machine::start("n1", &server.url());
    server.put("[service.web]\nrun = \"sleep 1000\"\n", "n1");
    watcher.until("web", "state", "ready");
    watcher.until_nodes(|it| is(it, "n1", "here", "revision"));
    watcher.until_nodes(|it| (!it.contains_key("the store")).then_some(()));

    drop(machine.daemon.take());
    watcher.until_nodes(|it| is(it, "n1", "silent", "no connection to the daemon"));
    machine.start_daemon();
    watcher.until_nodes(|it| is(it, "n1", "here", ""));

    server.kill();
    watcher.until_nodes(|it| it.get("the store").map(drop));
    server.again();
    watcher.until_nodes(|it| (!it.contains_key("the store")).then_some(()));
    machine.agent.kill();
    watcher.until_nodes(|it| is(it, "n1", "gone", "it has said nothing"));
    machine.start_agent();
    watcher.until_nodes(|it| is(it, "n1", "here", ""));
    watcher.until("web", "state", "ready");
}

#[test]
fn the_log_is_read_where_it_is() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    server.does(&["init"]);
    let mut machine = Machine::start("n1", &server.url());
    let logs = machine.state().with_file_name("logs");
    let logger = programs::built("daemonproxy-log", "daemonproxy-log");
    let text = format!(
        "[daemon]\nlogs = {logs:?}\nlogger = {logger:?}\n[service.web]\nlog = true\n\
         sh = \"echo '<b>bold</b>'; exec sleep 1000\"\n[service.quiet]\nrun = \"sleep 1000\"\n"
    );
    let revision = server.put(&text, "n1");
    server.until_revision("n1", revision);
    let page = Page::of_fleet(&server.url());
    page.watch().until("web", "state", "ready");
    let log = |name: &str| page.get(&format!("/api/log?node=n1&name={name}"));
    let lines = daemonproxy_testing::eventually("the line is there", || {
        let lines = log("web").json()["lines"].as_array().unwrap().clone();
        (!lines.is_empty()).then_some(lines)
    });
    assert!(lines.len() == 1 && lines[0].as_str().unwrap().ends_with("<b>bold</b>"), "{lines:?}");
    let none = |name: &str| log(name).json()["none"].as_str().unwrap().to_owned();
    assert!(none("quiet").contains("quiet"), "{}", none("quiet"));
    assert_eq!(log("nobody").status, 404);
    // Without an agent nobody can look, whether it hangs or is gone.
    let says_so = |said: &str| said.contains("its agent does not answer; on n1, dpctl logs web");
    kill(machine.agent.pid(), libc::SIGSTOP);
    let said = none("web");
    assert!(says_so(&said), "{said}");
    machine.agent.kill();
    let said = none("web");
    assert!(says_so(&said), "{said}");
}
