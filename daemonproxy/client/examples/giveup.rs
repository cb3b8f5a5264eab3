//! A controller: switches a service off when it has failed three times in a row.
//!
//! The daemon starts it like any service, with the protocol on its standard input and output:
//!
//! ```text
//! service.args    giveup    target/debug/examples/giveup
//! service.fds     giveup    control.event    control.cmd    stderr
//! service.auto_up giveup    1    always
//! ```
//!
//! (with TABs between the fields).

// Messages for people go to standard error.
#![allow(clippy::print_stderr)]

use std::collections::HashMap;
use std::process::ExitCode;

use daemonproxy_client::{Client, Error, Event, ExitField, FOREVER, Result, StateField};

/// A run of at least this many seconds did not fail.
const LONG_ENOUGH: i64 = 10;

fn main() -> ExitCode {
    match watch() {
        // The daemon has left, or lets this controller go.
        Ok(()) | Err(Error::Closed) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("giveup: {error}");
            ExitCode::FAILURE
        }
    }
}

fn watch() -> Result<()> {
    let mut daemon = Client::inherited()?;
    let mut failures: HashMap<Vec<u8>, u32> = HashMap::new();
    loop {
        let Some(line) = daemon.next_event(FOREVER)? else { continue };
        let Ok(Event::ServiceState { name, state: StateField::Down { end, uptime, .. } }) =
            line.event()
        else {
            continue;
        };
        // In a shutdown everything ends, and nothing has failed.
        if daemon.view().shutdown().is_some() {
            continue;
        }
        let count = failures.entry(name.as_bytes().to_vec()).or_default();
        let failed = end != ExitField::Exit(0) && uptime < LONG_ENOUGH;
        *count = if failed { *count + 1 } else { 0 };
        if *count == 3 {
            eprintln!("{name} does not work, I switch it off");
            daemon.command([&b"service.auto_up"[..], name.as_bytes(), b"-"])?;
            match daemon.command([&b"service.start"[..], name.as_bytes(), b"-"]) {
                // No start was pending.
                Err(Error::Refused(_)) => {}
                done => done?,
            }
        }
    }
}
