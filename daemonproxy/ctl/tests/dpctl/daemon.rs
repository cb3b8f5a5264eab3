//! A daemon that listens, and `dpctl` run against it.

use std::ops::{Deref, DerefMut};
use std::process::{Command, Output, Stdio};

use daemonproxy_testing::{Setup, eventually};

pub(crate) struct Daemon(daemonproxy_testing::Daemon);

impl Daemon {
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self(Setup::default().listen())
    }

    #[track_caller]
    pub(crate) fn with_config(config: &str) -> Self {
        Self(Setup::default().config(config).listen())
    }

    /// Started by this program, which gets the daemon as its arguments.
    #[track_caller]
    pub(crate) fn start_with(wrapper: &[&str]) -> Self {
        Self(Setup::default().wrapped_in(wrapper).listen())
    }

    /// Runs `dpctl` with these arguments, separated by spaces.
    #[track_caller]
    pub(crate) fn dpctl(&self, args: &str) -> Said {
        self.dpctl_args(&args.split(' ').collect::<Vec<_>>())
    }

    #[track_caller]
    pub(crate) fn dpctl_args(&self, args: &[&str]) -> Said {
        run(Command::new(env!("CARGO_BIN_EXE_dpctl"))
            .env("DAEMONPROXY_SOCKET", self.socket())
            .args(args))
    }

    /// The same, with the expectation that all is well.
    #[track_caller]
    pub(crate) fn ok(&self, args: &str) -> String {
        self.ok_args(&args.split(' ').collect::<Vec<_>>())
    }

    #[track_caller]
    pub(crate) fn ok_args(&self, args: &[&str]) -> String {
        let said = self.dpctl_args(args);
        assert_eq!((said.status, said.err.as_str()), (0, ""), "dpctl {args:?}: {}", said.out);
        said.out
    }

    /// Waits until `dpctl` with these arguments, separated by spaces, writes this.
    #[track_caller]
    pub(crate) fn comes_to_say(&self, args: &str, expected: &str) {
        let mut said = String::new();
        eventually(&format!("{args} says {expected}"), || {
            said = self.dpctl(args).out;
            (said == expected).then_some(())
        });
    }
}

impl Deref for Daemon {
    type Target = daemonproxy_testing::Daemon;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Daemon {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// What a run of `dpctl` said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

#[track_caller]
pub(crate) fn run(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().expect("dpctl runs");
    Said {
        status: status.code().expect("dpctl exits"),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}
