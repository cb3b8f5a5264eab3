//! What holds whenever there is nothing left to do at once.

use daemonproxy_core::Pid;

use super::{Machine, OBSERVER, name};

impl Machine {
    /// What holds whenever there is nothing left to do at once.
    pub(super) fn check_all(&mut self) -> Result<(), String> {
        if self.left.is_some() {
            return Ok(());
        }
        self.ordered = false;
        if !self.shutting_down {
            self.restarts.check()?;
            self.check_main()?;
        }
        self.check_children()?;
        self.check_late()?;
        if !self.shutting_down {
            self.alive.check(&self.view, self.now)?;
        }
        self.check_streams()?;
        self.forget_what_is_over();
        if !self.shutting_down {
            let boottime = self.boottime();
            self.deadman.check(&self.view, boottime)?;
        }
        Ok(())
    }

    /// Exactly those services have a process that are up.
    fn check_children(&mut self) -> Result<(), String> {
        let world = self.proxy.sys();
        if world.child_count() != self.up.len() {
            let (children, up) = (world.child_count(), self.up.len());
            return Err(format!("children: there are {children}, and {up} services are up"));
        }
        if let Some((name, pid)) = self.up.iter().find(|(_, pid)| !world.has_child(Pid(*pid))) {
            let name = String::from_utf8_lossy(name);
            return Err(format!("children: {name} is up as pid {pid}, which is not there"));
        }
        Ok(())
    }

    /// Everybody has heard everything, if he listens.
    fn check_streams(&mut self) -> Result<(), String> {
        for at in 0..self.streams.len() {
            let slow = !self.reads(at);
            self.streams[at].slow = slow;
            self.settle(at, slow);
            if at == OBSERVER || slow || !self.streams[at].hears || !self.is_live(at) {
                continue;
            }
            let unread = self.connection(at).unread();
            if unread == 0 {
                self.streams[at].timers.check(self.now)?;
            }
            let stream = &self.streams[at];
            if !stream.is_up_to_date(&self.news) {
                return Err(format!("lost-news: {} has not heard everything", name(at)));
            }
            if unread == 0 && !stream.is_answered() {
                return Err(format!("lost-echo: {} waits for one", name(at)));
            }
        }
        Ok(())
    }

    /// If no command is under way any more, nothing is started because of one that was not told yet,
    /// and a start that was cancelled before a service was up has nothing to do with the next.
    fn forget_what_is_over(&mut self) {
        if (0..self.streams.len()).any(|at| self.may_send_on(at)) {
            return;
        }
        self.unclear = false;
        let Self { up, cancelled, .. } = self;
        cancelled.retain(|name| !up.iter().any(|(up, _)| up == name));
    }

    /// Whether something that was sent on a connection may be carried out later.
    fn may_send_on(&mut self, at: usize) -> bool {
        let slow = self.streams[at].slow;
        let connection = self.connection(at);
        connection.is_open && (slow || connection.peer_gone || connection.unread() > 0)
    }

    /// What one of them has sent was carried out, if nothing stands in the way.
    fn settle(&mut self, at: usize, slow: bool) {
        if !self.is_live(at) {
            self.deadman.settle(at, false);
        } else if !slow && self.connection(at).unread() == 0 {
            self.deadman.settle(at, !self.streams[at].rights.asked);
        }
    }
}
