//! What services say of themselves: that they are ready.
//!
//! [`notifying`] owns what is known of that, beside the table of services: few of them say
//! anything. [`readiness`] has the ways in which a service becomes ready, and what happens when it
//! does not; [`gear`] what it is started with for that.

mod gear;
pub(crate) mod notifying;
mod readiness;

pub(crate) use gear::Gear;
