//! How long others may take.

use std::time::Duration;

use daemonproxy_client::protocol::ServiceView;

/// How long a process may take to go after SIGKILL.
const AFTER_KILL: Duration = Duration::from_secs(5);
/// How long the daemon leaves a process after its stop signal, if nobody has said otherwise.
const STOP_AFTER: Duration = Duration::from_secs(10);

/// How long a service may take to end.
#[must_use]
pub fn patience_for(service: Option<&ServiceView>) -> Duration {
    let option = service.and_then(|it| {
        let option = it.options().iter().find_map(|it| it.strip_prefix(b"stop_after="))?;
        daemonproxy_client::protocol::read_seconds(option)
    });
    option.unwrap_or(STOP_AFTER) + AFTER_KILL
}
