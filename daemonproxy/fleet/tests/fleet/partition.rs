//! A partition as the kernel makes one: each node has a network namespace, and a virtual cable to the
//! server, which is pulled out. Nothing tells either side that the other one is gone.

use std::process::{Command, Stdio};

use daemonproxy_testing::eventually;

use crate::setup::{Machine, Server, is_there, sleeping};

/// A network namespace, with a cable to this one.
struct Network {
    name: String,
    number: u8,
}

impl Network {
    /// Nothing where that cannot be had: it takes root, and ip(8).
    fn new(number: u8) -> Option<Self> {
        let name = format!("dp{}-{number}", std::process::id());
        let network = Self { name, number };
        let (name, here, there) = (network.name.clone(), network.server(), network.node());
        let (cable, end) = (network.cable(), format!("{}b", network.cable()));
        let is_made = [
            format!("netns add {name}"),
            format!("link add {cable} type veth peer name {end} netns {name}"),
            format!("addr add {here}/30 dev {cable}"),
            format!("link set {cable} up"),
            format!("-n {name} addr add {there}/30 dev {end}"),
            format!("-n {name} link set {end} up"),
        ];
        is_made.iter().all(|command| ip(command)).then_some(network)
    }

    /// A network of four addresses out of those that no two machines have in common by chance.
    fn address(&self, last: u8) -> String {
        let [high, low] = (std::process::id() as u16).to_be_bytes();
        format!("10.{}.{low}.{}", 64 + high % 128, self.number * 4 + last)
    }

    fn server(&self) -> String {
        self.address(1)
    }

    fn node(&self) -> String {
        self.address(2)
    }

    fn cable(&self) -> String {
        format!("dp{}v{}", std::process::id(), self.number)
    }

    fn pull_out(&self) {
        assert!(ip(&format!("link set {} down", self.cable())));
    }

    fn put_in(&self) {
        assert!(ip(&format!("link set {} up", self.cable())));
    }

    /// What a command begins with that runs in there.
    fn inside(&self) -> [&str; 4] {
        ["ip", "netns", "exec", &self.name]
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Its end of the cable goes with it.
        ip(&format!("netns del {}", self.name));
        ip(&format!("link del {}", self.cable()));
    }
}

fn ip(command: &str) -> bool {
    let mut ip = Command::new("ip");
    ip.args(command.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
    ip.status().is_ok_and(|it| it.success())
}

#[test]
fn a_node_whose_cable_is_pulled_out_goes_on_and_catches_up() {
    if !is_there() {
        return;
    }
    let networks: Vec<_> = (0..2).map_while(Network::new).collect();
    if networks.len() < 2 {
        println!("left out: it takes root, and ip(8), to make a network namespace");
        return;
    }
    let config = "jetstream { store_dir: \"$STORE\" }\nlisten: \"0.0.0.0:$PORT\"\n";
    let server = Server::with(Some(config.into()));
    server.does(&["init"]);
    let machines: Vec<_> = networks
        .iter()
        .enumerate()
        .map(|(nth, network)| {
            let url = format!("nats://{}:{}", network.server(), server.port);
            Machine::wrapped(&format!("n{nth}"), &url, &network.inside())
        })
        .collect();
    for machine in &machines {
        let revision = server.put(&sleeping(1000), &machine.name);
        server.until_revision(&machine.name, revision);
    }
    let pids: Vec<_> = machines.iter().map(|it| it.pid("web").unwrap()).collect();

    networks[0].pull_out();
    server.until("n0", "silent", "for");
    let next: Vec<_> = ["n0", "n1"].map(|name| server.put(&sleeping(1001), name)).into();
    // The other one is not disturbed, and this one goes on with what it has.
    server.until_revision("n1", next[1]);
    assert_eq!(machines[0].pid("web"), Some(pids[0]));
    // What happens there meanwhile is told later.
    daemonproxy_testing::kill(pids[0].into(), libc::SIGKILL);
    let again = eventually("its daemon starts it again", || {
        machines[0].pid("web").filter(|&pid| pid != pids[0])
    });
    assert!(machines[0].args_of("web").unwrap().contains("1000"), "{again}");

    networks[0].put_in();
    server.until_revision("n0", next[0]);
    let events = || server.does(&["events", "n0", "web"]);
    eventually("what has happened is told", || events().contains("signal=SIGKILL").then_some(()));
}
