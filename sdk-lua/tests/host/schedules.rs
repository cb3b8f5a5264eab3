//! The module `daemonproxy.schedule`, under a real daemon. When the times come is tested where they
//! are computed (`src/host/schedule.rs`); here it is what happens then.

use std::time::{SystemTime, UNIX_EPOCH};

use daemonproxy_testing::{Daemon, Setup};

use crate::program::binary;
use crate::restart::Spy;

fn scheduler() -> String {
    format!(
        "service.args\tschedule\t{}\t-e\trequire('daemonproxy.schedule').run()\n\
         service.fds\tschedule\tcontrol.event\tcontrol.cmd\tstderr\n\
         service.auto_up\tschedule\t1\talways\n",
        binary().display()
    )
}

/// The same, with a clock that is so many seconds ahead.
fn scheduler_ahead(seconds: u64) -> String {
    let time =
        "local time=os.time; os.time=function(at) return at and time(at) or time()+AHEAD end;";
    let time = time.replace("AHEAD", &seconds.to_string());
    scheduler().replace("require", &(time + "require"))
}

/// How far ahead a clock is on which a new minute begins in so many seconds.
fn ahead_of_minute(seconds: u64) -> u64 {
    120 - now() % 60 - seconds
}

/// A service that does this when its time comes, with these tags besides the schedule.
fn scheduled(script: &str, tags: &str) -> Daemon {
    let job = format!(
        "service.args\tjob\tsh\t-c\t{script}\nservice.tags\tjob\tschedule=* * * * *{tags}\n"
    );
    Setup::default().config(job + &scheduler()).listen()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// A moment of this schedule that has just passed, as the module would have noted it.
fn last_minute(before: u64) -> u64 {
    (now() / 60 - before) * 60
}

fn has_ended(line: &str) -> bool {
    line.starts_with("service.state\tjob\tdown\t") && line.contains("\texit\t7\t")
}

#[test]
fn what_is_due_next_is_noted_for_all_to_see() {
    let daemon = scheduled("exit 0", "\tschedule.tz=Europe/Berlin");
    let mut spy = Spy::new(&daemon);
    spy.sends("statedump");
    let tags = spy.waits_for(|line| line.contains("schedule.due="));
    let due: u64 = tags.rsplit('=').next().and_then(|text| text.parse().ok()).expect("a moment");
    assert!(due.is_multiple_of(60) && due <= now() + 60, "{tags}");
}

#[test]
fn what_became_due_while_the_module_was_dead_is_started() {
    // Noted by one that was killed before that moment came: a minute ago at most.
    let due = last_minute(0);
    let daemon = scheduled("exit 7", &format!("\tschedule.due={due}"));
    let mut spy = Spy::new(&daemon);
    spy.sends("statedump");
    spy.waits_for(has_ended);
}

#[test]
fn what_was_missed_by_far_is_skipped_and_counted() {
    let due = last_minute(60);
    let daemon = scheduled("exit 0", &format!("\tschedule.due={due}"));
    let said = daemon.log.wait_for("schedule: job is not started");
    assert!(said.contains("its time was missed"), "{said}");
    let mut spy = Spy::new(&daemon);
    spy.sends("statedump");
    spy.waits_for(|line| {
        line.starts_with("service.tags\tjob\t") && line.contains("schedule.skipped=1")
    });
}

#[test]
fn what_was_missed_is_made_up_for_if_that_is_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let stamp = folder.path().join("stamp");
    std::fs::write(&stamp, format!("{}\n", now() - 86_400)).expect("a stamp");
    let daemon = scheduled("exit 7", &format!("\tschedule.catch_up={}", stamp.display()));
    let mut spy = Spy::new(&daemon);
    spy.sends("statedump");
    spy.waits_for(has_ended);
    let written = daemonproxy_testing::eventually("the stamp is new", || {
        let text = std::fs::read_to_string(&stamp).ok()?;
        text.trim().parse::<u64>().ok().filter(|time| *time + 60 >= now())
    });
    assert!(written <= now());
}

#[test]
fn what_was_started_for_that_moment_is_not_started_again() {
    let due = last_minute(0);
    let config = format!(
        "service.args\tjob\tsh\t-c\texit 0\nservice.start\tjob\n\
         service.tags\tjob\tschedule=* * * * *\tschedule.due={due}\n{}",
        scheduler()
    );
    let daemon = Setup::default().config(config).listen();
    let mut spy = Spy::new(&daemon);
    spy.sends("conn.features\tobserver\truns");
    spy.sends("statedump");
    spy.waits_for(|line| {
        let due = line.rsplit_once("\tschedule.due=").and_then(|(_, time)| time.parse().ok());
        due.is_some_and(|due: u64| due > now())
    });
    spy.sends("statedump");
    let run = spy.waits_for(|line| line.starts_with("service.run\tjob\t"));
    assert!(run.contains("\tstarts=1"), "{run}");
}

#[test]
fn what_still_runs_is_not_started_and_that_is_counted() {
    let ahead = ahead_of_minute(5);
    let due = now() + ahead + 5;
    let config = format!(
        "service.args\tjob\tsleep\t300\nservice.start\tjob\n\
         service.tags\tjob\tschedule=* * * * *\tschedule.due={due}\n{}",
        scheduler_ahead(ahead)
    );
    let daemon = Setup::default().config(config).listen();
    let said = daemon.log.wait_for("schedule: job is not started");
    assert!(said.contains("it still runs"), "{said}");
    let mut spy = Spy::new(&daemon);
    spy.sends("conn.features\tobserver\truns");
    spy.sends("statedump");
    let run = spy.waits_for(|line| line.starts_with("service.run\tjob\t"));
    assert!(run.contains("\tstarts=1\t") && !run.contains("\tend="), "{run}");
    spy.sends("statedump");
    spy.waits_for(|line| {
        line.starts_with("service.tags\tjob\t")
            && line.contains("schedule.skipped=1")
            && line.contains(&format!("schedule.due={}", due + 60))
    });
}

/// It is killed when it has started something, and has not noted that yet.
#[test]
fn a_module_that_is_killed_starts_nothing_twice_and_forgets_nothing() {
    let ahead = ahead_of_minute(5);
    let due = now() + ahead + 5;
    let config = format!(
        "service.args\tjob\ttrue\n\
         service.tags\tjob\tschedule=* * * * *\tschedule.due={due}\tschedule.skipped=7\n{}",
        scheduler_ahead(ahead)
    );
    let daemon = Setup::default().config(config).listen();
    let mut spy = Spy::new(&daemon);
    // While it waits, as well.
    spy.sends("statedump");
    for _ in 0..2 {
        spy.waits_for(|line| line.starts_with("service.state\tschedule\tup\t"));
        spy.sends("service.signal\tschedule\tKILL");
    }
    spy.waits_for(|line| line.starts_with("service.state\tjob\tup\t"));
    spy.sends("service.signal\tschedule\tKILL");
    spy.waits_for(|line| line.starts_with("service.state\tschedule\tup\t"));
    spy.sends("conn.features\tobserver\truns");
    spy.sends("statedump");
    let noted = format!("schedule.due={}", due + 60);
    let tags =
        spy.waits_for(|line| line.starts_with("service.tags\tjob\t") && line.contains(&noted));
    assert!(tags.contains("schedule.skipped=7"), "{tags}");
    spy.sends("statedump");
    let run = spy.waits_for(|line| line.starts_with("service.run\tjob\t"));
    assert!(run.contains("\tstarts=1\t"), "{run}");
}

#[test]
fn a_schedule_that_is_wrong_is_said() {
    let config =
        format!("service.args\tjob\ttrue\nservice.tags\tjob\tschedule=0 0 31 2 *\n{}", scheduler());
    let daemon = Setup::default().config(config).listen();
    let said = daemon.log.wait_for("schedule: job has a schedule that is wrong");
    assert!(said.contains("never comes"), "{said}");
}
