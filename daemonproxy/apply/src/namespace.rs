//! Whether the process ids of a daemon are those of the processes that we see.
//!
//! A daemon in a container has its own process ids. Its socket may well be reachable from outside,
//! but process 7 in there is not process 7 out here.

use std::fs::{read_link, read_to_string};

/// Whether this process, which has this number for us, is in our pid namespace.
pub fn is_ours(pid: i32) -> bool {
    let namespace = |who: &str| read_link(format!("/proc/{who}/ns/pid")).ok();
    match (namespace(&pid.to_string()), namespace("self")) {
        (Some(theirs), Some(ours)) => theirs == ours,
        // Only those who may trace the process can read the link. Its numbers, from our namespace
        // inwards, are for everybody.
        _ => numbers(pid) == Some(1),
    }
}

/// Whether this process is in our network namespace, as far as we may know.
pub fn has_our_network(pid: i32) -> bool {
    let namespace = |who: &str| read_link(format!("/proc/{who}/ns/net")).ok();
    is_ours(pid) && namespace(&pid.to_string()).is_some_and(|it| Some(it) == namespace("self"))
}

/// In how many pid namespaces, from that of /proc inwards, a process has a number.
fn numbers(pid: i32) -> Option<usize> {
    let status = read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("NSpid:"))?;
    Some(line.split_whitespace().count())
}

#[cfg(test)]
mod tests {
    use super::{is_ours, numbers};

    #[test]
    fn this_process_is_in_its_own_namespace() {
        let own = i32::try_from(std::process::id()).unwrap();
        assert!(is_ours(own));
        assert!(numbers(own).is_some());
    }
}
