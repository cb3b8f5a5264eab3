//! Whether, why and with what status the daemon leaves, and who may make it.
//!
//! [`leaving`] owns the decision, the guard against it, and whether something is executed in the
//! end. [`end`] has the commands and the farewell, [`strict`] what an error in a config file leads
//! to, and [`main_service`] whose end is that of the daemon. Whoever decides (`stop/`, a signal, the end of the interactive session) says so with
//! `set_leave`, once and for all.

mod end;
pub(crate) mod leaving;
mod main_service;
mod strict;
