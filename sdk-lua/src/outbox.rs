//! Commands that the daemon has not read yet: as much as there is room for, and no more.

use nix::errno::Errno;

use daemonproxy_client::Channel;

/// Bytes that may wait. A daemon that reads leaves far less waiting; one that does not must not
/// make us grow.
const LIMIT: usize = 1 << 20;
/// Memory that is kept when nothing waits.
const KEPT: usize = 1 << 14;
/// From here on, some of it is written unasked.
const MUCH: usize = 1 << 14;

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    bytes: Vec<u8>,
    /// How many bytes are already written.
    written: usize,
}

impl Outbox {
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether it is time to write some, before there is no room left.
    pub(crate) fn has_much(&self) -> bool {
        self.bytes.len() - self.written >= MUCH
    }

    /// Adds a line. False if there is no room.
    #[must_use]
    pub(crate) fn push(&mut self, line: &[u8]) -> bool {
        if self.bytes.len() - self.written + line.len() >= LIMIT {
            return false;
        }
        if self.written >= KEPT {
            self.bytes.drain(..self.written);
            self.written = 0;
        }
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
        true
    }

    /// Writes what can be written. EAGAIN if there is more than that.
    pub(crate) fn write_to(&mut self, channel: &Channel) -> nix::Result<()> {
        while self.written < self.bytes.len() {
            match channel.write(&self.bytes[self.written..]) {
                Ok(0) => return Err(Errno::EAGAIN),
                Ok(n) => self.written += n,
                Err(error) => return Err(error),
            }
        }
        self.clear();
        Ok(())
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.written = 0;
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_and_the_rest_kept() {
        let mut outbox = Outbox::default();
        let line = [b'x'; 1023];
        let taken = (0..2000).take_while(|_| outbox.push(&line)).count();
        assert_eq!(taken, LIMIT / 1024);
        assert!(!outbox.push(&line));
        assert_eq!(outbox.bytes.len(), taken * 1024);
    }
}
