//! The world of a state machine that is not there: descriptors, children and a log that exist only
//! here, a virtual clock, and failures by order.
//!
//! - A descriptor's number is never given out twice, so that a use after close and a second close
//!   are noticed. What the state machine should not have done is kept in [`World::fault`].
//! - The holders of each descriptor are counted, whoever inherited it included, so that a reader
//!   gets its end of file when the last writer has closed, and not before.
//! - Whatever is written to a descriptor is kept; it can be made to take nothing, only some, or to
//!   fail.
//! - Children may have others in their group, who live on without them.
//! - SIGCHLD is told once, however many have ended since; and of several zombies the oldest is
//!   shown first.
//!
//! Such a world is played: nothing happens by itself, a child ends when the test says so, and what
//! goes out to the world is noted down in [`World::calls`], as a line of text each. In a
//! [lively](World::lively) one the programs do something, as random histories need it, and pids are
//! given out again as soon as they are free, as on a busy machine.
//!
//! [`name_standard`] and [`turn`] are the loop of the daemon around it.

mod behaviour;
mod child;
mod children;
mod faults;
mod file;
mod files;
mod op;
mod others;
mod system;
mod turn;
mod upgrade;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use daemonproxy_core::{Credentials, Ended, Fd, Monotonic, Pid, Process};
use daemonproxy_protocol::Fields;

pub use child::ExecEnd;
pub use file::{End, File, Output};
pub use op::{ERRORS, Op};
pub use turn::{hear_exec_ends, name_standard, turn};
pub use upgrade::{upgrade, upgrade_if_asked};

use behaviour::Behaviour;
use child::{Child, Other};
use faults::Faults;

/// The user that all services run as.
pub const USER: u32 = 1000;

/// Which numbers new children get.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Pids {
    /// One after the other.
    InOrder,
    /// Out of order, and used again.
    UsedAgain,
}

/// See the top of this file.
pub struct World {
    /// The time.
    pub now: Monotonic,
    /// What the state machine should not have done; the first one counts. It begins with one word
    /// for its kind, and a colon.
    pub fault: Option<String>,
    /// What was asked of it, in words.
    pub calls: Vec<String>,
    /// The daemon's ends of all connections that were ever made.
    pub connections: Vec<Fd>,
    /// Who connects to the control socket, as far as that is known.
    pub peer: Option<Credentials>,
    /// The number of the next child, in a world that is played.
    pub next_pid: i32,
    /// The execution of this many programs to come takes until [`World::end_exec`].
    pub exec_hangs: u32,
    /// How long the machine has slept so far.
    pub slept: Duration,
    /// Which children could not be executed; whoever checks that this is told takes them out.
    pub untold: Vec<u64>,
    /// How many children were made.
    made: u64,
    /// How children have ended, as it was reported.
    pub told: Vec<(Pid, Ended)>,
    /// How often all processes were looked at.
    pub looks: usize,
    /// Called with true when the world begins to work for the state machine, with false after that.
    pub watch: fn(bool),
    /// The daemon is process 1: all of them are to be gone when it leaves.
    pub is_namespace: bool,
    /// Services can have cgroups.
    pub has_cgroups: bool,
    /// Everything that was done to it, in words, if somebody wants to compare that.
    pub trace: Option<Vec<String>>,
    faults: Faults,
    files: Vec<File>,
    /// What the daemon wants to be told of when it can be read.
    watched: BTreeSet<Fd>,
    /// In the order in which they were made; but for some, only those that were not reaped.
    children: Vec<Child>,
    directory: Vec<u8>,
    others: Vec<Other>,
    last_other: i32,
    /// It was once not possible to look at all processes.
    was_blind: bool,
    exec_ends: VecDeque<ExecEnd>,
    /// A child has ended since this was last looked at.
    /// As one SIGCHLD has it: the first child that has ended since the last was taken.
    sigchld: Option<Pid>,
    look: Vec<Process>,
    pids: Pids,
    /// What a program with these arguments does, in a lively world.
    behave: Option<fn(Fields<'_>) -> Behaviour>,
}

impl World {
    /// An empty one, at this time, in which nothing happens by itself.
    pub fn new(now: Monotonic) -> Self {
        Self {
            now,
            fault: None,
            calls: Vec::new(),
            connections: Vec::new(),
            peer: None,
            next_pid: 100,
            exec_hangs: 0,
            slept: Duration::ZERO,
            untold: Vec::new(),
            made: 0,
            told: Vec::new(),
            looks: 0,
            watch: |_| {},
            is_namespace: false,
            has_cgroups: false,
            trace: None,
            faults: Faults::default(),
            files: Vec::new(),
            watched: BTreeSet::new(),
            children: Vec::new(),
            directory: b"/".to_vec(),
            others: Vec::new(),
            last_other: 0,
            was_blind: false,
            exec_ends: VecDeque::new(),
            sigchld: None,
            look: Vec::new(),
            pids: Pids::InOrder,
            behave: None,
        }
    }

    /// An empty one, in which programs do what their arguments say.
    pub fn lively(now: Monotonic) -> Self {
        let pids = Pids::UsedAgain;
        Self { pids, next_pid: 37, behave: Some(Behaviour::of), ..Self::new(now) }
    }

    /// Makes the next `times` of this fail.
    pub fn fail(&mut self, op: Op, errno: i32, times: u32) {
        self.faults.order(op, errno, times);
    }

    /// Whether the next of this fails.
    pub fn is_to_fail(&self, op: Op) -> bool {
        self.faults.is_ordered(op)
    }

    /// Nothing more goes wrong, or slowly.
    pub fn be_kind(&mut self) {
        self.faults = Faults::default();
        self.exec_hangs = 0;
        self.be_fast();
    }

    /// Notes down a call, in a world that is played.
    fn note(&mut self, call: impl FnOnce(&Self) -> String) {
        if self.behave.is_some() && self.trace.is_none() {
            return;
        }
        let call = call(self);
        if let Some(trace) = &mut self.trace {
            trace.push(call.clone());
        }
        if self.behave.is_none() {
            self.calls.push(call);
        }
    }

    fn blame(&mut self, fault: impl FnOnce() -> String) {
        self.fault.get_or_insert_with(fault);
    }
}
