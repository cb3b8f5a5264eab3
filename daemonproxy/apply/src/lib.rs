//! Makes a daemon have what a file says.
//!
//! `dpctl apply` and the agent of `dpfleet` do the same: [`connect`], one at a time ([`lock()`]),
//! compare the plan of the file with what there is (`daemonproxy_compile::difference`), see whether
//! the addresses can be had ([`ports::wrong`]), and carry the difference out ([`carry_out`]). What
//! they show of it, and where, is theirs.

pub mod glob;
pub mod namespace;
pub mod ports;

mod error;
mod lock;
mod patience;
mod reader;
mod ready;
mod steps;

pub use error::{Error, Result};
pub use lock::take as lock;
pub use patience::patience_for;
pub use reader::Disk;
pub use ready::{NotReady, not_ready, wait_until_ready};
pub use steps::{Unfinished, carry_out, delete};

use std::path::Path;

use daemonproxy_client::{Client, Error as ClientError, Event};

/// A client that knows all that a file says something about.
///
/// # Errors
///
/// If there is no daemon, or it does not tell its settings.
pub fn connect(socket: &Path) -> Result<Client> {
    let mut client = Client::connect_to(socket)?;
    let mut has_settings = false;
    let asked = client.line(b"conn.features\tobserver\truns\tsettings", |line| {
        if let Ok(Event::ConnFeatures { features }) = line.event() {
            has_settings = features.iter().any(|feature| feature == b"settings");
        }
    });
    match asked {
        Ok(()) if has_settings => {}
        Ok(()) | Err(ClientError::Refused(_)) => {
            let text = "this daemon is too old for files, or the connection has not all rights";
            return Err(Error::Failed(text.into()));
        }
        Err(error) => return Err(error.into()),
    }
    client.resync()?;
    Ok(client)
}
