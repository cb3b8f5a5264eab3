//! The completions in the shells themselves. A shell that is not installed is left out.

use std::path::Path;

use daemonproxy_testing::Terminal;

use crate::daemon::Daemon;
use crate::terminal;

/// The commands teach the shell, and make its prompt `go> `.
#[track_caller]
fn in_shell(program: &str, start: &str, teach: &str) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|folder| folder.join(program).exists()) {
        eprintln!("{program} is not installed: its completions are not tested");
        return;
    }
    let daemon = Daemon::start();
    for name in ["mail", "webber", "webby"] {
        daemon.ok_args(&["send", "service.args", name, "sleep", "1000"]);
    }
    let mut terminal = shell(daemon.folder(), start);
    terminal.types(teach);
    terminal.types("\r");
    terminal.line_is("go>");
    terminal.types("dpctl stat\t");
    terminal.line_is("go> dpctl status");
    terminal.types("m\t");
    terminal.line_is("go> dpctl status mail");
    // Both are offered.
    terminal.types("webb\t\t");
    terminal.shows("webber");
    terminal.shows("webby");
    terminal.types("\x15");
    terminal.line_is("go>");
    terminal.types("dpctl signal TER\t");
    terminal.line_is("go> dpctl signal TERM");
}

/// Without the settings of whoever runs the tests.
fn shell(folder: &Path, start: &str) -> Terminal {
    let home = folder.display();
    let script = format!("HOME={home} ZDOTDIR={home} XDG_CONFIG_HOME={home} exec {start}");
    terminal::script(folder, &script, &[])
}

#[test]
fn bash_completes_live_names() {
    in_shell("bash", "bash --norc --noprofile -i", "source <(dpctl completions bash); PS1='go> '");
}

#[test]
fn zsh_completes_live_names() {
    let teach = "autoload -U compinit; compinit -u -D; source <(dpctl completions zsh); PS1='go> '";
    in_shell("zsh", "zsh -f -i", teach);
}

#[test]
fn fish_completes_live_names() {
    let teach = "dpctl completions fish | source; function fish_prompt; echo -n 'go> '; end";
    in_shell("fish", "fish --no-config -i", teach);
}
