//! `-L SCRIPT`: a controller in Lua, as three commands.
//!
//! The interpreter is a program of its own, `daemonproxy-lua`, and the script a service like any
//! other: it is started again when it ends, and nothing it does can harm the daemon.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, absolute};

use daemonproxy_protocol::{Signal, SignalAction};

use crate::options::c_path;
use crate::sys;

/// The interpreter.
const PROGRAM: &str = "daemonproxy-lua";
/// The service: how it is connected, and when it runs: always, but started at most once a second.
const SERVICE: &str = "lua";
const FDS: &str = "control.event\tcontrol.cmd\tstderr";
const TRIGGERS: &str = "1\talways";

/// A script that runs for this many seconds without waiting is stopped, and started again: while it
/// hangs, nobody answers a signal, since the daemon believes that it listens.
const WATCHDOG: &str = "--watchdog\t60";

/// The commands. A fault of the script, or the lack of an interpreter, is reported here and now,
/// and not by a service that fails every second.
pub(crate) fn commands(
    script: &OsStr,
    on_signal: &[(Signal, SignalAction)],
    max_line: usize,
) -> Result<Vec<u8>, String> {
    let shown = Path::new(script).display();
    let fd = sys::open_config(&c_path(script.to_owned()))
        .map_err(|errno| format!("cannot read the script {shown}: {}", sys::explain(errno)))?;
    let is_file = sys::is_regular_file(fd);
    sys::close(fd);
    if !is_file {
        return Err(format!(
            "cannot run the script {shown}: it is not a file, and has to be read again at each start"
        ));
    }
    let Some(program) = sys::places(PROGRAM).next() else {
        return Err(format!(
            "cannot run the script {shown}: there is no {PROGRAM} beside the daemon or in PATH"
        ));
    };
    // The daemon may change its directory meanwhile.
    let script = absolute(script).map_err(|error| format!("cannot find {shown}: {error}"))?;
    let mut args = format!("service.args\t{SERVICE}\t").into_bytes();
    args.extend_from_slice(program.as_os_str().as_bytes());
    args.push(b'\t');
    args.extend_from_slice(WATCHDOG.as_bytes());
    for (signal, action) in in_force(on_signal) {
        let option = format!("\t--on-signal\t{signal}={}", action.as_str());
        args.extend_from_slice(option.as_bytes());
    }
    args.push(b'\t');
    args.extend_from_slice(script.as_os_str().as_bytes());
    let of_the_paths = [program.as_os_str(), script.as_os_str()];
    if of_the_paths.iter().any(|path| path.as_bytes().iter().any(|&byte| byte < b' ')) {
        return Err(format!("cannot run the script {shown}: its path has a control character"));
    }
    // The end of the line counts.
    if args.len() >= max_line {
        return Err(format!(
            "cannot run the script {shown}: with its path the command is longer than {max_line} bytes (--max-line)"
        ));
    }
    let rest = format!("\nservice.fds\t{SERVICE}\t{FDS}\nservice.auto_up\t{SERVICE}\t{TRIGGERS}\n");
    args.extend_from_slice(rest.as_bytes());
    Ok(args)
}

/// The last action given for each signal, if it ends the daemon.
fn in_force(
    on_signal: &[(Signal, SignalAction)],
) -> impl Iterator<Item = (Signal, SignalAction)> + '_ {
    let last = |&(at, &(signal, _)): &(usize, &(Signal, SignalAction))| {
        !on_signal[at + 1..].iter().any(|&(later, _)| later == signal)
    };
    let said = on_signal.iter().enumerate().filter(last).map(|(_, &pair)| pair);
    said.filter(|&(_, action)| action.is_the_end())
}
