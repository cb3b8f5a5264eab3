//! How much there may be of everything, and how long it may take.

/// Bytes of a line, its LF included, unless the command line says otherwise: PIPE_BUF of Linux
/// (pipe(7)), so that a client's line of this length is written to a pipe in one piece.
pub const DEFAULT_MAX_LINE: usize = 4096;
/// The least that `--max-line` may ask for: whatever the daemon itself has to say (`service.state`, two
/// names, numbers) fits with room to spare. What a command would make longer is refused.
pub const MIN_MAX_LINE: usize = 512;
/// The most that `--max-line` may ask for: lengths of lists are kept in 16 bits.
pub const MAX_MAX_LINE: usize = 65536;

/// Bytes that one service of a pool has for its arguments, tags and fd names, unless told.
pub const DEFAULT_SERVICE_BYTES: usize = 512;
/// Bytes that one descriptor of a pool has for its path or address, unless told.
pub const DEFAULT_FD_BYTES: usize = 128;
/// `null`, three `control.*`, and the three standard ones: an fd pool cannot be smaller.
pub const MIN_FDS: usize = 7;
/// The most objects a pool may ask for: a number that a machine can have memory for.
pub const MAX_POOL: usize = 1_000_000;
/// The most controllers from outside at a time, when no pool was asked for.
pub const MAX_CONTROLLERS: usize = 1024;

/// Descriptors that a controller may have passed and not yet taken; more are closed at once.
pub const MOST_PASSED: usize = 32;
/// The same for all controllers together; the one that has waited longest makes room for the next.
pub const MOST_PASSED_BY_ALL: usize = 256;
/// Seconds that a passed descriptor may wait to be taken. Those that are taken are so within the piece of
/// the stream that they came with; what waits longer waits for the end of a line that does not come.
pub const PASSED_SECONDS: u32 = 30;

/// Seconds after the end of a service in which its controller connection may get what it is owed, and in
/// which what the service had sent is executed.
pub const ENDING_SECONDS: u32 = 5;

/// Seconds after which a blocked controller's output is thrown away (`conn.event_timeout`).
pub const RESET_SECONDS: u32 = 15;
/// Seconds after which a blocked controller is closed (`conn.event_timeout`).
pub const CLOSE_SECONDS: u32 = 30;
/// Seconds between two attempts to start a service when no process could be made.
pub const SPAWN_RETRY_SECONDS: u32 = 3;
/// Seconds between two starts (`service.auto_up`) when nobody ever said.
pub const DEFAULT_INTERVAL: u32 = 5;
/// How far back a time of `service.start` may lie and still mean "now", in seconds.
pub const START_IN_PAST_SECONDS: i64 = 100_000;
/// Bytes of log that wait while it cannot be written.
pub const LOG_BUFFER: usize = 1024;
/// Milliseconds between two attempts to write a log that refuses.
pub const LOG_RETRY_MILLIS: u64 = 500;

/// A fixed number of objects, allocated at start (`--service-pool`, `--fd-pool`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// How many.
    pub count: usize,
    /// Bytes of text each of them may hold.
    pub bytes: usize,
}

/// The sizes that are settled at start.
#[derive(Copy, Clone, Debug)]
pub struct Limits {
    /// Bytes of a line, its LF included.
    pub max_line: usize,
    /// Room for exactly so many services, or as memory allows.
    pub services: Option<Pool>,
    /// Room for exactly so many descriptors, or as the kernel allows.
    pub fds: Option<Pool>,
    /// Room for exactly so many controllers from outside, allocated at start, and for a quarter more that
    /// are services.
    pub controllers: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_line: DEFAULT_MAX_LINE, services: None, fds: None, controllers: None }
    }
}

impl Limits {
    /// Whether all memory is to be taken at start.
    pub fn is_fixed(&self) -> bool {
        self.services.is_some() || self.fds.is_some() || self.controllers.is_some()
    }

    /// How many controllers from outside there may be.
    pub(crate) fn outside_controllers(&self) -> usize {
        self.controllers.unwrap_or(MAX_CONTROLLERS)
    }

    /// How many controllers there may be at all. A quarter of the places is for services alone, so that
    /// nobody outside can keep a controller from being started.
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
