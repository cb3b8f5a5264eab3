//! `--main PROGRAM ARG…`: the service that the daemon is there for, as commands.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

/// The service.
pub(crate) const SERVICE: &str = "main";
/// It has the standard descriptors of the daemon.
const FDS: &str = "stdin\tstdout\tstderr";

/// The commands that make it. Its arguments come last: a trigger that the config file has set may
/// start it then.
pub(crate) fn commands(args: &[OsString], max_line: usize) -> Result<Vec<u8>, String> {
    let wrong = |why: &str| Err(format!("cannot run the program of --main: {why}"));
    if args.first().is_none_or(|program| program.is_empty()) {
        return wrong("its name is empty");
    }
    let mut line = format!("service.args\t{SERVICE}").into_bytes();
    let is_plain = |arg: &OsString| !arg.as_bytes().iter().any(u8::is_ascii_control);
    let option = if args.iter().all(is_plain) { "-args" } else { "args=percent" };
    for arg in args {
        line.push(b'\t');
        match option {
            "-args" => line.extend_from_slice(arg.as_bytes()),
            _ => put_encoded(&mut line, arg.as_bytes()),
        }
    }
    // The end of the line counts.
    if line.len() >= max_line {
        return wrong(&format!(
            "with its arguments the command is longer than {max_line} bytes (--max-line)"
        ));
    }
    line.push(b'\n');
    let before = format!(
        "service.fds\t{SERVICE}\t{FDS}\nservice.options.apply\t{SERVICE}\tmain\t{option}\n"
    );
    Ok([before.into_bytes(), line].concat())
}

/// The command that starts it.
pub(crate) fn start() -> Vec<u8> {
    format!("service.start\t{SERVICE}\n").into_bytes()
}

/// As the option `args=percent` has it.
fn put_encoded(out: &mut Vec<u8>, arg: &[u8]) {
    for &byte in arg {
        if byte == b'%' || byte.is_ascii_control() {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(args: &[&str]) -> Result<String, String> {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        commands(&args, 100).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn arguments_may_have_any_byte() {
        let text = made(&["echo", "50%", "-c"]).unwrap();
        assert!(text.ends_with("main\t-args\nservice.args\tmain\techo\t50%\t-c\n"), "{text}");
        let text = made(&["echo", "50%", "a\tb\n"]).unwrap();
        let end = "main\targs=percent\nservice.args\tmain\techo\t50%25\ta%09b%0A\n";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn what_no_command_can_say_is_refused() {
        assert!(made(&[""]).unwrap_err().contains("empty"));
        assert!(made(&["echo", &"x".repeat(100)]).unwrap_err().contains("--max-line"));
    }
}
