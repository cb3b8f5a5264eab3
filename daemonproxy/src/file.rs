//! `-f FILE`: the services that a file says, as three commands.
//!
//! The daemon does not read the file. A service `apply` does, which is `dpctl apply`: it runs once,
//! and whenever SIGHUP is pending, which it clears.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, absolute};

use crate::options::c_path;
use crate::sys;

/// The program that reads the file.
const PROGRAM: &str = "dpctl";
/// The service: what it writes is for whoever has started the daemon.
pub(crate) const SERVICE: &str = "apply";
const TRIGGERS: &str = "1\tonce\tSIGHUP";

/// Where `dpctl` looks if nobody says otherwise.
pub(crate) fn usual_socket() -> OsString {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    variable("DAEMONPROXY_SOCKET").unwrap_or_else(|| {
        let folder = variable("XDG_RUNTIME_DIR").unwrap_or_else(|| "/run".into());
        Path::new(&folder).join("daemonproxy.sock").into()
    })
}

/// The commands. That there is no such file, or nobody to read it, is reported here and now. If the
/// first apply fails, the daemon leaves, except as the first process of a machine. What it has to say
/// goes to the descriptor `errors`.
pub(crate) fn commands(
    file: &OsStr,
    socket: &OsStr,
    [pid1, foreground]: [bool; 2],
    errors: &str,
    max_line: usize,
) -> Result<Vec<u8>, String> {
    let shown = Path::new(file).display();
    let fd = sys::open_config(&c_path(file.to_owned()))
        .map_err(|errno| format!("cannot read {shown}: {}", sys::explain(errno)))?;
    let is_file = sys::is_regular_file(fd);
    sys::close(fd);
    if !is_file {
        return Err(format!(
            "cannot use {shown}: it is not a file, and has to be read again at each SIGHUP"
        ));
    }
    let Some(program) = sys::places(PROGRAM).next() else {
        return Err(format!(
            "cannot use {shown}: there is no {PROGRAM} beside the daemon or in PATH"
        ));
    };
    // The daemon may change its directory meanwhile.
    let path = |path: &OsStr| {
        absolute(path)
            .map_err(|error| format!("cannot find {}: {error}", Path::new(path).display()))
    };
    let (file, socket) = (path(file)?, path(socket)?);
    let first = if pid1 { "stay" } else { "leave" };
    let mut args = vec![
        program.as_os_str().as_bytes(),
        b"--socket",
        socket.as_os_str().as_bytes(),
        b"apply",
        b"--answers",
        b"SIGHUP",
        b"--first-failure",
        first.as_bytes(),
    ];
    if foreground {
        args.push(b"--foreground");
    }
    args.extend([b"--".as_slice(), file.as_os_str().as_bytes()]);
    if args.iter().any(|arg| arg.iter().any(|&byte| byte < b' ')) {
        return Err(format!("cannot use {shown}: a path has a control character"));
    }
    let mut line = [b"service.args\t", SERVICE.as_bytes(), b"\t", &args.join(&b'\t')].concat();
    // The end of the line counts.
    if line.len() >= max_line {
        return Err(format!(
            "cannot use {shown}: with its path the command is longer than {max_line} bytes (--max-line)"
        ));
    }
    let rest = format!(
        "\nservice.fds\t{SERVICE}\tnull\tstdout\t{errors}\nservice.auto_up\t{SERVICE}\t{TRIGGERS}\n"
    );
    line.extend_from_slice(rest.as_bytes());
    Ok(line)
}
