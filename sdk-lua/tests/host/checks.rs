//! The module `daemonproxy.health`, under a real daemon: services that are checked, and restarted when
//! they fail.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use daemonproxy_testing::Setup;

use crate::program::binary;
use crate::restart::Spy;

/// The service that checks the others.
fn checker() -> String {
    format!(
        "service.args\thealth\t{}\t-e\trequire('daemonproxy.health').run()\n\
         service.fds\thealth\tcontrol.event\tcontrol.cmd\tstderr\n\
         service.auto_up\thealth\t1\talways\n",
        binary().display()
    )
}

/// A service that is checked in this way, and the one that checks it.
fn checked(tags: &str) -> Setup {
    let web = format!(
        "service.args\tweb\tsleep\t300\nservice.tags\tweb\t{tags}\nservice.auto_up\tweb\t1\talways\n"
    );
    Setup::default().config(web + &checker())
}

/// An HTTP server whose status is what that says at the moment; 0: it accepts and says nothing.
fn server(status: &Arc<AtomicUsize>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("its address");
    let status = Arc::clone(status);
    thread::spawn(move || {
        let mut silent = Vec::new();
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                if stream.read_line(&mut line).unwrap_or(0) == 0 {
                    break;
                }
            }
            match status.load(Ordering::Relaxed) {
                0 => silent.push(stream),
                status => {
                    let _ = write!(stream.get_mut(), "HTTP/1.1 {status} Whatever\r\n\r\n");
                }
            }
        }
    });
    at
}

fn waits_for(spy: &mut Spy, start: &str) {
    spy.waits_for(|line| line.starts_with(start));
}

/// That so many checks in a row have failed is told in its tags.
fn has_failed(spy: &mut Spy, tags: &str, count: u32) -> String {
    let (start, failed) =
        (format!("service.tags\tweb\t{tags}\t"), format!("health.failed={count}"));
    spy.waits_for(|line| line.starts_with(&start) && line.split('\t').any(|tag| tag == failed))
}

fn is_started_anew(spy: &mut Spy) {
    waits_for(spy, "service.state\tweb\tdown\t");
    waits_for(spy, "service.state\tweb\tup\t");
}

#[test]
fn a_server_that_answers_with_an_error_is_started_anew() {
    let status = Arc::new(AtomicUsize::new(200));
    let at = server(&status);
    let tags = format!("health=http://{at}/health\thealth.every=0.1\thealth.failures=2");
    let daemon = checked(&tags).listen();
    let mut spy = Spy::new(&daemon);
    status.store(500, Ordering::Relaxed);
    let told = has_failed(&mut spy, &tags, 1);
    assert!(told.contains("\thealth.found=status 500"), "{told}");
    is_started_anew(&mut spy);
    // Whose failures were counted from the start; and which start was ended is told.
    let told = has_failed(&mut spy, &tags, 1);
    assert!(told.contains("\thealth.restarted=1 status 500"), "{told}");
    status.store(204, Ordering::Relaxed);
    spy.waits_for(|line| {
        line.starts_with(&format!("service.tags\tweb\t{tags}\t"))
            && !line.contains("health.failed=")
            && !line.contains("health.found=")
    });
}

/// A server that never finishes what it says: a byte from time to time.
fn endless() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            thread::spawn(move || {
                while stream.write_all(b"x").is_ok() {
                    thread::sleep(Duration::from_millis(20));
                }
            });
        }
    });
    at
}

#[test]
fn checks_that_hang_delay_no_other() {
    let silent = server(&Arc::new(AtomicUsize::new(0)));
    let endless = endless();
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port");
    let mut config = format!(
        "service.args\tweb\tsleep\t300\nservice.start\tweb\n\
         service.tags\tweb\thealth=tcp:{gone}\thealth.every=0.1\thealth.failures=5\n\
         service.args\tslow.check\tsleep\t300\n"
    );
    let ways =
        [format!("http://{silent}/"), format!("http://{endless}/"), "service:slow.check".into()];
    for (number, way) in ways.iter().enumerate() {
        config += &format!(
            "service.args\tslow{number}\tsleep\t300\nservice.start\tslow{number}\n\
             service.tags\tslow{number}\thealth={way}\thealth.within=300\n"
        );
    }
    let daemon = Setup::default().config(config + &checker()).listen();
    let mut spy = Spy::new(&daemon);
    waits_for(&mut spy, "service.state\tslow.check\tup\t");
    is_started_anew(&mut spy);
    is_started_anew(&mut spy);
}

#[test]
fn a_command_is_a_service_of_its_own() {
    let config = format!(
        "service.args\tweb\tsleep\t300\nservice.start\tweb\n\
         service.tags\tweb\thealth=service:web.check\thealth.every=0.1\thealth.failures=2\n\
         service.args\tweb.check\tsh\t-c\texit 3\n{}",
        checker()
    );
    let daemon = Setup::default().config(config).listen();
    is_started_anew(&mut Spy::new(&daemon));
}

#[test]
fn a_command_that_takes_too_long_is_ended() {
    let config = format!(
        "service.args\tweb\tsleep\t300\nservice.start\tweb\n\
         service.tags\tweb\thealth=service:web.check\thealth.within=0.2\thealth.failures=1\n\
         service.args\tweb.check\tsleep\t300\n{}",
        checker()
    );
    let daemon = Setup::default().config(config).listen();
    let mut spy = Spy::new(&daemon);
    waits_for(&mut spy, "service.state\tweb.check\tdown\t");
    is_started_anew(&mut spy);
}

#[test]
fn what_was_counted_outlives_the_module() {
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port");
    let tags = format!("health=tcp:{gone}\thealth.every=0.1\thealth.failures=40");
    let daemon = checked(&tags).listen();
    let mut spy = Spy::new(&daemon);
    has_failed(&mut spy, &tags, 3);
    spy.sends("service.signal\thealth\tKILL");
    waits_for(&mut spy, "service.state\thealth\tup\t");
    let next = spy.waits_for(|line| line.contains("health.failed="));
    let count = next.split('\t').find_map(|tag| tag.strip_prefix("health.failed="));
    let count: u32 = count.and_then(|text| text.parse().ok()).expect("a count");
    assert!(count >= 4, "it goes on counting: {next}");
}

#[test]
fn what_cannot_be_checked_is_said_once() {
    let config = format!(
        "service.args\tweb\tsleep\t300\nservice.start\tweb\n\
         service.tags\tweb\thealth=https://localhost/\thealth.every=0.1\n{}",
        checker()
    );
    let daemon = Setup::default().config(config).listen();
    let said = daemon.log.wait_for("health: web cannot be checked");
    assert!(said.contains("https is not spoken here"), "{said}");
}

#[test]
fn the_first_check_that_succeeds_makes_a_service_ready() {
    let status = Arc::new(AtomicUsize::new(503));
    let at = server(&status);
    let config = format!(
        "service.args\tweb\tsleep\t300\nservice.options\tweb\tready=control\nservice.start\tweb\n\
         service.tags\tweb\thealth=http://{at}/\thealth.every=0.1\thealth.failures=1\n\
         service.args\tnext\tsleep\t300\nservice.auto_up\tnext\t1\tready:web\n{}",
        checker()
    );
    let daemon = Setup::default().config(config).listen();
    let mut spy = Spy::new(&daemon);
    // Until then it may fail as often as it likes, which is said.
    daemon.log.wait_for("health: web is not ready yet: status 503");
    status.store(200, Ordering::Relaxed);
    waits_for(&mut spy, "service.state\tnext\tup\t");
    spy.sends("conn.features\tobserver\truns");
    spy.sends("statedump");
    let run = spy.waits_for(|line| line.starts_with("service.run\tweb\t"));
    assert!(run.contains("\tstarts=1"), "{run}");
}
