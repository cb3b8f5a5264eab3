//! A daemon whose process ids are not those that we see.

use crate::daemon::Daemon;
use crate::terminal;

const WAYS: &[&[&str]] = &[
    &["unshare", "--pid", "--fork", "--kill-child"],
    &["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"],
];

fn contained() -> Option<Daemon> {
    let is_possible = |way: &&&[&str]| {
        let mut command = std::process::Command::new(way[0]);
        command.args(&way[1..]).arg("true").output().is_ok_and(|it| it.status.success())
    };
    let way = WAYS.iter().find(is_possible);
    if way.is_none() {
        eprintln!("no pid namespace can be made here: this is not tested");
    }
    way.map(|way| Daemon::start_with(way))
}

#[test]
fn top_does_not_show_other_processes_for_those_of_a_container() {
    let Some(daemon) = contained() else { return };
    daemon.ok("send service.args it sleep 1000");
    daemon.ok("start it");
    let mut terminal = terminal::dpctl(&daemon, &["top"]);
    terminal.shows("The daemon is in another pid namespace");
    terminal.line_is_first("it    up");
    let screen = terminal.screen();
    let line = screen.lines().find(|line| line.starts_with("it ")).unwrap();
    let fields: Vec<_> = line.split_whitespace().collect();
    // Restarts, and then processor and memory.
    assert_eq!(fields[4..7], ["0", "-", "-"], "{screen}");
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
}
