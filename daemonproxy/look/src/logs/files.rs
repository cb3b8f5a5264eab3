//! The files of one log, read as if they were one: from a start somewhere in them to the end, and
//! then on, whatever the logger does to them.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::PathBuf;

use daemonproxy_log::{Archive, CURRENT};

use super::line::{Filter, Key, Start};

/// Bytes that are read at once when looking for the start.
const BLOCK: u64 = 64 * 1024;

/// A log that is being read.
pub struct Log {
    dir: PathBuf,
    filter: Filter,
    file: BufReader<File>,
    /// A line whose end has not come yet.
    part: Vec<u8>,
    /// The archives to read after this file, and then the file that was written to when they were
    /// listed.
    archives: VecDeque<u64>,
    current: Option<File>,
    /// The file was replaced by another: what is in it now is all there will be.
    is_old: bool,
    key: Key,
    has_lost: bool,
}

impl Log {
    /// Opens it where it is to be shown from.
    pub fn open(dir: PathBuf, filter: Filter, start: &Start) -> io::Result<Self> {
        // In this order: if there is a new file meanwhile, the one we have is among the archives.
        let current = File::open(dir.join(CURRENT))?;
        let mut archives = archives(&dir)?;
        let inode = current.metadata()?.ino();
        if let Some(at) = archives.iter().position(|archive| archive.inode == inode) {
            archives.truncate(at);
        }
        let mut left = start.lines.unwrap_or(usize::MAX);
        let (mut file, mut place) = (current.try_clone()?, 0);
        let mut later = VecDeque::new();
        let mut numbers: Vec<_> = archives.iter().map(|archive| archive.number).collect();
        loop {
            let found = start_in(&file, &filter, start, &mut left)?;
            if let Some(found) = found {
                place = found;
                break;
            }
            // It begins further back, if there is something.
            let Some(number) = numbers.pop() else { break };
            if let Some(older) = open_archive(&dir, number)? {
                file = older;
                later.push_front(number);
            }
        }
        // The first of them is the one that was opened last; the current one comes after all.
        let is_current = later.pop_front().is_none();
        file.seek(SeekFrom::Start(place))?;
        Ok(Self {
            dir,
            filter,
            file: BufReader::new(file),
            part: Vec::new(),
            archives: later,
            current: (!is_current).then_some(current),
            is_old: false,
            key: None,
            has_lost: false,
        })
    }

    /// The next line that is wanted, without its end; `None` if there is none yet.
    pub fn next_wanted(&mut self) -> io::Result<Option<Vec<u8>>> {
        while let Some(line) = self.next_line()? {
            if let Some(wanted) = self.filter.wanted(&line) {
                // Lines stay in their order when the clock was set back.
                self.key = self.key.max(wanted.moment);
                return Ok(Some(wanted.text));
            }
        }
        Ok(None)
    }

    /// By what the last line is merged with those of others.
    pub fn key(&self) -> Key {
        self.key
    }

    /// Whether files were removed before they were read, since this was asked last.
    pub fn has_lost(&mut self) -> bool {
        std::mem::take(&mut self.has_lost)
    }

    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            self.file.read_until(b'\n', &mut self.part)?;
            if self.part.last() == Some(&b'\n') {
                self.part.pop();
                return Ok(Some(std::mem::take(&mut self.part)));
            }
            if self.archives.is_empty() && self.current.is_none() && !self.is_old {
                if !self.look_for_new_files()? {
                    return Ok(None);
                }
                // What was written before it was replaced.
                continue;
            }
            self.advance()?;
            if !self.part.is_empty() {
                return Ok(Some(std::mem::take(&mut self.part)));
            }
        }
    }

    /// Goes on to the next file.
    fn advance(&mut self) -> io::Result<()> {
        self.is_old = false;
        while let Some(number) = self.archives.pop_front() {
            match open_archive(&self.dir, number)? {
                Some(file) => {
                    self.file = BufReader::new(file);
                    return Ok(());
                }
                None => self.has_lost = true,
            }
        }
        if let Some(file) = self.current.take() {
            self.file = BufReader::new(file);
        }
        Ok(())
    }

    /// Whether the file was replaced by another.
    fn look_for_new_files(&mut self) -> io::Result<bool> {
        let current = match File::open(self.dir.join(CURRENT)) {
            // The moment between an old one and a new one, or nobody writes there any more.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            current => current?,
        };
        let (ours, new) = (self.file.get_ref().metadata()?, current.metadata()?);
        if (ours.dev(), ours.ino()) == (new.dev(), new.ino()) {
            return Ok(false);
        }
        let archives = archives(&self.dir)?;
        let after = archives.iter().position(|archive| archive.inode == ours.ino());
        self.has_lost |= after.is_none() && !archives.is_empty();
        let later = archives.iter().skip(after.map_or(0, |at| at + 1));
        // It may already be one of them.
        let later = later.take_while(|archive| archive.inode != new.ino());
        self.archives = later.map(|archive| archive.number).collect();
        self.current = Some(current);
        self.is_old = true;
        Ok(true)
    }
}

/// Where the start is in a file, if it is there: looked for from the end, without reading more than
/// is needed.
fn start_in(
    file: &File,
    filter: &Filter,
    start: &Start,
    left: &mut usize,
) -> io::Result<Option<u64>> {
    let end = file.metadata()?.len();
    let mut place = end;
    let is_found = !each_line_back(file, end, |at, line| {
        let is_before = || filter.moment(line) < start.since;
        if *left == 0 || start.since.is_some() && filter.moment(line).is_some() && is_before() {
            return false;
        }
        if filter.wanted(line).is_some() {
            *left -= 1;
        }
        place = at;
        true
    })?;
    Ok(is_found.then_some(place))
}

/// Goes through the lines of a file from the last to the first, as long as the answer is true.
/// Whether it was true to the end.
fn each_line_back(
    file: &File,
    end: u64,
    mut each: impl FnMut(u64, &[u8]) -> bool,
) -> io::Result<bool> {
    let mut at = end;
    // What is known of the file from `at` on, up to the line that was given last.
    let mut known: Vec<u8> = Vec::new();
    loop {
        let body = known.len().saturating_sub(1);
        if let Some(newline) = known[..body].iter().rposition(|&byte| byte == b'\n') {
            let line = &known[newline + 1..];
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            if !each(at + newline as u64 + 1, line) {
                return Ok(false);
            }
            known.truncate(newline + 1);
            continue;
        }
        if at == 0 {
            let line = known.strip_suffix(b"\n").unwrap_or(&known);
            return Ok(known.is_empty() || each(0, line));
        }
        let size = at.min(BLOCK);
        at -= size;
        let mut block = vec![0; size as usize];
        file.read_exact_at(&mut block, at)?;
        block.append(&mut known);
        known = block;
    }
}

/// An archive that can be read as it is: not one that a program has compressed.
struct Listed {
    number: u64,
    inode: u64,
    path: PathBuf,
}

/// The archives of a directory, the oldest first.
fn archives(dir: &std::path::Path) -> io::Result<Vec<Listed>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = std::os::unix::ffi::OsStrExt::as_bytes(name.as_os_str());
        let is_plain = name.ends_with(b".log") || name.ends_with(b".log.done");
        // Somebody may just have removed it.
        if let (Some(archive), true, Ok(metadata)) =
            (Archive::parse(name), is_plain, entry.metadata())
        {
            let (number, inode) = (archive.number, metadata.ino());
            found.push(Listed { number, inode, path: entry.path() });
        }
    }
    found.sort_by_key(|archive| archive.number);
    Ok(found)
}

/// Opens an archive, if it is still there; a program that it was handed to may have renamed it.
fn open_archive(dir: &std::path::Path, number: u64) -> io::Result<Option<File>> {
    for _ in 0..10 {
        let mut archives = archives(dir)?;
        let Some(at) = archives.iter().position(|archive| archive.number == number) else {
            return Ok(None);
        };
        match File::open(archives.swap_remove(at).path) {
            Ok(file) => return Ok(Some(file)),
            // Its name has just changed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_from_the_last_to_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let long = "x".repeat(100_000);
        for text in
            ["", "\n", "a\n", "a", "a\nb\n\nc\n", "a\nb", &format!("a\n{long}\n{long}\nb\n")]
        {
            fs::write(&path, text).unwrap();
            let file = File::open(&path).unwrap();
            let mut lines = Vec::new();
            let to_the_end = each_line_back(&file, text.len() as u64, |at, line| {
                assert_eq!(&text.as_bytes()[at as usize..][..line.len()], line);
                lines.push(String::from_utf8(line.to_vec()).unwrap());
                true
            });
            assert!(to_the_end.unwrap());
            lines.reverse();
            assert_eq!(lines, text.lines().collect::<Vec<_>>(), "{text:.20?}");
        }
    }
}
