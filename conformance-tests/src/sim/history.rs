//! Histories: what is done to the state machine, at random from a seed.
//!
//! A history is a list that can be played, shortened and printed. So no step depends on the results
//! of earlier ones: controllers, children and files are given by number, modulo how many there are.

use daemonproxy_core::{Ended, Errno, Limits, Pool};
use daemonproxy_protocol::Signal;
use daemonproxy_protocol::tables::OPTIONS;
use daemonproxy_testing::Rng;
use daemonproxy_testing::world::{Op, Output, USER};

/// How many steps a history has.
pub const STEPS: usize = 200;
/// Controllers by number: the first this many come from the control socket, those after them are
/// services.
pub(super) const SOCKETS: usize = 4;
/// The highest number of a controller, plus one.
pub(super) const CONTROLLERS: usize = 7;

/// The options of a control socket that does not give all rights, and the services that it is about.
pub(super) const LIMITED: &[u8] = b"rights=operate,services=a*:b";
pub(super) const LIMITED_TO: &[&str] = &["a*", "b"];

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Action {
    /// A controller sends bytes, with this many descriptors; it connects if it has to.
    Send(usize, Vec<u8>, usize),
    /// It asks for a state dump, by a tagged command or with an echo after it.
    Dump(usize, bool),
    /// It sends a command with a tag.
    Tagged(usize, String),
    /// It asks for an echo.
    Echo(usize),
    /// It goes away.
    Close(usize),
    /// It stops sending.
    Shut(usize),
    /// From now on it reads like this.
    Reads(usize, Output),
    /// A child ends.
    End(usize, Ended),
    /// The grandchild that has been there longest ends.
    EndGrandchild,
    /// The daemon gets a signal.
    Signal(Signal),
    /// Milliseconds pass.
    Wait(u64),
    /// The next few operations of a kind fail.
    Fail(Op, i32, u32),
    /// The execution of this many programs to come takes until [`Action::EndExec`].
    HangExec(u32),
    /// The execution of one of those is over.
    EndExec(usize),
    /// A child says this of itself, as this user and with so many descriptors; nothing: it closes
    /// what it could say it on.
    Tell(usize, u32, Vec<u8>, usize),
    /// With a descriptor that services may wait for, this happens.
    Arrive(usize, Arrival),
    /// The machine sleeps for this many seconds.
    Sleep(u64),
    /// From now on the log's file takes what is written like this.
    Log(Output),
}

/// What happens to a descriptor, as far as services see that wait for it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Something can be read.
    Data,
    /// Somebody has read all of it.
    Nothing,
    /// The other side has gone.
    End,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happens.
    pub action: Action,
    /// The daemon notices before anything else happens.
    pub noticed: bool,
}

/// What a history begins with, and its steps.
#[derive(Clone, Debug)]
pub struct History {
    /// What it was made from.
    pub seed: u64,
    /// The pools, and the length of a line.
    pub limits: Limits,
    /// The code of `--exit-guard`.
    pub guard: Option<i64>,
    /// The config file.
    pub config: Option<Vec<u8>>,
    /// The first controller is there from the start, by standard input and output.
    pub interactive: bool,
    /// The daemon is process 1.
    pub first: bool,
    /// Services can have cgroups.
    pub cgroups: bool,
    /// At most this many bytes are read from a connection at a time.
    pub piece: usize,
    /// It ends with an orderly shutdown: the three times.
    pub shutdown: Option<[u32; 3]>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// When the state machine is replaced by one that goes on with its state; and nothing may be
    /// different for it.
    pub upgrades: Upgrades,
}

/// When the state machine is replaced by one that goes on with its state.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Upgrades {
    /// Not at all.
    Never,
    /// At every step, at one of the daemon's turns.
    EveryStep,
    /// At every turn of the daemon, of which a step has several. What the new one writes down is
    /// compared with what it has read.
    EveryTurn,
}

impl History {
    /// The history of this seed.
    pub fn draw(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let limits = if rng.one_in(2) { Limits::default() } else { small(&mut rng) };
        let guard = rng.one_in(8).then_some(5);
        let piece = rng.choose(&[1_000_000, 1_000_000, 1_000_000, 61, 5]);
        let shutdown = rng.one_in(2).then(|| [0; 3].map(|_| rng.below(4) as u32));
        let config = rng.one_in(4).then(|| config(&mut rng, &limits));
        let interactive = rng.one_in(6);
        let first = rng.one_in(5);
        let cgroups = !rng.one_in(4);
        let opening = if rng.one_in(4) { 0 } else { OPENING.len() };
        let opening = OPENING.iter().take(opening).map(|text| Step {
            action: Action::Send(0, text.as_bytes().to_vec(), 0),
            noticed: true,
        });
        let opening: Vec<Step> = opening.collect();
        let chance = (opening.len()..STEPS)
            .map(|_| Step { action: action(&mut rng, &limits), noticed: !rng.one_in(4) });
        let steps = opening.into_iter().chain(chance).collect();
        let upgrades = Upgrades::Never;
        Self {
            seed,
            limits,
            guard,
            config,
            interactive,
            first,
            cgroups,
            piece,
            shutdown,
            steps,
            upgrades,
        }
    }
}

fn small(rng: &mut Rng) -> Limits {
    let services = Pool { count: 2 + rng.below(5), bytes: 30 + rng.below(60) };
    let fds = Pool { count: 8 + rng.below(6), bytes: 7 + rng.below(20) };
    Limits {
        max_line: rng.choose(&[512, 512, 4096]),
        services: (!rng.one_in(4)).then_some(services),
        fds: (!rng.one_in(4)).then_some(fds),
        controllers: (!rng.one_in(4)).then(|| 2 + rng.below(5)),
    }
}

/// What most histories begin with, so that there is something to go wrong.
const OPENING: [&str; 6] = [
    "fd.pipe\tr\tw\nfd.open\tf\tread\t/\n",
    "service.args\ta\ta\tobeys\nservice.fds\ta\tnull\tw\tw\n",
    "service.args\tb\tb\treads\nservice.fds\tb\tr\tstderr\n",
    "service.args\tc\tc\treads\nservice.fds\tc\tcontrol.socket\n",
    "service.auto_up\ta\t1\talways\nservice.start\tb\n",
    "service.start\tc\n",
];
const SERVICES: [&str; 6] = ["a", "b", "c", "a-log", "b-log", "x.y_service-with-a-long-name.z"];
const FDS: [&str; 9] =
    ["r", "w", "f", "a-log.r", "a-log.w", "b-log.w", "null", "stderr", "control.socket"];
const LIST: [&str; 12] = [
    "r",
    "w",
    "f",
    "a-log.r",
    "a-log.w",
    "-",
    "null",
    "stderr",
    "control.event",
    "control.cmd",
    "control.socket",
    "none",
];
/// Lists with which services do something.
const LISTS: [&str; 8] = [
    "null\tw\tw",
    "r\tstderr\tstderr",
    "r\tw\tw",
    "null\tb-log.w",
    "control.event\tcontrol.cmd\tnull",
    "control.socket",
    "control.event\tw",
    "r\tcontrol.cmd",
];
const SIGNALS: [&str; 8] = ["HUP", "SIGUSR1", "TERM", "9", "KILL", "INT", "RTMIN+3", "WINCH"];
/// What the daemon gets.
const RECEIVED: [Signal; 6] =
    [Signal::HUP, Signal::USR1, Signal::TERM, Signal::INT, Signal::WINCH, Signal::CHLD];
const BEHAVIOURS: [&str; 13] = [
    "",
    "\tobeys",
    "\tignores",
    "\texits",
    "\treads",
    "\treads",
    "\tforks",
    "\tforks-ignores",
    "\tforks-on",
    "\tregroups",
    "\tregroups-ignores",
    "\tescapes",
    "\tstuck",
];
const ERRNOS: [i32; 9] = [
    libc::ENOENT,
    libc::EACCES,
    libc::EMFILE,
    libc::ENOMEM,
    libc::EAGAIN,
    libc::EISDIR,
    libc::ENXIO,
    libc::ENAMETOOLONG,
    libc::EPERM,
];

/// What services say of themselves.
const SAID: [&str; 26] = [
    "FDSTORE=1\nFDNAME=x",
    "FDSTORE=1\nFDNAME=y",
    "FDSTORE=1\nREADY=1",
    "FDSTOREREMOVE=1\nFDNAME=x",
    "FDSTOREREMOVE=1\nFDSTORE=1\nFDNAME=y",
    "FDSTORE=1\nFDNAME=a/b",
    "FDSTORE=1\nFDNAME=x-2",
    "FDSTORE=1\nFDNAME=log.w",
    "\n",
    "\n",
    "\nand more",
    "not yet",
    "",
    "READY=1",
    "READY=1\nSTATUS=well",
    "READY=1",
    "WATCHDOG=1",
    "WATCHDOG=1\n",
    "STATUS=a\tstatus\u{1}",
    "WATCHDOG=trigger",
    "BARRIER=1",
    "STOPPING=1\nERRNO=2\nMAINPID=1",
    "EXTEND_TIMEOUT_USEC=5000000",
    "STOPPING=1\nEXTEND_TIMEOUT_USEC=3600000000",
    "EXTEND_TIMEOUT_USEC=1500000\nREADY=1",
    "RELOADING=1\nSTATUS=",
];

/// Options of services that say something of themselves.
const SAYING: [&str; 12] = [
    "\tfdstore=2",
    "\tfdstore=1\tready=fd:4",
    "\tfdstore=3\tready=notify",
    "\tready=notify",
    "\tready=notify\tready_within=3",
    "\twatchdog=2",
    "\tready=notify\twatchdog=1.5\tdeadman=7",
    "\tdeadman=2.5",
    "\tready=fd:3",
    "\tready=fd:5\tready_within=2",
    "\tready=control\tready_within=1.5",
    "\tready_within=0.25",
];

fn action(rng: &mut Rng, limits: &Limits) -> Action {
    let most = if rng.one_in(2) { SOCKETS } else { CONTROLLERS };
    let who = rng.below(most);
    match rng.below(50) {
        0..=16 => {
            let mut bytes = command(rng, limits).into_bytes();
            bytes.push(b'\n');
            if rng.one_in(6) {
                let more = command(rng, limits);
                bytes.extend_from_slice(more.as_bytes());
                if !rng.one_in(3) {
                    bytes.push(b'\n');
                } else if rng.one_in(2) {
                    // In the middle of a line.
                    bytes.truncate(bytes.len() - rng.below(more.len() + 1));
                }
            }
            Action::Send(who, bytes, 0)
        }
        17 => {
            let (name, other) = (pick(rng, &FDS), command(rng, limits));
            let text = rng.choose(&[
                "fd.take\tNAME\n",
                "OTHER\nfd.take\tNAME\n",
                "fd.take\tNAME\nfd.take\tg\nOTHER\n",
                "fd.take\tNAME\nOTHER\nfd.t",
                "fd.take\tNA",
                "OTHER\n",
            ]);
            let text = text.replace("NAME", name).replace("OTHER", &other);
            Action::Send(who, text.into_bytes(), rng.choose(&[1, 1, 1, 2, 40]))
        }
        18 => Action::Echo(who),
        19 if rng.one_in(8) => Action::Tagged(who, restriction(rng)),
        19 => Action::Tagged(who, command(rng, limits)),
        20 => Action::Dump(who, rng.one_in(2)),
        21 if rng.one_in(2) => Action::Close(who),
        22 if rng.one_in(3) => Action::Shut(who),
        21..=23 => {
            let room = rng.below(3_000);
            let outputs = [Output::Room(0), Output::Room(room), Output::Pieces(7), Output::Free];
            Action::Reads(who, rng.choose(&outputs))
        }
        24..=28 => {
            let ends = [Ended::Exit(0), Ended::Exit(42), Ended::Signal(Signal::KILL)];
            Action::End(rng.below(8), rng.choose(&ends))
        }
        29 => Action::EndGrandchild,
        30 | 31 => Action::Signal(rng.choose(&RECEIVED)),
        32..=35 => Action::Wait(match rng.below(6) {
            0 => rng.below(2_000) as u64,
            1 => 20_000,
            _ => 1_000 * (1 + rng.below(4) as u64),
        }),
        48 | 49 => {
            let arrivals = [Arrival::Data, Arrival::Data, Arrival::Data, Arrival::Nothing];
            let arrival = if rng.one_in(8) { Arrival::End } else { rng.choose(&arrivals) };
            Action::Arrive(rng.below(8), arrival)
        }
        47 => Action::Sleep(rng.choose(&[1, 5, 100])),
        40 => Action::HangExec(1 + rng.below(4) as u32),
        41..=43 => Action::EndExec(rng.below(8)),
        44..=46 => {
            let said = pick(rng, &SAID).as_bytes().to_vec();
            let uid = rng.choose(&[USER, USER, USER, USER, 0, 7]);
            Action::Tell(rng.below(8), uid, said, rng.choose(&[0, 0, 0, 1, 1, 3]))
        }
        36..=38 => Action::Fail(rng.choose(&Op::ALL), rng.choose(&ERRNOS), 1 + rng.below(3) as u32),
        _ => Action::Log(rng.choose(&[
            Output::Room(0),
            Output::Room(100),
            Output::Pieces(9),
            Output::Fails(Errno(libc::EIO)),
            Output::Free,
        ])),
    }
}

fn command(rng: &mut Rng, limits: &Limits) -> String {
    let name = pick(rng, &SERVICES);
    match rng.below(50) {
        46 | 47 => vouching(rng),
        48 | 49 => stopping(rng),
        44 => format!("service.{}\t{name}", pick(rng, &["ready", "deadman"])),
        45 => format!("service.options\t{name}{}", pick(rng, &SAYING)),
        40 => format!("service.stop\t{name}{}", pick(rng, &["", "\t1", "\t0", "\t3", "\t0.25"])),
        41 => format!("service.restart\t{name}{}", pick(rng, &["", "\t1", "\t2.5"])),
        42 => format!("service.{}\t{name}", pick(rng, &["release", "reload"])),
        43 => format!("service.auto_up\t{name}\t{}\t{}", 1 + rng.below(3), conditions(rng)),
        0..=3 => format!("service.args\t{name}\t{name}{}", pick(rng, &BEHAVIOURS)),
        4 => format!("service.args\t{name}"),
        5..=7 => format!("service.fds\t{name}{}", list(rng)),
        8 => format!("service.tags\t{name}\tt{}\tk=v", rng.below(3)),
        9 if !rng.one_in(4) => options(rng, name),
        9 => format!("service.tags.apply\t{name}\tk={}\t-t1", rng.below(3)),
        10 | 11 => format!("service.auto_up\t{name}\t{}\talways", 1 + rng.below(8)),
        12 => {
            let (one, other) = (pick(rng, &SIGNALS), pick(rng, &SIGNALS));
            format!("service.auto_up\t{name}\t-\t{one}\t{other}")
        }
        13 => format!("service.auto_up\t{name}\t-"),
        14..=17 => format!("service.start\t{name}"),
        18 => format!("service.start\t{name}\t{}", time(rng)),
        19 | 20 => {
            let group = pick(rng, &["", "\tgroup"]);
            format!("service.signal\t{name}\t{}{group}", pick(rng, &SIGNALS))
        }
        21 => format!("service.delete\t{name}"),
        22 | 23 => {
            let numbers = pick(rng, &["1,2", "0", "2", "1", "7"]);
            format!("service.pipe\t{}\t{numbers}\t{name}\treads", pick(rng, &["a", "b", "c"]))
        }
        24 | 25 => {
            let flags = pick(rng, &["", "\tnonblock", "\tunix", "\tunix,dgram"]);
            format!("fd.pipe\t{}\t{}{flags}", pick(rng, &FDS), pick(rng, &FDS))
        }
        26 => format!("fd.open\t{}\tread,append\t/{}", pick(rng, &FDS), rng.below(3)),
        27 => format!("fd.socket\t{}\tunix,listen\t/sock{}", pick(rng, &FDS), rng.below(3)),
        28 | 29 => format!("fd.delete\t{}", pick(rng, &FDS)),
        30 => format!("log.dest\tfd\t{}", pick(rng, &FDS)),
        31 => format!("signal.clear\t{}\t{}", pick(rng, &SIGNALS), rng.below(3)),
        32 => {
            let action = pick(rng, &["event", "event", "forward", "shutdown"]);
            format!("signal.default\t{}\t{action}", pick(rng, &SIGNALS))
        }
        33 => match rng.below(10) {
            0 => "socket.delete".to_owned(),
            1 => format!("socket.delete\ts{}", rng.below(2)),
            2 => format!("socket.create\tname=s{},mode=0600,most=1\t/s", rng.below(2)),
            4 => {
                let limited = String::from_utf8_lossy(LIMITED);
                format!("socket.create\tname=s{},{limited}\ts", rng.below(2))
            }
            5 if rng.one_in(4) => restriction(rng),
            3 => "conn.list".to_owned(),
            6 => {
                pick(rng, &["upgrade", "upgrade", "upgrade\t/nowhere", "upgrade\t-\t5"]).to_owned()
            }
            _ => "socket.create\t-\t/c".to_owned(),
        },
        34 if rng.below(2) == 0 => pick(
            rng,
            &[
                "conn.features\tobserver",
                "conn.features",
                "conn.features\truns\tother",
                "conn.features\truns\tsettings",
                "conn.features\tsettings",
            ],
        )
        .to_owned(),
        34 if rng.one_in(2) => {
            let delay = pick(rng, &["-", "0", "0.5", "0.000000001", "1", "3.25", "20", "1e3"]);
            format!("conn.timer\t{}\t{delay}", pick(rng, &["t", "u", "v"]))
        }
        34 => format!("conn.event_timeout\t{}\t9", 1 + rng.below(9)),
        35 => pick(rng, &["exit", "log.filter\t+", "log.filter\tnone", "log.filter\t-"]).to_owned(),
        36 => leaving(rng),
        37 => long(rng, name, limits),
        _ => pick(
            rng,
            &[
                "nonsense",
                "@t\tservice.start\ta",
                "@t",
                "@\tx",
                "",
                "# a comment",
                "service.args",
                "\t\t",
                " x",
                "service.start\ta\tb\tc\td",
                "fd.open\tf\tread,fast\t/x",
                "chdir\t/x",
                "chdir\ty",
                "service.args\ta\tb\u{1}",
                "service.fds\tb\tx\t\ty",
            ],
        )
        .to_owned(),
    }
}

/// Somebody must vouch for a service, or does.
fn vouching(rng: &mut Rng) -> String {
    let name = rng.choose(&SERVICES[..3]);
    match rng.below(3) {
        0 => {
            let time = pick(rng, &["1.5", "4", "20", "300"]);
            format!("service.options.apply\t{name}\tdeadman={time}")
        }
        _ => format!("service.deadman\t{name}"),
    }
}

/// Options that say what a stop is about, and how long it may take.
fn stopping(rng: &mut Rng) -> String {
    let name = rng.choose(&SERVICES[..3]);
    let option = [
        "kill=cgroup",
        "kill=cgroup",
        "kill=cgroup\tstop_after=1",
        "kill=main",
        "kill=group\tmemory=4096",
        "kill=cgroup\tsession",
        "stop_after=0",
        "-kill\tstop=INT",
    ];
    format!("service.options.apply\t{name}\t{}", pick(rng, &option))
}

/// What gives rights away.
fn restriction(rng: &mut Rng) -> String {
    let rights = pick(rng, &["watch", "operate", "operate", "full"]);
    let globs = pick(rng, &["", "\ta*", "\t*", "\ta\tb-?o*", "\t*-*", "\tx.y*"]);
    format!("conn.restrict\t{rights}{globs}")
}

/// Options of a service: those of the grammar's examples, and some that are wrong.
fn options(rng: &mut Rng, name: &str) -> String {
    let examples = OPTIONS.iter().flat_map(|info| info.examples).collect::<Vec<_>>();
    let wrong = OPTIONS.iter().flat_map(|info| info.wrong).collect::<Vec<_>>();
    let (option, other) = (rng.choose(&examples), rng.choose(&examples));
    let key = option.split('=').next().unwrap_or_default();
    if rng.one_in(3) {
        return restarts(rng, name);
    }
    let (letter, long) = (rng.choose(&["A", "B", "C", "D"]), rng.below(200));
    match rng.below(10) {
        6 => format!("service.env\t{name}\t!\t{letter}=1"),
        7 => format!("service.env.apply\t{name}\t{letter}={}\t-D", "x".repeat(long)),
        8 => format!("env.apply\t{letter}={}\t!C", "x".repeat(long)),
        9 => format!("env\tA=1\t{letter}=2"),
        0 => format!("service.options\t{name}"),
        1 => format!("service.options\t{name}\t{option}\t{}", rng.choose(&wrong)),
        2 => format!("service.options.apply\t{name}\t-{key}\t{other}"),
        3 => format!("service.options.apply\t{name}\t{option}"),
        _ => format!("service.options\t{name}\t{option}\t{other}"),
    }
}

/// Options that have to do with how often it is started, and times that matter in a history.
fn restarts(rng: &mut Rng, name: &str) -> String {
    let backoff = pick(rng, &["3", "0.5:3", "6:1.5:2", "20:3:1.000000001", "1000:2:2", "2:1:0.5"]);
    let giveup = pick(rng, &["1/3", "2/60", "2/4.5", "3/1000", "3/9"]);
    let (other, success) = (pick(rng, &SERVICES), pick(rng, &["42", "0:SIGTERM", "42:SIGKILL"]));
    match rng.below(8) {
        6 => format!("service.options.apply\t{name}\tmain"),
        7 => format!("service.options.apply\t{name}\t-main"),
        0 => format!("service.options\t{name}\tbackoff={backoff}"),
        1 => format!("service.options\t{name}\tgiveup={giveup}\ton_giveup={other}"),
        2 => format!("service.options.apply\t{name}\tsuccess={success}\tgiveup={giveup}"),
        3 => format!("service.options.apply\t{name}\t-giveup\tbackoff={backoff}"),
        4 => format!("service.options.apply\t{name}\t-backoff\ton_giveup={other}"),
        _ => format!("service.options\t{name}\tbackoff={backoff}\tgiveup={giveup}"),
    }
}

/// One or two triggers of one or two conditions each.
fn conditions(rng: &mut Rng) -> String {
    let one = |rng: &mut Rng| {
        let kind = pick(
            rng,
            &[
                "once", "failure", "success", "up:", "ready:", "down:", "done:", "SIGUSR1", "fd:",
                "fd:", "fd:", "fd:",
            ],
        );
        let of = match kind {
            "fd:" => pick(rng, &FDS),
            _ if kind.ends_with(':') => pick(rng, &SERVICES),
            _ => "",
        };
        format!("{kind}{of}")
    };
    let trigger = |rng: &mut Rng| match rng.below(3) {
        0 => format!("{},{}", one(rng), one(rng)),
        _ => one(rng),
    };
    match rng.below(3) {
        0 => format!("{}\t{}", trigger(rng), trigger(rng)),
        _ => trigger(rng),
    }
}

fn config(rng: &mut Rng, limits: &Limits) -> Vec<u8> {
    let lines: Vec<String> = (0..rng.below(12)).map(|_| command(rng, limits)).collect();
    let end = pick(rng, &["", "\n"]);
    format!("{}{end}", lines.join("\n")).into_bytes()
}

fn leaving(rng: &mut Rng) -> String {
    let times = [0; 3].map(|_| rng.below(4));
    match rng.below(12) {
        0 => {
            let code = pick(rng, &["", "", "\t-\t7"]);
            format!("terminate.shutdown\t{}\t{}\t{}{code}", times[0], times[1], times[2])
        }
        1 if rng.one_in(4) => "terminate\t3\t4".to_owned(),
        2 | 3 => "terminate.guard\t+\t5".to_owned(),
        4 | 5 => "terminate.guard\t-\t5".to_owned(),
        6 | 7 => "terminate.exec_args\t/bin/true".to_owned(),
        _ => "terminate\tnow".to_owned(),
    }
}

/// Lines about as long as they may be, and longer.
fn long(rng: &mut Rng, name: &str, limits: &Limits) -> String {
    if rng.one_in(4) {
        // Short as numbers, but long by name.
        let signals: String = (1..=64).map(|number| format!("\t{number}")).collect();
        return format!("service.auto_up\t{name}\t3{signals}");
    }
    let rest = match rng.below(4) {
        0 => limits.max_line + rng.below(600),
        1 => limits.max_line - 1 - rng.below(4),
        2 => limits.max_line - 40 - rng.below(60),
        _ => 100 + rng.below(200),
    };
    let start = match rng.below(9) {
        0 => format!("service.args\t{name}\t{name}\treads\t"),
        1 => format!("service.tags\t{name}\t"),
        2 => format!("service.pipe\t{name}\t1\tcat\t"),
        3 => "fd.open\tf\tread\t/".to_owned(),
        4 => "#".to_owned(),
        5 => "fd.open\tf\t".to_owned(),
        6 => format!("service.tags.apply\t{name}\t"),
        7 => format!("service.signal\t{name}\tHUP\t"),
        _ => "x".to_owned(),
    };
    let mut line = start;
    let rest = rest.saturating_sub(line.len());
    line.extend(std::iter::repeat_n('z', rest));
    line
}

fn list(rng: &mut Rng) -> String {
    if !rng.one_in(3) {
        return format!("\t{}", pick(rng, &LISTS));
    }
    (0..rng.below(5)).map(|_| format!("\t{}", pick(rng, &LIST))).collect()
}

fn time(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => "-".to_owned(),
        1 => "0".to_owned(),
        // The clock begins at this second.
        _ => (super::START + rng.below(120) as u64).to_string(),
    }
}

fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    rng.pick(list)
}
