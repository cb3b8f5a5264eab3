//! `status`, `ls`, `ok` and `who`: what there is.

use daemonproxy_apply::glob;
use daemonproxy_client::{Client, Event};

use crate::cli::{Listed, Shown};
use crate::failure::{Failure, NOT_RUNNING, NOT_THERE, OK, Result};
use crate::output::{self, Format, fields, render};
use crate::rows::{
    self, CONNECTION_FIELDS, FD_FIELDS, NARROW, NARROW_COLUMNS, SERVICE_COLUMNS, SERVICE_FIELDS,
};
use crate::screen;
use crate::services::{chosen, no_such, select};
use crate::style::Style;

/// Shows services. The status is that of LSB if some were named, and 0 for the list of all.
pub(crate) fn status(client: &Client, listed: &Listed) -> Result<u8> {
    let default = match listed.shown.format {
        Format::Table if screen::size().is_some_and(|(columns, _)| columns < NARROW) => {
            NARROW_COLUMNS
        }
        Format::Table => SERVICE_COLUMNS,
        Format::Json | Format::Jsonl | Format::Tsv => SERVICE_FIELDS,
    };
    let fields = fields(&listed.shown.fields, SERVICE_FIELDS, default)?;
    let (found, missing) = select(client.view(), &listed.names);
    write_services(client, &found, &fields, listed.shown.format)?;
    if let Some(missing) = missing.first() {
        return Err(Failure::new(NOT_THERE, no_such(client.view(), missing)));
    }
    let all_run = found.iter().all(|name| runs(client, name));
    Ok(if listed.names.is_empty() || all_run { OK } else { NOT_RUNNING })
}

/// The names of services, one per line unless fields were asked for.
pub(crate) fn names(client: &Client, listed: &Listed) -> Result<u8> {
    let found = chosen(client.view(), &listed.names)?;
    if listed.shown.fields.is_empty() && listed.shown.format == Format::Table {
        let mut out = found.join(&b'\n');
        if !out.is_empty() {
            out.push(b'\n');
        }
        output::write(&out)?;
    } else {
        let fields = fields(&listed.shown.fields, SERVICE_FIELDS, &["name"])?;
        write_services(client, &found, &fields, listed.shown.format)?;
    }
    Ok(OK)
}

/// File descriptors.
pub(crate) fn fds(client: &Client, listed: &Listed) -> Result<u8> {
    let fields = fields(&listed.shown.fields, FD_FIELDS, FD_FIELDS)?;
    let wanted = |name: &[u8]| {
        let mut patterns = listed.names.iter();
        listed.names.is_empty() || patterns.any(|pattern| glob::matches(pattern.as_bytes(), name))
    };
    let found = client.view().fds().filter(|(name, _)| wanted(name));
    let rows: Vec<_> = found.map(|(name, fd)| rows::fd(name, fd, &fields)).collect();
    output::write_rendered(
        listed.shown.format,
        &render(listed.shown.format, Style::of_stdout(), &fields, &rows),
    )?;
    let none = rows.is_empty() && !listed.names.is_empty();
    if none { Err(Failure::new(NOT_THERE, "there is no such descriptor")) } else { Ok(OK) }
}

/// Who is connected, ourselves included.
pub(crate) fn who(client: &mut Client, shown: &Shown) -> Result<u8> {
    let fields = fields(&shown.fields, CONNECTION_FIELDS, CONNECTION_FIELDS)?;
    let mut rows = Vec::new();
    client.line(b"conn.list", |line| {
        if let Ok(Event::ConnState { .. }) = line.event() {
            rows.push(rows::connection(line.as_bytes(), &fields));
        }
    })?;
    output::write_rendered(
        shown.format,
        &render(shown.format, Style::of_stdout(), &fields, &rows),
    )?;
    Ok(OK)
}

/// Whether all of them are running, as an exit status only.
pub(crate) fn ok(client: &Client, names: &[String]) -> Result<u8> {
    let (found, missing) = select(client.view(), names);
    Ok(match missing.is_empty() {
        false => NOT_THERE,
        true if found.iter().all(|name| runs(client, name)) => OK,
        true => NOT_RUNNING,
    })
}

fn runs(client: &Client, name: &[u8]) -> bool {
    client.view().service(name).is_some_and(|service| service.pid().is_some())
}

fn write_services(
    client: &Client,
    names: &[Vec<u8>],
    fields: &[&str],
    format: Format,
) -> Result<()> {
    let services = names.iter().filter_map(|name| Some((name, client.view().service(name)?)));
    let rows: Vec<_> =
        services.map(|(name, service)| rows::service(name, service, fields)).collect();
    output::write_rendered(format, &render(format, Style::of_stdout(), fields, &rows))
}
