//! `-L SCRIPT`: a controller in Lua, as one option. The interpreter here is a stand-in: what it is
//! started with and how it is connected is the daemon's part.

use std::fs;

use daemonproxy_testing::{Daemon, Setup, eventually, kill, killed, starting, up, write_program};

/// Notes what it was started with, asks for the state, and answers signals as a controller would.
const STAND_IN: &str = r#"{ printf '%s\n' "$@"; echo end; } >> started
printf 'statedump\n'
while read -r event rest; do
    echo "$event $rest" >> events
    case $event in signal) printf 'terminate\t7\n';; esac
done"#;

/// A daemon of its own, with the interpreter beside it: the real one may be beside the one that is
/// tested.
fn setup(options: &[&str]) -> Setup {
    setup_with("main.lua", options)
}

/// With the script at this path, which leads to it or not.
fn setup_with(script: &str, options: &[&str]) -> Setup {
    let setup = Setup::new(["-L", script]).args(options).socket().file("main.lua", "");
    write_program(&setup.path("daemonproxy-lua"), STAND_IN, 0o755);
    setup.own_copy()
}

/// What the interpreter was started with, for each time.
fn started(d: &Daemon) -> Vec<Vec<String>> {
    let text = fs::read_to_string(d.path("started")).unwrap_or_default();
    let runs = text.split_inclusive("end\n").filter_map(|run| run.strip_suffix("end\n"));
    runs.map(|run| run.lines().map(str::to_owned).collect()).collect()
}

#[track_caller]
fn first_start(d: &Daemon) -> Vec<String> {
    eventually("the script is started", || started(d).into_iter().next())
}

const DEFAULTS: [&str; 8] = [
    "--watchdog",
    "60",
    "--on-signal",
    "SIGTERM=shutdown",
    "--on-signal",
    "SIGINT=shutdown",
    "--on-signal",
    "SIGQUIT=shutdown",
];

#[test]
fn the_interpreter_beside_the_daemon_runs_the_script() {
    let d = setup(&[]).no_input().spawn();
    let script = d.path("main.lua");
    assert_eq!(first_start(&d), [&DEFAULTS[..], &[script.as_str()]].concat());
}

#[test]
fn the_script_is_a_controller() {
    let d = setup(&[]).no_input().spawn();
    eventually("events come", || {
        fs::read_to_string(d.path("events")).ok()?.contains("service.state lua\tup").then_some(())
    });
}

#[test]
fn it_is_a_service_like_any_other() {
    let d = setup(&[]).no_input().spawn();
    first_start(&d);
    let dump = d.connect().ask("statedump");
    let has = |start: &str| dump.iter().any(|line| line.starts_with(start));
    assert!(has("service.fds\tlua\tcontrol.event\tcontrol.cmd\tstderr"), "{dump:#?}");
    assert!(has("service.auto_up\tlua\t1\talways"), "{dump:#?}");
}

#[test]
fn when_it_dies_it_is_started_again() {
    let d = setup(&[]).no_input().spawn();
    first_start(&d);
    let mut other = d.connect();
    let dump = other.ask("statedump\tservices");
    let dump = if dump.iter().any(|l| l.starts_with("service.state")) {
        dump
    } else {
        other.ask("statedump")
    };
    let state = dump.iter().find(|line| line.starts_with("service.state\tlua\tup")).unwrap();
    kill(state.split('\t').nth(4).unwrap().parse().unwrap(), libc::SIGKILL);
    other.wait_for(killed("lua", "SIGKILL"));
    other.wait_for(starting("lua"));
    other.wait_for(up("lua"));
    eventually("it is started again", || (started(&d).len() == 2).then_some(()));
}

#[test]
fn a_signal_is_its_business() {
    let mut d = setup(&[]).no_input().spawn();
    eventually("it listens", || fs::metadata(d.path("events")).ok());
    d.signal(libc::SIGTERM);
    d.exits_with(7);
}

#[test]
fn what_a_signal_does_by_default_is_told_to_it() {
    let d =
        setup(&["--on-signal", "TERM=event", "--on-signal", "HUP=terminate"]).no_input().spawn();
    let args = first_start(&d);
    assert_eq!(
        args[..args.len() - 1],
        [
            "--watchdog",
            "60",
            "--on-signal",
            "SIGINT=shutdown",
            "--on-signal",
            "SIGQUIT=shutdown",
            "--on-signal",
            "SIGHUP=terminate"
        ]
    );
}

#[test]
fn what_the_config_file_says_is_there_already() {
    let d = setup(&[]).config("service.args\tweb\t/bin/sleep\t300\n").spawn();
    first_start(&d);
    let dump = d.connect().ask("statedump");
    assert!(dump.iter().any(|line| line == "service.args\tweb\t/bin/sleep\t300"), "{dump:#?}");
}

#[test]
fn it_stands_beside_an_interactive_session() {
    let mut d = setup(&["-i", "--controller-pool", "1"]).start();
    first_start(&d);
    d.still_answers();
}

#[test]
fn the_interpreter_may_be_in_path() {
    let setup = Setup::new(["-L", "main.lua"]).no_input().file("main.lua", "");
    fs::create_dir(setup.path("bin")).unwrap();
    write_program(&setup.path("bin/daemonproxy-lua"), STAND_IN, 0o755);
    let path = format!("{}:/usr/bin:/bin", setup.path("bin"));
    let d = setup.own_copy().env("PATH", path).spawn();
    first_start(&d);
}

/// A command line that cannot work is reported, not tried every second.
#[track_caller]
fn fails_with(setup: Setup, text: &str) {
    let mut d = setup.no_input().spawn();
    d.exits_with(1);
    let log = d.log.wait_for_end().join("\n");
    assert!(log.contains(text), "{log}");
}

#[test]
fn a_script_that_is_not_there_is_told() {
    let setup = Setup::new(["-L", "nowhere.lua"]);
    fails_with(setup, "cannot read the script nowhere.lua: No such file or directory");
}

#[test]
fn a_folder_is_no_script() {
    fails_with(Setup::new(["-L", "/"]), "cannot read the script /: Is a directory");
}

/// It could be read only once.
#[test]
fn a_pipe_is_no_script() {
    let setup = Setup::new(["-L", "main.lua"]);
    let path = setup.path("main.lua");
    nix::unistd::mkfifo(path.as_str(), nix::sys::stat::Mode::S_IRWXU).unwrap();
    fails_with(setup, "cannot run the script main.lua: it is not a file");
}

#[test]
fn an_interpreter_that_is_not_there_is_told() {
    let setup = Setup::new(["-L", "main.lua"]).file("main.lua", "").env("PATH", "/nowhere");
    let text = "there is no daemonproxy-lua beside the daemon or in PATH";
    fails_with(setup.own_copy(), text);
}

#[test]
fn a_path_that_fits_into_no_field_is_told() {
    let setup = setup_with("a\tb.lua", &[]).file("a\tb.lua", "");
    fails_with(setup, "its path has a control character");
}

#[test]
fn a_path_that_fits_into_no_line_is_told() {
    let path = format!("{}main.lua", "bin/../".repeat(100));
    let setup = setup_with(&path, &["--max-line", "512"]);
    fs::create_dir(setup.path("bin")).unwrap();
    fails_with(setup, "longer than");
}

/// A line has its end within its length, too.
#[test]
fn a_path_that_leaves_no_room_for_the_end_of_the_line_is_told() {
    let path = format!("{}main.lua", "bin/../".repeat(60));
    let setup = setup_with(&path, &[]);
    fs::create_dir(setup.path("bin")).unwrap();
    let command = [
        &["service.args", "lua", &setup.path("daemonproxy-lua")],
        &DEFAULTS[..],
        &[&setup.path(&path)],
    ];
    let length = command.concat().join("\t").len().to_string();
    fails_with(setup.args(["--max-line", &length]), "longer than");
}
