//! Addresses of sockets.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::field::{is_control, write_u64};
use crate::flags::Domain;

/// Where a socket is bound.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address<'a> {
    /// A path.
    Unix(&'a [u8]),
    /// IPv4 and a port. `*` is 0.0.0.0.
    Inet(Ipv4Addr, u16),
    /// IPv6 and a port. `*` is `::`.
    Inet6(Ipv6Addr, u16),
}

impl<'a> Address<'a> {
    /// Reads an address of this domain; `None` if it does not fit.
    // address = path / ( "*" / ipv4 / "[" ipv6 "]" ) ":" port
    #[must_use]
    pub fn parse(domain: Domain, bytes: &'a [u8]) -> Option<Self> {
        if domain == Domain::Unix {
            let fits = !bytes.is_empty() && !bytes.iter().copied().any(is_control);
            return fits.then_some(Self::Unix(bytes));
        }
        let colon = bytes.iter().rposition(|&byte| byte == b':')?;
        let host = &bytes[..colon];
        let port = port(&bytes[colon + 1..])?;
        if domain == Domain::Inet {
            let ip = if host == b"*" { Ipv4Addr::UNSPECIFIED } else { text(host)?.parse().ok()? };
            Some(Self::Inet(ip, port))
        } else {
            let ip = if host == b"*" {
                Ipv6Addr::UNSPECIFIED
            } else {
                text(host.strip_prefix(b"[")?.strip_suffix(b"]")?)?.parse().ok()?
            };
            Some(Self::Inet6(ip, port))
        }
    }

    /// Appends the address, as [`parse`](Self::parse) reads it. 0.0.0.0 and `::` are written `*`.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Unix(path) => out.extend_from_slice(path),
            Self::Inet(ip, port) => {
                if ip.is_unspecified() {
                    out.push(b'*');
                } else {
                    for (index, octet) in ip.octets().into_iter().enumerate() {
                        if index > 0 {
                            out.push(b'.');
                        }
                        write_u64(out, u64::from(octet));
                    }
                }
                write_port(out, *port);
            }
            Self::Inet6(ip, port) => {
                if ip.is_unspecified() {
                    out.push(b'*');
                } else {
                    out.push(b'[');
                    write_ipv6(out, *ip);
                    out.push(b']');
                }
                write_port(out, *port);
            }
        }
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

// port = 1*5DIGIT
fn port(bytes: &[u8]) -> Option<u16> {
    if !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    text(bytes)?.parse().ok()
}

fn write_port(out: &mut Vec<u8>, port: u16) {
    out.push(b':');
    write_u64(out, u64::from(port));
}

/// The text of RFC 5952, without the formatting machinery of the standard library: the first of the
/// longest runs of two or more zeros becomes `::`.
fn write_ipv6(out: &mut Vec<u8>, ip: Ipv6Addr) {
    let groups = ip.segments();
    let (mut best, mut best_len) = (0, 1);
    let mut at = 0;
    while at < groups.len() {
        let len = groups[at..].iter().take_while(|&&group| group == 0).count();
        if len > best_len {
            (best, best_len) = (at, len);
        }
        at += len.max(1);
    }
    let mut at = 0;
    while at < groups.len() {
        if best_len > 1 && at == best {
            out.extend_from_slice(b"::");
            at += best_len;
            continue;
        }
        if at > 0 && out.last() != Some(&b':') {
            out.push(b':');
        }
        write_hex(out, groups[at]);
        at += 1;
    }
}

fn write_hex(out: &mut Vec<u8>, number: u16) {
    let digits = (16 - number.leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits).rev() {
        out.push(b"0123456789abcdef"[usize::from(number >> (4 * digit) & 15)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(domain: Domain, text: &str) -> Option<String> {
        let address = Address::parse(domain, text.as_bytes())?;
        let mut out = Vec::new();
        address.write(&mut out);
        assert_eq!(Address::parse(domain, &out), Some(address));
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn inet() {
        for text in ["*:80", "127.0.0.1:0", "255.255.255.255:65535"] {
            assert_eq!(again(Domain::Inet, text).as_deref(), Some(text));
        }
        assert_eq!(again(Domain::Inet, "0.0.0.0:80").as_deref(), Some("*:80"));
        for wrong in [
            "",
            ":",
            "*:",
            "*",
            "80",
            "*:+80",
            "*:65536",
            "1.2.3:80",
            "[::1]:80",
            "host:80",
            "\u{e9}:80",
        ] {
            assert_eq!(again(Domain::Inet, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn inet6() {
        for text in ["*:80", "[::1]:80", "[1::]:80", "[fe80::a:0:0:1]:80", "[1:0:2:3:4:5:6:7]:80"] {
            assert_eq!(again(Domain::Inet6, text).as_deref(), Some(text));
        }
        for ip in ["1:0:0:2:0:0:0:3", "0:0:1::", "10:200:3000::", "1:2:3:4:5:6:7:8"] {
            let text = format!("[{}]:1", ip.parse::<Ipv6Addr>().unwrap());
            assert_eq!(again(Domain::Inet6, &text), Some(text));
        }
        assert_eq!(again(Domain::Inet6, "[::]:80").as_deref(), Some("*:80"));
        for wrong in ["::1:80", "127.0.0.1:80", "[::1]", "[::1:80", "[]:80"] {
            assert_eq!(again(Domain::Inet6, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn unix() {
        assert_eq!(again(Domain::Unix, "/run/x:y").as_deref(), Some("/run/x:y"));
        assert_eq!(again(Domain::Unix, ""), None);
        assert_eq!(again(Domain::Unix, "a\u{1}"), None);
    }
}
