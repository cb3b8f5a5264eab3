//! What a connection without full rights hears, and what it can ask for.
//!
//! Whatever is not known to be harmless is kept from it: an event only passes if the grammar says
//! to whom it is told, a command only if the grammar says which rights it needs. A service that is
//! hidden looks exactly like one that does not exist.

use daemonproxy_protocol::{Command, Event, Fields, Refusal, Rights, Told};

use crate::connection::controller::{Controller, ControllerId};
use crate::connection::features::Features;
use crate::connection::scope::Scope;
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::System;

/// What stands for a name that may not be known.
const HIDDEN: u8 = b'*';

/// Where in a line the names of others stand.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Names {
    /// Each field is one.
    Fields,
    /// Behind a `:` in conditions.
    Conditions,
    /// The same, but only in the fact `why` of a run.
    Why,
}

impl Scope {
    /// Whether an event, which is `line`, is told to a connection that has `asked` for it or not.
    /// If it is, what the connection may not know in it is hidden.
    pub(super) fn show(&self, line: &mut Vec<u8>, asked: bool) -> bool {
        if self.is_full() {
            return true;
        }
        let Ok(event) = Event::parse(line) else { return false };
        let service = event.service();
        let is_told = match event.told() {
            Told::Full => false,
            Told::Asked => asked,
            Told::Service => service.is_some_and(|name| self.sees(name.as_bytes())),
        };
        let names = match event {
            Event::ServiceFds { .. } => Some(Names::Fields),
            Event::ServiceAutoUp { .. } => Some(Names::Conditions),
            Event::ServiceRun { .. } => Some(Names::Why),
            _ => None,
        };
        if let (true, Some(names), Some(service), Some(event)) =
            (is_told, names, service, event.name())
        {
            let begin = event.as_str().len() + service.as_bytes().len() + 2;
            self.hide_names(line, begin, names);
        }
        is_told
    }

    /// Puts a `*` in the place of every name that may not be known, in the fields that begin there.
    fn hide_names(&self, line: &mut Vec<u8>, begin: usize, names: Names) {
        let (mut from, mut to) = (begin, begin);
        let mut in_why = false;
        while from < line.len() {
            let word = line[from..].split(|byte| matches!(byte, b'\t' | b',')).next();
            let end = from + word.map_or(0, <[u8]>::len);
            if from == begin || line[from - 1] == b'\t' {
                in_why = line[from..end].starts_with(b"why=");
            }
            let colon = line[from..end].iter().position(|&byte| byte == b':');
            let name = match names {
                Names::Fields => from,
                Names::Why if !in_why => end,
                Names::Conditions | Names::Why => colon.map_or(end, |colon| from + colon + 1),
            };
            let hides = !matches!(&line[name..end], b"" | b"-") && !self.sees(&line[name..end]);
            let kept = if hides { name } else { end };
            let separator = line.get(end).copied();
            line.copy_within(from..kept, to);
            to += kept - from;
            for byte in hides.then_some(HIDDEN).into_iter().chain(separator) {
                line[to] = byte;
                to += 1;
            }
            from = end + 1;
        }
        line.truncate(to.min(line.len()));
    }
}

impl<S: System> Proxy<S> {
    /// The command `conn.restrict`.
    pub(crate) fn conn_restrict(
        &mut self,
        id: ControllerId,
        rights: Rights,
        globs: Fields<'_>,
    ) -> Outcome<'static> {
        let Some(controller) = self.controllers.get_mut(id) else { return Ok(()) };
        controller.scope.narrow(rights, globs.iter())?;
        if !controller.scope.is_full() {
            self.controllers.passed.close_all(id, &mut self.sys);
        }
        Ok(())
    }

    /// Whether a connection may send a command. Refuses it if not.
    pub(crate) fn permit(&self, id: ControllerId, command: &Command<'_>) -> Outcome<'static> {
        let scope = self.controllers.get(id).map(|controller| &controller.scope);
        let scope = scope.ok_or(Refusal::NotPermitted)?;
        if command.rights() > scope.rights() {
            return Err(Refusal::NotPermitted);
        }
        match command.service() {
            Some(name) if !scope.sees(name.as_bytes()) => Err(Refusal::NoSuchService),
            Some(_) | None => Ok(()),
        }
    }

    /// Tells an event, which is `line`, to everybody who wants it and may hear of it.
    pub(crate) fn tell_everybody(&mut self, wants: impl Fn(Features) -> bool, line: &[u8]) {
        let Self { controllers, sys, now, .. } = self;
        let mut any_limited = false;
        for controller in controllers.iter_mut().filter(|it| wants(it.features)) {
            if controller.scope.is_full() {
                controller.tell(line, sys, *now);
            } else {
                any_limited = true;
            }
        }
        if any_limited {
            self.tell_limited(|controller, out| {
                out.add(line);
                wants(controller.features) && controller.scope.show(out, false)
            });
        }
    }

    /// Tells everybody who may know of a service why it was not started. If the text has the name
    /// of a descriptor in it, that is `fd`, and `without` is the text for those who may not know
    /// that.
    pub(crate) fn announce_failure(
        &mut self,
        service: &[u8],
        text: &[u8],
        fd: Option<(&[u8], &[u8])>,
    ) {
        self.announce(|_, out| Event::Error { text }.encode(out));
        self.tell_limited(|Controller { scope, .. }, out| {
            let text = match fd {
                Some((name, without)) if !scope.sees(name) => without,
                Some(_) | None => text,
            };
            let is_told = scope.sees(service);
            if is_told {
                Event::Error { text }.encode(out);
            }
            is_told
        });
    }

    /// Tells connections without full rights what `show` appends, if it says that it is for them.
    fn tell_limited(&mut self, show: impl Fn(&Controller, &mut Vec<u8>) -> bool) {
        self.with_text(|proxy, line| {
            let Self { controllers, sys, now, .. } = proxy;
            for controller in controllers.iter_mut().filter(|it| !it.scope.is_full()) {
                line.clear();
                if show(controller, line) {
                    controller.tell(line, sys, *now);
                }
            }
        });
    }
}
