//! Brings a history to its end: a shutdown, or everything goes away and nothing may be left.

use daemonproxy_core::System;
use daemonproxy_testing::world::USER;

use super::leaving::{NEVER, PATIENCE};
use super::{Machine, OBSERVER};

/// About as many as there are.
const SERVICES: usize = 8;

impl Machine {
    /// One of the processes says this of itself.
    pub(super) fn tell(&mut self, nth: usize, uid: u32, said: &[u8], fds: usize) {
        let pid = self.proxy.sys().tell_nth(nth, uid, said, fds);
        self.alive.said(pid, said);
        if let Some(pid) = pid {
            self.note(|record| record.tell(pid.0, uid, said, fds));
        }
    }

    pub(super) fn shut_down(&mut self, [term, kill, flush]: [u32; 3]) -> Result<(), String> {
        let has_begun = self.shutting_down;
        let line = format!("terminate.shutdown\t{term}\t{kill}\t{flush}\n");
        self.send(OBSERVER, line.as_bytes(), 0);
        self.pump()?;
        if !self.shutting_down {
            // The guard is on.
            return Ok(());
        }
        // However much time they ask for, there is one deadline.
        for nth in 0..SERVICES {
            self.tell(nth, USER, b"EXTEND_TIMEOUT_USEC=3600000000", 0);
        }
        self.pump()?;
        // Where the guard is on, this has not shortened the times of one that has begun.
        let is_refused = has_begun && self.may_be_guarded;
        if is_refused {
            return self.wait_for_an_end_without_times();
        }
        self.wait_for_the_end([term, kill, flush])
    }

    /// The end of a shutdown of which it is not known that it was given any times.
    pub(super) fn wait_for_an_end_without_times(&mut self) -> Result<(), String> {
        if self.patience == NEVER {
            // Somebody may wait for as long as it takes.
            self.proxy.sys().end_all();
            self.pump()?;
            self.patience = PATIENCE;
        }
        self.wait_for_the_end([self.patience, 5, 5])
    }

    fn wait_for_the_end(&mut self, [term, kill, flush]: [u32; 3]) -> Result<(), String> {
        // However many services there are, and however they depend on each other.
        let most = 1_000 * (u64::from(term) + u64::from(kill + flush + 1));
        let end = self.now.plus_millis(most);
        while self.left.is_none() {
            if self.now >= end {
                return Err(format!("shutdown: not at its end after {most} ms"));
            }
            self.advance_to(self.now.plus_millis(500))?;
        }
        Ok(())
    }

    /// Everything goes away, and nothing may be left over.
    pub(super) fn clear_up(&mut self) -> Result<(), String> {
        self.note(|record| record.comment("everything goes away"));
        self.proxy.sys().be_kind();
        for at in 1..self.streams.len() {
            self.hang_up(at);
        }
        self.pump()?;
        if self.shutting_down && self.left.is_none() {
            // A controller that did not read had a shutdown to ask for.
            return self.wait_for_an_end_without_times();
        }
        let mut lines = Vec::new();
        for (name, _) in self.view.services() {
            for start in [b"service.auto_up\t".as_slice(), b"service.start\t"] {
                lines.extend_from_slice(start);
                lines.extend_from_slice(name);
                lines.extend_from_slice(b"\t-\n");
            }
        }
        self.send(OBSERVER, &lines, 0);
        self.pump()?;
        self.proxy.sys().end_all();
        self.pump()?;
        // What is left of a group is looked for once a second; until then a stop goes on.
        self.advance_to(self.now.plus_seconds(2))?;
        if self.left.is_some() {
            return Ok(());
        }
        let view = self.ask_dump()?;
        // What is half a line may have given a socket any name.
        let mut lines = b"socket.delete\n".to_vec();
        for line in view.settings() {
            let options = line.split(|&byte| byte == b'\t').nth(1).unwrap_or_default();
            let name = options.split(|&byte| byte == b',').find_map(|it| it.strip_prefix(b"name="));
            if let Some(name) = name.filter(|_| line.starts_with(b"socket.create\t")) {
                lines.extend_from_slice(&[b"socket.delete\t", name, b"\n"].concat());
            }
        }
        for (start, name) in
            (view.services().map(|(name, _)| (b"service.delete\t".as_slice(), name)))
                .chain(view.fds().map(|(name, _)| (b"fd.delete\t".as_slice(), name)))
        {
            lines.extend_from_slice(start);
            lines.extend_from_slice(name);
            lines.push(b'\n');
        }
        self.send(OBSERVER, &lines, 0);
        self.pump()?;
        let view = self.ask_dump()?;
        if self.left.is_some() {
            return Ok(());
        }
        let services = view.services().count();
        let fds = view.fds().count();
        if services > 0 || fds > 4 {
            return Err(format!("left-over: {services} services, {fds} descriptors"));
        }
        self.hang_up(OBSERVER);
        self.pump()?;
        if self.left.is_some() {
            return Ok(());
        }
        for fd in std::mem::take(&mut self.backlog) {
            self.proxy.sys().close(fd);
        }
        self.proxy.sys().drop_unread();
        let open = self.proxy.sys().open_files();
        if open != ["null"] {
            return Err(format!("leak: these are still open: {open:?}"));
        }
        self.proxy.sys().fault.take().map_or(Ok(()), Err)
    }
}
