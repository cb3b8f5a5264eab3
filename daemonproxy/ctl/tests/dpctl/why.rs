//! `why`, and what `status` shows of runs: on terminals of any width, and for programs.

use serde_json::Value;

use crate::daemon::Daemon;
use crate::terminal;

/// One service that cannot be executed, and one that was stopped.
fn troubled() -> Daemon {
    let daemon = Daemon::start();
    daemon.ok_args(&["send", "service.args", "typo", "no-such-program"]);
    daemon.ok_args(&["send", "service.auto_up", "typo", "900", "always"]);
    daemon.ok_args(&["send", "service.args", "web", "sleep", "1000"]);
    daemon.ok("start web");
    daemon.ok("send service.stop web");
    daemon.comes_to_say(
        "status -o name,starts,cause --format tsv web",
        "name\tstarts\tcause\nweb\t1\tstopped, SIGTERM, held\n",
    );
    daemon.comes_to_say("ls typo -o state --format tsv", "state\nstart\n");
    daemon
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

#[test]
fn the_chain_of_causes_in_sentences() {
    let daemon = troubled();
    let said = daemon.ok("why typo web");
    let said = lines(&said);
    assert_eq!(said[0], "typo is down, and will be started.");
    assert!(said[1].starts_with("It will be started in 14m5"), "{said:?}");
    assert!(said[2].contains(" ended ") && said[2].ends_with("with exit status 127."), "{said:?}");
    assert_eq!(said[3], "Its program never ran: it cannot be executed: No such file or directory.");
    assert!(said[4].contains("because of its trigger always; it was its first start."), "{said:?}");
    assert!(said[5].starts_with("web has been down for ") && said[5].ends_with(": SIGTERM."));
    assert!(said[6].starts_with("It is held, since it was stopped by service.stop"), "{said:?}");
    assert!(said[8].contains(" begun to stop it"), "{said:?}");
    assert!(said[9].contains(" by a command; "), "{said:?}");
}

#[test]
fn one_that_runs_with_what_has_changed() {
    let daemon = Daemon::start();
    daemon.ok_args(&["send", "service.args", "web", "sleep", "1000"]);
    daemon.ok("start web");
    daemon.ok_args(&["send", "service.args", "web", "sleep", "2000"]);
    let said = daemon.ok("why web");
    let said = lines(&said);
    assert!(
        said[0].starts_with("web has been up for ") && said[0].contains(", as pid "),
        "{said:?}"
    );
    assert!(said[1].starts_with("What it is started with has changed, which takes"), "{said:?}");
}

#[test]
fn one_that_does_not_exist() {
    let said = Daemon::start().dpctl("why nope");
    assert_eq!((said.status, said.err.as_str()), (4, "dpctl: there is no service nope\n"));
}

#[test]
fn every_fact_in_json() {
    let daemon = troubled();
    let json: Value =
        serde_json::from_str(&daemon.dpctl("status typo web -o run --format json").out).unwrap();
    let [typo, web] = [&json[0]["run"], &json[1]["run"]];
    assert_eq!(typo["failed"], serde_json::json!({"stage": "exec", "errno": 2}));
    assert_eq!((&typo["why"], &typo["exit"]), (&"always".into(), &127.into()));
    assert!(typo["next"].as_f64().unwrap() > typo["end"].as_f64().unwrap());
    assert_eq!((&web["number"], &web["starts"]), (&2.into(), &1.into()));
    assert_eq!((&web["signal"], &web["held"]), (&"SIGTERM".into(), &true.into()));
    let moments = ["start", "exec", "stop", "end"].map(|key| web[key].as_f64().unwrap());
    assert!(moments.is_sorted(), "{moments:?}");
    assert!(web.get("next").is_none());
}

/// What `status` and `why` write to a terminal of this width.
fn shown(daemon: &Daemon, columns: u32) -> Vec<String> {
    let script = format!("stty cols {columns}; dpctl status; dpctl why typo web; echo that-is-all");
    let mut terminal = terminal::script(daemon.folder(), &script, &[]);
    terminal.shows("that-is-all");
    let written = terminal.written();
    written.split("\r\n").map(str::to_owned).take_while(|line| line != "that-is-all").collect()
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let daemon = troubled();
    for columns in [40, 80, 200] {
        let lines = shown(&daemon, columns);
        for line in &lines {
            assert!(line.chars().count() <= columns as usize, "{columns} columns: {line:?}");
        }
        let header = &lines[0];
        if columns == 40 {
            assert_eq!(header.trim_end(), "NAME  STATE  STARTS  CAUSE");
            assert!(lines[2].starts_with("web   down        1  stopped, SIGTE"), "{lines:?}");
        } else {
            assert!(header.starts_with("NAME  STATE  "), "{header}");
            assert!(header.contains("STARTS  CAUSE "), "{header}");
            assert!(lines[2].contains("  stopped, SIGTERM, held"), "{lines:?}");
        }
        // Sentences are wrapped between words, and none is cut.
        let text = lines[3..].join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = "It is held, since it was stopped by service.stop: no trigger starts it until \
                        it is started or released.";
        assert!(text.contains(sentence), "{columns} columns: {text}");
    }
}

#[test]
fn back_off_giving_up_and_circles() {
    let daemon = Daemon::start();
    for name in ["slow", "broken", "a", "b"] {
        daemon.ok_args(&["send", "service.args", name, "sh", "-c", "exit 3"]);
    }
    daemon.ok("options slow backoff=900:300");
    daemon.ok("options broken giveup=1/60");
    daemon.ok("send service.auto_up slow 1 always");
    daemon.ok("send service.auto_up broken 1 always");
    daemon.ok("send service.auto_up a 1 ready:b");
    daemon.ok("send service.auto_up b 1 done:a");
    let shown = "status -o name,cause --format tsv broken";
    daemon.comes_to_say(shown, "name\tcause\nbroken\texit 3, given up\n");
    daemon.comes_to_say("ls slow -o state --format tsv", "state\nstart\n");
    let said = daemon.ok("why broken slow a");
    let said = lines(&said);
    assert!(said[1].starts_with("It was given up: its triggers had started it too often."));
    let slow = said.iter().position(|line| line.starts_with("slow is down")).unwrap();
    assert!(said[slow + 1].starts_with("It will be started in 4m5"), "{said:?}");
    let a = said.iter().position(|line| line.starts_with("a is down")).unwrap();
    assert_eq!(said[a + 1], "It waits for ready:b.");
    assert_eq!(said[a + 2], "a waits for b, b waits for a: neither ever starts by itself.");
    // Somebody breaks it.
    daemon.ok_args(&["send", "service.args", "b", "sleep", "1000"]);
    daemon.ok("start b");
    let said = daemon.ok("why a");
    assert!(!said.contains("waits for a"), "{said}");
}

#[test]
fn who_does_not_exist_is_told_as_in_the_log() {
    let daemon = Daemon::start();
    let wanted = [
        ("user=no-such-user", "user: there is no such user"),
        ("user=4123456789", "user: there is no such user"),
        ("group=no-such-group", "group: there is no such group"),
        ("groups=0:no-such-group", "group: there is no such group"),
    ];
    for (nth, (option, expected)) in wanted.into_iter().enumerate() {
        let name = format!("it{nth}");
        daemon.ok_args(&["send", "service.args", &name, "true"]);
        daemon.ok_args(&["send", "service.options", &name, option]);
        let said = daemon.dpctl_args(&["start", &name]).err;
        assert!(said.contains(&format!("cannot set up {expected}")), "{option}: {said}");
        let told = format!("cannot be started, at {expected}");
        daemon.comes_to_say(
            &format!("status -o cause --format tsv {name}"),
            &format!("cause\n{told}\n"),
        );
        let said = daemon.ok(&format!("why {name}"));
        assert!(said.contains(&format!("Its program never ran: it {told}.")), "{option}: {said}");
    }
}

#[test]
fn one_for_whom_nobody_vouched_was_not_stopped_by_a_command() {
    let daemon = Daemon::start();
    daemon.ok_args(&["send", "service.args", "web", "sleep", "1000"]);
    daemon.ok("send service.options web deadman=0.5");
    daemon.ok("start web");
    daemon.comes_to_say("status -o cause --format tsv web", "cause\nstopped, SIGTERM, held\n");
    let said = daemon.ok("why web");
    let said = lines(&said);
    let why =
        "It is held, since nobody said in time that it may go on (deadman): no trigger starts";
    assert!(said[1].starts_with(why), "{said:?}");
    assert!(said[3].contains(", because nobody said in time that it may go on (deadman)"));
    assert!(!said.iter().any(|line| line.contains("service.stop")), "{said:?}");
    // Stopped by a command, it was that.
    daemon.ok("options web -deadman");
    daemon.ok("start web");
    daemon.ok("stop web");
    let said = daemon.ok("why web");
    assert!(lines(&said)[1].starts_with("It is held, since it was stopped by service.stop"));
}
