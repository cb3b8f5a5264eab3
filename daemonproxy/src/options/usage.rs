//! What `--help` and `--version` print.

pub(crate) const USAGE: &str = "\
usage: daemonproxy [OPTION]...

  -f, --file FILE            have what FILE says, services in TOML: the service apply runs
                             `dpctl apply` at start, and at each SIGHUP
      --foreground           with -f: all that services write is shown, with their names
  -c, --config FILE          read commands from FILE at start (- is stdin)
  -i, --interactive          stdin and stdout are a controller; at its end leave
  -S, --socket PATH          listen for controllers there
  -L, --lua SCRIPT           run SCRIPT with daemonproxy-lua as a controller: the service lua,
                             which is started again when it ends
      --main PROGRAM [ARG].. run this as the service main, as in a container: its end is that of
                             the daemon, its status too; everything after it is its own
      --on-signal SIG=ACTION what SIG does when nobody listens: event, shutdown, terminate or
                             forward, which is to the main service
                             (TERM, INT and QUIT: shutdown; as PID 1 without --main: event)
      --shutdown-times TERM[,KILL[,FLUSH]]
                             seconds of a shutdown that does not say them: from SIGTERM to
                             SIGKILL, to giving up, and for the last events (10,5,5)
  -D, --daemonize            go to the background, print the pid when ready
      --ready-fd N           write a line end to descriptor N when ready, and close it
      --strict               an error in the config file is the end: status 2
      --cgroup DIR           a directory of cgroups (v2) that is ours: for kill=cgroup, memory=
      --exit-guard CODE      refuse to leave without CODE (0: no guard)
  -E, --exit-exec TSV        execute this instead of exiting, for whatever reason
      --service-pool N[xM]   room for exactly N services of M bytes, allocated at start
      --fd-pool N[xM]        the same for file descriptors
      --controller-pool N    the same for controllers
      --max-line BYTES       the longest line that is accepted (4096)
  -M, --mlockall             keep all memory from being swapped out
  -v, --verbose              log one level more
  -q, --quiet                log one level less
      --log-time             a moment in front of each line of the log
  -h, --help                 print this
      --version              print the version and where it comes from

One of -f, -i, -c, -S, -L and --main is required. The commands that FILE and controllers may send
are in daemonproxy-protocol(7).
";

pub(super) const VERSION: &str = concat!(
    "daemonproxy version ",
    env!("CARGO_PKG_VERSION"),
    "\nbuild timestamp: ",
    env!("BUILD_TIMESTAMP"),
    "\ngit HEAD: ",
    env!("BUILD_GIT_HEAD"),
    "\nCopyright (c) 2026-",
    env!("BUILD_YEAR"),
    " the daemonproxy authors\nlicensed under MIT or Apache-2.0, see the files LICENSE-MIT and LICENSE-APACHE\n"
);
