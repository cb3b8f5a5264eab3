//! How long others may take.

use std::time::Duration;

use daemonproxy_client::protocol::{ServiceView, read_seconds};

/// How long a process may take to go after SIGKILL.
const AFTER_KILL: Duration = Duration::from_secs(5);
/// How long the daemon leaves a process after its stop signal, if nobody has said otherwise.
const STOP_AFTER: Duration = Duration::from_secs(10);

/// How long a service may take to end; `never`: if its option says that it never gets SIGKILL. The
/// client has to know options, as one of [`connect`](crate::connect) does.
#[must_use]
pub fn patience_for(service: Option<&ServiceView>, never: Duration) -> Duration {
    let option = service
        .and_then(|it| it.options().iter().find_map(|option| option.strip_prefix(b"stop_after=")));
    match option {
        Some(b"-") => never,
        Some(seconds) => read_seconds(seconds).unwrap_or(STOP_AFTER).saturating_add(AFTER_KILL),
        None => STOP_AFTER + AFTER_KILL,
    }
}
