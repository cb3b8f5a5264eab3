//! All that services have said of themselves, over an upgrade.

use daemonproxy_protocol::{Name, Options};

use super::{Notifier, Notifying, Wants};
use crate::service::services::Services;
use crate::service::state::List;
use crate::upgrade::state::{Carried, Read, StateLine, Writer, Wrong};

impl Notifying {
    pub(crate) fn write_state(&self, services: &Services, to: &mut Writer) {
        let Self { list } = self;
        for (slot, notifier) in list.iter() {
            to.begin(b"resume.notifier");
            to.field(services.get(slot).name().as_bytes());
            notifier.save(to);
            to.end();
        }
    }

    /// Takes a line about one of them. The options of its service were read before.
    pub(crate) fn read_one<'a>(&mut self, record: StateLine<'a>, services: &Services) -> Read<'a> {
        let (name, fields) = record.first()?;
        let slot = Name::new(name).and_then(|name| services.find(name)).ok_or(Wrong::Unknown)?;
        let wants = Wants::of(Options::new(services.get(slot).list(List::Options)));
        let mut notifier = Notifier { wants, ..Notifier::NEW };
        notifier.load(fields)?;
        self.list.reserve()?;
        self.list.set(slot, notifier);
        Ok(())
    }
}
