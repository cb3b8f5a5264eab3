//! What is told of runs, checked against what is told of states.
//!
//! - The runs of all services are numbered in the order of their starts, and none is left out.
//! - Each `service.state` is followed by a `service.run` that says the same in other words.
//! - Facts are added to a run and never change, each run ends once, and only its end has what is told
//!   once.

use std::collections::BTreeMap;

use daemonproxy_protocol::{ExitField, Fact, FactValue, Fields, RunView, StateField};

use super::show::show;

/// Facts of a run that may come and go, or change.
const CHANGING: [Fact; 7] =
    [Fact::Left, Fact::Held, Fact::Gaveup, Fact::Failures, Fact::Retry, Fact::Next, Fact::Status];

/// What is known so far.
#[derive(Default)]
pub(super) struct Runs {
    /// The number of the latest.
    last: u32,
    services: BTreeMap<Vec<u8>, RunView>,
    /// This has just been told of a service: what is told of its run comes next.
    owed: Option<(Vec<u8>, StateField)>,
}

impl Runs {
    /// Any event, before it is dealt with.
    pub(super) fn check_order(&self, is_run: bool) -> Result<(), String> {
        match &self.owed {
            Some((name, state)) if !is_run => {
                Err(format!("lost-run: {} is {state:?}, and nothing is told of it", show(name)))
            }
            _ => Ok(()),
        }
    }

    /// A service is said to be in this state.
    pub(super) fn state(&mut self, name: &[u8], state: StateField) {
        if state == StateField::Deleted {
            self.services.remove(name);
        } else {
            self.owed = Some((name.to_vec(), state));
        }
    }

    /// What was said last of a service.
    pub(super) fn known(&self, name: &[u8]) -> Option<&RunView> {
        self.services.get(name)
    }

    /// This is said of its run.
    pub(super) fn run(
        &mut self,
        name: &[u8],
        number: u32,
        facts: Fields<'_>,
    ) -> Result<(), String> {
        let run = RunView::new(number, facts);
        let wrong = |what: &str| Err(format!("run: {}: {what}: {run:?}", show(name)));
        let keys: Vec<_> = run.facts().map(|(key, _)| Fact::parse(key)).collect();
        if !keys.is_sorted() || keys.contains(&None) {
            return wrong("there are other facts, or in another order");
        }
        let owed = self.owed.take();
        let state = owed.as_ref().map(|&(_, state)| state);
        if owed.as_ref().is_some_and(|(owed, _)| owed != name) {
            return wrong("it is about another service");
        }
        let before = self.services.get(name);
        let same = before.filter(|before| before.number() == number);
        let begins = same.is_none() && number > 0;
        if begins && number != self.last + 1 {
            return wrong("its number is not the next");
        }
        if begins && !matches!(state, Some(StateField::Up { .. })) {
            return wrong("it begins while the service is not up");
        }
        let earlier = before.map_or(0, |before| before.count(Fact::Starts).unwrap_or_default());
        let starts = run.count(Fact::Starts).unwrap_or_default();
        if number > 0 && starts != earlier + i64::from(begins) {
            return wrong("its starts are counted wrong");
        }
        for (key, value) in same.iter().flat_map(|before| before.values()) {
            let known = Fact::parse(key).filter(|fact| !fact.is_once());
            // A trigger that the service does not have any more is not told.
            let forgotten = |fact| fact == Fact::Why && run.word(fact) == Some(b"condition");
            if let Some(fact) = known.filter(|fact| !CHANGING.contains(fact))
                && run.get(fact) != Some(value)
                && !forgotten(fact)
            {
                return wrong("what was known is so no more");
            }
        }
        let has_ended = |run: &RunView| run.has(Fact::End);
        let ends = has_ended(&run) && !same.is_some_and(has_ended);
        if ends != matches!((state, same), (Some(StateField::Down { .. }), Some(_))) && number > 0 {
            // A start that is cancelled is down again, too.
            let again =
                matches!(state, Some(StateField::Down { .. })) && same.is_some_and(has_ended);
            if !again {
                return wrong("it ends without being down, or the other way round");
            }
        }
        let once = Fact::ALL.iter().filter(|fact| fact.is_once());
        if once.clone().any(|&fact| run.has(fact) != ends) {
            return wrong("what its end has used is told at another time");
        }
        if run.has(Fact::Exec) && run.failed().is_some() {
            return wrong("it was executed, and was not");
        }
        if run.has(Fact::Late) && !run.has(Fact::Stop) {
            return wrong("it is stopped for being late, and is not");
        }
        if run.word(Fact::Late) == Some(b"ready") && run.has(Fact::Ready) && !was_late(same) {
            return wrong("it was ready, and is late");
        }
        if run.has(Fact::Exit) && run.has(Fact::Signal) {
            return wrong("it has ended in two ways");
        }
        if let Some(state) = state
            && !says(&run, state)
        {
            return wrong(&format!("it is {state:?}"));
        }
        self.last = self.last.max(number);
        self.services.insert(name.to_vec(), run);
        Ok(())
    }
}

/// One that is being stopped may still say that it is ready.
fn was_late(before: Option<&RunView>) -> bool {
    before.is_some_and(|before| before.has(Fact::Late))
}

/// Whether the facts say what the state does.
fn says(run: &RunView, state: StateField) -> bool {
    let second = |fact| run.time(fact).map(|time| time.as_secs() as i64);
    let pid = || run.count(Fact::Pid);
    match state {
        StateField::NeverStarted => run.number() == 0,
        StateField::Starting { at } => second(Fact::Next) == Some(at),
        StateField::Up { since, pid: of, .. } => {
            second(Fact::Start) == Some(since) && pid() == Some(of.into()) && !run.has(Fact::End)
        }
        StateField::Down { reaped, pid: of, end, .. } => {
            let ended = match end {
                ExitField::Exit(status) => run.count(Fact::Exit) == Some(status.into()),
                ExitField::Signal(signal) => {
                    run.get(Fact::Signal) == Some(FactValue::Word(signal.to_string().as_bytes()))
                }
            };
            ended && second(Fact::End) == Some(reaped) && pid() == Some(of.into())
        }
        StateField::Deleted => true,
    }
}

/// Whether two views know the same of a run, but for what is told once.
pub(super) fn same(one: &RunView, other: &RunView) -> bool {
    let lasting = |run: &RunView| -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        // What it says of itself may be told a second later; and what is left is counted when
        // somebody asks for a dump.
        let may_differ = [Fact::Status, Fact::Left];
        let is_lasting = |fact: Fact| !fact.is_once() && !may_differ.contains(&fact);
        let facts = run.facts().filter(|(key, _)| Fact::parse(key).is_none_or(is_lasting));
        facts.map(|(key, value)| (key.to_vec(), value.map(<[u8]>::to_vec))).collect()
    };
    one.number() == other.number() && lasting(one) == lasting(other)
}
