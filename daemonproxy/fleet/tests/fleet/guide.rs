//! The guide "Many machines" can be followed: its blocks are run one after the other, in an empty
//! folder.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use daemonproxy_testing::programs;

use crate::setup::{Said, is_there};

/// The blocks of a page that are for a shell.
fn blocks(page: &str) -> String {
    let mut text = String::new();
    let mut is_inside = false;
    for line in page.lines() {
        match line {
            "```sh" => is_inside = true,
            "```" => is_inside = false,
            line if is_inside => text += &format!("{line}\n"),
            _ => {}
        }
    }
    text
}

#[test]
fn the_guide_can_be_followed() {
    if !is_there() {
        return;
    }
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../doc/many-machines.md");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = blocks(&fs::read_to_string(page).unwrap()).replace("4222", &port.to_string());
    let folder = tempfile::tempdir().unwrap();
    let programs = [
        programs::daemon(),
        programs::built("dpctl", "daemonproxy-ctl"),
        Path::new(env!("CARGO_BIN_EXE_dpfleet")).to_owned(),
    ];
    let paths = programs.iter().filter_map(|it| it.parent()).map(Path::to_owned);
    let own = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    let path = std::env::join_paths(paths.chain(own)).unwrap();
    // Whatever happens, nothing of it is left behind.
    let leave = "trap 'for node in n1 n2 n3; do dpctl --socket $node/control shutdown || true; done \
                 2> /dev/null; kill $(cat nats.pid) 2> /dev/null || true' EXIT\n";
    let script = format!("set -eu\n{leave}{script}");
    let mut command = Command::new("timeout");
    command.args(["240", "bash", "-c", &script]).env("PATH", path).env_remove("DPFLEET_NATS");
    let said = Said::of(&command.current_dir(folder.path()).output().unwrap());
    assert_eq!(said.status, 0, "{said:?}");
    for what in [
        "n1: revision",
        "batch 2 of 2: n3",
        "n1: failed: web has ended",
        "it has stopped by itself",
        "n2 is drained",
        "n2 is no longer drained",
    ] {
        assert!(said.out.contains(what), "{what}: {said:?}");
    }
    assert!(said.err.contains("failed on n1; done on none; not touched: n2, n3"), "{said:?}");
}
