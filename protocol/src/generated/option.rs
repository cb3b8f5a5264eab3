// Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
//! Every option of a service: its value and its parser.

use std::time::Duration;

use crate::option::{self, Backoff, Ends, GiveUp, Kill, Limit, Ready, value};
use crate::{Name, Refusal, Signal};

/// An option of a service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ServiceOption<'a> {
    /// `cwd=PATH`. The working directory. A relative PATH starts at that of the daemon, which
    /// is also the one without this option.
    Cwd(&'a [u8]),
    /// `umask=0 to umask=0777, in octal`. The file mode creation mask (umask(2)). Without it
    /// the one that the daemon was started with.
    Umask(u32),
    /// `nice=-20 to nice=19`. The nice value (setpriority(2)): 19 is the lowest priority.
    /// Below 0 takes a privilege.
    Nice(i64),
    /// `oom=-1000 to oom=1000`. How readily the kernel ends it when memory is short
    /// (oom_score_adj, proc(5)): -1000 is never. Less than the daemon has takes a privilege.
    Oom(i64),
    /// `limit.NAME=SOFT or limit.NAME=SOFT:HARD, each a number or unlimited, and SOFT not
    /// above HARD`. A limit of setrlimit(2), in its unit. With one number it is both limits.
    /// A hard limit above that of the daemon takes a privilege. NAME is one of `as core cpu
    /// data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending
    /// stack`.
    Limit(LimitName, Limit),
    /// `memory=4096 to memory=9223372036854775807`. How many bytes of memory all of its
    /// processes may have together: `memory.max` of its cgroup, the one that `kill=cgroup` is
    /// about. Needs `--cgroup`, and the memory controller in that directory.
    Memory(i64),
    /// `no_new_privs without a value`. Nothing that it executes gives it more privileges,
    /// such as a set-user-ID program (PR_SET_NO_NEW_PRIVS, prctl(2)).
    NoNewPrivs,
    /// `parent_death=SIGNAL`. This signal is sent to it if the daemon ends without having
    /// ended it first (PR_SET_PDEATHSIG, prctl(2)). A program that changes its user does not
    /// get it.
    ParentDeath(Signal),
    /// `session or session=tty`. It leads a session of its own (setsid(2)), which no terminal
    /// controls; with `tty` descriptor 0 becomes its controlling terminal. That fails at the
    /// stage `tty` if it is no terminal, or controls another session.
    Session(bool),
    /// `user=NAME or user=UID`. Whom it runs as, read from /etc/passwd at the start; no other
    /// source of names is asked. By NAME it also gets the groups that /etc/group says, and
    /// `HOME`, `USER`, `LOGNAME` and `SHELL`. A UID gets the group of its entry; one without
    /// an entry needs `group=`. Whoever is not root has nothing of the daemon's privileges
    /// then: none of its groups, and no capability of any kind. Takes a privilege.
    User(&'a [u8]),
    /// `group=NAME or group=GID`. Its group, in place of that of the user; a NAME is looked
    /// up in /etc/group. The supplementary groups of the daemon never stay.
    Group(&'a [u8]),
    /// `groups=NAME or GID, and more after colons; or groups= for none`. Its supplementary
    /// groups, in place of those of the user: at most 64, joined by `:`.
    Groups(&'a [u8]),
    /// `listen without a value`. Its descriptors from 3 on are announced to it as
    /// sd_listen_fds(3) expects: in `LISTEN_FDS`, `LISTEN_PID` and `LISTEN_FDNAMES`.
    Listen,
    /// `args=percent`. `%XX` in the arguments is one byte, and two hexadecimal digits are its
    /// number: so an argument can hold a TAB or several lines. `%25` is `%`. Any other `%`
    /// stays as it is, and so does `%00`.
    Args,
    /// `stop=SIGNAL`. The signal that stops it, instead of TERM. An end by this signal, when
    /// it was told to stop, is a success. Takes effect at once.
    Stop(Signal),
    /// `stop_after=SECONDS, 0 to 2147483647, such as 2.5, or stop_after=-`. How many seconds
    /// a stop leaves it before SIGKILL, when `service.stop`, `service.restart` and
    /// `terminate.shutdown` do not say less, instead of 10. `-`: there is no SIGKILL. While
    /// it is being stopped, `EXTEND_TIMEOUT_USEC=` of sd_notify(3) gives it that much from
    /// then on, if that is more: but never more than the command that stops it said, nor than
    /// the one deadline of a shutdown. Takes effect at once.
    StopAfter(Duration),
    /// `kill=main, kill=group or kill=cgroup`. What a stop is about. `main`: the main process
    /// alone; the stop is over when that has ended. `group`, as without this option: all of
    /// its process group, and with `session` all of its session; the stop is over when the
    /// last of them has gone. `cgroup`: all that it has started, whatever groups and sessions
    /// they made: each run is in a cgroup of its own, `dp-NAME` in the directory of
    /// `--cgroup`, which is needed for this. Those in it that are not the main process get
    /// the stop signal when that has ended, and the stop is over when it is empty. Whatever
    /// is in there before a start is killed first. A run that was started without a cgroup is
    /// stopped as with `group`. Takes effect at once.
    Kill(Kill),
    /// `reload=SIGNAL`. The signal that `service.reload` sends, instead of HUP. Takes effect
    /// at once.
    Reload(Signal),
    /// `ready=notify, ready=control, or ready=fd:0 to ready=fd:255`. How it says that it is
    /// ready, which the condition `ready:NAME` waits for; without this option it is ready
    /// when it is its program. `fd:N`: it writes a line end to descriptor N, a pipe that the
    /// daemon makes (as with s6); one that closes it without that never is. N must be free in
    /// the list of its descriptors. `notify`: it sends `READY=1`, as with sd_notify(3).
    /// `control`: a controller says it, by `service.ready`.
    Ready(Ready),
    /// `ready_within=SECONDS, above 0 and at most 2147483647, such as 2.5`. How long it has,
    /// from its start, to be ready. If that is over, it is stopped in good order, and has
    /// failed, however it ends; it is not held. `EXTEND_TIMEOUT_USEC=` of sd_notify(3) gives
    /// it that much more from then on. Takes effect at once.
    ReadyWithin(Duration),
    /// `watchdog=SECONDS, above 0 and at most 2147483647, such as 2.5`. It must send
    /// `WATCHDOG=1` as with sd_notify(3) at least that often (`WATCHDOG_USEC` and
    /// `WATCHDOG_PID` in its environment tell it), from when it is ready until a stop begins.
    /// Else it gets SIGABRT, and SIGKILL after `stop_after=`; it has failed, and is not held.
    /// Another time holds at once. `EXTEND_TIMEOUT_USEC=` gives it that much from then on,
    /// once.
    Watchdog(Duration),
    /// `deadman=SECONDS, above 0 and at most 2147483647, such as 2.5`. Somebody must keep
    /// vouching for it: unless `service.deadman` comes at least that often, from its start
    /// on, it is stopped in good order and held. The time in which the machine sleeps counts
    /// (CLOCK_BOOTTIME). Takes effect at once.
    Deadman(Duration),
    /// `fdstore=1 to fdstore=64`. Keeps up to so many descriptors that it sends with
    /// `FDSTORE=1` and `FDNAME=` of sd_notify(3), as `NAME.FDNAME`, NAME being that of the
    /// service; without FDNAME as `NAME.stored`. That name must be free, or be one that it
    /// has stored before. Several that come with one message are stored all or not at all:
    /// the second as `NAME.FDNAME-2`, and so on, leaving out names that others have. A
    /// message takes the place of what was stored as its FDNAME before. Its next runs get
    /// them after the listed ones, from 3 on, in the order of FDNAME and as they were sent;
    /// with `listen` all of a message are announced as FDNAME. They are kept until
    /// `FDSTOREREMOVE=1`, which is about all of that FDNAME, `fd.delete` or `service.delete`.
    Fdstore(i64),
    /// `success=END, and more after colons, each a status or a signal`. Ends of a run that
    /// count as success, besides exit status 0 and the signal of a stop: for the conditions
    /// `success`, `failure` and `done:`. 143 and SIGTERM are not the same: a program that
    /// catches the signal may exit with the status. Takes effect at once.
    Success(Ends<'a>),
    /// `backoff=MAX[:FACTOR[:RESET]], in seconds, FACTOR 1 to 1000`. The interval of
    /// `service.auto_up` becomes FACTOR (2) times as long after each run shorter than RESET
    /// seconds (MAX), up to MAX seconds. A longer run, `service.release` or a start that
    /// somebody asks for ends that. A run that somebody stops counts as neither. How many
    /// short runs there were in a row is the fact `failures` of `service.run`. Takes effect
    /// at once.
    Backoff(Backoff),
    /// `giveup=N/SECONDS`. After N starts by triggers within SECONDS the next one is
    /// withheld: the service is held, as by `service.stop`, its `service.run` says `gaveup`,
    /// and the log has an error. SECONDS are counted from the first of these starts; if they
    /// pass without that, counting begins anew, and so it does with `service.release` and a
    /// start that somebody asks for. An attempt that makes no process does not count. Takes
    /// effect at once.
    Giveup(GiveUp),
    /// `on_giveup=NAME`. That other service is started when this one is given up, unless it
    /// runs. One that is held stays down. Takes effect at once.
    OnGiveup(Name<'a>),
    /// `main without a value`. The daemon is there for this service, as in a container. When
    /// it has ended and no trigger holds that starts it again, or it was given up, everything
    /// is shut down in good order, and the daemon exits with its status: that of the service,
    /// or 128 and the number of the signal that ended it; unless other services had to be
    /// killed (see `terminate.shutdown`). While it is held, or its stop goes on, that is no
    /// reason. One service at most has this option. Takes effect at once.
    Main,
}

impl<'a> ServiceOption<'a> {
    /// Reads one, such as `umask=022`.
    ///
    /// # Errors
    ///
    /// There is no such option, or it cannot have this value.
    pub fn parse(field: &'a [u8]) -> Result<Self, Refusal<'a>> {
        let (key, value) = option::split(field);
        match key {
            b"cwd" => Ok(Self::Cwd(
                value::path(value)
                    .ok_or(Refusal::InvalidOption { option: field, expected: "cwd=PATH" })?,
            )),
            b"umask" => {
                Ok(Self::Umask(value::octal(value, 0, 511).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "umask=0 to umask=0777, in octal",
                })?))
            }
            b"nice" => {
                Ok(Self::Nice(value::number(value, -20, 19).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "nice=-20 to nice=19",
                })?))
            }
            b"oom" => {
                Ok(Self::Oom(value::number(value, -1000, 1000).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "oom=-1000 to oom=1000",
                })?))
            }
            b"memory" => Ok(Self::Memory(value::number(value, 4096, 9223372036854775807).ok_or(
                Refusal::InvalidOption {
                    option: field,
                    expected: "memory=4096 to memory=9223372036854775807",
                },
            )?)),
            b"no_new_privs" => {
                value::nothing(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "no_new_privs without a value",
                })?;
                Ok(Self::NoNewPrivs)
            }
            b"parent_death" => {
                Ok(Self::ParentDeath(value::signal(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "parent_death=SIGNAL",
                })?))
            }
            b"session" => Ok(Self::Session(value::tty(value).ok_or(Refusal::InvalidOption {
                option: field,
                expected: "session or session=tty",
            })?)),
            b"user" => Ok(Self::User(value::word(value).ok_or(Refusal::InvalidOption {
                option: field,
                expected: "user=NAME or user=UID",
            })?)),
            b"group" => Ok(Self::Group(value::word(value).ok_or(Refusal::InvalidOption {
                option: field,
                expected: "group=NAME or group=GID",
            })?)),
            b"groups" => Ok(Self::Groups(value::words(value).ok_or(Refusal::InvalidOption {
                option: field,
                expected: "groups=NAME or GID, and more after colons; or groups= for none",
            })?)),
            b"listen" => {
                value::nothing(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "listen without a value",
                })?;
                Ok(Self::Listen)
            }
            b"args" => {
                value::percent(value)
                    .ok_or(Refusal::InvalidOption { option: field, expected: "args=percent" })?;
                Ok(Self::Args)
            }
            b"stop" => Ok(Self::Stop(
                value::signal(value)
                    .ok_or(Refusal::InvalidOption { option: field, expected: "stop=SIGNAL" })?,
            )),
            b"stop_after" => {
                Ok(Self::StopAfter(value::patience(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "stop_after=SECONDS, 0 to 2147483647, such as 2.5, or stop_after=-",
                })?))
            }
            b"kill" => Ok(Self::Kill(value::kill(value).ok_or(Refusal::InvalidOption {
                option: field,
                expected: "kill=main, kill=group or kill=cgroup",
            })?)),
            b"reload" => Ok(Self::Reload(
                value::signal(value)
                    .ok_or(Refusal::InvalidOption { option: field, expected: "reload=SIGNAL" })?,
            )),
            b"ready" => Ok(Self::Ready(value::ready(value).ok_or(Refusal::InvalidOption {
                option: field,
                expected: "ready=notify, ready=control, or ready=fd:0 to ready=fd:255",
            })?)),
            b"ready_within" => {
                Ok(Self::ReadyWithin(value::seconds(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "ready_within=SECONDS, above 0 and at most 2147483647, such as 2.5",
                })?))
            }
            b"watchdog" => {
                Ok(Self::Watchdog(value::seconds(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "watchdog=SECONDS, above 0 and at most 2147483647, such as 2.5",
                })?))
            }
            b"deadman" => {
                Ok(Self::Deadman(value::seconds(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "deadman=SECONDS, above 0 and at most 2147483647, such as 2.5",
                })?))
            }
            b"fdstore" => {
                Ok(Self::Fdstore(value::number(value, 1, 64).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "fdstore=1 to fdstore=64",
                })?))
            }
            b"success" => Ok(Self::Success(value::ends(value).ok_or(Refusal::InvalidOption {
                option: field,
                expected: "success=END, and more after colons, each a status or a signal",
            })?)),
            b"backoff" => {
                Ok(Self::Backoff(value::backoff(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "backoff=MAX[:FACTOR[:RESET]], in seconds, FACTOR 1 to 1000",
                })?))
            }
            b"giveup" => {
                Ok(Self::Giveup(value::giveup(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "giveup=N/SECONDS",
                })?))
            }
            b"on_giveup" => Ok(Self::OnGiveup(
                value::service(value)
                    .ok_or(Refusal::InvalidOption { option: field, expected: "on_giveup=NAME" })?,
            )),
            b"main" => {
                value::nothing(value).ok_or(Refusal::InvalidOption {
                    option: field,
                    expected: "main without a value",
                })?;
                Ok(Self::Main)
            }

            _ => {
                if let Some(name) = key.strip_prefix(b"limit.").and_then(LimitName::parse) {
                    return {
                        Ok(Self::Limit(name, value::limit(value).ok_or(Refusal::InvalidOption { option: field, expected: "limit.NAME=SOFT or limit.NAME=SOFT:HARD, each a number or unlimited, and SOFT not above HARD" })?))
                    };
                }

                Err(Refusal::UnknownOption { option: field })
            }
        }
    }

    /// Whether there is an option with this KEY.
    #[must_use]
    pub fn is_key(key: &[u8]) -> bool {
        matches!(
            key,
            b"cwd"
                | b"umask"
                | b"nice"
                | b"oom"
                | b"limit.as"
                | b"limit.core"
                | b"limit.cpu"
                | b"limit.data"
                | b"limit.fsize"
                | b"limit.locks"
                | b"limit.memlock"
                | b"limit.msgqueue"
                | b"limit.nice"
                | b"limit.nofile"
                | b"limit.nproc"
                | b"limit.rss"
                | b"limit.rtprio"
                | b"limit.rttime"
                | b"limit.sigpending"
                | b"limit.stack"
                | b"memory"
                | b"no_new_privs"
                | b"parent_death"
                | b"session"
                | b"user"
                | b"group"
                | b"groups"
                | b"listen"
                | b"args"
                | b"stop"
                | b"stop_after"
                | b"kill"
                | b"reload"
                | b"ready"
                | b"ready_within"
                | b"watchdog"
                | b"deadman"
                | b"fdstore"
                | b"success"
                | b"backoff"
                | b"giveup"
                | b"on_giveup"
                | b"main"
        )
    }
}

/// The NAME of an option `limit.NAME`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LimitName {
    /// `as`
    As,
    /// `core`
    Core,
    /// `cpu`
    Cpu,
    /// `data`
    Data,
    /// `fsize`
    Fsize,
    /// `locks`
    Locks,
    /// `memlock`
    Memlock,
    /// `msgqueue`
    Msgqueue,
    /// `nice`
    Nice,
    /// `nofile`
    Nofile,
    /// `nproc`
    Nproc,
    /// `rss`
    Rss,
    /// `rtprio`
    Rtprio,
    /// `rttime`
    Rttime,
    /// `sigpending`
    Sigpending,
    /// `stack`
    Stack,
}

impl LimitName {
    fn parse(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"as" => Self::As,
            b"core" => Self::Core,
            b"cpu" => Self::Cpu,
            b"data" => Self::Data,
            b"fsize" => Self::Fsize,
            b"locks" => Self::Locks,
            b"memlock" => Self::Memlock,
            b"msgqueue" => Self::Msgqueue,
            b"nice" => Self::Nice,
            b"nofile" => Self::Nofile,
            b"nproc" => Self::Nproc,
            b"rss" => Self::Rss,
            b"rtprio" => Self::Rtprio,
            b"rttime" => Self::Rttime,
            b"sigpending" => Self::Sigpending,
            b"stack" => Self::Stack,
            _ => return None,
        })
    }
}
