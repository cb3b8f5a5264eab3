//! The client with a real daemon.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
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
fn any_number_of_commands_are_under_way_at_once() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    let tags = "x".repeat(400);
    let all: Vec<_> = (0..3000)
        .map(|nth| match nth % 3 {
            0 => client.begin(["service.start", "nope"]).unwrap(),
            _ => client.begin(["service.tags", "it", &tags]).unwrap(),
        })
        .collect();
    for (nth, command) in all.into_iter().enumerate() {
        match client.finish(&command) {
            Ok(()) => assert_ne!(nth % 3, 0),
            Err(Error::Refused(refused)) => {
                assert_eq!((nth % 3, refused.name()), (0, Some("NoSuchService")));
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(client.view().service(b"it").is_some());
}

/// A daemon that answers each line with what this says.
fn played(answer: impl Fn(&str) -> String + Send + 'static) -> std::io::Result<Client> {
    let (ours, theirs) = UnixStream::pair()?;
    let mut answers = theirs.try_clone()?;
    std::thread::spawn(move || {
        for line in BufReader::new(theirs).lines().map_while(Result::ok) {
            if answers.write_all(answer(&line).as_bytes()).is_err() {
                return;
            }
        }
    });
    let connection = daemonproxy_client::Connection::from_stream(ours);
    Ok(Client::new(connection.map_err(std::io::Error::other)?))
}

/// As a daemon does that knows tags, and that refuses each `chdir`.
fn with_tags(line: &str) -> String {
    match line.strip_prefix('@').and_then(|it| it.split_once('\t')) {
        Some((tag, command)) if command.starts_with("chdir") => {
            format!("done\t{tag}\tChdir\tchdir failed: no\n")
        }
        Some((tag, _)) => format!("done\t{tag}\n"),
        None => String::new(),
    }
}

#[test]
fn a_command_is_one_line_and_so_is_its_answer() {
    let (seen, lines) = std::sync::mpsc::channel();
    let mut client = played(move |line| {
        seen.send(line.to_owned()).unwrap();
        with_tags(line)
    })
    .unwrap();
    client.sync().unwrap();
    client.command(["signal.clear", "HUP", "1"]).unwrap();
    let Error::Refused(refused) = client.command(["chdir", "/x"]).unwrap_err() else { panic!() };
    assert_eq!(refused.name(), Some("Chdir"));
    assert_eq!(refused.to_string(), "chdir failed: no, for command \"chdir /x\"");
    drop(client);
    let lines: Vec<String> = lines.iter().collect();
    let commands: Vec<_> = lines.iter().filter_map(|line| line.split_once('\t')).collect();
    assert_eq!(commands.len(), 3, "{lines:?}");
    assert!(commands.iter().all(|(tag, _)| tag.starts_with('@')), "{lines:?}");
}

#[test]
fn with_a_daemon_of_protocol_1_nothing_is_lost() {
    let (seen, lines) = std::sync::mpsc::channel();
    let mut client = played(move |line| {
        seen.send(line.to_owned()).unwrap();
        match line.split_once('\t').unwrap_or((line, "")) {
            ("echo", mark) => format!("{mark}\n"),
            (tag, _) if tag.starts_with('@') => format!("error\tUnknown command: {tag}\n"),
            ("chdir", to) => format!("error\tchdir failed: no, for command \"chdir {to}\"\n"),
            _ => String::new(),
        }
    })
    .unwrap();
    for _ in 0..3 {
        client.command(["signal.clear", "HUP", "1"]).unwrap();
        let error = client.command(["chdir", "/x"]).unwrap_err();
        let Error::Refused(refused) = error else { panic!("{error}") };
        assert_eq!(refused.name(), Some("Chdir"));
    }
    assert!(client.next_event(Duration::ZERO).unwrap().is_none());
    drop(client);
    let lines: Vec<String> = lines.iter().collect();
    let sent = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!((sent("signal.clear"), sent("chdir"), sent("@")), (3, 3, 1), "{lines:?}");
}

#[test]
fn what_became_of_a_command_may_have_been_missed() {
    let mut client = played(|line| match with_tags(line) {
        _ if line.ends_with("HUP\t1") => "overflow\n".to_owned(),
        answer => answer,
    })
    .unwrap();
    client.sync().unwrap();
    let error = client.command(["signal.clear", "HUP", "1"]).unwrap_err();
    assert!(matches!(error, Error::Missed), "{error}");
    let event = client.next_event(PATIENCE).unwrap().unwrap();
    assert_eq!(event.event(), Ok(Event::Overflow));
    client.command(["signal.clear", "INT", "1"]).unwrap();
    assert!(client.view().has_overflowed());
    client.resync().unwrap();
    assert!(!client.view().has_overflowed());
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
fn the_end_of_a_run_is_noticed_however_soon_the_next_begins() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    client.command(["service.args", "it", "sleep", "1000"]).unwrap();
    client.command(["service.start", "it"]).unwrap();
    assert!(client.wait(PATIENCE, is_up).unwrap());
    let run = client.view().service(b"it").unwrap().run().number();
    assert_eq!(run, 1);
    assert!(!client.wait_for_end(b"it", run, Duration::from_millis(1)).unwrap());
    client.command(["service.restart", "it"]).unwrap();
    assert!(
        client.wait(PATIENCE, |view| view.service(b"it").unwrap().run().number() > run).unwrap()
    );
    assert!(client.wait_for_end(b"it", run, PATIENCE).unwrap());
    assert!(!client.wait_for_end(b"it", run + 1, Duration::from_millis(1)).unwrap());
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
fn descriptors_come_with_their_lines() {
    let daemon = Setup::default().listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    let pipes: Vec<_> = (0..3).map(|_| std::io::pipe().unwrap()).collect();
    for (nth, (_, theirs)) in pipes.iter().enumerate() {
        client.take_fd(format!("w{nth}"), theirs).unwrap();
    }
    // Much else is under way.
    let tags: Vec<_> =
        (0..20).map(|_| client.begin(["service.tags", "it", &"x".repeat(900)]).unwrap()).collect();
    let echo = client.begin(["echo", "fd.give", "w1", "pipe", "to", "unknown"]).unwrap();
    let given = [2, 0, 1, 1].map(|nth| (nth, client.give_fd(format!("w{nth}")).unwrap()));
    for command in tags.iter().chain([&echo]) {
        client.finish(command).unwrap();
    }
    for name in ["w0", "w1", "w2"] {
        client.command(["fd.delete", name]).unwrap();
    }
    for (nth, fd) in given {
        write!(File::from(fd), "{nth}").unwrap();
    }
    for (nth, (mut ours, theirs)) in pipes.into_iter().enumerate() {
        drop(theirs);
        let mut said = String::new();
        ours.read_to_string(&mut said).unwrap();
        assert_eq!(said, ["0", "11", "2"][nth]);
    }
    let error = client.give_fd("nope").unwrap_err();
    assert!(matches!(&error, Error::Refused(refused) if refused.name() == Some("NoSuchFd")));
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
