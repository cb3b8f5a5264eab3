//! What the supervisor *is*, without any syscall.
//!
//! [`Proxy`] is the whole state machine. It is told what happened (`bytes from controller 3`,
//! `child 4711 ended like this`, `signal`, `it is now T`) and answers by calling one trait,
//! [`System`]. There is no clock, no thread and no descriptor in here: time is an argument, a
//! descriptor is a number that only the [`System`] understands. So the same code runs in the daemon
//! and in a simulator with fake children and injected failures.
//!
//! Where to begin reading: `system.rs` (what the world can do for us), `proxy.rs` (the state, and
//! its turns), `dispatch.rs` (what can be asked), then the rooms, each of which opens with what
//! lives in it and who may come in: `service/`, `stop/`, `connection/`, `descriptor/`, `signal/`,
//! `log/`, `leave/`, `notify/`, `upgrade/`.

#![forbid(unsafe_code)]

mod connection;
mod descriptor;
mod dispatch;
mod leave;
pub mod limits;
mod log;
mod memory;
mod notify;
mod proxy;
mod refusal;
mod service;
mod signal;
mod sparse;
mod stop;
mod system;
mod table;
mod upgrade;

pub use connection::controller::{ControllerId, ControllerKind};
pub use connection::io::Interest;
pub use descriptor::kind::{FdKind, Peer, SpecialFd};
pub use leave::leaving::Leave;
pub use limits::{Limits, Pool};
pub use log::writer::LogWait;
pub use proxy::Proxy;
pub use system::{
    ChildFd, Credentials, Death, Direction, Ended, Errno, Fd, Monotonic, Notice, NotifyBy, Pid,
    Process, Readiness, SocketFailure, SocketFile, SocketStage, Spawn, SpawnFailure, SpawnStage,
    Spawned, System,
};
pub use upgrade::resume::{OutOfMemory, Trouble};
pub use upgrade::state::{Read, State, StateLine, Value, Writer, Wrong, digest, split};
