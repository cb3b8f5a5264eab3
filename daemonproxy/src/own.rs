//! What the daemon has besides the state machine and its world, and the whole of what another version
//! of it goes on with: written here, read in `resume.rs`.

use daemonproxy_core::{Fd, Writer, digest};

use crate::sys::{Editor, Os, Starter, monotonic};

/// Our version, in words.
pub(crate) const VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), " (", env!("BUILD_GIT_HEAD"), ")");
/// What the daemon has besides the state machine and its world.
pub(crate) struct Own {
    pub(crate) starter: Starter,
    /// The line editor of an interactive session.
    pub(crate) editor: Option<Editor>,
    /// The interactive controller's input, if it is a socket: descriptors can come over it.
    pub(crate) input_socket: Option<Fd>,
    /// The path by which the daemon was started; empty if that is not known.
    pub(crate) program: Vec<u8>,
}

/// Writes all that the state machine does not know. `program`: what goes on with it.
pub(crate) fn write(os: &Os, own: &Own, program: &[u8], to: &mut Writer) {
    let Own { starter, editor, input_socket, program: _ } = own;
    to.begin(b"resume.daemon");
    to.keyed("version", &VERSION.as_bytes().to_vec());
    to.keyed("program", &program.to_vec());
    to.keyed("since", &monotonic());
    to.keyed("input_socket", input_socket);
    to.keyed("starter", &starter.socket());
    if let Some(watchdog) = starter.watchdog() {
        to.keyed("watchdog", &watchdog);
    }
    // Afterwards it was said that we are ready.
    if starter.waits() {
        to.keyed("waits", &true);
        to.keyed("ready_fd", &starter.ready_fd());
        to.keyed("background", &starter.background());
    }
    to.end();
    os.write_state(to);
    if let Some(editor) = editor {
        editor.write_state(to);
    }
}

/// What says that a state is understood: a word, and a number that only who has read it knows.
pub(crate) fn yes(state: &[u8]) -> String {
    format!("understood {:016x}", digest(0, state))
}
