//! What services have written, out of the directories of their loggers (`daemonproxy-log`).
//!
//! `find.rs` knows from the daemon which logger has the lines of a service; `files.rs` reads one
//! directory, through as many files as there are, and goes on over rotations; `line.rs` takes a
//! line apart.

mod files;
mod find;
mod line;

pub use files::Log;
pub use find::{Loggers, Source, no_log};
pub use line::{Filter, Key, Start, Wanted};
