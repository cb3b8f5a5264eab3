//! What is written, and what becomes of what cannot be written.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::core::batch::{Batch, whole_lines};
use crate::core::limits::Limits;
use crate::core::loss::Loss;
use crate::core::moment::TimeFormat;
use crate::core::name::Archive;
use crate::core::split::Line;
use crate::core::text::Text;
use crate::options::Options;
use crate::sys::clock::{Now, SECOND};
use crate::sys::directory::{Current, Directory, Failure};
use crate::sys::signals::Signals;
use crate::sys::stderr::{copy, say};
use crate::sys::then::Then;
use crate::sys::{advice, explain};

/// What stands in front of a line: the time, and the label.
pub(crate) type Prefix = Text<128>;

/// How long nothing is tried after a failure. Everything that comes meanwhile would fail as well.
const REST: u64 = SECOND / 10;
/// How often is tried what nobody waits for.
const RETRY: u64 = SECOND;

/// The files, and the lines on their way there.
pub(crate) struct Writer<'a> {
    directory: Directory,
    current: Current,
    limits: Limits,
    time: TimeFormat,
    batch: Batch,
    /// The number of the next archive.
    number: u64,
    /// When the file is too old.
    expires: Option<u64>,
    /// No new file is begun before this: it was tried, and failed.
    rotates_from: u64,
    /// When to look whether the files are still there.
    looks_at: u64,
    loss: Loss,
    /// Nothing is written before this: it was tried, and failed, for this reason.
    writes_from: u64,
    failed: Errno,
    has_complained: bool,
    sync: bool,
    block: bool,
    tee: bool,
    then: Option<Then>,
    signals: &'a Signals,
    now: Now,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(
        options: &Options,
        directory: Directory,
        signals: &'a Signals,
    ) -> Result<Self, Failure> {
        let now = Now::read();
        let current = directory.open_current(now.moment.seconds)?;
        let list = |errno| Failure { doing: "list", errno };
        let number = directory.next_number().map_err(list)?;
        let longest = options.longest + size_of::<Prefix>() + 64;
        let then = Then::new(&options.then, &options.dir)?;
        let mut writer = Self {
            current,
            limits: options.limits,
            time: options.time,
            batch: Batch::new(longest),
            number,
            expires: None,
            rotates_from: 0,
            looks_at: now.steady + RETRY,
            loss: Loss::default(),
            writes_from: 0,
            failed: Errno::IO,
            has_complained: false,
            sync: options.sync,
            block: options.block,
            tee: options.tee,
            then,
            signals,
            now,
            directory,
        };
        writer.begin_current();
        Ok(writer)
    }

    /// The time is now.
    pub(crate) fn tell_time(&mut self, now: Now) {
        self.now = now;
    }

    /// What stands in front of a line that comes now.
    pub(crate) fn prefix(&self, label: &[u8]) -> Prefix {
        let mut prefix = Prefix::EMPTY;
        prefix.push(self.time.stamp(self.now.moment).as_bytes());
        if !label.is_empty() {
            prefix.push(label).push(b": ");
        }
        prefix
    }

    /// Takes a line. It is in the file after [`flush`](Self::flush) at the latest.
    pub(crate) fn take(&mut self, prefix: &Prefix, line: &Line<'_>) {
        let prefix = prefix.as_bytes();
        let size = prefix.len() + line.len();
        let written = self.current.size + self.batch.len() as u64;
        let is_full = self.limits.is_full(written, size) && self.now.steady >= self.rotates_from;
        if is_full || !self.batch.has_room(size) {
            self.flush();
            // What could not be written does not fill the file.
            if is_full && self.limits.is_full(self.current.size, size) {
                self.rotate();
            }
        }
        self.batch.push(prefix, line);
    }

    /// Writes what has been taken.
    pub(crate) fn flush(&mut self) {
        if self.batch.len() == 0 {
            return;
        }
        // Out of the way of `self`, and put back in the end.
        let mut batch = std::mem::replace(&mut self.batch, Batch::NONE);
        let mut bytes = batch.as_bytes();
        while !bytes.is_empty() {
            match self.try_to_write(bytes) {
                (_, Ok(())) => break,
                (count, Err(errno)) => {
                    bytes = &bytes[count..];
                    self.complain(errno);
                    if !(self.block && self.wait()) {
                        self.loss.add(bytes, self.now.moment, explain(errno));
                        break;
                    }
                }
            }
        }
        if self.tee {
            self.tee = copy(batch.as_bytes(), self.signals);
        }
        batch.clear();
        self.batch = batch;
    }

    /// Begins a new file, if there is something in this one.
    pub(crate) fn rotate(&mut self) {
        if self.current.size > 0 {
            let _ = self.try_to_rotate();
        }
    }

    /// Opens what is there now under the path of the directory.
    pub(crate) fn reopen(&mut self) {
        if let Err(failure) = self.try_to_reopen() {
            self.report(&failure, b"going on with what was open");
        }
    }

    /// A program may have ended.
    pub(crate) fn reap(&mut self) {
        if let Some(then) = &mut self.then {
            then.reap(&self.directory, self.now.steady);
        }
    }

    /// Does what the clock says.
    pub(crate) fn turn(&mut self) {
        let steady = self.now.steady;
        if self.expires.is_some_and(|at| at <= steady) && steady >= self.rotates_from {
            self.rotate();
        }
        if !self.loss.is_none() && steady >= self.writes_from {
            let _ = self.write_notice();
        }
    }

    /// When to call [`turn`](Self::turn), whatever happens until then.
    pub(crate) fn deadline(&self) -> Option<u64> {
        let age = self.expires.map(|at| at.max(self.rotates_from));
        let loss = (!self.loss.is_none()).then_some(self.now.steady + RETRY);
        [age, loss].into_iter().flatten().min()
    }

    /// The last words. False if something has been lost that could not even be written down.
    pub(crate) fn end(mut self) -> bool {
        self.flush();
        self.writes_from = 0;
        if self.loss.is_none() || self.write_notice().is_ok() {
            return true;
        }
        say(&[self.loss.notice().as_bytes()]);
        false
    }

    // Writing

    /// Writes bytes, which are whole lines. If not all could be written: how many bytes of them, up
    /// to the end of a line, and why.
    fn try_to_write(&mut self, bytes: &[u8]) -> (usize, Result<(), Errno>) {
        if let Err(errno) = self.look() {
            return (0, Err(errno));
        }
        if self.now.steady < self.writes_from && !self.signals.end.get() {
            return (0, Err(self.failed));
        }
        if let Err(errno) = self.write_notice() {
            return (0, Err(errno));
        }
        let (mut done, mut has_rotated) = (0, false);
        while done < bytes.len() {
            let (count, result) = self.append(&bytes[done..]);
            done += count;
            let Err(errno) = result else { break };
            let can_go_on = match errno {
                Errno::NOSPC | Errno::DQUOT => self.remove_oldest(),
                Errno::FBIG if !has_rotated && self.current.size > 0 => {
                    has_rotated = true;
                    self.try_to_rotate().is_ok()
                }
                _ => false,
            };
            if !can_go_on {
                self.rest(errno);
                return (done, Err(errno));
            }
        }
        (done, Ok(()))
    }

    /// Appends bytes, which are whole lines, to the file. If that goes only so far: up to the end
    /// of a line.
    fn append(&mut self, bytes: &[u8]) -> (usize, Result<(), Errno>) {
        if self.current.is_torn {
            match rustix::io::write(&self.current.fd, b"\n") {
                Ok(_) => self.current.is_torn = false,
                Err(errno) => return (0, Err(errno)),
            }
            self.current.size += 1;
        }
        let was_empty = self.current.size == 0;
        let mut done = 0;
        let mut result = Ok(());
        while done < bytes.len() {
            match rustix::io::write(&self.current.fd, &bytes[done..]) {
                Ok(0) => result = Err(Errno::NOSPC),
                Ok(count) => {
                    done += count;
                    continue;
                }
                Err(Errno::INTR) => continue,
                Err(errno) => result = Err(errno),
            }
            break;
        }
        self.current.size += done as u64;
        let whole = whole_lines(&bytes[..done]);
        if whole < done {
            let size = self.current.size - (done - whole) as u64;
            match rustix::fs::ftruncate(&self.current.fd, size) {
                Ok(()) => self.current.size = size,
                Err(_) => self.current.is_torn = true,
            }
        }
        if was_empty && self.current.size > 0 {
            self.expires =
                self.limits.age.map(|age| self.now.steady.saturating_add(age.as_nanos() as u64));
        }
        if self.sync
            && whole > 0
            && let Err(errno) = rustix::fs::fdatasync(&self.current.fd)
        {
            self.report(&Failure { doing: "sync", errno }, b"");
        }
        (whole, result)
    }

    /// Says in the log what was dropped, if anything was.
    fn write_notice(&mut self) -> Result<(), Errno> {
        if self.loss.is_none() {
            if self.has_complained {
                self.has_complained = false;
                say(&[self.directory.path(), b"/current can be written again"]);
            }
            return Ok(());
        }
        let mut line = Text::<512>::EMPTY;
        let notice = self.loss.notice();
        line.push(self.prefix(b"").as_bytes()).push(notice.as_bytes()).push(b"\n");
        loop {
            match self.append(line.as_bytes()).1 {
                Ok(()) => break,
                Err(Errno::NOSPC | Errno::DQUOT) if self.remove_oldest() => {}
                Err(errno) => {
                    self.rest(errno);
                    return Err(errno);
                }
            }
        }
        self.loss = Loss::default();
        self.has_complained = false;
        say(&[self.directory.path(), b"/current can be written again: ", notice.as_bytes()]);
        Ok(())
    }

    /// It was tried, and failed: not again at once.
    fn rest(&mut self, errno: Errno) {
        self.writes_from = self.now.steady + REST;
        self.failed = errno;
    }

    /// Waits until it is worth trying again. False when we are to end.
    fn wait(&mut self) -> bool {
        let patience = Timespec { tv_sec: 0, tv_nsec: REST as i64 };
        let mut ready = [PollFd::from_borrowed_fd(self.signals.fd(), PollFlags::IN)];
        let _ = poll(&mut ready, Some(&patience));
        self.signals.take();
        self.now = Now::read();
        !self.signals.end.get()
    }

    /// Once in a while: whether somebody has removed the files. What is written into one that has
    /// no name is lost.
    fn look(&mut self) -> Result<(), Errno> {
        if self.now.steady < self.looks_at {
            return Ok(());
        }
        self.looks_at = self.now.steady + RETRY;
        if !self.current.is_gone() && !self.directory.is_gone() {
            return Ok(());
        }
        self.try_to_reopen().map_err(|failure| {
            self.looks_at = 0;
            failure.errno
        })
    }

    // Files

    fn try_to_reopen(&mut self) -> Result<(), Failure> {
        self.directory.reopen()?;
        let current = self.directory.open_current(self.now.moment.seconds)?;
        self.number = self.directory.next_number().unwrap_or(self.number).max(self.number);
        self.current = current;
        self.begin_current();
        Ok(())
    }

    /// What is to be done with a file that was just opened.
    fn begin_current(&mut self) {
        if self.current.is_torn {
            let _ = self.append(b"");
        }
        self.expires = None;
        if let Some(age) = self.limits.age.filter(|_| self.current.size > 0) {
            let left = age.as_secs().saturating_sub(self.current.age.max(0).unsigned_abs());
            self.expires = Some(self.now.steady + left * SECOND);
        }
        self.look_after_archives();
    }

    fn try_to_rotate(&mut self) -> Result<(), Errno> {
        let result = self.archive();
        if let Err(failure) = &result {
            self.rotates_from = self.now.steady + RETRY;
            self.report(failure, b"going on with the same file");
        }
        result.map_err(|failure| failure.errno)
    }

    fn archive(&mut self) -> Result<(), Failure> {
        let failure = |errno| Failure { doing: "archive", errno };
        let mut name = Archive::name(self.now.moment, self.number);
        let mut renamed = self.directory.archive(name.as_bytes());
        if renamed == Err(Errno::EXIST) {
            self.number = self.directory.next_number().map_err(failure)?;
            name = Archive::name(self.now.moment, self.number);
            renamed = self.directory.archive(name.as_bytes());
        }
        // If somebody has removed it, a new one is what is needed.
        if renamed != Err(Errno::NOENT) {
            renamed.map_err(failure)?;
        }
        match self.directory.open_current(self.now.moment.seconds) {
            Ok(current) => self.current = current,
            Err(failure) => {
                let _ = self.directory.bring_back(name.as_bytes());
                return Err(failure);
            }
        }
        self.number = self.number.saturating_add(1);
        if self.sync {
            let _ = self.directory.sync();
        }
        self.begin_current();
        Ok(())
    }

    /// Removes what is too much, and hands over the rest.
    fn look_after_archives(&mut self) {
        loop {
            match self.directory.archives() {
                Ok((archives, oldest)) if self.limits.are_exceeded_by(archives) => {
                    if let Err(errno) = self.directory.remove(oldest.as_bytes()) {
                        self.report(&Failure { doing: "remove the oldest archive in", errno }, b"");
                        break;
                    }
                }
                Ok(_) => break,
                Err(errno) => {
                    self.report(&Failure { doing: "list", errno }, b"");
                    break;
                }
            }
        }
        if let Some(then) = &mut self.then {
            then.begin(&self.directory, self.now.steady);
        }
    }

    /// Makes room on the disk. False if there is nothing that could go.
    fn remove_oldest(&mut self) -> bool {
        let found = self.directory.archives();
        let removed = found.is_ok_and(|(archives, oldest)| {
            archives.count > 0 && self.directory.remove(oldest.as_bytes()).is_ok()
        });
        if removed {
            say(&[
                b"removed the oldest archive in ",
                self.directory.path(),
                b", because the disk is full",
            ]);
        }
        removed
    }

    // Messages

    /// Says that nothing can be written, once.
    fn complain(&mut self, errno: Errno) {
        if self.has_complained {
            return;
        }
        self.has_complained = true;
        let what =
            if self.block { &b"waiting until it can"[..] } else { b"dropping lines until it can" };
        self.report(&Failure { doing: "write to", errno }, what);
    }

    fn report(&self, failure: &Failure, what: &[u8]) {
        let errno = failure.errno;
        let between: &[u8] = if what.is_empty() { b"" } else { b"; " };
        let (path, reason) = (self.directory.path(), explain(errno).as_bytes());
        say(&[b"cannot ", failure.doing.as_bytes(), b" ", path, b": ", reason, between, what]);
    }
}

/// A failure at the start, with what can be done about it.
pub(crate) fn cannot_begin(options: &Options, failure: &Failure) -> String {
    let dir = options.dir.display();
    if failure.is_in_use() {
        return format!(
            "{dir} is in use by another daemonproxy-log; give each of them a directory of its own"
        );
    }
    let (doing, errno) = (failure.doing, failure.errno);
    format!("cannot {doing} {dir}: {}{}", explain(errno), advice(errno))
}
