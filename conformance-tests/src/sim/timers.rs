//! The timers of one controller: each comes once, not before its time, and not later than that.
//!
//! When exactly a command is carried out is only known afterwards. So a timer is due no earlier
//! than if it had been set when its command was sent, and no later than if it had been set when
//! everything sent was carried out. Of two commands for the same name that could both be due, the
//! second may have replaced the first before that came, or may bring a second event.

use std::time::Duration;

use daemonproxy_core::Monotonic;

/// A command `conn.timer`, as far as it may still be in force.
struct Asked {
    name: Vec<u8>,
    delay: Option<Duration>,
    sent: Monotonic,
    /// By then it had been carried out.
    done: Option<Monotonic>,
    /// It may have come already: unheard, for there was an overflow since it was asked for, or as
    /// what was taken for an earlier one.
    perhaps_over: bool,
}

#[derive(Default)]
pub(super) struct Timers {
    asked: Vec<Asked>,
}

impl Timers {
    /// It is sent now.
    pub(super) fn ask(&mut self, name: &[u8], delay: Option<Duration>, now: Monotonic) {
        let name = name.to_vec();
        self.asked.push(Asked { name, delay, sent: now, done: None, perhaps_over: false });
    }

    /// The event has come.
    pub(super) fn came(&mut self, name: &[u8], now: Monotonic) -> Result<(), String> {
        let is_it = |asked: &Asked| {
            let is_due = asked.delay.is_some_and(|delay| asked.sent.plus(delay) <= now);
            asked.name == name && is_due
        };
        let shown = String::from_utf8_lossy(name);
        let at = self.asked.iter().position(is_it);
        let at = at.ok_or_else(|| format!("timer: {shown} came, and was not due"))?;
        // What was asked for before that was replaced by it.
        let mut nth = 0;
        self.asked.retain(|asked| {
            nth += 1;
            asked.name != name || nth > at + 1
        });
        // What was asked for after that may have replaced it, if it can have come so early.
        let others = self.asked.iter_mut().filter(|asked| is_it(asked));
        others.for_each(|asked| asked.perhaps_over = true);
        Ok(())
    }

    /// An overflow: not everything that was told was heard.
    pub(super) fn missed(&mut self) {
        self.asked.iter_mut().for_each(|asked| asked.perhaps_over = true);
    }

    /// All that was sent has been carried out, and all that was told has been read.
    pub(super) fn check(&mut self, now: Monotonic) -> Result<(), String> {
        let last = |at: usize, list: &[Asked]| {
            !list[at + 1..].iter().any(|later| later.name == list[at].name)
        };
        let mut at = 0;
        while at < self.asked.len() {
            if !last(at, &self.asked) || self.asked[at].delay.is_none() {
                self.asked.remove(at);
                continue;
            }
            let asked = &mut self.asked[at];
            let done = *asked.done.get_or_insert(now);
            let is_overdue = asked.delay.is_some_and(|delay| done.plus(delay) <= now);
            if is_overdue && !asked.perhaps_over {
                return Err(format!("timer: {} never came", String::from_utf8_lossy(&asked.name)));
            }
            if is_overdue {
                self.asked.remove(at);
            } else {
                at += 1;
            }
        }
        Ok(())
    }
}
