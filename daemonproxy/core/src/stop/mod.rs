//! How services are ended on purpose.
//!
//! [`shutdown`] is the orderly end of all of them, which [`order`] tells who must wait for whom. Nobody
//! else sends a service a signal of the daemon's own accord.

pub(crate) mod order;
pub(crate) mod shutdown;
