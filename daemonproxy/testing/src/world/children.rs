//! The children of a world: how they become programs, and how they end.

use daemonproxy_core::{Ended, Errno, Fd, Pid, SpawnFailure, SpawnStage};

use super::behaviour::{Behaviour, Manners, Place};
use super::child::{Child, ExecEnd, Life, Other};
use super::file::{End, Said};
use super::{Pids, World};

/// A child's end of the pipe on which it says that it is ready.
pub(super) const READY: &str = "ready theirs";

impl World {
    /// The live child that runs this program, the latest of them.
    pub fn pid(&self, program: &str) -> Pid {
        self.find_pid(program).unwrap_or_else(|| panic!("{program} does not run"))
    }

    /// The same, if there is any.
    pub fn find_pid(&self, program: &str) -> Option<Pid> {
        let mut children = self.children.iter().rev().filter(|child| child.is_alive());
        children.find(|child| child.program == program.as_bytes()).map(|child| child.pid)
    }

    /// The child that was made last, if it lives.
    pub fn latest(&self) -> Option<Pid> {
        self.children.last().filter(|child| child.is_alive()).map(|child| child.pid)
    }

    /// Whether this child lives.
    pub fn is_alive(&self, pid: Pid) -> bool {
        self.position(pid).is_some_and(|at| self.children[at].is_alive())
    }

    /// Whether this child lives, or has ended and was not reaped.
    pub fn has_child(&self, pid: Pid) -> bool {
        self.position(pid).is_some_and(|at| self.children[at].life != Life::Reaped)
    }

    /// How many children there are whose end has not been reported.
    pub fn child_count(&self) -> usize {
        let untold = |child: &&Child| !child.told && child.life != Life::Reaped;
        self.children.iter().filter(untold).count()
    }

    /// Whether anybody has ended and was not reaped.
    pub fn has_zombies(&self) -> bool {
        self.children.iter().any(Child::is_zombie)
    }

    /// The first child that has ended since the last question.
    pub fn take_sigchld(&mut self) -> Option<Pid> {
        self.sigchld.take()
    }

    pub(super) fn position(&self, pid: Pid) -> Option<usize> {
        self.children.iter().position(|child| child.pid == pid)
    }

    fn expect(&self, pid: Pid) -> usize {
        self.position(pid).unwrap_or_else(|| panic!("there is no child {pid:?}"))
    }

    /// Makes a child, which is the last of them.
    pub(super) fn add_child(&mut self, program: Vec<u8>, does: Behaviour, fds: Vec<Fd>) -> Pid {
        let pid = self.new_pid();
        let life = Life::Alive;
        self.made += 1;
        self.children.push(Child {
            pid,
            nth: self.made,
            program,
            does,
            leads_session: false,
            cgroup: None,
            life,
            told: false,
            fds,
            notify: None,
            exec: None,
        });
        pid
    }

    fn new_pid(&mut self) -> Pid {
        loop {
            let pid = match self.pids {
                Pids::InOrder => Pid(self.next_pid),
                Pids::UsedAgain => Pid(100 + self.next_pid),
            };
            self.next_pid = match self.pids {
                Pids::InOrder => self.next_pid + 1,
                Pids::UsedAgain => (self.next_pid + 37) % 101,
            };
            let is_used = self.position(pid).is_some() || self.is_number_of_others(pid);
            match self.pids {
                _ if !is_used => return pid,
                Pids::InOrder => panic!("{pid:?} is in use"),
                Pids::UsedAgain => {}
            }
        }
    }

    // Ends

    /// Ends a child; what only it had open has nobody at the other end any more.
    pub fn end(&mut self, pid: Pid, end: Ended) {
        let at = self.expect(pid);
        assert!(self.children[at].is_alive(), "{pid:?} has ended already");
        self.end_at(at, end);
    }

    /// Ends a child that leaves somebody behind who has everything open that it had.
    pub fn end_alone(&mut self, pid: Pid, end: Ended) {
        let at = self.expect(pid);
        self.add_other(at, Manners::Played, Place::Elsewhere);
        self.end(pid, end);
    }

    /// A child that the daemon never started ends (as PID 1 there are many).
    pub fn stranger_ends(&mut self) {
        let pid = self.add_child(b"stranger".to_vec(), Behaviour::Played, Vec::new());
        self.end(pid, Ended::Exit(0));
    }

    /// The `nth` child ends, modulo how many there are, if there are any.
    pub fn end_nth(&mut self, nth: usize, end: Ended) {
        if let Some(at) = nth.checked_rem(self.children.len()) {
            self.end_at(at, end);
        }
    }

    pub(super) fn end_at(&mut self, at: usize, end: Ended) {
        let Some(child) = self.children.get_mut(at).filter(|child| child.is_alive()) else {
            return;
        };
        child.life = Life::Dead(end);
        // One that dies in exec has nothing to tell of it.
        child.exec = None;
        let fds = std::mem::take(&mut child.fds);
        // There is only one such signal at a time; others are lost while it waits.
        self.sigchld.get_or_insert(child.pid);
        for fd in fds {
            self.release(fd);
        }
    }

    /// There is nothing more to read from there.
    pub(super) fn end_readers(&mut self, from: Fd) {
        for at in 0..self.children.len() {
            let child = &self.children[at];
            let reads = child.does == Behaviour::Reads && child.exec.is_none();
            if reads && child.fds.contains(&from) {
                self.end_at(at, Ended::Exit(0));
            }
        }
    }

    /// The child there was reaped: it stays known while there are others in its group or session.
    pub(super) fn reap(&mut self, at: usize) {
        let child = &mut self.children[at];
        child.life = Life::Reaped;
        let pid = child.pid;
        if !self.is_number_of_others(pid) {
            self.children.remove(at);
        }
    }

    // Executions

    /// A child sends this, as this user and with so many new descriptors, if it can send messages.
    /// Or it writes it to the descriptor of its option `ready=`; nothing: it closes that. Returns
    /// whether it can say anything.
    pub fn tell(&mut self, pid: Pid, uid: u32, text: &[u8], fds: usize) -> bool {
        let Some(at) = self.position(pid) else { return false };
        if let Some(socket) = self.children[at].notify.filter(|&fd| self.at(fd).is_open) {
            let fds = (0..fds).map(|_| self.make_sent()).collect();
            let said = Said { text: text.to_vec(), fds, uid, pid };
            self.file(socket).notices.push_back(said);
            return true;
        }
        let is_pipe = |fd: &Fd| self.at(*fd).what == READY;
        let Some(place) = self.children[at].fds.iter().position(is_pipe) else { return false };
        let fd = self.children[at].fds[place];
        if text.is_empty() {
            self.children[at].fds.remove(place);
            self.release(fd);
        } else if let End::To(from) = self.at(fd).end
            && self.at(from).is_open
        {
            self.file(from).sends(text.to_vec(), Vec::new());
        }
        true
    }

    /// A descriptor on its way to the daemon.
    fn make_sent(&mut self) -> Fd {
        let fd = self.make("sent");
        self.file(fd).is_open = false;
        fd
    }

    /// The same for the `nth` of those that can say something. Returns which.
    pub fn tell_nth(&mut self, nth: usize, uid: u32, text: &[u8], fds: usize) -> Option<Pid> {
        let says = |child: &&Child| {
            child.is_alive()
                && child.exec.is_none()
                && (child.notify.is_some() || child.fds.iter().any(|&fd| self.at(fd).what == READY))
        };
        let pids: Vec<Pid> = self.children.iter().filter(says).map(|child| child.pid).collect();
        let pid = pids[nth.checked_rem(pids.len())?];
        self.tell(pid, uid, text, fds).then_some(pid)
    }

    /// Whether this child lives, and its program has not been executed.
    pub fn is_in_exec(&self, pid: Pid) -> bool {
        self.position(pid).is_some_and(|at| self.children[at].exec.is_some())
    }

    /// The execution of this child's program will fail so, or not at all.
    pub fn set_exec_failure(&mut self, pid: Pid, errno: Option<i32>) {
        let at = self.expect(pid);
        let failed = |errno| SpawnFailure { stage: SpawnStage::Exec, errno: Errno(errno) };
        self.children[at].exec = Some(errno.map(failed));
    }

    /// The execution of this child's program is over, as it was to end from the start.
    pub fn end_exec(&mut self, pid: Pid) {
        let at = self.expect(pid);
        assert!(self.children[at].exec.is_some(), "{pid:?} is not in exec");
        self.end_exec_at(at);
    }

    /// The same, for the `nth` of those programs that take their time. Returns which, and its
    /// error.
    pub fn end_nth_exec(&mut self, nth: usize) -> Option<(Pid, Option<Errno>)> {
        let hangs = |at: &usize| self.children[*at].exec.is_some();
        let hanging: Vec<usize> = (0..self.children.len()).filter(hangs).collect();
        let at = hanging[nth.checked_rem(hanging.len())?];
        let pid = self.children[at].pid;
        let failure = self.children[at].exec.flatten();
        self.end_exec_at(at);
        Some((pid, failure.map(|failure| failure.errno)))
    }

    pub(super) fn end_exec_at(&mut self, at: usize) {
        let child = &mut self.children[at];
        let Some(failure) = child.exec.take() else { return };
        let (pid, nth, does) = (child.pid, child.nth, child.does);
        self.exec_ends.push_back(ExecEnd { pid, program: child.program.clone(), failure });
        if let Some(failure) = failure {
            self.untold.push(nth);
            if does != Behaviour::Played {
                self.end_at(at, Ended::Exit(failure.exit_code()));
            }
            return;
        }
        match does {
            Behaviour::Forks(manners, place) => self.add_other(at, manners, place),
            Behaviour::Reads => {
                if self.children[at].fds.iter().any(|&fd| self.is_at_its_end(fd)) {
                    self.end_at(at, Ended::Exit(0));
                }
            }
            Behaviour::Played
            | Behaviour::Obeys
            | Behaviour::Ignores
            | Behaviour::Exits
            | Behaviour::Stuck => {}
        }
    }

    /// An execution that is over: of this child, or of any.
    pub fn hear_exec_end(&mut self, of: Option<Pid>) -> Option<ExecEnd> {
        let at = self.exec_ends.iter().position(|end| of.is_none_or(|of| of == end.pid))?;
        self.exec_ends.remove(at)
    }

    /// Somebody who has everything open that a child has.
    fn add_other(&mut self, at: usize, does: Manners, place: Place) {
        let child = &self.children[at];
        let session = child.leads_session.then_some(child.pid);
        let (group, session) = match place {
            Place::Group => (Some(child.pid), session),
            Place::Session => (None, session),
            Place::Elsewhere => (None, None),
        };
        let (fds, cgroup) = (child.fds.clone(), child.cgroup.clone());
        for &fd in &fds {
            // The daemon may have closed it by now.
            self.file(fd).holders += 1;
        }
        self.push_other(Other { group, session, cgroup, does, fds, ..Other::played() });
    }
}
