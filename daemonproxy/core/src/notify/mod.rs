//! What services say of themselves: that they are ready, alive, and how they are.
//!
//! [`notifying`] owns what is known of that, beside the table of services: few of them say
//! anything. [`readiness`] has the ways in which a service becomes ready, and what happens when it
//! does not; [`gear`] what it is started with for that. [`messages`] hears what comes by sd_notify(3),
//! which [`message`] takes apart. [`alive`] is about the watchdog, and about those for whom somebody
//! else must vouch; [`stored`] about descriptors that a service stores here for its next run.

mod alive;
mod gear;
mod message;
mod messages;
pub(crate) mod notifying;
mod readiness;
mod status;
mod stored;

pub(crate) use gear::Gear;
pub(crate) use stored::{most_names, names};
