//! The daemon as a black box: a real process, spoken to over real pipes and sockets.
//!
//! Here is what needs a kernel: descriptors, spawning, signals, files, memory, time, process 1, the
//! command line, the log. What is said between a daemon and its controllers, all of it, refusals
//! included, is in the transcripts of `conformance-tests`, which are played to this same process; a
//! promise that a transcript can express is tested there and only there.
//!
//! A file is named after its subject; each test has a daemon of its own, in a directory of its own,
//! and all of them run at the same time. How they speak to it is in `daemonproxy-testing`. What
//! protocol 2 adds is tested in `../beyond`.
//!
//! | what | tests |
//! |---|---|
//! | lines: pieces, memory, the last one without its end | [`lines`] |
//! | who is a controller, many of them, what a service can do with its connection | [`controllers`], [`exit`] |
//! | back pressure, reset, overflow, close | [`slow_reader`] |
//! | a dump that takes many rounds | [`statedump`] |
//! | what a service finds when it starts | [`spawning`], [`service_args`], [`config_file`] |
//! | a program that cannot be executed, or takes its time | [`spawning`], [`exec_hangs`] |
//! | how a service ends, and its times | [`service_state`] |
//! | signals to a service, and its group | [`service_signal`] |
//! | signals to the daemon | [`signals`] |
//! | files, pipes, sockets: what is really opened, and what the system refuses | [`fd_open`], [`fd_pipe`], [`fd_socket`] |
//! | passed descriptors | [`fd_take`], [`fd_give`]; at the start: [`handed`] |
//! | the control socket as a file | [`socket_create`], [`socket_delete`] |
//! | leaving, and what is executed then | [`terminate`], [`terminate_exec_args`], [`exit_exec`] |
//! | configurations and controllers of the original | [`config_file`], [`lua`] |
//! | what services say of themselves | [`notify`]; the daemon itself: [`supervised`] |
//! | the command line | [`options`]; `--exit-exec`: [`exit_exec`] |
//! | the log | [`log`], [`log_dest`], [`log_filter`] |
//! | process 1 | [`pid1`] |
//! | nothing leaks | [`descriptors`] |

#![cfg(test)]

mod config_file;
mod controllers;
mod descriptors;
mod exec_hangs;
mod exit;
mod exit_exec;
mod fd_give;
mod fd_open;
mod fd_pipe;
mod fd_socket;
mod fd_take;
mod handed;
mod lines;
mod log;
mod log_dest;
mod log_filter;
mod lua;
mod notify;
mod options;
mod pid1;
mod runs;
mod service_args;
mod service_signal;
mod service_state;
mod signals;
mod slow_reader;
mod socket_create;
mod socket_delete;
mod spawning;
mod statedump;
mod supervised;
mod terminate;
mod terminate_exec_args;
