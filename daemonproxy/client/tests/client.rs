//! The client with a real daemon.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

use daemonproxy_client::protocol::{EventName, ServiceView};
use daemonproxy_client::{Client, Error, Event, ExitField, StateField, StateView};
use daemonproxy_testing::{PATIENCE, Setup};

fn is_up(view: &StateView) -> bool {
    view.service(b"it").is_some_and(|it| it.pid().is_some())
}

#[test]
fn a_command_ends_when_it_is_done_and_the_view_knows() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    client.command(["service.args", "it", "sleep", "1000"]).unwrap();
    let it = client.view().service(b"it").unwrap();
    assert_eq!(it.args().iter().collect::<Vec<_>>(), [b"sleep".as_slice(), b"1000"]);
    client.command(["service.start", "it"]).unwrap();
    assert!(client.wait(PATIENCE, is_up).unwrap());
}

#[test]
fn a_refusal_has_a_name_a_reason_and_a_rule() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    let error = client.command(["service.signal", "nope", "HUP"]).unwrap_err();
    let Error::Refused(refused) = &error else { panic!("{error}") };
    assert_eq!(refused.name(), Some("NoSuchService"));
    assert_eq!(refused.reason(), b"No such service");
    assert!(error.rule().unwrap().starts_with("No service of that name"), "{:?}", error.rule());
}

#[test]
fn what_is_no_command_is_not_sent() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    for fields in [&["service.args", "a/b", "x"][..], &["service.args", "a", "x\ny"], &["nonsense"]]
    {
        let error = client.command(fields).unwrap_err();
        assert!(matches!(error, Error::Usage(_)), "{error}");
    }
    assert_eq!(client.view().services().count(), 0);
}

#[test]
fn a_state_that_passes_is_not_missed() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    let mut other = Client::connect_to(&daemon.socket()).unwrap();
    other.command(["service.args", "it", "true"]).unwrap();
    other.command(["service.start", "it"]).unwrap();
    let ended = |view: &StateView| {
        let state = view.service(b"it").map(ServiceView::state);
        matches!(state, Some(StateField::Down { end: ExitField::Exit(0), .. }))
    };
    assert!(other.wait(PATIENCE, ended).unwrap());
    // The run is over, but this client has not read about it yet.
    assert!(client.wait(PATIENCE, is_up).unwrap());
    assert!(client.wait(PATIENCE, ended).unwrap());
}

#[test]
fn events_that_came_with_an_answer_are_there_for_who_asks() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    client.command(["service.args", "it", "true"]).unwrap();
    client.command(["service.tags", "it", "x"]).unwrap();
    let mut names = Vec::new();
    while let Some(line) = client.next_event(Duration::ZERO).unwrap() {
        names.push(line.event().unwrap().name().map(EventName::as_str));
    }
    assert_eq!(names, [Some("service.args"), Some("service.tags")]);
    assert!(client.next_event(Duration::from_millis(1)).unwrap().is_none());
}

#[test]
fn a_descriptor_is_passed() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    let (mut ours, theirs) = std::io::pipe().unwrap();
    client.take_fd("out", &theirs).unwrap();
    drop(theirs);
    client.command(["service.args", "it", "echo", "hello"]).unwrap();
    client.command(["service.fds", "it", "null", "out"]).unwrap();
    client.command(["service.start", "it"]).unwrap();
    client.command(["fd.delete", "out"]).unwrap();
    let mut said = String::new();
    ours.read_to_string(&mut said).unwrap();
    assert_eq!(said, "hello\n");
}

#[test]
fn a_descriptor_cannot_be_passed_through_a_pipe() {
    let (events, _theirs) = std::io::pipe().unwrap();
    let (_theirs, commands) = std::io::pipe().unwrap();
    let connection = daemonproxy_client::Connection::from_fds(events.into(), commands.into());
    let mut client = Client::new(connection.unwrap());
    let error = client.take_fd("out", File::open("/dev/null").unwrap()).unwrap_err();
    assert!(matches!(error, Error::Usage(_)), "{error}");
}

#[test]
fn leaving_is_done_when_the_connection_ends() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    client.command(["exit"]).unwrap();
    assert!(matches!(client.command(["statedump"]), Err(Error::Closed)));
}

#[test]
fn who_listens_for_signals_hears_them_and_the_daemon_lives() {
    let mut daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    client.listen_for_signals().unwrap();
    daemon.signal(libc::SIGTERM);
    let heard = client.watch(PATIENCE, |line, _| matches!(line.event(), Ok(Event::Signal { .. })));
    assert!(heard.unwrap());
    client.sync().unwrap();
    // Nobody has cleared it, and nobody listens any more.
    let _ = client.observe();
    daemon.wait_exit();
}

#[test]
fn a_daemon_that_hangs_is_not_waited_for_for_ever() {
    let (ours, _theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    let mut client = Client::new(daemonproxy_client::Connection::from_stream(ours).unwrap());
    client.set_patience(Duration::from_millis(10));
    let error = client.command(["statedump"]).unwrap_err();
    assert_eq!(error.to_string(), "the daemon has not answered for 0.01 s");
}
