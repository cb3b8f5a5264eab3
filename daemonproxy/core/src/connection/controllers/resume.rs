//! All connections, and where new ones come from, over an upgrade.
//!
//! Each keeps its number, and what it has sent and is owed, to the byte.

use daemonproxy_protocol::{Fields, Held};

use super::Controllers;
use crate::connection::controller::{Controller, ControllerId};
use crate::connection::socket::Listener;
use crate::memory::{Reserved, try_box};
use crate::upgrade::state::{Carried, Read, StateLine, Writer, Wrong, split};
use crate::upgrade::value::{Value, write_bytes};

impl Controllers {
    pub(crate) fn write_state(&self, to: &mut Writer) {
        let Self {
            list,
            // Memory for those to come.
            spare: _,
            // The limits say these.
            most: _,
            pooled: _,
            limits: _,
            // The one that goes on decides anew.
            are_held: _,
            passed,
            listeners,
            // Between two turns, nobody.
            executing: _,
        } = self;
        to.begin(b"resume.conns");
        to.keyed("places", &list.len());
        to.end();
        for (id, controller) in self.iter() {
            to.begin(b"resume.conn");
            to.field(b"");
            id.write(to);
            controller.save(to);
            to.end();
            write_input(id, controller, to);
            to.begin(b"resume.conn.output");
            to.field(b"");
            id.write(to);
            controller.outbox.write_state(to);
            to.end();
        }
        passed.write_state(to);
        for listener in listeners {
            to.begin(b"resume.listener");
            listener.save(to);
            to.end();
        }
    }

    /// Takes a line that [`Self::write_state`] has written. False if it is about something else.
    pub(crate) fn read_state<'a>(&mut self, record: StateLine<'a>) -> Read<'a, bool> {
        match record.kind {
            b"resume.conns" => {
                let (_, places) = split(record.rest.as_bytes())?;
                let places = usize::parse(places).filter(|&places| places <= self.most);
                let places = places.ok_or(Wrong::Value(record.rest.as_bytes()))?;
                self.list.try_reserve(places).map_err(|_| Wrong::NoRoom)?;
                self.list.fill((0..places).map(|_| None));
            }
            b"resume.conn" => self.read_one(record)?,
            b"resume.conn.input" => {
                let (controller, fields) = self.of(record)?;
                read_input(controller, fields)?;
            }
            b"resume.conn.output" => {
                let (controller, fields) = self.of(record)?;
                fields.iter().try_for_each(|field| controller.outbox.set(field))?;
            }
            b"resume.passed" => self.passed.read_one(record.rest)?,
            b"resume.listener" => {
                let mut listener = Listener::NONE;
                listener.load(record.rest)?;
                self.listeners.try_reserve(1).map_err(|_| Wrong::NoRoom)?;
                self.listeners.put(listener);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_one<'a>(&mut self, record: StateLine<'a>) -> Read<'a> {
        let (id, fields) = record.first()?;
        let at = usize::parse(id).ok_or(Wrong::Value(id))?;
        // Those of a pool are there already.
        let made = match self.spare.pop() {
            Some(spare) => spare,
            None if self.pooled => return Err(Wrong::NoRoom),
            None => try_box(Controller::new(&self.limits, false)?)?,
        };
        let place = self.list.get_mut(at).filter(|place| place.is_none());
        let [controller] = place.ok_or(Wrong::Value(id))?.insert(made).as_mut();
        controller.load(fields)
    }

    fn of<'a>(&mut self, record: StateLine<'a>) -> Read<'a, (&mut Controller, Fields<'a>)> {
        let (id, fields) = record.first()?;
        let id = ControllerId::parse(id).ok_or(Wrong::Value(id))?;
        Ok((self.get_mut(id).ok_or(Wrong::Unknown)?, fields))
    }
}

fn write_input(id: ControllerId, controller: &Controller, to: &mut Writer) {
    let Held { size, begin, unread, skipping, consumed } = controller.framer.held();
    to.begin(b"resume.conn.input");
    to.field(b"");
    id.write(to);
    to.keyed("size", &size);
    to.keyed("begin", &begin);
    to.keyed("consumed", &consumed);
    for (key, bytes) in [(&b"unread="[..], Some(unread)), (b"skipping=", skipping)] {
        if let Some(bytes) = bytes {
            to.field(key);
            write_bytes(to, bytes);
        }
    }
    to.end();
}

fn read_input<'a>(controller: &mut Controller, fields: Fields<'a>) -> Read<'a> {
    let (mut size, mut begin, mut consumed) = (0, 0, 0);
    let (mut unread, mut skipping) = (Vec::new(), None);
    for field in fields.iter() {
        let (key, value) = split(field)?;
        let read = match key {
            b"size" => usize::read(&mut size, value),
            b"begin" => usize::read(&mut begin, value),
            b"consumed" => u64::read(&mut consumed, value),
            b"unread" => unread.read(value),
            b"skipping" => Vec::parse(value).map(|start| skipping = Some(start)),
            _ => return Err(Wrong::Key(key)),
        };
        read.ok_or(Wrong::Value(field))?;
    }
    let skipping = skipping.as_deref();
    let held = Held { size, begin, unread: &unread, skipping, consumed };
    controller.framer.go_on(&held).map_err(|_| Wrong::NoRoom)
}
