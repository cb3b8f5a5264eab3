//! The commands that set the environment: of all services (`env`), and of single ones
//! (`service.env`); and `chdir`. No value of the environment is ever in the log.

use daemonproxy_protocol::{Event, Fields, Name, Refusal, env_key};

use crate::connection::controller::ControllerId;
use crate::limits::MOST_ENV;
use crate::memory::{NoRoom, Text};
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::service::apply::apply;
use crate::service::state::List;
use crate::service::variables::{event_of, event_of_all, room};
use crate::system::System;
use crate::table::{Record, Slot};

/// What starts from nothing, as the first item of a list.
const NOTHING: &[u8] = b"!";
/// Whose list it is: that of all services, or of this one.
type Whose = Option<Slot>;

impl<S: System> Proxy<S> {
    pub(crate) fn service_env(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        list: Fields<'_>,
    ) -> Outcome<'static> {
        self.check_env(list, name.as_bytes().len())?;
        let (slot, new) = self.set_list(name, List::Env, list, Refusal::UnableToSetEnvironment)?;
        if new {
            // Not everybody is told its environment, and everybody should know that it exists.
            self.announce_state(slot);
        }
        self.announce_env(id, Some(slot));
        self.announce_run_if_changed(slot);
        self.wake_watchers_if(new, slot);
        Ok(())
    }

    pub(crate) fn service_env_apply(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        changes: Fields<'_>,
    ) -> Outcome<'static> {
        let whose = self.services.find(name);
        let list = whose.map_or(Fields::default(), |slot| self.services.get(slot).list(List::Env));
        let scratch = std::mem::take(&mut self.environment.scratch);
        let changed = changed(scratch, list, changes);
        let outcome = self.service_env(id, name, Fields::new(&changed));
        self.environment.scratch = changed;
        outcome
    }

    /// The command `chdir`.
    pub(crate) fn chdir(&mut self, path: &[u8]) -> Outcome<'static> {
        let went = self.sys.chdir(path);
        went.map_err(|errno| Refusal::Chdir { reason: self.sys.explain(errno) })?;
        self.environment.look_where_it_is(&mut self.sys, self.limits.max_line);
        if self.environment.directory().is_some() {
            self.announce_own_setting(None, |proxy, out| {
                if let Some(path) = proxy.environment.directory() {
                    Event::Chdir { path }.encode(out);
                }
            });
        }
        Ok(())
    }

    pub(crate) fn env(&mut self, id: ControllerId, list: Fields<'_>) -> Outcome<'static> {
        self.check_env(list, 0)?;
        self.environment.set(list).map_err(|NoRoom| Refusal::UnableToSetEnvironment)?;
        self.announce_env(id, None);
        Ok(())
    }

    pub(crate) fn env_apply(&mut self, id: ControllerId, changes: Fields<'_>) -> Outcome<'static> {
        let scratch = std::mem::take(&mut self.environment.scratch);
        let changed = changed(scratch, self.environment.every(), changes);
        let outcome = self.env(id, Fields::new(&changed));
        self.environment.scratch = changed;
        outcome
    }

    /// Whether a list may be set: in all, and each item must fit into a line of its own.
    fn check_env(&self, list: Fields<'_>, name: usize) -> Outcome<'static> {
        if list.as_bytes().len() > MOST_ENV {
            return Err(Refusal::EnvironmentTooLong);
        }
        let room = room(self.limits.max_line, name);
        if list.iter().any(|item| item.len() > room) {
            return Err(Refusal::UnableToSetEnvironment);
        }
        Ok(())
    }

    fn announce_env(&mut self, by: ControllerId, whose: Whose) {
        let mut from = Some(0);
        while let Some(at) = from {
            from = self.env_event(whose, at).1;
            self.announce_setting(by, |proxy, out| proxy.env_event(whose, at).0.encode(out));
        }
        // A dump that was in the middle of it need not go on with it.
        let name = whose.map(|slot| *self.services.get(slot).name_buf());
        self.controllers.env_was_told(name);
    }

    fn env_event(&self, whose: Whose, from: usize) -> (Event<'_>, Option<usize>) {
        match whose {
            Some(slot) => {
                let service = self.services.get(slot);
                event_of(service.name(), service.list(List::Env), from, self.limits.max_line)
            }
            None => event_of_all(self.environment.every(), from, self.limits.max_line),
        }
    }
}

/// The list as it is after the changes, in memory that has room for it.
fn changed(mut memory: Vec<u8>, list: Fields<'_>, changes: Fields<'_>) -> Vec<u8> {
    memory.clear();
    memory.add(list.as_bytes());
    for change in changes.iter() {
        if change != NOTHING {
            apply(&mut memory, change, env_key);
        } else if Fields::new(&memory).iter().next() != Some(NOTHING) {
            let separator: &[u8] = if memory.is_empty() { b"" } else { b"\t" };
            memory.replace(0..0, separator);
            memory.replace(0..0, NOTHING);
        }
    }
    memory
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test may end when there is no memory")]
mod tests {
    use super::*;

    #[test]
    fn changes_are_made_by_key() {
        let changed = |list: &str, changes: &str| {
            let memory = Vec::with_capacity(100);
            let list = Fields::new(list.as_bytes());
            let result = changed(memory, list, Fields::new(changes.as_bytes()));
            String::from_utf8(result).unwrap()
        };
        assert_eq!(changed("A=1\tB=2", "A=3\tC=4"), "A=3\tB=2\tC=4");
        assert_eq!(changed("A=1\tB=2", "!A\tB%=%41"), "!A\tB%=%41");
        assert_eq!(changed("!A\tB%=x", "-A\t-B"), "");
        assert_eq!(changed("A=1", "!"), "!\tA=1");
        assert_eq!(changed("!\tA=1", "!\tB=1"), "!\tA=1\tB=1");
        assert_eq!(changed("!\tA=1", "-!"), "A=1");
        assert_eq!(changed("", "!"), "!");
    }
}
