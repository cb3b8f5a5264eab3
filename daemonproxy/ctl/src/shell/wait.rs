//! `wait`: the prompt comes back when services are as wanted, when the time is up, or at ^C.

use std::thread;
use std::time::{Duration, Instant};

use clap::ArgMatches;
use daemonproxy_client::{FOREVER, StateView};
use daemonproxy_look::time;

use super::link::Link;
use super::order::names;
use crate::cli::Awaited;
use crate::commands::wait::is;
use crate::failure::Result;
use crate::services::{near, no_such, select};
use crate::style::{Paint, readable};
use crate::terminal::Interrupts;

/// How a wait ended.
enum End {
    Reached,
    TimeIsUp,
    GivenUp,
}

/// Waits as the subcommand does. False if it was given up.
pub(super) fn wait(link: &Link, args: &ArgMatches) -> Result<bool> {
    let names = names(args, "names");
    let awaited = args.get_one("state").copied().unwrap_or(Awaited::Up);
    let seconds = args.get_one("timeout").copied().unwrap_or(0.0);
    link.update(|state| state.interrupted = false);
    let (interrupts, mut keys) = Interrupts::begin()?;
    thread::scope(|scope| {
        scope.spawn(move || {
            while keys.wait() {
                link.update(|state| state.interrupted = true);
            }
        });
        let ended = until(link, &names, awaited, seconds);
        // Ends that thread.
        drop(interrupts);
        ended
    })
}

fn until(link: &Link, names: &[String], awaited: Awaited, seconds: f64) -> Result<bool> {
    let deadline = Instant::now().checked_add(time::seconds(seconds));
    let word = word(awaited);
    let mut missing = select(&link.state().view, names).1;
    if awaited != Awaited::Down || missing.is_empty() {
        let text = format!("waiting until {} is {word}; ^C gives it up", names.join(" "));
        say(link, Paint::Faint, &text);
    }
    if awaited != Awaited::Down && !missing.is_empty() {
        // They may be about to come; or it is a typo.
        for name in &missing {
            let near = near(&link.state().view, name).map(str::to_owned);
            if let Some(near) = near {
                let text = format!("{name} is not there yet; did you mean {near}?");
                say(link, Paint::Waiting, &text);
            }
        }
        let all_exist = |view: &StateView| select(view, names).1.is_empty();
        if matches!(stays(link, deadline, all_exist)?, End::GivenUp) {
            say(link, Paint::Waiting, &format!("given up: there is no {}", missing.join(" ")));
            return Ok(false);
        }
        missing = select(&link.state().view, names).1;
    }
    if let Some(name) = missing.first() {
        let text = no_such(&link.state().view, name);
        say(link, Paint::Bad, &text);
        return Ok(true);
    }
    let chosen = select(&link.state().view, names).0;
    let end =
        stays(link, deadline, |view| chosen.iter().all(|name| is(view.service(name), awaited)))?;
    let left = |is_late: bool| {
        let state = link.state();
        let late = chosen.iter().filter(|name| is(state.view.service(name), awaited) != is_late);
        late.map(|name| readable(name)).collect::<Vec<_>>().join(" ")
    };
    match end {
        End::Reached => say(link, Paint::Good, &format!("{word}: {}", left(false))),
        End::TimeIsUp => {
            say(link, Paint::Bad, &format!("not {word} within {seconds} s: {}", left(true)));
        }
        End::GivenUp => {
            say(link, Paint::Waiting, &format!("given up, not {word}: {}", left(true)));
            return Ok(false);
        }
    }
    Ok(true)
}

/// Waits until it is so even after the daemon has reported everything that belongs together: that a
/// service is down, and that it will be started again, are two events.
fn stays(link: &Link, deadline: Option<Instant>, so: impl Fn(&StateView) -> bool) -> Result<End> {
    let left = || deadline.map_or(FOREVER, |it| it.saturating_duration_since(Instant::now()));
    loop {
        if let Some(end) = until_is(link, left(), |state| so(&state.view)) {
            return Ok(end);
        }
        let mark = link.mark(|_, _| {})?;
        // It was so in time: the daemon may take its own to answer.
        let patience = left().max(Duration::from_secs(1));
        if let Some(end) = until_is(link, patience, |state| state.seen >= mark) {
            return Ok(end);
        }
        if so(&link.state().view) {
            return Ok(End::Reached);
        }
    }
}

/// None if it is so, else why the wait is over.
fn until_is(
    link: &Link,
    patience: Duration,
    so: impl Fn(&super::link::State) -> bool,
) -> Option<End> {
    let over = |state: &super::link::State| state.interrupted || state.ended;
    let in_time = link.wait(patience, |state| over(state) || so(state));
    let state = link.state();
    match (over(&state), in_time) {
        (true, _) => Some(End::GivenUp),
        (false, false) => Some(End::TimeIsUp),
        (false, true) => None,
    }
}

fn say(link: &Link, paint: Paint, text: &str) {
    link.show(&(link.style().paint(paint, text) + "\n"));
    link.drain();
}

fn word(awaited: Awaited) -> &'static str {
    match awaited {
        Awaited::Up => "up",
        Awaited::Ready => "ready",
        Awaited::Down => "down",
        Awaited::Done => "done",
    }
}
