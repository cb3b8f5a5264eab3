//! The daemon: the parent of every service, which holds their pipes, files and sockets, and does
//! what controllers tell it.
//!
//! What it *is* lives in `daemonproxy-core`, without a syscall. Here are the command line
//! (`options.rs`), the loop that waits and tells (`event_loop.rs`), the order in which things begin
//! (`setup.rs`), and the real world (`sys/`).

#![cfg_attr(not(test), no_main)]

mod event_loop;
mod options;
mod setup;
mod sys;

#[global_allocator]
static ALLOCATOR: sys::Noticing = sys::Noticing;

/// The C library's `main`, and not the one of Rust's standard library: that one changes SIGPIPE and costs
/// memory that the daemon would keep for ever (about 160 kB).
#[cfg(not(test))]
#[unsafe(no_mangle)]
pub extern "C" fn main(
    _argc: std::ffi::c_int,
    _argv: *const *const std::ffi::c_char,
) -> std::ffi::c_int {
    setup::run()
}
