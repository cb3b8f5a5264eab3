//! Who cleans up after `run`, however that has ended: a process of its own, out of reach of the
//! terminal, which waits until a pipe ends.
//!
//! If it is killed, too, the daemon stops the program after a while (`deadman=`), and the next
//! `run` removes what is left.

use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::time::Duration;

use daemonproxy_apply::{connect, delete, patience_for};
use daemonproxy_client::{Client, FOREVER};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::setsid;

use super::is_there;
use crate::failure::{OK, Result};

/// How often it vouches for the program, in seconds: well within its `deadman=`.
const VOUCH: u16 = 60;
/// How long what another `run` has left may take to go.
const LEFT: Duration = Duration::from_secs(2);
/// The key of the tag that says whose a program is.
const TAG: &str = "run=";

pub(crate) fn guard(socket: &Path, name: &str) -> Result<u8> {
    // It is no leader of a group, so this succeeds.
    let _ = setsid();
    let input = io::stdin();
    loop {
        let mut fds = [PollFd::new(input.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, PollTimeout::from(VOUCH * 1000)) {
            Ok(0) => {
                // If nobody answers there is nothing left to guard, or it is asked again later.
                let client = Client::connect_to(socket);
                let _ = client.and_then(|mut it| it.command(["service.deadman", name]));
            }
            Err(Errno::EINTR) => {}
            _ => break,
        }
    }
    let mut client = connect(socket)?;
    // However long its `stop_after` is.
    let patience = patience_for(client.view().service(name.as_bytes()), FOREVER);
    clean(&mut client, name, patience)?;
    Ok(OK)
}

/// The tag of a program that this process runs: in which pid namespace, and its number.
pub(super) fn tag() -> String {
    format!("{TAG}{}:{}", namespace(), std::process::id())
}

fn namespace() -> String {
    let link = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    link.to_string_lossy().chars().filter(char::is_ascii_digit).collect()
}

/// The names of the descriptors of a program.
pub(super) fn descriptors(name: &str) -> [String; 3] {
    ["in", "out", "err"].map(|end| format!("{name}.{end}"))
}

/// Stops it, if it is still there, and removes it with its descriptors.
fn clean(client: &mut Client, name: &str, patience: Duration) -> Result<()> {
    if client.view().service(name.as_bytes()).is_some() {
        client.command(["service.stop", name])?;
        delete(client, name, patience)?;
    }
    for descriptor in descriptors(name) {
        if client.view().fd(descriptor.as_bytes()).is_some() {
            client.command(["fd.delete", &descriptor])?;
        }
    }
    Ok(())
}

/// The same for programs whose `run` and guard are gone.
pub(super) fn clean_left(client: &mut Client) {
    let begin = format!("{TAG}{}:", namespace());
    let mut left = Vec::new();
    for (name, it) in client.view().services() {
        let tags = it.tags();
        let pid = tags.iter().find_map(|tag| std::str::from_utf8(tag).ok()?.strip_prefix(&begin));
        let is_gone = pid.and_then(|pid| pid.parse().ok()).is_some_and(|pid| !is_there(pid));
        if is_gone && it.pid().is_none() {
            left.push(String::from_utf8_lossy(name).into_owned());
        }
    }
    for name in &left {
        // One that takes longer is left to its guard, which may be there, or to the next `run`.
        let _ = clean(client, name, LEFT);
    }
}
