//! `export`: the file for what a daemon has.

use std::fs::Permissions;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use daemonproxy_client::find;
use daemonproxy_compile::{export as exported, owners};

use crate::failure::{FAILED, Failure, OK, Result};
use crate::output;
use daemonproxy_apply::connect;

pub(crate) fn export(socket: Option<&Path>, owner: Option<&str>, secrets: bool) -> Result<u8> {
    let client = connect(&find(socket)?)?;
    let owners = owners(client.view());
    let owner = match (owner, owners.len()) {
        (Some(owner), _) if owners.contains(owner) => Some(owner),
        (Some(owner), _) => {
            let text = format!("no service belongs to {owner}");
            return Err(Failure::new(FAILED, text));
        }
        (None, 0 | 1) => owners.first().map(|owner| &**owner),
        (None, _) => {
            let names: Vec<_> = owners.iter().map(|owner| &**owner).collect();
            let text =
                format!("there are several owners, choose one with --owner: {}", names.join(", "));
            return Err(Failure::new(FAILED, text));
        }
    };
    if secrets {
        keep_private()?;
    }
    output::write(exported(client.view(), owner, secrets).as_bytes())?;
    Ok(OK)
}

/// What is written has secrets in it.
fn keep_private() -> io::Result<()> {
    let out = std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?);
    if out.metadata()?.is_file() {
        out.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(())
}
