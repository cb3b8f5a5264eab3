//! Reads the files of a set-up, for the compiler.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use daemonproxy_compile::{Content, LARGEST_FILE, Reader};

use crate::glob;

/// Files of this machine.
pub(super) struct Disk;

impl Reader for Disk {
    fn read(&mut self, path: &str) -> io::Result<Content> {
        let file = if path == "-" { File::open("/dev/stdin")? } else { File::open(path)? };
        let meta = file.metadata()?;
        if meta.is_dir() {
            return Err(io::Error::other("it is a directory"));
        }
        let is_public = meta.is_file() && meta.permissions().mode() & 0o004 != 0;
        let mut bytes = Vec::new();
        let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX) + 1;
        file.take(most).read_to_end(&mut bytes)?;
        Ok(Content { bytes, is_public })
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
            let found = Disk.matching(&format!("{}/{pattern}", base.display())).unwrap();
            found.iter().map(|it| it[base.as_os_str().len() + 1..].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("*.d/*.toml"), ["a.d/1.toml", "a.d/2.toml"]);
        assert_eq!(found("b.toml"), ["b.toml"]);
        assert!(found("none/*").is_empty() && found("none.toml").is_empty());
        assert!(found("b.toml/*").is_empty());
    }
}
