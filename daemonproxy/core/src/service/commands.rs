//! The commands about services, except for starting them (`starting.rs`), their tags one by one
//! (`apply.rs`) and their loggers (`logger.rs`).

use daemonproxy_protocol::{
    Event, Fields, LogLevel, Name, Options, Refusal, Signal, StateField, Triggers,
};

use crate::connection::controller::ControllerId;
use crate::descriptor::descriptors::NO_FD;
use crate::memory::{NoRoom, Text};
use crate::notify::notifying::{Notifier, Wants};
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::service::services::is_main;
use crate::service::state::{DEFAULT_FDS, List, wants_cgroup};
use crate::system::System;
use crate::table::Slot;

impl<S: System> Proxy<S> {
    pub(crate) fn service_args(&mut self, name: Name<'_>, args: Fields<'_>) -> Outcome<'static> {
        let (slot, new) = self.set_list(name, List::Args, args, Refusal::UnableToSetArgv)?;
        self.announce(|proxy, out| proxy.services.get(slot).args_event().encode(out));
        self.announce_run_if_changed(slot);
        self.wake_watchers_if(new, slot);
        // A trigger may have waited for this.
        self.arm(slot);
        self.start_if_due(slot);
        Ok(())
    }

    pub(crate) fn service_fds(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        fds: Fields<'_>,
    ) -> Outcome<'static> {
        self.check_ready_fd(name, None, Some(fds))?;
        let (slot, new) = self.set_list(name, List::Fds, fds, Refusal::UnableToSetFds)?;
        self.announce(|proxy, out| proxy.services.get(slot).fds_event().encode(out));
        self.announce_run_if_changed(slot);
        self.wake_watchers_if(new, slot);
        for fd in fds.iter().filter(|&fd| fd != NO_FD) {
            if Name::new(fd).is_some_and(|fd| self.fds.find(fd).is_none()) {
                self.warn(id, &[b"fd \"", fd, b"\" is not yet defined"]);
            }
        }
        Ok(())
    }

    pub(crate) fn service_tags(&mut self, name: Name<'_>, tags: Fields<'_>) -> Outcome<'static> {
        let (slot, new) = self.set_list(name, List::Tags, tags, Refusal::UnableToSetTags)?;
        self.announce(|proxy, out| proxy.services.get(slot).tags_event().encode(out));
        self.wake_watchers_if(new, slot);
        Ok(())
    }

    pub(crate) fn service_options(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        options: Fields<'_>,
    ) -> Outcome<'static> {
        let main = self.services.main();
        if is_main(options) && main.is_some() && main != self.services.find(name) {
            return Err(Refusal::AnotherMainService);
        }
        if !self.sys.has_cgroups() && wants_cgroup(Options::new(options)) {
            return Err(Refusal::NoCgroup);
        }
        let wants = Wants::of(Options::new(options));
        self.check_ready_fd(name, Some(wants), None)?;
        self.notifying.reserve(&wants).map_err(|NoRoom| Refusal::UnableToSetOptions)?;
        let (slot, new) =
            self.set_list(name, List::Options, options, Refusal::UnableToSetOptions)?;
        let service = self.services.get(slot);
        let start = service.pid().and_then(|_| service.run.last_start()).map(|(_, start)| start);
        let boot = self.sys.boottime();
        self.notifying.configure(slot, wants, start, self.now, boot);
        if new {
            // Not everybody is told its options, and everybody should know that it exists.
            self.announce_state(slot);
        }
        self.announce_setting(id, |proxy, out| {
            proxy.services.get(slot).options_event().encode(out);
        });
        // `kill=` may end a stop.
        self.stopping.look_now_at(slot, self.now);
        self.announce_run_if_changed(slot);
        self.wake_watchers_if(new, slot);
        if self.services.get(slot).is_about_to_be_triggered() {
            // Perhaps at another time than before.
            self.arm(slot);
            self.start_if_due(slot);
        }
        if is_main(options) {
            self.guard_makes_way(b"its main service");
        }
        // They may be made until the start, which looks again.
        let is_about = |option: &[u8]| option.starts_with(b"user=") || option.starts_with(b"group");
        if options.iter().any(is_about)
            && let Some(stage) = self.sys.unknown_identity(Options::new(options))
        {
            let stage = stage.as_str().as_bytes();
            let name = name.as_bytes();
            self.warn(id, &[b"there is no such ", stage, b" now, for service \"", name, b"\""]);
        }
        Ok(())
    }

    pub(crate) fn service_auto_up(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        interval: Option<u32>,
        triggers: Triggers<'_>,
    ) -> Outcome<'static> {
        // Longer than the command, which may have given the signals by number.
        if !self.fits(&Event::ServiceAutoUp { name, interval: Some(u32::MAX), triggers }) {
            return Err(Refusal::UnableToSetTriggers);
        }
        let (slot, new) = self.service(name)?;
        self.forget_awaited_by(slot);
        let set = self.with_text(|proxy, others| {
            for (nth, trigger) in triggers.others().enumerate() {
                others.add(if nth > 0 { b"\t".as_slice() } else { b"" });
                others.add(trigger);
            }
            proxy.services.set_triggers(slot, interval, triggers, Fields::new(others))
        });
        if set.is_err() {
            if new {
                self.services.remove(slot);
            }
            return Err(Refusal::UnableToSetTriggers);
        }
        let idle = !triggers.is_empty() && !self.services.get(slot).has_args();
        self.announce(|proxy, out| proxy.services.get(slot).auto_up_event().encode(out));
        self.announce_run_if_changed(slot);
        self.wake_watchers_if(new, slot);
        if idle {
            self.warn(id, &[b"service \"", name.as_bytes(), b"\" has no args yet"]);
        }
        if !triggers.is_empty() && self.services.get(slot).is_held() {
            self.warn(id, &[b"service \"", name.as_bytes(), b"\" is held until it is released"]);
        }
        self.warn_of_dead_triggers(id, name, triggers);
        self.warn_of_unwatchable(id, triggers);
        self.arm(slot);
        self.start_if_due(slot);
        Ok(())
    }

    /// In the log only: a controller of protocol 1 may set such a trigger, and has never heard a
    /// word about it.
    fn warn_of_dead_triggers(&mut self, id: ControllerId, name: Name<'_>, triggers: Triggers<'_>) {
        for signal in triggers.signals().filter(|signal| !signal.is_received()) {
            self.with_text(|proxy, text| {
                signal.write_name(text);
                let parts: [&[u8]; 5] = [
                    b"service '",
                    name.as_bytes(),
                    b"': the daemon never receives ",
                    text,
                    b", so that this trigger never holds",
                ];
                proxy.log_about(id, LogLevel::Warning, &parts);
            });
        }
    }

    pub(crate) fn service_signal<'a>(
        &mut self,
        name: Name<'a>,
        signal: Signal,
        group: bool,
    ) -> Outcome<'a> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        let pid = self.services.get(slot).pid().ok_or(Refusal::ServiceIsNotRunning)?;
        self.sys.kill(pid, signal, group).map_err(|errno| Refusal::Kill {
            name: name.as_bytes(),
            pid: pid.0,
            reason: self.sys.explain(errno),
        })
    }

    pub(crate) fn service_reload<'a>(&mut self, name: Name<'a>) -> Outcome<'a> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        let signal = self.services.get(slot).reload_signal();
        self.service_signal(name, signal, false)
    }

    pub(crate) fn service_delete(&mut self, name: Name<'_>) -> Outcome<'static> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        if self.services.get(slot).pid().is_some() || self.stopping.is_stopping(slot) {
            return Err(Refusal::ServiceIsRunning);
        }
        if self.services.get(slot).wants_cgroup() {
            self.sys.remove_cgroup(name);
        }
        self.forget_awaited_by(slot);
        self.services.remove(slot);
        self.notifying.remove(slot);
        self.unstore_all(slot);
        self.announce(|_, out| {
            Event::ServiceState { name, state: StateField::Deleted }.encode(out);
        });
        Ok(())
    }

    /// Refuses a list of descriptors, or options, if the descriptor of `ready=` would be in the
    /// list.
    pub(super) fn check_ready_fd(
        &self,
        name: Name<'_>,
        wants: Option<Wants>,
        fds: Option<Fields<'_>>,
    ) -> Outcome<'static> {
        let service = self.services.find(name);
        let old = service.and_then(|slot| self.notifying.get(slot)).map(Notifier::wants);
        let old_fds = service.map(|slot| self.services.get(slot).start_fds());
        let fds = fds.filter(|fds| !fds.is_empty()).or(old_fds.filter(|_| fds.is_none()));
        let fds = fds.unwrap_or(Fields::new(DEFAULT_FDS));
        let free = wants.or(old).is_none_or(|wants| wants.go_with(fds));
        if free { Ok(()) } else { Err(Refusal::ReadyFdInUse) }
    }

    /// The service of that name, made if needed; and whether it was made. Once that was
    /// announced, [`Self::wake_watchers_if`] is due.
    pub(super) fn service(&mut self, name: Name<'_>) -> Result<(Slot, bool), Refusal<'static>> {
        let before = self.services.len();
        let slot = self.insert_service(name).map_err(|NoRoom| Refusal::UnableToAllocateService)?;
        Ok((slot, self.services.len() > before))
    }

    fn insert_service(&mut self, name: Name<'_>) -> Result<Slot, NoRoom> {
        if let Some(slot) = self.services.find(name) {
            return Ok(slot);
        }
        let slot = self.services.find_or_insert(name)?;
        // Every service may have to be stopped, too.
        let reserved = self.stopping.reserve(self.services.len());
        if reserved.is_err() {
            self.services.remove(slot);
        }
        reserved.map(|()| slot)
    }

    /// Sets a list of a service, which is made if needed. Returns what [`Self::service`] does.
    pub(super) fn set_list(
        &mut self,
        name: Name<'_>,
        list: List,
        fields: Fields<'_>,
        refusal: Refusal<'static>,
    ) -> Result<(Slot, bool), Refusal<'static>> {
        let (slot, new) = self.service(name)?;
        if self.services.set_list(slot, list, fields).is_err() {
            if new {
                self.services.remove(slot);
            }
            return Err(refusal);
        }
        Ok((slot, new))
    }

    /// Tells of its run if that is another one by what was just set.
    pub(crate) fn announce_run_if_changed(&mut self, slot: Slot) {
        if self.services.take_run_changed() {
            self.announce_run(slot, None);
        }
    }
}
