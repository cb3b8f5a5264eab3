//! What the supervisor *is*, without any syscall.
//!
//! [`Proxy`] is the whole state machine. It is fed with what happened (`bytes of controller 3`,
//! `child 4711 ended so`, `signal`, `it is now T`) and answers by calling one trait, [`System`].
//! There is no clock, no thread and no descriptor in here: time is an argument, a descriptor is a
//! number that only the [`System`] understands. So the same code runs in the daemon and in a
//! simulator with fake children and injected failures.
//!
//! Where to begin reading: `system.rs` (what the world can do for us), `proxy.rs` (what can happen),
//! `dispatch.rs` (what can be asked), then the state itself: `service.rs`, `fd.rs`, `signal.rs`,
//! `controller.rs`.

#![forbid(unsafe_code)]

mod controller;
mod dispatch;
mod due;
mod fd;
mod fd_commands;
mod fd_kind;
mod leave;
pub mod limits;
mod log;
mod logger;
mod outbox;
mod passed;
mod proxy;
mod refusal;
mod service;
mod service_commands;
mod session;
mod shutdown;
mod signal;
mod starting;
mod statedump;
mod stop_order;
mod system;
mod table;
mod tags;

pub use controller::{ControllerId, ControllerKind};
pub use fd_kind::{FdKind, Peer, SpecialFd};
pub use leave::Leave;
pub use limits::{Limits, Pool};
pub use log::LogWait;
pub use proxy::{Interest, Proxy};
pub use service::Ended;
pub use signal::is_received;
pub use system::{
    ChildFd, Direction, Errno, Fd, Monotonic, Pid, SocketFailure, SocketStage, Spawn, SpawnFailure,
    SpawnStage, Spawned, System,
};
