//! A file for many nodes, a few at a time.

use crate::setup::{Machine, Server, is_there, sleeping};

fn fleet(server: &Server) -> Vec<Machine> {
    server.does(&["init"]);
    let machines: Vec<_> =
        ["n1", "n2", "n3"].map(|name| Machine::start(name, &server.url())).into();
    for machine in &machines {
        server.does(&["label", &machine.name, "role=web"]);
        let revision = server.put(&sleeping(1000), &machine.name);
        server.until_revision(&machine.name, revision);
    }
    machines
}

#[test]
fn a_bad_version_stops_by_itself() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    let machines = fleet(&server);
    let good = server.file("good.toml", &sleeping(1001));
    let said = server.does(&["rollout", &good, "-l", "role=web", "--batch", "2", "--settle", "0"]);
    assert!(said.contains("batch 1 of 2: n1, n2") && said.contains("n3: ready"), "{said}");
    for machine in &machines {
        assert_eq!(machine.args_of("web").unwrap(), "sleep 1001");
    }
    // One that ends at once is executed, and so ready, for a moment.
    for bad in [
        "[service.web]\nrun = \"false\"\nrestart = \"never\"\n",
        "[service.web]\nrun = \"/no/such/program\"\nrestart = \"never\"\n",
        "[service.web]\nrun = \"sleep 1\"\nready = \"notify\"\nrestart = { when = \"always\", \
         giveup = { times = 1, within = \"60s\" } }\n",
    ] {
        let bad = server.file("bad.toml", bad);
        let said = server.dpfleet(&[
            "rollout",
            &bad,
            "-l",
            "role=web",
            "--batch",
            "1",
            "--stop-on-failure",
            "--timeout",
            "20",
        ]);
        assert_eq!(said.status, 1, "{said:?}");
        let end = "stopped: failed on n1; done on none; not touched: n2, n3";
        assert!(said.err.contains(end), "{said:?}");
        assert_eq!(machines[1].args_of("web").unwrap(), "sleep 1001");
        // Back to what was good.
        let back = ["rollout", &good, "-l", "role=web", "--batch", "3", "--stop-on-failure"];
        server.does(&back);
    }
}

#[test]
fn a_node_that_never_answers_is_named_and_others_get_it_all_the_same() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    let mut machines = fleet(&server);
    machines[0].agent.kill();
    let next = server.file("next.toml", &sleeping(1001));
    let args = ["rollout", &next, "--batch", "3", "--timeout", "5", "--settle", "0"];
    let said = server.dpfleet(&args);
    assert_eq!(said.status, 1, "{said:?}");
    assert!(said.out.contains("n1: not ready after 5 s"), "{said:?}");
    assert!(said.out.contains("n2: ready") && said.err.contains("failed on n1"), "{said:?}");
    // Nothing is lost: when it comes back, it has it.
    machines[0].start_agent();
    let is_new = || (machines[0].args_of("web")? == "sleep 1001").then_some(());
    daemonproxy_testing::eventually("it has it", is_new);
    server.until("n1", "ready", "");
}

#[test]
fn what_is_waited_for_can_be_less_than_that_it_is_ready() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    let mut machines = fleet(&server);
    // It never says that it is ready.
    let text = "[service.web]\nrun = \"sleep 1001\"\nready = \"notify\"\n";
    let never = server.file("never.toml", text);
    let rollout = |more: &[&str]| {
        server.dpfleet(&[&["rollout", &never, "--batch", "3", "--settle", "0"][..], more].concat())
    };
    let said = rollout(&["--timeout", "3"]);
    assert!(said.status == 1 && said.out.contains("n1: not ready after 3 s: web"), "{said:?}");
    let said = rollout(&["--wait", "applied"]);
    assert_eq!(said.status, 0, "{said:?}");
    for machine in &machines {
        assert_eq!(machine.args_of("web").unwrap(), "sleep 1001");
    }
    // Nobody is there who could apply it: only storing it does not wait for that.
    machines.iter_mut().for_each(|it| it.agent.kill());
    let next = server.file("next.toml", &sleeping(1002));
    let rollout = |wait| {
        let args = ["rollout", &next, "--batch", "3", "--settle", "0", "--timeout", "3", "--wait"];
        server.dpfleet(&[&args[..], &[wait]].concat())
    };
    let said = rollout("applied");
    assert!(said.status == 1 && said.out.contains("n1: not ready after 3 s"), "{said:?}");
    let said = rollout("none");
    assert_eq!(said.status, 0, "{said:?}");
    assert_eq!(server.does(&["get", "n3"]), sleeping(1002));
}
