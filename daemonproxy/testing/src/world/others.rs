//! Those who are in the group of a child, or have left it.

use daemonproxy_core::{Ended, Fd, Pid, Process};
use daemonproxy_protocol::{Kill, Signal};

use super::World;
use super::behaviour::Manners;
use super::child::{Life, Other};

/// The session of the daemon.
const SESSION: Pid = Pid(1);

impl World {
    /// From now on this many others live in the group of a child, and do nothing by themselves.
    pub fn set_others(&mut self, group: Pid, count: usize) {
        self.replace_others((Some(group), None), count, false);
    }

    /// From now on this many others in the group of a child have ended and were not reaped.
    pub fn set_zombies(&mut self, group: Pid, count: usize) {
        self.replace_others((Some(group), None), count, true);
    }

    /// From now on this many others live in the session of a child, in groups of their own.
    pub fn set_session(&mut self, session: Pid, count: usize) {
        self.replace_others((None, Some(session)), count, false);
    }

    /// From now on this many others live in the cgroup of a service, wherever else they are.
    pub fn set_cgroup(&mut self, service: &str, count: usize) {
        let is_in = |other: &Other| other.cgroup.as_deref() == Some(service.as_bytes());
        while let Some(at) = self.others.iter().position(is_in) {
            self.end_other(at);
        }
        let cgroup = Some(service.as_bytes().to_vec());
        (0..count).for_each(|_| {
            self.push_other(Other { cgroup: cgroup.clone(), ..Other::played() });
        });
    }

    /// Whether anybody lives in the cgroup of a service.
    pub fn has_cgroup_members(&self, service: &[u8]) -> bool {
        let is_it = |cgroup: &Option<Vec<u8>>| cgroup.as_deref() == Some(service);
        self.children.iter().any(|child| child.is_alive() && is_it(&child.cgroup))
            || self.others.iter().any(|other| !other.is_zombie && is_it(&other.cgroup))
    }

    /// Whether something has happened in a cgroup since this was last read.
    pub(super) fn has_cgroup_changed(&mut self, watch: Fd) -> bool {
        let Some((service, seen)) = self.used(watch).cgroup.clone() else { return false };
        self.has_cgroup_members(&service) != seen
    }

    /// Whether this is a child, or was one and has others in its group or session.
    pub fn is_known(&self, group: Pid) -> bool {
        self.position(group).is_some()
    }

    fn replace_others(
        &mut self,
        (group, session): (Option<Pid>, Option<Pid>),
        count: usize,
        is_zombie: bool,
    ) {
        let of = group.or(session);
        assert!(of.is_some_and(|of| self.is_known(of)), "there is no child {of:?}");
        for _ in 0..count {
            self.push_other(Other { group, session, is_zombie, ..Other::played() });
        }
        let mut rest = self.others.len();
        let mut more = count;
        // The new ones are the last.
        while rest > 0 {
            rest -= 1;
            let other = &self.others[rest];
            if (other.group, other.session, other.is_zombie) == (group, session, is_zombie) {
                match more.checked_sub(1) {
                    Some(less) => more = less,
                    None => self.end_other(rest),
                }
            }
        }
    }

    pub(super) fn push_other(&mut self, other: Other) {
        self.last_other += 1;
        self.others.push(Other { id: self.last_other, ..other });
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
            let Other { group, session, .. } = self.others[at];
            self.others[at].to_stop |= group.or(session).is_some_and(|pid| self.has_child(pid));
        }
    }

    /// From now on the stop of this child, which runs or has run this service, is about these
    /// others; with `kill=cgroup`, of a child in a cgroup. `begins`: the stop does with this, and is
    /// about what earlier runs have left in the cgroup, too.
    pub fn set_kill(&mut self, child: Pid, service: &[u8], kill: Kill, begins: bool) {
        let in_cgroup = self.position(child).is_some_and(|at| self.children[at].cgroup.is_some());
        let (lives, blind) = (self.has_child(child), self.was_blind);
        for other in &mut self.others {
            let near = other.group == Some(child) || other.session == Some(child);
            let inside = other.cgroup.as_deref() == Some(service);
            if near || inside {
                other.by_cgroup = inside && kill == Kill::Cgroup && (in_cgroup || !lives);
                // Of a run that has ended, only the group is known; and what its stop was not about
                // when it ended, or is not about any more, is not stopped later.
                let of_group = other.group == Some(child) && !blind;
                let counts = begins || other.to_stop;
                other.to_stop = match kill {
                    Kill::Main => false,
                    Kill::Cgroup if in_cgroup => inside,
                    Kill::Group | Kill::Cgroup if lives => near,
                    Kill::Cgroup => (of_group || inside) && counts,
                    Kill::Group => of_group && counts,
                };
            }
        }
    }

    /// How many should be gone when the daemon leaves. Without a look at all processes, it cannot
    /// know of those that are in other groups.
    pub fn left_over(&self) -> usize {
        if self.is_namespace {
            let others = self.others.iter().filter(|other| !other.is_zombie).count();
            return self.child_count() + others;
        }
        let can_be_seen =
            |other: &&Other| other.group.is_some() || other.by_cgroup || !self.was_blind;
        let others = self.others.iter().filter(|other| other.to_stop).filter(can_be_seen).count();
        self.child_count() + others
    }

    /// Whether somebody is in the group or the session of that number.
    pub fn is_number_of_others(&self, number: Pid) -> bool {
        let is = Some(number);
        self.others.iter().any(|other| other.group == is || other.session == is)
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
        for number in other.group.into_iter().chain(other.session) {
            if !self.is_number_of_others(number) {
                self.children.retain(|child| child.pid != number || child.life != Life::Reaped);
            }
        }
    }

    /// What a signal does to the others of a group.
    pub(super) fn signal_others(&mut self, group: Pid, signal: Signal) {
        self.signal_each(signal, |other| other.group == Some(group));
    }

    /// What it does to this one.
    pub(super) fn signal_other(&mut self, pid: Pid, signal: Signal) {
        self.signal_each(signal, |other| other.pid() == pid);
    }

    /// What it does to those of a cgroup.
    pub(super) fn signal_others_in(&mut self, cgroup: &[u8], signal: Signal) {
        self.signal_each(signal, |other| other.cgroup.as_deref() == Some(cgroup));
    }

    /// What it does to all of them.
    pub(super) fn signal_everybody_else(&mut self, signal: Signal) {
        self.signal_each(signal, |_| true);
    }

    fn signal_each(&mut self, signal: Signal, gets_it: impl Fn(&Other) -> bool) {
        let mut at = 0;
        while let Some(other) = self.others.get_mut(at) {
            if gets_it(other) && !other.is_zombie {
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
            session: if child.leads_session { child.pid } else { SESSION },
            is_near: !child.leads_session,
            is_child: true,
            is_zombie: child.is_zombie(),
        }));
        self.look.extend(self.others.iter().map(|other| Process {
            pid: other.pid(),
            group: other.group.unwrap_or(other.pid()),
            session: other.session.unwrap_or(SESSION),
            is_near: other.session.is_none(),
            is_child: false,
            is_zombie: other.is_zombie,
        }));
        self.look.sort_by_key(|process| std::cmp::Reverse(process.pid));
    }
}

impl Other {
    /// One that does nothing by itself.
    pub(super) fn played() -> Self {
        Self {
            id: 0,
            group: None,
            session: None,
            cgroup: None,
            does: Manners::Played,
            fds: Vec::new(),
            is_zombie: false,
            to_stop: false,
            by_cgroup: false,
        }
    }

    /// A number that nobody else has, on both sides of everybody else's.
    fn pid(&self) -> Pid {
        Pid(if self.id % 2 == 0 { 50_000 + self.id } else { -self.id })
    }
}
