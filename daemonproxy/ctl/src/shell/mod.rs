//! `shell`: a conversation with the daemon at the terminal.
//!
//! Three threads. The main one reads lines from the `editor` and carries them out. One takes in
//! what the daemon sends (`feed`), and never waits for the terminal. One shows above the prompt
//! what is to be seen (`printer`). They share a `Link`.
//!
//! ^C clears the line, or ends a `wait`. ^D asks for confirmation while services are up. When the
//! daemon is gone, the terminal is restored, the reason printed, and the program ends, whatever is
//! being typed.

mod candidates;
mod editor;
mod features;
mod feed;
mod help;
mod keys;
mod link;
mod local;
mod look;
mod mistake;
mod order;
mod printer;
mod verbs;
mod wait;

use std::fs::File;
use std::io::{IsTerminal, Seek, SeekFrom};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use daemonproxy_client::Connection;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor};

use crate::failure::{FAILED, Failure, OK, Result, USAGE};
use crate::style::{Paint, Style, readable};
use crate::terminal::{self, Quiet};
use editor::Assistant;
use keys::Typed;
use link::Link;
use local::Outcome;

const PROMPT: &str = "daemonproxy> ";
/// How many lines are remembered.
const HISTORY: usize = 2000;
/// How long to wait for the answers to a line before the next prompt.
const ANSWER_PATIENCE: Duration = Duration::from_secs(3);
/// How long the daemon may take to close the connection when we leave.
const LEAVE_PATIENCE: Duration = Duration::from_secs(30);

type Prompt = Editor<Assistant, FileHistory>;

pub(crate) fn shell(
    connect: &dyn Fn() -> Result<Connection>,
    raw: bool,
    control_fd: Option<i32>,
    show_fd: &[String],
    follow: &[PathBuf],
) -> Result<u8> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        let text = "the shell needs a terminal; in scripts use dpctl send and dpctl events";
        return Err(Failure::new(FAILED, text));
    }
    let conn = match control_fd {
        Some(fd) => Connection::from_stream(UnixStream::from(inherited(fd)?))?,
        None => connect()?,
    };
    let shown: Vec<(String, OwnedFd)> =
        show_fd.iter().map(|text| shown(text)).collect::<Result<_>>()?;
    let followed: Vec<_> = follow.iter().map(|path| followed(path)).collect::<Result<_>>()?;
    terminal::prepare(control_fd.is_some())?;
    let quiet = Quiet::begin()?;
    let style = Style::of_stdout();
    let link = Arc::new(Link::new(conn.sender()?, style, raw, control_fd.is_some()));
    let mut prompt = editor(&link)?;
    let printer = prompt.create_external_printer().map_err(|error| editor_failure(&error))?;
    printer::spawn(&link, printer);
    feed::spawn(&link, conn);
    for (name, fd) in shown {
        feed::spawn_shown(&link, name, fd);
    }
    for (name, path, file) in followed {
        feed::spawn_followed(&link, name, path, file);
    }
    link.load()?;
    let status = converse(&link, &mut prompt, style);
    // From here on, the end of the connection is what we want.
    link.leave()?;
    link.wait_for_end(LEAVE_PATIENCE);
    drop(quiet);
    status
}

/// Line after line, until the person has had enough.
fn converse(link: &Arc<Link>, prompt: &mut Prompt, style: Style) -> Result<u8> {
    let last_key = keys::bind(prompt, link);
    let mut asked = false;
    loop {
        match last_key.read(prompt)? {
            Typed::Line(line) => {
                // A second `quit` is as good as a second ^D.
                if asked && line.trim() == "quit" {
                    return Ok(OK);
                }
                asked = false;
                if line.trim().is_empty() {
                    continue;
                }
                remember(prompt, &line);
                // What was pasted may be several lines.
                for line in line.lines().filter(|line| !line.trim().is_empty()) {
                    let done = local::carry_out(link, line, style);
                    // If the daemon is gone, the end of the connection says why, and ends this
                    // program.
                    match done.inspect_err(|_| link.wait_for_end(ANSWER_PATIENCE))? {
                        Outcome::GoOn => {}
                        Outcome::Settle => link.settle(ANSWER_PATIENCE)?,
                        Outcome::GiveUp => break,
                        Outcome::Leave if ask_before_leaving(link, style) => asked = true,
                        Outcome::Leave => return Ok(OK),
                    }
                }
            }
            Typed::Interrupted => asked = false,
            Typed::End if asked || !ask_before_leaving(link, style) => return Ok(OK),
            Typed::End => asked = true,
            Typed::Gone => return Ok(OK),
            Typed::Unreadable => {
                link.show("That was not UTF-8, and the line is given up.\n");
                link.drain();
            }
        }
    }
}

/// Says what runs and what leaving means for it. False if nothing runs.
fn ask_before_leaving(link: &Link, style: Style) -> bool {
    let running = link.running();
    if running.is_empty() {
        return false;
    }
    let mut text = String::from("These services are up:\n");
    for line in running {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str(if link.is_session() {
        "Leaving ends the daemon; they would go on, with nobody to watch them.\n\
         terminate.shutdown stops them first.\n"
    } else {
        "Leaving ends this conversation only; they and the daemon go on.\n"
    });
    text.push_str(&style.paint(Paint::Waiting, "^D once more to leave.\n"));
    link.show(&text);
    link.drain();
    true
}

fn editor(link: &Arc<Link>) -> Result<Prompt> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_prompt_limit(200)
        // Whether there are colours is up to the helper, which has to be asked in any case.
        .color_mode(ColorMode::Forced)
        .max_history_size(HISTORY)
        .and_then(|config| config.history_ignore_dups(true))
        .map_err(|error| editor_failure(&error))?
        .history_ignore_space(true)
        .build();
    let mut editor = Prompt::with_config(config).map_err(|error| editor_failure(&error))?;
    editor.set_helper(Some(Assistant::new(Arc::clone(link))));
    if let Some(path) = history_file() {
        // It is not an error if there is none yet.
        let _ = editor.load_history(&path);
    }
    Ok(editor)
}

/// Adds a line to the history and to its file, immediately: the end may be sudden.
fn remember(prompt: &mut Prompt, line: &str) {
    let added = prompt.add_history_entry(line);
    if let (Ok(true), Some(path)) = (added, history_file()) {
        if let Some(folder) = path.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        // A history that cannot be written is no reason to stop.
        let _ = prompt.append_history(&path);
    }
}

fn history_file() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/state"));
    Some(state.or_else(home)?.join("daemonproxy/history"))
}

fn editor_failure(error: &ReadlineError) -> Failure {
    Failure::new(FAILED, format!("the terminal: {error}"))
}

/// A file, at its end, and the name that its lines are marked with.
fn followed(path: &Path) -> Result<(String, PathBuf, File)> {
    let failure =
        |error| Failure::new(FAILED, format!("cannot follow {}: {error}", path.display()));
    let mut file = File::open(path).map_err(failure)?;
    file.seek(SeekFrom::End(0)).map_err(failure)?;
    let name = path.file_name().map_or_else(String::new, |name| readable(name.as_bytes()));
    Ok((name, path.to_owned(), file))
}

/// `NAME=FD`, for lines that are shown as they come.
fn shown(text: &str) -> Result<(String, OwnedFd)> {
    let parts = text.split_once('=').and_then(|(name, fd)| Some((name, fd.parse::<i32>().ok()?)));
    let Some((name, fd)) = parts else {
        return Err(Failure::new(USAGE, format!("--show-fd needs NAME=FD, not {text}")));
    };
    Ok((name.to_owned(), inherited(fd)?))
}

/// A descriptor that was passed to us. It is ours alone from here on.
fn inherited(fd: i32) -> Result<OwnedFd> {
    // SAFETY: fcntl has no requirements on memory, and finds out whether the number is open.
    let open = fd > 2 && unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) } == 0;
    if !open {
        return Err(Failure::new(USAGE, format!("there is no descriptor {fd}")));
    }
    // SAFETY: it is open, it was passed for this, and nothing else in this program uses it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
