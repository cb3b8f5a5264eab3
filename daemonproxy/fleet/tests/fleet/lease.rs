//! Leases, with real machines: one of two has it, and when its agent dies, the daemon there stops
//! the service before the other one starts it.

use std::time::{Duration, Instant};

use daemonproxy_testing::eventually;

use crate::setup::{Machine, Server, is_there};

/// The time of the lease below: `deadman` and three quarters of it, the time to stop, and two seconds
/// for a process to go after SIGKILL.
const LEASE: Duration = Duration::from_millis(6500);

#[test]
fn one_at_a_time_and_the_other_takes_over() {
    if !is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().to_str().unwrap();
    let server = Server::start();
    server.does(&["init"]);
    let mut machines: Vec<_> = ["n1", "n2"].map(|name| Machine::start(name, &server.url())).into();
    // Whoever finds somebody else in there says so.
    let text = format!(
        "[service.one]\nlease = \"one\"\ndeadman = 2\n\
         stop = {{ after = \"1s\" }}\nsh = \"\"\"\nmkdir {base}/in || touch {base}/two\n\
         echo $LEASE_TOKEN >> {base}/tokens\n\
         trap 'rmdir {base}/in; exit 0' TERM\nsleep 1000 & wait\n\"\"\"\n"
    );
    for machine in &machines {
        server.put(&text, &machine.name);
    }
    let runs = |machine: &Machine| machine.pid("one").is_some();
    let first = eventually("one has it", || {
        let holders: Vec<_> = (0..2).filter(|&nth| runs(&machines[nth])).collect();
        assert!(holders.len() < 2);
        holders.first().copied()
    });
    let other = 1 - first;
    let pid = machines[first].pid("one");
    // It stays there, although the file is stored once more.
    let file = text.replace("sleep 1000", "sleep  1000");
    let revision = server.put(&file, &machines[other].name);
    server.until_revision(&machines[other].name, revision);
    server.beats(&machines[other].name);
    assert_eq!((machines[first].pid("one"), runs(&machines[other])), (pid, false));
    machines[first].agent.kill();
    let killed = Instant::now();
    eventually("the daemon stops it", || (!runs(&machines[first])).then_some(()));
    eventually("the other one takes over", || runs(&machines[other]).then_some(()));
    let took = killed.elapsed();
    println!("the other one took over after {took:?}");
    assert!(took < LEASE * 3, "{took:?}");
    machines[first].start_agent();
    server.beats(&machines[first].name);
    assert!(runs(&machines[other]) && !runs(&machines[first]));
    assert!(!folder.path().join("two").exists(), "two at once");
    let tokens = std::fs::read_to_string(folder.path().join("tokens")).unwrap();
    let number = |line: &str| line.split_once('.').unwrap().1.parse::<u64>().unwrap();
    let numbers: Vec<u64> = tokens.lines().map(number).collect();
    assert!(numbers.windows(2).all(|it| it[0] < it[1]) && numbers.len() == 2, "{tokens}");
}
