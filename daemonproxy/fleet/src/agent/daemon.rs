//! Which daemon, and which start of the machine it is.

use daemonproxy_client::Client;

/// Which daemon it is: another one has the same socket, but not the same process.
pub(super) fn identity(client: &mut Client) -> String {
    let pid = client.connection().peer_pid().unwrap_or(0);
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name of the program may have spaces in it. After it, this is the 20th field.
    let after = stat.rsplit_once(')').map(|(_, after)| after).unwrap_or_default();
    let began = after.split_whitespace().nth(19).unwrap_or_default();
    format!("{}:{pid}:{began}", boot())
}

/// Which start of the machine this is.
pub(super) fn boot() -> String {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}
