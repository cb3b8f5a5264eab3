//! The state machine is replaced by another one that goes on with its state.

use daemonproxy_core::{Monotonic, Proxy};

use super::World;

/// Puts another one in its place, in the same world. Whatever was not carried over is a fault: the
/// state that the other one writes must be the one that it has read.
pub fn upgrade(proxy: &mut Proxy<World>) {
    let state = proxy.state().unwrap_or_else(|_| panic!("upgrade: there is no memory"));
    let world = std::mem::replace(proxy.sys(), World::new(Monotonic::default()));
    let other = match Proxy::resume(world, &state) {
        Ok(other) => other,
        Err(trouble) => panic!("upgrade: {trouble}\n{}", String::from_utf8_lossy(&state)),
    };
    let again = other.state().unwrap_or_else(|_| panic!("upgrade: there is no memory"));
    if again != state {
        let (before, after) = (String::from_utf8_lossy(&state), String::from_utf8_lossy(&again));
        let lines = before.lines().zip(after.lines());
        let different = lines.into_iter().find(|(before, after)| before != after);
        panic!("upgrade: the state has changed: {different:?}");
    }
    *proxy = other;
}
