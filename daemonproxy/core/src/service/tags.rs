//! `service.tags.apply`: single tags of a service are set, replaced or removed, all in one step.

use std::ops::Range;

use daemonproxy_protocol::{Event, Fields, Name, Refusal};

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
        self.with_text(|proxy, tags| {
            if let Some(slot) = proxy.services.find(name) {
                tags.add(proxy.services.get(slot).list(List::Tags).as_bytes());
            }
            for change in changes.iter() {
                apply_tag(tags, change);
            }
            let tags = Fields::new(tags);
            if !proxy.fits(&Event::ServiceTags { name, tags }) {
                return Err(Refusal::UnableToSetTags);
            }
            proxy.service_tags(name, tags)
        })
    }
}

/// The part of a tag that identifies it.
fn key(tag: &[u8]) -> &[u8] {
    tag.split(|&byte| byte == b'=').next().unwrap_or_default()
}

/// Sets, replaces or removes one tag in a TAB-joined list, in place. `service.tags` may have set
/// several with the same key; at most one of them is left.
fn apply_tag(tags: &mut Vec<u8>, change: &[u8]) {
    let (wanted, new) = match change.strip_prefix(b"-") {
        Some(removed) => (removed, None),
        None => (key(change), Some(change)),
    };
    let mut from = 0;
    if let Some(new) = new {
        match find(tags, wanted, 0) {
            Some(range) => {
                from = range.start + new.len() + 1;
                tags.replace(range, new);
            }
            None => {
                if !tags.is_empty() {
                    tags.put(b'\t');
                }
                tags.add(new);
                return;
            }
        }
    }
    while let Some(range) = find(tags, wanted, from) {
        // One of the TABs beside it goes too.
        if range.start > 0 {
            tags.replace(range.start - 1..range.end, b"");
        } else {
            tags.replace(0..(range.end + 1).min(tags.len()), b"");
        }
    }
}

/// Where the first tag with that key is, at or after the tag that begins at `from`.
fn find(tags: &[u8], wanted: &[u8], from: usize) -> Option<Range<usize>> {
    let mut start = from;
    tags.get(from..).filter(|rest| !rest.is_empty())?.split(|&byte| byte == b'\t').find_map(|tag| {
        let range = start..start + tag.len();
        start = range.end + 1;
        (key(tag) == wanted).then_some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(tags: &str, changes: &[&str]) -> String {
        let mut tags = [tags.as_bytes(), &[0; 99]].concat();
        tags.truncate(tags.len() - 99);
        for change in changes {
            apply_tag(&mut tags, change.as_bytes());
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
