//! All controllers, the descriptors that they have passed, and where new ones connect.

mod resume;

use crate::connection::controller::{Controller, ControllerId, ControllerKind, DumpCursor};
use crate::connection::features::Features;
use crate::connection::parts::IN_ENV;
use crate::connection::passed::Passed;
use crate::connection::socket::Listener;
use crate::limits::{Limits, MOST_SOCKETS};
use crate::memory::{NoRoom, Reserved, at_start, try_box};
use crate::system::{Fd, Monotonic, Pid, System};
use crate::table::NameBuf;

/// In a box, so that it moves between lists without a copy.
type Held = Box<[Controller; 1]>;

/// All controllers. A place in the list is used again after its controller has gone.
pub(crate) struct Controllers {
    list: Vec<Option<Held>>,
    /// Those of a fixed pool that are not connected; without a pool, the one that was reserved.
    spare: Vec<Held>,
    most: usize,
    pooled: bool,
    limits: Limits,
    /// Commands wait, of all of them.
    pub(crate) are_held: bool,
    /// The descriptors that they have passed.
    pub(super) passed: Passed,
    /// Where new ones connect.
    pub(super) listeners: Vec<Listener>,
    /// The one whose commands are being executed. It stays until that is done.
    pub(super) executing: Option<ControllerId>,
}

impl Controllers {
    pub(crate) fn new(limits: &Limits) -> Self {
        let (most, pooled) = (limits.all_controllers(), limits.controllers.is_some());
        let mut spare = at_start(if pooled { most } else { 1 });
        if pooled {
            let new = || Controller::new(limits, true).and_then(try_box);
            spare.fill((0..most).map_while(|_| new().ok()));
        }
        Self {
            list: at_start(most),
            spare,
            most,
            pooled,
            limits: *limits,
            are_held: false,
            passed: Passed::new(),
            listeners: at_start(MOST_SOCKETS),
            executing: None,
        }
    }

    /// Takes a controller into use; `None` when there are as many as there may be.
    pub(super) fn add(&mut self, kind: ControllerKind) -> Option<(ControllerId, &mut Controller)> {
        if !self.has_room(kind) {
            return None;
        }
        let at = match self.list.iter().position(Option::is_none) {
            Some(at) => at,
            None if self.list.len() < self.most => {
                self.list.put(None);
                self.list.len() - 1
            }
            None => return None,
        };
        self.reserve().ok()?;
        let controller = self.spare.pop()?;
        let [controller] = self.list.get_mut(at)?.insert(controller).as_mut();
        controller.kind = kind;
        Some((ControllerId(at as u32), controller))
    }

    /// Whether another one of that kind could be added. Some places are only for services.
    pub(crate) fn has_room(&self, kind: ControllerKind) -> bool {
        let is_service = |kind| matches!(kind, ControllerKind::Service(_));
        let outside = self.iter().filter(|(_, c)| !is_service(c.kind)).count();
        (is_service(kind) || outside < self.limits.outside_controllers())
            && (self.list.len() < self.most || self.list.iter().any(Option::is_none))
    }

    /// Takes the memory for another one, so that it can be added.
    pub(crate) fn reserve(&mut self) -> Result<(), NoRoom> {
        if self.spare.is_empty() {
            if self.pooled {
                return Err(NoRoom);
            }
            self.spare.put(try_box(Controller::new(&self.limits, false)?)?);
        }
        Ok(())
    }

    /// Takes one out of use. Its descriptors are closed, and those that it has passed.
    pub(super) fn remove(&mut self, id: ControllerId, sys: &mut impl System) {
        self.passed.close_all(id, sys);
        let Some(mut held) = self.list.get_mut(id.0 as usize).and_then(Option::take) else {
            return;
        };
        let [controller] = held.as_mut();
        if let Some(gift) = controller.outbox.take_gift() {
            sys.close(gift);
        }
        let (read, write) = (controller.read.take(), controller.write.take());
        for fd in [read, write.filter(|&fd| Some(fd) != read)].into_iter().flatten() {
            sys.close(fd);
        }
        if self.pooled {
            controller.reset();
            self.spare.put(held);
        }
    }

    pub(super) fn get(&self, id: ControllerId) -> Option<&Controller> {
        let [controller] = self.list.get(id.0 as usize)?.as_deref()?;
        Some(controller)
    }

    pub(crate) fn get_mut(&mut self, id: ControllerId) -> Option<&mut Controller> {
        let [controller] = self.list.get_mut(id.0 as usize)?.as_deref_mut()?;
        Some(controller)
    }

    /// One of them to be told of the control sockets.
    pub(super) fn with_listeners(
        &mut self,
        id: ControllerId,
    ) -> Option<(&mut Controller, &[Listener])> {
        let [controller] = self.list.get_mut(id.0 as usize)?.as_deref_mut()?;
        Some((controller, &self.listeners))
    }

    /// The ids that may be in use now; ask with [`Self::get`].
    pub(crate) fn ids(&self) -> impl Iterator<Item = ControllerId> + use<> {
        (0..self.list.len() as u32).map(ControllerId)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (ControllerId, &Controller)> {
        self.ids().filter_map(|id| self.get(id).map(|controller| (id, controller)))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Controller> {
        self.list.iter_mut().flatten().map(|held| &mut held[0])
    }

    /// Whether anybody listens for signals. Whoever is not told of them does not.
    pub(crate) fn any_listener(&self) -> bool {
        self.iter().any(|(_, c)| c.write.is_some() && !c.features.observer && c.scope.is_full())
    }

    /// Whether the controller that is this process has said that it only observes.
    pub(crate) fn observes(&self, pid: Pid) -> bool {
        let kind = ControllerKind::Service(pid);
        self.iter().any(|(_, c)| c.kind == kind && c.features.observer)
    }

    /// Whether anybody reads events: as long as nobody does, none need be written.
    pub(crate) fn any_reader(&self) -> bool {
        self.list.iter().flatten().any(|held| held[0].write.is_some())
    }

    /// Tells one of them a line.
    pub(crate) fn tell(
        &mut self,
        id: ControllerId,
        line: &[u8],
        sys: &mut impl System,
        now: Monotonic,
    ) {
        if let Some(controller) = self.get_mut(id) {
            controller.tell(line, sys, now);
        }
    }

    /// Whether this one may hear an answer. What it may not know in it is hidden.
    pub(crate) fn show(&self, id: ControllerId, answer: &mut Vec<u8>) -> bool {
        self.get(id).is_some_and(|controller| controller.scope.show(answer, true))
    }

    /// Whether any of them has features like this.
    pub(crate) fn any_wants(&self, wants: impl Fn(Features) -> bool) -> bool {
        self.iter().any(|(_, controller)| wants(controller.features))
    }

    /// Tells a setting to those who want to hear of settings and may, and to the one who has set
    /// it.
    pub(crate) fn tell_setting(
        &mut self,
        by: ControllerId,
        line: &[u8],
        sys: &mut impl System,
        now: Monotonic,
    ) {
        for id in self.ids() {
            if let Some(controller) = self.get_mut(id)
                && controller.scope.is_full()
                && (controller.features.settings || id == by)
            {
                controller.tell(line, sys, now);
            }
        }
    }

    /// Tells a setting of the daemon to those who want to hear of settings and may, but for one.
    pub(crate) fn tell_own_setting(
        &mut self,
        but: Option<ControllerId>,
        line: &[u8],
        sys: &mut impl System,
        now: Monotonic,
    ) {
        for id in self.ids().filter(|&id| Some(id) != but) {
            if let Some(controller) = self.get_mut(id)
                && controller.scope.is_full()
                && controller.features.settings
            {
                controller.tell(line, sys, now);
            }
        }
    }

    /// The environment, of a service or of all, was told to everybody whose dump may be in the
    /// middle of it: that goes on with what comes after.
    pub(crate) fn env_was_told(&mut self, of: Option<NameBuf>) {
        for controller in self.iter_mut() {
            match (&mut controller.dump, of) {
                (Some(DumpCursor::Env(from)), None) if *from > 0 => *from = usize::MAX,
                (Some(DumpCursor::Services(name, part)), Some(of))
                    if *name == of && *part > IN_ENV =>
                {
                    *part = usize::MAX;
                }
                _ => {}
            }
        }
    }

    /// Whether descriptors can be passed to this one.
    pub(crate) fn takes_fds(&self, id: ControllerId) -> bool {
        self.get(id).is_some_and(Controller::takes_fds)
    }

    /// Tells one of them a line, and passes it a descriptor.
    pub(crate) fn give(
        &mut self,
        id: ControllerId,
        line: &[u8],
        fd: Fd,
        sys: &mut impl System,
        now: Monotonic,
    ) {
        match self.get_mut(id) {
            Some(controller) => controller.give(line, fd, sys, now),
            None => sys.close(fd),
        }
    }

    /// The descriptor that was passed with a line that ends at `line_end`.
    pub(crate) fn take_passed(&mut self, id: ControllerId, line_end: u64) -> Option<Fd> {
        self.passed.take(id, line_end)
    }

    /// When the next of their times is over.
    pub(crate) fn deadline(&self) -> Option<Monotonic> {
        let own = self.iter().filter_map(|(_, controller)| controller.deadline());
        own.chain(self.passed.deadline()).min()
    }

    /// Whether everybody has got everything.
    pub(crate) fn are_flushed(&self) -> bool {
        self.iter().all(|(_, controller)| controller.is_flushed())
    }

    /// Whether any command could be executed at once, or a timer has run out.
    pub(crate) fn have_work(&self, now: Monotonic) -> bool {
        let reserve = self.limits.reserve();
        self.iter().any(|(_, controller)| {
            controller.has_due_timer(now) || (!self.are_held && controller.has_command(reserve))
        })
    }
}
