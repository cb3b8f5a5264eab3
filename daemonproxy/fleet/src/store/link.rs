//! What a connection says of itself while it lasts.

use async_nats::{Event, ServerError};

/// What the connection says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// It is there (again).
    Up,
    /// It is gone, and is tried again.
    Down,
    /// The server refused something, such as what a user may not do.
    Refused(String),
}

impl Link {
    pub(super) fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::Connected => Self::Up,
            Event::Disconnected | Event::Closed => Self::Down,
            Event::ServerError(ServerError::AuthorizationViolation) => {
                Self::Refused("the server refuses these credentials".into())
            }
            Event::ServerError(ServerError::Other(text)) => Self::Refused(text.clone()),
            Event::ServerError(ServerError::SlowConsumer(_)) | Event::SlowConsumer(_) => {
                Self::Refused("we are too slow for the server".into())
            }
            Event::ClientError(error) => Self::Refused(error.to_string()),
            _ => return None,
        })
    }
}
