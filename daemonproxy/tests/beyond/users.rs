//! `user=`, `group=`, `groups=`: nothing of the daemon's privileges stays with a service, and while
//! its process is not yet its program, its user can neither look into it nor hold anybody up.

use std::ffi::c_void;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use daemonproxy_testing::{
    Daemon, LeasedProgram, Setup, eventually, exited, killed, starting, state, status_field, up,
};

/// A user and a group without entries.
const SOMEBODY: u32 = 54321;

/// Whether there are no users to change to.
fn is_not_root() -> bool {
    let is_not = !nix::unistd::geteuid().is_root();
    if is_not {
        println!("skipped: only root can be another user");
    }
    is_not
}

/// What the kernel says of the process of a service with these options.
#[track_caller]
fn credentials(d: &mut Daemon, options: &str) -> Vec<String> {
    d.define("web", &["/bin/cat", "/proc/self/status"]);
    d.ask(&format!("service.options\tweb\t{options}"));
    d.open_output("out");
    d.give_fds("web", &["null", "out", "stderr"]);
    d.run_to_end("web");
    let status = d.read("out");
    d.ask("fd.delete\tout");
    let wanted = ["Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapAmb"];
    let lines = status.lines().filter_map(|line| line.split_once(':'));
    lines
        .filter(|(key, _)| wanted.contains(key))
        .map(|(key, value)| {
            let value: Vec<&str> = value.split_whitespace().collect();
            format!("{key} {}", value.join(" "))
        })
        .collect()
}

/// These ids, real, effective, saved and of the file system, and no capability of any kind.
fn unprivileged(user: u32, group: u32, groups: &str) -> Vec<String> {
    let mut all = vec![
        format!("Uid {user} {user} {user} {user}"),
        format!("Gid {group} {group} {group} {group}"),
        format!("Groups {groups}"),
    ];
    for kind in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        all.push(format!("{kind} 0000000000000000"));
    }
    all
}

/// setpriv(1), which starts the daemon with these.
fn with_privileges(options: &[&str]) -> Option<Setup> {
    let mut way = vec!["setpriv"];
    way.extend(options);
    if !Command::new(way[0]).args(&way[1..]).arg("true").status().is_ok_and(|it| it.success()) {
        println!("skipped: there is no setpriv to start with privileges");
        return None;
    }
    let setup = Setup::interactive().own_copy().wrapped_in(&way);
    fs::set_permissions(setup.path("."), fs::Permissions::from_mode(0o777)).unwrap();
    Some(setup)
}

#[test]
fn nothing_of_root_is_left() {
    if is_not_root() {
        return;
    }
    // The kernel takes nothing away then (capabilities(7)).
    let inherited = [
        "--securebits=+no_setuid_fixup",
        "--inh-caps=+setuid,+sys_admin",
        "--ambient-caps=+setuid,+sys_admin",
        "--groups=11,12,13",
    ];
    let Some(setup) = with_privileges(&inherited) else { return };
    let mut d = setup.start();
    assert_eq!(status_field(d.pid(), "Groups").as_deref(), Some("11 12 13"));
    assert_ne!(status_field(d.pid(), "CapAmb").as_deref(), Some("0000000000000000"));
    for (options, expected) in [
        ("user=54321\tgroup=54322", unprivileged(SOMEBODY, 54322, "")),
        ("user=54321\tgroup=54322\tgroups=7:9", unprivileged(SOMEBODY, 54322, "7 9")),
        // Its number alone: the group of its entry, and no others.
        ("user=65534", unprivileged(65534, 65534, "")),
        ("user=nobody", unprivileged(65534, 65534, "65534")),
    ] {
        assert_eq!(credentials(&mut d, options), expected, "{options}");
    }
    // Who stays root has no groups of the daemon's, either.
    for (options, group, groups) in
        [("group=54322", 54322, ""), ("groups=7", 0, "7"), ("user=0\tgroup=7", 7, "")]
    {
        let found = credentials(&mut d, options);
        assert_eq!(found[..3], unprivileged(0, group, groups)[..3], "{options}");
    }
}

/// A change between two users that are not root takes nothing away by itself (capabilities(7)).
#[test]
fn nothing_is_left_of_a_daemon_that_is_not_root() {
    if is_not_root() {
        return;
    }
    // The first one sees to it that the second does not lose them.
    let capable = [
        "--securebits=+no_setuid_fixup",
        "--inh-caps=+setuid,+setgid,+kill",
        "--ambient-caps=+setuid,+setgid,+kill",
        "setpriv",
        "--reuid=54320",
        "--regid=54320",
        "--groups=11,12",
    ];
    let Some(setup) = with_privileges(&capable) else { return };
    let mut d = setup.start();
    assert_ne!(status_field(d.pid(), "CapEff").as_deref(), Some("0000000000000000"));
    let options = "user=54321\tgroup=54322";
    assert_eq!(credentials(&mut d, options), unprivileged(SOMEBODY, 54322, ""));
    // Without another user it has what the daemon has.
    assert_ne!(credentials(&mut d, "umask=022")[3..], unprivileged(0, 0, "")[3..]);
}

/// Tries it as this user.
fn as_user(user: u32, attempt: fn(i64) -> bool, pid: i64) -> io::Result<()> {
    let mut command = Command::new("true");
    command.uid(user).gid(user).current_dir("/");
    let attempt = move || if attempt(pid) { Ok(()) } else { Err(io::Error::last_os_error()) };
    // SAFETY: it makes system calls and allocates nothing.
    unsafe { command.pre_exec(attempt) };
    command.status().map(drop)
}

fn traces(pid: i64) -> bool {
    // SAFETY: numbers only.
    unsafe { libc::ptrace(libc::PTRACE_SEIZE, pid as libc::pid_t, 0, 0) == 0 }
}

fn reads_memory(pid: i64) -> bool {
    let mut byte = 0_u8;
    let local = libc::iovec { iov_base: (&raw mut byte).cast::<c_void>(), iov_len: 1 };
    // Ours, and the child's as well if it were one of us.
    let remote = local;
    // SAFETY: one byte of our own is written to.
    unsafe { libc::process_vm_readv(pid as i32, &raw const local, 1, &raw const remote, 1, 0) >= 0 }
}

/// Opens `/proc/PID/NAME`, with nothing allocated.
fn opens(pid: i64, name: &[u8], flags: libc::c_int) -> bool {
    let mut path = [0_u8; 64];
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = pid;
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let bytes = b"/proc/".iter().chain(&digits[at..]).chain(b"/").chain(name);
    path.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    // SAFETY: a string that ends in a NUL.
    unsafe { libc::open(path.as_ptr().cast(), flags) >= 0 }
}

/// A way to look into a process, and what it is called.
type Look = (&'static str, fn(i64) -> bool);

const LOOKS: [Look; 7] = [
    ("ptrace", traces),
    ("process_vm_readv", reads_memory),
    ("mem", |pid| opens(pid, b"mem", libc::O_RDONLY)),
    ("mem, to write", |pid| opens(pid, b"mem", libc::O_RDWR)),
    ("environ", |pid| opens(pid, b"environ", libc::O_RDONLY)),
    ("maps", |pid| opens(pid, b"maps", libc::O_RDONLY)),
    ("fd", |pid| opens(pid, b"fd", libc::O_RDONLY | libc::O_DIRECTORY)),
];

/// A service of [`SOMEBODY`] whose process has changed its user and waits for its program.
fn before_its_program() -> (Daemon, LeasedProgram, i64) {
    let mut d = Daemon::interactive();
    fs::set_permissions(d.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = LeasedProgram::new(&d);
    d.define("web", &[&program.path, "300"]);
    d.ask("service.options\tweb\tuser=54321\tgroup=54321");
    let pid = d.run("web");
    let somebody = format!("{SOMEBODY}\t{SOMEBODY}\t{SOMEBODY}\t{SOMEBODY}");
    eventually("it is another user", || {
        (status_field(pid, "Uid")? == somebody && state(pid)? == 'S').then_some(())
    });
    assert_ne!(status_field(pid, "Name").as_deref(), Some(LeasedProgram::NAME));
    (d, program, pid)
}

/// It has a copy of the daemon's memory until then.
#[test]
fn a_user_cannot_look_into_a_process_before_it_is_its_program() {
    if is_not_root() {
        return;
    }
    let (_d, program, pid) = before_its_program();
    let looks =
        |name: &'static str| LOOKS.iter().filter(move |look| look.0 == name || name.is_empty());
    for (what, look) in looks("") {
        let refusal = as_user(SOMEBODY, *look, pid).expect_err(what);
        assert_eq!(refusal.kind(), io::ErrorKind::PermissionDenied, "{what}: {refusal}");
    }
    // The program is its user's.
    program.release();
    eventually("it is executed", || {
        (status_field(pid, "Name").as_deref() == Some(LeasedProgram::NAME)).then_some(())
    });
    for (what, look) in looks("environ").chain(looks("maps")).chain(looks("fd")) {
        as_user(SOMEBODY, *look, pid).expect(what);
    }
}

/// A signal from the user of the service, to the process that is not yet its program.
fn is_stopped_by_its_user(pid: i64) {
    // SAFETY: numbers only.
    let stop = |pid: i64| unsafe { libc::kill(pid as libc::pid_t, libc::SIGSTOP) == 0 };
    as_user(SOMEBODY, stop, pid).unwrap();
    eventually("it has stopped", || (state(pid) == Some('T')).then_some(()));
}

#[test]
fn a_process_that_its_user_stops_before_its_program_holds_nobody_up() {
    if is_not_root() {
        return;
    }
    let (mut d, program, pid) = before_its_program();
    is_stopped_by_its_user(pid);
    d.define("other", &["/bin/true"]);
    d.run_to_end("other");
    d.ask("service.options\tother\tuser=54321\tgroup=54321\tnice=1");
    d.run_to_end("other");
    // Its start goes on when it does.
    program.release();
    d.send("service.signal\tweb\tCONT");
    eventually("it is executed", || {
        (status_field(pid, "Name").as_deref() == Some(LeasedProgram::NAME)).then_some(())
    });
    d.stop("web");
}

#[test]
fn a_process_that_its_user_stops_before_its_program_can_be_stopped_for_good() {
    if is_not_root() {
        return;
    }
    let (mut d, _program, pid) = before_its_program();
    is_stopped_by_its_user(pid);
    d.send("service.stop\tweb");
    d.expect(&[killed("web", "SIGTERM")]);
    d.define("other", &["/bin/sh", "-c", "exit 7"]);
    d.send("service.start\tother");
    d.expect(&[starting("other"), up("other"), exited("other", 7)]);
}

#[test]
fn a_process_that_its_user_stops_before_its_program_does_not_hold_up_a_shutdown() {
    if is_not_root() {
        return;
    }
    let (mut d, _program, pid) = before_its_program();
    is_stopped_by_its_user(pid);
    d.send("terminate.shutdown");
    d.wait_for(killed("web", "SIGTERM"));
    d.exits_with(0);
}
