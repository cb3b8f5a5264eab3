//! The descriptors that have a name.
//!
//! [`descriptors`] owns the table of them, and [`kind`] says what each one is ([`resume`]: over an
//! upgrade). The [`commands`] make and close them, and those that are there at the start are
//! [`given`]. A descriptor is a number here; only the `System` knows what it stands for, and closes
//! it exactly once.
//!
//! Other rooms find descriptors by their names: services that are started, the log, `stop/`, the
//! state dump. A room that wants one closed (`stop/`, so that its readers get end of file) asks for
//! it here.

mod commands;
pub(crate) mod descriptors;
mod given;
pub(crate) mod kind;
mod resume;
