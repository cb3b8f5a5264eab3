//! The descriptors that have a name.
//!
//! [`descriptors`] owns the table of them, and [`kind`] says what each one is. They come by [`commands`],
//! which make and close them, and those that are there at the start are [`given`]. A descriptor is a number
//! here; only the `System` knows what it stands for, and closes it exactly once.
//!
//! From outside, descriptors are found by their names: by services that are started, by the log, by `stop/`,
//! by the state dump. Who wants one closed (`stop/`, for its readers to get end of file) asks for it here.

mod commands;
pub(crate) mod descriptors;
mod given;
pub(crate) mod kind;
