//! The wire protocol of daemonproxy: bytes in, values out.
//!
//! A controller sends commands and the daemon answers with events, one per line, with fields
//! separated by TABs. This crate finds the lines ([`LineFramer`]), turns each into a value
//! ([`Command::parse`], [`Event::parse`]) and back ([`Command::encode`], [`Event::encode`]), and
//! knows every text with which a command can be refused ([`Refusal`]). [`StateView`] folds events
//! into what a controller wants to know.
//!
//! It does no I/O, reads no clock and has no `unsafe` code. Parsing never allocates: values borrow
//! from the line. Everything from outside is bytes, since file names and arguments need not be
//! UTF-8.
//!
//! The language itself is written down once, in `grammar.toml`; whatever is under `generated` comes
//! from there. The specification for readers is the README of this crate.
//!
//! ```
//! use daemonproxy_protocol::{Command, Line, LineFramer, Refusal, Signal};
//!
//! let mut framer = LineFramer::new(4096);
//! framer.push(b"service.signal\tweb\tHUP\nservice.signal\tweb\tFOO\n");
//!
//! let Some(Line::Complete(line)) = framer.next_line() else { panic!("a line is there") };
//! let Ok(Command::ServiceSignal { name, signal, group }) = Command::parse(line) else {
//!     panic!("it is well formed")
//! };
//! assert_eq!((name.as_bytes(), signal, group), (&b"web"[..], Signal::HUP, false));
//!
//! let Some(Line::Complete(line)) = framer.next_line() else { panic!("a line is there") };
//! assert_eq!(Command::parse(line), Err(Refusal::InvalidSignalArgument));
//! ```
#![forbid(unsafe_code)]

mod address;
mod check;
mod command;
mod conn;
mod decimal;
mod error;
mod event;
mod field;
mod flags;
mod generated;
mod hint;
mod kind;
mod line;
mod option;
mod readable;
mod remake;
mod run;
mod secret;
mod signal;
mod socket_options;
pub mod tables;
mod tagged;
mod trigger;
mod view;

pub use address::Address;
pub use command::{SignalAction, StartTime};
pub use conn::{ConnKind, ConnRights, Rights, Told};
pub use decimal::read as read_seconds;
pub use error::{EventError, write_error_event};
pub use event::{ExitField, FdStateField, PipeEnd, ShutdownPhase, StateField};
pub use field::{FdNumbers, Fields, Name, write_i64, write_u64};
pub use flags::{
    Domain, FileFlags, FilterChange, LogFilter, LogLevel, PipeFlags, SocketFlags, SocketType,
    UnknownFlag,
};
pub use generated::command::{Command, CommandName};
pub use generated::event::{Event, EventName};
pub use generated::fact::Fact;
pub use generated::option::{LimitName, ServiceOption};
pub use generated::refusal::Refusal;
pub use hint::{Hint, Invisible};
pub use line::{CLIENT_MAX_LINE, Held, Line, LineFramer, NotHeld, is_ignored};
pub use option::{Backoff, Ends, GiveUp, Kill, Limit, Options, Ready, env_key, key};
pub use readable::{LONGEST_SHOWN, Piece, is_unsafe, pieces, write_readable};
pub use run::{FactKind, FactValue, FactWriter, RunFailure, RunView};
pub use secret::write_without_values;
pub use signal::Signal;
pub use socket_options::SocketOptions;
pub use tagged::Tagged;
pub use trigger::{Condition, Triggers, conditions};
pub use view::{FdView, ServiceView, StateView};
