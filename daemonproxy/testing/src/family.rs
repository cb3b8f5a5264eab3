//! A process with its descendants: found again, wherever they went, when it is time to kill them.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::deadline::GLANCE;

/// The variable of the environment that all descendants have.
const VARIABLE: &str = "DAEMONPROXY_TEST";

/// What tells the descendants of one process from those of any other.
pub(crate) struct Mark(String);

impl Mark {
    /// Puts one on what this command starts.
    pub(crate) fn put_on(command: &mut Command) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        command.env(VARIABLE, &mark);
        Self(mark)
    }

    /// Kills whatever bears it, or is in this session, until nothing is left: while one of them
    /// forks, its child may be missed the first time.
    pub(crate) fn kill_all(&self, session: u32) {
        let deadline = Instant::now() + Duration::from_secs(5);
        let variable = format!("{VARIABLE}={}", self.0);
        while kill_once(variable.as_bytes(), &session.to_string()) && Instant::now() < deadline {
            std::thread::sleep(GLANCE);
        }
    }
}

/// `true` when there was one.
fn kill_once(variable: &[u8], session: &str) -> bool {
    let mut found = false;
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<i32>() else { continue };
        let Ok(environ) = fs::read(entry.path().join("environ")) else { continue };
        let ours = if environ.is_empty() {
            // A zombie, or one in the midst of an exec, which has no environment just now.
            fs::read_to_string(entry.path().join("stat")).is_ok_and(|stat| {
                let mut fields = stat.rsplit(')').next().unwrap_or("").split_whitespace();
                !matches!(fields.next(), Some("Z" | "X")) && fields.nth(2) == Some(session)
            })
        } else {
            environ.split(|&b| b == 0).any(|var| var == variable)
        };
        if ours {
            found = true;
            // SAFETY: kill has no requirements on memory.
            unsafe { libc::kill(pid, libc::SIGKILL) };
        }
    }
    found
}
