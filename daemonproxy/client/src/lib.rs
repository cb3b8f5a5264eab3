//! The client of daemonproxy: a connection to a daemon, its commands, and what is known about it.
//!
//! It is for controllers written in Rust and for programs that look at a daemon from outside;
//! `dpctl` and the Lua host are built on it. A controller is a program that the daemon runs as a
//! service, with the protocol on its standard input and output:
//!
//! ```no_run
//! use std::time::Duration;
//! use daemonproxy_client::{Client, Event, FOREVER, StateField};
//!
//! fn main() -> daemonproxy_client::Result<()> {
//!     let mut daemon = Client::inherited()?;
//!     daemon.command(["service.args", "web", "httpd", "-p", "80"])?;
//!     daemon.command(["service.auto_up", "web", "1", "always"])?;
//!     while let Some(line) = daemon.next_event(FOREVER)? {
//!         if let Ok(Event::ServiceState { name, state: StateField::Down { .. } }) = line.event() {
//!             eprintln!("{name} has ended");
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Anything else connects to the control socket, with [`Client::connect`].
//!
//! - **A command ends.** [`Client::command`] returns when the daemon has carried the command out,
//!   or with [`Error::Refused`] and the daemon's reason, which has a name. What cannot be a command
//!   is [`Error::Usage`], and is not sent. That is one round trip; with [`Client::begin`] and
//!   [`Client::finish`], any number of commands can be under way in it.
//! - **The view.** Every event is taken into [`Client::view`]: services, descriptors, pending
//!   signals. [`Client::resync`] fills it with what happened before the connection. With the feature
//!   `settings` it is complete, and [`StateView::commands`] makes another daemon the same.
//! - **Nothing blocks for good.** There are no threads and there is no async runtime: calls wait in
//!   poll(2), for the time that was given, or for that of [`Client::set_patience`] where the daemon
//!   has to answer. A program with its own event loop polls the client's descriptor
//!   ([`AsFd`](std::os::fd::AsFd)) and then calls [`Client::next_event`] with no time to wait,
//!   until there are no more.
//! - **Signals.** A connection that listens keeps a SIGTERM to the daemon from ending it, so that a
//!   controller can decide. A client does not listen until [`Client::listen_for_signals`] says so.
//!
//! Names, arguments and texts are bytes, since they need not be UTF-8. Times are those of the
//! protocol: seconds, and moments of CLOCK_MONOTONIC. The types of events and of the view are those
//! of [`daemonproxy_protocol`].

mod channel;
mod client;
mod connection;
mod endings;
mod error;
mod given;
mod inbox;
mod socket;

pub use channel::Channel;
pub use client::Client;
pub use connection::{Connection, Sender};
pub use daemonproxy_protocol::{
    self as protocol, Command, Event, ExitField, StateField, StateView,
};
pub use endings::UnderWay;
pub use error::{Error, Refused, Result, rule};
pub use inbox::EventLine;
pub use socket::{connect, find, usual_places};

/// The longest line that a client accepts, LF included, in bytes. The lines of a daemon are shorter
/// than its `--max-line`, which is at most 65536; this leaves room for future daemons.
pub const MAX_LINE: usize = daemonproxy_protocol::CLIENT_MAX_LINE;

/// To wait for as long as it takes.
pub const FOREVER: std::time::Duration = std::time::Duration::MAX;
