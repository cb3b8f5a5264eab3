//! The daemon as a black box: a real process, spoken to over real pipes and sockets.
//!
//! Every command, every event and every promise of protocol 1 has a test here that fails when it is
//! broken. A file is named after its subject; each test has a daemon of its own, in a directory of
//! its own, and all of them run at the same time. How they speak to it is in `daemonproxy-testing`. What
//! protocol 2 adds is tested in `../beyond`.
//!
//! # Where each command is tested
//!
//! | command | effect and events | every error |
//! |---|---|---|
//! | `echo` | [`echo`] | it has none |
//! | `statedump` | [`statedump`]; to a slow reader: [`slow_reader`] | it has none |
//! | `service.args` | [`service_args`] | there |
//! | `service.fds` | [`service_fds`], [`spawning`] | there |
//! | `service.tags` | [`service_tags`] | there |
//! | `service.auto_up` | [`service_auto_up`] | there |
//! | `service.start` | [`service_start`], [`spawning`] | there |
//! | `service.signal` | [`service_signal`] | there |
//! | `service.delete` | [`service_delete`] | there |
//! | `fd.pipe` | [`fd_pipe`] | there |
//! | `fd.open` | [`fd_open`] | there |
//! | `fd.socket` | [`fd_socket`] | there, but for `setsockopt`, which cannot be made to fail |
//! | `fd.take` | [`fd_take`]; what nobody takes: [`descriptors`] | there |
//! | `fd.delete` | [`fd_delete`] | there |
//! | `socket.create` | [`socket_create`] | there |
//! | `socket.delete` | [`socket_delete`] | it has none |
//! | `signal.clear` | [`signal_clear`] | there |
//! | `log.filter` | [`log_filter`] | there |
//! | `log.dest` | [`log_dest`] | there |
//! | `chdir` | [`chdir`] | there |
//! | `conn.event_timeout` | [`slow_reader`] | [`conn_event_timeout`] |
//! | `exit` | [`exit`] | it has none |
//! | `terminate` | [`terminate`] | there |
//! | `terminate.guard` | [`terminate_guard`] | there |
//! | `terminate.exec_args` | [`terminate_exec_args`], [`exit_exec`] | it has none |
//! | any other | | [`lines`] |
//!
//! # Where each event is tested
//!
//! | event | tests |
//! |---|---|
//! | `service.state`: never started, exited, killed, running, its times | [`service_state`] |
//! | `service.state`: start pending | [`service_start`], [`service_auto_up`] |
//! | `service.state`: deleted | [`service_delete`] |
//! | `service.state`: a program that cannot be executed | [`spawning`]; that takes its time: [`exec_hangs`] |
//! | `service.tags`, `service.args`, `service.fds`, empty lists included | the file of the command |
//! | `service.auto_up`, with and without triggers | [`service_auto_up`] |
//! | `fd.state`: special | [`statedump`] |
//! | `fd.state`: file | [`fd_open`] |
//! | `fd.state`: pipe and socket pair, the other end gone | [`fd_pipe`] |
//! | `fd.state`: socket | [`fd_socket`] |
//! | `fd.state`: deleted | [`fd_delete`] |
//! | `fd.state`: standard and inherited descriptors | [`statedump`], [`spawning`] |
//! | `signal` | [`signals`] |
//! | `log.filter` | [`log_filter`] |
//! | `info` | [`controllers`], [`options`] |
//! | `warning` | [`service_fds`], [`log_dest`] |
//! | `error`: what is quoted, and how | [`lines`] |
//! | `overflow` | [`slow_reader`] |
//!
//! # Where everything else is tested
//!
//! | promise | tests |
//! |---|---|
//! | lines: length, comments, halves, strange bytes | [`lines`] |
//! | who is a controller, what each hears | [`controllers`] |
//! | back pressure, reset, overflow, close | [`slow_reader`] |
//! | what a service finds when it starts | [`spawning`] |
//! | configurations and controllers of the original | [`config_file`] |
//! | the command line | [`options`]; `--exit-exec`: [`exit_exec`] |
//! | the log | [`log`], [`log_dest`], [`log_filter`] |
//! | process 1 | [`pid1`] |
//! | nothing leaks | [`descriptors`], [`service_delete`] |

#![cfg(test)]

mod chdir;
mod config_file;
mod conn_event_timeout;
mod controllers;
mod descriptors;
mod echo;
mod exec_hangs;
mod exit;
mod exit_exec;
mod fd_delete;
mod fd_open;
mod fd_pipe;
mod fd_socket;
mod fd_take;
mod lines;
mod log;
mod log_dest;
mod log_filter;
mod lua;
mod options;
mod pid1;
mod service_args;
mod service_auto_up;
mod service_delete;
mod service_fds;
mod service_signal;
mod service_start;
mod service_state;
mod service_tags;
mod signal_clear;
mod signals;
mod slow_reader;
mod socket_create;
mod socket_delete;
mod spawning;
mod statedump;
mod terminate;
mod terminate_exec_args;
mod terminate_guard;
