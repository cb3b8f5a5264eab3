//! Why a service runs, or does not: the facts of its run in words.

use std::time::Duration;

use daemonproxy_client::protocol::{
    Condition, Fact, RunFailure, RunView, ServiceView, Signal, StateView, conditions,
};
use daemonproxy_client::{ExitField, StateField};
use nix::errno::Errno;

use crate::circles::{Waiting, told};
use crate::health::{Health, because};
use crate::readable;
use crate::readiness::{self, is_not_ready_yet};
use crate::time::{self, brief, monotonic_exact, ordinal};

/// Why a service was stopped and is held, other than by a command.
const NOT_VOUCHED_FOR: &str = "nobody said in time that it may go on (deadman)";

/// In a few words, for a column of a table; nothing while it runs and all is well.
#[must_use]
pub fn cause(service: &ServiceView) -> Option<String> {
    let mut parts = last(service)?;
    if let StateField::Starting { at } = service.state() {
        let left = at - time::monotonic();
        parts.push(if left > 0 {
            format!("starts in {}", time::span(left))
        } else {
            "starts now".into()
        });
    }
    Some(parts.join(", "))
}

/// The same, without when it starts: words that stay true while nothing changes.
#[must_use]
pub fn lasting_cause(service: &ServiceView) -> Option<String> {
    last(service).map(|parts| parts.join(", "))
}

fn last(service: &ServiceView) -> Option<Vec<String>> {
    let run = service.run();
    let last = match service.state() {
        StateField::Up { .. } => return up(service).map(|words| vec![words]),
        StateField::Deleted => return None,
        StateField::NeverStarted => "never started".to_owned(),
        StateField::Down { end, .. } => last_end(run, Some(end)),
        StateField::Starting { .. } => last_end(run, None),
    };
    let mut parts = Vec::new();
    if !last.is_empty() {
        parts.push(last);
    }
    if run.has(Fact::Gaveup) {
        parts.push("given up".to_owned());
    } else if run.has(Fact::Held) {
        parts.push("held".to_owned());
    }
    if let Some(failures) = failures(run) {
        parts.push(failures);
    }
    if let Some(errno) = run.count(Fact::Retry) {
        parts.push(format!("no process: {}", error_text(errno)));
    }
    Some(parts)
}

/// What there is to say of one that runs.
fn up(service: &ServiceView) -> Option<String> {
    if is_not_ready_yet(service) {
        return Some("not ready yet".to_owned());
    }
    let health = Health::of(service)?;
    let restarted = health.began(service).map(|_| "restarted, its health check failed".to_owned());
    health.failing().or(restarted)
}

/// How many runs in a row were short, if there is more to say of that than that one was.
fn failures(run: &RunView) -> Option<String> {
    let count = run.count(Fact::Failures).filter(|&count| count > 1)?;
    Some(format!("{count} short runs in a row"))
}

/// How a run that has ended did so, in a few words.
#[must_use]
pub fn how_it_ended(run: &RunView) -> String {
    last_end(run, None)
}

/// How the last run ended. A daemon of protocol 1 says only what is in the state.
fn last_end(run: &RunView, end: Option<ExitField>) -> String {
    if let Some(failure) = run.failed() {
        return failed(failure);
    }
    let stopped = if run.has(Fact::Killed) {
        "killed by its stop, "
    } else if run.has(Fact::Stop) {
        "stopped, "
    } else {
        ""
    };
    let core = if run.has(Fact::Core) { ", core dumped" } else { "" };
    let end = match end {
        Some(ExitField::Exit(status)) => Some(format!("exit {status}")),
        Some(ExitField::Signal(signal)) => Some(signal.to_string()),
        None => of_run(run),
    };
    end.map_or(String::new(), |end| format!("{stopped}{end}{core}"))
}

fn of_run(run: &RunView) -> Option<String> {
    if let Some(status) = run.count(Fact::Exit) {
        return Some(format!("exit {status}"));
    }
    run.word(Fact::Signal).map(readable)
}

/// A start that failed.
pub fn failed(RunFailure { stage, errno }: RunFailure<'_>) -> String {
    let what = match stage {
        b"exec" => "cannot be executed".to_owned(),
        b"fds" => "cannot get its descriptors".to_owned(),
        other => format!("cannot be started, at {}", readable(other)),
    };
    // Nobody of that name is in the file, which is there itself; in the words of the daemon's log.
    let why = match stage {
        b"user" if errno == Errno::ENOENT as i32 => "there is no such user",
        b"group" if errno == Errno::ENOENT as i32 => "there is no such group",
        _ => error_text(errno.into()),
    };
    format!("{what}: {why}")
}

fn error_text(errno: i64) -> &'static str {
    Errno::from_raw(errno.try_into().unwrap_or_default()).desc()
}

/// Everything there is to say of a service: a sentence each.
pub fn all(name: &[u8], view: &StateView) -> Vec<String> {
    let Some(service) = view.service(name) else { return Vec::new() };
    let mut said = sentences(name, service, true);
    let more = match circle(name, view) {
        Some(circle) => vec![circle],
        None if waits(service) => readiness::awaited(service, view),
        None => Vec::new(),
    };
    // After how it is, and what it waits for.
    let rest = said.split_off(2.min(said.len()));
    said.extend(more.into_iter().chain(rest));
    said
}

/// The same, where only the state and the run of a service are known: nothing is said of what
/// starts it.
#[must_use]
pub fn of_its_run(name: &[u8], service: &ServiceView) -> Vec<String> {
    sentences(name, service, false)
}

/// The chain of causes, from what is so now to what began it: a sentence each.
fn sentences(name: &[u8], service: &ServiceView, knows_all: bool) -> Vec<String> {
    let (name, run) = (readable(name), service.run());
    let now = monotonic_exact();
    let mut said = vec![now_sentence(&name, service, now)];
    if let Some(next) = next_sentence(service, now, knows_all) {
        said.push(next);
    }
    if matches!(service.state(), StateField::Up { .. })
        && let Some(sentence) = Health::of(service).and_then(|it| it.failing_sentence())
    {
        said.push(sentence);
    }
    let mut tags = service.tags().iter();
    if let Some(why) = tags.find_map(|tag| tag.strip_prefix(b"apply.failed=")) {
        said.push(format!("The file was not applied: {}.", readable(why)));
    }
    if run.has(Fact::Stale) {
        let what = "What it is started with has changed, which takes effect at its next start.";
        said.push(what.to_owned());
    }
    if run.number() == 0 {
        if matches!(service.state(), StateField::Down { .. }) {
            said.push("The daemon tells nothing more of its runs.".to_owned());
        }
        return said;
    }
    if run.has(Fact::End) {
        said.extend(end_sentences(service));
    }
    said.push(start_sentence(service, now));
    said
}

fn now_sentence(name: &str, service: &ServiceView, now: Duration) -> String {
    let run = service.run();
    let since = |fact| run.time(fact).map(|at| brief(now.saturating_sub(at)));
    match service.state() {
        StateField::Up { pid, since: at, .. } => {
            let since = since(Fact::Start).unwrap_or_else(|| time::span(time::monotonic() - at));
            match run.time(Fact::Stop) {
                Some(stop) => {
                    let stop = brief(now.saturating_sub(stop));
                    format!("{name} was told to stop {stop} ago, and still runs as pid {pid}.")
                }
                None if is_not_ready_yet(service) => {
                    format!("{name} has been up for {since}, as pid {pid}, and is not ready yet.")
                }
                None => format!("{name} has been up for {since}, as pid {pid}."),
            }
        }
        StateField::Down { reaped, end, .. } => {
            let since = since(Fact::End).unwrap_or_else(|| time::span(time::monotonic() - reaped));
            let how = match end {
                ExitField::Exit(status) => format!("exit {status}"),
                ExitField::Signal(signal) => signal.to_string(),
            };
            format!("{name} has been down for {since}: {how}.")
        }
        StateField::Starting { .. } => format!("{name} is down, and will be started."),
        StateField::NeverStarted => format!("{name} is down, and was never started."),
        StateField::Deleted => format!("{name} is gone."),
    }
}

/// What starts it next, or why nothing does.
fn next_sentence(service: &ServiceView, now: Duration, knows_all: bool) -> Option<String> {
    let run = service.run();
    let triggers = service.triggers();
    if is_not_ready_yet(service) {
        return readiness::how(service);
    }
    if let Some(at) = run.time(Fact::Next) {
        let when = match at.checked_sub(now) {
            Some(left) if !left.is_zero() => format!("in {}", brief(left)),
            _ => "at once".to_owned(),
        };
        return Some(match run.count(Fact::Retry) {
            Some(errno) => {
                let error = error_text(errno);
                format!("No process could be made for it: {error}. The daemon tries again {when}.")
            }
            None if matches!(service.state(), StateField::Up { .. }) => {
                format!("It will be started again {when}, once its stop is over.")
            }
            None => match failures(run) {
                Some(failures) => format!("It will be started again {when}, after {failures}."),
                None => format!("It will be started {when}."),
            },
        });
    }
    if run.has(Fact::Gaveup) {
        let after = failures(run).map_or(String::new(), |failures| format!(", after {failures}"));
        return Some(format!(
            "It was given up{after}: its triggers had started it too often. It stays down until it \
             is started or released."
        ));
    }
    if run.has(Fact::Held) {
        let why = match run.word(Fact::Late) {
            Some(b"deadman") => NOT_VOUCHED_FOR,
            _ => "it was stopped by service.stop",
        };
        return Some(format!(
            "It is held, since {why}: no trigger starts it until it is started or released."
        ));
    }
    let is_down = matches!(service.state(), StateField::Down { .. } | StateField::NeverStarted);
    if !is_down || !knows_all {
        return None;
    }
    Some(if service.args().is_empty() {
        "It has no arguments, so that there is nothing to start.".to_owned()
    } else if triggers.is_empty() {
        "Nothing starts it by itself: it has no triggers.".to_owned()
    } else if triggers.always {
        "It has the trigger always.".to_owned()
    } else {
        waits_sentence(service)
    })
}

/// Whether it is down, and only because of what it waits for.
fn waits(service: &ServiceView) -> bool {
    let run = service.run();
    let is_down = matches!(service.state(), StateField::Down { .. } | StateField::NeverStarted);
    let is_kept = run.has(Fact::Held) || run.time(Fact::Next).is_some();
    is_down && !is_kept && !service.args().is_empty()
}

/// Of one that has triggers which do not hold.
fn waits_sentence(service: &ServiceView) -> String {
    let triggers = service.triggers();
    let ran = service.run().number() > 0;
    let has = |trigger: &[u8], one: &Condition<'_>| {
        conditions(trigger).flatten().any(|condition| condition == *one)
    };
    let others: Vec<&[u8]> = triggers.others().collect();
    // What ran once can never hold again.
    let (again, over): (Vec<&[u8]>, Vec<&[u8]>) =
        others.iter().partition(|trigger| !ran || !has(trigger, &Condition::Once));
    let signals = triggers.signals().map(|signal| signal.to_string());
    let waits_for: Vec<String> =
        signals.chain(again.iter().filter_map(|it| rest(it, ran))).collect();
    if waits_for.is_empty() && !ran {
        return "Nothing starts it: what its triggers ask for needs a run before it.".to_owned();
    }
    if waits_for.is_empty() {
        return "It was to run once, and has: nothing starts it again by itself.".to_owned();
    }
    let is_after = |one| again.iter().all(|trigger| has(trigger, &one));
    if triggers.signals().next().is_none() && ran {
        if is_after(Condition::Failure) {
            return "It is started again only after a run that has failed.".to_owned();
        }
        if is_after(Condition::Success) {
            return "It is started again only after a run that was a success.".to_owned();
        }
    }
    let more = if over.is_empty() { "" } else { ", to start again" };
    format!("It waits for {}{more}.", waits_for.join(" or "))
}

/// The circle of services that wait for each other which this one waits for.
fn circle(name: &[u8], view: &StateView) -> Option<String> {
    let mut waiting = Waiting::default();
    for (name, service) in view.services() {
        let is_down = matches!(service.state(), StateField::Down { .. } | StateField::NeverStarted);
        if is_down && !service.args().is_empty() {
            let holds = |condition: &Condition<'_>| match condition {
                Condition::Done(other) => view.service(other.as_bytes()).is_some_and(ended_well),
                _ => false,
            };
            waiting.add(&readable(name), service.triggers(), holds);
        }
    }
    let circle = waiting.circle_after(&readable(name))?;
    Some(format!("{}.", told(&circle)))
}

/// Whether its last run was a success.
pub fn ended_well(service: &ServiceView) -> bool {
    let run = service.run();
    match service.state() {
        StateField::Down { end: ExitField::Exit(0), .. } => {
            // That nobody vouched for it is no fault of its own.
            run.word(Fact::Late).is_none_or(|late| late == b"deadman")
        }
        StateField::Down { .. } => run.has(Fact::Success),
        _ => false,
    }
}

/// How the last run has ended, and what was the matter.
fn end_sentences(service: &ServiceView) -> Vec<String> {
    let run = service.run();
    let mut said = Vec::new();
    let ran = match (run.time(Fact::Start), run.time(Fact::End)) {
        (Some(start), Some(end)) => format!(" after {}", brief(end.saturating_sub(start))),
        _ => String::new(),
    };
    let how = match (run.count(Fact::Exit), run.word(Fact::Signal)) {
        (Some(status), _) => format!("with exit status {status}"),
        (None, Some(signal)) => format!("by {}", readable(signal)),
        (None, None) => "in an unknown way".to_owned(),
    };
    let core = if run.has(Fact::Core) { ", and dumped core" } else { "" };
    let success = if run.has(Fact::Success) { ", which is a success" } else { "" };
    said.push(format!("Its last run ended{ran} {how}{core}{success}."));
    if let Some(failure) = run.failed() {
        said.push(format!("Its program never ran: it {}.", failed(failure)));
    } else if !run.has(Fact::Exec) {
        said.push("It ended before its program was executed.".to_owned());
    }
    match run.count(Fact::Left) {
        Some(left) => said.push(left_sentence(run, left)),
        // A program that leaves its session as well, as daemon(3) does, is nobody's to count.
        None if ended_at_once(run) && service.triggers().always && !run.has(Fact::Stop) => {
            said.push(
                "It exited 0 at once, though it is to run always: if it puts itself in the \
                 background, use its foreground option."
                    .to_owned(),
            );
        }
        None => {}
    }
    if let Some(stop) = run.time(Fact::Stop) {
        let end = run.time(Fact::End).unwrap_or(stop);
        let kill = if run.has(Fact::Killed) { ", and had to use SIGKILL" } else { "" };
        let begun = match end.saturating_sub(stop) {
            took if took < Duration::from_millis(1) => "had just begun to stop it".to_owned(),
            took => format!("had begun to stop it {} before that", brief(took)),
        };
        let health = Health::of(service);
        let found = health.as_ref().and_then(|it| {
            let found = it.ended(run.count(Fact::Starts)?)?;
            Some(format!(", {}", because(&it.check, found)))
        });
        let why = match run.word(Fact::Late) {
            Some(b"ready") => ", because it was not ready in time (ready_within)".to_owned(),
            Some(b"watchdog") => {
                ", because it did not say in time that it was alive (watchdog)".to_owned()
            }
            Some(b"deadman") => format!(", because {NOT_VOUCHED_FOR}"),
            _ => found.unwrap_or_default(),
        };
        said.push(format!("The daemon {begun}{why}{kill}."));
    }
    if let (Some(cpu), Some(memory)) = (run.time(Fact::Cpu), run.count(Fact::Maxrss)) {
        let memory = (memory + 1023) / 1024;
        said.push(format!("It had used {} of processor time and {memory} MB.", brief(cpu)));
    }
    said
}

/// A program that puts itself in the background, which is not what it should do here; or one that
/// has left others.
fn left_sentence(run: &RunView, left: i64) -> String {
    let processes = if left == 1 { "process" } else { "processes" };
    if ended_at_once(run) {
        format!("It exited 0 at once and left {left} {processes}: use its foreground option.")
    } else {
        format!("It left {left} {processes} behind.")
    }
}

/// Whether it exited with 0 so soon that it has hardly done its work.
fn ended_at_once(run: &RunView) -> bool {
    const AT_ONCE: Duration = Duration::from_secs(5);
    let took = run.time(Fact::End).zip(run.time(Fact::Start));
    let was_soon = took.is_some_and(|(end, start)| end.saturating_sub(start) <= AT_ONCE);
    was_soon && run.count(Fact::Exit) == Some(0)
}

fn start_sentence(service: &ServiceView, now: Duration) -> String {
    let run = service.run();
    let nth = run.count(Fact::Starts).unwrap_or_default();
    let ago = run
        .time(Fact::Start)
        .map_or(String::new(), |at| format!(" {} ago", brief(now.saturating_sub(at))));
    let health = Health::of(service);
    let by_health = health.as_ref().and_then(|it| Some(because(&it.check, it.began(service)?)));
    let why = match run.word(Fact::Why) {
        Some(b"order") => by_health.unwrap_or_else(|| "by a command".to_owned()),
        Some(b"always") => "because of its trigger always".to_owned(),
        Some(b"condition") => "because a condition held".to_owned(),
        Some(signal) if Signal::parse(signal).is_some() => {
            format!("because {} was pending", readable(signal))
        }
        Some(trigger) => format!("because {}", held(trigger)),
        None => "for an unknown reason".to_owned(),
    };
    let what = if run.has(Fact::End) { "That run" } else { "It" };
    format!("{what} was started{ago} {why}; it was its {} start.", ordinal(nth))
}

/// What of a trigger does not hold yet, as far as that is clear from its service alone. Nothing
/// remains of one that is about how the last run ended, where there was none.
fn rest(trigger: &[u8], ran: bool) -> Option<String> {
    let all = trigger.split(|&byte| byte == b',');
    let left = all.filter(|text| ran || *text != b"once");
    if !ran && left.clone().any(|text| matches!(text, b"failure" | b"success")) {
        return None;
    }
    let left: Vec<String> = left.map(readable).collect();
    (!left.is_empty()).then(|| left.join(","))
}

/// What was so when this trigger held.
fn held(trigger: &[u8]) -> String {
    let all: Vec<String> = trigger
        .split(|&byte| byte == b',')
        .map(|text| match Condition::parse(text) {
            Some(Condition::Once) => "it had never run".to_owned(),
            Some(Condition::Failure) => "its last run had failed".to_owned(),
            Some(Condition::Success) => "its last run had been a success".to_owned(),
            Some(Condition::Ready(name)) => format!("{name} was ready"),
            Some(Condition::Up(name)) => format!("{name} was up"),
            Some(Condition::Down(name)) => format!("{name} was down"),
            Some(Condition::Done(name)) => format!("{name} was done"),
            Some(Condition::Fd(name)) => format!("there was something to read from {name}"),
            Some(Condition::Signal(signal)) => format!("{signal} was pending"),
            Some(Condition::Always) | None => format!("its condition {} held", readable(text)),
        })
        .collect();
    all.join(" and ")
}

#[cfg(test)]
mod tests {
    use daemonproxy_client::protocol::Event;

    use super::*;

    fn view(lines: &[&str]) -> StateView {
        let mut view = StateView::new();
        for line in lines {
            view.apply(&Event::parse(line.replace(' ', "\t").as_bytes()).unwrap());
        }
        view
    }

    fn cause_of(lines: &[&str]) -> String {
        cause(view(lines).service(b"web").unwrap()).unwrap_or_default()
    }

    #[test]
    fn causes_in_a_few_words() {
        let down = "service.state web down 9 12 exit 127 0 1";
        assert_eq!(cause_of(&[down]), "exit 127");
        let run =
            "service.run web 3 starts=2 why=order pid=12 start=9 failed=exec:2 end=9.1 exit=127";
        assert_eq!(cause_of(&[down, run]), "cannot be executed: No such file or directory");
        let killed = "service.state web down 9 12 signal SIGKILL 0 1";
        let run = "service.run web 3 pid=12 start=1 exec=1 stop=2 killed end=9 signal=SIGKILL held";
        assert_eq!(cause_of(&[killed, run]), "killed by its stop, SIGKILL, held");
        let run = "service.run web 3 pid=12 start=1 exec=1 end=9 signal=SIGSEGV core next=1";
        assert_eq!(
            cause_of(&["service.state web start 1 - - - - -", run]),
            "SIGSEGV, core dumped, starts now"
        );
        assert_eq!(cause_of(&["service.state web up 1 2 - - 1 -"]), "");
        assert_eq!(
            cause_of(&["service.state web start 1 - - - - -", "service.run web 0 retry=11 next=1"]),
            "no process: Try again, starts now"
        );
    }

    #[test]
    fn back_off_and_giving_up() {
        let run = "service.run web 3 starts=5 why=always pid=12 start=1 exec=1 end=1.5 exit=3";
        let lines = ["service.state web start 1 - - - - -", &format!("{run} failures=4 next=1")];
        assert_eq!(cause_of(&lines), "exit 3, 4 short runs in a row, starts now");
        let view_of =
            |lines: &[&str]| sentences(b"web", view(lines).service(b"web").unwrap(), true);
        assert_eq!(
            view_of(&lines)[1],
            "It will be started again at once, after 4 short runs in a row."
        );
        let lines = ["service.state web down 1 12 exit 3 0 1", &format!("{run} held gaveup")];
        assert_eq!(cause_of(&lines), "exit 3, given up");
        assert_eq!(
            view_of(&lines)[1],
            "It was given up: its triggers had started it too often. It stays down until it \
             is started or released."
        );
        let lines = ["service.state web down 1 12 exit 3 0 1", &format!("{run} success")];
        assert!(view_of(&lines)[2].ends_with("with exit status 3, which is a success."));
    }

    #[test]
    fn a_program_that_goes_to_the_background_is_told() {
        let lines = |run| ["service.args web nginx", "service.state web down 2 12 exit 0 1 1", run];
        let said = |run| {
            let view = view(&lines(run));
            sentences(b"web", view.service(b"web").unwrap(), true).join(" ")
        };
        let at_once =
            "service.run web 3 starts=2 why=order pid=12 start=1 exec=1 end=1.2 exit=0 left=3";
        let text = "It exited 0 at once and left 3 processes: use its foreground option.";
        assert!(said(at_once).contains(text));
        let later =
            "service.run web 3 starts=2 why=order pid=12 start=1 exec=1 end=99 exit=0 left=1";
        assert!(said(later).contains("It left 1 process behind."));
        // One that has left its session, too.
        let alone = "service.run web 3 starts=2 why=always pid=12 start=1 exec=1 end=1.2 exit=0";
        assert!(!said(alone).contains("foreground"));
        let lines = [&["service.auto_up web 1 always"], &lines(alone)[..]].concat();
        let said = sentences(b"web", view(&lines).service(b"web").unwrap(), true).join(" ");
        assert!(said.contains("if it puts itself in the background, use its foreground option"));
    }

    #[test]
    fn the_chain_goes_from_now_to_the_start() {
        let lines = [
            "service.args web nope",
            "service.auto_up web 5 always",
            "service.state web start 1 - - - - -",
            "service.run web 3 starts=2 why=always pid=12 start=1 failed=exec:2 end=1.5 exit=127 next=2",
        ];
        let view = view(&lines);
        let said = sentences(b"web", view.service(b"web").unwrap(), true);
        assert_eq!(
            said[..4],
            [
                "web is down, and will be started.",
                "It will be started at once.",
                "Its last run ended after 0.5s with exit status 127.",
                "Its program never ran: it cannot be executed: No such file or directory.",
            ]
        );
        assert!(said[4].starts_with("That run was started "), "{said:?}");
        assert!(said[4].ends_with(" because of its trigger always; it was its 2nd start."));
    }

    #[test]
    fn where_only_the_run_is_known_nothing_is_said_of_what_starts_it() {
        let view = view(&[
            "service.state web down 9 12 exit 3 0 1",
            "service.run web 3 starts=2 why=order pid=12 start=1 exec=1 end=9 exit=3",
        ]);
        let service = view.service(b"web").unwrap();
        let (all, run) = (all(b"web", &view), of_its_run(b"web", service));
        assert!(all[1].starts_with("It has no arguments"), "{all:?}");
        assert_eq!((run.len(), &run[1]), (all.len() - 1, &all[2]));
    }

    const SICK: &[&str] = &[
        "service.args sick sleep 100",
        "service.options sick ready=control",
        "service.tags sick health=tcp:h:1 health.found=refused",
        "service.state sick up 1 2 - - 1 -",
        "service.run sick 3 starts=1 why=once pid=2 start=1 exec=1.1",
    ];

    #[test]
    fn one_that_is_not_ready_says_so_and_so_does_who_waits_for_it() {
        let needy = [
            "service.args needy sleep 100",
            "service.auto_up needy 1 once,ready:sick failure,ready:sick",
        ];
        let view = view(&[SICK, &needy].concat());
        let sick = all(b"sick", &view);
        assert!(sick[0].ends_with(", as pid 2, and is not ready yet."), "{sick:?}");
        assert_eq!(
            sick[1],
            "It is ready when its health check succeeds (tcp:h:1), which fails: refused. It may \
             take as long as it likes: it has no ready_within."
        );
        assert_eq!(cause(view.service(b"sick").unwrap()).unwrap(), "not ready yet");
        let needy = all(b"needy", &view);
        assert_eq!(needy[1], "It waits for ready:sick.");
        assert_eq!(
            needy[2],
            "sick is up, but not ready yet: its health check (tcp:h:1) has not succeeded."
        );
    }

    #[test]
    fn who_is_restarted_because_its_health_failed_says_so() {
        let now = [
            "service.run sick 9 starts=2 why=order pid=2 start=1 exec=1.1 ready=1.1",
            "service.tags sick health=tcp:h:1 health.failed=2 health.found=refused health.restarted=1",
        ];
        let sick = view(&[SICK, &now].concat());
        let said = all(b"sick", &sick);
        assert_eq!(
            said[1],
            "Its health check (tcp:h:1) has failed 2 of 3 times in a row, after which it is \
             restarted: refused."
        );
        assert!(said[2].contains(" because its health check failed (tcp:h:1); it was its 2nd"));
        assert_eq!(cause(sick.service(b"sick").unwrap()).unwrap(), "health fails, 2 of 3");
    }

    #[test]
    fn conditions_that_held_are_told_in_words() {
        assert_eq!(held(b"failure,ready:db"), "its last run had failed and db was ready");
        let lines = |triggers: &str| {
            let auto_up = format!("service.auto_up web 1 {triggers}");
            let view = view(&[
                "service.args web true",
                &auto_up,
                "service.state web down 2 12 exit 0 1 1",
                "service.run web 3 starts=1 why=once pid=12 start=1 exec=1 end=1.2 exit=0",
            ]);
            all(b"web", &view)[1].clone()
        };
        assert_eq!(
            lines("once"),
            "It was to run once, and has: nothing starts it again by itself."
        );
        assert_eq!(lines("once failure"), "It is started again only after a run that has failed.");
        assert_eq!(lines("SIGHUP once"), "It waits for SIGHUP, to start again.");
    }
}
