//! The loop of the daemon, and its clock.

use daemonproxy_core::{Monotonic, System};
use daemonproxy_testing::world;

use super::{MANY, Machine};
use crate::sim::history::Upgrades;

/// An upgrade at every step is at one of this many turns, in turn.
const TURNS: usize = 4;

impl Machine {
    pub(super) fn set_time(&mut self, now: Monotonic) {
        self.now = now;
        self.proxy.sys().now = now;
    }

    /// The clock that goes on while the machine sleeps.
    pub(super) fn boottime(&mut self) -> Monotonic {
        self.proxy.sys().boottime()
    }

    pub(super) fn advance_to(&mut self, end: Monotonic) -> Result<(), String> {
        for _ in 0..MANY {
            if self.left.is_some() {
                return Ok(());
            }
            self.pump()?;
            match self.proxy.deadline().filter(|&at| at <= end) {
                Some(at) => self.set_time(at.max(self.now)),
                None => {
                    self.set_time(end);
                    return Ok(());
                }
            }
        }
        Err("circles: the clock does not get on".to_owned())
    }

    pub(super) fn pump(&mut self) -> Result<(), String> {
        self.see_left_over();
        self.alive.heard(self.now);
        let boottime = self.boottime();
        self.deadman.turn(boottime);
        self.upgrade_at = (self.upgrade_at + 1) % TURNS;
        for turn in 0..MANY {
            if self.left.is_some() {
                return Ok(());
            }
            let mut more = self.proxy.run(self.now);
            if let Some(fd) = self.proxy.missed() {
                return Err(format!("deaf: a service waits for {fd:?}, which is not watched"));
            }
            more |= world::upgrade_if_asked(&mut self.proxy);
            self.upgrade(turn);
            if let Some(leave) = self.proxy.leave() {
                self.proxy.farewell();
                self.left = Some(leave);
                self.listen()?;
                return self.check_leave(leave);
            }
            self.listen()?;
            let due = self.proxy.deadline().is_some_and(|at| at <= self.now);
            if !self.handle()? && !more && !due {
                if turn < self.upgrade_at {
                    self.upgrade(self.upgrade_at);
                }
                return Ok(());
            }
        }
        Err("circles: there is always something more to do".to_owned())
    }

    /// It is this turn of a step. After the last of a step that has fewer than [`TURNS`], it is
    /// another one.
    fn upgrade(&mut self, turn: usize) {
        let rewrite = match self.upgrades {
            Upgrades::Never => return,
            Upgrades::EveryStep if turn != self.upgrade_at => return,
            Upgrades::EveryStep => false,
            Upgrades::EveryTurn => true,
        };
        world::upgrade(&mut self.proxy, rewrite);
    }

    /// What happens after a poll(). Returns whether anything has happened.
    fn handle(&mut self) -> Result<bool, String> {
        let someone_connects = self.proxy.listeners().next().is_some() && !self.backlog.is_empty();
        let signals = std::mem::take(&mut self.signals);
        let now = self.now;
        let any = world::turn(&mut self.proxy, now, self.piece, |proxy| {
            for &signal in &signals {
                proxy.signalled(signal, now);
            }
            let sigchld = proxy.sys().take_sigchld();
            if sigchld.is_some() {
                proxy.children_ended(sigchld, now);
            }
            sigchld.is_some() || !signals.is_empty()
        });
        if someone_connects {
            self.proxy.run(self.now);
            let listener = self.proxy.listeners().next();
            if let Some(listener) = listener {
                self.listen()?;
                for fd in std::mem::take(&mut self.backlog) {
                    self.accept(listener, fd);
                }
            }
        }
        Ok(any || someone_connects)
    }
}
