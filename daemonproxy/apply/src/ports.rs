//! Whether the addresses that a file wants can be had: before anything is sent.
//!
//! The daemon says so as well, but only when it comes to that.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use daemonproxy_client::Client;
use daemonproxy_compile::{Descriptor, Make, Plan, Problem, Severity, is_as_wanted};

use crate::namespace;

/// How long it is waited for an address to become free.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often is looked whether it is.
const LOOK: Duration = Duration::from_millis(50);

/// Those that cannot be had.
pub fn wrong(plan: &Plan, client: &mut Client) -> Vec<Problem> {
    if !client.connection().peer_pid().is_some_and(namespace::has_our_network) {
        return Vec::new();
    }
    let new = plan.descriptors.iter().filter(|it| !is_as_wanted(client.view(), it));
    new.filter_map(|it| problem(it, plan)).collect()
}

fn problem(descriptor: &Descriptor, plan: &Plan) -> Option<Problem> {
    let Make::Socket(flags, address) = &descriptor.make else { return None };
    let (message, help) = match cannot_bind(tcp(flags, address)?)? {
        ErrorKind::AddrInUse => (
            format!("{address} is in use"),
            "`ss -ltnp` says by whom; if it is a socket of this daemon, apply a file without it \
             before",
        ),
        ErrorKind::AddrNotAvailable => (
            format!("{address} is not an address of this machine"),
            "`ip address` lists them; `*` means all of them",
        ),
        _ => return None,
    };
    let place = plan.places.get(&descriptor.name).map(|place| (place.clone(), String::new()));
    let (severity, help) = (Severity::Error, Some(help.to_owned()));
    Some(Problem { severity, message, place, other: None, help })
}

/// Why an address cannot be had. A process that was told to end may have it for another moment.
fn cannot_bind(address: SocketAddr) -> Option<ErrorKind> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match TcpListener::bind(address).err()?.kind() {
            ErrorKind::AddrInUse if Instant::now() < deadline => thread::sleep(LOOK),
            kind => return Some(kind),
        }
    }
}

/// The address, if it is one of TCP.
fn tcp(flags: &str, address: &str) -> Option<SocketAddr> {
    let any = match flags.split_once(",tcp,")?.0 {
        "inet" => "0.0.0.0",
        _ => "[::]",
    };
    address.replacen('*', any, 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::tcp;

    #[test]
    fn addresses_of_tcp() {
        for (flags, address, expected) in [
            ("inet,tcp,listen=128", "*:80", Some("0.0.0.0:80")),
            ("inet,tcp,listen=128", "127.0.0.1:80", Some("127.0.0.1:80")),
            ("inet6,tcp,listen=128", "*:80", Some("[::]:80")),
            ("inet6,tcp,listen=128", "[::1]:80", Some("[::1]:80")),
            ("inet,udp,bind", "*:80", None),
            ("unix,stream,listen=128", "/run/x", None),
        ] {
            let expected = expected.map(|it| it.parse().unwrap());
            assert_eq!(tcp(flags, address), expected, "{flags} {address}");
        }
    }
}
