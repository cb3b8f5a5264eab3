//! A line between a node and the server that can be held up, or cut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum State {
    /// Everything is passed on.
    Whole,
    /// Everything waits.
    HeldUp,
    /// There are no connections, and none can be made.
    Cut,
}

/// What the threads of a relay have in common.
#[derive(Debug)]
struct Line {
    state: Mutex<State>,
    changed: Condvar,
    ends: Mutex<Vec<TcpStream>>,
}

impl Line {
    /// Waits until something can be passed on; not if the line is cut.
    fn is_whole(&self) -> bool {
        let state = self.state.lock().unwrap();
        *self.changed.wait_while(state, |it| *it == State::HeldUp).unwrap() == State::Whole
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 8192];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            if !self.is_whole() || to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        // The other direction ends with it.
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }
}

#[derive(Debug)]
pub(crate) struct Relay {
    line: Arc<Line>,
    port: u16,
}

impl Relay {
    /// A line to this port.
    pub(crate) fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap().port();
        let state = Mutex::new(State::Whole);
        let line = Arc::new(Line { state, changed: Condvar::new(), ends: Mutex::default() });
        let relay = Self { line: Arc::clone(&line), port: own };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if *line.state.lock().unwrap() == State::Cut {
                    continue;
                }
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                line.ends.lock().unwrap().extend([client.try_clone().unwrap()]);
                for (from, to) in
                    [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)]
                {
                    let line = Arc::clone(&line);
                    thread::spawn(move || line.pass(from, to));
                }
            }
        });
        relay
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Everything waits from now on.
    pub(crate) fn hold_up(&self) {
        self.set(State::HeldUp);
    }

    pub(crate) fn cut(&self) {
        self.set(State::Cut);
        for end in self.line.ends.lock().unwrap().drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    /// What waits is passed on.
    pub(crate) fn go_on(&self) {
        self.set(State::Whole);
    }

    fn set(&self, state: State) {
        *self.line.state.lock().unwrap() = state;
        self.line.changed.notify_all();
    }
}
