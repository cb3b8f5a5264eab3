//! The examples, run by a real daemon as it would run any controller.

use daemonproxy_client::Client;
use daemonproxy_testing::{PATIENCE, Setup, programs};

#[test]
fn giveup_switches_off_what_has_failed_three_times() {
    let giveup = programs::built("examples/giveup", "daemonproxy-client");
    let config = format!(
        "service.args\tgiveup\t{}\n\
         service.fds\tgiveup\tcontrol.event\tcontrol.cmd\tnull\n\
         service.auto_up\tgiveup\t1\talways\n\
         service.args\tbroken\tsh\t-c\texit 3\n",
        giveup.display()
    );
    let mut daemon = Setup::default().config(config).listen();
    let mut client = Client::connect_to(&daemon.socket()).unwrap();
    client.command(["service.auto_up", "broken", "1", "always"]).unwrap();
    let is_off = |view: &daemonproxy_client::StateView| {
        let broken = view.service(b"broken").unwrap();
        broken.triggers().is_empty() && broken.pid().is_none()
    };
    assert!(client.wait(PATIENCE, is_off).unwrap(), "it is not switched off");
    // A controller that only observes keeps nobody from ending the daemon.
    daemon.signal(libc::SIGTERM);
    daemon.wait_exit();
}
