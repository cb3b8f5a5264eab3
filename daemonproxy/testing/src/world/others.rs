//! Those who are in the group of a child, or have left it.

use daemonproxy_core::{Ended, Pid, Process};
use daemonproxy_protocol::Signal;

use super::World;
use super::behaviour::Manners;
use super::child::{Life, Other};

impl World {
    /// From now on this many others live in the group of a child, and do nothing by themselves.
    pub fn set_others(&mut self, group: Pid, count: usize) {
        self.replace_others(group, count, false);
    }

    /// From now on this many others in the group of a child have ended and were not reaped.
    pub fn set_zombies(&mut self, group: Pid, count: usize) {
        self.replace_others(group, count, true);
    }

    /// Whether this is a child, or was one and has others in its group.
    pub fn is_known(&self, group: Pid) -> bool {
        self.position(group).is_some()
    }

    fn replace_others(&mut self, group: Pid, count: usize, is_zombie: bool) {
        assert!(self.is_known(group), "there is no child {group:?}");
        let new = || Other {
            group: Some(group),
            does: Manners::Played,
            fds: Vec::new(),
            is_zombie,
            to_stop: false,
        };
        self.others.extend((0..count).map(|_| new()));
        let mut rest = self.others.len();
        let mut more = count;
        // The new ones are the last.
        while rest > 0 {
            rest -= 1;
            let other = &self.others[rest];
            if other.group == Some(group) && other.is_zombie == is_zombie {
                match more.checked_sub(1) {
                    Some(less) => more = less,
                    None => self.end_other(rest),
                }
            }
        }
    }

    /// The group of a child that ran this program, the latest of them.
    pub fn group(&self, program: &str) -> Pid {
        let mut children = self.children.iter().rev();
        let found = children.find(|child| child.program == program.as_bytes());
        found.unwrap_or_else(|| panic!("there is no {program}")).pid
    }

    /// The other that has been there longest ends. Returns whether there was one.
    pub fn end_oldest_other(&mut self) -> bool {
        let any = !self.others.is_empty();
        if any {
            self.end_other(0);
        }
        any
    }

    /// All children end, and everybody else.
    pub fn end_all(&mut self) {
        for at in 0..self.children.len() {
            self.end_at(at, Ended::Signal(Signal::KILL));
        }
        while self.end_oldest_other() {}
    }

    /// Whoever is in the group of a child now is to be gone when the daemon leaves.
    pub fn stop_begins(&mut self) {
        for at in 0..self.others.len() {
            let group = self.others[at].group;
            self.others[at].to_stop |= group.is_some_and(|pid| self.has_child(pid));
        }
    }

    /// How many should be gone when the daemon leaves.
    pub fn left_over(&self) -> usize {
        let others = self.others.iter().filter(|other| other.to_stop).count();
        self.child_count() + others
    }

    pub(super) fn has_member(&self, group: Pid) -> bool {
        self.others.iter().any(|other| other.group == Some(group))
    }

    fn end_other(&mut self, at: usize) {
        let other = self.others.remove(at);
        for fd in other.fds {
            self.release(fd);
        }
        // The last of a group whose leader was reaped: now there is nothing with that number.
        if let Some(group) = other.group
            && !self.has_member(group)
        {
            self.children.retain(|child| child.pid != group || child.life != Life::Reaped);
        }
    }

    /// What a signal does to the others of a group.
    pub(super) fn signal_others(&mut self, group: Pid, signal: Signal) {
        let mut at = 0;
        while let Some(other) = self.others.get_mut(at) {
            if other.group == Some(group) && !other.is_zombie {
                match other.does.after(signal) {
                    Some(does) => other.does = does,
                    None => {
                        self.end_other(at);
                        continue;
                    }
                }
            }
            at += 1;
        }
    }

    /// Everybody, as /proc has them.
    pub(super) fn look_around(&mut self) {
        self.looks += 1;
        self.look.clear();
        let there = self.children.iter().filter(|child| child.life != Life::Reaped);
        self.look.extend(there.map(|child| Process {
            pid: child.pid,
            group: child.pid,
            is_child: true,
            is_zombie: child.is_zombie(),
        }));
        // The others have numbers that nobody else has, on both sides of everybody else's.
        self.look.extend((1..).zip(&self.others).map(|(nth, other)| {
            let pid = Pid(if nth % 2 == 0 { 50_000 + nth } else { -nth });
            let is_zombie = other.is_zombie;
            Process { pid, group: other.group.unwrap_or(pid), is_child: false, is_zombie }
        }));
        self.look.sort_by_key(|process| std::cmp::Reverse(process.pid));
    }
}
