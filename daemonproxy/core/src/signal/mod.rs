//! The signals that the daemon receives.
//!
//! [`signals`] owns the counts of those that nobody has dealt with yet, and what each does when
//! nobody listens. [`arrival`] is what comes of one: its event, the services that it starts, or its
//! default. Others ask whether a trigger holds; only a command clears a count.

mod arrival;
pub(crate) mod signals;
