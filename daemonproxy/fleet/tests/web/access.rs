//! Who may look, and who may change something.

use crate::page::{Page, TOKEN, daemon, said, write_token};

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn with_the_token_services_are_started_stopped_and_restarted() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut conn = daemon.connect();
    conn.define_sleeper("web");
    let mut watcher = page.watch();
    assert_eq!(page.act("web", "start").status, 200);
    let first = watcher.until("web", "state", "ready")["pid"].clone();
    assert_eq!(page.act("web", "restart").status, 200);
    watcher.find("another pid", |message| {
        let mut rows = message["services"].as_array().unwrap().iter();
        rows.any(|row| row["state"] == "ready" && row["pid"] != first).then_some(())
    });
    assert_eq!(page.act("web", "stop").status, 200);
    watcher.until("web", "state", "down");
    for (name, verb, status, text) in [
        ("nobody", "start", 409, "No such service"),
        ("a/b", "start", 409, "Invalid service name"),
        ("a\nexit", "start", 409, "0x0a"),
        ("web", "delete", 400, "not something to do"),
        ("web", "drain", 409, "no fleet"),
    ] {
        let answer = page.act(name, verb);
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.json()["refused"].as_str().unwrap().contains(text), "{answer:?}");
    }
}

#[test]
fn a_daemon_says_itself_what_a_socket_may_do() {
    let daemon = daemon();
    let mut conn = daemon.connect();
    conn.send(&format!("socket.create\tname=w,rights=watch\t{}", daemon.path("watch")));
    conn.sync();
    let page = Page::at(daemon.path("watch").as_ref());
    conn.define_sleeper("web");
    page.watch().until("web", "state", "down");
    let answer = page.act("web", "start");
    assert_eq!(answer.status, 409);
    assert!(answer.body.to_lowercase().contains("not permitted"), "{answer:?}");
}

#[test]
fn without_the_token_nothing_is_changed() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    let mut conn = daemon.connect();
    conn.define_sleeper("web");
    let deed = format!("{{\"node\":\"{}\",\"name\":\"web\",\"verb\":\"start\"}}", page.node());
    let bearer = format!("Bearer {TOKEN}");
    let shorter = format!("Bearer {}", &TOKEN[..TOKEN.len() - 1]);
    let longer = format!("Bearer {TOKEN}x");
    let port = page.port;
    let (other_port, other_name) =
        (format!("http://127.0.0.1:{}", port - 1), "http://evil.example");
    let too_much = format!("{deed}{}", " ".repeat(5000));
    for (status, body, headers) in [
        (401, &deed, vec![JSON]),
        (403, &deed, vec![JSON, ("Authorization", shorter.as_str())]),
        (403, &deed, vec![JSON, ("Authorization", longer.as_str())]),
        (401, &deed, vec![JSON, ("Authorization", "Bearer ")]),
        (401, &deed, vec![JSON, ("Authorization", TOKEN)]),
        (415, &deed, vec![("Content-Type", "text/plain"), ("Authorization", &bearer)]),
        (415, &deed, vec![("Authorization", bearer.as_str())]),
        (400, &too_much, vec![JSON, ("Authorization", &bearer)]),
        (403, &deed, vec![JSON, ("Authorization", &bearer), ("Origin", &other_port)]),
        (403, &deed, vec![JSON, ("Authorization", &bearer), ("Origin", other_name)]),
        (403, &deed, vec![JSON, ("Authorization", &bearer), ("Origin", "null")]),
        (403, &deed, vec![JSON, ("Authorization", &bearer), ("Sec-Fetch-Site", "cross-site")]),
        (421, &deed, vec![JSON, ("Authorization", &bearer), ("Host", "evil.example")]),
    ] {
        let answer = page.ask("POST /api/do", &headers, body);
        assert_eq!(answer.status, status, "{headers:?}: {answer:?}");
        assert!(!answer.head.to_lowercase().contains("access-control-allow"), "{answer:?}");
    }
    assert_eq!(page.ask("GET /api/do", &[JSON, ("Authorization", &bearer)], "").status, 405);
    assert_eq!(page.service("web")["row"]["run"], 0);
    // And with it, from our own page.
    let own = format!("http://127.0.0.1:{port}");
    let headers = [JSON, ("Authorization", bearer.as_str()), ("Origin", own.as_str())];
    assert_eq!(page.ask("POST /api/token", &headers, "{}").status, 200);
    assert_eq!(page.ask("POST /api/do", &headers, &deed).status, 200);
}

#[test]
fn a_foreign_page_cannot_read_either() {
    let daemon = daemon();
    let page = Page::of(&daemon);
    for path in ["/api/about", "/api/stream", "/metrics", "/page.js"] {
        for (status, header) in [
            (403, ("Origin", "http://evil.example")),
            (403, ("Sec-Fetch-Site", "cross-site")),
            (421, ("Host", "evil.example")),
            (421, ("Host", "127.0.0.1.evil.example")),
        ] {
            let answer = page.ask(&format!("GET {path}"), &[header], "");
            assert_eq!(answer.status, status, "{path} {header:?}");
        }
    }
}

#[test]
fn without_a_token_file_nobody_changes_anything() {
    let daemon = daemon();
    let page = Page::read_only(&daemon);
    daemon.connect().define_sleeper("web");
    assert_eq!(page.get("/api/about").json()["acts"], false);
    let answer = page.act("web", "start");
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("read-only"), "{answer:?}");
}

#[test]
fn a_token_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (text, mode, why) in [
        (TOKEN, 0o644, "others may use this file: chmod 600 it"),
        ("short", 0o600, "a token is 16 to 1024 visible characters"),
    ] {
        let path = write_token(folder.path(), text, mode);
        let path = path.to_str().unwrap();
        let ended = said(&["web", "--socket", "/nowhere", "--token-file", path]);
        let text_said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success() && text_said.contains(why), "{text_said}");
        assert!(text_said.starts_with("dpfleet: ") && !text_said.contains(text), "{text_said}");
    }
    let ended = said(&["web", "--socket", "/nowhere", "--token-file", "/nowhere"]);
    assert!(String::from_utf8(ended.stderr).unwrap().contains("No such file"));
}
