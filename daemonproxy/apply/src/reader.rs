//! Reads the files of a set-up, for the compiler.

use std::fs::{self, File, Metadata};
use std::io::ErrorKind::NotFound;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use daemonproxy_compile::{Account, Content, LARGEST_FILE, Reader, Severity, Thing};
use nix::errno::Errno;

use crate::glob;

/// Where programs are, whoever starts the daemon.
const FOLDERS: [&str; 4] = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];
/// How often a file is read again that changes meanwhile.
const TRIES: usize = 50;
/// How long a file is left alone that has just been written. The clock of files is not finer than
/// some milliseconds: whoever reads one that is as old as that will notice the next change.
const REST: Duration = Duration::from_millis(20);

/// Files and accounts of this machine.
#[derive(Copy, Clone, Debug, Default)]
pub struct Disk {
    /// How bad it is that a user or a group is missing.
    pub missing: Option<Severity>,
}

impl Reader for Disk {
    /// As a whole, although somebody may be writing it.
    fn read(&mut self, path: &str) -> io::Result<Content> {
        for _ in 0..TRIES {
            let path = if path == "-" { "/dev/stdin" } else { path };
            let file = File::open(path).map_err(in_words)?;
            let meta = file.metadata()?;
            if meta.is_dir() {
                return Err(io::Error::other("it is a directory"));
            }
            // What comes out of a pipe comes once.
            let is_at_rest = !meta.is_file() || is_at_rest(&meta);
            let mut bytes = Vec::new();
            let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX) + 1;
            (&file).take(most).read_to_end(&mut bytes)?;
            let is_same = !meta.is_file() || version(&meta) == version(&file.metadata()?);
            if is_at_rest && is_same {
                let is_public = meta.is_file() && meta.permissions().mode() & 0o004 != 0;
                let changed_by = meta.is_file().then(|| changed_by(&meta)).flatten();
                return Ok(Content { bytes, is_public, changed_by });
            }
            thread::sleep(REST);
        }
        Err(io::Error::other("it is being written all the time"))
    }

    fn lacks(&mut self, account: Account, name: &str) -> Option<Severity> {
        let path = match account {
            Account::User => "/etc/passwd",
            Account::Group => "/etc/group",
        };
        // Where there is no such file, the daemon says so.
        let entries = fs::read(path).ok()?;
        let mut names = entries
            .split(|&byte| byte == b'\n')
            .map(|entry| entry.split(|&byte| byte == b':').next().unwrap_or_default());
        if names.any(|it| it == name.as_bytes()) { None } else { self.missing }
    }

    fn is_there(&mut self, what: Thing, path: &str) -> bool {
        let is_program = |path: &Path| {
            let meta = fs::metadata(path);
            meta.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
        };
        match what {
            // What cannot be looked at may be there.
            Thing::Directory => {
                fs::metadata(path).map_or_else(|it| it.kind() != NotFound, |it| it.is_dir())
            }
            Thing::Program if path.contains('/') => {
                let error = fs::metadata(path).err();
                error.is_none_or(|it| it.kind() != NotFound)
            }
            Thing::Program => {
                let own = std::env::var_os("PATH").unwrap_or_default();
                let mut folders = std::env::split_paths(&own).chain(FOLDERS.map(PathBuf::from));
                folders.any(|folder| is_program(&folder.join(path)))
            }
        }
    }

    fn matching(&mut self, pattern: &str) -> io::Result<Vec<String>> {
        let begin = if pattern.starts_with('/') { "/" } else { "" };
        let mut found = vec![PathBuf::from(begin)];
        for part in pattern.split('/').filter(|part| !part.is_empty()) {
            let mut next = Vec::new();
            for folder in found {
                extend(&folder, part, &mut next)?;
            }
            found = next;
        }
        // A name that is not UTF-8 cannot be shown, or written in a file.
        let mut paths: Vec<_> =
            found.iter().filter_map(|path| path.to_str()).map(str::to_owned).collect();
        paths.sort();
        Ok(paths)
    }

    /// Beside this program, as after `make build`.
    fn program(&mut self, name: &str) -> Option<String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        if std::env::split_paths(&path).any(|folder| folder.join(name).is_file()) {
            return None;
        }
        let beside = std::env::current_exe().ok()?.with_file_name(name);
        beside.is_file().then(|| beside.into_os_string().into_string().ok())?
    }
}

/// Whether it was not written in the last moment.
fn is_at_rest(meta: &Metadata) -> bool {
    let age = meta.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
    age.is_none_or(|age| age >= REST)
}

/// What the system says, without a number; and what to do about it.
fn in_words(error: io::Error) -> io::Error {
    let Some(errno) = error.raw_os_error().map(Errno::from_raw) else { return error };
    let advice = match errno {
        Errno::EACCES => ": it is read by whoever applies it",
        _ => "",
    };
    io::Error::new(error.kind(), format!("{}{advice}", errno.desc()))
}

/// What is another one after each change.
fn version(meta: &Metadata) -> (u64, i64, i64) {
    (meta.len(), meta.mtime(), meta.mtime_nsec())
}

/// Who else than root and this user can change a file.
fn changed_by(meta: &fs::Metadata) -> Option<String> {
    // The owner of a process is whom it counts as.
    let own = fs::metadata("/proc/self").map_or(0, |it| it.uid());
    let owner = meta.uid();
    match meta.permissions().mode() & 0o002 != 0 {
        true => Some("everybody".to_owned()),
        false => (owner != 0 && owner != own).then(|| format!("the user {owner}")),
    }
}

/// What is in a folder and matches one part of a pattern.
fn extend(folder: &Path, part: &str, out: &mut Vec<PathBuf>) -> io::Result<()> {
    if !glob::is_pattern(part.as_bytes()) {
        let path = folder.join(part);
        if path.symlink_metadata().is_ok() {
            out.push(path);
        }
        return Ok(());
    }
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = match fs::read_dir(here) {
        Err(error) if is_no_folder(&error) => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let is_hidden = name.as_bytes().starts_with(b".") && !part.starts_with('.');
        if !is_hidden && glob::matches(part.as_bytes(), name.as_bytes()) {
            out.push(folder.join(name));
        }
    }
    Ok(())
}

fn is_no_folder(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_files() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        fs::create_dir_all(base.join("a.d")).unwrap();
        for name in ["a.d/2.toml", "a.d/1.toml", "a.d/.x.toml", "a.d/x.conf", "b.toml"] {
            fs::write(base.join(name), "").unwrap();
        }
        let found = |pattern: &str| {
            let found = Disk::default().matching(&format!("{}/{pattern}", base.display())).unwrap();
            found.iter().map(|it| it[base.as_os_str().len() + 1..].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("*.d/*.toml"), ["a.d/1.toml", "a.d/2.toml"]);
        assert_eq!(found("b.toml"), ["b.toml"]);
        assert!(found("none/*").is_empty() && found("none.toml").is_empty());
        assert!(found("b.toml/*").is_empty());
    }

    /// Whoever writes in place is interrupted in the middle of it; what is read is whole.
    #[test]
    fn a_file_is_read_as_a_whole_while_it_is_written() {
        use std::os::unix::fs::FileExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        let (size, moment) = (100_000, Duration::from_millis(5));
        fs::write(&path, vec![b'a'; size]).unwrap();
        let over = std::sync::atomic::AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let file = File::options().write(true).open(&path).unwrap();
                for letter in (b'a'..=b'z').cycle() {
                    let half = vec![letter; size / 2];
                    file.write_all_at(&half, 0).unwrap();
                    thread::sleep(moment);
                    file.write_all_at(&half, size as u64 / 2).unwrap();
                    thread::sleep(moment * 12);
                    if over.load(std::sync::atomic::Ordering::Relaxed) {
                        break;
                    }
                }
            });
            let torn = (0..40).filter(|_| {
                let bytes = Disk::default().read(path.to_str().unwrap()).unwrap().bytes;
                bytes.len() != size || bytes.iter().any(|byte| *byte != bytes[0])
            });
            let torn = torn.count();
            over.store(true, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(torn, 0);
        });
    }
}
