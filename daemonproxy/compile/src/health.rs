//! Health checks: what `health = { … }` asks for, as the tags that the module `daemonproxy.health`
//! of Lua goes by.

use std::ops::RangeInclusive;

/// How a service is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// By the checker itself: the value of the tag `health=`.
    Address(String),
    /// By a service of its own, which runs this.
    Command(Vec<String>),
}

/// The checks of a service.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    pub(crate) how: How,
    pub(crate) every: Option<i64>,
    pub(crate) within: Option<i64>,
    pub(crate) failures: Option<i64>,
}

/// Options that a command that checks has in common with its service: those that say as whom and
/// where it runs.
const COMMON: &[&str] = &[
    "cwd",
    "umask",
    "nice",
    "oom",
    "limit",
    "no_new_privs",
    "parent_death",
    "session",
    "user",
    "group",
    "groups",
];

/// The end of the name of a service that checks another one.
const CHECK: &str = ".check";

const PORTS: RangeInclusive<u32> = 1..=65535;

/// The name of the service that checks this one.
pub(crate) fn name_of_check(service: &str) -> String {
    format!("{service}{CHECK}")
}

/// Whether a command that checks has this option of its service, too.
pub(crate) fn is_common(option: &str) -> bool {
    let name = option.split('=').next().unwrap_or_default();
    COMMON.contains(&name) || name.starts_with("limit.")
}

impl Health {
    /// The tags of the service of this name; `fill` is how texts are written for it.
    pub(crate) fn tags(&self, service: &str, fill: impl Fn(&str) -> String) -> Vec<String> {
        let how = match &self.how {
            How::Address(text) => fill(text),
            How::Command(_) => format!("service:{}", name_of_check(service)),
        };
        let numbers = [("every", self.every), ("within", self.within), ("failures", self.failures)];
        let numbers = numbers.into_iter().filter_map(|(key, it)| Some((key, it?)));
        let numbers = numbers.map(|(key, number)| format!("health.{key}={number}"));
        [format!("health={how}")].into_iter().chain(numbers).collect()
    }
}

/// What is wrong with a URL that is to be asked, and what to do about it.
pub(crate) fn http(url: &str) -> Result<(), (&'static str, String)> {
    if url.starts_with("https://") {
        let help = format!("check with a command: run = [\"curl\", \"--fail\", \"-sS\", {url:?}]");
        return Err(("https is not spoken by the checker", help));
    }
    let wrong = ("this is no address of HTTP", "write \"http://HOST:PORT/PATH\"".to_owned());
    let Some(rest) = url.strip_prefix("http://") else { return Err(wrong) };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        let help = "what is not a character of a URL is written as % and two digits: \"%20\"";
        return Err(("this cannot be the path of a URL", help.to_owned()));
    }
    // `[::1]` is a host without a port.
    let is_host_alone = is_host(authority);
    if is_host_alone || is_host_and_port(authority) { Ok(()) } else { Err(wrong) }
}

/// What is wrong with an address that is to accept a connection.
pub(crate) fn tcp(address: &str) -> Result<(), (&'static str, String)> {
    let help = "write \"HOST:PORT\", such as \"127.0.0.1:5432\" or \"[::1]:5432\"";
    if is_host_and_port(address) {
        return Ok(());
    }
    Err(("this is no address of TCP", help.to_owned()))
}

fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse().is_ok_and(|port| PORTS.contains(&port));
    is_host(host) && is_port
}

/// A name, an address, or one of version 6 in brackets.
fn is_host(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix('[') {
        return inner.strip_suffix(']').is_some_and(|it| it.parse::<std::net::Ipv6Addr>().is_ok());
    }
    let is_one = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let fits = !is_number || text.parse::<std::net::Ipv4Addr>().is_ok();
    !text.is_empty() && text.bytes().all(is_one) && fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in [
            "http://localhost",
            "http://localhost/",
            "http://localhost:8000/a?b=%20",
            "http://[::1]:80/",
            "http://[::1]",
        ] {
            assert_eq!(http(good), Ok(()), "{good}");
        }
        for wrong in [
            "localhost",
            "http://",
            "http:///a",
            "http://a:0/",
            "http://a:65536/",
            "http://a:b/",
            "http://a?b",
            "http://u@a/",
            "http://::1/",
            "http://a/b c",
            "https://a/",
            "http://1.2.3/",
        ] {
            assert!(http(wrong).is_err(), "{wrong}");
        }
        for good in ["127.0.0.1:5432", "[::1]:1", "db:65535"] {
            assert_eq!(tcp(good), Ok(()), "{good}");
        }
        for wrong in ["5432", ":5432", "db", "db:", "db:+1", "tcp:db:1", "::1:80", "300.1.1.1:80"] {
            assert!(tcp(wrong).is_err(), "{wrong}");
        }
    }
}
