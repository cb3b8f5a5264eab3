//! A state that is written and read (`Proxy::state`, `Proxy::resume`). That nothing is different
//! afterwards is shown by the whole suite and the simulator (`upgraded`, `soak --upgrades`); here it
//! is about what cannot be read.

use daemonproxy_core::{Limits, Pool, Proxy};
use daemonproxy_testing::world::Output;

use crate::fixture::Fixture;

/// One in which there is something of everything.
fn busy() -> Vec<u8> {
    let (mut f, c) = Fixture::running(&["r w"], &[("log", "r stderr stderr"), ("web", "null w w")]);
    for line in [
        "conn.features runs settings",
        "service.tags web a=1 b",
        "service.options web backoff=60 giveup=3/60 ready=notify watchdog=5 kill=group",
        "service.env web A=1 !B",
        "env PATH=/bin",
        "service.auto_up web 5 always SIGUSR1 ready:log,done:other",
        "service.args other sleep 5",
        "service.start other 200060",
        "conn.timer t 5",
        "signal.default TERM shutdown",
        "service.stop log 60",
        "terminate.guard + 5",
        "socket.create name=more,rights=watch,services=a*:b /more",
    ] {
        f.send(c, line);
    }
    let state = f.proxy.state().unwrap().text;
    f.send(c, "socket.delete more");
    state
}

fn trouble(state: &[u8]) -> String {
    Proxy::resume((), state).err().expect("it is refused").to_string()
}

fn with(state: &[u8], before: &str, after: &str) -> Vec<u8> {
    let text = String::from_utf8(state.to_vec()).unwrap();
    assert!(text.contains(before), "{text}");
    text.replacen(before, after, 1).into_bytes()
}

#[test]
fn a_state_is_read_as_it_was_written() {
    let state = busy();
    let again = Proxy::resume((), &state).unwrap();
    assert_eq!(
        String::from_utf8(again.state().unwrap().text).unwrap(),
        String::from_utf8(state).unwrap()
    );
}

#[test]
fn what_it_does_not_know_is_refused_by_name() {
    let state = busy();
    let unknown = with(&state, "resume.now\tnow=", "resume.now\tnow=x");
    assert!(trouble(&unknown).contains("does not understand this value"), "{}", trouble(&unknown));
    let key = with(&state, "resume.conn\t0", "resume.conn\t0\tcolour=red");
    assert!(trouble(&key).ends_with("it does not know what this is: colour"), "{}", trouble(&key));
    let kind = with(&state, "resume.due", "resume.dew");
    assert!(trouble(&kind).ends_with("it does not know what this line is"));
    let option = with(&state, "watchdog=5", "watchcat=5");
    assert!(trouble(&option).ends_with("it does not know what this line is"));
    let number: usize =
        trouble(&option)["line ".len()..].split(' ').next().unwrap().parse().unwrap();
    let line = option.split(|&byte| byte == b'\n').nth(number - 1).unwrap();
    assert!(line.starts_with(b"service.options\tweb"));
}

#[test]
fn one_of_which_a_part_is_missing_is_refused() {
    let state = busy();
    for end in 0..state.len() {
        assert!(Proxy::resume((), &state[..end]).is_err(), "{end}");
    }
    assert!(Proxy::resume((), b"").is_err() && Proxy::resume((), b"\n").is_err());
}

#[test]
fn no_damage_is_more_than_an_error() {
    let state = busy();
    let mut rng = daemonproxy_testing::Rng::new(5);
    for _ in 0..20_000 {
        let mut damaged = state.clone();
        for _ in 0..=rng.below(3) {
            let at = rng.below(damaged.len());
            match rng.below(3) {
                0 => damaged[at] = rng.choose(b"\t\n=:,-%0129azSX\0\xff"),
                1 => drop(damaged.remove(at)),
                _ => damaged.insert(at, rng.choose(b"\t\n=:,-%0129azSX\0\xff")),
            }
        }
        if let Ok(read) = Proxy::resume((), &damaged) {
            read.state().unwrap();
        }
    }
}

#[test]
fn a_pool_keeps_its_size() {
    let pool = Some(Pool { count: 8, bytes: 100 });
    let limits = Limits { services: pool, fds: pool, controllers: Some(2), ..Limits::default() };
    let mut f = Fixture::with(limits, None);
    let c = f.connect();
    f.send(c, "service.args a true");
    f.send(c, "service.args b true");
    f.send(c, "service.delete a");
    let state = f.proxy.state().unwrap();
    let again = Proxy::resume((), &state.text).unwrap();
    assert_eq!(again.state(), Ok(state));
}

#[test]
fn every_descriptor_of_a_state_is_there_once() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.pipe(c, "p");
    f.start(c, "web", "null p.w p.w");
    let fds = f.proxy.state().unwrap().fds;
    assert!(!fds.is_empty() && fds.iter().all(|fd| fd.0 >= 0), "{fds:?}");
    assert!(fds.is_sorted_by(|a, b| a < b), "{fds:?}");
}

#[test]
fn a_dump_goes_on_wherever_it_was() {
    for room in (0..6_000).step_by(100) {
        let mut f = Fixture::with(Limits { max_line: 512, ..Limits::default() }, None);
        let c = f.connect();
        f.send(c, "conn.features settings list");
        f.send(c, &format!("env A={}", "x".repeat(400)));
        for i in 0..10 {
            f.send(c, &format!("fd.open f{i} read /{}", "x".repeat(100)));
            f.send(c, &format!("service.env s{i} A={}", "x".repeat(100)));
        }
        f.lines(c);
        f.reads(c, Output::Room(room));
        f.send(c, "statedump");
        let state = f.proxy.state().unwrap();
        let again = Proxy::resume((), &state.text).unwrap();
        assert_eq!(again.state(), Ok(state));
        f.reads(c, Output::Free);
    }
}
