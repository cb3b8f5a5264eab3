//! What the completions of your shell offer: names of services as they are now, signals, commands.
//!
//! Whatever goes wrong here is silent: a completion that is not there is better than an error in
//! the middle of a command line.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use clap_complete::CompletionCandidate;
use clap_complete::env::{Bash, EnvCompleter, Fish, Zsh};
use daemonproxy_client::protocol::{Signal, tables};
use daemonproxy_client::{Client, find};

use crate::failure::Result;
use crate::output;

/// The shells that there are completions for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CompletedShell {
    Bash,
    Zsh,
    Fish,
}

/// Names of services, with their states.
pub(crate) fn services(typed: &OsStr) -> Vec<CompletionCandidate> {
    let path = find(socket_on_the_line().as_deref());
    let Ok(client) = path.and_then(|path| Client::connect_to(&path)) else { return Vec::new() };
    let found = client.view().services().filter(|(name, _)| name.starts_with(typed.as_bytes()));
    found
        .map(|(name, service)| {
            let state = crate::rows::state_word(service.state());
            CompletionCandidate::new(OsString::from_vec(name.to_vec())).help(Some(state.into()))
        })
        .collect()
}

/// Names of signals.
pub(crate) fn signals(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let prefix = if typed.starts_with("SIG") { "SIG" } else { "" };
    standard_signals()
        .map(|name| format!("{prefix}{name}"))
        .filter(|name| name.starts_with(&*typed))
        .map(CompletionCandidate::new)
        .collect()
}

/// Commands of the protocol.
pub(crate) fn commands(typed: &OsStr) -> Vec<CompletionCandidate> {
    let known = tables::COMMANDS
        .iter()
        .filter(|command| command.name.as_str().as_bytes().starts_with(typed.as_bytes()));
    known
        .map(|command| {
            CompletionCandidate::new(command.name.as_str()).help(Some(command.doc.into()))
        })
        .collect()
}

/// Options of services.
pub(crate) fn options(typed: &OsStr) -> Vec<CompletionCandidate> {
    let all = tables::OPTIONS.iter().map(|info| (info.examples[0], info.doc));
    let known = all.filter(|(option, _)| option.as_bytes().starts_with(typed.as_bytes()));
    known.map(|(option, doc)| CompletionCandidate::new(option).help(Some(doc.into()))).collect()
}

/// The signals that have a name of their own, without `SIG`.
pub(crate) fn standard_signals() -> impl Iterator<Item = String> {
    let all = (1..=31).filter_map(Signal::from_number);
    all.map(|signal| signal.to_string().trim_start_matches("SIG").to_owned())
}

/// The value of `--socket` on the line that is being completed.
fn socket_on_the_line() -> Option<PathBuf> {
    let words: Vec<OsString> = std::env::args_os().collect();
    words.iter().enumerate().find_map(|(index, word)| {
        let text = word.as_bytes();
        if text == b"--socket" || text == b"-S" {
            return words.get(index + 1).map(PathBuf::from);
        }
        text.strip_prefix(b"--socket=").map(|path| PathBuf::from(OsStr::from_bytes(path)))
    })
}

/// Writes what makes a shell ask us.
pub(crate) fn write_script(shell: CompletedShell) -> Result<()> {
    let mut script = Vec::new();
    let register = |shell: &dyn EnvCompleter, out: &mut dyn io::Write| {
        shell.write_registration("COMPLETE", "dpctl", "dpctl", "dpctl", out)
    };
    match shell {
        CompletedShell::Bash => register(&Bash, &mut script)?,
        CompletedShell::Zsh => register(&Zsh, &mut script)?,
        CompletedShell::Fish => register(&Fish, &mut script)?,
    }
    output::write(&script)
}
