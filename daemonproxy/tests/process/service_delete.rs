//! `service.delete NAME` forgets a service that does not run.

use daemonproxy_testing::{Daemon, Setup, alive, deleted, exited, monotonic, never_started};
use daemonproxy_testing::{status_field, up};

#[test]
fn it_is_told_and_gone() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.answers("service.delete\tweb", &[deleted("web")]);
    assert!(!d.dump().iter().any(|l| l.starts_with("service.")));
    d.refuses("service.start\tweb", "No such service");
}

#[test]
fn it_is_told_to_every_controller() {
    let mut d = Setup::interactive().socket().start();
    d.define("web", &["/bin/true"]);
    let mut other = d.connect();
    other.sync();
    d.ask("service.delete\tweb");
    other.expect(&[deleted("web")]);
}

#[test]
fn one_that_has_run_can_be_deleted() {
    let mut d = Daemon::interactive();
    d.define_shell("web", "exit 1");
    d.run("web");
    d.expect(&[exited("web", 1)]);
    d.answers("service.delete\tweb", &[deleted("web")]);
}

#[test]
fn one_that_runs_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    d.refuses("service.delete\tweb", "service is running");
    assert!(alive(pid));
}

#[test]
fn a_new_one_of_that_name_knows_nothing_of_the_old() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.ask("service.tags\tweb\told");
    d.give_fds("web", &["null"]);
    d.ask("service.auto_up\tweb\t9\tUSR1");
    d.run_to_end("web");
    d.ask("service.delete\tweb");
    d.define("web", &["/bin/false"]);
    assert_eq!(
        d.dump()[7..],
        [
            never_started("web").as_str(),
            "service.tags\tweb\t",
            "service.args\tweb\t/bin/false",
            "service.fds\tweb\tnull\tnull\tnull",
            "service.auto_up\tweb\t-",
        ]
    );
}

#[test]
fn a_deleted_service_is_not_started_by_its_trigger() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.ask("service.delete\tweb");
    d.signal(libc::SIGUSR1);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    d.answers("echo", &[] as &[&str]);
}

#[test]
fn a_pending_start_goes_with_it() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.define("clock", &["/bin/true"]);
    let now = monotonic();
    d.ask(&format!("service.start\tweb\t{}", now + 2));
    d.answers("service.delete\tweb", &[deleted("web")]);
    // A new one of that name is not started in its place either.
    d.define_sleeper("web");
    d.send(&format!("service.start\tclock\t{}", now + 3));
    let (told, _) = d.lines_until(up("clock"));
    assert!(!told.iter().any(|l| l.starts_with("service.state\tweb")), "{told:#?}");
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn it_makes_room_in_a_fixed_pool() {
    let mut d = Setup::interactive().args(["--service-pool", "1"]).start();
    for name in ["one", "two", "three"] {
        d.define(name, &["/bin/true"]);
        d.run_to_end(name);
        d.answers(&format!("service.delete\t{name}"), &[deleted(name)]);
    }
}

#[test]
fn services_that_come_and_go_leave_no_memory_behind() {
    let mut d = Setup::new(["-iqqq"]).start();
    let mut sizes = Vec::new();
    for round in 0..10 {
        for i in 0..200 {
            // Another name each time, and a list of another length.
            let (name, args) = (format!("s{round}.{i}"), "x".repeat(10 * (i + 3 * round)));
            d.send(&format!("service.args\t{name}\t/bin/true\t{args}"));
            d.send(&format!("service.tags\t{name}\t{args}"));
        }
        for i in 0..200 {
            d.send(&format!("service.delete\ts{round}.{i}"));
        }
        d.sync();
        sizes.push(status_field(d.pid(), "VmData").unwrap());
    }
    assert_eq!(sizes[4], sizes[9], "{sizes:?}");
}

#[test]
fn without_a_name_it_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.delete", "Expected service name");
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.delete", "");
}

#[test]
fn an_unknown_service_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.delete\tweb", "No such service");
}
