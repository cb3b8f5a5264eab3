//! What a dump tells of a service.

use crate::connection::features::Features;
use crate::notify::notifying::Notifier;
use crate::service::state::Service;
use crate::system::Monotonic;

/// The parts of a service in a dump, in their order.
pub(super) const PARTS: [(Wanted, Write); 7] = [
    (|_| true, |service, _, now, out| service.state_event(now).encode(out)),
    (|features| features.runs, |service, said, _, out| service.write_run(said, None, out)),
    (|_| true, |service, _, _, out| service.tags_event().encode(out)),
    (|_| true, |service, _, _, out| service.args_event().encode(out)),
    (|_| true, |service, _, _, out| service.fds_event().encode(out)),
    (|features| features.settings, |service, _, _, out| service.options_event().encode(out)),
    (|_| true, |service, _, _, out| service.auto_up_event().encode(out)),
];

/// After these comes the environment: this number and the place in that list.
pub(super) const IN_ENV: usize = PARTS.len();

/// Whether a connection with these features is told that part.
pub(super) type Wanted = fn(Features) -> bool;
/// Writes it, with what the service says of itself.
pub(super) type Write = fn(&Service, Option<&Notifier>, Monotonic, &mut Vec<u8>);
