//! The daemon: the parent of every service, which holds their pipes, files and sockets, and does
//! what controllers tell it.
//!
//! What it *is* lives in `daemonproxy-core`, without a syscall. Here are the command line
//! (`options/`), the loop that waits and tells (`event_loop.rs`), the order in which things begin
//! (`setup/`), how it becomes a new version of itself (`upgrade.rs`, `resume.rs`), what `-f`, `-L`
//! and `--main` stand for (`file.rs`, `script.rs`,
//! `main_service.rs`), and the real world (`sys/`).

mod event_loop;
mod file;
mod main_service;
mod options;
mod own;
mod resume;
mod script;
mod setup;
mod sys;
mod upgrade;

pub use setup::run;
pub use sys::Noticing;
