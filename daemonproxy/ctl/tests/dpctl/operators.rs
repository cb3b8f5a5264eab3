//! The example of a group of operators, as it is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::daemon::{Daemon, Said, run};

/// `dpctl` as an operator has it.
fn operator(daemon: &Daemon, args: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    command.env("DAEMONPROXY_SOCKET", daemon.path("operators.sock"));
    run(command.args(args.split(' ')))
}

#[test]
fn operators_restart_some_services_and_nothing_else() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/operators.conf");
    let daemon = Daemon::with_config(&fs::read_to_string(path).unwrap());
    daemon.comes_to_say("status -o name,state --format tsv", "name\tstate\ndb\tup\nweb-1\tup\n");
    let mode = fs::metadata(daemon.path("operators.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);

    assert_eq!(operator(&daemon, "ls").out, "web-1\n");
    let pid = daemon.ok("status web-1 -o pid --format tsv");
    let said = operator(&daemon, "send service.restart web-1");
    assert_eq!((said.status, said.err.as_str()), (0, ""));
    daemonproxy_testing::eventually("it runs again", || {
        let now = daemon.ok("status web-1 -o state,pid --format tsv");
        (now.contains("up\t") && !now.ends_with(pid.lines().last()?)).then_some(())
    });

    let db = daemon.ok("status db -o pid --format tsv");
    for (command, error) in [
        ("service.restart db", "No such service"),
        ("service.restart nothing", "No such service"),
        ("service.delete web-1", "command not permitted on this connection"),
        ("terminate 0", "command not permitted on this connection"),
        ("conn.restrict full", "command not permitted on this connection"),
        ("fd.give null", "command not permitted on this connection"),
    ] {
        let said = operator(&daemon, &format!("send {command}"));
        assert_eq!(said.status, 1, "{command}: {}", said.out);
        assert!((said.out + &said.err).contains(error), "{command}");
    }
    assert_eq!(daemon.ok("status db -o pid --format tsv"), db);
    assert!(!operator(&daemon, "dump").out.contains("db"));
}
