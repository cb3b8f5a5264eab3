//! `listen = { NAME = "KIND:ADDRESS" }`: the command that makes such a socket.

use daemonproxy_protocol::{Address, Domain, SocketFlags};

use crate::plan::Make;

/// What is expected, to be shown.
pub(crate) const WHAT: &str = "`tcp:ADDRESS:PORT`, `udp:ADDRESS:PORT` or `unix:PATH`, such as \"tcp:0.0.0.0:80\", \"tcp:[::1]:80\" or \"unix:/run/web.sock\"";

/// The socket, or what to write instead.
pub(crate) fn parse(text: &str) -> Result<Make, String> {
    let Some((kind, address)) = text.split_once(':') else { return Err(instead(text)) };
    let version_6 = address.starts_with('[');
    let (domain, flags) = match (kind, version_6) {
        ("tcp", false) => (Domain::Inet, "inet,tcp,listen=128"),
        ("tcp", true) | ("tcp6", _) => (Domain::Inet6, "inet6,tcp,listen=128"),
        ("udp", false) => (Domain::Inet, "inet,udp,bind"),
        ("udp", true) | ("udp6", _) => (Domain::Inet6, "inet6,udp,bind"),
        ("unix", _) => (Domain::Unix, "unix,stream,listen=128"),
        _ => return Err(instead(text)),
    };
    match Address::parse(domain, address.as_bytes()) {
        Some(parsed) => {
            let mut address = Vec::new();
            parsed.write(&mut address);
            Ok(Make::Socket(flags, String::from_utf8_lossy(&address).into_owned()))
        }
        None => Err(match address.parse::<u16>() {
            Ok(port) => format!("write \"{kind}:*:{port}\", or an address in the place of `*`"),
            Err(_) if address.starts_with("localhost:") => {
                format!("names are not looked up: write \"{kind}:127.0.0.1{}\"", &address[9..])
            }
            Err(_) => format!("expected {WHAT}"),
        }),
    }
}

fn instead(text: &str) -> String {
    if text.parse::<u16>().is_ok() {
        return format!("write \"tcp:*:{text}\", or an address in the place of `*`");
    }
    if text.starts_with('/') {
        return format!("write \"unix:{text}\"");
    }
    match Address::parse(Domain::Inet, text.as_bytes()) {
        Some(_) => format!("write \"tcp:{text}\""),
        None => format!("expected {WHAT}"),
    }
}

/// The same, as it stands in a file; nothing if it cannot stand there.
pub(crate) fn text(flags: SocketFlags, address: &str) -> Option<String> {
    let kinds = [
        ("tcp", "inet,tcp,listen=128"),
        ("tcp6", "inet6,tcp,listen=128"),
        ("udp", "inet,udp,bind"),
        ("udp6", "inet6,udp,bind"),
        ("unix", "unix,stream,listen=128"),
    ];
    let is_it = |known: &str| SocketFlags::parse(known.as_bytes()) == Ok(flags);
    let (kind, _) = kinds.into_iter().find(|(_, known)| is_it(known))?;
    let kind = if address.starts_with('[') { kind.trim_end_matches('6') } else { kind };
    Some(format!("{kind}:{address}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets() {
        for (written, flags, address) in [
            ("tcp:0.0.0.0:80", "inet,tcp,listen=128", "*:80"),
            ("tcp:*:80", "inet,tcp,listen=128", "*:80"),
            ("tcp:[::1]:80", "inet6,tcp,listen=128", "[::1]:80"),
            ("tcp6:*:80", "inet6,tcp,listen=128", "*:80"),
            ("udp:127.0.0.1:53", "inet,udp,bind", "127.0.0.1:53"),
            ("unix:/run/a:b", "unix,stream,listen=128", "/run/a:b"),
        ] {
            let made = Make::Socket(flags, address.to_owned());
            assert_eq!(parse(written), Ok(made.clone()), "{written}");
            let flags = SocketFlags::parse(flags.as_bytes()).unwrap();
            assert_eq!(parse(&text(flags, address).unwrap()), Ok(made));
        }
    }

    #[test]
    fn what_to_write_instead() {
        for (wrong, right) in [
            ("80", "tcp:*:80"),
            ("tcp:80", "tcp:*:80"),
            ("/run/x", "unix:/run/x"),
            ("127.0.0.1:80", "tcp:127.0.0.1:80"),
            ("tcp:localhost:80", "tcp:127.0.0.1:80"),
        ] {
            assert!(parse(wrong).unwrap_err().contains(&format!("{right:?}")), "{wrong}");
            assert!(parse(right).is_ok());
        }
        for wrong in ["", ":", "tcp:", "tcp:*:99999", "sctp:*:1", "tcp6:1.2.3.4:80", "unix:"] {
            assert!(parse(wrong).unwrap_err().starts_with("expected"), "{wrong}");
        }
    }
}
