//! How services are ended on purpose.
//!
//! [`one_stop`] is the stop of one service, with its deadlines; [`stopping`] takes the steps of all stops
//! that are under way, and [`reaping`] is where children end and where their groups are looked at.
//! [`shutdown`] is the orderly end of everything, which [`order`] tells who must wait for whom, along the
//! pipes that [`pipes`] finds in the lists of the services. Nobody else sends a service a signal of the
//! daemon's own accord.

pub(crate) mod one_stop;
pub(crate) mod order;
pub(crate) mod pipes;
mod reaping;
pub(crate) mod shutdown;
pub(crate) mod stopping;
