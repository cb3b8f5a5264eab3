//! `options` with users and groups that do not exist.

use crate::daemon::Daemon;

#[test]
fn an_option_is_set_with_a_warning_if_there_is_nobody_of_that_name() {
    let daemon = Daemon::start();
    daemon.ok_args(&["send", "service.args", "web", "true"]);
    let lacks = |what: &str| {
        format!("dpctl: there is no {what} on this machine now: starts fail until there is\n")
    };
    for (change, warning) in [
        ("user=no-such-user", lacks("user no-such-user")),
        ("group=no-such-group", lacks("group no-such-group")),
        ("groups=root:no-such-group:0", lacks("group no-such-group")),
        ("user=root", String::new()),
        ("user=4123456789", String::new()),
        ("-user", String::new()),
    ] {
        let said = daemon.dpctl_args(&["options", "web", change]);
        assert_eq!((said.status, said.out, said.err), (0, String::new(), warning), "{change}");
    }
    assert_eq!(daemon.ok("options web"), "group=no-such-group\ngroups=root:no-such-group:0\n");
    // What is refused is only that.
    let said = daemon.dpctl("options web user=no-such-user nice=x");
    assert_eq!(said.status, 2, "{}", said.err);
    assert!(!said.err.contains("there is no user"), "{}", said.err);
}
