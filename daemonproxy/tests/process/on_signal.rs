//! What a signal does when no controller reads it and no service waits for it:
//! `--on-signal SIGNAL=ACTION` and `signal.default SIGNAL ACTION`.

use crate::harness::{Conn, Daemon, Setup, alive, eventually, kill};

/// A daemon with a service and no controller, and the pid of the service.
fn alone(options: &[&str]) -> (Daemon, i64) {
    alone_with(options, "")
}

fn alone_with(options: &[&str], config: &str) -> (Daemon, i64) {
    let config = format!(
        "service.args\tweb\t/bin/sh\t-c\techo $$ > new; mv new pid; exec sleep 300\n\
         {config}service.start\tweb\n"
    );
    let d = Setup::new(options).no_input().socket().config(config).spawn();
    let path = d.path("pid");
    let pid = eventually("the service runs", || std::fs::read_to_string(&path).ok());
    (d, pid.trim().parse().unwrap())
}

/// How many are pending, as a controller sees it that comes later, and leaves again.
#[track_caller]
fn pending(d: &Daemon, name: &str) -> usize {
    let mut conn = d.connect();
    let lines = conn.dump_of(&format!("signal\t{name}"));
    leave(conn);
    lines.len()
}

fn leave(mut conn: Conn) {
    conn.send("exit");
    conn.lines_to_end();
}

#[test]
fn term_int_and_quit_mean_shutdown() {
    for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGQUIT] {
        let (mut d, service) = alone(&[]);
        d.signal(signal);
        d.exits_with(0);
        assert!(!alive(service));
    }
}

#[test]
fn others_are_only_counted() {
    let (d, service) = alone(&[]);
    for (signal, name) in
        [(libc::SIGHUP, "SIGHUP"), (libc::SIGUSR1, "SIGUSR1"), (libc::SIGUSR2, "SIGUSR2")]
    {
        d.signal(signal);
        eventually("it is counted", || (pending(&d, name) == 1).then_some(()));
    }
    assert!(alive(service));
}

#[test]
fn with_a_controller_that_reads_it_is_an_event() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let service = d.run("web");
    for (signal, name) in
        [(libc::SIGTERM, "SIGTERM"), (libc::SIGINT, "SIGINT"), (libc::SIGQUIT, "SIGQUIT")]
    {
        d.signal(signal);
        d.expect(&[format!("signal\t{name}\t{{ts}}\t1")]);
    }
    d.still_answers();
    assert!(alive(service));
}

#[test]
fn with_a_service_as_controller_it_is_an_event() {
    let config = "service.args\tctl\t/bin/sh\t-c\twhile read -r l; do echo \"$l\" >> heard; done\n\
                  service.fds\tctl\tcontrol.event\tnull\tstderr\nservice.start\tctl\n";
    let (d, service) = alone_with(&[], config);
    d.signal(libc::SIGTERM);
    let path = d.path("heard");
    eventually("the controller hears it", || {
        std::fs::read_to_string(&path).ok().filter(|text| text.contains("SIGTERM"))
    });
    assert!(alive(service));
    d.connect().sync();
}

#[test]
fn as_a_trigger_of_a_service_it_is_an_event() {
    let config = "service.args\tstop\t/bin/sh\t-c\techo > stopped; exec sleep 300\n\
                  service.auto_up\tstop\t1\tTERM\n";
    let (d, service) = alone_with(&[], config);
    d.signal(libc::SIGTERM);
    let path = d.path("stopped");
    eventually("the service is started", || std::fs::exists(&path).unwrap().then_some(()));
    assert!(alive(service));
    d.connect().sync();
}

#[test]
fn the_option_makes_it_an_event() {
    let (d, service) = alone(&["--on-signal", "TERM=event"]);
    d.signal(libc::SIGTERM);
    eventually("it is counted", || (pending(&d, "SIGTERM") == 1).then_some(()));
    assert!(alive(service));
}

#[test]
fn the_option_makes_it_terminate() {
    let (mut d, service) = alone(&["--on-signal", "SIGTERM=terminate"]);
    d.signal(libc::SIGTERM);
    d.wait_exit();
    assert!(alive(service), "services are left alone");
}

#[test]
fn the_option_makes_another_one_shut_down() {
    let (mut d, service) = alone(&["--on-signal", "HUP=shutdown", "--on-signal", "TERM=event"]);
    d.signal(libc::SIGTERM);
    eventually("it is counted", || (pending(&d, "SIGTERM") == 1).then_some(()));
    d.signal(libc::SIGHUP);
    d.exits_with(0);
    assert!(!alive(service));
}

#[test]
fn the_command_is_the_same() {
    let (mut d, service) =
        alone_with(&[], "signal.default\tTERM\tevent\nsignal.default\tUSR1\tshutdown\n");
    d.signal(libc::SIGTERM);
    eventually("it is counted", || (pending(&d, "SIGTERM") == 1).then_some(()));
    assert!(alive(service));
    d.signal(libc::SIGUSR1);
    d.exits_with(0);
    assert!(!alive(service));
}

#[test]
fn the_command_overrides_the_option() {
    let (d, service) =
        alone_with(&["--on-signal", "TERM=terminate"], "signal.default\tTERM\tevent\n");
    d.signal(libc::SIGTERM);
    eventually("it is counted", || (pending(&d, "SIGTERM") == 1).then_some(()));
    assert!(alive(service));
}

#[test]
fn wrong_arguments_of_the_command_are_refused() {
    let mut d = Daemon::interactive();
    d.refuses("signal.default", "Expected signal argument");
    d.refuses("signal.default\tNOSUCH\tevent", "Invalid signal argument");
    d.refuses_somehow("signal.default\tTERM");
    d.refuses_somehow("signal.default\tTERM\texplode");
}

/// ^C at a terminal reaches the whole group; the services are stopped in order all the same.
#[test]
fn a_config_file_with_a_logger_ends_cleanly() {
    let config = "service.args\tapp\t/bin/sh\t-c\ttrap 'echo bye; exit 0' TERM; echo hi; \
                  echo > ready; while :; do sleep 0.05; done\n\
                  service.pipe\tapp\t1\t/bin/sh\t-c\t\
                  while read -r line; do sleep 0.1; echo \"$line\" >> log; done\n\
                  service.auto_up\tapp\t1\talways\n";
    let mut d = Setup::new([""; 0]).no_input().config(config).spawn();
    let path = d.path("ready");
    eventually("the service runs", || std::fs::exists(&path).unwrap().then_some(()));
    kill(d.pid(), libc::SIGTERM);
    d.exits_with(0);
    assert_eq!(d.read("log"), "hi\nbye\n");
}
