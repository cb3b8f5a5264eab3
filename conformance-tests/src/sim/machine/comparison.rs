//! Compares what is known with what there is, and makes it again elsewhere.

use daemonproxy_core::limits;
use daemonproxy_protocol::{ServiceView, StateView};

use super::{Machine, OBSERVER, name};
use crate::sim::known::{Settings, difference};
use crate::sim::{law, runs};

impl Machine {
    pub(super) fn ask_dump(&mut self) -> Result<StateView, String> {
        self.dump = Some(StateView::new());
        self.send(OBSERVER, b"statedump\necho\tdone\n", 0);
        self.pump()?;
        self.dump.take().ok_or_else(|| "dump: there is none".to_owned())
    }

    /// Compares what everybody knows with what there is.
    pub(super) fn compare(&mut self) -> Result<(), String> {
        if self.left.is_some() {
            return Ok(());
        }
        let dump = self.ask_dump()?;
        if self.left.is_some() {
            return Ok(());
        }
        if let Some(difference) = difference(&self.view, &dump, Settings::Too) {
            return Err(format!("view: events and state differ: {difference}"));
        }
        for ((name, known), (_, is)) in self.view.services().zip(dump.services()) {
            if !runs::same(known.run(), is.run()) {
                let (name, known, is) = (String::from_utf8_lossy(name), known.run(), is.run());
                return Err(format!("view: of the run of {name}, {known:?} is {is:?}"));
            }
        }
        self.check_triggers(&dump)?;
        self.check_pools(&dump)?;
        for at in 1..self.streams.len() {
            if !self.is_live(at) || !self.reads(at) {
                continue;
            }
            if let Some(view) = self.streams[at].view()
                && let Some(difference) = difference(view, &dump, Settings::Unknown)
            {
                return Err(format!("view: events of {} and state differ: {difference}", name(at)));
            }
        }
        Ok(())
    }

    /// Makes the state again in another daemon.
    pub(super) fn make_again(&mut self) -> Result<(), String> {
        if self.left.is_some() {
            return Ok(());
        }
        let dump = self.ask_dump()?;
        if self.left.is_some() {
            return Ok(());
        }
        let commands = dump.commands();
        if self.view.commands() != commands {
            return Err("remake: events and state make different commands".to_owned());
        }
        law::check(&dump, &commands, self.limits)
    }

    /// There is never more than the pools have room for, and nothing has more text than its room.
    fn check_pools(&self, dump: &StateView) -> Result<(), String> {
        if let Some(pool) = self.limits.services {
            let text = |service: &ServiceView| {
                [service.args(), service.tags(), service.options(), service.env(), service.fds()]
                    .map(|list| list.as_bytes().len())
            };
            // A list of descriptors that was never set is shown, and takes no room.
            let over = |service: &ServiceView| {
                let [args, tags, options, env, fds] = text(service);
                args + tags + options + env > pool.bytes
                    || fds > pool.bytes.max(b"null\tnull\tnull".len())
            };
            if dump.services().count() > pool.count || dump.services().any(|(_, s)| over(s)) {
                return Err("service-pool: there is more than fits".to_owned());
            }
        }
        let most = self.limits.fds.map_or(usize::MAX, |pool| pool.count.max(limits::MIN_FDS));
        if dump.fds().count() > most {
            return Err("fd-pool: there are more than fit".to_owned());
        }
        Ok(())
    }
}
