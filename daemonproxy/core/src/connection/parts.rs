//! What a dump tells of a service.

use crate::connection::features::Features;
use crate::notify::notifying::Notifier;
use crate::service::services::Services;
use crate::system::Monotonic;
use crate::table::Slot;

/// The parts of a service in a dump, in their order.
pub(super) const PARTS: [(Wanted, Write); 7] = [
    (|_| true, |all, slot, _, now, out| all.get(slot).state_event(now).encode(out)),
    (|features| features.runs, |all, slot, said, _, out| all.write_run(slot, said, None, out)),
    (|_| true, |all, slot, _, _, out| all.get(slot).tags_event().encode(out)),
    (|_| true, |all, slot, _, _, out| all.get(slot).args_event().encode(out)),
    (|_| true, |all, slot, _, _, out| all.get(slot).fds_event().encode(out)),
    (|it| it.settings, |all, slot, _, _, out| all.get(slot).options_event().encode(out)),
    (|_| true, |all, slot, _, _, out| all.get(slot).auto_up_event().encode(out)),
];

/// After these comes the environment: this number and the place in that list.
pub(super) const IN_ENV: usize = PARTS.len();

/// Whether a connection with these features is told that part.
pub(super) type Wanted = fn(Features) -> bool;
/// Writes it, with what the service says of itself.
pub(super) type Write = fn(&Services, Slot, Option<&Notifier>, Monotonic, &mut Vec<u8>);
