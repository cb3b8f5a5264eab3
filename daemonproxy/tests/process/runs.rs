//! What the kernel tells of a run that has ended: processor time, memory, and whether it dumped
//! core.

use std::time::Duration;

use daemonproxy_protocol::{Event, Fact, RunView};
use daemonproxy_testing::{Daemon, eventually};

/// The report of the end of the first run.
fn last_report(d: &mut Daemon) -> RunView {
    loop {
        let line = d.line();
        if let Ok(Event::ServiceRun { run, facts, .. }) = Event::parse(&line) {
            let report = RunView::new(run, facts);
            if report.has(Fact::Cpu) {
                return report;
            }
        }
    }
}

/// That of `it`, which does this.
fn ended(script: &str) -> RunView {
    let mut d = Daemon::interactive();
    d.define("it", &["sh", "-c", script]);
    d.answers("conn.features\truns", &["conn.features\truns"]);
    d.send("service.start\tit");
    last_report(&mut d)
}

#[test]
fn processor_time_and_memory_of_it_and_its_children() {
    // A child of it reads 60 MB at once; it counts to a hundred thousand.
    let script = "head -c 60000000 /dev/zero | tail -c 60000000 > /dev/null; \
                  n=0; while [ $n -lt 100000 ]; do n=$((n+1)); done";
    let run = ended(script);
    let cpu = run.time(Fact::Cpu).unwrap();
    let lasted = run.time(Fact::End).unwrap() - run.time(Fact::Start).unwrap();
    assert!(cpu > Duration::from_millis(10) && cpu < 3 * lasted, "{cpu:?} of {lasted:?}");
    let memory = run.count(Fact::Maxrss).unwrap();
    assert!((58_000..200_000).contains(&memory), "{memory} kB");
}

#[test]
fn moments_are_in_order_and_within_the_run() {
    let run = ended("sleep 0.05");
    let moments = [Fact::Start, Fact::Exec, Fact::End].map(|fact| run.time(fact).unwrap());
    assert!(moments.is_sorted(), "{moments:?}");
    assert!(moments[2] - moments[0] >= Duration::from_millis(50), "{moments:?}");
    assert!(!run.has(Fact::Core));
}

#[test]
fn it_is_told_of_a_main_process_that_is_kept_as_a_zombie() {
    let mut d = Daemon::interactive();
    d.define("it", &["sh", "-c", "trap 'exit 5' TERM; echo > ready; while :; do sleep 0.01; done"]);
    d.run("it");
    let ready = d.path("ready");
    eventually("it is ready", || {
        std::fs::read(&ready).is_ok_and(|it| !it.is_empty()).then_some(())
    });
    d.answers("conn.features\truns", &["conn.features\truns"]);
    d.send("service.stop\tit");
    let run = last_report(&mut d);
    assert_eq!((run.count(Fact::Exit), run.has(Fact::Killed)), (Some(5), false));
    assert!(run.has(Fact::Stop) && run.count(Fact::Maxrss) > Some(0));
}
