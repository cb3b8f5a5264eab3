//! What programs that show a daemon to a person have in common: in words, why a service runs or
//! does not ([`why`]), and the lines that it has written ([`logs`]); and how they
//! write their manual pages (`manual`, a feature).
//!
//! `dpctl` shows them on a terminal, and `dpfleet web` on a page.

pub mod circles;
mod health;
pub mod logs;
#[cfg(feature = "manual")]
pub mod manual;
pub mod readiness;
pub mod time;
pub mod why;

/// Bytes for a person: what would control the terminal, or is not UTF-8, is escaped.
#[must_use]
pub fn readable(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len());
    daemonproxy_client::protocol::write_readable(&mut text, bytes);
    String::from_utf8_lossy(&text).into_owned()
}
