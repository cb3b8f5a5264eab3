//! What a node may do with the configuration that `dpfleet permissions` prints, tried by somebody
//! who speaks NATS and wants more.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::setup::{Machine, Server, is_there, one_that_runs, sleeping};

/// A connection that does what it is told, right or wrong.
struct Raw {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Raw {
    fn connect(port: u16, user: Option<(&str, &str)>) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let mut raw = Self { reader: BufReader::new(stream.try_clone().unwrap()), stream };
        let user = user.map_or(String::new(), |(user, password)| {
            format!(",\"user\":\"{user}\",\"pass\":\"{password}\"")
        });
        raw.say(&format!(
            "CONNECT {{\"verbose\":false,\"headers\":true,\"no_responders\":true,\"protocol\":1,\
             \"lang\":\"x\",\"version\":\"1\"{user}}}\r\nPING\r\n"
        ));
        while raw.line().is_some_and(|line| line != "PONG\r\n") {}
        raw
    }

    fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    fn publish(&mut self, subject: &str, value: &[u8], reply: &str) {
        self.say(&format!("PUB {subject} {reply} {}\r\n", value.len()));
        self.stream.write_all(value).unwrap();
        self.say("\r\n");
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.reader.read_line(&mut line).ok().filter(|&read| read > 0)?;
        Some(line)
    }

    /// All that comes until a ping is answered.
    fn rest(&mut self) -> String {
        self.say("PING\r\n");
        let mut all = String::new();
        while let Some(line) = self.line() {
            if line == "PONG\r\n" {
                break;
            }
            all += &line;
            if let Some(size) = line.starts_with("MSG").then(|| line.trim().rsplit(' ').next()) {
                let mut bytes = vec![0; size.unwrap().parse::<usize>().unwrap() + 2];
                self.reader.read_exact(&mut bytes).unwrap();
                all += &String::from_utf8_lossy(&bytes);
            }
        }
        all
    }
}

/// Publishes one message, as a client that checks nothing.
pub(crate) fn publish(
    port: u16,
    user: Option<(&str, &str)>,
    subject: &str,
    value: &[u8],
    reply: &str,
) {
    let mut raw = Raw::connect(port, user);
    raw.publish(subject, value, reply);
    raw.rest();
}

#[test]
fn a_node_can_do_what_its_agent_does_and_nothing_else() {
    if !is_there() {
        return;
    }
    let printed = crate::setup::program("").args(["permissions", "n1", "n2"]).output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    let config = "jetstream { store_dir: \"$STORE\" }\nlisten: \"127.0.0.1:$PORT\"\n";
    let server = Server::with(Some(format!("{config}{printed}")));
    let password = |text: &str| server.file(text, text);
    let (admin, one, two) = (password("a"), password("b"), password("c"));
    let user = |name: &'static str, file: &str| {
        ["--user".to_owned(), name.to_owned(), "--password-file".to_owned(), file.to_owned()]
    };
    let as_admin = |args: &[&str]| {
        let mut all: Vec<String> = args.iter().map(|&it| it.to_owned()).collect();
        all.extend(user("admin", &admin));
        server.does(&all.iter().map(String::as_str).collect::<Vec<_>>())
    };
    as_admin(&["init"]);
    let machine = |name: &'static str, file: &str| {
        let args = user(name, file);
        Machine::with(name, &server.url(), &args.each_ref().map(String::as_str))
    };
    let (first, second) = (machine("n1", &one), machine("n2", &two));
    let file = server.file("web.toml", &sleeping(1000));
    as_admin(&["put", &file, "n1", "n2"]);
    let ready = |node: &str| as_admin(&["status", node]).contains("ready");
    for node in ["n1", "n2"] {
        daemonproxy_testing::eventually("it is ready", || ready(node).then_some(()));
    }
    let pid = second.pid("web").unwrap();
    // Who looks after the fleet can ask a node for the end of a log.
    let mut page = Raw::connect(server.port, Some(("admin", "a")));
    page.say("SUB _INBOX.page 1\r\n");
    page.publish("dp.logs.n2", b"web", "_INBOX.page");
    daemonproxy_testing::eventually("the node answers", || {
        page.rest().contains("\"lines\":[").then_some(())
    });

    let mut evil = Raw::connect(server.port, Some(("n1", "b")));
    let get = "$JS.API.DIRECT.GET.KV_";
    evil.say("SUB _INBOX.mine 1\r\nSUB $KV.> 2\r\nSUB $JS.> 3\r\nSUB _INBOX.> 4\r\nSUB > 5\r\n");
    for subject in [
        // Reading what others have.
        format!("{get}dp_desired.$KV.dp_desired.n2"),
        format!("{get}dp_status.$KV.dp_status.n2"),
        format!("{get}dp_nodes.$KV.dp_nodes.n2"),
        format!("{get}dp_desired"),
        "$JS.API.STREAM.MSG.GET.KV_dp_desired".into(),
        "$JS.API.CONSUMER.CREATE.KV_dp_desired".into(),
        "$JS.API.STREAM.INFO.KV_dp_desired".into(),
        "$JS.API.STREAM.NAMES".into(),
        "dp.logs.n2".into(),
        // Breaking the store.
        "$JS.API.STREAM.DELETE.KV_dp_desired".into(),
        "$JS.API.STREAM.PURGE.KV_dp_status".into(),
        "$JS.API.STREAM.UPDATE.KV_dp_status".into(),
        "$JS.API.STREAM.MSG.DELETE.KV_dp_status".into(),
    ] {
        evil.publish(&subject, b"{\"last_by_subj\":\"$KV.dp_desired.n2\"}", "_INBOX.mine");
    }
    // Writing what is not its own, itself and by answers that the server sends elsewhere.
    let others = [
        "$KV.dp_desired.n1",
        "$KV.dp_desired.n2",
        "$KV.dp_desired._meta",
        "$KV.dp_nodes.n1",
        "$KV.dp_nodes.n2",
        "$KV.dp_status.n2",
        "dp.events.n2.web",
    ];
    evil.publish("$KV.dp_lease.x", b"[service.evil]\nrun = \"sleep 1\"\n", "_INBOX.mine");
    for subject in others {
        evil.publish(subject, b"evil", "_INBOX.mine");
        evil.publish(&format!("{get}dp_desired.$KV.dp_desired.n1"), b"", subject);
        evil.publish(&format!("{get}dp_lease.$KV.dp_lease.x"), b"", subject);
        evil.publish("$KV.dp_status.n1", b"evil", subject);
        evil.publish("dp.events.n1.x", b"evil", subject);
    }
    std::thread::sleep(Duration::from_millis(300));
    let heard = evil.rest();
    // Nothing of the other's file, of its status, or of the streams.
    for secret in ["\"config\"", "\"streams\":[", "\"node\":\"n2\"", "\"lines\":["] {
        assert!(!heard.contains(secret), "{secret}: {heard}");
    }
    assert_eq!(as_admin(&["get", "n1"]), sleeping(1000));
    assert_eq!(as_admin(&["get", "n2"]), sleeping(1000));
    assert_eq!(as_admin(&["epoch"]).trim(), "1");
    assert_eq!(as_admin(&["label", "n2"]), "");
    // n2 is what it was, and hears of what is meant for it.
    assert!(ready("n2"));
    assert!(!as_admin(&["events", "n2"]).contains("no event"));
    assert_eq!(second.pid("web").unwrap(), pid);
    let file = server.file("web.toml", &sleeping(1001));
    as_admin(&["put", &file, "n1", "n2"]);
    for machine in [&first, &second] {
        daemonproxy_testing::eventually("it has the new one", || {
            (machine.args_of("web")? == "sleep 1001").then_some(())
        });
    }
}

#[test]
fn a_value_that_the_server_was_tricked_into_writing_is_not_obeyed() {
    if !is_there() {
        return;
    }
    // Without accounts: everybody may do everything, and still an answer is no intent.
    let (server, machine) = one_that_runs(&sleeping(1000));
    let pid = machine.pid("web").unwrap();
    publish(server.port, None, "$KV.dp_lease.x", sleeping(5).as_bytes(), "");
    let get = "$JS.API.DIRECT.GET.KV_dp_lease.$KV.dp_lease.x";
    publish(server.port, None, get, b"", "$KV.dp_desired.n1");
    server.until("n1", "unreadable", "not written by dpfleet put");
    assert_eq!(machine.pid("web").unwrap(), pid);
}
