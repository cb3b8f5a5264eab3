//! What one version of the daemon tells the next: it is understood and told the same again, or it is
//! refused.

use daemonproxy_core::{Monotonic, Proxy};
use daemonproxy_testing::world::World;

pub(super) fn state(data: &[u8]) {
    let world = || World::lively(Monotonic::from_seconds(200_000));
    let Ok(proxy) = Proxy::resume(world(), data) else { return };
    let Ok(state) = proxy.state() else { return };
    match Proxy::resume(world(), &state.text) {
        Ok(again) => assert_eq!(again.state().ok(), Some(state), "what is told changes"),
        Err(trouble) => {
            panic!("own state is not understood: {trouble}\n{}", state.text.escape_ascii())
        }
    }
}
