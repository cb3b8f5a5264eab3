//! `dpctl`: daemonproxy from the command line, and at the terminal.
//!
//! Every subcommand is a function of its own under `commands`; they share a
//! `daemonproxy_client::Client`, which is a connection and what is known about the daemon through
//! it. A script may rely on this: names and units are those of the protocol, bytes that are not
//! UTF-8 survive, no wait is without a limit, and the exit status says what happened (see
//! [`failure`]).

mod accounts;
mod check;
mod cli;
mod commands;
mod completion;
mod failure;
mod file;
mod label;
mod logs;
mod output;
mod quoting;
mod rows;
mod run;
mod screen;
mod scroll;
mod sentence;
mod services;
mod shell;
mod since;
mod style;
mod terminal;
mod theirs;
mod top;
mod wrap;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

fn main() -> ExitCode {
    // SAFETY: nothing else runs yet; the default action needs no handler.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    clap_complete::CompleteEnv::with_factory(cli::Cli::command).complete();
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => match theirs::meant(&error) {
            Some(text) => {
                output::warn(&text);
                return ExitCode::from(failure::USAGE);
            }
            None => error.exit(),
        },
    };
    match commands::run(&cli) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            // If standard error is gone there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "dpctl: {}", failure.text);
            ExitCode::from(failure.status)
        }
    }
}
