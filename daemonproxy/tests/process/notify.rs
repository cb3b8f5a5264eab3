//! What services say by sd_notify(3), with systemd's own client and others: `ready=notify`,
//! `watchdog=`, and who is heard.

use std::fs;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use daemonproxy_protocol::{Event, Fact, RunView};
use daemonproxy_testing::{Daemon, eventually, fd_count, state, status_field};

/// The user `nobody` of every system.
const NOBODY: u32 = 65534;

/// Whether systemd's own client is here.
fn no_systemd_notify() -> bool {
    let missing = Command::new("systemd-notify").arg("--version").output().is_err();
    if missing {
        println!("skipped: there is no systemd-notify");
    }
    missing
}

/// `db` does this, with these options; `web` is started when it is ready.
fn waiting(options: &str, script: &str) -> Daemon {
    let mut d = Daemon::interactive();
    d.define("db", &["sh", "-c", script]);
    d.define("web", &["sleep", "300"]);
    d.answers(
        &format!("service.options\tdb\t{options}"),
        &[format!("service.options\tdb\t{options}")],
    );
    d.answers("service.auto_up\tweb\t1\tready:db", &["service.auto_up\tweb\t1\tready:db"]);
    d
}

/// Waits until a service is up.
fn is_up(d: &mut Daemon, name: &str) {
    let begin = format!("service.state\t{name}\tup\t");
    while !d.line().starts_with(begin.as_bytes()) {}
}

/// What is told next of a run of `db` that has this.
fn run_with(d: &mut Daemon, mut wanted: impl FnMut(&RunView) -> bool) -> RunView {
    loop {
        let line = d.line();
        if let Ok(Event::ServiceRun { name, run, facts }) = Event::parse(&line) {
            let run = RunView::new(run, facts);
            if name.as_bytes() == b"db" && wanted(&run) {
                return run;
            }
        }
    }
}

/// The name of the socket that `db` was given, which it writes to the file `name`.
fn socket_of(d: &Daemon) -> String {
    let path = d.path("name");
    eventually("db says where it sends", || {
        let name = fs::read_to_string(&path).ok()?;
        name.strip_suffix('\n').map(str::to_owned)
    })
}

/// Sends to it, as we are.
struct Sender {
    socket: UnixDatagram,
    to: SocketAddr,
}

impl Sender {
    fn new(name: &str) -> Self {
        let name = name.strip_prefix('@').expect(name);
        let to = SocketAddr::from_abstract_name(name).unwrap();
        Self { socket: UnixDatagram::unbound().unwrap(), to }
    }

    fn say(&self, text: &str) {
        self.socket.send_to_addr(text.as_bytes(), &self.to).unwrap();
    }
}

/// `READY=1` without a line end, and then a barrier, which it waits for.
#[test]
fn systemds_own_client_says_that_a_service_is_ready() {
    if no_systemd_notify() {
        return;
    }
    let script = "systemd-notify --ready --status='all is well' && echo > passed; exec sleep 300";
    let mut d = waiting("ready=notify", script);
    d.answers("conn.features\truns", &["conn.features\truns"]);
    d.send("service.start\tdb");
    let run = run_with(&mut d, |run| run.has(Fact::Ready));
    assert_eq!(run.word(Fact::Status), Some(&b"all is well"[..]));
    is_up(&mut d, "web");
    let passed = d.path("passed");
    eventually("the barrier is passed", || fs::exists(&passed).unwrap().then_some(()));
}

#[test]
fn another_users_process_is_refused() {
    if !nix::unistd::geteuid().is_root() || no_systemd_notify() {
        println!("skipped: only root can be another user");
        return;
    }
    let mut d = waiting("ready=notify", "echo $NOTIFY_SOCKET > name; exec sleep 300");
    d.send("service.start\tdb");
    let name = socket_of(&d);
    let mut client = Command::new("systemd-notify");
    let client = client.arg("--ready").env("NOTIFY_SOCKET", &name).uid(NOBODY).gid(NOBODY);
    client.output().unwrap();
    d.log.wait_for(&format!("service 'db' is spoken for by user {NOBODY}, process "));
    let state = d.ask("statedump");
    let web = state.iter().find(|line| line.starts_with("service.state\tweb"));
    assert!(web.unwrap().starts_with("service.state\tweb\tdown"), "{web:?}");
    Sender::new(&name).say("READY=1");
    is_up(&mut d, "web");
}

#[test]
fn whoever_is_the_user_of_the_service_is_heard() {
    if !nix::unistd::geteuid().is_root() || no_systemd_notify() {
        println!("skipped: only root can be another user");
        return;
    }
    let options = format!("ready=notify\tuser={NOBODY}");
    let mut d = waiting(&options, "systemd-notify --ready; exec sleep 300");
    d.send("service.start\tdb");
    is_up(&mut d, "web");
}

#[test]
fn ten_thousand_messages_are_no_burden() {
    let mut d = waiting("watchdog=100", "echo $NOTIFY_SOCKET > name; exec sleep 300");
    d.answers("conn.features\truns", &["conn.features\truns"]);
    d.send("service.start\tdb");
    let sender = Sender::new(&socket_of(&d));
    let begin = Instant::now();
    let flood = std::thread::spawn(move || {
        for nth in 0..10_000 {
            sender.say(&format!("STATUS={nth}"));
        }
    });
    // Others are served meanwhile.
    let mut slowest = Duration::ZERO;
    while !flood.is_finished() {
        let asked = Instant::now();
        d.sync();
        slowest = slowest.max(asked.elapsed());
    }
    flood.join().unwrap();
    let mut told = 0;
    run_with(&mut d, |run| {
        told += usize::from(run.has(Fact::Status));
        run.word(Fact::Status) == Some(b"9999")
    });
    let seconds = begin.elapsed().as_secs() as usize;
    assert!(told <= seconds + 2, "told {told} times in {seconds} s");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    // And there is nothing left to do, once it waits, but to tell that the time is over.
    let used = |d: &Daemon| {
        eventually("it waits", || (state(d.pid()) == Some('S')).then_some(()));
        status_field(d.pid(), "voluntary_ctxt_switches").unwrap().parse::<u64>().unwrap()
    };
    d.ask("conn.timer\tpause\t1.5");
    let before = used(&d);
    d.wait_for("conn.timer\tpause");
    assert_eq!(used(&d), before + 1, "the daemon has nothing to do, and does something");
}

/// Each is logged, though only once a second.
#[test]
fn one_error_in_a_message_does_not_hide_another() {
    let mut d = waiting("ready=notify", "echo $NOTIFY_SOCKET > name; exec sleep 300");
    d.send("service.start\tdb");
    let sender = Sender::new(&socket_of(&d));
    for text in ["FDSTORE=1", "FDSTOREREMOVE=1\nFDNAME=none", "MAINPID=1", "BARRIER=1"] {
        sender.say(text);
    }
    d.log.wait_for("service 'db' has sent no descriptor to be stored");
    d.log.wait_for("service 'db' wants to remove what it has not stored");
    d.log.wait_for("service 'db' has said that another process is its main one: refused");
    d.log.wait_for("service 'db' has sent a barrier without just one descriptor");
}

#[test]
fn a_watchdog_bites_when_nothing_is_said_any_more() {
    let mut d = waiting("ready=notify\twatchdog=1.5", "echo $NOTIFY_SOCKET > name; exec sleep 300");
    d.answers("conn.features\truns", &["conn.features\truns"]);
    d.send("service.start\tdb");
    let sender = Sender::new(&socket_of(&d));
    sender.say("READY=1");
    run_with(&mut d, |run| run.has(Fact::Ready));
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(2) {
        sender.say("WATCHDOG=1");
        std::thread::sleep(Duration::from_millis(50));
    }
    let run = run_with(&mut d, |run| run.has(Fact::End));
    assert_eq!(run.word(Fact::Late), Some(&b"watchdog"[..]));
    assert_eq!(run.word(Fact::Signal), Some(&b"SIGABRT"[..]));
    let lived = run.time(Fact::End).unwrap() - run.time(Fact::Ready).unwrap();
    assert!(lived >= Duration::from_millis(3300), "{lived:?}");
}

/// What was sent before the end is heard before the end is told.
#[test]
fn last_words_are_heard() {
    if no_systemd_notify() {
        return;
    }
    let script = "systemd-notify --no-block --ready --status='had a good life'; exit 3";
    let mut d = waiting("ready=notify", script);
    d.answers("conn.features\truns", &["conn.features\truns"]);
    d.send("service.start\tdb");
    let run = run_with(&mut d, |run| run.has(Fact::End));
    assert!(run.has(Fact::Ready), "{run:?}");
    assert_eq!(run.word(Fact::Status), Some(&b"had a good life"[..]));
}

/// How sd_notify(3) and sd_pid_notify_with_fds(3) send messages, in Python.
const NOTIFY: &str = r#"
import os, socket
def notify(text, fds=[]):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.connect("\0" + os.environ["NOTIFY_SOCKET"][1:])
        socket.send_fds(s, [text.encode()], fds)
def said(text):
    os.write(1, (text + "\n").encode())
"#;

/// `db` runs this script, with a file to write to, `out`.
fn in_python(script: &str) -> Option<Daemon> {
    if Command::new("python3").arg("-V").output().is_err() {
        println!("skipped: there is no python3");
        return None;
    }
    let mut d = Daemon::interactive();
    fs::write(d.path("it.py"), [NOTIFY, script].concat()).unwrap();
    d.define("db", &["python3", "it.py"]);
    let out = d.path("out");
    d.ask(&format!("fd.open\tout\twrite,append,create\t{out}"));
    d.ask("service.fds\tdb\tnull\tout\tstderr");
    Some(d)
}

/// What it has written when it has run once more.
fn run_again(d: &mut Daemon) -> String {
    d.send("service.start\tdb");
    while !d.line().starts_with(b"service.state\tdb\tdown\t") {}
    d.sync();
    d.read("out")
}

/// It needs longer than `stop_after=` says, and says so; whoever gives a time himself has the last
/// word.
#[test]
fn a_service_that_ends_may_ask_for_time() {
    let script = r#"
import signal, time
def end(*_):
    notify("STOPPING=1\nEXTEND_TIMEOUT_USEC=600000000")
    time.sleep(3)
    os._exit(7)
signal.signal(signal.SIGTERM, end)
notify("READY=1")
while True:
    signal.pause()
"#;
    let Some(mut d) = in_python(script) else { return };
    d.ask("service.options\tdb\tready=notify\tstop_after=2");
    d.answers("conn.features\truns", &["conn.features\truns"]);
    for (stop, end) in [("", "exit\t7"), ("\t2", "signal\tSIGKILL")] {
        d.send("service.start\tdb");
        run_with(&mut d, |run| run.has(Fact::Ready) && !run.has(Fact::End));
        d.send(&format!("service.stop\tdb{stop}"));
        d.wait_for(format!("service.state\tdb\tdown\t{{ts}}\t{{pid}}\t{end}\t{{secs}}\t{{secs}}"));
    }
}

/// One message with several, of which there are more than nine; the next run has them in that order.
#[test]
fn descriptors_that_are_sent_together_are_handed_back_in_their_order() {
    let script = r#"
if "LISTEN_FDS" not in os.environ:
    pipes = [os.pipe() for _ in range(12)]
    for nth, (_, write) in enumerate(pipes):
        os.write(write, b"%d" % nth)
    notify("FDSTORE=1\nFDNAME=conn", [read for read, _ in pipes])
else:
    said(os.environ["LISTEN_FDS"] + " " + os.environ["LISTEN_FDNAMES"])
    said(" ".join(os.read(3 + nth, 9).decode() for nth in range(12)))
    notify("FDSTOREREMOVE=1\nFDNAME=conn")
"#;
    let Some(mut d) = in_python(script) else { return };
    d.ask("service.options\tdb\tlisten\tfdstore=12");
    let before = fd_count(d.pid());
    assert_eq!(run_again(&mut d), "");
    assert_eq!(fd_count(d.pid()), before + 12);
    let names = ["conn"; 12].join(":");
    assert_eq!(run_again(&mut d), format!("12 {names}\n0 1 2 3 4 5 6 7 8 9 10 11\n"));
    assert_eq!(fd_count(d.pid()), before);
}

/// Sends a descriptor and ends; the next run finds it, with a name, and what was written to it.
#[test]
fn descriptors_are_stored_for_the_next_run() {
    let script = r#"
if "LISTEN_FDS" not in os.environ:
    read, write = os.pipe()
    os.write(write, b"remembered")
    notify("FDSTORE=1\nFDNAME=memory", [read])
    notify("FDSTORE=1\nFDNAME=other", [write])
    said("first " + ",".join(sorted(os.listdir("/proc/self/fd"), key=int)[:3]))
else:
    assert os.environ["LISTEN_PID"] == str(os.getpid())
    said(os.environ["LISTEN_FDS"] + " " + os.environ["LISTEN_FDNAMES"])
    said(os.read(4, 100).decode())
    notify("FDSTOREREMOVE=1\nFDNAME=other")
"#;
    let Some(mut d) = in_python(script) else { return };
    d.ask("service.fds\tdb\tnull\tout\tstderr\tnull");
    let before = fd_count(d.pid());
    // Listed ones are announced, too: without any that are stored there is one.
    d.ask("service.options\tdb\tfdstore=4");
    assert_eq!(run_again(&mut d), "first 0,1,2\n");
    assert_eq!(fd_count(d.pid()), before + 2);
    d.ask("service.options\tdb\tlisten\tfdstore=4");
    assert_eq!(run_again(&mut d), "first 0,1,2\n3 null:memory:other\nremembered\n");
    assert_eq!(fd_count(d.pid()), before + 1);
    assert!(d.ask("service.delete\tdb").contains(&"fd.state\tdb.memory\tdeleted".to_owned()));
    assert_eq!(fd_count(d.pid()), before);
}

/// The pipe for its line end is at its number, and nothing else is open.
#[test]
fn a_service_has_the_descriptor_of_its_option_and_no_other() {
    let mut d = waiting("ready=fd:7", "echo >&7; exec sleep 300");
    let before = fd_count(d.pid());
    let pid = d.run("db");
    is_up(&mut d, "web");
    eventually("only these are open", || {
        let list = fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
        let mut fds: Vec<_> = list.map(|it| it.unwrap().file_name()).collect();
        fds.sort();
        (fds == ["0", "1", "2", "7"]).then_some(())
    });
    // The daemon has closed its end, too.
    eventually("all is closed", || (fd_count(d.pid()) == before).then_some(()));
}
