//! The first controller of the README, and the shortest of the protocol's: each is printed there as
//! it is, and does what is said of it.

use std::fs;
use std::process::Command;

use daemonproxy_testing::{Daemon, Setup};

/// Of the folder of examples.
fn example(name: &str) -> String {
    let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// `giveup.py` with this configuration; `None` where there is no Python.
fn giveup(config: &str) -> Option<Daemon> {
    if Command::new("python3").arg("-V").output().is_err() {
        println!("skipped: there is no python3");
        return None;
    }
    let setup = Setup::new([""; 0]).no_input().file("giveup.py", example("giveup.py"));
    Some(setup.config(config).spawn())
}

#[test]
fn the_readme_has_the_examples_as_they_are() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    // Their first lines say what they are, as the text of the README does.
    for (name, begin) in [("giveup.lua", "local dp"), ("giveup.py", "import ")] {
        let text = example(name);
        let code = &text[text.find(begin).unwrap()..];
        assert!(readme.contains(code), "{name} is not the one of the README");
    }
    let config = example("giveup.conf").replace('\t', "→");
    let lines = config.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        assert!(readme.contains(line), "{line} is not in the README");
    }
}

#[test]
fn the_page_on_the_protocol_has_the_shortest_controller_as_it_is() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/README.md");
    let page = fs::read_to_string(page).unwrap();
    let text = example("limit.sh");
    assert!(page.contains(&text[text.find("IFS=").unwrap()..]));
    let is_code = |line: &&str| !line.starts_with("# ");
    assert_eq!(text.lines().filter(is_code).count(), 10);
}

#[test]
fn a_controller_of_ten_lines_of_shell_starts_over_what_takes_too_long() {
    let config = example("limit.conf").replace("limit.sh\t5", "limit.sh\t0.2");
    let config =
        config.replace("echo 'this one hangs'", "printf x >> runs; echo \"run $(cat runs)\"");
    let setup = Setup::new([""; 0]).no_input().file("limit.sh", example("limit.sh"));
    let mut d = setup.config(config).spawn();
    for run in ["run x", "run xx", "run xxx"] {
        d.log.wait_for(run);
    }
    // The controller is an observer.
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

#[test]
fn what_keeps_failing_is_switched_off() {
    let Some(mut d) = giveup(&example("giveup.conf")) else { return };
    d.log.wait_for("broken does not work, I switch it off");
    let log = d.log.lines();
    let ended = log.iter().filter(|line| *line == "broken has ended: exit 3").count();
    assert_eq!(ended, 3, "{log:#?}");
    d.signal(libc::SIGINT);
    d.exits_with(0);
}

/// The end that the daemon was asked for is nobody's failure.
#[test]
fn a_shutdown_is_no_failure() {
    let config = example("giveup.conf").replace("sleep 1; exit 3", "echo up >&2; exec sleep 1000");
    let config = format!("service.fds\tbroken\tnull\tnull\tstderr\n{config}");
    for signal in [libc::SIGTERM, libc::SIGINT] {
        let Some(mut d) = giveup(&config) else { return };
        d.log.wait_for("up");
        // It has read the state when it is told of this.
        d.signal(signal);
        d.exits_with(0);
        let log = d.log.wait_for_end();
        for bad in ["has ended: signal", "Traceback", "BrokenPipe", "KeyboardInterrupt"] {
            assert!(!log.iter().any(|line| line.contains(bad)), "{bad}: {log:#?}");
        }
    }
}
