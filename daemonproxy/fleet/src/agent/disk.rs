//! What the agent keeps on disk, so that a store that is gone, or an agent that was killed, changes
//! nothing: the file that was taken last, and which one that is.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use crate::failure::{FAILED, Failure, Result};
use crate::model::Identity;

/// The file that was taken last.
const FILE: &str = "intent.toml";
/// One that is looked at, and may be taken.
const NEXT: &str = "next.toml";
/// What is known about both.
const STATE: &str = "state.json";

/// What is known about the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// Whose it is.
    pub(super) node: String,
    /// What the file is, and whether any of it was applied or not.
    pub(super) taken: Option<Identity>,
    /// What was applied as a whole, last.
    pub(super) applied: Option<Identity>,
    /// The daemon that it was applied to.
    pub(super) daemon: String,
    /// The owners of what was applied here.
    pub(super) owners: Vec<String>,
    /// Whether the node is to be drained, as far as was heard.
    pub(super) drain: bool,
    /// Services that were stopped to drain it.
    pub(super) drained: Vec<String>,
}

/// The folder. Only one agent has it.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    pub(super) kept: Kept,
    _lock: Flock<File>,
}

impl Disk {
    pub(super) fn open(folder: &Path, node: &str) -> Result<Self> {
        let cannot = |what: &str, error: &dyn std::fmt::Display| {
            Failure::new(FAILED, format!("{what} {}: {error}", folder.display()))
        };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| cannot("cannot make", &error))?;
        let mut options = OpenOptions::new();
        options.create(true).append(true).mode(0o600);
        let lock =
            options.open(folder.join("lock")).map_err(|it| cannot("cannot write in", &it))?;
        let lock = Flock::lock(lock, FlockArg::LockExclusiveNonblock).map_err(|_| {
            Failure::new(FAILED, format!("another agent uses {}", folder.display()))
        })?;
        let kept = match fs::read(folder.join(STATE)) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| cannot(&format!("{STATE} is broken in"), &error))?,
            Err(error) if error.kind() == ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(cannot("cannot read in", &error)),
        };
        let kept: Kept = kept;
        if !kept.node.is_empty() && kept.node != node {
            let text = format!("{} belongs to the node {}", folder.display(), kept.node);
            return Err(Failure::new(FAILED, text));
        }
        let kept = Kept { node: node.to_owned(), ..kept };
        Ok(Self { folder: folder.to_owned(), kept, _lock: lock })
    }

    /// Where the file is that was taken.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Writes a file that is not taken yet, and returns where it is.
    pub(super) fn look_at(&self, bytes: &[u8]) -> std::io::Result<PathBuf> {
        let path = self.folder.join(NEXT);
        write(&path, bytes)?;
        Ok(path)
    }

    /// Takes the file that was looked at. From here on nothing older is obeyed.
    pub(super) fn take(&mut self, identity: &Identity) -> std::io::Result<()> {
        // The other way round, a crash between the two would leave an old file with a new name.
        fs::rename(self.folder.join(NEXT), self.file())?;
        self.kept.taken = Some(identity.clone());
        self.save()
    }

    /// Writes what is known.
    pub(super) fn save(&self) -> std::io::Result<()> {
        write(&self.folder.join(STATE), serde_json::to_string_pretty(&self.kept)?.as_bytes())
    }
}

/// As a whole or not at all, and on the disk.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)
}
