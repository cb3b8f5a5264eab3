//! One apply at a time: a lock beside the socket, which goes with the process that holds it.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use crate::error::{Error, Result};

/// How often we look whether another one has finished.
const LOOK: Duration = Duration::from_millis(100);

/// Takes the lock of the daemon at this socket, when nobody has it any more.
///
/// # Errors
///
/// If somebody has it all the time, or it cannot be made.
pub fn take(socket: &Path, patience: Duration) -> Result<Flock<File>> {
    let path = beside(socket);
    let cannot = |error: &dyn std::fmt::Display| {
        let text = format!("cannot lock {}, so that nobody else applies: {error}", path.display());
        Error::Failed(text)
    };
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600).custom_flags(libc::O_NOFOLLOW);
    let mut file = options.open(&path).map_err(|error| cannot(&error))?;
    let deadline = Instant::now() + patience;
    loop {
        file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(lock) => return Ok(lock),
            Err((file, Errno::EWOULDBLOCK | Errno::EINTR)) => file,
            Err((_, errno)) => return Err(cannot(&errno.desc())),
        };
        if deadline <= Instant::now() {
            let text = "somebody else is applying a file to this daemon";
            return Err(Error::TimeIsUp(text.into()));
        }
        std::thread::sleep(LOOK);
    }
}

/// `DIR/.NAME.apply` for `DIR/NAME`.
fn beside(socket: &Path) -> PathBuf {
    let name = socket.file_name().unwrap_or_default().to_string_lossy();
    socket.with_file_name(format!(".{name}.apply"))
}
