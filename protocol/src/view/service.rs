//! What is known of one service.

use crate::event::StateField;
use crate::field::{Fields, Name};
use crate::generated::event::{Event, EventName};
use crate::kind;
use crate::run::RunView;
use crate::trigger::Triggers;
use crate::view::line;
use crate::view::marked::{Marked, MarkedList};

/// A service, as far as events have reported it. One of which only the name is known was set up but
/// never started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceView {
    state: Marked<StateField>,
    /// The lists that events have reported, by the event.
    lists: Vec<(EventName, MarkedList)>,
    interval: Marked<Option<u32>>,
    run: Marked<RunView>,
}

impl ServiceView {
    /// Whether it runs, when it ended, and so on.
    #[must_use]
    pub fn state(&self) -> StateField {
        self.state.value
    }

    /// Its process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<i32> {
        match self.state() {
            StateField::Up { pid, .. } => Some(pid),
            _ => None,
        }
    }

    /// The list that this event reported last, such as [`EventName::ServiceArgs`]; empty if it
    /// never did.
    #[must_use]
    pub fn list(&self, event: EventName) -> Fields<'_> {
        let found = self.lists.iter().find(|(known, _)| *known == event);
        found.map_or(Fields::new(&[]), |(_, list)| list.fields())
    }

    /// Its program and arguments.
    #[must_use]
    pub fn args(&self) -> Fields<'_> {
        self.list(EventName::ServiceArgs)
    }

    /// The names of its file descriptors 0, 1, 2 and so on.
    #[must_use]
    pub fn fds(&self) -> Fields<'_> {
        self.list(EventName::ServiceFds)
    }

    /// Its tags.
    #[must_use]
    pub fn tags(&self) -> Fields<'_> {
        self.list(EventName::ServiceTags)
    }

    /// Its options. They are told to connections with the feature `settings` only.
    #[must_use]
    pub fn options(&self) -> Fields<'_> {
        self.list(EventName::ServiceOptions)
    }

    /// What is different in its environment. It is told to connections with the feature `settings`
    /// only.
    #[must_use]
    pub fn env(&self) -> Fields<'_> {
        self.list(EventName::ServiceEnv)
    }

    /// The minimum number of seconds between two starts, while it has triggers.
    #[must_use]
    pub fn interval(&self) -> Option<u32> {
        self.interval.value
    }

    /// What starts it by itself.
    #[must_use]
    pub fn triggers(&self) -> Triggers<'_> {
        Triggers::parse(self.list(EventName::ServiceAutoUp)).unwrap_or_default()
    }

    /// What is known of the run that goes on, or else of the last one: nothing, unless the
    /// connection has asked for it (the feature `runs`).
    #[must_use]
    pub fn run(&self) -> &RunView {
        &self.run.value
    }

    pub(super) fn set_state(&mut self, state: StateField) {
        *self.state.touch() = state;
    }

    pub(super) fn set_run(&mut self, run: u32, facts: Fields<'_>) {
        self.run.touch().set(run, facts);
    }

    pub(super) fn set_auto_up(&mut self, interval: Option<u32>, triggers: Triggers<'_>) {
        *self.interval.touch() = interval;
        let mut list = Vec::new();
        kind::put_trigger(&mut list, triggers);
        let list = Fields::new(list.get(1..).unwrap_or_default());
        self.set_list(EventName::ServiceAutoUp, list);
    }

    pub(super) fn set_list(&mut self, event: EventName, list: Fields<'_>) {
        if let Some(known) = self.list_mut(event, list) {
            known.set(list);
        }
    }

    pub(super) fn add_to_list(&mut self, event: EventName, more: Fields<'_>) {
        if let Some(known) = self.list_mut(event, more) {
            known.add(more);
        }
    }

    /// From here on all of it is in doubt, until it is told again.
    pub(super) fn mark(&mut self) {
        self.state.mark();
        self.interval.mark();
        self.run.mark();
        self.lists.iter_mut().for_each(|(_, list)| list.mark());
    }

    /// Forgets what was not told since the last mark: that was of another service of this name.
    /// Adds the events, a line each, that tell what is different now.
    pub(super) fn sweep(&mut self, name: Name<'_>, events: &mut Vec<Vec<u8>>) {
        if self.state.sweep() {
            events.push(line(Event::ServiceState { name, state: self.state() }));
        }
        if self.run.sweep() {
            events.push(line(Event::ServiceRun { name, run: 0, facts: Fields::default() }));
        }
        let mut starts_otherwise = self.interval.sweep();
        for (event, list) in &mut self.lists {
            match (list.sweep(), *event) {
                (false, _) => {}
                (true, EventName::ServiceAutoUp) => starts_otherwise = true,
                (true, event) => {
                    let list = list.fields().as_bytes();
                    let fields = [event.as_str().as_bytes(), name.as_bytes(), list];
                    events.push(fields.join(&b'\t'));
                }
            }
        }
        if starts_otherwise {
            let (interval, triggers) = (self.interval(), self.triggers());
            events.push(line(Event::ServiceAutoUp { name, interval, triggers }));
        }
    }

    /// The list of this event, which is made if there is anything to put into it.
    fn list_mut(&mut self, event: EventName, more: Fields<'_>) -> Option<&mut MarkedList> {
        let at = self.lists.iter().position(|(known, _)| *known == event);
        if at.is_none() && more.is_empty() {
            return None;
        }
        let at = at.unwrap_or_else(|| {
            self.lists.push((event, MarkedList::default()));
            self.lists.len() - 1
        });
        self.lists.get_mut(at).map(|(_, list)| list)
    }
}
