//! The loop of the daemon around a state machine in a world: its start, and what follows a poll(2).

use daemonproxy_core::{
    ControllerId, Fd, FdKind, Interest, LogWait, Monotonic, Proxy, Readiness, SpecialFd, System,
};
use daemonproxy_protocol::FileFlags;

use super::World;
use super::child::ExecEnd;

/// Makes the descriptors that are there from the start; standard input and output are at this path.
/// Returns the one that the log goes to.
pub fn name_standard(proxy: &mut Proxy<World>, path: &[u8]) -> Fd {
    let null = proxy.sys().make("null");
    proxy.name_fd(b"null", Some(null), FdKind::Special(SpecialFd::Null), b"");
    let both = FileFlags { read: true, write: true, ..FileFlags::default() };
    for name in ["stdin", "stdout"] {
        let fd = proxy.sys().make(name);
        proxy.name_fd(name.as_bytes(), Some(fd), FdKind::File(both), path);
    }
    let stderr = proxy.sys().make("stderr");
    let write = FileFlags { write: true, ..FileFlags::default() };
    proxy.name_fd(b"stderr", Some(stderr), FdKind::File(write), b"unknown");
    stderr
}

/// Tells the state machine what is ready: the log, what `signals` tells it, executions that are
/// over, and what its controllers wait for; of what they have sent at most `piece` bytes each.
/// Returns whether anything was.
pub fn turn(
    proxy: &mut Proxy<World>,
    now: Monotonic,
    piece: usize,
    signals: impl FnOnce(&mut Proxy<World>) -> bool,
) -> bool {
    // What is waited for is known before the first of it has happened, as with poll(2).
    let mut interests = Vec::new();
    proxy.interests(|interest| interests.push(interest));
    let mut any = match proxy.log_wait() {
        LogWait::Nothing => false,
        LogWait::Writable(fd) => proxy.sys().used(fd).is_writable(),
        LogWait::Until(at) => at <= now,
    };
    if any {
        proxy.log_writable(now);
    }
    any |= signals(proxy);
    any |= awaited(proxy, now);
    any |= cgroups(proxy, now);
    any |= hear_exec_ends(proxy, now);
    any |= notified(proxy, now);
    for Interest { id, read, write, hangup, .. } in interests {
        any |= read.is_some_and(|fd| receive(proxy, id, fd, piece));
        if write.is_some_and(|fd| proxy.sys().used(fd).is_writable()) {
            proxy.writable(id, now);
            any = true;
        }
        if hangup.is_some_and(|fd| proxy.sys().used(fd).peer_gone) {
            proxy.hung_up(id);
            any = true;
        }
    }
    any
}

/// Tells the state machine which of the descriptors can be read that services wait for. Returns
/// whether there are any.
fn awaited(proxy: &mut Proxy<World>, now: Monotonic) -> bool {
    let mut fds: Vec<Fd> = proxy.sys().watched.iter().copied().collect();
    proxy.unwatched(|fd| fds.push(fd));
    fds.retain(|&fd| proxy.sys().readiness(fd) != Readiness::Nothing);
    fds.iter().for_each(|&fd| proxy.awaited_is_ready(fd, now));
    !fds.is_empty()
}

/// Tells the state machine what services say of themselves. Returns whether there is anything.
fn notified(proxy: &mut Proxy<World>, now: Monotonic) -> bool {
    let mut fds = Vec::new();
    proxy.notifiers(|fd| fds.push(fd));
    fds.retain(|&fd| proxy.sys().is_readable(fd));
    fds.iter().for_each(|&fd| proxy.notified(fd, now));
    !fds.is_empty()
}

/// Tells the state machine which of the cgroups that it watches have changed. Returns whether there
/// are any.
fn cgroups(proxy: &mut Proxy<World>, now: Monotonic) -> bool {
    let mut fds = Vec::new();
    proxy.watched_cgroups(|fd| fds.push(fd));
    fds.retain(|&fd| proxy.sys().has_cgroup_changed(fd));
    fds.iter().for_each(|&fd| proxy.cgroup_changed(fd, now));
    !fds.is_empty()
}

/// Tells the state machine of the executions that are over. Returns whether there were any.
pub fn hear_exec_ends(proxy: &mut Proxy<World>, now: Monotonic) -> bool {
    let mut any = false;
    while let Some(ExecEnd { pid, program, failure }) = proxy.sys().hear_exec_end(None) {
        any = true;
        match failure {
            None => proxy.executed(pid, now),
            Some(failure) => proxy.exec_failed(pid, failure, &program, now),
        }
    }
    any
}

fn receive(proxy: &mut Proxy<World>, id: ControllerId, fd: Fd, piece: usize) -> bool {
    let space = proxy.input(id).len();
    let file = proxy.sys().used(fd);
    if space == 0 {
        // It has just been given input.
        return false;
    }
    let Some((bytes, fds)) = file.receive(space.min(piece)) else {
        let ended = file.input_ended;
        if ended {
            proxy.input_ended(id);
        }
        return ended;
    };
    proxy.input(id)[..bytes.len()].copy_from_slice(&bytes);
    proxy.received(id, bytes.len());
    for fd in fds {
        proxy.received_fd(id, fd, bytes.len());
    }
    true
}
