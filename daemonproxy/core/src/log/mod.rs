//! The log of the daemon itself.
//!
//! [`writer`] owns what is not written yet, and knows how to write without waiting. [`logging`] is
//! how everybody else comes in: with a message, with a command about the log, or with the news that
//! the descriptor under it has changed. [`trail`] is what it says about commands, events, and the
//! end of a run.

mod logging;
mod trail;
pub(crate) mod writer;
