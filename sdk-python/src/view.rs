//! The stream of events, and the view of the daemon that follows from it, as one object for Python.
//!
//! Python feeds it bytes and asks for the next event of certain kinds; the others go into the view
//! and are never made into Python objects. While the view is being resynchronised only what changed
//! is an event: a dump repeats everything, and most of it is not news.

use daemonproxy_protocol::{
    Event, EventName, Fields, Line, LineFramer, ServiceView, Signal, StateField, StateView,
};
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::decode;

/// Room for two lines of this length. A daemon can be told to accept longer lines than its default
/// of 4096 bytes.
const MAX_LINE: usize = 65536;

/// What a dump did not mention: the names of services, descriptors and signals that are gone, and
/// the other events that nobody heard.
type Unheard<'py> = (Vec<String>, Vec<String>, Vec<String>, Vec<decode::Item<'py>>);

/// Everything that is known about a daemon, put together from its events.
#[pyclass(name = "StateView", module = "daemonproxy._native")]
pub(crate) struct View {
    view: StateView,
    framer: LineFramer,
    resyncing: bool,
    given_at: Option<u64>,
}

#[pymethods]
impl View {
    #[new]
    fn new() -> Self {
        let framer = LineFramer::new(MAX_LINE);
        Self { view: StateView::new(), framer, resyncing: false, given_at: None }
    }

    /// Puts in bytes that were read. Everything before must have been taken out with `next`.
    fn feed(&mut self, data: &[u8]) -> PyResult<()> {
        if data.len() > MAX_LINE || self.framer.push(data) < data.len() {
            return Err(PyBufferError::new_err("more than 65536 bytes at a time"));
        }
        Ok(())
    }

    /// Puts in any number of bytes and takes all events into the view, reporting none. Returns how
    /// many there were.
    fn apply(&mut self, data: &[u8]) -> usize {
        let (mut taken, mut count) = (0, 0);
        loop {
            taken += self.framer.push(&data[taken..]);
            while let Some(line) = self.framer.next_line() {
                if let Line::Complete(line) = line
                    && let Ok(event) = Event::parse(line)
                {
                    self.view.apply(&event);
                }
                count += 1;
            }
            if taken == data.len() {
                return count;
            }
        }
    }

    /// Takes events into the view up to the next one of a kind whose bit is set, and returns that.
    fn next<'py>(&mut self, py: Python<'py>, kinds: u64) -> PyResult<Option<decode::Item<'py>>> {
        loop {
            let begin = self.framer.consumed();
            let Some(line) = self.framer.next_line() else { return Ok(None) };
            let event = match line {
                Line::TooLong { start } => {
                    let line = decode::text(py, start)?;
                    return decode::malformed(py, &line, "a line is longer than 65536 bytes")
                        .map(Some);
                }
                Line::Complete(line) => match Event::parse(line) {
                    Ok(event) => event,
                    Err(error) => {
                        let line = decode::text(py, line)?;
                        return decode::malformed(py, &line, &error.to_string()).map(Some);
                    }
                },
            };
            if matches!(event, Event::FdGive { .. }) {
                self.given_at = Some(begin);
            }
            let is_news = !self.resyncing || is_change(&self.view, &event);
            self.view.apply(&event);
            if is_news && kinds >> decode::kind(&event) & 1 == 1 {
                return decode::event(py, &event).map(Some);
            }
        }
    }

    /// Where in the stream the last line `fd.give` begins.
    #[getter]
    fn given_at(&self) -> Option<u64> {
        self.given_at
    }

    /// From here on notes what is still there. Call before a `statedump`.
    fn begin_resync(&mut self) {
        self.view.reset();
        self.resyncing = true;
    }

    /// Forgets what the dump did not mention, and returns that. Nothing if events were missed
    /// meanwhile: then it must be done again.
    fn end_resync<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Unheard<'py>>> {
        if self.view.has_overflowed() {
            return Ok(None);
        }
        self.resyncing = false;
        let (mut services, mut fds, mut signals, mut others) = Unheard::default();
        for line in self.view.sweep() {
            match Event::parse(&line) {
                Ok(Event::ServiceState { name, state: StateField::Deleted }) => {
                    services.push(name.to_string());
                }
                Ok(Event::FdState { name, .. }) => fds.push(name.to_string()),
                Ok(Event::Signal { signal, .. }) => signals.push(decode::signal_name(signal)),
                Ok(event) => others.push(decode::event(py, &event)?),
                Err(_) => {}
            }
        }
        Ok(Some((services, fds, signals, others)))
    }

    #[getter]
    fn overflowed(&self) -> bool {
        self.view.has_overflowed()
    }

    #[getter]
    fn log_filter(&self) -> Option<String> {
        let mut name = Vec::new();
        self.view.log_filter()?.write(&mut name);
        Some(String::from_utf8_lossy(&name).into_owned())
    }

    /// The settings of the daemon itself as the commands that set them.
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        self.view.settings().map(|line| decode::list(py, Fields::new(line))).collect()
    }

    /// The environment of every service, as far as it was set.
    fn environment<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        decode::list(py, self.view.env())
    }

    /// The commands that make this state again.
    fn commands<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let lines = self.view.commands();
        lines.iter().map(|line| decode::list(py, Fields::new(line))).collect()
    }

    #[getter]
    fn shutdown(&self) -> Option<(&'static str, u32)> {
        self.view.shutdown().map(|(phase, remaining)| (phase.as_str(), remaining))
    }

    /// Sorted by their bytes, as are those of `fd_names`.
    fn service_names(&self) -> Vec<String> {
        self.view.services().map(|(name, _)| name_text(name)).collect()
    }

    fn fd_names(&self) -> Vec<String> {
        self.view.fds().map(|(name, _)| name_text(name)).collect()
    }

    /// Signals that are pending, in the order of their numbers.
    fn signals(&self) -> Vec<(String, u32)> {
        self.view.signals().map(|(signal, count)| (decode::signal_name(signal), count)).collect()
    }

    fn pending(&self, signal: &str) -> Option<u32> {
        Signal::parse(signal.as_bytes()).map(|signal| self.view.pending(signal))
    }

    /// A `signal.clear` was carried out, which no event reports.
    fn cleared(&mut self, signal: &str, count: u32) {
        if let Some(signal) = Signal::parse(signal.as_bytes()) {
            let count = self.view.pending(signal).saturating_sub(count);
            self.view.apply(&Event::Signal { signal, at: 0, count });
        }
    }

    /// `SIGHUP` for `HUP`, `1` and `SIGHUP`.
    #[staticmethod]
    fn signal_name(signal: &str) -> Option<String> {
        Signal::parse(signal.as_bytes()).map(decode::signal_name)
    }

    fn has_service(&self, name: &str) -> bool {
        self.service(name).is_some()
    }

    fn service_state(&self, name: &str) -> Option<decode::State> {
        self.service(name).map(|service| decode::state(service.state()))
    }

    /// What an event of this name told last of a service, such as `service.args`.
    fn service_list<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        event: &str,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let event = EventName::ALL.iter().find(|known| known.as_str() == event);
        let list = event.and_then(|&event| Some(self.service(name)?.list(event)));
        decode::list(py, list.unwrap_or_default())
    }

    fn service_auto_up<'py>(
        &self,
        py: Python<'py>,
        name: &str,
    ) -> PyResult<(Option<u32>, Bound<'py, PyTuple>)> {
        let service = self.service(name);
        let triggers = service.map(ServiceView::triggers).unwrap_or_default();
        Ok((service.and_then(ServiceView::interval), decode::triggers(py, triggers)?))
    }

    /// The number of the run that goes on, or else of the last one, and its facts.
    fn service_run<'py>(
        &self,
        py: Python<'py>,
        name: &str,
    ) -> PyResult<Option<(u32, Bound<'py, PyDict>)>> {
        let Some(service) = self.service(name) else { return Ok(None) };
        let run = service.run();
        Ok(Some((run.number(), decode::facts_of(py, run)?)))
    }

    /// Whether this run of a service has ended.
    fn run_is_over(&self, name: &str, run: u32) -> bool {
        self.view.run_is_over(name.as_bytes(), run)
    }

    /// TYPE, FLAGS and DESCRIPTION.
    fn fd<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<decode::Fd<'py>>> {
        match self.view.fd(name.as_bytes()) {
            Some(fd) => decode::fd_state(py, name.as_bytes(), fd.state()),
            None => Ok(None),
        }
    }
}

impl View {
    fn service(&self, name: &str) -> Option<&ServiceView> {
        self.view.service(name.as_bytes())
    }
}

/// Names are ASCII.
fn name_text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// Whether an event says anything new to the view. Time that merely passes is not a change.
fn is_change(view: &StateView, event: &Event<'_>) -> bool {
    let service = |name: daemonproxy_protocol::Name<'_>| view.service(name.as_bytes());
    if let Some((name, which, list)) = event.service_list() {
        return service(name).is_none_or(|known| known.list(which) != list);
    }
    match *event {
        Event::ServiceState { name, state } => service(name)
            .is_none_or(|known| without_durations(known.state()) != without_durations(state)),
        Event::ServiceAutoUp { name, interval, triggers } => service(name)
            .is_none_or(|known| (known.interval(), known.triggers()) != (interval, triggers)),
        Event::ServiceRun { name, run, facts } => {
            service(name).is_none_or(|known| known.run().is_news(run, facts))
        }
        Event::FdState { name, state } => {
            view.fd(name.as_bytes()).is_none_or(|known| known.state() != state)
        }
        Event::Signal { signal, count, .. } => view.pending(signal) != count,
        _ => true,
    }
}

fn without_durations(state: StateField) -> StateField {
    match state {
        StateField::Up { since, pid, .. } => StateField::Up { since, pid, uptime: 0 },
        StateField::Down { reaped, pid, end, .. } => {
            StateField::Down { reaped, pid, end, uptime: 0, downtime: 0 }
        }
        other => other,
    }
}
