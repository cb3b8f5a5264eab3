//! The daemon as a black box.

#![cfg(test)]

mod harness;

mod chdir;
mod config_file;
mod conn_event_timeout;
mod controllers;
mod descriptors;
mod echo;
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
mod on_signal;
mod options;
mod pid1;
mod service_args;
mod service_auto_up;
mod service_delete;
mod service_fds;
mod service_pipe;
mod service_signal;
mod service_start;
mod service_state;
mod service_tags;
mod service_tags_apply;
mod service_without_program;
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
mod terminate_shutdown;
