//! Who must wait for whom when services are stopped along the pipes that connect them.
//!
//! # Theory of operation
//!
//! Services and pipes are the two kinds of nodes of a directed graph: a service that writes into a
//! pipe points at it, and a pipe points at whoever reads from it. A service may be stopped when
//! nobody else writes into any pipe that it reads. If there are no circles, repeating this stops
//! everybody, each after all that write to it, directly or not.
//!
//! A circle of services, each of which waits for the one before it, would wait for ever. So
//! services that can reach each other along the pipes (a strongly connected component of the graph)
//! are stopped together, as if they were one service, as soon as nobody outside writes to them.
//! [`Order::mark_circles`] finds these by coloring, after Orzan: every service has a number, and
//! takes as its color the highest number of all that write to it, directly or not, itself included.
//! Where a service's color is its own number, that service is the *first* of its color. Whoever has
//! its color and also writes to it, directly or not, is in a circle with it. If a service of
//! another color writes to one of these, they still have to wait for it.
//!
//! What is reached from where (controllers and their readers, the reader of the daemon's log) is
//! found by spreading a mark along the arrows until nothing changes any more.
//!
//! All of this is recorded in two lists of nodes that belong to this module, by number. The arrows
//! are not kept: they are asked for each time ([`Pipes`]), since they are in the lists of the
//! services anyway, and there is no bound on their number. A walk goes through the services
//! forwards and backwards in turn, so that a chain in either order needs few rounds.
//!
//! Nothing in here knows what a service or a descriptor is, and nothing has a side effect. If there
//! is no memory for the nodes, there are none: then nobody waits for anybody.

use crate::memory::{NoRoom, Reserved, at_start};
use crate::upgrade::state::{Carried, Read, StateLine, Writer, Wrong, carried, split};
use crate::upgrade::value::Value;

/// How a service and a pipe are connected.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Reads,
    Writes,
}

/// The arrows of the graph.
pub(crate) trait Pipes {
    /// Every pipe that a service is connected to, both by number; one may come several times.
    fn of(&self, service: usize) -> impl Iterator<Item = (usize, Use)>;
}

#[derive(Copy, Clone, Default)]
struct ServiceNode {
    /// The highest number of all that write to it, directly or not, itself included.
    color: u32,
    /// It has gone, or does not count.
    out: bool,
    /// It is connected to any pipe at all: most are not, and walks skip them.
    connected: bool,
    mark: bool,
    /// Of the first of a color: somebody of another color writes to one of its circle.
    tainted: bool,
}

#[derive(Copy, Clone, Default)]
struct PipeNode {
    writers: u32,
    /// One more than the highest color of those that write here; 0 when nobody does.
    color: u32,
    read: bool,
    mark: bool,
}

/// The graph, and what a walk has found.
pub(crate) struct Order {
    services: Vec<ServiceNode>,
    pipes: Vec<PipeNode>,
}

carried!(
    ServiceNode, as in ServiceNode::default(),
    carries color out connected mark tainted,
    but not
);
carried!(PipeNode, as in PipeNode::default(), carries writers color read mark, but not);

// Over an upgrade. A node with nothing to say has a line all the same: they are known by number.
impl Order {
    pub(crate) fn write_state(&self, to: &mut Writer) {
        let Self { services, pipes } = self;
        if !services.is_empty() || !pipes.is_empty() {
            to.begin(b"resume.order");
            to.keyed("services", &services.len());
            to.keyed("pipes", &pipes.len());
            to.end();
        }
        for (number, node) in services.iter().enumerate() {
            to.begin(b"resume.order.service");
            to.field(b"");
            number.write(to);
            node.save(to);
            to.end();
        }
        for (number, node) in pipes.iter().enumerate() {
            to.begin(b"resume.order.pipe");
            to.field(b"");
            number.write(to);
            node.save(to);
            to.end();
        }
    }

    /// Takes a line about it. False if it is about something else.
    pub(crate) fn read_state<'a>(&mut self, record: StateLine<'a>) -> Read<'a, bool> {
        match record.kind {
            b"resume.order" => {
                let (services, pipes) = record.first()?;
                let (services, pipes) = (split(services)?, split(pipes.as_bytes())?);
                let number = |(_, value)| usize::parse(value).ok_or(Wrong::Value(value));
                self.begin(number(services)?, number(pipes)?)?;
            }
            b"resume.order.service" | b"resume.order.pipe" => {
                let (number, fields) = record.first()?;
                let at = usize::parse(number).ok_or(Wrong::Value(number))?;
                if record.kind == b"resume.order.pipe" {
                    self.pipes.get_mut(at).ok_or(Wrong::Unknown)?.load(fields)?;
                } else {
                    self.services.get_mut(at).ok_or(Wrong::Unknown)?.load(fields)?;
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Order {
    /// With room for this many of each.
    pub(crate) fn with_capacity(services: usize, pipes: usize) -> Self {
        Self { services: at_start(services), pipes: at_start(pipes) }
    }

    /// From now on looks at this many services and pipes, or at none if there is no memory for
    /// them.
    pub(crate) fn begin(&mut self, services: usize, pipes: usize) -> Result<(), NoRoom> {
        self.services.clear();
        self.pipes.clear();
        self.services.try_reserve_exact(services)?;
        self.pipes.try_reserve_exact(pipes)?;
        self.services.fill(std::iter::repeat_n(ServiceNode::default(), services));
        self.pipes.fill(std::iter::repeat_n(PipeNode::default(), pipes));
        Ok(())
    }

    /// That service does not count: nobody waits for it.
    pub(crate) fn leave_out(&mut self, service: usize) {
        if let Some(node) = self.services.get_mut(service) {
            node.out = true;
        }
    }

    /// Notes at each pipe how many write into it, and whether anybody reads.
    pub(crate) fn count(&mut self, pipes: &impl Pipes) {
        for pipe in &mut self.pipes {
            pipe.writers = 0;
            pipe.read = false;
        }
        for (service, node) in self.services.iter_mut().enumerate().filter(|(_, node)| !node.out) {
            node.connected = false;
            for (pipe, how) in pipes.of(service) {
                node.connected = true;
                match (how, self.pipes.get_mut(pipe)) {
                    (Use::Writes, Some(pipe)) => pipe.writers += 1,
                    (Use::Reads, Some(pipe)) => pipe.read = true,
                    (_, None) => {}
                }
            }
        }
    }

    /// Whether somebody reads from a pipe into which nobody writes.
    pub(crate) fn is_dry(&self, pipe: usize) -> bool {
        self.pipes.get(pipe).is_some_and(|pipe| pipe.read && pipe.writers == 0)
    }

    /// Whether somebody else writes into a pipe that this service reads.
    pub(crate) fn is_written_to(&self, pipes: &impl Pipes, service: usize) -> bool {
        self.is_written_to_below(usize::MAX, pipes, service)
    }

    /// The same, if only the pipes below that number count.
    pub(crate) fn is_written_to_below(
        &self,
        end: usize,
        pipes: &impl Pipes,
        service: usize,
    ) -> bool {
        let reads = self.uses(pipes, service).filter(|&(_, how)| how == Use::Reads);
        reads.filter(|&(pipe, _)| pipe < end).any(|(pipe, _)| {
            let own = self.uses(pipes, service);
            let own = own.filter(|&(own, how)| own == pipe && how == Use::Writes).count();
            self.pipes[pipe].writers as usize > own
        })
    }

    /// Whether a service reads from that pipe.
    pub(crate) fn reads(&self, pipes: &impl Pipes, service: usize, pipe: usize) -> bool {
        self.uses(pipes, service).any(|used| used == (pipe, Use::Reads))
    }

    /// Whether the walk has marked a service.
    pub(crate) fn is_marked(&self, service: usize) -> bool {
        self.services.get(service).is_some_and(|node| node.mark && !node.out)
    }

    /// Marks these services, and what comes after them and after that pipe, directly or not.
    pub(crate) fn mark_from(
        &mut self,
        pipes: &impl Pipes,
        services: impl Fn(usize) -> bool,
        pipe: Option<usize>,
    ) {
        self.clear_marks();
        for (number, node) in self.services.iter_mut().enumerate() {
            node.mark = services(number);
        }
        if let Some(node) = pipe.and_then(|pipe| self.pipes.get_mut(pipe)) {
            node.mark = true;
        }
        self.spread(pipes, |node, pipe, how| {
            let (from, to) = match how {
                Use::Reads => (pipe.mark, &mut node.mark),
                Use::Writes => (node.mark, &mut pipe.mark),
            };
            from && !std::mem::replace(to, true)
        });
    }

    /// Marks all circles into which nobody outside of them writes. A service that is in no circle,
    /// and to which nobody writes, counts as one.
    pub(crate) fn mark_circles(&mut self, pipes: &impl Pipes) {
        self.color(pipes);
        self.clear_marks();
        for (number, node) in (0..).zip(&mut self.services) {
            node.tainted = false;
            node.mark = node.color == number;
        }
        self.until_nothing_changes(|order, service| {
            let mut changed = false;
            for (pipe, how) in pipes.of(service) {
                let (Some(&node), Some(&from)) =
                    (order.services.get(service), order.pipes.get(pipe))
                else {
                    continue;
                };
                // The color of what writes, and that of what reads.
                let same = from.color == node.color + 1;
                match how {
                    Use::Reads if node.mark && from.color > 0 => {
                        if same {
                            changed |= !std::mem::replace(&mut order.pipes[pipe].mark, true);
                        } else {
                            changed |= order.taint(node.color);
                        }
                    }
                    Use::Writes if from.mark => {
                        if same {
                            changed |= !std::mem::replace(&mut order.services[service].mark, true);
                        } else {
                            changed |= order.taint(from.color - 1);
                        }
                    }
                    Use::Reads | Use::Writes => {}
                }
            }
            changed
        });
        for service in 0..self.services.len() {
            let first = self.services[service].color as usize;
            self.services[service].mark &= !self.services[first].tainted;
        }
    }

    fn color(&mut self, pipes: &impl Pipes) {
        self.pipes.iter_mut().for_each(|pipe| pipe.color = 0);
        for (number, node) in (0..).zip(&mut self.services) {
            node.color = number;
        }
        self.spread(pipes, |node, pipe, how| {
            match how {
                Use::Reads if pipe.color > node.color + 1 => node.color = pipe.color - 1,
                Use::Writes if pipe.color < node.color + 1 => pipe.color = node.color + 1,
                Use::Reads | Use::Writes => return false,
            }
            true
        });
    }

    /// Returns whether it was not tainted before.
    fn taint(&mut self, color: u32) -> bool {
        let first = self.services.get_mut(color as usize);
        first.is_some_and(|first| !std::mem::replace(&mut first.tainted, true))
    }

    /// Whether there is any circle at all: whether somebody is left after repeatedly removing all
    /// that wait for nobody. Counts anew.
    pub(crate) fn has_circles(&mut self, pipes: &impl Pipes) -> bool {
        self.count(pipes);
        self.clear_marks();
        self.until_nothing_changes(|order, service| {
            if order.services[service].mark || order.is_written_to(pipes, service) {
                return false;
            }
            order.services[service].mark = true;
            for (pipe, _) in pipes.of(service).filter(|&(_, how)| how == Use::Writes) {
                if let Some(pipe) = order.pipes.get_mut(pipe) {
                    pipe.writers -= 1;
                }
            }
            true
        });
        let circles = self.services.iter().any(|node| node.connected && !node.out && !node.mark);
        self.count(pipes);
        circles
    }

    /// Takes `step` along every arrow until it has returned false for all: nothing has changed.
    fn spread(
        &mut self,
        pipes: &impl Pipes,
        step: impl Fn(&mut ServiceNode, &mut PipeNode, Use) -> bool,
    ) {
        self.until_nothing_changes(|order, service| {
            let mut changed = false;
            for (pipe, how) in pipes.of(service) {
                let ends = (order.services.get_mut(service), order.pipes.get_mut(pipe));
                if let (Some(node), Some(pipe)) = ends {
                    changed |= step(node, pipe, how);
                }
            }
            changed
        });
    }

    /// Does `step` for everybody until it has returned false for all, in turn forwards and
    /// backwards.
    fn until_nothing_changes(&mut self, mut step: impl FnMut(&mut Self, usize) -> bool) {
        loop {
            let mut changed = false;
            let all = 0..self.services.len();
            for service in all.clone().chain(all.rev()) {
                let ServiceNode { connected, out, .. } = self.services[service];
                if connected && !out {
                    changed |= step(self, service);
                }
            }
            if !changed {
                break;
            }
        }
    }

    fn clear_marks(&mut self) {
        self.services.iter_mut().for_each(|node| node.mark = false);
        self.pipes.iter_mut().for_each(|node| node.mark = false);
    }

    /// The uses of a service that is connected to anything, of pipes that are looked at.
    fn uses(&self, pipes: &impl Pipes, service: usize) -> impl Iterator<Item = (usize, Use)> {
        let connected = self.services.get(service).is_some_and(|node| node.connected);
        let uses = connected.then(|| pipes.of(service)).into_iter().flatten();
        uses.filter(|&(pipe, _)| pipe < self.pipes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By service: what it reads, and what it writes.
    struct Graph(&'static [(&'static [usize], &'static [usize])]);

    impl Pipes for Graph {
        fn of(&self, service: usize) -> impl Iterator<Item = (usize, Use)> {
            let (reads, writes) = self.0[service];
            let reads = reads.iter().map(|&pipe| (pipe, Use::Reads));
            reads.chain(writes.iter().map(|&pipe| (pipe, Use::Writes)))
        }
    }

    fn order(graph: &Graph) -> Order {
        let mut order = Order::with_capacity(0, 0);
        order.begin(graph.0.len(), 9).unwrap();
        order.count(graph);
        order
    }

    #[track_caller]
    fn assert_marked(order: &Order, expected: &[usize]) {
        let all = 0..order.services.len();
        assert!(all.filter(|&service| order.is_marked(service)).eq(expected.iter().copied()));
    }

    #[test]
    fn a_chain_has_a_beginning_and_no_circle() {
        let graph = Graph(&[(&[1], &[]), (&[0], &[1]), (&[], &[0])]);
        let mut order = order(&graph);
        assert!(!order.has_circles(&graph));
        assert_eq!([0, 1, 2].map(|s| order.is_written_to(&graph, s)), [true, true, false]);
        order.mark_from(&graph, |service| service == 1, None);
        assert_marked(&order, &[0, 1]);
    }

    #[test]
    fn a_circle_that_is_fed_is_not_marked_and_the_one_that_feeds_it_is() {
        // 0 and 1 are a circle, feed 2 and 3 through pipe 4, which are one too.
        let graph = Graph(&[(&[0], &[1, 4]), (&[1], &[0]), (&[2, 4], &[3]), (&[3], &[2])]);
        let mut order = order(&graph);
        assert!(order.has_circles(&graph));
        order.mark_circles(&graph);
        assert_marked(&order, &[0, 1]);
        order.leave_out(0);
        order.leave_out(1);
        order.count(&graph);
        order.mark_circles(&graph);
        assert_marked(&order, &[2, 3]);
        assert!(order.is_dry(4));
    }

    #[test]
    fn its_own_pipe_makes_nobody_wait() {
        let graph = Graph(&[(&[0], &[0, 0])]);
        let mut order = order(&graph);
        assert!(!order.has_circles(&graph) && !order.is_written_to(&graph, 0));
    }

    #[test]
    fn a_pipe_that_is_newer_than_the_order_makes_nobody_wait() {
        let graph = Graph(&[(&[9], &[]), (&[], &[9])]);
        let mut order = order(&graph);
        assert!(!order.is_written_to(&graph, 0) && !order.has_circles(&graph));
    }

    #[test]
    fn without_nodes_nobody_waits() {
        let graph = Graph(&[(&[1], &[0]), (&[0], &[1])]);
        let mut order = Order::with_capacity(0, 0);
        order.count(&graph);
        assert!(!order.has_circles(&graph) && !order.is_written_to(&graph, 1));
        order.mark_circles(&graph);
        assert!(!order.is_marked(0) && !order.is_dry(0));
    }
}
