// Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
//! What can be known of a run of a service: the keys of `service.run`.

use crate::FactKind;

/// The name of a fact.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// `starts`
    Starts,
    /// `why`
    Why,
    /// `pid`
    Pid,
    /// `start`
    Start,
    /// `exec`
    Exec,
    /// `ready`
    Ready,
    /// `failed`
    Failed,
    /// `stop`
    Stop,
    /// `late`
    Late,
    /// `killed`
    Killed,
    /// `end`
    End,
    /// `exit`
    Exit,
    /// `signal`
    Signal,
    /// `core`
    Core,
    /// `success`
    Success,
    /// `left`
    Left,
    /// `cpu`
    Cpu,
    /// `maxrss`
    Maxrss,
    /// `stale`
    Stale,
    /// `held`
    Held,
    /// `gaveup`
    Gaveup,
    /// `failures`
    Failures,
    /// `retry`
    Retry,
    /// `next`
    Next,
    /// `status`
    Status,
}

impl Fact {
    /// Every fact, in the order of the grammar.
    pub const ALL: &[Self] = &[
        Self::Starts,
        Self::Why,
        Self::Pid,
        Self::Start,
        Self::Exec,
        Self::Ready,
        Self::Failed,
        Self::Stop,
        Self::Late,
        Self::Killed,
        Self::End,
        Self::Exit,
        Self::Signal,
        Self::Core,
        Self::Success,
        Self::Left,
        Self::Cpu,
        Self::Maxrss,
        Self::Stale,
        Self::Held,
        Self::Gaveup,
        Self::Failures,
        Self::Retry,
        Self::Next,
        Self::Status,
    ];

    /// The name as it stands on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starts => "starts",
            Self::Why => "why",
            Self::Pid => "pid",
            Self::Start => "start",
            Self::Exec => "exec",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Stop => "stop",
            Self::Late => "late",
            Self::Killed => "killed",
            Self::End => "end",
            Self::Exit => "exit",
            Self::Signal => "signal",
            Self::Core => "core",
            Self::Success => "success",
            Self::Left => "left",
            Self::Cpu => "cpu",
            Self::Maxrss => "maxrss",
            Self::Stale => "stale",
            Self::Held => "held",
            Self::Gaveup => "gaveup",
            Self::Failures => "failures",
            Self::Retry => "retry",
            Self::Next => "next",
            Self::Status => "status",
        }
    }
}

impl Fact {
    /// What its value is.
    #[must_use]
    pub const fn kind(self) -> FactKind {
        match self {
            Self::Starts => FactKind::Number,
            Self::Why => FactKind::Word,
            Self::Pid => FactKind::Number,
            Self::Start => FactKind::Moment,
            Self::Exec => FactKind::Moment,
            Self::Ready => FactKind::Moment,
            Self::Failed => FactKind::Failure,
            Self::Stop => FactKind::Moment,
            Self::Late => FactKind::Word,
            Self::Killed => FactKind::Flag,
            Self::End => FactKind::Moment,
            Self::Exit => FactKind::Number,
            Self::Signal => FactKind::Word,
            Self::Core => FactKind::Flag,
            Self::Success => FactKind::Flag,
            Self::Left => FactKind::Number,
            Self::Cpu => FactKind::Seconds,
            Self::Maxrss => FactKind::Number,
            Self::Stale => FactKind::Flag,
            Self::Held => FactKind::Flag,
            Self::Gaveup => FactKind::Flag,
            Self::Failures => FactKind::Number,
            Self::Retry => FactKind::Number,
            Self::Next => FactKind::Moment,
            Self::Status => FactKind::Word,
        }
    }

    /// Whether only the first report after the end of the run has it.
    #[must_use]
    pub const fn is_once(self) -> bool {
        matches!(self, Self::Cpu | Self::Maxrss)
    }
}
