//! `dpctl` as people and scripts meet it: against a real daemon, and at a real terminal.
//!
//! The daemon is the one that `DAEMONPROXY` names, else the one that was built beside `dpctl`.
//! Every wait has a deadline, and no test sleeps.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)]

mod accounts;
mod apply;
mod bad_sockets;
mod check;
mod completions;
mod daemon;
mod examples;
mod file;
mod fire;
mod hostile_text;
mod interactive;
mod logs;
mod manual;
mod namespace;
mod observer;
mod operators;
mod run;
mod session;
mod shell;
mod shell_runs;
mod shell_verbs;
mod status;
mod steering;
mod stopping;
mod strict;
mod terminal;
mod top;
mod why;
mod with_file;
