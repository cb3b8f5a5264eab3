//! What can be asked: one `match` over every command, one short method for each.
//!
//! A method either carries out the whole command, or returns the [`Refusal`] and has changed
//! nothing.

use daemonproxy_protocol::{
    Command, Event, LogLevel, Refusal, Tagged, is_ignored, write_error_event,
};

use crate::connection::controller::ControllerId;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::System;

impl<S: System> Proxy<S> {
    /// Executes one line of a controller. `line_end` is where it ends in the controller's stream.
    pub(crate) fn execute(&mut self, id: ControllerId, line: &[u8], line_end: u64) {
        if is_ignored(line) {
            return;
        }
        self.trail_command(id, line);
        let outcome = match Tagged::split(line) {
            None => self.carry_out(id, line, line_end),
            Some(Ok(tagged)) => return self.execute_tagged(id, &tagged, line, line_end),
            Some(Err(refusal)) => Err(refusal),
        };
        if let Err(refusal) = outcome {
            self.refuse(id, &refusal, line);
        }
    }

    /// A line that was too long to be read. A comment may be of any length.
    pub(crate) fn too_long(&mut self, id: ControllerId, start: &[u8]) {
        if start.starts_with(b"#") {
            return;
        }
        match Tagged::split(start) {
            Some(Ok(tagged)) => self.not_done(id, tagged.tag, &Refusal::LineTooLong),
            Some(Err(_)) | None => self.answer(id, &Event::Error { text: b"line too long" }),
        }
        self.log_about(id, LogLevel::Error, &[b"command exceeds buffer size"]);
        self.note_failure(id);
    }

    /// Executes a command, as it stands on the line after its tag if it has one.
    pub(crate) fn carry_out<'a>(
        &mut self,
        id: ControllerId,
        command: &'a [u8],
        line_end: u64,
    ) -> Outcome<'a> {
        let parsed = Command::parse(command)?;
        self.permit(id, &parsed)?;
        if self.is_only_checked(id) {
            return Ok(());
        }
        self.dispatch(id, &parsed, command, line_end)
    }

    fn dispatch<'a>(
        &mut self,
        id: ControllerId,
        command: &Command<'a>,
        line: &[u8],
        line_end: u64,
    ) -> Outcome<'a> {
        match *command {
            Command::Echo { rest } => {
                if let Some(rest) = rest {
                    self.tell(id, rest);
                }
                Ok(())
            }
            Command::Statedump => {
                self.begin_dump(id);
                Ok(())
            }
            Command::ServiceArgs { name, args } => self.service_args(name, args),
            Command::ServiceFds { name, fds } => self.service_fds(id, name, fds),
            Command::ServiceTags { name, tags } => self.service_tags(name, tags),
            Command::ServiceTagsApply { name, changes } => self.service_tags_apply(name, changes),
            Command::ServiceOptions { name, options } => self.service_options(id, name, options),
            Command::ServiceOptionsApply { name, changes } => {
                self.service_options_apply(id, name, changes)
            }
            Command::ServiceEnv { name, env } => self.service_env(id, name, env),
            Command::ServiceEnvApply { name, changes } => self.service_env_apply(id, name, changes),
            Command::Env { env } => self.env(id, env),
            Command::EnvApply { changes } => self.env_apply(id, changes),
            Command::ServiceAutoUp { name, interval, triggers } => {
                self.service_auto_up(id, name, interval, triggers)
            }
            Command::ServiceStart { name, at } => self.service_start(name, at),
            Command::ServiceStop { name, after } => self.service_stop(name, after),
            Command::ServiceRestart { name, after } => self.service_restart(name, after),
            Command::ServiceReload { name } => self.service_reload(name),
            Command::ServiceDeadman { name } => self.service_deadman(name),
            Command::ServiceReady { name } => self.service_ready(name),
            Command::ServiceRelease { name } => self.service_release(name),
            Command::ServiceSignal { name, signal, group } => {
                self.service_signal(name, signal, group)
            }
            Command::ServiceDelete { name } => self.service_delete(name),
            Command::ServicePipe { name, fds, args } => self.service_pipe(id, name, fds, args),
            Command::FdPipe { read, write, flags } => self.fd_pipe(read, write, flags),
            Command::FdOpen { name, flags, path } => self.fd_open(name, flags, path),
            Command::FdSocket { name, flags, address } => {
                // The address is shown as it was given, since it can be written in more than one
                // way.
                let text = line.split(|&byte| byte == b'\t').nth(3).unwrap_or_default();
                self.fd_socket(name, flags, address, text)
            }
            Command::FdTake { name } => self.fd_take(id, name, line_end),
            Command::FdGive { name } => self.fd_give(id, name),
            Command::FdDelete { name } => self.fd_delete(name),
            Command::SocketCreate { options, path } => self.socket_create(options, path),
            Command::SocketDelete { name } => self.socket_delete(name),
            Command::SignalClear { signal, count } => {
                self.signal_clear(signal, count);
                Ok(())
            }
            Command::SignalDefault { signal, action } => self.signal_default(id, signal, action),
            Command::LogFilter { change } => {
                self.log_filter(id, change);
                Ok(())
            }
            Command::LogDest { fd, .. } => {
                self.log_dest(id, fd);
                Ok(())
            }
            Command::Chdir { path } => self.chdir(path),
            Command::ConnEventTimeout { reset, close } => {
                self.conn_event_timeout(id, reset, close);
                Ok(())
            }
            Command::ConnFeatures { features } => {
                self.conn_features(id, features);
                Ok(())
            }
            Command::ConnTimer { name, seconds } => self.conn_timer(id, name, seconds),
            Command::ConnRestrict { rights, globs } => self.conn_restrict(id, rights, globs),
            Command::ConnList => {
                self.conn_list(id);
                Ok(())
            }
            Command::Exit => {
                self.exit(id);
                Ok(())
            }
            Command::Terminate { code, guard } => self.terminate(code, guard),
            Command::TerminateGuard { on, code } => self.terminate_guard(on, code),
            Command::Upgrade { program, guard } => self.upgrade(id, program, guard),
            Command::TerminateExecArgs { args } => {
                self.terminate_exec_args(args);
                Ok(())
            }
            Command::TerminateShutdown { term, kill, flush, guard, code } => {
                self.terminate_shutdown([term, kill, flush], guard, code)
            }
        }
    }

    fn refuse(&mut self, id: ControllerId, refusal: &Refusal<'_>, line: &[u8]) {
        self.with_text(|proxy, text| {
            write_error_event(text, refusal, line);
            proxy.tell(id, text);
        });
        self.log_refusal(id, refusal, line);
        self.note_failure(id);
    }
}
