//! Values that only commands have. The commands themselves are generated, see
//! [`Command`](crate::Command).

/// When `service.start` starts a service.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum StartTime {
    /// At once.
    Now,
    /// Not at all: a start that is pending is cancelled (`-`).
    Cancel,
    /// At this second of CLOCK_MONOTONIC.
    At(i64),
}

/// What a signal does when no controller reads it and no service has it as a trigger: the ACTION of
/// `signal.default`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum SignalAction {
    /// It is only counted and reported.
    Event,
    /// What `terminate.shutdown` does.
    Shutdown,
    /// What `terminate` does.
    Terminate,
    /// The main service gets it.
    Forward,
}

impl SignalAction {
    /// The action of this name.
    // signal_action = "event" / "shutdown" / "terminate" / "forward"
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes {
            b"event" => Some(Self::Event),
            b"shutdown" => Some(Self::Shutdown),
            b"terminate" => Some(Self::Terminate),
            b"forward" => Some(Self::Forward),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Shutdown => "shutdown",
            Self::Terminate => "terminate",
            Self::Forward => "forward",
        }
    }

    /// Whether it is the end of the daemon.
    #[must_use]
    pub const fn is_the_end(self) -> bool {
        matches!(self, Self::Shutdown | Self::Terminate)
    }
}
