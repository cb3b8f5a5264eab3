//! What `cargo run -p daemonproxy-codegen` writes from `grammar.toml`. Do not edit these files.

pub(crate) mod command;
pub(crate) mod event;
pub(crate) mod fact;
pub(crate) mod option;
pub(crate) mod refusal;
pub(crate) mod tables;
