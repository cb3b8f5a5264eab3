//! The program. All of it is in the library of the same name.

#![no_main]

/// The C library's `main`, and not that of Rust's standard library, which changes SIGPIPE and costs
/// memory that a logger would keep for ever (about 160 kB).
#[unsafe(no_mangle)]
extern "C" fn main(
    _argc: std::ffi::c_int,
    _argv: *const *const std::ffi::c_char,
) -> std::ffi::c_int {
    daemonproxy_log::run()
}
