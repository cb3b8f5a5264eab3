//! What an agent does with what is stored, and with what happens.

use daemonproxy_testing::eventually;

use crate::setup::{Machine, Server, is_there, one_that_runs, sleeping};

#[test]
fn a_file_is_applied_and_what_did_not_change_is_not_touched() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    server.does(&["init"]);
    let machine = Machine::start("n1", &server.url());
    server.until("n1", "idle", "nothing for this node");
    let both = "[service.web]\nrun = \"sleep 1000\"\n[service.db]\nrun = \"sleep 2000\"\n";
    let revision = server.put(both, "n1");
    server.until_revision("n1", revision);
    let (web, db) = (machine.pid("web").unwrap(), machine.pid("db"));
    // The same again is no new revision.
    assert_eq!(server.put(both, "n1"), revision);
    let revision = server.put(&both.replace("1000", "1001"), "n1");
    let now = server.until_revision("n1", revision);
    assert_ne!(machine.pid("web").unwrap(), web);
    assert_eq!(machine.pid("db"), db);
    assert_eq!(now["status"]["services"].as_array().unwrap().len(), 2);
    // What the file no longer mentions is stopped and deleted: that is written.
    let revision = server.put(&sleeping(1001), "n1");
    server.until_revision("n1", revision);
    assert_eq!(machine.args_of("db"), None);
    assert_eq!(server.does(&["get", "n1"]), sleeping(1001));
}

#[test]
fn what_happens_is_told_in_order_with_the_gaps() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    server.does(&["init"]);
    let mut machine = Machine::start("n1", &server.url());
    let text = "[service.\"a.b\"]\nrun = \"sh -c 'exit 3'\"\nrestart = \"never\"\n";
    server.put(text, "n1");
    server.until("n1", "broken", "a.b has ended");
    let events = || server.does(&["events", "n1"]);
    let has_ended =
        |text: &str| text.lines().any(|it| it.contains(" a.b ") && it.contains("exit=3"));
    let said = eventually("the end is told", || Some(events()).filter(|it| has_ended(it)));
    assert!(said.lines().next().unwrap().ends_with("n1 - gap: the agent has started"), "{said}");
    let only = server.does(&["events", "n1", "a.b"]);
    assert!(has_ended(&only) && !only.contains("gap"), "{only}");
    machine.agent.kill();
    machine.start_agent();
    let gaps = |text: &str| text.matches("gap: the agent has started").count();
    eventually("the gap is told", || (gaps(&events()) == 2).then_some(()));
}

#[test]
fn a_node_that_is_drained_says_so_and_releases_only_what_it_has_stopped() {
    if !is_there() {
        return;
    }
    let both = "[service.web]\nrun = \"sleep 1000\"\n[service.db]\nrun = \"sleep 2000\"\n";
    let (server, mut machine) = one_that_runs(both);
    let mut client = machine.client();
    // Somebody else's is not touched, and what an operator holds stays held.
    for line in ["service.args\tother\tsleep\t3", "service.start\tother", "service.stop\tdb"] {
        client.line(line.as_bytes(), |_| {}).unwrap();
    }
    server.does(&["drain", "n1"]);
    server.until("n1", "drained", "");
    assert_eq!((machine.pid("web"), machine.pid("db")), (None, None));
    assert!(machine.args_of("other").is_some());
    // What is stored meanwhile waits, also over a new start of the agent.
    machine.agent.kill();
    machine.start_agent();
    let next = server.put(&both.replace("1000", "1001"), "n1");
    eventually("it waits", || (server.status("n1")["status"]["phase"] == "waiting").then_some(()));
    assert_eq!(machine.pid("web"), None);
    server.does(&["undrain", "n1"]);
    eventually("it is applied", || {
        (machine.args_of("web")? == "sleep 1001" && machine.pid("web").is_some()).then_some(())
    });
    eventually("it says so", || {
        (server.status("n1")["status"]["applied"]["revision"] == next).then_some(())
    });
    assert_eq!(machine.pid("db"), None);
}

#[test]
fn a_status_fits_however_many_services_there_are() {
    if !is_there() {
        return;
    }
    let server = Server::with(Some(
        "jetstream { store_dir: \"$STORE\" }\nlisten: \"127.0.0.1:$PORT\"\nmax_payload: 80000\n"
            .into(),
    ));
    server.does(&["init"]);
    let _machine = Machine::start("n1", &server.url());
    let text: String = (0..400)
        .map(|nth| format!("[service.s{nth}]\nrun = \"sleep 1000\"\nautostart = false\n"))
        .collect();
    let revision = server.put(&text, "n1");
    let now = server.until_revision("n1", revision);
    let shown = now["status"]["services"].as_array().unwrap().len();
    let more = usize::try_from(now["status"]["more"].as_u64().unwrap()).unwrap();
    assert_eq!(shown + more, 400);
    assert!(more > 0, "{shown}");
}
