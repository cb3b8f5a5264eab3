//! `service.tags NAME [TAG]…` keeps what controllers want to remember.

use daemonproxy_testing::{Daemon, Setup};

#[test]
fn the_change_is_told() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.send("service.tags\tweb\tauto-restart=1\tgroup one");
    d.expect(&["service.tags\tweb\tauto-restart=1\tgroup one"]);
}

#[test]
fn the_change_is_told_to_every_controller() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.define("web", &["httpd"]);
    d.ask("service.tags\tweb\tx");
    other.expect(&["service.args\tweb\thttpd", "service.tags\tweb\tx"]);
}

#[test]
fn a_second_list_replaces_the_first() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.answers("service.tags\tweb\ta\tb\tc", &["service.tags\tweb\ta\tb\tc"]);
    d.answers("service.tags\tweb\td", &["service.tags\tweb\td"]);
    assert_eq!(d.dump_of("service.tags\tweb"), ["service.tags\tweb\td"]);
}

#[test]
fn an_empty_list_is_shown_with_a_tab() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.ask("service.tags\tweb\ta");
    d.answers("service.tags\tweb", &["service.tags\tweb\t"]);
    assert_eq!(d.dump_of("service.tags\tweb"), ["service.tags\tweb\t"]);
}

#[test]
fn any_text_is_a_tag() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    let tags = "service.tags\tweb\tKEY=value = x\t\"quoted\"\tü\t/path/*\t#";
    d.answers(tags, &[tags]);
}

#[test]
fn tags_survive_a_run() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.ask("service.tags\tweb\tkeep");
    d.run_to_end("web");
    assert_eq!(d.dump_of("service.tags\tweb"), ["service.tags\tweb\tkeep"]);
}

#[test]
fn without_a_name_it_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.tags", "Expected service name");
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.tags", "\tx");
}

#[test]
fn a_control_character_is_refused() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.ask("service.tags\tweb\tkeep");
    d.refuses("service.tags\tweb\ta\x02b", "unable to set tags");
    assert_eq!(d.dump_of("service.tags\tweb"), ["service.tags\tweb\tkeep"]);
}

#[test]
fn the_list_must_fit_into_a_fixed_pool() {
    let mut d = Setup::interactive().args(["--service-pool", "2x512"]).start();
    d.define("web", &["httpd"]);
    d.refuses(&format!("service.tags\tweb\t{}", "x".repeat(3000)), "unable to set tags");
    d.answers("service.tags\tweb\tx", &["service.tags\tweb\tx"]);
}
