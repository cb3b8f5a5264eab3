//! What a command comes to when it is refused.
//!
//! [`Refusal`] itself is generated from the grammar: every reason for which a command can be
//! refused is a variant of it, and its Display is the text of the error.

use daemonproxy_protocol::Refusal;

use crate::system::{SocketFailure, SocketStage, System};

/// The outcome of a command.
pub(crate) type Outcome<'a> = Result<(), Refusal<'a>>;

/// What went wrong with a socket, as the protocol tells it for each step.
pub(crate) fn socket(failure: SocketFailure, sys: &impl System) -> Refusal<'static> {
    let reason = sys.explain(failure.errno);
    match failure.stage {
        SocketStage::Socket => Refusal::Socket { reason },
        SocketStage::Setsockopt => Refusal::Setsockopt { reason },
        SocketStage::Bind => Refusal::Bind { reason },
        SocketStage::Listen => Refusal::Listen { reason },
    }
}
