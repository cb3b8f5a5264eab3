//! The state machine is replaced by another one that goes on with its state.

use daemonproxy_core::{Monotonic, Proxy};

use super::World;

/// Puts another one in its place, in the same world. `rewrite`: the state that the other one writes
/// must be the one that it has read.
pub fn upgrade(proxy: &mut Proxy<World>, rewrite: bool) {
    let state = proxy.state().unwrap_or_else(|_| panic!("upgrade: there is no memory"));
    let mut world = std::mem::replace(proxy.sys(), World::new(Monotonic::default()));
    // As an epoll(7) instance is closed when a program is executed.
    world.watched.clear();
    let mut other = match Proxy::resume(world, &state.text) {
        Ok(other) => other,
        Err(trouble) => panic!("upgrade: {trouble}\n{}", String::from_utf8_lossy(&state.text)),
    };
    if rewrite {
        check_written_again(&other, &state.text);
    }
    // An upgrade may come between a turn and the wait after it, but the other daemon waits only after
    // a turn of its own.
    other.settle_awaited();
    *proxy = other;
}

/// Whatever was not carried over is a fault.
fn check_written_again(proxy: &Proxy<World>, state: &[u8]) {
    let again = proxy.state().unwrap_or_else(|_| panic!("upgrade: there is no memory"));
    if again.text != state {
        let (before, after) =
            (String::from_utf8_lossy(state), String::from_utf8_lossy(&again.text));
        let lines = before.lines().zip(after.lines());
        let different = lines.into_iter().find(|(before, after)| before != after);
        panic!("upgrade: the state has changed: {different:?}");
    }
}

/// The path of a program that says nothing when it is asked.
const HANGS: &[u8] = b"/hangs";

/// Somebody may have asked for an upgrade: it takes place, unless a program is named, of which there
/// is none. Returns whether its outcome is known now.
pub fn upgrade_if_asked(proxy: &mut Proxy<World>) -> bool {
    match proxy.upgrade_asked() {
        None | Some(HANGS) => return false,
        Some(b"") => {
            upgrade(proxy, true);
            proxy.upgraded("upgraded");
        }
        Some(path) => {
            let reason = format!("{}: No such file or directory", String::from_utf8_lossy(path));
            proxy.upgrade_failed(&reason);
        }
    }
    true
}
