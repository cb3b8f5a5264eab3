//! Descriptors that controllers passed (SCM_RIGHTS, unix(7)) and no command has taken yet.
//!
//! A passed descriptor belongs to the line it came with. All that the kernel says is which piece of
//! the stream it came with; so it waits while the lines of that piece are executed, goes to the
//! first `fd.take` among them that has no other, and is closed when the last of them has been
//! executed. One that waits for the end of a line that does not come is closed after a time. There
//! is one list for all controllers, made at the start, so controllers that pass descriptors without
//! taking them cannot fill the daemon, however many they are.

use daemonproxy_protocol::Fields;

use crate::connection::controller::ControllerId;
use crate::limits::{MOST_PASSED, MOST_PASSED_BY_ALL, PASSED_SECONDS};
use crate::memory::{Reserved, at_start};
use crate::system::{Fd, Monotonic, System};
use crate::upgrade::state::{Carried, Read, Writer, Wrong, carried};

struct Waiting {
    whose: ControllerId,
    fd: Fd,
    /// Where in the stream its piece begins and ends.
    begin: u64,
    end: u64,
    /// The deadline for taking it.
    until: Monotonic,
}

carried!(Waiting, as in Waiting::NONE, carries whose fd begin end until, but not);

impl Waiting {
    const NONE: Self = Self {
        whose: ControllerId(0),
        fd: Fd(-1),
        begin: 0,
        end: 0,
        until: Monotonic::from_nanos(0),
    };
}

/// Those that wait, in the order in which they came.
pub(crate) struct Passed {
    waiting: Vec<Waiting>,
}

impl Passed {
    pub(crate) fn new() -> Self {
        Self { waiting: at_start(MOST_PASSED_BY_ALL) }
    }

    pub(crate) fn write_state(&self, to: &mut Writer) {
        let Self { waiting } = self;
        for one in waiting {
            to.begin(b"resume.passed");
            one.save(to);
            to.end();
        }
    }

    /// Takes a line about one of them.
    pub(crate) fn read_one<'a>(&mut self, fields: Fields<'a>) -> Read<'a> {
        let mut one = Waiting::NONE;
        one.load(fields)?;
        self.waiting.try_reserve(1).map_err(|_| Wrong::NoRoom)?;
        self.waiting.put(one);
        Ok(())
    }

    /// `fd` came with the bytes from `begin` to `end` of the stream.
    pub(crate) fn arrived(
        &mut self,
        whose: ControllerId,
        fd: Fd,
        (begin, end): (u64, u64),
        sys: &mut impl System,
        now: Monotonic,
    ) {
        if self.waiting.iter().filter(|waiting| waiting.whose == whose).count() == MOST_PASSED {
            sys.close(fd);
            return;
        }
        if self.waiting.len() == MOST_PASSED_BY_ALL {
            sys.close(self.waiting.remove(0).fd);
        }
        let until = now.plus_seconds(PASSED_SECONDS);
        self.waiting.put(Waiting { whose, fd, begin, end, until });
    }

    /// The descriptor for a line that ends at `line_end`.
    pub(crate) fn take(&mut self, whose: ControllerId, line_end: u64) -> Option<Fd> {
        let place = self.waiting.iter().position(|waiting| waiting.whose == whose)?;
        (self.waiting[place].begin < line_end).then(|| self.waiting.remove(place).fd)
    }

    /// Everything up to `consumed` has been executed: descriptors that came with it can no longer
    /// be taken.
    pub(crate) fn expire(&mut self, whose: ControllerId, consumed: u64, sys: &mut impl System) {
        self.close_if(sys, |waiting| waiting.whose == whose && waiting.end <= consumed);
    }

    /// The connection is closed.
    pub(crate) fn close_all(&mut self, whose: ControllerId, sys: &mut impl System) {
        self.close_if(sys, |waiting| waiting.whose == whose);
    }

    /// Closes those that have waited too long. Returns whether there were any.
    pub(crate) fn close_late(&mut self, sys: &mut impl System, now: Monotonic) -> bool {
        let before = self.waiting.len();
        self.close_if(sys, |waiting| waiting.until <= now);
        self.waiting.len() < before
    }

    /// When the next one has waited too long.
    pub(crate) fn deadline(&self) -> Option<Monotonic> {
        self.waiting.first().map(|waiting| waiting.until)
    }

    fn close_if(&mut self, sys: &mut impl System, is_over: impl Fn(&Waiting) -> bool) {
        self.waiting.retain(|waiting| {
            let over = is_over(waiting);
            if over {
                sys.close(waiting.fd);
            }
            !over
        });
    }
}
