//! What is printed while somebody types: from a pipe to the terminal, above the line.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::unistd::{dup, dup2_stderr, dup2_stdout, pipe2};
use rustyline::ExternalPrinter;

use super::editor::without_signals;

/// How long it may take to show what is left.
const PATIENCE: Duration = Duration::from_secs(2);

/// Descriptors 1 and 2 as they were, and the thread that now serves them.
pub(super) struct Screen {
    before: Option<(OwnedFd, OwnedFd)>,
    finished: Receiver<()>,
}

impl Screen {
    /// From here on everything that is printed goes to the printer.
    pub(super) fn start(mut printer: impl ExternalPrinter + Send + 'static) -> io::Result<Self> {
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC)?;
        let before = (dup(io::stdout())?, dup(io::stderr())?);
        dup2_stdout(&writer)?;
        dup2_stderr(&writer)?;
        let (done, finished) = channel();
        without_signals(|| {
            thread::spawn(move || {
                show_all(File::from(reader), &mut printer);
                let _ = done.send(());
            });
        });
        Ok(Self { before: Some(before), finished })
    }

    /// Gives the descriptors back, and waits until everything was shown.
    pub(super) fn end(&mut self) {
        let Some((stdout, stderr)) = self.before.take() else { return };
        let _ = dup2_stdout(&stdout);
        let _ = dup2_stderr(&stderr);
        // A program that the script has left behind may still hold the pipe.
        let _ = self.finished.recv_timeout(PATIENCE);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whole lines, as many at a time as there are.
fn show_all(mut from: File, printer: &mut impl ExternalPrinter) {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(n) => n,
        };
        text.extend_from_slice(&buffer[..n]);
        // A line without an end is shown once it is long, so as not to be kept for ever.
        let end = text.iter().rposition(|&byte| byte == b'\n').map(|at| at + 1);
        let end = end.or((text.len() > 1 << 16).then_some(text.len()));
        if let Some(end) = end {
            show(printer, &text[..end]);
            text.drain(..end);
        }
    }
    if !text.is_empty() {
        show(printer, &text);
    }
}

fn show(printer: &mut impl ExternalPrinter, text: &[u8]) {
    let mut text = String::from_utf8_lossy(text).into_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    // A terminal that is gone is noticed by whoever reads from it.
    let _ = printer.print(text);
}
