//! `daemonproxy-log`: writes what services print into files, line by line, with the time; keeps the
//! files small, and few.
//!
//! What can be worked out without the kernel is in `core/`: lines out of bytes, moments, the names
//! of archives, when a file is full and what has to go. `sys/` has the system calls: the
//! directory and its files, the descriptors to read from, signals, the program that archives are
//! handed to. Between them are the command line (`options/`), what is written and what is lost
//! (`writer.rs`), and the loop that waits and tells (`logger.rs`).
//!
//! Once the loop runs, nothing is allocated. A program that holds the last words of another must
//! not end because there is no memory.

mod core;
mod logger;
mod options;
mod sys;
mod writer;

pub use crate::core::moment::{Moment, TimeFormat};
pub use crate::core::name::{Archive, CURRENT};
pub use logger::run;
pub use options::{Input, Instead, Options};
