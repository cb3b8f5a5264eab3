//! How services are ended on purpose.
//!
//! [`stopping`] owns the stops that are under way. [`one_stop`] is the stop of one service, with its
//! deadlines; [`steps`] takes the next step of each, and [`reaping`] is where children end and where their
//! groups are looked at. [`ending`] is the orderly end of everything, as far as it has come, and [`shutdown`]
//! takes it further: [`order`] tells who must wait for whom, along the pipes that [`pipes`] finds in the lists
//! of the services.
//!
//! It comes in by the command, by a signal and by the end of a child; others ask whether a service, or
//! everything, is being stopped. Nobody else sends a service a signal of the daemon's own accord.

pub(crate) mod ending;
mod one_stop;
mod order;
mod pipes;
mod reaping;
mod shutdown;
mod steps;
pub(crate) mod stopping;
