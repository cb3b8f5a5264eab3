//! How services are ended on purpose.
//!
//! [`commands`] stops single services. [`stopping`] owns the stops in progress. [`one_stop`] is the
//! stop of one service, with its deadlines; [`steps`] takes the next step of each, and [`reaping`]
//! is where children end and where their groups are checked, [`cgroups`] where cgroups are;
//! [`left_behind`] is about what services leave that end by themselves. [`ending`] is the state of the
//! orderly shutdown of everything, and [`shutdown`] advances it: [`order`] says who must wait for
//! whom, along the pipes that [`pipes`] finds in the lists of the services; [`others`] takes everything
//! else along when the daemon is process 1, and [`rest`] is how far that has got.
//!
//! It is entered by the commands, by a signal and by the end of a child; others ask whether a
//! service, or everything, is being stopped. Nothing else makes the daemon send a signal to a
//! service of its own accord.

mod cgroups;
pub(crate) mod commands;
pub(crate) mod ending;
mod left_behind;
mod one_stop;
mod order;
mod others;
mod pipes;
mod reaping;
mod rest;
mod shutdown;
mod steps;
pub(crate) mod stopping;
