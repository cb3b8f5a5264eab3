//! `service.tags.apply` and `service.options.apply`: single fields of a list are set, replaced or
//! removed, all in one step.

use std::ops::Range;

use daemonproxy_protocol::{Event, Fields, Name, Refusal, key};

use crate::connection::controller::ControllerId;
use crate::memory::{Reserved, Text};
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::service::state::List;
use crate::system::System;

impl<S: System> Proxy<S> {
    pub(crate) fn service_tags_apply(
        &mut self,
        name: Name<'_>,
        changes: Fields<'_>,
    ) -> Outcome<'static> {
        self.with_changed(name, List::Tags, changes, |proxy, tags| {
            if !proxy.fits(&Event::ServiceTags { name, tags }) {
                return Err(Refusal::UnableToSetTags);
            }
            proxy.service_tags(name, tags)
        })
    }

    pub(crate) fn service_options_apply(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        changes: Fields<'_>,
    ) -> Outcome<'static> {
        self.with_changed(name, List::Options, changes, |proxy, options| {
            if !proxy.fits(&Event::ServiceOptions { name, options }) {
                return Err(Refusal::UnableToSetOptions);
            }
            proxy.service_options(id, name, options)
        })
    }

    /// Does something with a list as it is after the changes.
    fn with_changed(
        &mut self,
        name: Name<'_>,
        list: List,
        changes: Fields<'_>,
        work: impl FnOnce(&mut Self, Fields<'_>) -> Outcome<'static>,
    ) -> Outcome<'static> {
        self.with_text(|proxy, changed| {
            if let Some(slot) = proxy.services.find(name) {
                changed.add(proxy.services.get(slot).list(list).as_bytes());
            }
            for change in changes.iter() {
                apply(changed, change, key);
            }
            work(proxy, Fields::new(changed))
        })
    }
}

/// What identifies a field.
type Key = fn(&[u8]) -> &[u8];

/// Sets, replaces or removes one field in a TAB-joined list, in place. `service.tags` may have set
/// several with the same key; at most one of them is left.
pub(super) fn apply(list: &mut Vec<u8>, change: &[u8], key: Key) {
    let (wanted, new) = match change.strip_prefix(b"-") {
        Some(removed) => (removed, None),
        None => (key(change), Some(change)),
    };
    let mut from = 0;
    if let Some(new) = new {
        match find(list, wanted, 0, key) {
            Some(range) => {
                from = range.start + new.len() + 1;
                list.replace(range, new);
            }
            None => {
                if !list.is_empty() {
                    list.put(b'\t');
                }
                list.add(new);
                return;
            }
        }
    }
    while let Some(range) = find(list, wanted, from, key) {
        // One of the TABs beside it goes too.
        if range.start > 0 {
            list.replace(range.start - 1..range.end, b"");
        } else {
            list.replace(0..(range.end + 1).min(list.len()), b"");
        }
    }
}

/// Where the first field with that key is, at or after the one that begins at `from`.
fn find(list: &[u8], wanted: &[u8], from: usize, key: Key) -> Option<Range<usize>> {
    let mut start = from;
    list.get(from..).filter(|rest| !rest.is_empty())?.split(|&byte| byte == b'\t').find_map(
        |field| {
            let range = start..start + field.len();
            start = range.end + 1;
            (key(field) == wanted).then_some(range)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(tags: &str, changes: &[&str]) -> String {
        let mut tags = [tags.as_bytes(), &[0; 99]].concat();
        tags.truncate(tags.len() - 99);
        for change in changes {
            apply(&mut tags, change.as_bytes(), key);
        }
        String::from_utf8(tags).unwrap()
    }

    #[test]
    fn tags_are_set_replaced_and_removed_in_place() {
        assert_eq!(applied("", &["a"]), "a");
        assert_eq!(applied("a\tb=1\tc", &["b=2"]), "a\tb=2\tc");
        assert_eq!(applied("a\tb=1\tc", &["-b"]), "a\tc");
        assert_eq!(applied("a\tb=1\tc", &["-a", "-c"]), "b=1");
        assert_eq!(applied("a", &["-a"]), "");
        assert_eq!(applied("a=1", &["a"]), "a");
        assert_eq!(applied("a=1\tb\ta=2", &["-a"]), "b");
        assert_eq!(applied("a=1\tb\ta=2\ta", &["a=3"]), "a=3\tb");
        assert_eq!(applied("a", &["-x", "b=c=d", "b="]), "a\tb=");
    }
}
