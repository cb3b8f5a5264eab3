//! The daemon's log, collected by a thread so that it never blocks the daemon.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use crate::PATIENCE;

/// What was written to the log so far. Clones share it.
#[derive(Clone, Default)]
pub struct Log(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    text: Vec<u8>,
    ended: bool,
}

impl Log {
    /// Collects everything that can be read from `source` until its end.
    pub fn collect(source: OwnedFd) -> Self {
        let log = Self::default();
        let shared = Arc::clone(&log.0);
        std::thread::spawn(move || {
            let mut source = File::from(source);
            let mut chunk = [0; 4096];
            loop {
                let got = source.read(&mut chunk).unwrap_or(0);
                let mut state = shared.state.lock().unwrap();
                state.text.extend_from_slice(&chunk[..got]);
                state.ended = got == 0;
                shared.changed.notify_all();
                if got == 0 {
                    return;
                }
            }
        });
        log
    }

    /// The complete lines so far.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.0.state.lock().unwrap().text)
    }

    /// Waits until a line holds `text`, and returns the first such line.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        match self.wait(|lines, _| lines.iter().find(|line| line.contains(text)).cloned()) {
            Some(line) => line,
            None => panic!("the log never said {text:?}; it says:\n{}", self.show()),
        }
    }

    /// Waits for the end of the log, and returns all of it.
    #[track_caller]
    pub fn wait_for_end(&self) -> Vec<String> {
        match self.wait(|lines, ended| ended.then(|| lines.to_vec())) {
            Some(lines) => lines,
            None => panic!("the log was never closed; it says:\n{}", self.show()),
        }
    }

    /// For the report of a failure.
    pub fn show(&self) -> String {
        let lines = self.lines();
        let skipped = lines.len().saturating_sub(60);
        let mut text = String::new();
        if skipped > 0 {
            text = format!("    ({skipped} lines)\n");
        }
        for line in &lines[skipped..] {
            text.push_str(&format!("    {}\n", super::connection::shorten(line.as_bytes())));
        }
        text
    }

    fn wait<T>(&self, probe: impl Fn(&[String], bool) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.0.state.lock().unwrap();
        loop {
            if let Some(found) = probe(&lines(&state.text), state.ended) {
                return Some(found);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            state = self.0.changed.wait_timeout(state, left).unwrap().0;
        }
    }
}

/// Without a half line at the end.
fn lines(text: &[u8]) -> Vec<String> {
    let complete = text.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    String::from_utf8_lossy(&text[..complete]).lines().map(str::to_owned).collect()
}
