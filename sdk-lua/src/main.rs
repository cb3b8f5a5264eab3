//! `daemonproxy-lua`: a controller of daemonproxy in Lua, with the interpreter inside.
//!
//! A script decides, the client in Lua (`lua/daemonproxy`) keeps the state of the daemon, and this
//! program is what they run on: it reads and writes without ever waiting for just one thing, parses
//! events, keeps time, and makes sure that a script that went astray ends and is restarted.
//!
//! Errors go to standard error, and the exit status says what kind they were (`status`).

mod coroutines;
mod event;
mod host;
mod interpreter;
mod leave;
mod libs;
mod link;
mod memory;
mod modules;
mod options;
mod outbox;
mod prompt;
mod protected;
mod rest;
mod run;
mod running;
mod script;
mod standard;
mod status;
mod traceback;
mod watchdog;

use std::io::Write;
use std::process::exit;

use options::Task;
use status::{FAILED, Failure, OK, Result};

fn main() {
    match carry_out() {
        Ok(()) => leave::with(OK.into()),
        Err(failure) => {
            leave::last_words(failure.text);
            leave::with(failure.status.into());
        }
    }
}

fn carry_out() -> Result<()> {
    match options::parse(std::env::args_os().skip(1))? {
        Task::Help => print(options::HELP),
        Task::Version => {
            print(concat!("daemonproxy-lua version ", env!("CARGO_PKG_VERSION"), "\n"));
        }
        Task::Check(path) => interpreter::check(&path)?,
        Task::Run(options) => interpreter::run(&options)?,
    }
    Ok(())
}

/// Prints, before anything else has happened, and ends if that fails.
fn print(text: &str) {
    if let Err(error) = std::io::stdout().write_all(text.as_bytes()) {
        leave::say(&Failure::new(FAILED, format!("standard output: {error}")).text);
        exit(FAILED.into());
    }
}
