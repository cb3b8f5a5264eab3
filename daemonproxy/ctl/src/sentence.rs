//! Events and states in words, on one line.

use daemonproxy_client::{Event, ExitField, StateField};
use daemonproxy_look::time::{self, monotonic};

use crate::rows::state_paint;
use crate::style::{Paint, Style, readable};

/// An event in words, on one line.
pub(crate) fn of_event(line: &[u8], style: Style) -> String {
    let plain = || {
        readable(
            &line.iter().map(|&byte| if byte == b'\t' { b' ' } else { byte }).collect::<Vec<_>>(),
        )
    };
    let Ok(event) = Event::parse(line) else { return plain() };
    match event {
        Event::ServiceState { name, state } => {
            let name = style.paint(Paint::Bold, &name.to_string());
            format!("{name} {}", style.paint(state_paint(state), &of_state(state)))
        }
        Event::Error { text } => style.paint(Paint::Bad, &format!("error: {}", readable(text))),
        Event::Warning { text } => {
            style.paint(Paint::Waiting, &format!("warning: {}", readable(text)))
        }
        Event::Info { text } => style.paint(Paint::Faint, &readable(text)),
        Event::Overflow => style.paint(Paint::Waiting, "some events were missed"),
        Event::Signal { signal, count, .. } => {
            style.paint(Paint::Accent, &format!("the daemon got {signal}, {count} pending"))
        }
        Event::TerminateState { phase, remaining } => {
            let text = format!("shutdown: {}, {remaining} still running", phase.as_str());
            style.paint(Paint::Waiting, &text)
        }
        Event::LogFilter { level } => format!("log filter: {}", level.as_str()),
        Event::ConnTimer { name } => format!("the timer {name} has run out"),
        Event::Done { tag, error: None, .. } => style.paint(Paint::Faint, &format!("{tag}: done")),
        Event::Done { tag, text, .. } => {
            let text = readable(text.unwrap_or_default());
            style.paint(Paint::Bad, &format!("{tag}: error: {text}"))
        }
        Event::ConnFeatures { .. } | Event::ConnState { .. } | Event::Other { .. } => plain(),
        Event::ServiceRun { .. }
        | Event::ServiceTags { .. }
        | Event::ServiceArgs { .. }
        | Event::ServiceFds { .. }
        | Event::ServiceOptions { .. }
        | Event::ServiceEnv { .. }
        | Event::ServiceEnvApply { .. }
        | Event::Env { .. }
        | Event::EnvApply { .. }
        | Event::LogDest { .. }
        | Event::TerminateExecArgs { .. }
        | Event::SignalDefault { .. }
        | Event::Chdir { .. }
        | Event::SocketCreate { .. }
        | Event::SocketDelete { .. }
        | Event::ServiceAutoUp { .. }
        | Event::FdGive { .. }
        | Event::FdState { .. } => style.paint(Paint::Accent, &plain()),
    }
}

/// `up 3m12s, pid 7`, `down 5s, exit 1 after 2m03s`, and so on.
pub(crate) fn of_state(state: StateField) -> String {
    let now = monotonic();
    match state {
        StateField::NeverStarted => "down, never started".to_owned(),
        StateField::Starting { at } if at <= now => "starts".to_owned(),
        StateField::Starting { at } => format!("starts in {}", time::span(at - now)),
        StateField::Up { since, pid, .. } => format!("up {}, pid {pid}", time::span(now - since)),
        StateField::Down { reaped, end, uptime, .. } => {
            let end = match end {
                ExitField::Exit(status) => format!("exit {status}"),
                ExitField::Signal(signal) => signal.to_string(),
            };
            format!("down {}, {end} after {}", time::span(now - reaped), time::span(uptime))
        }
        StateField::Deleted => "deleted".to_owned(),
    }
}
