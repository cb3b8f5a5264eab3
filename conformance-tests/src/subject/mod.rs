//! What a transcript is played against: a real daemon, or the state machine alone.

pub mod core;
pub mod daemon;

use daemonproxy_protocol::Signal;
use daemonproxy_testing::world::Op;

use crate::transcript::{End, Told};

/// The control socket that every daemon begins with, in its working directory.
pub const CONTROL: &str = "control";

/// The result of waiting for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// A line, without its LF.
    Line(Vec<u8>),
    /// The daemon has closed the connection; this many bytes came after the last LF.
    Closed(usize),
    /// Nothing, and nothing will come.
    Nothing,
}

/// A daemon, seen from outside. Connections have names; that of the main one is empty.
///
/// An `Err` is for the person who reads the report: it says what was tried and cannot be done.
pub trait Subject {
    /// The second of the monotonic clock.
    fn now(&self) -> i64;
    /// The program and arguments that `{relay}` stands for.
    fn relay(&self) -> Vec<String>;
    /// Sends bytes.
    fn send(&mut self, who: &str, bytes: &[u8]) -> Result<(), String>;
    /// The next line, as soon as there is one.
    fn next_line(&mut self, who: &str) -> Result<Got, String>;
    /// A child ends.
    fn reap(&mut self, pid: i32, end: &End) -> Result<(), String>;
    /// This many others of a child's process group live now.
    fn group(&mut self, pid: i32, others: u32) -> Result<(), String>;
    /// The daemon gets a signal.
    fn signal(&mut self, signal: Signal) -> Result<(), String>;
    /// Time passes.
    fn clock(&mut self, seconds: u32) -> Result<(), String>;
    /// The next such operation fails.
    fn fail(&mut self, op: Op, errno: i32) -> Result<(), String>;
    /// The execution of the next program takes its time.
    fn hang_exec(&mut self) -> Result<(), String>;
    /// It is over, for the child of this pid.
    fn end_exec(&mut self, pid: i32, errno: Option<i32>) -> Result<(), String>;
    /// The child of this pid says this of itself; nothing: it closes what it could say it on.
    fn tell(&mut self, pid: i32, told: &Told) -> Result<(), String>;
    /// The machine sleeps.
    fn sleep(&mut self, seconds: u32) -> Result<(), String>;
    /// A controller connects to the control socket.
    fn connect(&mut self, who: &str, path: &str) -> Result<(), String>;
    /// The service that was started last and is a controller gets a name.
    fn controller(&mut self, who: &str) -> Result<(), String>;
    /// A controller goes away.
    fn close(&mut self, who: &str) -> Result<(), String>;
    /// A controller stops sending.
    fn shut(&mut self, who: &str) -> Result<(), String>;
    /// A controller stops reading.
    fn stop(&mut self, who: &str) -> Result<(), String>;
    /// A controller reads again.
    fn resume(&mut self, who: &str) -> Result<(), String>;
    /// Sends bytes as far as that goes without reading; the rest when it is read.
    fn flood(&mut self, who: &str, bytes: &[u8]) -> Result<(), String>;
    /// The next line comes with a descriptor of this file.
    fn pass(&mut self, path: &str) -> Result<(), String>;
    /// The exit status with which the daemon has left; `None` if it has not.
    fn leaves(&mut self) -> Result<Option<i32>, String>;
    /// Whether this is in the log, as soon as it is.
    fn logs(&mut self, text: &[u8]) -> Result<bool, String>;
    /// Whether this is in a file, as soon as it is.
    fn content(&mut self, path: &str, text: &[u8]) -> Result<bool, String>;
    /// The log so far.
    fn log(&mut self) -> String;
}
