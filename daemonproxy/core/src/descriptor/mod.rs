//! The descriptors that have a name.
//!
//! [`table`] holds them, [`kind`] says what each one is, and [`commands`] makes and closes them. A
//! descriptor is a number here; only the `System` knows what is behind it, and closes it exactly once.

mod commands;
pub(crate) mod kind;
pub(crate) mod table;
