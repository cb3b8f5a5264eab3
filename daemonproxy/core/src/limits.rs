//! How much there may be of everything, and how long it may take.

/// Bytes of a line, its LF included, unless the command line says otherwise: PIPE_BUF of Linux
/// (pipe(7)), so that a controller's line of this length is written to a pipe in one piece.
pub const DEFAULT_MAX_LINE: usize = 4096;
/// The lowest `--max-line`: whatever the daemon itself has to say (`service.state`, two names,
/// numbers) fits with room to spare. A command that would make it longer is refused.
pub const MIN_MAX_LINE: usize = 512;
/// The highest `--max-line`: lengths of lists are kept in 16 bits.
pub const MAX_MAX_LINE: usize = 65536;

/// Bytes that one service of a pool has for its arguments, tags and descriptor names, by default.
pub const DEFAULT_SERVICE_BYTES: usize = 512;
/// Bytes that one descriptor of a pool has for its path or address, by default.
pub const DEFAULT_FD_BYTES: usize = 128;
/// `null`, three `control.*`, and the three standard ones: an fd pool cannot be smaller.
pub const MIN_FDS: usize = 7;
/// The largest pool. More objects than this would hardly fit into the memory of any machine.
pub const MAX_POOL: usize = 1_000_000;
/// The most controllers from outside at a time, without a pool.
pub const MAX_CONTROLLERS: usize = 1024;

/// Bytes of an environment (`env`, `service.env`): its length is kept in 16 bits.
pub(crate) const MOST_ENV: usize = u16::MAX as usize;

/// Descriptors that a controller may have passed and not yet taken; more are closed at once.
pub const MOST_PASSED: usize = 32;
/// The same for all controllers together; the one that has waited longest is closed to make room
/// for the next.
pub const MOST_PASSED_BY_ALL: usize = 256;
/// Control sockets at a time, the one without a name included.
pub const MOST_SOCKETS: usize = 16;
/// Patterns of names that limit one connection (`conn.restrict`).
pub const MOST_PATTERNS: usize = 16;
/// Seconds that a passed descriptor may wait to be taken. Those that are taken are taken within the
/// piece of the stream that they came with; one that waits longer waits for the end of a line that
/// does not come.
pub const PASSED_SECONDS: u32 = 30;

/// The longest message of a service that is heard (sd_notify(3)): more than systemd takes.
pub const NOTICE_BYTES: usize = 4096;
/// The most descriptors that come with a message: more than the kernel passes (SCM_MAX_FD, unix(7)).
pub const NOTICE_FDS: usize = 256;

/// Descriptors that a service may store (`fdstore=`).
pub(crate) const MOST_STORED: usize = 64;
/// The highest descriptor that `ready=fd:N` can name.
pub(crate) const HIGHEST_READY: usize = 255;

/// Timers that a connection may have at a time (`conn.timer`).
pub const MOST_TIMERS: usize = 16;

/// Seconds after the end of a service in which its controller connection may get what it is owed,
/// and in which what the service had sent is executed.
pub const ENDING_SECONDS: u32 = 5;

/// Seconds after which a blocked controller's output is thrown away (`conn.event_timeout`).
pub const RESET_SECONDS: u32 = 15;
/// Seconds after which a blocked controller is closed (`conn.event_timeout`).
pub const CLOSE_SECONDS: u32 = 30;
/// Seconds between two attempts to start a service when no process could be made.
pub const SPAWN_RETRY_SECONDS: u32 = 3;
/// Seconds between two starts (`service.auto_up`) if none were ever given.
pub const DEFAULT_INTERVAL: u32 = 5;
/// How far back a time of `service.start` may lie and still mean "now", in seconds.
pub const START_IN_PAST_SECONDS: i64 = 100_000;
/// Bytes of log that wait while it cannot be written.
pub const LOG_BUFFER: usize = 1024;
/// Milliseconds between two attempts to write to a log that refuses.
pub const LOG_RETRY_MILLIS: u64 = 500;

/// A fixed number of objects, allocated at start (`--service-pool`, `--fd-pool`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// How many.
    pub count: usize,
    /// Bytes of text that each of them can hold.
    pub bytes: usize,
}

/// The sizes that are fixed at the start.
#[derive(Copy, Clone, Debug)]
pub struct Limits {
    /// Bytes of a line, its LF included.
    pub max_line: usize,
    /// Room for exactly this many services, or for as many as memory allows.
    pub services: Option<Pool>,
    /// Room for exactly this many descriptors, or for as many as the kernel allows.
    pub fds: Option<Pool>,
    /// Room for exactly this many controllers from outside, allocated at the start, and for a
    /// quarter more that are services.
    pub controllers: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_line: DEFAULT_MAX_LINE, services: None, fds: None, controllers: None }
    }
}

impl Limits {
    /// Whether to take all memory at the start.
    pub fn is_fixed(&self) -> bool {
        self.services.is_some() || self.fds.is_some() || self.controllers.is_some()
    }

    /// How many controllers from outside there may be.
    pub(crate) fn outside_controllers(&self) -> usize {
        self.controllers.unwrap_or(MAX_CONTROLLERS)
    }

    /// How many controllers there may be at all. A quarter of the places is only for services, so
    /// that nobody outside can keep a controller from being started.
    pub fn all_controllers(&self) -> usize {
        self.outside_controllers() + self.outside_controllers().div_ceil(4)
    }

    /// Bytes of a controller's outbox. One command may cause several lines (`service.pipe`: six,
    /// three of which may be long), so a command is only executed while [`Self::reserve`] is free.
    pub fn outbox(&self) -> usize {
        8 * self.max_line
    }

    /// What must be free in an outbox before the next command is executed.
    pub fn reserve(&self) -> usize {
        4 * self.max_line
    }
}
