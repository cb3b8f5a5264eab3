//! From what went wrong in the world to the answer that the protocol has for it.
//!
//! [`Refusal`] itself is generated from the grammar: every reason for which a command can be refused
//! is a variant of it, and its Display is the text of the error.

use daemonproxy_protocol::Refusal;

use crate::system::{Errno, SocketFailure, SocketStage, System};

pub(crate) fn open(errno: Errno, sys: &impl System) -> Refusal<'static> {
    Refusal::Open { reason: sys.explain(errno) }
}

pub(crate) fn pipe(errno: Errno, sys: &impl System) -> Refusal<'static> {
    Refusal::Pipe { reason: sys.explain(errno) }
}

pub(crate) fn socketpair(errno: Errno, sys: &impl System) -> Refusal<'static> {
    Refusal::Socketpair { reason: sys.explain(errno) }
}

pub(crate) fn chdir(errno: Errno, sys: &impl System) -> Refusal<'static> {
    Refusal::Chdir { reason: sys.explain(errno) }
}

pub(crate) fn socket(failure: SocketFailure, sys: &impl System) -> Refusal<'static> {
    let reason = sys.explain(failure.errno);
    match failure.stage {
        SocketStage::Socket => Refusal::Socket { reason },
        SocketStage::Setsockopt => Refusal::Setsockopt { reason },
        SocketStage::Bind => Refusal::Bind { reason },
        SocketStage::Listen => Refusal::Listen { reason },
    }
}
