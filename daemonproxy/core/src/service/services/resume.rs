//! All services, over an upgrade.
//!
//! Each keeps its place in the table, since that decides who of several comes first. The lists that
//! repeat what the services say are made again, but for the one of those about to start: one whose
//! stop is not over is not on it.

use daemonproxy_protocol::{Fields, Name, Triggers};

use super::Services;
use crate::memory::Reserved;
use crate::service::restarts::Restarts;
use crate::service::run::Phase;
use crate::service::watchers::count_fds;
use crate::table::{Record as _, Slot};
use crate::upgrade::state::{Carried, Read, StateLine, Writer, Wrong, split};
use crate::upgrade::value::Value;

impl Services {
    pub(crate) fn write_state(&self, to: &mut Writer) {
        let Self {
            table,
            // Those that are up.
            running: _,
            due,
            starts,
            runs,
            run_changed,
            // Memory for what is under construction.
            child_fds: _,
            child_names: _,
            left,
            // Those whose triggers name others.
            watchers: _,
            // Those whose triggers name descriptors.
            awaiting: _,
            main,
            restarts,
            // The limits say it.
            pooled: _,
        } = self;
        to.begin(b"resume.services");
        to.keyed("slots", &table.slots());
        to.keyed("free", table.free());
        to.keyed("runs", runs);
        to.unless_fresh("starts", starts, &0);
        to.unless_fresh("run_changed", run_changed, &false);
        to.unless_fresh("main", main, &None);
        to.end();
        for (slot, service) in table.iter() {
            service.write_state(slot, to);
            if let Some(restarts) = restarts.get(slot) {
                to.begin(b"resume.restarts");
                to.field(service.name().as_bytes());
                restarts.save(to);
                to.end();
            }
        }
        to.begin(b"resume.due");
        for slot in due.iter() {
            to.field(b"");
            slot.write(to);
        }
        to.end();
        left.write_state(to);
    }

    /// Takes a line that [`Self::write_state`] has written. False if it is about something else.
    pub(crate) fn read_state<'a>(&mut self, record: StateLine<'a>) -> Read<'a, bool> {
        match record.kind {
            b"resume.services" => self.read_all(record.rest)?,
            b"resume.service" => self.read_one(record)?,
            b"resume.run" => {
                let (slot, fields) = self.of(record)?;
                self.table.get_mut(slot).read_run(fields)?;
            }
            b"resume.restarts" => {
                let (slot, fields) = self.of(record)?;
                let mut restarts = Restarts::default();
                restarts.load(fields)?;
                self.restarts.reserve()?;
                self.restarts.set(slot, restarts);
            }
            b"resume.due" => self.read_due(record.rest)?,
            b"resume.left" => self.left.read_left(record.rest)?,
            b"resume.left.most" => self.left.read_most(record.rest.as_bytes())?,
            b"service.tags" | b"service.args" | b"service.fds" | b"service.options"
            | b"service.env" | b"service.auto_up" => {
                let (slot, _) = self.of(record)?;
                self.table.get_mut(slot).read_command(record)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Everything was taken: makes the lists again that repeat it.
    pub(crate) fn end_reading(&mut self) -> Read<'static> {
        if !self.table.is_whole() || !self.is_listed() {
            return Err(Wrong::Missing);
        }
        self.reserve_for_all()?;
        for nth in 0..self.table.len() {
            let Some(slot) = self.table.nth(nth) else { break };
            let service = self.table.get(slot);
            if let Some(pid) = service.pid() {
                let place = self.running.partition_point(|&(other, _)| other < pid);
                self.running.put_at(place, (pid, slot));
            }
            // Also of one whose triggers do not count any more.
            let conditions = Triggers::new(false, 0, service.conditions());
            self.watchers.reserve(slot, Triggers::default(), conditions, self.pooled)?;
            self.watchers.add(conditions, slot);
            let fds = count_fds(conditions);
            self.awaiting.reserve(0, fds, self.pooled)?;
            self.set_waits(slot, 0, fds);
        }
        Ok(())
    }

    /// Whether everything that names a service names one that is there.
    fn is_listed(&self) -> bool {
        self.main.is_none_or(|main| self.is_place(main))
            && self.left.iter().all(|left| self.is_place(left.slot))
    }

    /// Whether there is a service in that place.
    pub(crate) fn is_place(&self, slot: Slot) -> bool {
        let is_place = (slot.number() as usize) < self.table.slots();
        is_place && !self.table.get(slot).name_buf().as_bytes().is_empty()
    }

    fn read_all<'a>(&mut self, fields: Fields<'a>) -> Read<'a> {
        let (mut slots, mut free) = (0, Vec::new());
        for field in fields.iter() {
            let (key, value) = split(field)?;
            let read = match key {
                b"slots" => usize::read(&mut slots, value),
                b"free" => free.read(value),
                b"runs" => self.runs.read(value),
                b"starts" => self.starts.read(value),
                b"run_changed" => self.run_changed.read(value),
                b"main" => self.main.read(value),
                _ => return Err(Wrong::Key(key)),
            };
            read.ok_or(Wrong::Value(field))?;
        }
        Ok(self.table.begin_with(slots, free)?)
    }

    fn read_one<'a>(&mut self, record: StateLine<'a>) -> Read<'a> {
        let (name, fields) = record.first()?;
        let name = Name::new(name).ok_or(Wrong::Value(name))?;
        let (place, fields) = StateLine { rest: fields, ..record }.first()?;
        let slot = split(place)?;
        let slot = Slot::parse(slot.1).filter(|_| slot.0 == b"slot").ok_or(Wrong::Value(place))?;
        if !self.table.place(slot, name) {
            return Err(Wrong::Value(place));
        }
        self.table.get_mut(slot).load(fields)
    }

    fn read_due<'a>(&mut self, slots: Fields<'a>) -> Read<'a> {
        self.due.reserve(slots.len())?;
        for field in slots.iter() {
            let is_planned = |&slot: &Slot| {
                let is_place = (slot.number() as usize) < self.table.slots();
                is_place && self.table.get(slot).run.phase == Phase::Starting
            };
            let slot = Slot::parse(field).filter(is_planned).ok_or(Wrong::Value(field))?;
            self.due.add(self.table.get(slot).run.next, slot);
        }
        Ok(())
    }

    /// The service that a line is about, and the rest of that line.
    fn of<'a>(&self, record: StateLine<'a>) -> Read<'a, (Slot, Fields<'a>)> {
        let (name, fields) = record.first()?;
        let slot = Name::new(name).and_then(|name| self.table.find(name));
        Ok((slot.ok_or(Wrong::Unknown)?, fields))
    }
}
