//! `chdir PATH` changes the directory of the daemon, and so of what it starts.

use daemonproxy_testing::Daemon;

const NOTHING: &[&str] = &[];

#[test]
fn services_start_in_the_new_directory() {
    let mut d = Daemon::interactive();
    std::fs::create_dir(d.path("dir")).unwrap();
    d.open_output("out");
    d.answers("chdir\tdir", NOTHING);
    d.define("probe", &["/bin/pwd"]);
    d.give_fds("probe", &["null", "out", "stderr"]);
    d.run_to_end("probe");
    let real = std::fs::canonicalize(d.path("dir")).unwrap();
    assert_eq!(d.read("out").trim_end(), real.to_str().unwrap());
}

#[test]
fn paths_are_relative_to_the_new_directory() {
    let mut d = Daemon::interactive();
    std::fs::create_dir(d.path("dir")).unwrap();
    let path = d.path("dir");
    d.answers(&format!("chdir\t{path}"), NOTHING);
    d.open_output("file");
    assert_eq!(d.read("dir/file"), "");
    d.answers("chdir\t..", NOTHING);
    d.open_output("file");
    assert_eq!(d.read("file"), "");
}

#[test]
fn the_control_socket_is_unlinked_where_it_was_made() {
    let mut d = Daemon::interactive();
    d.ask("socket.create\t-\tsock");
    d.ask("chdir\t/");
    d.ask("socket.delete");
    assert!(!std::fs::exists(d.path("sock")).unwrap());
}

#[test]
fn a_missing_path_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("chdir", "missing path argument");
}

#[test]
fn a_further_argument_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("chdir\t/\tx", "unexpected argument after path");
}

#[test]
fn the_reason_of_the_system_is_told() {
    let mut d = Daemon::interactive();
    d.refuses("chdir\tnone", "chdir failed: No such file or directory");
    d.refuses("chdir\t/dev/null", "chdir failed: Not a directory");
}
