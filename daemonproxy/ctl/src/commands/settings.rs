//! `options` and `env`: how services are started, shown and changed.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_client::Client;
use daemonproxy_client::protocol::Fields;

use crate::accounts::missing;
use crate::failure::{OK, Result};
use crate::output::{self, warn};
use crate::services::{chosen, known};

pub(crate) fn options(client: &mut Client, name: &str, changes: &[OsString]) -> Result<u8> {
    let names = chosen(client.view(), &[name.to_owned()])?;
    if changes.is_empty() {
        learn_settings(client)?;
    }
    for name in &names {
        if changes.is_empty() {
            write_list(known(client, name)?.options())?;
        } else {
            let mut fields: Vec<&[u8]> = vec![b"service.options.apply", name];
            fields.extend(changes.iter().map(|change| change.as_bytes()));
            client.command(fields)?;
        }
    }
    for what in missing(changes.iter().map(|change| change.as_bytes())) {
        warn(&format!("there is no {what} on this machine now: starts fail until there is"));
    }
    Ok(OK)
}

/// The environment of services, or of all of them.
pub(crate) fn env(
    client: &mut Client,
    name: Option<&str>,
    all: bool,
    changes: &[OsString],
) -> Result<u8> {
    if all {
        // What stands in the place of a name is a change.
        let changes =
            name.map(str::as_bytes).into_iter().chain(changes.iter().map(|it| it.as_bytes()));
        let fields: Vec<&[u8]> = [b"env.apply".as_slice()].into_iter().chain(changes).collect();
        if fields.len() > 1 {
            client.command(fields)?;
        } else {
            learn_settings(client)?;
            write_list(client.view().env())?;
        }
        return Ok(OK);
    }
    let names = chosen(client.view(), &name.map(str::to_owned).into_iter().collect::<Vec<_>>())?;
    if changes.is_empty() {
        learn_settings(client)?;
    }
    for name in &names {
        if changes.is_empty() {
            write_list(known(client, name)?.env())?;
        } else {
            let mut fields: Vec<&[u8]> = vec![b"service.env.apply", name];
            fields.extend(changes.iter().map(|change| change.as_bytes()));
            client.command(fields)?;
        }
    }
    Ok(OK)
}

/// They are told to those who ask for them only.
fn learn_settings(client: &mut Client) -> Result<()> {
    client.command(["conn.features", "observer", "runs", "settings"])?;
    Ok(client.resync()?)
}

/// One in each line.
fn write_list(list: Fields<'_>) -> Result<()> {
    let mut out = Vec::new();
    for item in list.iter() {
        out.extend_from_slice(item);
        out.push(b'\n');
    }
    output::write_lines(&out)
}
