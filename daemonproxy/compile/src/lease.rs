//! Leases: what `lease = "NAME"` asks for, of which a fleet runs one. The agent of the fleet goes by
//! the tag, and starts the service; the daemon stops it when nobody vouches for it any more
//! (`deadman=`). Whatever else would start it is refused here, since each start begins that time
//! again, also after the lease is lost.

use crate::fill::fill;
use crate::problem::{Place, Problem};
use crate::values::Values;

/// The key, and the tag that it becomes.
pub(crate) const LEASE: &str = "lease";

/// What a service with a lease gets unless the file says it: the time in which somebody must vouch
/// for it; and when the daemon is killed, that it does not go on without one.
const ADDED: [(&str, &str); 2] = [("deadman", "10"), ("parent_death", "KILL")];

/// Whether a lease can have this name: it is a key of a store, and none of those with a `_` in
/// front, which are for other things.
pub(crate) fn is_lease(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=63).contains(&name.len()) && name.bytes().all(is_plain) && !name.starts_with('_')
}

/// What is to be added to the options of a service with a lease.
pub(crate) fn added(values: &Values<'_>, options: &[String]) -> Vec<String> {
    let is_new = |(key, _): &(&str, &str)| {
        !options.iter().any(|it| is_option(it, key)) && values.own(key).is_none()
    };
    ADDED.into_iter().filter(is_new).map(|(key, value)| format!("{key}={value}")).collect()
}

/// Whether the daemon stops a service with these options, and others need not wait for ever.
pub(crate) fn is_stopped_in_time(options: &[String]) -> bool {
    options.iter().any(|it| is_option(it, "deadman"))
        && !options.iter().any(|it| it == "stop_after=-")
}

fn is_option(option: &str, key: &str) -> bool {
    option.split('=').next() == Some(key)
}

/// The name of the lease, and all that is wrong with having one.
pub(crate) fn read(values: &Values<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    let found = values.own(LEASE)?;
    let name = found.str()?;
    if !is_lease(&fill(name, values.own("instances").map(|_| 1))) {
        let message = format!("{name:?} cannot be the name of a lease");
        let help = "a name has 1 to 63 characters out of A-Z a-z 0-9 _ -, and no _ in front";
        problems.push(Problem::error(found.place(), message).help(help));
    }
    let mut wrong = |place: Place, message: &str, help: &str| {
        let problem = Problem::error(place, message).help(help);
        problems.push(problem.other(found.place(), "the lease is here"));
    };
    // Which others would be there without being asked for does not matter: only the agent starts it.
    if let Some(restart) = values.own("restart").filter(|it| it.str() != Some("always")) {
        let message = "what has a `lease` is started again by its agent, whenever it has ended";
        wrong(restart.place(), message, "leave it out");
    }
    if let Some(autostart) = values.own("autostart").filter(|it| it.flag() == Some(false)) {
        let message = "what has a `lease` is started by its agent";
        wrong(
            autostart.place(),
            message,
            "leave it out; `enabled = false` is as if it were not there",
        );
    }
    if let Some(after) = values.get("after").filter(|it| !it.texts().is_empty()) {
        let message = "what has a `lease` is started by its agent, which does not wait for this";
        wrong(after.place(), message, "leave it out, or let the program itself wait");
    }
    if let Some(schedule) = values.own("schedule") {
        let message = "what has a `lease` cannot have a `schedule`: only its agent may start it";
        wrong(schedule.place(), message, "leave out one of them");
    }
    if let Some(health) = values.get("health") {
        let message = "what has a `lease` cannot have `health`: only its agent may start it again";
        wrong(health.place(), message, "let the program end when it is not well");
    }
    let after = values.get("stop").and_then(|it| it.entry("after"));
    if let Some(after) = after.filter(|it| it.str() == Some("never")) {
        let message = "what has a `lease` cannot take for ever to stop: others wait for its end";
        wrong(after.place(), message, "say how long it may take: after = \"10s\"");
    }
    if let Some(off) = values.own("deadman").filter(|it| it.flag() == Some(false)) {
        let message = "what has a `lease` needs `deadman`: it stops it when its agent is dead";
        wrong(off.place(), message, "leave it out, and it is 10 seconds");
    }
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::is_lease;

    #[test]
    fn names_of_leases() {
        assert!(is_lease("importer") && is_lease("Shard-1_a"));
        for wrong in ["", "a.b", "*", ">", "a b", "_meta", "ü", &"x".repeat(64)] {
            assert!(!is_lease(wrong), "{wrong:?}");
        }
    }
}
