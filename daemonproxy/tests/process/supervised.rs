//! The daemon tells whoever has started it that it is ready, and that it is about to end:
//! `--ready-fd`, and sd_notify(3).

use std::fs;
use std::os::unix::net::UnixDatagram;

use daemonproxy_protocol::{Event, Fact, RunView};
use daemonproxy_testing::{Daemon, PATIENCE, Setup, eventually, programs};

/// What is told next of a run that has this.
fn run_with(d: &mut Daemon, wanted: impl Fn(&RunView) -> bool) -> RunView {
    loop {
        let line = d.line();
        if let Ok(Event::ServiceRun { run, facts, .. }) = Event::parse(&line) {
            let run = RunView::new(run, facts);
            if wanted(&run) {
                return run;
            }
        }
    }
}

/// The outer one is told by the inner one, in both ways, and services of the inner one know nothing
/// of that.
#[test]
fn a_daemon_supervises_another_one() {
    for (options, more) in [("ready=notify", ""), ("ready=fd:5", " --ready-fd 5")] {
        let mut d = Daemon::interactive();
        let config = "service.args\tit\tsh\t-c\techo \"$NOTIFY_SOCKET\" > seen; exec sleep 300\n\
                      service.start\tit\n";
        fs::write(d.path("inner.conf"), config).unwrap();
        let daemon = programs::daemon();
        d.define("inner", &["sh", "-c", &format!("exec {} -c inner.conf{more}", daemon.display())]);
        d.ask(&format!("service.options\tinner\t{options}\tready_within=60"));
        d.answers("conn.features\truns", &["conn.features\truns"]);
        d.send("service.start\tinner");
        let run = run_with(&mut d, |run| run.has(Fact::Ready));
        if more.is_empty() {
            assert_eq!(run.word(Fact::Status), Some(&b"supervising"[..]));
        }
        let seen = d.path("seen");
        let seen = eventually("its service runs", || {
            fs::read_to_string(&seen).ok().filter(|seen| seen.ends_with('\n'))
        });
        assert_eq!(seen, "\n");
        d.send("service.stop\tinner");
        let run = run_with(&mut d, |run| run.has(Fact::End));
        assert_eq!(run.count(Fact::Exit), Some(0), "{run:?}");
        if more.is_empty() {
            assert_eq!(run.word(Fact::Status), Some(&b"stopping all services"[..]));
        }
    }
}

#[test]
fn a_descriptor_that_is_not_there_is_found_out_at_once() {
    let mut d = Setup::new(["-i", "--ready-fd", "77"]).spawn();
    d.log.wait_for("fatal: --ready-fd: the daemon was started without a descriptor 77");
    d.exits_with(1);
}

/// What a supervisor such as systemd would get: a whole message is exactly this.
#[test]
fn whoever_started_it_is_told_in_single_messages_also_after_an_upgrade() {
    let setup = Setup::interactive();
    let path = setup.path("notify");
    let receiver = UnixDatagram::bind(&path).unwrap();
    receiver.set_read_timeout(Some(PATIENCE)).unwrap();
    let heard = || {
        let mut message = [0; 256];
        let length = receiver.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    };
    let mut d = setup.env("NOTIFY_SOCKET", &path).start();
    assert_eq!(heard(), "READY=1\nSTATUS=supervising");
    d.send("@up\tupgrade");
    d.wait_for("done\tup");
    assert_eq!(heard(), "READY=1\nSTATUS=supervising");
    assert_eq!(d.shell_output("echo ${NOTIFY_SOCKET-none}"), "none\n");
    d.send("terminate.shutdown");
    assert_eq!(heard(), "STOPPING=1\nSTATUS=stopping all services");
    d.exits_with(0);
}
