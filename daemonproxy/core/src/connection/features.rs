//! What a connection wants of protocol 2 (`conn.features`).

use daemonproxy_protocol::{Event, Fields};

use crate::connection::controller::ControllerId;
use crate::proxy::Proxy;
use crate::system::System;

/// The features of one connection. A new one begins with none: that is protocol 1.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    /// It is no listener for signals.
    pub(crate) observer: bool,
}

impl Features {
    /// Those of a list that this daemon knows.
    fn of(list: Fields<'_>) -> Self {
        let mut features = Self::default();
        for feature in list.iter() {
            if feature == b"observer" {
                features.observer = true;
            }
        }
        features
    }

    /// Their names, as they stand in a line.
    fn names(self) -> Fields<'static> {
        Fields::new(if self.observer { b"observer" } else { b"" })
    }
}

impl<S: System> Proxy<S> {
    /// The command `conn.features`.
    pub(crate) fn conn_features(&mut self, id: ControllerId, list: Fields<'_>) {
        let features = Features::of(list);
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.features = features;
        }
        self.answer(id, &Event::ConnFeatures { features: features.names() });
    }
}
