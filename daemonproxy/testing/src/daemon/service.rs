//! Services, as the tests need them, and the events in which they appear.

use std::fmt::Write;

use super::{Conn, Daemon};

/// `service.state` of one that was never started.
pub fn never_started(name: &str) -> String {
    format!("service.state\t{name}\tdown\t-\t-\t-\t-\t-\t-")
}

/// `service.state` while a start is pending; captures when it is due.
pub fn starting(name: &str) -> String {
    format!("service.state\t{name}\tstart\t{{ts}}\t-\t-\t-\t-\t-")
}

/// `service.state` of one that runs; captures since when, the pid, and how long.
pub fn up(name: &str) -> String {
    format!("service.state\t{name}\tup\t{{ts}}\t{{pid}}\t-\t-\t{{secs}}\t-")
}

/// `service.state` of one that has exited; captures when, the pid, uptime and downtime.
pub fn exited(name: &str, status: u8) -> String {
    format!("service.state\t{name}\tdown\t{{ts}}\t{{pid}}\texit\t{status}\t{{secs}}\t{{secs}}")
}

/// `service.state` of one that was killed; captures when, the pid, uptime and downtime.
pub fn killed(name: &str, signal: &str) -> String {
    format!("service.state\t{name}\tdown\t{{ts}}\t{{pid}}\tsignal\t{signal}\t{{secs}}\t{{secs}}")
}

/// `service.state` of one that was forgotten.
pub fn deleted(name: &str) -> String {
    format!("service.state\t{name}\tdeleted\t-\t-\t-\t-\t-\t-")
}

impl Conn {
    /// A service that runs this program with these arguments.
    #[track_caller]
    pub fn define(&mut self, name: &str, argv: &[&str]) {
        let command = format!("service.args\t{name}\t{}", argv.join("\t"));
        self.answers(&command, &[&command]);
    }

    /// A service that runs a shell script, written on one line.
    #[track_caller]
    pub fn define_shell(&mut self, name: &str, script: &str) {
        self.define(name, &["/bin/sh", "-c", script]);
    }

    /// A service that does nothing for longer than any test takes.
    #[track_caller]
    pub fn define_sleeper(&mut self, name: &str) {
        self.define(name, &["/bin/sleep", "300"]);
    }

    /// Sets the descriptors of a service, all of which exist.
    #[track_caller]
    pub fn give_fds(&mut self, name: &str, fds: &[&str]) {
        let command = format!("service.fds\t{name}\t{}", fds.join("\t"));
        self.answers(&command, &[&command]);
    }

    /// Starts a service, and returns its pid.
    #[track_caller]
    pub fn run(&mut self, name: &str) -> i64 {
        self.send(&format!("service.start\t{name}"));
        self.expect(&[starting(name), up(name)])[2]
    }

    /// Starts a service, and waits until it has exited with status 0.
    #[track_caller]
    pub fn run_to_end(&mut self, name: &str) {
        self.run(name);
        self.wait_for(exited(name, 0));
    }

    /// Kills a service, and waits until that has been told.
    #[track_caller]
    pub fn stop(&mut self, name: &str) {
        self.send(&format!("service.signal\t{name}\tKILL"));
        self.wait_for(killed(name, "SIGKILL"));
    }

    /// Starts a service that copies `from` to the file of its name.
    #[track_caller]
    pub fn run_logger(&mut self, name: &str, from: &str) -> i64 {
        self.define_logger(name, from, "exec cat");
        self.run(name)
    }

    /// A service with `from` as standard input and the file of its name as output.
    #[track_caller]
    pub fn define_logger(&mut self, name: &str, from: &str, script: &str) {
        self.open_output(&format!("{name}.log"));
        self.define_shell(name, script);
        self.give_fds(name, &[from, &format!("{name}.log"), "stderr"]);
    }

    /// A pipe NAME.r, NAME.w.
    #[track_caller]
    pub fn make_pipe(&mut self, name: &str) {
        self.answers(
            &format!("fd.pipe\t{name}.r\t{name}.w"),
            &[
                format!("fd.state\t{name}.r\tpipe\tfrom\t{name}.w"),
                format!("fd.state\t{name}.w\tpipe\tto\t{name}.r"),
            ],
        );
    }

    /// Opens a file under this name; the path is the name too.
    #[track_caller]
    pub fn open_output(&mut self, name: &str) {
        self.answers(
            &format!("fd.open\t{name}\twrite,create,trunc\t{name}"),
            &[format!("fd.state\t{name}\tfile\twrite,create,trunc\t{name}")],
        );
    }

    /// The command's first argument is the name of a service; `rest` is what it needs besides.
    #[track_caller]
    pub fn wants_a_service_name(&mut self, command: &str, rest: &str) {
        self.refuses(command, "Expected service name");
        for wrong in ["no/slash", "no space", "umläut", "12345678901234567890123456789012"] {
            self.refuses(&format!("{command}\t{wrong}{rest}"), "Invalid service name");
        }
    }

    /// The command's first argument is the name of a descriptor; `rest` is what it needs besides.
    #[track_caller]
    pub fn wants_an_fd_name(&mut self, command: &str, rest: &str) {
        self.refuses(command, "Expected file descriptor name");
        for wrong in ["no/slash", "no space", "umläut", "12345678901234567890123456789012"] {
            self.refuses(&format!("{command}\t{wrong}{rest}"), "Invalid file descriptor name");
        }
    }

    /// The lines of a state dump.
    #[track_caller]
    pub fn dump(&mut self) -> Vec<String> {
        self.ask("statedump")
    }

    /// The lines of a state dump that begin with these fields.
    #[track_caller]
    pub fn dump_of(&mut self, fields: &str) -> Vec<String> {
        let (exactly, start) = (fields.to_owned(), format!("{fields}\t"));
        self.dump().into_iter().filter(|l| *l == exactly || l.starts_with(&start)).collect()
    }
}

impl Daemon {
    /// Runs a program as a service with these descriptors, and returns what it wrote into its
    /// standard output, in whose place the list holds `out`.
    #[track_caller]
    pub fn output_with_fds(&mut self, fds: &[&str], argv: &[&str]) -> String {
        self.open_output("out");
        self.define("probe", argv);
        self.give_fds("probe", fds);
        self.run_to_end("probe");
        self.read("out")
    }

    /// Runs a program as a service, and returns what it wrote.
    #[track_caller]
    pub fn output(&mut self, argv: &[&str]) -> String {
        self.output_with_fds(&["null", "out", "stderr"], argv)
    }

    /// Runs a shell script as a service, and returns what it wrote.
    #[track_caller]
    pub fn shell_output(&mut self, script: &str) -> String {
        self.output(&["/bin/sh", "-c", script])
    }
}

/// Commands in one piece, so that they arrive together.
pub fn lines(commands: &[impl AsRef<str>]) -> Vec<u8> {
    let mut text = String::new();
    for command in commands {
        let _ = writeln!(text, "{}", command.as_ref());
    }
    text.into_bytes()
}
