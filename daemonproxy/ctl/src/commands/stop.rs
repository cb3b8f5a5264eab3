//! When a service has been stopped, or does not end.
//!
//! How long a stop takes is for the daemon to say: it knows `stop_after`, and tells when SIGKILL was
//! needed. Until then there is no time of our own. The latest command decides, whoever has sent it,
//! so another one may take back what is waited for.

use std::time::{Duration, Instant};

use daemonproxy_client::protocol::{Fact, ServiceView};
use daemonproxy_client::{Client, FOREVER, StateField, StateView};
use daemonproxy_look::time;

use super::wait::is;
use crate::cli::Awaited;
use crate::failure::{FAILED, Failure, Result, TIME_IS_UP};
use crate::output::warn;
use crate::style::readable;

/// How long a process may take to go after SIGKILL.
pub(super) const AFTER_KILL: Duration = Duration::from_secs(5);
/// When it is said what is waited for.
const A_WHILE: Duration = Duration::from_secs(10);

/// Waits until all of them are down, and stay so. `timeout`: the time to SIGKILL, if the command
/// that stops them has said it.
pub(super) fn wait(client: &mut Client, names: &[Vec<u8>], timeout: Option<f64>) -> Result<()> {
    let most = timeout.map(|seconds| time::seconds(seconds.ceil()).saturating_add(AFTER_KILL));
    let deadline = most.and_then(|most| Instant::now().checked_add(most));
    let mut stops = Stops::new("stop", most.is_none());
    loop {
        let mut left = those(client.view(), names, is_not_down);
        if left.is_empty() || !those(client.view(), names, is_started_again).is_empty() {
            // That it is down, and that it will be started again, are two events.
            client.sync()?;
            let again = those(client.view(), names, is_started_again);
            if !again.is_empty() {
                let text =
                    format!("a later command starts again what was to stay down: {}", list(&again));
                return Err(Failure::new(FAILED, text));
            }
            left = those(client.view(), names, is_not_down);
            if left.is_empty() {
                return Ok(());
            }
        }
        let look = stops.look(client.view(), &left)?;
        let until = look.into_iter().chain(deadline).min();
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            let seconds = most.unwrap_or_default().as_secs();
            let text = format!("not down within {seconds} s: {}", list(&left));
            return Err(Failure::new(TIME_IS_UP, text));
        }
        let left = until.map_or(FOREVER, |it| it.saturating_duration_since(Instant::now()));
        client.watch(left, |_, _| true)?;
    }
}

/// Stops that others wait for, until the daemon has done all that it can.
pub(super) struct Stops {
    /// The subcommand that can hurry them.
    hurry: &'static str,
    /// When it is to be said what is waited for, if it was not yet.
    say_at: Option<Instant>,
    /// Since when something is there that got SIGKILL.
    killed: Option<Instant>,
}

impl Stops {
    pub(super) fn new(hurry: &'static str, says: bool) -> Self {
        let say_at = says.then(|| Instant::now() + A_WHILE);
        Self { hurry, say_at, killed: None }
    }

    /// Looks at those that are still being stopped. Returns when that is to be done again even if
    /// nothing happens.
    pub(super) fn look(&mut self, view: &StateView, left: &[&[u8]]) -> Result<Option<Instant>> {
        let now = Instant::now();
        let killed = those(view, left, |it| it.is_some_and(|it| it.run().has(Fact::Killed)));
        if killed.is_empty() {
            self.killed = None;
        } else if *self.killed.get_or_insert(now) + AFTER_KILL <= now {
            let text = format!("still running after SIGKILL: {}", list(&killed));
            return Err(Failure::new(TIME_IS_UP, text));
        }
        if self.say_at.is_some_and(|at| at <= now) {
            self.say_at = None;
            let (names, hurry) = (list(left), self.hurry);
            warn(&format!(
                "waiting for the end of {names}, which has the time that stop_after= gives it; \
                 to hurry it: dpctl {hurry} --timeout 0 {names}"
            ));
        }
        Ok(self.say_at.into_iter().chain(self.killed.map(|it| it + AFTER_KILL)).min())
    }
}

/// Those of the names of which this is so. A service that is gone is `None`.
pub(super) fn those<'n, N: AsRef<[u8]>>(
    view: &StateView,
    names: &'n [N],
    is_so: impl Fn(Option<&ServiceView>) -> bool,
) -> Vec<&'n [u8]> {
    names.iter().map(AsRef::as_ref).filter(|name| is_so(view.service(name))).collect()
}

/// The names for people.
pub(super) fn list(names: &[&[u8]]) -> String {
    names.iter().map(|name| readable(name)).collect::<Vec<_>>().join(" ")
}

/// Whether a stop of it is under way, as far as that is told: what outlives the main process is not
/// told of, but a start that is due does not take place.
pub(super) fn is_being_stopped(it: Option<&ServiceView>) -> bool {
    it.is_some_and(|it| {
        let run = it.run();
        run.has(Fact::Stop)
            && match it.state() {
                StateField::Up { .. } => true,
                StateField::Starting { at } => at <= time::monotonic() && !run.has(Fact::Retry),
                _ => false,
            }
    })
}

fn is_not_down(it: Option<&ServiceView>) -> bool {
    !is(it, Awaited::Down)
}

/// Whether its stop, which holds it, was followed by something that starts it again.
fn is_started_again(it: Option<&ServiceView>) -> bool {
    it.is_some_and(|it| {
        let run = it.run();
        let is_to_start = match it.state() {
            StateField::Up { .. } => !run.has(Fact::Stop) || run.has(Fact::Next),
            StateField::Starting { .. } => true,
            _ => false,
        };
        is_to_start && !run.has(Fact::Held)
    })
}
